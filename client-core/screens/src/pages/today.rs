//! Today: what waits, in the order of a walk; what came back from the office.

use super::door_people::value;
use crate::frame::{self, Room};
use crate::parts::answer::label;
use crate::parts::door::seen;
use crate::parts::{door, matter, nothing, symbol, when};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::query::today::{BirthdayLine, Figures};
use qiaomen_client::query::{DoorFilter, DoorLine, MinePage};
use qiaomen_proto::normalise::{UnitKey, unit_label};

/// Doors that were never visited and are offered for a walk, where nothing else is due.
const NEW_DOORS_MAX: usize = 12;
/// Doors, and matters of one heap, on the page: more than a day's walk; the others are a touch further.
const SHOWN_MAX: usize = 40;

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let (today, done, mine) = (screen.device.waits()?, screen.device.figures_today()?, screen.device.mine()?);
    let never = if today.retries.is_empty() && today.care.is_empty() {
        never_visited(screen, t, &today.date)?
    } else {
        html! {}
    };
    let again: Vec<_> = today.retries.iter().take(SHOWN_MAX).map(|line| (&line.door, line.tries)).collect();
    let care: Vec<_> = today.care.iter().map(|door| (door, 0)).collect();
    let quiet = care.is_empty() && today.retries.is_empty() && today.overdue.is_empty() && today.due.is_empty();
    let body = html! {
        (figures(t, &today.date, done))
        @if !today.overdue.is_empty() {
            section aria-labelledby="overdue" {
                h2.bad #overdue { (symbol("clock")) (t.say("today-overdue")) span.n { (today.overdue.len()) } }
                ul.list { @for line in today.overdue.iter().take(SHOWN_MAX) { (matter::row(t, line)) } }
                (more(t, today.overdue.len(), "today-more-matters", "/tickets?heap=overdue"))
            }
        }
        (returned(t, &mine, &today.date))
        @if !today.retries.is_empty() {
            section aria-labelledby="walk" {
                h2 #walk { (symbol("again")) (t.say("today-walk")) span.n { (today.retries.len()) } }
                (walk(t, &again, &today.date))
                (more(t, today.retries.len(), "today-more-doors", "/grid?only=not_home"))
            }
        }
        @if !today.due.is_empty() {
            section aria-labelledby="due" {
                h2 #due { (symbol("matter")) (t.say("today-due")) span.n { (today.due.len()) } }
                ul.list { @for line in today.due.iter().take(SHOWN_MAX) { (matter::row(t, line)) } }
                (more(t, today.due.len(), "today-more-matters", "/tickets?heap=open"))
            }
        }
        (birthdays(t, &today.birthdays))
        @if !care.is_empty() {
            section aria-labelledby="care" {
                h2 #care { (symbol("care")) (t.say("today-care")) span.n { (today.care_count) } }
                p.soft { (t.say("today-care-how")) }
                (walk(t, &care, &today.date))
                (more_than(t, care.len(), today.care_count, "today-more-doors", "/grid?only=care"))
            }
        }
        @if quiet { (nothing(&t.say("today-nothing"))) }
        (never)
    };
    Ok(frame::page(screen, Room::Today, &t.say("today-title"), None, &body))
}

/// What is not on the page is said, with the way there.
fn more(t: Texts, all: usize, key: &str, path: &str) -> Markup {
    more_than(t, SHOWN_MAX, all, key, path)
}

/// The same where so many are shown.
fn more_than(t: Texts, shown: usize, all: usize, key: &str, path: &str) -> Markup {
    html! {
        @if let Some(left @ 1..) = all.checked_sub(shown) { p { a.button.second.wide href=(path) { (t.count(key, left)) } } }
    }
}

fn figures(t: Texts, date: &str, done: Figures) -> Markup {
    html! {
        a.summary href="/diary" {
            span.date { (date) }
            span.figures {
                span { b { (done.visits) } (t.count("today-visits", done.visits)) }
                span { b { (done.met) } (t.say("today-met")) }
                span { b { (done.calls) } (t.count("today-calls", done.calls)) }
                span { b { (done.tickets_reported + done.ticket_steps) } (t.count("today-matters", done.tickets_reported + done.ticket_steps)) }
            }
            span.soft { (t.say("today-diary")) (symbol("go")) }
        }
    }
}

/// By stairwell, in the order of the floors: one walk. Beside a door stands how often nobody was met.
fn walk(t: Texts, doors: &[(&DoorLine, usize)], today: &str) -> Markup {
    let same_stairwell = |a: &DoorLine, b: &DoorLine| a.building_name == b.building_name && a.unit == b.unit;
    html! {
        @for chunk in doors.chunk_by(|a, b| same_stairwell(a.0, b.0)) {
            @if let Some((first, _)) = chunk.first() {
                h3 { (stairwell_name(t, &first.building_name, &first.unit)) }
                ul.list {
                    @for (door, tries) in chunk {
                        (door::row(t, door, &door.room, today, &html! {
                            @if *tries > 1 { span.soft { (t.count("today-tries", *tries)) } }
                            @if let Some(care) = door.care.filter(|care| care.due) { span.soft { (seen(t, &care)) } }
                        }))
                    }
                }
            }
        }
    }
}

/// What people call a stairwell.
pub(crate) fn stairwell_name(t: Texts, building: &str, unit: &str) -> String {
    match UnitKey::parse(unit) {
        Ok(key) if !key.is_none() => t.with("stairwell", &[("building", building), ("unit", &unit_label(&key))]),
        _ => building.to_owned(),
    }
}

fn returned(t: Texts, mine: &MinePage, today: &str) -> Markup {
    let decisions: Vec<_> = mine.decisions.iter().filter(|d| d.is_news).collect();
    html! {
        @if !mine.returned.is_empty() || !decisions.is_empty() {
            section aria-labelledby="returned" {
                h2 #returned { (symbol("office")) (t.say("today-returned")) }
                ul.list {
                    @for line in &mine.returned {
                        li {
                            a.row href={ "/ticket/" (line.ticket.ticket) } {
                                span.main {
                                    strong.clamp { (line.ticket.text) }
                                    span.line {
                                        span.tag.good { (t.or(&format!("step-{}", line.step), line.step_title)) }
                                        span.soft { (line.by) " · " (when(&line.at, today)) }
                                    }
                                    @if let Some(said) = &line.said { span.soft.clamp { (said) } }
                                }
                                (symbol("go"))
                            }
                        }
                    }
                    @for line in decisions {
                        li {
                            a.row href="/conflicts" {
                                span.main {
                                    strong { (t.named(&line.title)) " · " (label(t, line.field.field, line.field.label)) }
                                    span.line { span.tag.good { (t.say("today-decided")) } span.soft { (value(t, &line.field, false)) } }
                                }
                                (symbol("go"))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn birthdays(t: Texts, birthdays: &[BirthdayLine]) -> Markup {
    html! {
        @if !birthdays.is_empty() {
            section aria-labelledby="birthdays" {
                h2 #birthdays { (symbol("cake")) (t.say("today-birthdays")) span.n { (birthdays.len()) } }
                ul.list {
                    @for line in birthdays {
                        li {
                            a.row href=(line.household.as_deref().map_or_else(|| format!("/resident/{}", line.resident), |h| format!("/door/{h}"))) {
                                span.main {
                                    strong { (t.named(&line.name)) }
                                    span.line {
                                        @if let Some(address) = &line.address { span.soft { (address) } }
                                    }
                                }
                                (symbol("go"))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A day on which nothing is due is a day for doors that nobody has seen yet.
fn never_visited(screen: &Screen<'_>, t: Texts, today: &str) -> Result<Markup, Refusal> {
    let filter = DoorFilter { never_visited: true, ..Default::default() };
    let doors: Vec<_> = screen.device.doors(&filter)?.into_iter().filter(|d| !d.refusal).take(NEW_DOORS_MAX).collect();
    Ok(html! {
        @if !doors.is_empty() {
            section aria-labelledby="never" {
                h2 #never { (symbol("door")) (t.say("today-never")) }
                (walk(t, &doors.iter().map(|door| (door, 0)).collect::<Vec<_>>(), today))
            }
        }
    })
}
