//! One change, typed: the only form in which a change is made, sent, checked and stored.
//!
//! Its automerge form is rebuilt from it, exactly, and gives the hash. No automerge bytes are ever
//! read from a device: mutated ones panic or poison documents (measured: one in sixteen).

use super::{Scalar, Stamp};
use crate::entity::genesis;
use crate::ids::{Actor, DocId};
use automerge::legacy::{Key, ObjectId, Op, OpId as AmOpId, OpType};
use std::num::NonZeroU64;

/// Hash of a change: SHA-256 over its automerge form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeHash(pub [u8; 32]);

impl std::fmt::Debug for ChangeHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0[..4].iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

/// Identity of an operation. Ordered as automerge orders them: counter, then actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId {
    /// Lamport counter.
    pub counter: u64,
    /// Whose.
    pub actor: Actor,
}

/// A place in a document: container (index in the genesis) and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// Index of the container in the kind's genesis.
    pub container: u8,
    /// Key in the container.
    pub key: String,
}

impl Path {
    /// Puts the two together.
    pub fn new(container: u8, key: impl Into<String>) -> Self {
        Self { container, key: key.into() }
    }
}

/// What somebody wants to stand at a place. Predecessors are found when the change is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where.
    pub path: Path,
    /// What.
    pub value: Scalar,
}

/// One put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedOp {
    /// Where.
    pub path: Path,
    /// What.
    pub value: Scalar,
    /// The operations that it replaces, strictly increasing.
    pub preds: Vec<OpId>,
    /// True if `preds` are exactly those visible at the change's dependencies: then the wire leaves
    /// them out, whoever the receiver is.
    pub preds_implied: bool,
}

/// One change to one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedChange {
    /// The document. Not part of the hash: the identity of a change is (document, hash).
    pub doc: DocId,
    /// Which store.
    pub actor: Actor,
    /// Count of this actor's changes in this document, from 1.
    pub seq: u64,
    /// Counter of the first operation.
    pub start_op: u64,
    /// Hashes that it builds on, sorted.
    pub deps: Vec<ChangeHash>,
    /// Who, when, in which command.
    pub stamp: Stamp,
    /// The operations.
    pub ops: Vec<TypedOp>,
}

/// A typed change that no automerge change corresponds to.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RebuildError {
    /// Predecessors are not strictly increasing.
    #[error("predecessors are not strictly increasing")]
    PredecessorOrder,
    /// A counter is zero or too large.
    #[error("operation counter out of range")]
    Counter,
    /// The container does not exist in the kind.
    #[error("no such container")]
    Container,
    /// The change is empty.
    #[error("a change without operations")]
    Empty,
}

/// Counters stay below this, far above any honest document, so that sums cannot overflow.
pub const COUNTER_MAX: u64 = 1 << 40;

impl TypedChange {
    /// The exact automerge change.
    pub fn to_automerge(&self) -> Result<automerge::Change, RebuildError> {
        if self.ops.is_empty() {
            return Err(RebuildError::Empty);
        }
        if self.seq > COUNTER_MAX || self.start_op > COUNTER_MAX {
            return Err(RebuildError::Counter);
        }
        let start_op = NonZeroU64::new(self.start_op).ok_or(RebuildError::Counter)?;
        let mut operations = Vec::with_capacity(self.ops.len());
        for op in &self.ops {
            if op.preds.windows(2).any(|w| w[0] >= w[1]) {
                return Err(RebuildError::PredecessorOrder);
            }
            if op.preds.iter().any(|p| p.counter == 0 || p.counter > COUNTER_MAX) {
                return Err(RebuildError::Counter);
            }
            let container = genesis::container_op(self.doc.kind, op.path.container).ok_or(RebuildError::Container)?;
            operations.push(Op {
                action: OpType::Put(op.value.to_automerge()),
                obj: ObjectId::Id(am_op(&container)),
                key: Key::Map(op.path.key.as_str().into()),
                pred: op.preds.iter().map(am_op).collect(),
                insert: false,
            });
        }
        Ok(automerge::Change::from(automerge::ExpandedChange {
            operations,
            actor_id: am_actor(&self.actor),
            hash: None,
            seq: self.seq,
            start_op,
            time: i64::try_from(self.stamp.at.wall_ms / 1000).unwrap_or(i64::MAX),
            message: Some(self.stamp.to_text()),
            deps: self.deps.iter().map(|h| automerge::ChangeHash(h.0)).collect(),
            extra_bytes: Vec::new(),
            author: None,
        }))
    }

    /// Its hash.
    pub fn hash(&self) -> Result<ChangeHash, RebuildError> {
        Ok(ChangeHash(self.to_automerge()?.hash().0))
    }

    /// Identity of its `index`-th operation.
    pub fn op_id(&self, index: usize) -> OpId {
        OpId { counter: self.start_op + u64::try_from(index).unwrap_or(u64::MAX), actor: self.actor }
    }
}

pub(crate) fn am_actor(actor: &Actor) -> automerge::ActorId {
    automerge::ActorId::from(actor.0)
}

fn am_op(id: &OpId) -> AmOpId {
    AmOpId::new(id.counter, &am_actor(&id.actor))
}
