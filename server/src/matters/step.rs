//! What somebody asks to be done with a matter, and what may be asked now.

use chrono::NaiveDate;
use qiaomen_proto::change::Stamp;
use qiaomen_proto::ids::Role;
use qiaomen_proto::merge::fold::{EventKind, EventPayload, Stage, TicketEvent, fold, next_steps};

/// One step, as a form asks for it. What a step has no use for is not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub kind: EventKind,
    /// What was said or done, or why.
    pub text: Option<String>,
    /// The department that answers for it.
    pub department: Option<String>,
    /// Who does it, if not the department itself.
    pub party: Option<String>,
    /// How many days there are.
    pub term: Option<u32>,
    /// Whether the resident consented to a long term.
    pub consent: bool,
    /// The day until which more time is given.
    pub due_on: Option<String>,
    /// The resident's opinion.
    pub satisfaction: Option<u8>,
    /// The category, as the office sorts it.
    pub category: Option<String>,
    /// Whether it is large.
    pub large: Option<bool>,
}

impl Step {
    /// A step that says nothing but what it is.
    pub fn new(kind: EventKind) -> Self {
        Self {
            kind,
            text: None,
            department: None,
            party: None,
            term: None,
            consent: false,
            due_on: None,
            satisfaction: None,
            category: None,
            large: None,
        }
    }
}

/// The step of this word.
pub fn step_called(word: &str) -> Option<EventKind> {
    EventKind::ALL.into_iter().find(|kind| kind.name() == word)
}

/// Whether a step on a matter that is there is this page's: a report makes a matter, and which matters are the same
/// is looked into where both lie side by side.
fn is_here(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Report | EventKind::Duplicate | EventKind::Unknown(_))
}

/// The steps that somebody in this role could take now with what a form can say; the likeliest first.
pub fn offered(events: &[TicketEvent], role: Role, stamp: &Stamp, today: NaiveDate) -> Vec<EventKind> {
    let state = fold(events);
    let mut kinds: Vec<EventKind> = next_steps(&state, role)
        .into_iter()
        .filter(|kind| is_here(*kind) && would_be(events, *kind, stamp, today))
        .collect();
    let likely = likely(state.stage);
    kinds.sort_by_key(|kind| (likely.iter().position(|k| k == kind).unwrap_or(usize::MAX), kind.number()));
    kinds
}

/// Whether the fold would take it with everything said that can be said: the day and the size of the matter count.
fn would_be(events: &[TicketEvent], kind: EventKind, stamp: &Stamp, today: NaiveDate) -> bool {
    let mut payload = EventPayload::new(kind);
    payload.party = Some(String::new());
    payload.due_on = Some(today);
    payload.satisfaction = Some(3);
    let trial = TicketEvent::new(String::new(), stamp, payload).after(events);
    let mut all = events.to_vec();
    all.push(trial);
    fold(&all).steps.iter().any(|step| step.event.is_empty())
}

/// What usually comes next.
fn likely(stage: Stage) -> &'static [EventKind] {
    use EventKind as K;
    match stage {
        Stage::Reported => &[K::Accept, K::CloseOnSpot, K::Assign, K::Escalate],
        Stage::SentBack => &[K::Accept, K::Assign, K::Escalate],
        Stage::Accepted | Stage::JointMeeting => &[K::Assign, K::Feedback, K::Escalate],
        Stage::Assigned => &[K::Start, K::Feedback, K::Extend],
        Stage::InProgress => &[K::Feedback, K::Extend],
        Stage::FedBack => &[K::Check],
        Stage::Checked => &[K::Close],
        Stage::Closed | Stage::ClosedOnSpot => &[K::Rate],
        Stage::Draft | Stage::Rated | Stage::Void | Stage::Duplicate => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_found_by_its_word() {
        for kind in EventKind::ALL {
            assert_eq!(step_called(kind.name()), Some(kind));
        }
        assert_eq!(step_called("tea"), None);
    }
}
