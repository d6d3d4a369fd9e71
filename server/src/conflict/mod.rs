//! Conflict: what could no rule decide? One open record for each document and place, kept in step with
//! the document every time it changes.

use crate::store::{StoreError, Tx};
use qiaomen_proto::change::OpId;
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::entity::view::View;

/// Brings the records of a document in step with what it shows to the office, which has every key:
/// values sealed under two keys of one subject are compared after unsealing, as on the devices.
pub fn refresh(tx: &Tx<'_>, view: &View<'_>, now_ms: u64) -> Result<(), StoreError> {
    let doc = view.register().doc();
    let found = view.conflicts();
    for conflict in &found {
        let ops: Vec<OpId> = conflict.reading.candidates.iter().map(|c| c.op).collect();
        let seen = to_bytes(&ops);
        match tx.open_conflict(doc, &conflict.path)? {
            None => {
                tx.add_conflict(doc, &conflict.path, &seen, POLICY_VERSION, now_ms)?;
            }
            Some(row) if row.candidates != seen => tx.update_conflict(row.id, &seen, now_ms)?,
            Some(_) => {}
        }
    }
    for row in tx.open_conflicts_of(doc)? {
        if !found.iter().any(|c| c.path == row.path) {
            tx.settle_conflict(row.id, "gone", None, None, now_ms)?;
        }
    }
    Ok(())
}

/// Operations as bytes: 24 each, counter then actor.
pub fn to_bytes(ops: &[OpId]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ops.len() * 24);
    for op in ops {
        bytes.extend_from_slice(&op.counter.to_be_bytes());
        bytes.extend_from_slice(&op.actor.0);
    }
    bytes
}
