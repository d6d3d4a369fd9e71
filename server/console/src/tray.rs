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

    /// Puts something in the place of what is kept under an id; the time goes on as it was. False if nothing is.
    pub(crate) fn replace(&self, owner: WorkerId, id: &str, thing: T) -> bool {
        match self.things().iter_mut().find(|kept| kept.id == id && kept.owner == owner) {
            Some(kept) => {
                kept.thing = Arc::new(thing);
                true
            }
            None => false,
        }
    }
}
