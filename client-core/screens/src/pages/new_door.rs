//! A door that is not in the list: a room that was divided, a shop under the stairs. Its id is made of its address, so a
//! door that somebody else wrote down meanwhile is the same one.

use super::id;
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::building::my_buildings;
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::error::{EditError, What};
use qiaomen_client::{Intent, QueryError};
use qiaomen_proto::ids::{BuildingId, HouseholdId};
use qiaomen_proto::normalise::{RoomKey, UnitKey};

/// Where it stands.
pub(crate) const PATH: &str = "/new-door";

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let buildings = my_buildings(screen);
    let again = screen.again(PATH);
    let named = screen.request.asks("building");
    let is_chosen = |id: &str, name: &str| again.chose("building", id, named == Some(name));
    let content = html! {
        label.big {
            (t.say("new-door-building"))
            select name="building" required {
                option value="" {}
                @for (id, name) in &buildings { option value=(id) selected[is_chosen(id, name)] { (name) } }
            }
        }
        label.big { (t.say("new-door-unit")) input type="text" name="unit" value=(again.typed("unit")) placeholder=(t.say("new-door-unit-how")) autocomplete="off"; }
        label.big { (t.say("new-door-room")) input type="text" name="room" value=(again.typed("room")) placeholder=(t.say("new-door-room-how")) autocomplete="off" required; }
        button.wide type="submit" { (t.say("new-door-do")) }
    };
    let form = screen.form(PATH, "card", &content);
    let body = html! { p.soft { (t.say("new-door-how")) } (form) };
    Ok(frame::page(screen, Room::Grid, &t.say("new-door"), Some("/grid"), &body))
}

/// The door is written down; one that is there already is only shown.
pub(crate) fn registered(screen: &mut Screen<'_>) -> Result<Outcome, Refusal> {
    let building: BuildingId = id(&screen.needed("building", "missing-building")?, What::Building)?;
    let unit = screen.request.typed("unit").unwrap_or_default().to_owned();
    let room = screen.needed("room", "missing-room")?;
    let household = household(building, &unit, &room)?;
    match screen.device.door(household) {
        Ok(_) => return Ok(screen.done(format!("/door/{household}"), "done-door-known")),
        Err(QueryError::Unknown(_)) => {}
        Err(e) => return Err(e.into()),
    }
    screen.edit(Intent::RegisterHousehold { building, unit, room })?;
    Ok(screen.done(format!("/door/{household}"), "done-door"))
}

fn household(building: BuildingId, unit: &str, room: &str) -> Result<HouseholdId, EditError> {
    let unit = match unit {
        "" => UnitKey::none(),
        unit => UnitKey::parse(unit).map_err(|_| EditError::Unknown(What::Unit))?,
    };
    let room = RoomKey::parse(room).map_err(|_| EditError::Unknown(What::Room))?;
    Ok(HouseholdId::of(building, &unit, &room))
}
