//! A door's state at a glance: a symbol and a word, never a colour alone.

use super::{symbol, when};
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::query::{CareLine, DoorLine};

/// What a worker wants to know of a door before she climbs the stairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glance {
    /// The whole door would not give data: nobody knocks to ask.
    Refuses,
    /// Nobody was met the last time.
    NotHome,
    /// Somebody was met.
    Met,
    /// They would not talk the last time.
    Declined,
    /// Nobody ever knocked.
    Never,
}

impl Glance {
    pub(crate) fn of(door: &DoorLine) -> Self {
        match door.last_outcome.as_deref() {
            _ if door.refusal => Glance::Refuses,
            Some("not_home") => Glance::NotHome,
            Some("refused") => Glance::Declined,
            Some(_) => Glance::Met,
            None => Glance::Never,
        }
    }
    /// Class, symbol and text.
    pub(crate) fn shown(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Glance::Refuses => ("refuses", "stop", "glance-refuses"),
            Glance::NotHome => ("not-home", "again", "glance-not-home"),
            Glance::Met => ("met", "tick", "glance-met"),
            Glance::Declined => ("declined", "hand", "glance-declined"),
            Glance::Never => ("never", "dot", "glance-never"),
        }
    }
}

/// A tag with the state of a door.
pub(crate) fn glance(t: Texts, door: &DoorLine) -> Markup {
    let (class, picture, key) = Glance::of(door).shown();
    html! { span class={ "glance " (class) } { (symbol(picture)) (t.say(key)) } }
}

/// What else is to be known: care visits, matters, conflicts, what is not at the office.
pub(crate) fn marks(t: Texts, door: &DoorLine) -> Markup {
    html! {
        @if door.is_care_due() { span.mark.care { (symbol("care")) (t.say("mark-care")) } }
        @if door.open_tickets > 0 { span.mark.matter { (symbol("matter")) (t.count("mark-matters", door.open_tickets)) } }
        @if door.conflicts > 0 { span.mark.conflict { (symbol("conflict")) (t.say("mark-conflict")) } }
        @if door.pending { span.mark.unsent { (symbol("outbox")) (t.say("mark-unsent")) } }
    }
}

/// When somebody was last seen at a door where somebody needs care.
pub(crate) fn seen(t: Texts, care: &CareLine) -> String {
    match care.seen_days_ago {
        Some(days) => t.count("care-seen", days),
        None => t.say("care-never"),
    }
}

/// A row of a list.
pub(crate) fn row(t: Texts, door: &DoorLine, called: &str, today: &str, extra: &Markup) -> Markup {
    html! {
        li {
            a.row href={ "/door/" (door.household) } {
                span.main { strong { (called) } span.line { (glance(t, door)) (marks(t, door)) (extra) } }
                @if let Some(last) = &door.last_visit { span.soft.at { (when(last, today)) } }
                (symbol("go"))
            }
        }
    }
}
