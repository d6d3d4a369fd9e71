//! Matters as folds of their events.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

/// The way of a matter, step by step.
mod way;
/// What stands when people did not know of each other.
mod precedence;
/// What stands in a record.
mod payload;
/// What holds for any events.
mod properties;
/// The fold once more, plainly.
mod model;
/// Every short course, against it.
mod interleavings;

use chrono::NaiveDate;
use qiaomen_proto::change::Hlc;
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, TicketEvent, TicketState, WhyNot, fold};
use qiaomen_proto::merge::order::Place;
use uuid::Uuid;

pub(crate) use EventKind as K;

pub(crate) const HOUR_MS: u64 = 3_600_000;
/// 2023-02-18 09:00 in China.
pub(crate) const NINE: u64 = 1_676_682_000_000;

/// An event `hours` after nine o'clock; its id is its kind and hour unless a test says otherwise.
pub(crate) fn at(hours: u64, kind: EventKind) -> TicketEvent {
    let mut payload = EventPayload::new(kind);
    match kind {
        K::Assign => payload.party = Some("wuye".to_owned()),
        K::Extend => payload.due_on = NaiveDate::from_ymd_opt(2023, 3, 5),
        K::Rate => payload.satisfaction = Some(3),
        K::Duplicate => payload.other = Some(Uuid::from_u128(7)),
        _ => {}
    }
    let at = Hlc { wall_ms: NINE + hours * HOUR_MS, counter: 0 };
    TicketEvent {
        place: Place::of(at),
        at,
        id: format!("{:02}-{hours}", kind.number()),
        by: WorkerId(Uuid::from_u128(1)),
        role: Role::GridWorker,
        payload,
    }
}

/// One event an hour, in this order.
pub(crate) fn hourly(kinds: &[EventKind]) -> Vec<TicketEvent> {
    kinds.iter().zip(0..).map(|(kind, hour)| at(hour, *kind)).collect()
}

pub(crate) fn after(kinds: &[EventKind]) -> TicketState {
    fold(&hourly(kinds))
}

pub(crate) fn whys(state: &TicketState) -> Vec<(EventKind, WhyNot)> {
    state.flags.iter().map(|flag| (flag.kind, flag.why)).collect()
}
