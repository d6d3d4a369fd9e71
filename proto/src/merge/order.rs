//! In which order facts stand: causality first, then the clock.
//!
//! A fact stands at its own stamp, or just after the latest thing in its container that its author had
//! seen, whichever is later. So whoever had seen a closing comes after it, whatever a phone whose date
//! is behind says (or one whose date is days ahead and which closed first); and among those who did not
//! know of each other the corrected clock decides. Only facts of the same container push each other: a
//! wrong date at some field does not move the steps of a matter.
//!
//! The place is a function of the changes and what they build on, never of the order of arrival.

use super::register::Register;
use crate::change::Hlc;

/// Where a fact stands among the others of its container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The later of its own stamp and of that of the latest fact that its author had seen.
    pub at: Hlc,
    /// How many facts it follows at that stamp that are not its own.
    pub after: u32,
}

impl Place {
    /// Of a fact whose author had seen no other.
    pub fn of(at: Hlc) -> Self {
        Self { at, after: 0 }
    }
    /// Of a fact with this stamp, whose author had seen the one at `seen`, and none later.
    pub fn following(at: Hlc, seen: Place) -> Self {
        if at > seen.at { Self::of(at) } else { Self { at: seen.at, after: seen.after.saturating_add(1) } }
    }
}

/// For each change of the register, the place of the facts that it adds to this container.
pub(crate) fn places(register: &Register, container: u8) -> Vec<Place> {
    let changes = register.changes();
    let mut adds = vec![false; changes.len()];
    for op in register.paths_in(container).flat_map(|path| register.history(path)) {
        if let Some(adds) = usize::try_from(op.change).ok().and_then(|i| adds.get_mut(i)) {
            *adds = true;
        }
    }
    // For each change: the latest fact that it or anything beneath it added.
    let mut latest: Vec<Option<Place>> = Vec::with_capacity(changes.len());
    let mut places = Vec::with_capacity(changes.len());
    for (change, adds) in changes.iter().zip(adds) {
        let deps = change.deps.iter().filter_map(|dep| latest.get(usize::try_from(*dep).ok()?).copied().flatten());
        let seen = deps.max();
        let at = change.stamp.map(|stamp| stamp.at).unwrap_or_default();
        let place = seen.map_or(Place::of(at), |seen| Place::following(at, seen));
        latest.push(if adds { Some(place) } else { seen });
        places.push(place);
    }
    places
}
