//! A round through the grid, as an entry of the diary: where, what was seen, and how it ended, which saves it.

use super::id;
use crate::frame::{self, Room};
use crate::once::Outcome as Deed;
use crate::parts::building::my_buildings;
use crate::parts::{WORDS_MAX, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::BuildingId;

/// Where it stands.
pub(crate) const PATH: &str = "/patrol";

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let buildings = my_buildings(screen);
    let again = screen.again(PATH);
    let content = html! {
        label.big {
            (t.say("patrol-where"))
            select name="building" {
                option value="" { (t.say("patrol-whole-grid")) }
                @for (id, name) in &buildings { option value=(id) selected[again.typed("building") == id] { (name) } }
            }
        }
        label.big { (t.say("patrol-note")) textarea name="note" maxlength=(WORDS_MAX) rows="3" { (again.typed("note")) } }
        p.soft { (t.say("visit-how")) }
        div.endings {
            button.deed type="submit" name="outcome" value="clear" { (symbol("tick")) span { (t.say("patrol-clear")) } }
            button.deed type="submit" name="outcome" value="found" { (symbol("matter")) span { (t.say("patrol-found")) } }
        }
    };
    let form = screen.form(PATH, "card", &content);
    Ok(frame::page(screen, Room::Today, &t.say("patrol-title"), Some("/diary"), &form))
}

/// A round was made.
pub(crate) fn made(screen: &mut Screen<'_>) -> Result<Deed, Refusal> {
    let outcome = match screen.request.typed("outcome") {
        Some("clear") => Outcome::Clear,
        Some("found") => Outcome::Found,
        _ => return Err(Refusal::missing(screen.texts().say("missing-round"))),
    };
    let building = screen.request.typed("building").map(|b| id::<BuildingId>(b, What::Building)).transpose()?;
    let note = screen.request.typed("note").map(str::to_owned);
    screen.edit(Intent::Patrol { building, outcome, note })?;
    Ok(screen.done("/diary", "done-patrol"))
}
