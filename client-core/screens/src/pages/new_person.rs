//! A person is written down: the least first, the rest for whoever wants to give it.

use super::id;
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::answer::{answered, question};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::find::field;
use qiaomen_proto::ids::{HouseholdId, Kind};

/// What is asked first.
const FIRST: [&str; 3] = ["name", "relation", "phone"];
/// What is asked of whoever wants to give it.
const LATER: [&str; 6] = ["sex", "birth", "identity", "residency", "categories", "employer"];

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>, door: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let page = screen.device.door(id(door, What::Household)?)?;
    let here = format!("/door/{}", page.door.household);
    let action = format!("{here}/new-resident");
    let again = screen.again(&action);
    let questions = |names: &[&str]| {
        html! { @for spec in names.iter().filter_map(|name| field(Kind::Resident, name)) { (question(t, spec, again)) } }
    };
    let content = html! {
        (questions(&FIRST))
        details.later open[LATER.iter().any(|name| !again.typed(name).is_empty())] { summary { (t.say("person-later")) } (questions(&LATER)) }
        button.wide type="submit" { (t.say("save")) }
    };
    let form = screen.form(&action, "card", &content);
    let body = html! { p.soft { (page.door.address) " · " (t.say("person-new-how")) } (form) };
    Ok(frame::page(screen, Room::Grid, &t.say("deed-resident"), Some(&here), &body))
}

/// A person is written down.
pub(crate) fn registered(screen: &mut Screen<'_>, door: &str) -> Result<Outcome, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let fields: Vec<_> =
        FIRST.iter().chain(&LATER).filter_map(|name| Some(((*name).to_owned(), answered(screen, name)?))).collect();
    if !fields.iter().any(|(name, _)| name == "name") {
        return Err(Refusal::missing(screen.texts().say("missing-name")));
    }
    screen.edit(Intent::RegisterResident { household, fields })?;
    Ok(screen.done(format!("/door/{household}#people"), "done-resident"))
}
