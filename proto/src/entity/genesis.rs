//! The first change of every document of a kind: fixed actor, sequence 1, time 0, containers only.
//!
//! Devices create no objects ever: two concurrent `put_object` on one key hide one side's subtree.
//! Here every container exists from a change that has the same hash everywhere. A new schema is a
//! follow-up change by a new fixed actor, never another genesis. The bytes are pinned in
//! `tests/golden/genesis.txt`.

use super::spec::kind_spec;
use crate::change::typed::am_actor;
use crate::change::{ChangeHash, OpId};
use crate::ids::{Actor, Kind};
use automerge::legacy::{Key, ObjectId, Op, OpType};
use std::num::NonZeroU64;
use std::sync::OnceLock;

/// The fixed actor: `qiaomen`, the kind's number, the schema's, zeros.
pub fn genesis_actor(kind: Kind) -> Actor {
    let mut actor = [0; 16];
    actor[..7].copy_from_slice(b"qiaomen");
    actor[7] = kind.number();
    actor[8] = 1;
    Actor(actor)
}

/// Operation that made the container with this index.
pub fn container_op(kind: Kind, container: u8) -> Option<OpId> {
    kind_spec(kind).container(container)?;
    Some(OpId { counter: u64::from(container) + 1, actor: genesis_actor(kind) })
}

/// Number of operations of the genesis; the first edit's operations follow.
pub fn genesis_op_count(kind: Kind) -> u64 {
    kind_spec(kind).containers.len() as u64
}

/// The genesis change.
pub fn genesis_change(kind: Kind) -> automerge::Change {
    automerge::Change::from(automerge::ExpandedChange {
        operations: kind_spec(kind)
            .containers
            .iter()
            .map(|c| Op {
                action: OpType::Make(automerge::ObjType::Map),
                obj: ObjectId::Root,
                key: Key::Map(c.name.into()),
                pred: Vec::new().into(),
                insert: false,
            })
            .collect(),
        actor_id: am_actor(&genesis_actor(kind)),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::MIN,
        time: 0,
        message: None,
        deps: Vec::new(),
        extra_bytes: Vec::new(),
        author: None,
    })
}

/// Hash of the genesis change.
pub fn genesis_hash(kind: Kind) -> ChangeHash {
    static HASHES: OnceLock<[ChangeHash; 4]> = OnceLock::new();
    HASHES.get_or_init(|| Kind::ALL.map(|k| ChangeHash(genesis_change(k).hash().0)))[usize::from(kind.number()) - 1]
}
