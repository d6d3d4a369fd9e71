//! The trainings of the device's worker: they come with the reference data, and are the own ones only.

use crate::store::meta::name;
use crate::store::{StoreError, Tx};
use minicbor::{Decode, Encode};
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::limits::TRAININGS_PER_WORKER_MAX;
use qiaomen_proto::wire::pull::SyncReply;
use qiaomen_proto::wire::training::Training;

/// What is kept: of whom, and which.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Kept {
    #[cbor(n(0), with = "minicbor::bytes")]
    worker: [u8; 16],
    #[n(1)]
    trainings: Vec<Training>,
}

/// Keeps those that came with reference data; an office that does not know of trainings has none.
pub(crate) fn take(tx: &Tx<'_>, worker: WorkerId, answer: &SyncReply) -> Result<(), StoreError> {
    if answer.reference.is_empty() {
        return Ok(());
    }
    let trainings = answer.trainings.iter().flatten().take(TRAININGS_PER_WORKER_MAX).cloned().collect();
    tx.put_cbor(name::TRAININGS, &Kept { worker: *worker.as_bytes(), trainings })
}

/// Those of this worker, the latest first; none where nobody has told yet.
pub(crate) fn of(tx: &Tx<'_>, worker: WorkerId) -> Result<Option<Vec<Training>>, StoreError> {
    let kept: Option<Kept> = tx.cbor(name::TRAININGS)?;
    Ok(kept.filter(|kept| kept.worker == *worker.as_bytes()).map(|kept| kept.trainings))
}

/// The version of the reference data to be told to the office: where the worker's trainings have not come yet, none, so
/// that both come together.
pub(crate) fn reference_version(tx: &Tx<'_>, worker: WorkerId, version: u64) -> Result<u64, StoreError> {
    Ok(if of(tx, worker)?.is_some() { version } else { 0 })
}
