//! The diary of a day, today's or an earlier one: reads like a page of paper, and is turned like one.

use super::{patrol, take_back};
use crate::frame::{self, Room};
use crate::parts::{nothing, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::query::{Diary, DiaryPage};

/// Where it stands.
pub(crate) const PATH: &str = "/diary";

/// Where a part of a day's diary stands.
pub(crate) fn address(on: &str, part: usize) -> String {
    if part > 1 { format!("{PATH}?on={on}&part={part}") } else { format!("{PATH}?on={on}") }
}

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let part = screen.request.asks("part").and_then(|part| part.parse().ok()).unwrap_or(1);
    let day = match screen.device.diary(screen.request.asks("on"), part)? {
        Diary::Day(day) => day,
        Diary::NotYet => return Err(Refusal::not_there(t.say("diary-not-yet"))),
        Diary::NoDay => return Err(Refusal::no_page()),
    };
    let who = screen.device.standing()?.worker_name.unwrap_or_default();
    let today = screen.today()?;
    let body = html! {
        (turning(t, &day, &today))
        article.card.paper {
            p.center { b { (t.say("diary-title")) } br; span.soft { (day.on) " · " (t.named(&who)) } }
            @let sum = if day.on == today { "diary-sum" } else { "diary-sum-day" };
            p { (t.with(sum, &[
                ("visits", &day.figures.visits.to_string()),
                ("met", &day.figures.met.to_string()),
                ("calls", &day.figures.calls.to_string()),
                ("matters", &(day.figures.tickets_reported + day.figures.ticket_steps).to_string()),
            ])) }
            (entries(t, &day, &today))
        }
        @if day.on == today { p { a.button.second.wide href=(patrol::PATH) { (symbol("road")) (t.say("diary-patrol")) } } }
        (receipts(t, &day))
        (parts(t, &day))
    };
    Ok(frame::page(screen, Room::Today, &t.say("today-diary"), Some("/"), &body))
}

/// A day back, a day on, or a day by its date.
fn turning(t: Texts, day: &DiaryPage, today: &str) -> Markup {
    html! {
        nav.turning aria-label=(t.say("diary-days")) {
            @if let Some(before) = &day.before { a.button.second href=(address(before, 1)) { (symbol("back")) (t.say("diary-before")) } }
            form.find method="get" action=(PATH) {
                input type="date" name="on" value=(day.on) max=(today) aria-label=(t.say("diary-on"));
                button.second type="submit" { (t.say("diary-go")) }
            }
            @if let Some(after) = &day.after { a.button.second href=(address(after, 1)) { (t.say("diary-after")) (symbol("go")) } }
        }
    }
}

fn entries(t: Texts, day: &DiaryPage, today: &str) -> Markup {
    html! {
        @if day.entries.is_empty() && day.part == 1 {
            (nothing(&t.say(if day.on == today { "diary-empty" } else { "diary-empty-day" })))
            @if let Some(last) = &day.last { p.center { a href=(address(last, 1)) { (t.with("diary-last", &[("on", last)])) } } }
        }
        ol.past {
            @for entry in &day.entries {
                li {
                    span.when { (time(&entry.at)) }
                    span {
                        @match (&entry.household, &entry.place) {
                            (Some(door), Some(place)) => a href={ "/door/" (door) } { (place) },
                            (_, Some(place)) => (place),
                            _ => {},
                        }
                        " " (t.or(&format!("kind-{}", entry.kind), entry.kind_title)) " · " (t.ended(&entry.kind, &entry.outcome, entry.outcome_title))
                        (take_back::link(t, entry))
                        @if let Some(note) = &entry.note { p.words { (note) } }
                    }
                }
            }
        }
    }
}

fn receipts(t: Texts, day: &DiaryPage) -> Markup {
    html! {
        @if !day.commands.is_empty() {
            section aria-labelledby="receipts" {
                h2 #receipts { (symbol("outbox")) (t.say("diary-receipts")) }
                ul.list {
                    @for line in &day.commands {
                        li {
                            a.row href={ "/outbox/receipt/" (line.command) } {
                                span.main { span.clamp { (t.command(&line.said)) } span.soft { (time(&line.at)) } }
                                @if line.at_office { span.tag.good { (symbol("tick")) (t.say("diary-there")) } }
                                @else { span.tag.look { (symbol("outbox")) (t.say("mark-unsent")) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The parts of a long day.
fn parts(t: Texts, day: &DiaryPage) -> Markup {
    let count = |n: usize| n.to_string();
    html! {
        @if day.parts > 1 {
            p.center.soft { (t.with("diary-part", &[("part", &count(day.part)), ("parts", &count(day.parts))])) }
            div.two {
                @if day.part > 1 { a.button.second href=(address(&day.on, day.part - 1)) { (symbol("back")) (t.say("diary-part-before")) } } @else { span {} }
                @if day.part < day.parts { a.button.second href=(address(&day.on, day.part + 1)) { (t.say("diary-part-after")) (symbol("go")) } }
            }
        }
    }
}

/// The time of day of an instant as people read it.
fn time(at: &str) -> &str {
    at.split_once(' ').map_or(at, |(_, time)| time)
}
