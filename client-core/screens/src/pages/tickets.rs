//! The matters, as heaps.

use crate::frame::{self, Room};
use crate::parts::{matter, nothing, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::query::{TicketFilter, TicketHeap};

/// A heap's name in the address, and its text.
const HEAPS: [(&str, TicketHeap, &str); 4] = [
    ("mine", TicketHeap::Mine, "heap-mine"),
    ("open", TicketHeap::Open, "heap-open"),
    ("overdue", TicketHeap::Overdue, "heap-overdue"),
    ("over", TicketHeap::Over, "heap-over"),
];
/// Matters on one page; whoever looks for an older one searches.
const SHOWN_MAX: usize = 60;

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let asked = screen.request.asks("heap").unwrap_or("mine");
    let (name, heap, _) = HEAPS.into_iter().find(|(name, _, _)| *name == asked).unwrap_or(HEAPS[0]);
    let lines = screen.device.tickets(&TicketFilter { heap, ..TicketFilter::default() })?;
    let body = html! {
        p { a.button.wide href="/ticket/new" { (symbol("plus")) (t.say("ticket-new")) } }
        nav.chips aria-label=(t.say("heap-which")) {
            @for (each, _, key) in HEAPS {
                a href={ "/tickets?heap=" (each) } aria-current=[(each == name).then_some("true")] { (t.say(key)) }
            }
        }
        @if lines.is_empty() { (nothing(&t.say("heap-empty"))) }
        ul.list { @for line in lines.iter().take(SHOWN_MAX) { (matter::row(t, line)) } }
        @if lines.len() > SHOWN_MAX { p.soft { (t.count("heap-more", lines.len() - SHOWN_MAX)) } }
    };
    Ok(frame::page(screen, Room::Tickets, &t.say("room-tickets"), None, &body))
}
