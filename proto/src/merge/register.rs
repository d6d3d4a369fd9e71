//! The register: every operation of a document, by place.
//!
//! It stands beside the document on both sides. Changes are made from it and admitted against it,
//! candidates, provenance and history are read from it; the automerge document itself is loaded only
//! to be handed out. A differential test holds the two together.

use crate::change::{ChangeHash, Edit, OpId, Path, Scalar, Stamp, TypedChange, TypedOp};
use crate::entity::genesis;
use crate::ids::{Actor, DocId};
use crate::limits::{DEPS_PER_CHANGE_MAX, PREDS_PER_OP_MAX};
use std::collections::{BTreeMap, HashMap};

/// What the register keeps of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRecord {
    /// Its hash.
    pub hash: ChangeHash,
    /// Who wrote it.
    pub actor: Actor,
    /// Count of this actor's changes.
    pub seq: u64,
    /// Counter of the first operation.
    pub start_op: u64,
    /// Number of operations.
    pub op_count: u64,
    /// Who, when; none for the genesis.
    pub stamp: Option<Stamp>,
    /// Indexes of the changes that it builds on.
    pub deps: Vec<u32>,
}

impl ChangeRecord {
    /// Counter of the last operation.
    pub fn last_op(&self) -> u64 {
        self.start_op + self.op_count - 1
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpRecord {
    /// Its identity.
    pub id: OpId,
    /// Index of its change.
    pub change: u32,
    /// What it put.
    pub value: Scalar,
    /// What it replaced.
    pub preds: Vec<OpId>,
}

/// The register of one document.
#[derive(Debug, Clone)]
pub struct Register {
    doc: DocId,
    pub(super) changes: Vec<ChangeRecord>,
    pub(super) ops: BTreeMap<Path, Vec<OpRecord>>,
    pub(super) index: HashMap<ChangeHash, u32>,
    pub(super) heads: Vec<u32>,
}

/// Which changes a set of dependencies covers.
pub(crate) struct Cover(Option<Vec<bool>>);

impl Cover {
    pub(crate) fn holds(&self, change: u32) -> bool {
        self.0.as_ref().is_none_or(|bits| bits[usize::try_from(change).unwrap_or(usize::MAX)])
    }
}

impl Register {
    /// A document with nothing but its genesis.
    pub fn genesis(doc: DocId) -> Self {
        let hash = genesis::genesis_hash(doc.kind);
        let mut register =
            Self { doc, changes: Vec::new(), ops: BTreeMap::new(), index: HashMap::new(), heads: vec![0] };
        register.index.insert(hash, 0);
        register.changes.push(ChangeRecord {
            hash,
            actor: genesis::genesis_actor(doc.kind),
            seq: 1,
            start_op: 1,
            op_count: genesis::genesis_op_count(doc.kind),
            stamp: None,
            deps: Vec::new(),
        });
        register
    }

    pub(super) fn from_parts(
        doc: DocId,
        changes: Vec<ChangeRecord>,
        ops: BTreeMap<Path, Vec<OpRecord>>,
    ) -> Option<Self> {
        let mut index = HashMap::with_capacity(changes.len());
        let mut has_child = vec![false; changes.len()];
        for (i, change) in changes.iter().enumerate() {
            index.insert(change.hash, u32::try_from(i).ok()?);
            for dep in &change.deps {
                *has_child.get_mut(usize::try_from(*dep).ok()?)? = true;
            }
        }
        let heads = has_child
            .iter()
            .enumerate()
            .filter(|(_, child)| !**child)
            .map(|(i, _)| u32::try_from(i).ok())
            .collect::<Option<_>>()?;
        Some(Self { doc, changes, ops, index, heads })
    }

    /// Which document.
    pub fn doc(&self) -> DocId {
        self.doc
    }
    /// The changes, in an order in which they can be applied; the genesis first.
    pub fn changes(&self) -> &[ChangeRecord] {
        &self.changes
    }
    /// The change at this index.
    pub fn change(&self, index: u32) -> &ChangeRecord {
        &self.changes[usize::try_from(index).unwrap_or(0)]
    }
    /// True if nothing has happened since the genesis.
    pub fn is_blank(&self) -> bool {
        self.changes.len() == 1
    }
    /// True if this change is in it.
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.index.contains_key(hash)
    }

    /// Hashes of the changes on which none builds yet, sorted.
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<_> = self.heads.iter().map(|i| self.change(*i).hash).collect();
        heads.sort_unstable();
        heads
    }

    /// Changes whose hash starts with these bytes.
    pub fn by_prefix(&self, prefix: [u8; 4]) -> Vec<ChangeHash> {
        self.changes.iter().filter(|c| c.hash.0[..4] == prefix).map(|c| c.hash).collect()
    }

    /// True if a change whose hash starts with these bytes is in it.
    pub fn knows_short(&self, head: &[u8]) -> bool {
        self.changes.iter().any(|c| c.hash.0.starts_with(head))
    }

    /// Places that have ever been written.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.ops.keys()
    }
    /// Places in one container.
    pub fn paths_in(&self, container: u8) -> impl Iterator<Item = &Path> {
        self.ops.range(Path::new(container, "")..).map(|(p, _)| p).take_while(move |p| p.container == container)
    }
    /// Every operation ever at this place, in the order of their ids.
    pub fn history(&self, path: &Path) -> &[OpRecord] {
        self.ops.get(path).map_or(&[], Vec::as_slice)
    }
    /// The stamp under which an operation was written.
    pub fn stamp(&self, op: &OpRecord) -> Option<&Stamp> {
        self.change(op.change).stamp.as_ref()
    }

    /// Operations at this place that none has replaced, in the order of their ids.
    pub fn visible(&self, path: &Path) -> Vec<&OpRecord> {
        self.visible_under(path, &Cover(None))
    }

    pub(super) fn visible_under(&self, path: &Path, cover: &Cover) -> Vec<&OpRecord> {
        let ops = || self.history(path).iter().filter(|op| cover.holds(op.change));
        let mut replaced: Vec<&OpId> = ops().flat_map(|op| &op.preds).collect();
        replaced.sort_unstable();
        ops().filter(|op| replaced.binary_search(&&op.id).is_err()).collect()
    }

    /// The changes that these cover; all of them where these are the heads.
    pub(super) fn cover(&self, deps: &[u32]) -> Cover {
        if self.heads.iter().all(|h| deps.contains(h)) {
            return Cover(None);
        }
        self.closed(deps.to_vec())
    }

    /// These changes, and all beneath them.
    fn closed(&self, mut todo: Vec<u32>) -> Cover {
        let mut bits = vec![false; self.changes.len()];
        while let Some(next) = todo.pop() {
            let bit = &mut bits[usize::try_from(next).unwrap_or(0)];
            if !*bit {
                *bit = true;
                todo.extend_from_slice(&self.change(next).deps);
            }
        }
        Cover(Some(bits))
    }

    /// The changes of which the author of at least one of these knew.
    pub(crate) fn beneath(&self, of: impl Iterator<Item = u32>) -> Cover {
        self.closed(of.flat_map(|change| &self.change(change).deps).copied().collect())
    }

    /// True if the change at `later` was made with knowledge of the one at `earlier`.
    pub fn builds_on(&self, later: u32, earlier: u32) -> bool {
        later > earlier && self.cover(&[later]).holds(earlier)
    }

    /// Largest counter under a cover.
    pub(super) fn max_op(&self, cover: &Cover) -> u64 {
        self.changes.iter().zip(0u32..).filter(|(_, i)| cover.holds(*i)).map(|(c, _)| c.last_op()).max().unwrap_or(0)
    }

    /// Count of this actor's changes.
    pub fn last_seq(&self, actor: &Actor) -> u64 {
        self.changes.iter().filter(|c| c.actor == *actor).map(|c| c.seq).max().unwrap_or(0)
    }

    /// Makes the change that these edits are, here and now: it builds on all heads and replaces what is
    /// visible at each place. At most one edit a place (a later one of the same place wins).
    ///
    /// Where there are more heads or more visible values than one change may name, it names as many as
    /// it may; the next change takes up the rest. A document never gets stuck because many wrote at once.
    pub fn make_change(&self, actor: Actor, stamp: Stamp, edits: Vec<Edit>) -> TypedChange {
        let mut last: BTreeMap<Path, Scalar> = BTreeMap::new();
        for edit in edits {
            last.insert(edit.path, edit.value);
        }
        let base = self.base_of(&actor);
        let cover = self.cover(&base);
        let mut deps: Vec<_> = base.iter().map(|i| self.change(*i).hash).collect();
        deps.sort_unstable();
        TypedChange {
            doc: self.doc,
            actor,
            seq: self.last_seq(&actor) + 1,
            start_op: self.max_op(&cover) + 1,
            deps,
            stamp,
            ops: last
                .into_iter()
                .map(|(path, value)| {
                    let visible = self.visible_under(&path, &cover);
                    let preds: Vec<_> = visible.iter().take(PREDS_PER_OP_MAX).map(|op| op.id).collect();
                    TypedOp { path, value, preds_implied: preds.len() == visible.len(), preds }
                })
                .collect(),
        }
    }

    /// The heads that this actor's next change builds on: all, or as many as a change may name, and
    /// among them one that covers the actor's own last change.
    fn base_of(&self, actor: &Actor) -> Vec<u32> {
        let mut heads = self.heads.clone();
        if heads.len() > DEPS_PER_CHANGE_MAX {
            heads.sort_unstable_by_key(|h| self.change(*h).hash);
            if let Some(own) = self.changes.iter().rposition(|c| c.actor == *actor).and_then(|i| u32::try_from(i).ok())
                && let Some(at) = heads.iter().position(|h| self.cover(&[*h]).holds(own))
            {
                heads.swap(0, at);
            }
            heads.truncate(DEPS_PER_CHANGE_MAX);
        }
        heads
    }

    /// Adds a change that fits (see [`Register::fit`]). Nothing is checked here.
    pub fn apply(&mut self, change: &TypedChange, hash: ChangeHash) {
        let index = u32::try_from(self.changes.len()).unwrap_or(u32::MAX);
        let deps: Vec<u32> = change.deps.iter().filter_map(|h| self.index.get(h).copied()).collect();
        self.heads.retain(|h| !deps.contains(h));
        self.heads.push(index);
        self.index.insert(hash, index);
        for (i, op) in change.ops.iter().enumerate() {
            let record =
                OpRecord { id: change.op_id(i), change: index, value: op.value.clone(), preds: op.preds.clone() };
            let ops = self.ops.entry(op.path.clone()).or_default();
            let at = ops.partition_point(|o| o.id < record.id);
            ops.insert(at, record);
        }
        self.changes.push(ChangeRecord {
            hash,
            actor: change.actor,
            seq: change.seq,
            start_op: change.start_op,
            op_count: u64::try_from(change.ops.len()).unwrap_or(u64::MAX),
            stamp: Some(change.stamp),
            deps,
        });
    }

    /// A form that is the same for every order of arrival: for comparisons and checks.
    pub fn canonical(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.changes.iter().map(|c| format!("change {:?} {:?}", c.hash, c.seq)).collect();
        lines.sort_unstable();
        for (path, ops) in &self.ops {
            for op in ops {
                lines.push(format!("op {path:?} {:?} {:?} {:?}", op.id, op.value, op.preds));
            }
        }
        lines
    }
}

/// What dependencies alone say about a change that builds on them.
pub(crate) struct Implied {
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    /// For each place, in the order asked.
    pub(crate) preds: Vec<Vec<OpId>>,
}

impl Register {
    /// What these dependencies imply for a change of this actor at these places; none if one is not here.
    pub(crate) fn implied_by<'p>(
        &self,
        deps: &[ChangeHash],
        actor: &Actor,
        paths: impl Iterator<Item = &'p Path>,
    ) -> Option<Implied> {
        let deps = deps.iter().map(|h| self.index.get(h).copied()).collect::<Option<Vec<_>>>()?;
        let cover = self.cover(&deps);
        let seq = self
            .changes
            .iter()
            .zip(0u32..)
            .filter(|(c, i)| c.actor == *actor && cover.holds(*i))
            .map(|(c, _)| c.seq)
            .max()
            .unwrap_or(0)
            + 1;
        let preds = paths.map(|p| self.visible_under(p, &cover).into_iter().map(|op| op.id).collect()).collect();
        Some(Implied { seq, start_op: self.max_op(&cover) + 1, preds })
    }
}
