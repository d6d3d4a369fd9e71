//! One door: who lives here, what is open, who came when. What one does most stands under the thumb.

use super::{door_people, id, take_back};
use crate::again::filled_in;
use crate::book::VACANT;
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::answer::{label, of_typed};
use crate::parts::door::{glance, marks, seen};
use crate::parts::{matter, symbol, when};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::{DoorPage, EntryLine, NoteLine};
use qiaomen_proto::change::Answer;
use qiaomen_proto::ids::{HouseholdId, Kind};

/// Visits that are shown before somebody asks for more.
const VISITS_SHOWN: usize = 4;
/// Phrases that are said with one touch; their texts are `phrase-1` and so on.
pub(crate) const PHRASES: usize = 6;
/// Fields of a door that are asked; the others are its address.
const ASKED: [&str; 2] = ["use", "people_count"];

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>, door: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let household: HouseholdId = id(door, What::Household)?;
    let page = screen.device.door(household)?;
    let today = screen.today()?;
    // Words belong to a visit on which somebody was met, and are not asked for twice.
    let just_met = screen.just_done(&screen.texts().say("done-met"));
    let just_written =
        ["done-met", "done-not-home", "done-declined", "done-call"].iter().any(|key| screen.just_done(&t.say(key)));
    let body = html! {
        p.line {
            (glance(t, &page.door)) (marks(t, &page.door))
            @for tag in page.tags.iter().filter(|tag| !tag.expired) { span.tag.look { (tag.code) } }
            @if let Some(grid) = &page.door.grid_name { span.soft { (grid) } }
        }
        @if let Some(care) = &page.door.care {
            p.soft { (t.count("care-every", care.every_days)) " · " (seen(t, care)) }
        }
        @if let Some(refusal) = &page.refusal {
            p.notice {
                (symbol("stop"))
                span {
                    (t.with("door-refuses", &[("who", t.named(&refusal.by.name).as_str()), ("when", refusal.at.as_str())]))
                    @if let Some(people) = refusal.people_count { " " (t.count("door-refuses-people", people)) }
                }
            }
        }
        @if page.door.occupied_as.as_deref() == Some(VACANT) && page.people.iter().any(|p| p.moved_out_on.is_none()) {
            p.notice { (symbol("door")) span { (t.say("door-not-vacant")) " " a href={ "/door/" (page.door.household) "/field/use" } { (t.say("door-not-vacant-do")) } } }
        }
        @if let Some(stays) = counted_without_anybody(&page) {
            p.notice { (symbol("people")) span { (t.count("door-count-stays", stays)) " " a href={ "/door/" (page.door.household) "/field/people_count" } { (t.say("door-count-stays-do")) } } }
        }
        (deeds(screen, &page))
        @if let Some(entry) = page.visits.iter().find(|entry| just_written && entry.can_be_taken_back) { (take_back::just_now(t, entry)) }
        @if just_met { (add_words(screen, &page)) }
        (door_people::people(screen, &page)?)
        @if !page.tickets.is_empty() {
            section aria-labelledby="matters" {
                h2 #matters { (symbol("matter")) (t.say("door-matters")) span.n { (page.tickets.len()) } }
                ul.list { @for line in &page.tickets { (matter::row(t, line)) } }
            }
        }
        (about(t, &page))
        (visits(t, &page.visits, &today))
        (notes(t, &page.notes, &today))
        p { a.button.second.wide href={ "/door/" (page.door.household) "/more" } { (t.say("door-more")) } }
    };
    Ok(frame::page(screen, Room::Grid, &page.door.address, Some(&back(&page)), &body))
}

fn back(page: &DoorPage) -> String {
    format!("/grid?building={}", super::grid::escaped(&page.door.building_name))
}

/// One touch each.
fn deeds(screen: &mut Screen<'_>, page: &DoorPage) -> Markup {
    let t = screen.texts();
    let door = &page.door.household;
    let visit = format!("/door/{door}/visit");
    let one_touch = |screen: &mut Screen<'_>, outcome: &str, picture: &str, key: &str, class: &str| {
        let content = html! {
            input type="hidden" name="outcome" value=(outcome);
            button class=(class) type="submit" { (symbol(picture)) span { (t.say(key)) } }
        };
        screen.form(&visit, "deed", &content)
    };
    let met = one_touch(screen, "met", "tick", "deed-met", "deed first");
    let not_home = one_touch(screen, "not_home", "again", "deed-not-home", "deed");
    html! {
        div.deeds {
            (met) (not_home)
            a.deed href={ "/door/" (door) "/call" } { (symbol("phone")) span { (t.say("deed-call")) } }
            a.deed href={ "/ticket/new?door=" (door) } { (symbol("matter")) span { (t.say("deed-ticket")) } }
            a.deed href={ "/door/" (door) "/new-resident" } { (symbol("person-plus")) span { (t.say("deed-resident")) } }
            a.deed href={ "/door/" (door) "/visit" } { (symbol("pen")) span { (t.say("deed-words")) } }
        }
    }
}

/// How many are said to live here, where everybody who was written down has left.
fn counted_without_anybody(page: &DoorPage) -> Option<u64> {
    let left = !page.people.is_empty() && page.people.iter().all(|p| p.moved_out_on.is_some());
    let count = page.fields.iter().find(|f| f.field == "people_count")?.said.value.as_deref()?.parse().ok()?;
    (left && count > 0).then_some(count)
}

/// After a visit: a phrase with one touch, or nothing at all.
fn add_words(screen: &mut Screen<'_>, page: &DoorPage) -> Markup {
    let t = screen.texts();
    let phrases = html! {
        div.phrases {
            @for n in 1..=PHRASES {
                @let phrase = t.say(&format!("phrase-{n}"));
                button.chip type="submit" name="text" value=(phrase) { (phrase) }
            }
        }
    };
    let form = screen.form(&format!("/door/{}/note", page.door.household), "", &phrases);
    html! { section.card { h2 { (t.say("door-add-words")) } (form) } }
}

/// How the door is lived in.
fn about(t: Texts, page: &DoorPage) -> Markup {
    html! {
        section aria-labelledby="about" {
            h2 #about { (symbol("door")) (t.say("door-about")) }
            ul.list {
                @for field in page.fields.iter().filter(|f| ASKED.contains(&f.field)) {
                    li {
                        a.row href={ "/door/" (page.door.household) "/field/" (field.field) } {
                            span.main {
                                span.soft { (label(t, field.field, field.label)) }
                                strong class=(field.said.state) { (t.answer(field.field, &field.said)) }
                                @if field.conflict { span.mark.conflict { (symbol("conflict")) (t.say("mark-conflict")) } }
                            }
                            (symbol("pen"))
                        }
                    }
                }
                li {
                    a.row href={ "/door/" (page.door.household) "/occupancy" } {
                        span.main {
                            span.soft { (t.say("occupancy-who")) }
                            @let mut held = page.occupancies.iter().filter(|line| line.current).peekable();
                            @if held.peek().is_none() { strong.not_asked { (t.say("occupancy-none-short")) } }
                            @for line in held { (super::occupancy::words(t, line)) }
                        }
                        (symbol("pen"))
                    }
                }
                @for tag in &page.tags {
                    li.row {
                        span.main {
                            span.tag.look[!tag.expired] { (tag.code) }
                            @if let Some(basis) = &tag.basis { span.soft { (basis) } }
                            @if let Some(day) = &tag.expires_on {
                                @let key = if tag.expired { "tag-expired" } else { "tag-until" };
                                span.soft { (t.with(key, &[("day", day)])) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn visits(t: Texts, visits: &[EntryLine], today: &str) -> Markup {
    let (shown, rest) = visits.split_at(visits.len().min(VISITS_SHOWN));
    let line = |entry: &EntryLine| {
        html! {
            li {
                span.when { (when(&entry.at, today)) }
                span {
                    b { (t.or(&format!("kind-{}", entry.kind), entry.kind_title)) " · " (t.ended(&entry.kind, &entry.outcome, entry.outcome_title)) }
                    @if let Some(who) = &entry.worker_name { span.soft { " " (t.named(who)) } }
                    @if entry.pending { " " span.mark.unsent { (symbol("outbox")) (t.say("mark-unsent")) } }
                    (take_back::link(t, entry))
                    @if let Some(note) = &entry.note { p.words { (note) } }
                }
            }
        }
    };
    html! {
        section aria-labelledby="visits" {
            h2 #visits { (symbol("diary")) (t.say("door-visits")) }
            @if visits.is_empty() { p.soft { (t.say("door-no-visits")) } }
            ol.past { @for entry in shown { (line(entry)) } }
            @if !rest.is_empty() {
                details { summary { (t.count("door-more-visits", rest.len())) } ol.past { @for entry in rest { (line(entry)) } } }
            }
        }
    }
}

/// Notes, the newest first.
pub(crate) fn notes(t: Texts, notes: &[NoteLine], today: &str) -> Markup {
    html! {
        @if !notes.is_empty() {
            section aria-labelledby="notes" {
                h2 #notes { (symbol("pen")) (t.say("door-notes")) }
                ol.past {
                    @for note in notes {
                        li { span.when { (when(&note.at, today)) } span { span.words { (note.text) } span.soft { " " (t.named(&note.by.name)) } } }
                    }
                }
            }
        }
    }
}

/// One field of the door.
pub(crate) fn field(screen: &mut Screen<'_>, door: &str, name: &str) -> Result<Markup, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let page = screen.device.door(household)?;
    let line = page.fields.iter().find(|f| f.field == name && ASKED.contains(&f.field)).ok_or_else(Refusal::no_page)?;
    let body = super::person::asked(screen, Kind::Household, line, &format!("/door/{household}/field/{name}"))?;
    let title = label(screen.texts(), line.field, line.label);
    Ok(frame::page(screen, Room::Grid, &title, Some(&format!("/door/{household}")), &body))
}

/// An answer about the door.
pub(crate) fn answered(screen: &mut Screen<'_>, door: &str, name: &str) -> Result<Outcome, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let answer = one_answer(screen, name)?;
    screen.edit(Intent::CorrectHousehold { household, field: name.to_owned(), answer })?;
    Ok(screen.done(format!("/door/{household}"), "done-answer"))
}

/// What was answered on the page of one field.
pub(crate) fn one_answer(screen: &Screen<'_>, name: &str) -> Result<Answer<String>, Refusal> {
    match screen.request.typed("answer") {
        Some("refused") => Ok(Answer::Refused),
        Some("unknown") => Ok(Answer::Unknown),
        _ => match filled_in(screen.request, name) {
            Some(typed) => Ok(of_typed(&typed)),
            None => Err(Refusal::missing(screen.texts().say("missing-value"))),
        },
    }
}
