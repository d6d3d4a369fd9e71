//! The state of a matter from its events.
//!
//! A ticket has no field "state". Devices and the office add events, and everybody computes the
//! state from the set of events that has arrived, in one order: the report first, then by place
//! ([`order`](crate::merge::order): whoever had seen an event comes after it, else by stamp), then by
//! the event's id. So any order of arrival, and any number of arrivals of one event, gives one state.
//!
//! Beyond the order the fold does not ask which events were made without knowledge of each other; the
//! rules are such that the order alone gives the wished precedence:
//!
//! - **Rounds.** The report opens the first round; a reopening, a sending back and an escalation
//!   each open a new one. A close counts only with feedback to the resident *and* a check in the
//!   same round. Check and feedback may come in either order.
//! - **A reopening beats a close.** Whatever stands before it, a reopening opens the matter; a close
//!   that was made without knowing of it comes later without feedback and check of the new round, is
//!   kept and flagged, and the matter stays open. A reopening also takes back a voiding or a
//!   duplicate mark.
//! - **An escalation is never lost.** It opens the matter even after a close, a voiding or a
//!   duplicate mark; until the joint meeting's round is properly closed, the matter cannot be
//!   closed on the spot, voided, or marked a duplicate.
//! - **The first completion stands.** A second close (or feedback, or check, or rating) is kept as a
//!   supplement, and flagged.
//! - **Closing on the spot** is for small matters. On the office's day of the report, and in the
//!   first round, it is itself the feedback and the check; else it needs feedback in its round.
//! - **Of two assignments or extensions the later stands.** Work that comes in after a later step was
//!   already taken (a start after the feedback) is kept and flagged.
//! - **A step is taken once.** The same step twice under one id (a command that was done again) counts
//!   once, and the other is kept and flagged. Different steps that wrongly share an id are each heard:
//!   nobody silences an escalation by writing something else under its id.
//! - **Nothing is dropped.** Every event is either a [`Step`](crate::merge::fold::Step) that was taken or has at least one
//!   [`FoldFlag`](crate::merge::fold::FoldFlag) that says why not; both are shown.
//!
//! Not decided here: who may do what. The office refuses an event whose author's role may not
//! ([`may`](crate::merge::fold::may)) before it enters the document.

mod event;
mod rules;
mod state;

pub use event::{EventKind, EventPayload, SATISFACTIONS, TicketEvent, satisfaction_from_title, satisfaction_title};
pub use rules::may;
pub use state::{FoldFlag, Stage, Step, TicketState, WhyNot};

use crate::ids::Role;
use std::collections::HashMap;

/// Computes the state from the events, whatever their order and however often each one is there.
pub fn fold(events: &[TicketEvent]) -> TicketState {
    let mut ordered: Vec<&TicketEvent> = events.iter().collect();
    // A reporter's phone may be days ahead: its report comes before the answers to it all the same.
    ordered.sort_unstable_by_key(|event| (event.payload.kind != EventKind::Report, *event));
    let mut state = TicketState::default();
    let mut told: HashMap<&str, Vec<(&TicketEvent, bool)>> = HashMap::with_capacity(ordered.len());
    for event in ordered {
        let twins = told.entry(&event.id).or_default();
        if twins.iter().any(|(twin, _)| twin.is_same_record(event)) {
            continue;
        }
        let again = twins.iter().any(|(twin, taken)| *taken && twin.payload.kind == event.payload.kind);
        let whys = if again { vec![WhyNot::SameId] } else { rules::why_not(&state, event) };
        twins.push((event, whys.is_empty()));
        rules::take(&mut state, event, &whys);
    }
    state
}

/// The events that somebody in this role could add now, in the order of their numbers.
///
/// Closing on the spot is offered where the stage allows it; whether the day and the size of the
/// matter do, the caller sees with [`fold`] over the events and the new one.
pub fn next_steps(state: &TicketState, role: Role) -> Vec<EventKind> {
    EventKind::ALL.into_iter().filter(|kind| may(role, *kind) && rules::offered(state, *kind)).collect()
}
