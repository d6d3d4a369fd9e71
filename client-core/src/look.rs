//! A look at a masked value: written down here, durably, before the value is shown; in the office's audit after the
//! next sync. Of what was seen nothing is written, only what was looked at.

use crate::clock::random;
use crate::device::Device;
use crate::error::LookError;
use crate::store::StoreError;
use crate::store::meta::name;
use qiaomen_proto::change::Clock;
use qiaomen_proto::ids::{DocId, WorkerId};
use qiaomen_proto::limits::LOOK_FIELDS_MAX;
use std::collections::BTreeSet;

/// Within this time a second look of the same worker at the same field of the same document is the same look: a page
/// that is loaded again, or left and come back to, while somebody stands at one door. The office takes the same time
/// for looks at photos.
pub const LOOK_AGAIN_MS: u64 = 10 * 60 * 1000;
/// How long a look that the office has, but no backup of it, stays here, to be told again to an office that comes back
/// from an older backup. Beyond, an office that is never backed up would fill the phone.
pub(crate) const LOOK_KEPT_MS: u64 = 30 * 24 * 3600 * 1000;

/// What stands between the names of fields.
const BETWEEN: char = ',';

/// A look as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) id: [u8; 16],
    /// Key of the document.
    pub(crate) doc: [u8; 17],
    /// Names of the fields, with commas between.
    pub(crate) fields: String,
    pub(crate) worker: WorkerId,
    pub(crate) at_ms: u64,
}

impl Kept {
    /// The names of the fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.split(BETWEEN)
    }
}

impl Device {
    /// Writes down that the worker of this device has these fields of a document shown. Only what is durable when this
    /// returns may be shown: where it fails, the value stays masked. True if it was written down anew; false if the
    /// same was looked at within [`LOOK_AGAIN_MS`].
    pub fn look_at(&mut self, doc: DocId, fields: &[&str]) -> Result<bool, LookError> {
        let id = random(self.host.as_ref())?;
        let now_ms = self.host.now_ms();
        let worker = self.identity.as_ref().ok_or(LookError::NotEnrolled)?.worker();
        let fields: BTreeSet<&str> = fields.iter().copied().collect();
        self.store
            .write::<_, StoreError>(|tx| {
                let clock: Clock = tx.cbor(name::CLOCK)?.unwrap_or_default();
                let at_ms = clock.corrected_ms(now_ms);
                // A clock that went back makes another look of it, never none.
                let before = tx.looked_at(&doc.key(), worker, (at_ms.saturating_sub(LOOK_AGAIN_MS), at_ms))?;
                let before: BTreeSet<&str> = before.iter().flat_map(|fields| fields.split(BETWEEN)).collect();
                let fresh: Vec<&str> = fields.difference(&before).copied().take(LOOK_FIELDS_MAX).collect();
                if fresh.is_empty() {
                    return Ok(false);
                }
                let fields = fresh.join(&BETWEEN.to_string());
                tx.put_look(&Kept { id, doc: doc.key(), fields, worker, at_ms })?;
                Ok(true)
            })
            .map_err(LookError::Keep)
    }

    /// Looks that the office has not said to have.
    pub fn looks_unsent(&self) -> Result<u64, StoreError> {
        self.store.read(|tx| tx.looks_unsent())
    }
}
