//! The typed form of a change in a database: CBOR, self-contained but for the document's id.

use super::{ChangeHash, OpId, Path, Scalar, Stamp, TypedChange, TypedOp};
use crate::ids::{Actor, DocId};
use minicbor::{Decode, Encode};

#[derive(Encode, Decode)]
pub(crate) struct OpIdRow(#[n(0)] pub(crate) u64, #[cbor(n(1), with = "minicbor::bytes")] pub(crate) [u8; 16]);

impl From<OpId> for OpIdRow {
    fn from(id: OpId) -> Self {
        Self(id.counter, id.actor.0)
    }
}
impl From<OpIdRow> for OpId {
    fn from(row: OpIdRow) -> Self {
        Self { counter: row.0, actor: Actor(row.1) }
    }
}

#[derive(Encode, Decode)]
struct OpRow {
    #[n(0)]
    container: u8,
    #[n(1)]
    key: String,
    #[n(2)]
    value: Scalar,
    #[n(3)]
    preds: Vec<OpIdRow>,
    #[n(4)]
    implied: bool,
}

#[derive(Encode, Decode)]
struct ChangeRow {
    #[cbor(n(0), with = "minicbor::bytes")]
    actor: [u8; 16],
    #[n(1)]
    seq: u64,
    #[n(2)]
    start_op: u64,
    #[cbor(n(3), with = "minicbor::bytes")]
    deps: Vec<u8>,
    #[n(4)]
    stamp: Stamp,
    #[n(5)]
    ops: Vec<OpRow>,
}

/// A stored change that cannot be read back: the database is damaged.
#[derive(Debug, thiserror::Error)]
#[error("a stored change of {doc} cannot be read")]
pub struct StoredChangeDamaged {
    /// Which document.
    pub doc: DocId,
    /// Why.
    #[source]
    pub source: Option<minicbor::decode::Error>,
}

impl TypedChange {
    /// Bytes for a database.
    pub fn to_stored(&self) -> Vec<u8> {
        let row = ChangeRow {
            actor: self.actor.0,
            seq: self.seq,
            start_op: self.start_op,
            deps: self.deps.iter().flat_map(|h| h.0).collect(),
            stamp: self.stamp,
            ops: self
                .ops
                .iter()
                .map(|op| OpRow {
                    container: op.path.container,
                    key: op.path.key.clone(),
                    value: op.value.clone(),
                    preds: op.preds.iter().map(|p| (*p).into()).collect(),
                    implied: op.preds_implied,
                })
                .collect(),
        };
        // Encoding into a Vec has no error but an encoder's own, and derived ones have none.
        minicbor::to_vec(&row).unwrap_or_default()
    }

    /// Back from [`TypedChange::to_stored`].
    pub fn from_stored(doc: DocId, bytes: &[u8]) -> Result<Self, StoredChangeDamaged> {
        let damaged = |source| StoredChangeDamaged { doc, source };
        let mut decoder = minicbor::Decoder::new(bytes);
        let row: ChangeRow = decoder.decode().map_err(|source| damaged(Some(source)))?;
        let (hashes, rest) = row.deps.as_chunks::<32>();
        if decoder.position() != bytes.len() || !rest.is_empty() {
            return Err(damaged(None));
        }
        let deps = hashes.iter().copied().map(ChangeHash).collect();
        Ok(Self {
            doc,
            actor: Actor(row.actor),
            seq: row.seq,
            start_op: row.start_op,
            deps,
            stamp: row.stamp,
            ops: row
                .ops
                .into_iter()
                .map(|op| TypedOp {
                    path: Path { container: op.container, key: op.key },
                    value: op.value,
                    preds: op.preds.into_iter().map(OpId::from).collect(),
                    preds_implied: op.implied,
                })
                .collect(),
        })
    }
}
