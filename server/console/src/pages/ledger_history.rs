//! How a door came to be what it is, as a timeline.

use super::ledger_door::{reveal_form, what_is};
use crate::parts::{Tone, tag};
use crate::session::Who;
use maud::{Markup, html};
use qiaomen_server::desk::ledger_door::DoorPage;
use qiaomen_server::desk::ledger_history::{EVENTS_SHOWN, Event};
use qiaomen_server::desk::ledger_teller::Open;

/// The whole section, with what leads to earlier and later.
pub(super) fn section(who: &Who, door: &DoorPage, open: Open) -> Markup {
    let history = &door.history;
    let to = history.from + history.events.len();
    html! {
        section.panel #history {
            h2 { "变更历史 " small { (history.count) " 次，最近的在前" } }
            @if history.events.is_empty() { p.soft { "没有更早的了。" } }
            ol.timeline { @for event in &history.events { (one(event)) } }
            div.pager {
                @if history.from > 0 { (turn(who, door, open, history.from.saturating_sub(EVENTS_SHOWN), "更近的")) }
                @if history.count > 0 { span { "第 " (history.from + 1) " 到 " (to) " 次，共 " (history.count) " 次" } }
                @if to < history.count { (turn(who, door, open, to, "更早的")) }
            }
        }
    }
}

/// While something is shown, what comes next is asked for as it was: by a form, and written down.
fn turn(who: &Who, door: &DoorPage, open: Open, from: usize, label: &str) -> Markup {
    html! {
        @if open == Open::Nothing { a.button.second href={ "/ledger/doors/" (door.id) "?from=" (from) "#history" } { (label) } }
        @else { (reveal_form(who, door, &what_is(open), label, from)) }
    }
}

fn one(event: &Event) -> Markup {
    html! {
        li {
            p { time { (event.at) } " " strong { (event.who) } @if !event.title.is_empty() { " " small { (event.title) } }
                " " span.soft { (event.device) } @if let Some(mark) = event.mark { " " (tag(mark, Tone::Good)) } }
            @if let Some(came) = &event.came { p.soft { (came) } }
            ul.changes {
                @for line in &event.lines {
                    li {
                        span.soft { (line.about) " · " } (line.what) "："
                        @if let Some(from) = &line.from { del { (from) } " → " }
                        ins { (line.to) }
                    }
                }
            }
        }
    }
}
