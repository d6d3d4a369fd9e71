//! What is not at the office yet: by name and door, why, and what to do.

use super::{diary, id, photo};
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::{symbol, when};
use crate::refusal::Refusal;
use crate::response::Response;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::error::What;
use qiaomen_client::outbox::OutboxState;
use qiaomen_client::query::OutboxLine;
use qiaomen_proto::ids::CommandId;

/// Name of the file that is carried by hand: what is in it, and of which day, so that it is found among others.
fn file_name(screen: &Screen<'_>) -> Result<String, Refusal> {
    Ok(screen.texts().with("outbox-file-name", &[("day", &screen.today()?)]))
}

/// Where a document's page is.
fn path_of(document: &str) -> Option<String> {
    let (kind, id) = document.split_once('/')?;
    match kind {
        "household" => Some(format!("/door/{id}")),
        "resident" | "ticket" => Some(format!("/{kind}/{id}")),
        _ => None,
    }
}

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let (lines, status, today) = (screen.device.outbox()?, screen.device.standing()?, screen.today()?);
    let (held, waiting): (Vec<_>, Vec<_>) = lines.iter().partition(|line| !line.state.is_unconfirmed());
    let mut held_rows = Vec::new();
    for line in &held {
        held_rows.push(held_card(screen, line, &today));
    }
    let photos = screen.device.photos_to_go()?;
    let file = file_name(screen)?;
    let body = html! {
        @if lines.is_empty() && photos.is_empty() && status.looks_unsent == 0 {
            div.all-there {
                (symbol(if status.complete { "tick" } else { "outbox" }))
                p { (t.say(if status.complete { "outbox-all-there" } else { "outbox-empty" })) }
                @if let Some(last) = &status.last_contact { p.soft { (t.with("sync-last", &[("when", last.as_str())])) } }
            }
        }
        @if !held.is_empty() {
            section aria-labelledby="held" {
                h2.bad #held { (symbol("stop")) (t.say("outbox-held")) span.n { (held.len()) } }
                @for row in &held_rows { (row) }
            }
        }
        (photo::to_go(t, &photos))
        @if status.looks_unsent > 0 {
            section.card #looks { p { (symbol("eye")) " " b { (t.count("outbox-looks", status.looks_unsent)) } } p.soft { (t.say("outbox-looks-how")) } }
        }
        @if !waiting.is_empty() {
            section aria-labelledby="waiting" {
                h2 #waiting { (symbol("outbox")) (t.say("outbox-waiting")) span.n { (waiting.len()) } }
                ul.list {
                    @for line in &waiting {
                        li.row {
                            span.main {
                                strong.clamp { (t.about(&line.said)) }
                                span { (t.said(&line.said.what)) }
                                span.line { span.tag { (t.or(&format!("state-{}", line.state.name()), line.state_title)) } span.soft { (when(&line.at, &today)) } }
                                @if let Some(why) = &line.why { span.soft { (t.said(why)) } }
                            }
                        }
                    }
                }
                p { a.button.wide href="/sync" { (symbol("sync")) (t.say("outbox-send")) } }
            }
            section.card {
                h2 { (symbol("file")) (t.say("outbox-by-hand")) }
                p { (t.say("outbox-by-hand-how")) }
                @if !photos.is_empty() || status.looks_unsent > 0 { p.notice { (symbol("camera")) span { (t.say("outbox-not-in-file")) } } }
                p { a.button.second.wide href="/outbox/file" download=(file) { (t.say("outbox-save-file")) } }
            }
        }
    };
    Ok(frame::page(screen, Room::Outbox, &t.say("room-outbox"), None, &body))
}

fn held_card(screen: &mut Screen<'_>, line: &OutboxLine, today: &str) -> Markup {
    let t = screen.texts();
    let discard = (line.state == OutboxState::Rejected).then(|| {
        let button = html! { button.danger type="submit" { (t.say("outbox-discard")) } };
        screen.form(&format!("/outbox/{}/discard", line.command), "", &button)
    });
    html! {
        article.card {
            h3 { (t.command(&line.said)) }
            p.line { span.tag.bad { (t.or(&format!("state-{}", line.state.name()), line.state_title)) } span.soft { (when(&line.at, today)) } }
            @if let Some(why) = &line.why { p { b { (t.say("outbox-why")) } (t.said(why)) } }
            p { b { (t.say("outbox-what-to-do")) } (t.said(&line.what_to_do)) }
            div.actions {
                @if let Some(path) = line.said.document.as_deref().and_then(path_of) { a.button.second href=(path) { (t.say("outbox-open")) } }
                @if let Some(discard) = discard { (discard) }
            }
        }
    }
}

/// The person has seen why the office will not have it.
pub(crate) fn discarded(screen: &mut Screen<'_>, command: &str) -> Result<Outcome, Refusal> {
    let command: CommandId = id(command, What::Command)?;
    screen.device.discard(command)?;
    Ok(screen.done("/outbox", "done-discarded"))
}

/// What is not confirmed, sealed to the office, to be carried by hand.
pub(crate) fn file(screen: &Screen<'_>) -> Result<Response, Refusal> {
    // An empty file would be carried to the office for nothing.
    if !screen.device.outbox()?.iter().any(|line| line.state.is_unconfirmed()) {
        return Err(Refusal::not_there(screen.texts().say("outbox-nothing-to-carry")));
    }
    match screen.device.rescue_file().content() {
        Ok(bytes) => Ok(Response::file(&file_name(screen)?, bytes)),
        Err(_) => Err(Refusal::missing(screen.texts().say("outbox-no-file"))),
    }
}

/// The office's signature that it has something.
pub(crate) fn receipt(screen: &mut Screen<'_>, command: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let command: CommandId = id(command, What::Command)?;
    let proof = screen.device.proof_of(command).map_err(qiaomen_client::QueryError::Read)?;
    let holds = match (&proof, screen.device.identity()) {
        (Some(proof), Some(identity)) => proof.holds(identity.device(), &identity.office_key()),
        _ => false,
    };
    let done = screen.device.done_line(command)?;
    let day = done.as_ref().and_then(|line| line.at.split_once(' ')).map(|(day, _)| day.to_owned());
    let back = day.map_or_else(|| diary::PATH.to_owned(), |day| diary::address(&day, 1));
    let body = html! {
        @if let Some(line) = &done { p.told { (t.command(&line.said)) } p.soft { (line.at) } }
        @match &proof {
            Some(proof) if holds => {
                p.said { (symbol("tick")) span { (t.say("receipt-holds")) } }
                section.card {
                    p { (t.say("receipt-what")) }
                    dl.pairs.codes {
                        dt { (t.say("receipt-command")) } dd { (command) }
                        dt { (t.say("receipt-number")) } dd { (proof.counter) }
                        dt { (t.say("receipt-check")) } dd { (hex(&proof.check)) }
                        dt { (t.say("receipt-signature")) } dd { (hex(&proof.signature)) }
                    }
                }
            }
            Some(_) => p.refusal { (t.say("receipt-broken")) },
            None => p.notice { (symbol("clock")) span { (t.say("receipt-none")) } },
        }
    };
    Ok(frame::page(screen, Room::Outbox, &t.say("receipt-title"), Some(&back), &body))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
