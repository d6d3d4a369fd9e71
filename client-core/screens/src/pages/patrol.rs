//! A round through the grid, as an entry of the diary: where, what was seen, and how it ended, which saves it.

use super::id;
use crate::frame::{self, Room};
use crate::once::Outcome as Deed;
use crate::parts::building::my_buildings;
use crate::parts::{WORDS_MAX, symbol, when};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::EntryLine;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::BuildingId;

/// Carries how the round ended of which somebody said that it is another one.
const ANOTHER: &str = "another";

/// Where it stands.
pub(crate) const PATH: &str = "/patrol";

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let buildings = my_buildings(screen);
    let again = screen.again(PATH);
    let written = if again.is() { written(screen)? } else { None };
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
        @if let Some(entry) = &written {
            input type="hidden" name="outcome" value=(entry.outcome);
            a.button.wide href="/diary" { (t.say("patrol-enough")) }
            button.second.wide type="submit" name=(ANOTHER) value=(entry.outcome) { (t.say("patrol-another")) }
        } @else {
        div.endings {
            button.deed type="submit" name="outcome" value="clear" { (symbol("tick")) span { (t.say("patrol-clear")) } }
            button.deed type="submit" name="outcome" value="found" { (symbol("matter")) span { (t.say("patrol-found")) } }
        }
        }
    };
    let form = screen.form(PATH, "card", &content);
    Ok(frame::page(screen, Room::Today, &t.say("patrol-title"), Some("/diary"), &form))
}

/// How it ended.
fn outcome(screen: &Screen<'_>) -> Option<Outcome> {
    match screen.request.typed("outcome") {
        Some("clear") => Some(Outcome::Clear),
        Some("found") => Some(Outcome::Found),
        _ => None,
    }
}

/// The same that I wrote down a moment ago.
fn written(screen: &Screen<'_>) -> Result<Option<EntryLine>, Refusal> {
    let building = screen.request.typed("building").map(|b| id::<BuildingId>(b, What::Building)).transpose()?;
    let Some(outcome) = outcome(screen) else { return Ok(None) };
    Ok(screen.device.patrolled_a_moment_ago(building, outcome)?)
}

/// A round was made.
pub(crate) fn made(screen: &mut Screen<'_>) -> Result<Deed, Refusal> {
    let t = screen.texts();
    let outcome = outcome(screen).ok_or_else(|| Refusal::missing(t.say("missing-round")))?;
    if let Some(entry) = written(screen)?.filter(|entry| screen.request.typed(ANOTHER) != Some(&entry.outcome)) {
        let (at, ended) =
            (when(&entry.at, &screen.today()?), t.ended(&entry.kind, &entry.outcome, entry.outcome_title));
        return Err(Refusal::question(t.with("patrol-written", &[("when", &at), ("ended", &ended)])));
    }
    let building = screen.request.typed("building").map(|b| id::<BuildingId>(b, What::Building)).transpose()?;
    let note = screen.request.typed("note").map(str::to_owned);
    screen.edit(Intent::Patrol { building, outcome, note })?;
    Ok(screen.done("/diary", "done-patrol"))
}
