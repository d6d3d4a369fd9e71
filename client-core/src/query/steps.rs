//! The steps of a matter by their names, and those that a role would take next.

use qiaomen_proto::ids::Role;
use qiaomen_proto::merge::fold::{EventKind, TicketState, next_steps};
use serde::Serialize;

/// A step that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StepLine {
    /// Its permanent name.
    pub step: &'static str,
    /// What people call it.
    pub title: &'static str,
}

/// The step that somebody calls so: by its name, dashes as well as strokes, or in Chinese.
pub fn step_called(words: &str) -> Option<EventKind> {
    let words = words.trim();
    let name = words.to_ascii_lowercase().replace('-', "_");
    EventKind::ALL.into_iter().find(|kind| kind.name() == name || kind.title() == words)
}

/// Every step that this role could take now.
pub(crate) fn steps(state: &TicketState, role: Role) -> Vec<StepLine> {
    next_steps(state, role).into_iter().map(|kind| StepLine { step: kind.name(), title: kind.title() }).collect()
}

/// Those that bring the matter on: adding, returning and escalating are always possible and no work
/// that waits.
pub(crate) fn useful_steps(state: &TicketState, role: Role) -> Vec<EventKind> {
    next_steps(state, role)
        .into_iter()
        .filter(|kind| {
            !matches!(
                kind,
                EventKind::Supplement
                    | EventKind::SendBack
                    | EventKind::Escalate
                    | EventKind::Void
                    | EventKind::Duplicate
                    | EventKind::Extend
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_found_by_its_name_and_in_chinese() {
        for kind in EventKind::ALL {
            assert_eq!(step_called(kind.name()), Some(kind));
            assert_eq!(step_called(kind.title()), Some(kind));
        }
        assert_eq!(step_called("close-on-spot"), Some(EventKind::CloseOnSpot));
        assert_eq!(step_called("喝茶"), None);
    }
}
