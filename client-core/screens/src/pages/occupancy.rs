//! Who holds a door: a household takes it, leaves it, another one comes. The people in it are written down one by one;
//! here stands how the door is held, by whom, since when.

use super::id;
use crate::book::{HELD_AS, VACANT};
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::answer::label;
use crate::parts::{nothing, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::{DoorPage, OccupancyLine, PersonPage};
use qiaomen_proto::change::Answer;
use qiaomen_proto::ids::{HouseholdId, ResidentId};
use qiaomen_proto::person::parse_date;

/// The name of a box beside somebody who leaves with the household.
const LEFT: &str = "left";
/// Carries the day, and who was named, when somebody was asked whether they all leave.
const SURE: &str = "sure";

/// Whoever lives behind the door.
fn living(page: &DoorPage) -> impl Iterator<Item = &PersonPage> {
    page.people.iter().filter(|person| person.moved_out_on.is_none())
}

/// These people and the day, as the form carries them.
fn those<'p>(until: &str, people: impl Iterator<Item = &'p PersonPage>) -> String {
    std::iter::once(until).chain(people.map(|person| person.resident.as_str())).collect::<Vec<_>>().join(" ")
}

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>, door: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let page = screen.device.door(id(door, What::Household)?)?;
    let today = screen.today()?;
    let here = format!("/door/{}", page.door.household);
    let (now, before): (Vec<_>, Vec<_>) = page.occupancies.iter().partition(|line| line.current);
    // Of two households the page cannot know who belongs to which: then nobody is chosen beforehand.
    let alone = now.len() == 1;
    let held: Vec<Markup> = now.iter().map(|line| closing(screen, &page, line, alone, &today)).collect();
    let vacant = (page.door.occupied_as.as_deref() != Some(VACANT)).then(|| vacant(screen, &here));
    let opening = opening(screen, &here, &page, &today);
    let body = html! {
        section aria-labelledby="held" {
            h2 #held { (symbol("door")) (t.say("occupancy-now")) }
            @if held.is_empty() { (nothing(&t.say("occupancy-none"))) }
            @for form in &held { (form) }
            @if let Some(form) = &vacant { (form) }
        }
        section aria-labelledby="opening" {
            h2 #opening { (symbol("plus")) (t.say("occupancy-open")) }
            (opening)
        }
        @if !before.is_empty() {
            details {
                summary { (t.count("occupancy-before", before.len())) }
                ul.list { @for line in &before { li.row { span.main { (words(t, line)) } } } }
            }
        }
    };
    Ok(frame::page(screen, Room::Grid, &page.door.address, Some(&here), &body))
}

/// How a door is held, in one line.
pub(crate) fn words(t: Texts, line: &OccupancyLine) -> Markup {
    let said = |name: &str| {
        let field = line.fields.iter().find(|f| f.field == name)?;
        Some(t.answer(field.field, &field.said))
    };
    html! {
        strong { (said("kind").unwrap_or_default()) @if let Some(head) = said("head") { " · " (t.with("occupancy-head", &[("name", &t.named(&head))])) } }
        span.soft {
            @match (said("since"), said("until")) {
                (Some(since), Some(until)) => (t.with("occupancy-span", &[("since", &since), ("until", &until)])),
                (Some(since), None) => (t.with("occupancy-since", &[("day", &since)])),
                (None, Some(until)) => (t.with("occupancy-until", &[("day", &until)])),
                (None, None) => {},
            }
        }
    }
}

/// The household that holds the door now, and the form with which it leaves, with whoever leaves with it.
fn closing(screen: &mut Screen<'_>, page: &DoorPage, line: &OccupancyLine, alone: bool, today: &str) -> Markup {
    let t = screen.texts();
    let action = format!("/door/{}/occupancy/{}", page.door.household, line.row);
    let again = screen.again(&action);
    let asked = again.is() && screen.refused.as_ref().is_some_and(|refused| refused.is_question);
    let content = html! {
        p { (words(t, line)) }
        label.big { (t.say("occupancy-left-on")) input type="date" name="until" value=(again.or("until", today)) max=(today) required; }
        @if living(page).next().is_some() {
            fieldset.with-them {
                legend { (t.say("occupancy-with")) }
                @for person in living(page) {
                    label.way {
                        input type="checkbox" name=(LEFT) value=(person.resident) checked[again.chose(LEFT, &person.resident, alone)];
                        span { (t.named(&person.name)) @if let Some(relation) = &person.relation { " · " (t.of_book("relation", relation)) } }
                    }
                }
            }
        }
        @if asked {
            @let leaving = living(page).filter(|person| again.chose(LEFT, &person.resident, alone));
            input type="hidden" name=(SURE) value=(those(again.typed("until"), leaving));
        }
        button.second.wide type="submit" { (t.say("occupancy-close")) }
        p.soft { (t.say("occupancy-close-how")) }
    };
    screen.form(&action, "card", &content)
}

/// Nobody lives here: one touch.
fn vacant(screen: &mut Screen<'_>, here: &str) -> Markup {
    let t = screen.texts();
    let content = html! {
        input type="hidden" name="use" value=(VACANT);
        button.second.wide type="submit" name="answer" value="value" { (symbol("door")) (t.say("occupancy-vacant")) }
    };
    screen.form(&format!("{here}/field/use"), "card", &content)
}

/// A household takes the door.
fn opening(screen: &mut Screen<'_>, here: &str, page: &DoorPage, today: &str) -> Markup {
    let t = screen.texts();
    let action = format!("{here}/occupancy");
    let again = screen.again(&action);
    let people = living(page);
    let content = html! {
        label.big {
            (label(t, "kind", ""))
            select name="kind" required {
                @for kind in HELD_AS { option value=(kind) selected[again.chose("kind", kind, false)] { (t.of_book("kind", kind)) } }
            }
        }
        label.big {
            (label(t, "head", ""))
            select name="head" {
                option value="" { (t.say("occupancy-no-head")) }
                @for person in people { option value=(person.resident) selected[again.chose("head", &person.resident, false)] { (t.named(&person.name)) @if let Some(relation) = &person.relation { " · " (t.of_book("relation", relation)) } } }
            }
        }
        label.big { (label(t, "since", "")) input type="date" name="since" value=(again.or("since", today)); }
        button.wide type="submit" { (t.say("occupancy-open-do")) }
    };
    screen.form(&action, "card", &content)
}

/// A household takes the door.
pub(crate) fn opened(screen: &mut Screen<'_>, door: &str) -> Result<Outcome, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let kind = screen.needed("kind", "missing-kind")?;
    let head = screen.request.typed("head").map(|head| id::<ResidentId>(head, What::Resident)).transpose()?;
    let since = screen.request.typed("since").map(str::to_owned);
    let mut all = vec![Intent::OpenOccupancy { household, kind: kind.clone(), head, since }];
    if screen.device.door(household)?.door.occupied_as.as_deref() == Some(VACANT) {
        // Whoever moves in says by it that the door is empty no longer.
        all.push(Intent::CorrectHousehold { household, field: "use".to_owned(), answer: Answer::Value(kind) });
    }
    screen.device.edit_all(all)?;
    Ok(screen.done(format!("/door/{household}"), "done-occupancy-opened"))
}

/// The household leaves the door.
pub(crate) fn closed(screen: &mut Screen<'_>, door: &str, row: &str) -> Result<Outcome, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let until = screen.needed("until", "missing-day")?;
    let here = screen.device.door(household)?;
    let chosen = |person: &&PersonPage| screen.request.form().all().any(|(n, v)| n == LEFT && v == person.resident);
    // Whoever is noted as moved out meanwhile, in another tab or by a sync, has left.
    let left: Vec<&PersonPage> = living(&here).filter(chosen).collect();
    for person in &left {
        // Of several people it is said whose day does not fit.
        let since =
            person.fields.iter().find(|field| field.field == "since").and_then(|field| field.said.value.as_deref());
        let days = since.and_then(parse_date).zip(parse_date(&until));
        if let Some((since, _)) = days.filter(|(since, until)| until < since) {
            let words = [("name", person.name.as_str()), ("since", &since.to_string())];
            return Err(Refusal::missing(screen.texts().with("left-before-coming", &words)));
        }
    }
    // Several people at one touch: who they are is said once more, for to bring them back takes a page for each.
    if left.len() > 1 && screen.request.typed(SURE) != Some(&those(&until, left.iter().copied())) {
        let t = screen.texts();
        let names: Vec<String> = left.iter().map(|person| t.named(&person.name)).collect();
        let (n, names) = (names.len().to_string(), names.join(&t.say("name-between")));
        return Err(Refusal::question(t.with("occupancy-sure", &[("n", &n), ("names", &names), ("day", &until)])));
    }
    let left = left.into_iter().map(|person| id::<ResidentId>(&person.resident, What::Resident));
    let left = left.collect::<Result<Vec<_>, _>>()?;
    // A household that was noted as gone meanwhile is gone; whoever is ticked leaves all the same.
    let holds = here.occupancies.iter().any(|line| line.row == row && line.current);
    let close = Intent::CloseOccupancy { household, row: row.to_owned(), until: until.clone() };
    let mut all: Vec<Intent> = (holds || left.is_empty()).then_some(close).into_iter().collect();
    all.extend(left.iter().map(|resident| Intent::MoveOut { resident: *resident, on: until.clone() }));
    screen.device.edit_all(all)?;
    let to = format!("/door/{household}/occupancy");
    Ok(match left.len() {
        0 => screen.done(to, "done-occupancy-closed"),
        people => Outcome { to, said: screen.texts().count("done-occupancy-closed-with", people) },
    })
}
