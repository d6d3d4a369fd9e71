//! The diary of the day: reads like a page of paper.

use super::patrol;
use crate::frame::{self, Room};
use crate::parts::{nothing, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let (date, done) = screen.device.done_today()?;
    let who = screen.device.standing()?.worker_name.unwrap_or_default();
    let time = |at: &str| at.split_once(' ').map_or(at.to_owned(), |(_, time)| time.to_owned());
    let body = html! {
        article.card.paper {
            p.center { b { (t.say("diary-title")) } br; span.soft { (date) " · " (who) } }
            p { (t.with("diary-sum", &[
                ("visits", &done.figures.visits.to_string()),
                ("met", &done.figures.met.to_string()),
                ("calls", &done.figures.calls.to_string()),
                ("matters", &(done.figures.tickets_reported + done.figures.ticket_steps).to_string()),
            ])) }
            @if done.entries.is_empty() { (nothing(&t.say("diary-empty"))) }
            ol.past {
                @for entry in &done.entries {
                    li {
                        span.when { (time(&entry.at)) }
                        span {
                            @match (&entry.household, &entry.place) {
                                (Some(door), Some(place)) => a href={ "/door/" (door) } { (place) },
                                (_, Some(place)) => (place),
                                _ => {},
                            }
                            " " (t.or(&format!("kind-{}", entry.kind), entry.kind_title)) " · " (t.or(&format!("outcome-{}", entry.outcome), entry.outcome_title))
                            @if let Some(note) = &entry.note { p.words { (note) } }
                        }
                    }
                }
            }
        }
        p { a.button.second.wide href=(patrol::PATH) { (symbol("road")) (t.say("diary-patrol")) } }
        @if !done.commands.is_empty() {
            section aria-labelledby="receipts" {
                h2 #receipts { (symbol("outbox")) (t.say("diary-receipts")) }
                ul.list {
                    @for line in done.commands.iter().rev() {
                        li {
                            a.row href={ "/outbox/receipt/" (line.command) } {
                                span.main { span { (line.said.sentence) } span.soft { (time(&line.at)) } }
                                @if line.at_office { span.tag.good { (symbol("tick")) (t.say("diary-there")) } }
                                @else { span.tag.look { (symbol("outbox")) (t.say("mark-unsent")) } }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(frame::page(screen, Room::Today, &t.say("today-diary"), Some("/"), &body))
}
