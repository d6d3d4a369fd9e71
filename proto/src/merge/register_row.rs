//! The register in a database: CBOR with tables for actors, and changes by index.

use super::register::{ChangeRecord, OpRecord, Register};
use crate::change::typed::COUNTER_MAX;
use crate::change::{ChangeHash, OpId, Path, Scalar, Stamp};
use crate::entity::genesis;
use crate::ids::{Actor, DocId};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

#[derive(Encode, Decode)]
struct ChangeRow {
    #[cbor(n(0), with = "minicbor::bytes")]
    hash: [u8; 32],
    #[n(1)]
    actor: u32,
    #[n(2)]
    seq: u64,
    #[n(3)]
    start_op: u64,
    #[n(4)]
    op_count: u64,
    #[n(5)]
    stamp: Option<Stamp>,
    #[n(6)]
    deps: Vec<u32>,
}

#[derive(Encode, Decode)]
struct OpIdRow(#[n(0)] u64, #[n(1)] u32);

#[derive(Encode, Decode)]
struct OpRow {
    #[n(0)]
    id: OpIdRow,
    #[n(1)]
    change: u32,
    #[n(2)]
    value: Scalar,
    #[n(3)]
    preds: Vec<OpIdRow>,
}

#[derive(Encode, Decode)]
struct PlaceRow {
    #[n(0)]
    container: u8,
    #[n(1)]
    key: String,
    #[n(2)]
    ops: Vec<OpRow>,
}

#[derive(Encode, Decode)]
struct RegisterRow {
    #[n(0)]
    actors: Vec<minicbor::bytes::ByteArray<16>>,
    #[n(1)]
    changes: Vec<ChangeRow>,
    #[n(2)]
    places: Vec<PlaceRow>,
}

/// A stored register that cannot be read back: it is rebuilt from the changes.
#[derive(Debug, thiserror::Error)]
#[error("the stored register of {doc} cannot be read")]
pub struct RegisterDamaged {
    /// Which document.
    pub doc: DocId,
    /// Why.
    #[source]
    pub source: Option<minicbor::decode::Error>,
}

impl Register {
    /// Bytes for a database.
    pub fn to_stored(&self) -> Vec<u8> {
        let mut actors: Vec<Actor> = self.changes.iter().map(|c| c.actor).collect();
        actors.sort_unstable();
        actors.dedup();
        let number =
            |actor: &Actor| actors.binary_search(actor).ok().and_then(|i| u32::try_from(i).ok()).unwrap_or(u32::MAX);
        let row = RegisterRow {
            changes: self
                .changes
                .iter()
                .map(|c| ChangeRow {
                    hash: c.hash.0,
                    actor: number(&c.actor),
                    seq: c.seq,
                    start_op: c.start_op,
                    op_count: c.op_count,
                    stamp: c.stamp,
                    deps: c.deps.clone(),
                })
                .collect(),
            places: self
                .ops
                .iter()
                .map(|(path, ops)| PlaceRow {
                    container: path.container,
                    key: path.key.clone(),
                    ops: ops
                        .iter()
                        .map(|op| OpRow {
                            id: OpIdRow(op.id.counter, number(&op.id.actor)),
                            change: op.change,
                            value: op.value.clone(),
                            preds: op.preds.iter().map(|p| OpIdRow(p.counter, number(&p.actor))).collect(),
                        })
                        .collect(),
                })
                .collect(),
            actors: actors.iter().map(|a| a.0.into()).collect(),
        };
        minicbor::to_vec(&row).unwrap_or_default()
    }

    /// Back from [`Register::to_stored`].
    pub fn from_stored(doc: DocId, bytes: &[u8]) -> Result<Self, RegisterDamaged> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let row: RegisterRow = decoder.decode().map_err(|source| RegisterDamaged { doc, source: Some(source) })?;
        if decoder.position() != bytes.len() {
            return Err(RegisterDamaged { doc, source: None });
        }
        Self::from_row(doc, row).ok_or(RegisterDamaged { doc, source: None })
    }

    fn from_row(doc: DocId, row: RegisterRow) -> Option<Self> {
        let actor = |n: u32| row.actors.get(usize::try_from(n).ok()?).map(|a| Actor(**a));
        let op_id = |id: &OpIdRow| Some(OpId { counter: id.0, actor: actor(id.1)? });
        let changes = row
            .changes
            .into_iter()
            .map(|c| {
                Some(ChangeRecord {
                    hash: ChangeHash(c.hash),
                    actor: actor(c.actor)?,
                    seq: c.seq,
                    start_op: c.start_op,
                    op_count: c.op_count,
                    stamp: c.stamp,
                    deps: c.deps,
                })
            })
            .collect::<Option<Vec<_>>>()?;
        if !holds_together(doc, &changes) {
            return None;
        }
        let mut ops = BTreeMap::new();
        for place in row.places {
            let records = place
                .ops
                .into_iter()
                .map(|op| {
                    Some(OpRecord {
                        id: op_id(&op.id)?,
                        change: (usize::try_from(op.change).ok()? < changes.len()).then_some(op.change)?,
                        value: op.value,
                        preds: op.preds.iter().map(op_id).collect::<Option<_>>()?,
                    })
                })
                .collect::<Option<Vec<_>>>()?;
            let path = Path { container: place.container, key: place.key };
            if !place_holds_together(&changes, &records) || ops.insert(path, records).is_some() {
                return None;
            }
        }
        Register::from_parts(doc, changes, ops)
    }
}

/// The genesis first and nothing more by its author, each change after those that it builds on, every change
/// with operations, no counter so large that the next one could not be counted.
fn holds_together(doc: DocId, changes: &[ChangeRecord]) -> bool {
    let first = changes.first().is_some_and(|c| c.hash == genesis::genesis_hash(doc.kind) && c.deps.is_empty());
    let counters = |c: &ChangeRecord| [c.seq, c.start_op, c.op_count].iter().all(|n| (1..=COUNTER_MAX).contains(n));
    let author = genesis::genesis_actor(doc.kind);
    first
        && changes.iter().all(counters)
        && changes
            .iter()
            .zip(0u32..)
            .skip(1)
            .all(|(c, i)| c.actor != author && !c.deps.is_empty() && c.deps.iter().all(|dep| *dep < i))
}

/// Each operation is one of its change's, stands in the order of ids, and replaces only what stands before it.
/// What broke this was read, written again, and could not be read any more.
fn place_holds_together(changes: &[ChangeRecord], ops: &[OpRecord]) -> bool {
    let of_its_change = |op: &OpRecord| {
        let index = usize::try_from(op.change).unwrap_or(usize::MAX);
        changes.get(index).filter(|_| index > 0).is_some_and(|change| {
            op.id.actor == change.actor && (change.start_op..=change.last_op()).contains(&op.id.counter)
        })
    };
    let before = |op: &OpRecord| {
        let stands = |pred: &OpId| *pred < op.id && ops.binary_search_by(|other| other.id.cmp(pred)).is_ok();
        op.preds.windows(2).all(|pair| pair[0] < pair[1]) && op.preds.iter().all(stands)
    };
    ops.windows(2).all(|pair| pair[0].id < pair[1].id) && ops.iter().all(|op| of_its_change(op) && before(op))
}
