//! Which path is which page. Looking changes nothing in the book, and what was masked is shown only after the look is
//! written down; doing is done once and leads on to a page to look at.

use crate::draft::AGAIN;
use crate::once::{Outcome, Seen};
use crate::pages::gate::SCAN_PATH;
use crate::pages::{
    conflicts, diary, door, door_more, enrolling, grid, me, outbox, patrol, person, photo, search, sync, ticket,
    tickets, today,
};
use crate::pages::{moving, new_door, new_person, new_ticket, occupancy, take_back, visit};
use crate::refusal::Refusal;
use crate::request::Method;
use crate::response::{Response, Wish};
use crate::screen::{ONCE, Screen};
use maud::Markup;

/// Answers one request.
pub(crate) fn answer(screen: &mut Screen<'_>) -> Result<Response, Refusal> {
    match screen.request.method {
        Method::Get => look(screen),
        Method::Post => act(screen),
    }
}

fn look(screen: &mut Screen<'_>) -> Result<Response, Refusal> {
    let parts = screen.request.parts();
    if parts.as_slice() == ["sync", "strip"] {
        let live = if screen.request.asks("now").is_some() { sync::live(screen)? } else { sync::line(screen) };
        return Ok(Response::page(200, live));
    }
    if screen.device.identity().is_none() {
        return Ok(Response::page(200, enrolling::page(screen, &screen.state.given, None)));
    }
    if parts.as_slice() == ["outbox", "file"] {
        return outbox::file(screen);
    }
    if let ["photo", hash] = parts.as_slice() {
        return photo::show(screen, hash);
    }
    // Of a form that was put aside and is not known any more, the page on which it stands.
    let page = if screen.request.asks(AGAIN).is_some() { page_of_form(screen)? } else { page_at(screen, &parts)? };
    let response = Response::page(200, page);
    Ok(if screen.looked { response.wishing(Wish::Sync) } else { response })
}

/// The page at this path.
fn page_at(screen: &mut Screen<'_>, parts: &[&str]) -> Result<Markup, Refusal> {
    Ok(match parts {
        [] => today::page(screen)?,
        ["grid"] => grid::page(screen)?,
        ["search"] => search::page(screen)?,
        ["door", id] => door::page(screen, id)?,
        ["door", id, "visit"] => visit::visit(screen, id)?,
        ["door", id, "call"] => visit::call(screen, id)?,
        ["door", id, "more"] => door_more::page(screen, id)?,
        ["door", id, "field", field] => door::field(screen, id, field)?,
        ["door", id, "new-resident"] => new_person::page(screen, id)?,
        ["door", id, "occupancy"] => occupancy::page(screen, id)?,
        ["resident", id] => person::page(screen, id)?,
        ["resident", id, "field", field] => person::field(screen, id, field)?,
        ["resident", id, "out"] => moving::out(screen, id)?,
        ["resident", id, "move"] => moving::page(screen, id)?,
        ["new-door"] => new_door::page(screen)?,
        ["tickets"] => tickets::page(screen)?,
        ["ticket", "new"] => new_ticket::page(screen)?,
        ["ticket", id] => ticket::page(screen, id)?,
        ["ticket", id, step] => ticket::step(screen, id, step)?,
        ["outbox"] => outbox::page(screen)?,
        ["outbox", "receipt", command] => outbox::receipt(screen, command)?,
        ["sync"] => sync::page(screen)?,
        ["conflicts"] => conflicts::page(screen)?,
        ["diary"] => diary::page(screen)?,
        ["entry", command] => take_back::page(screen, command)?,
        ["patrol"] => patrol::page(screen)?,
        ["me"] => me::page(screen)?,
        _ => return Err(Refusal::no_page()),
    })
}

/// The page on which the form stands that was sent.
pub(crate) fn page_of_form(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    if screen.device.identity().is_none() {
        return Err(Refusal::no_page());
    }
    let parts = screen.request.parts();
    match parts.as_slice() {
        ["door", id, "note" | "refusal"] => door_more::page(screen, id),
        ["door", id, "occupancy", _] => occupancy::page(screen, id),
        ["ticket", id, "note" | "photos"] => ticket::page(screen, id),
        ["outbox", _, "discard"] => outbox::page(screen),
        ["settings"] => me::page(screen),
        parts => page_at(screen, parts),
    }
}

/// Does it, unless it was done: then what became of it is shown again.
fn act(screen: &mut Screen<'_>) -> Result<Response, Refusal> {
    // A picture of a code does nothing: it may be sent as often as one likes.
    if screen.request.path == SCAN_PATH && screen.device.identity().is_none() {
        return Ok(enrolling::scanned(screen));
    }
    let seen = screen.state.once.look(screen.request.typed(ONCE).unwrap_or_default());
    let number = match seen {
        Seen::Done(number, outcome) => return Ok(shows(number, &outcome.to)),
        Seen::Unknown => return Err(Refusal::old_form()),
        Seen::Fresh(number) => number,
    };
    let (outcome, wish) = deed(screen)?;
    let response = shows(number, &outcome.to);
    let text = screen.state.once.text(number);
    screen.state.drafts.drop(&text);
    screen.state.once.keep(number, outcome);
    Ok(match wish {
        Some(wish) => response.wishing(wish),
        None => response,
    })
}

/// What was done is said on the page where it can be seen.
pub(crate) fn shows(number: u64, to: &str) -> Response {
    let (page, place) = to.split_once('#').map_or((to, String::new()), |(page, place)| (page, format!("#{place}")));
    let sign = if page.contains('?') { '&' } else { '?' };
    Response::see_other(&format!("{page}{sign}done={number}{place}"))
}

fn deed(screen: &mut Screen<'_>) -> Result<(Outcome, Option<Wish>), Refusal> {
    let parts = screen.request.parts();
    let outcome = match parts.as_slice() {
        ["sync"] => return Ok((screen.done("/sync", "sync-asked"), Some(Wish::Sync))),
        ["lock"] => return Ok((screen.done("/", "me-locked"), Some(Wish::Lock))),
        ["settings"] => return Ok(me::set(screen)),
        ["patrol"] => patrol::made(screen)?,
        ["entry", command] => take_back::taken_back(screen, command)?,
        ["door", id, "visit"] => visit::visited(screen, id)?,
        ["door", id, "call"] => visit::called(screen, id)?,
        ["door", id, "note"] => door_more::noted(screen, id)?,
        ["door", id, "refusal"] => door_more::refused(screen, id)?,
        ["door", id, "field", field] => door::answered(screen, id, field)?,
        ["door", id, "new-resident"] => new_person::registered(screen, id)?,
        ["door", id, "occupancy"] => occupancy::opened(screen, id)?,
        ["door", id, "occupancy", row] => occupancy::closed(screen, id, row)?,
        ["resident", id, "field", field] => person::answered(screen, id, field)?,
        ["resident", id, "out"] => moving::moved_out(screen, id)?,
        ["resident", id, "move"] => moving::moved(screen, id)?,
        ["new-door"] => new_door::registered(screen)?,
        ["ticket", "new"] => new_ticket::reported(screen)?,
        ["ticket", id, "note"] => ticket::noted(screen, id)?,
        ["ticket", id, "photos"] => photo::attached(screen, id)?,
        ["ticket", id, step] => ticket::stepped(screen, id, step)?,
        ["outbox", command, "discard"] => outbox::discarded(screen, command)?,
        _ => return Err(Refusal::no_page()),
    };
    Ok((outcome, Some(Wish::Sync)))
}
