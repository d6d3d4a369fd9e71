//! A person is written down: the least first, the rest for whoever wants to give it. Whoever has the name of somebody
//! who lives at the door already is shown them before anything is saved: one person twice is found out late.

use super::door_people::value;
use super::id;
use crate::again::filled_in;
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::answer::{answered, label, question};
use crate::parts::symbol;
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::find::field;
use qiaomen_client::query::{DoorPage, PersonPage};
use qiaomen_proto::change::Answer;
use qiaomen_proto::ids::{HouseholdId, Kind};
use qiaomen_proto::person::{IdentityNumber, is_refusal};

/// What is asked first.
const FIRST: [&str; 3] = ["name", "relation", "phone"];
/// What is asked of whoever wants to give it.
const LATER: [&str; 6] = ["sex", "birth", "identity", "residency", "categories", "employer"];

/// By what two people of one name are told apart; masked, as everywhere at a door.
const TELLING: [&str; 3] = ["phone", "identity", "birth"];
/// Carries the name of which somebody said that it is another person's.
const ANOTHER: &str = "another";

/// Who of this name lives at the door.
fn namesakes<'p>(page: &'p DoorPage, name: &str) -> Vec<&'p PersonPage> {
    let spoken = |name: &str| name.split_whitespace().collect::<String>();
    let is_named = |person: &PersonPage| {
        person.fields.iter().any(|f| {
            f.field == "name" && f.said.state == "value" && f.said.value.as_deref().map(spoken) == Some(spoken(name))
        })
    };
    page.people.iter().filter(|person| person.moved_out_on.is_none() && is_named(person)).collect()
}

/// Somebody who may be the one that is written down.
fn namesake(t: Texts, person: &PersonPage) -> Markup {
    html! {
        article.card.person {
            div.heading { h3 { (t.named(&person.name)) @if let Some(relation) = &person.relation { span.soft { " " (t.of_book("relation", relation)) } } } }
            dl.pairs {
                @for field in person.fields.iter().filter(|f| TELLING.contains(&f.field) && f.said.state != "not_asked") {
                    dt { (label(t, field.field, field.label)) }
                    dd { (value(t, field, false)) }
                }
            }
            a.button.wide href={ "/resident/" (person.resident) } { (symbol("person")) (t.say("namesake-same")) }
        }
    }
}

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
    let name = filled_in(screen.request, "name").filter(|_| again.is() && answers_with_a_name(screen));
    let alike = name.as_deref().map(|name| namesakes(&page, name)).unwrap_or_default();
    let content = html! {
        @if !alike.is_empty() {
            // The Enter key asks again: of the buttons of a form it takes the first.
            button type="submit" hidden { (t.say("save")) }
            section.alike {
                @for person in &alike { (namesake(t, person)) }
                button.second.wide type="submit" name=(ANOTHER) value=(name.as_deref().unwrap_or_default()) { (t.say("namesake-another")) }
            }
        }
        (questions(&FIRST))
        details.later open[LATER.iter().any(|name| !again.typed(name).is_empty())] { summary { (t.say("person-later")) } (questions(&LATER)) }
        button.wide type="submit" { (t.say("save")) }
    };
    let form = screen.form(&action, "card", &content);
    let body = html! { p.soft { (page.door.address) " · " (t.say("person-new-how")) } (form) };
    Ok(frame::page(screen, Room::Grid, &t.say("deed-resident"), Some(&here), &body))
}

fn answers_with_a_name(screen: &Screen<'_>) -> bool {
    matches!(answered(screen, "name"), Some(Answer::Value(_)))
}

/// A person is written down.
pub(crate) fn registered(screen: &mut Screen<'_>, door: &str) -> Result<Outcome, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let fields: Vec<_> =
        FIRST.iter().chain(&LATER).filter_map(|name| Some(((*name).to_owned(), answered(screen, name)?))).collect();
    if !fields.iter().any(|(name, _)| name == "name") {
        return Err(Refusal::missing(screen.texts().say("missing-name")));
    }
    // Of what was written and "would not say" one is meant, and the app does not know which.
    for spec in FIRST.iter().chain(&LATER).filter_map(|name| field(Kind::Resident, name)) {
        let Some(typed) = filled_in(screen.request, spec.name) else { continue };
        let given = fields.iter().find(|(name, _)| name == spec.name).map(|(_, answer)| answer);
        let is_other = match given {
            Some(Answer::Refused) => !is_refusal(&typed),
            given => given == Some(&Answer::Unknown),
        };
        if is_other {
            let t = screen.texts();
            let field = label(t, spec.name, spec.label);
            return Err(Refusal::missing(t.with("answered-both", &[("field", &field)])));
        }
    }
    if let Some((_, Answer::Value(name))) = fields.iter().find(|(field, _)| field == "name")
        && screen.request.typed(ANOTHER) != Some(name.as_str())
    {
        let page = screen.device.door(household)?;
        if !namesakes(&page, name).is_empty() {
            return Err(Refusal::question(screen.texts().with("namesake-here", &[("name", name)])));
        }
    }
    let identity = fields.iter().find_map(|(name, answer)| match answer {
        Answer::Value(number) if name == "identity" => Some(number.clone()),
        _ => None,
    });
    screen.edit(Intent::RegisterResident { household, fields })?;
    let is_odd = identity.is_some_and(|number| IdentityNumber::parse(&number).is_ok_and(|n| !n.check_digit_ok()));
    // Said while the card is still in somebody's hand.
    let key = if is_odd { "done-resident-odd" } else { "done-resident" };
    Ok(screen.done(format!("/door/{household}"), key))
}
