//! What is kept for somebody between two requests, in memory only: a code that is shown once, a book that is being
//! looked at. Under a random id, for whoever put it there and nobody else, bounded in number and time.

use crate::refusal::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::WorkerId;
use qiaomen_server::office::{Office, OfficeError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Things that are kept for a while.
pub(crate) struct Tray<T> {
    things: Arc<Mutex<Vec<Kept<T>>>>,
    bounds: TrayBounds,
}

/// How much is kept, and how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TrayBounds {
    /// For one person: the oldest goes when one more comes.
    pub(crate) each: usize,
    /// For everybody together: then the office is busy.
    pub(crate) all: usize,
    /// Milliseconds.
    pub(crate) life_ms: u64,
}

struct Kept<T> {
    id: String,
    owner: WorkerId,
    until_ms: u64,
    thing: Arc<T>,
}

impl<T> Clone for Tray<T> {
    fn clone(&self) -> Self {
        Self { things: self.things.clone(), bounds: self.bounds }
    }
}

// What is kept are secrets and people's values: only how many there are is ever said.
impl<T> std::fmt::Debug for Tray<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tray").field("kept", &self.things().len()).finish_non_exhaustive()
    }
}

impl<T> Tray<T> {
    pub(crate) fn new(bounds: TrayBounds) -> Self {
        Self { things: Arc::default(), bounds }
    }

    fn things(&self) -> MutexGuard<'_, Vec<Kept<T>>> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps something. The id under which its owner gets it again.
    pub(crate) fn keep(&self, office: &Office, owner: WorkerId, thing: T) -> Result<String, Refusal> {
        let random: [u8; 16] = office.random().map_err(OfficeError::from)?;
        let (id, now_ms) = (URL_SAFE_NO_PAD.encode(random), office.now_ms());
        let mut things = self.things();
        things.retain(|kept| kept.until_ms > now_ms);
        while things.iter().filter(|kept| kept.owner == owner).count() >= self.bounds.each {
            let Some(oldest) = things.iter().position(|kept| kept.owner == owner) else { break };
            things.remove(oldest);
        }
        if things.len() >= self.bounds.all {
            return Err(Code::Busy.into());
        }
        let until_ms = now_ms.saturating_add(self.bounds.life_ms);
        things.push(Kept { id: id.clone(), owner, until_ms, thing: Arc::new(thing) });
        Ok(id)
    }

    /// What is kept under an id for its owner.
    pub(crate) fn look(&self, office: &Office, owner: WorkerId, id: &str) -> Option<Arc<T>> {
        let now_ms = office.now_ms();
        let mut things = self.things();
        things.retain(|kept| kept.until_ms > now_ms);
        things.iter().find(|kept| kept.id == id && kept.owner == owner).map(|kept| kept.thing.clone())
    }

    /// Takes out what is kept under an id for its owner.
    pub(crate) fn take(&self, office: &Office, owner: WorkerId, id: &str) -> Option<Arc<T>> {
        let found = self.look(office, owner, id)?;
        self.things().retain(|kept| kept.id != id);
        Some(found)
    }

    /// Puts something under an id, in the place of what is kept there or was taken out.
    pub(crate) fn put(&self, office: &Office, owner: WorkerId, id: String, thing: Arc<T>) {
        let until_ms = office.now_ms().saturating_add(self.bounds.life_ms);
        let mut things = self.things();
        things.retain(|kept| kept.id != id);
        things.push(Kept { id, owner, until_ms, thing });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_server::clock::Machine;

    const BOUNDS: TrayBounds = TrayBounds { each: 2, all: 3, life_ms: 60_000 };

    fn office() -> (tempfile::TempDir, Office) {
        let dir = tempfile::tempdir().unwrap();
        let office = Office::init(&dir.path().join("office"), "和顺社区", "150782001001", Arc::new(Machine)).unwrap();
        (dir, office)
    }
    fn person(n: u8) -> WorkerId {
        WorkerId::from_bytes([n; 16])
    }

    #[test]
    fn what_is_kept_is_for_its_owner_and_can_be_taken_once() {
        let (_dir, office) = office();
        let tray = Tray::new(BOUNDS);
        let id = tray.keep(&office, person(1), "a").unwrap();
        assert!(tray.take(&office, person(2), &id).is_none());
        assert_eq!(tray.look(&office, person(1), &id).as_deref(), Some(&"a"));
        assert_eq!(tray.take(&office, person(1), &id).as_deref(), Some(&"a"));
        assert!(tray.take(&office, person(1), &id).is_none());
    }

    #[test]
    fn the_oldest_of_ones_own_makes_room_and_nobody_elses() {
        let (_dir, office) = office();
        let tray = Tray::new(BOUNDS);
        let first = tray.keep(&office, person(1), 1).unwrap();
        let second = tray.keep(&office, person(1), 2).unwrap();
        let third = tray.keep(&office, person(1), 3).unwrap();
        assert!(tray.look(&office, person(1), &first).is_none());
        assert!(tray.look(&office, person(1), &second).is_some() && tray.look(&office, person(1), &third).is_some());
        tray.keep(&office, person(2), 4).unwrap();
        assert!(tray.keep(&office, person(3), 5).is_err(), "everybody together has a bound as well");
    }

    #[test]
    fn what_is_kept_goes_away_by_itself() {
        let (_dir, office) = office();
        let tray = Tray::new(TrayBounds { life_ms: 0, ..BOUNDS });
        let id = tray.keep(&office, person(1), 1).unwrap();
        assert!(tray.look(&office, person(1), &id).is_none());
    }
}
