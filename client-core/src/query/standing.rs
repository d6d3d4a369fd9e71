//! How the device stands, in what every page says: cheap, because every page asks. The whole is in `status`.

use super::sight::Sight;
use crate::enrol::Identity;
use crate::outbox::OutboxState;
use crate::store::StoreError;
use crate::store::meta::name;
use qiaomen_proto::change::Clock;
use serde::Serialize;

/// What every page says of the outbox and the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Standing {
    /// Who has this device, as people are called; none if it is nobody's.
    pub worker_name: Option<String>,
    /// Commands that the office does not have yet.
    pub unsent: u64,
    /// Commands that it refused, or keeps for a look.
    pub held: u64,
    /// Photos that it does not have whole.
    pub photos_unsent: u64,
    /// Looks of which it was not told yet.
    pub looks_unsent: u64,
    /// True if the last sync ended with the same on both sides, and nothing was written since.
    pub complete: bool,
    /// When the office was last in touch, as people read it.
    pub last_contact: Option<String>,
}

pub(crate) fn standing(sight: &Sight<'_>, identity: Option<&Identity>) -> Result<Standing, StoreError> {
    let tx = sight.tx;
    let clock: Clock = tx.cbor(name::CLOCK)?.unwrap_or_default();
    let unsent = tx.count_in(OutboxState::Pending)? + tx.count_in(OutboxState::Waiting)?;
    let photos_unsent = u64::try_from(tx.photos_unsent()?.len()).unwrap_or(u64::MAX);
    let looks_unsent = tx.looks_unsent()?;
    let last_contact_ms = Some(tx.number(name::LAST_CONTACT_MS)?).filter(|at| *at > 0);
    Ok(Standing {
        worker_name: identity.map(|i| sight.worker(i.worker())).transpose()?,
        unsent,
        held: tx.count_in(OutboxState::Rejected)? + tx.count_in(OutboxState::Quarantined)?,
        photos_unsent,
        looks_unsent,
        // The sync compares the digests at its end; between two syncs only an edit can make a difference.
        complete: tx.number(name::COMPLETE)? == 1 && unsent == 0 && photos_unsent == 0 && looks_unsent == 0,
        last_contact: last_contact_ms.map(|at| sight.time(clock.corrected_ms(at))),
    })
}
