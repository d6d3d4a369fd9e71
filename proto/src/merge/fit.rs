//! May this change join this document? The structural part of admission; who may do what is asked
//! elsewhere. What passes here rebuilds, applies to the automerge document without error, and is seen
//! by every reader in the same way.

use super::register::Register;
use crate::change::{ChangeHash, TypedChange};
use crate::entity::genesis::genesis_actor;
use crate::entity::{Shape, kind_spec};
use crate::limits::{
    CHANGES_PER_DOCUMENT_MAX, DEPS_PER_CHANGE_MAX, KEY_BYTES_MAX, OPS_PER_CHANGE_MAX, PREDS_PER_OP_MAX, VALUE_BYTES_MAX,
};
use std::collections::HashSet;

/// Why a change cannot join, now or ever.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It is there already.
    #[error("already there")]
    Duplicate,
    /// It builds on changes that are not there yet: it waits.
    #[error("builds on changes that are not here")]
    Missing(Vec<ChangeHash>),
    /// Another change by the same actor stands at its sequence: a cloned or restored store.
    #[error("another change stands at this place of its author")]
    Fork,
    /// It is larger than this program takes, or stands where this program knows no place: a later program may
    /// write so. A person looks at it.
    #[error("beyond what this program knows: {0}")]
    Beyond(&'static str),
    /// It is formed as no honest store forms one.
    #[error("malformed: {0}")]
    Malformed(&'static str),
}

impl Register {
    /// Checks that `change` with this `hash` can be applied.
    pub fn fit(&self, change: &TypedChange, hash: &ChangeHash) -> Result<(), Misfit> {
        if self.contains(hash) {
            return Err(Misfit::Duplicate);
        }
        if change.doc != self.doc() {
            return Err(Misfit::Malformed("another document"));
        }
        if change.seq == 0 || change.actor == genesis_actor(self.doc().kind) {
            return Err(Misfit::Malformed("author"));
        }
        if change.ops.is_empty() {
            return Err(Misfit::Malformed("no operations"));
        }
        if change.ops.len() > OPS_PER_CHANGE_MAX {
            return Err(Misfit::Beyond("number of operations"));
        }
        if change.deps.is_empty() || change.deps.len() > DEPS_PER_CHANGE_MAX {
            return Err(Misfit::Malformed("number of dependencies"));
        }
        if change.deps.windows(2).any(|w| w[0] >= w[1]) {
            return Err(Misfit::Malformed("order of dependencies"));
        }
        if self.changes().len() >= CHANGES_PER_DOCUMENT_MAX {
            return Err(Misfit::Beyond("number of changes of the document"));
        }
        let last_seq = self.last_seq(&change.actor);
        if change.seq <= last_seq {
            return Err(Misfit::Fork);
        }
        let missing: Vec<_> = change.deps.iter().filter(|h| !self.contains(h)).copied().collect();
        if !missing.is_empty() || change.seq > last_seq + 1 {
            return Err(Misfit::Missing(missing));
        }
        let deps: Vec<u32> = change.deps.iter().filter_map(|h| self.index.get(h).copied()).collect();
        let cover = self.cover(&deps);
        let own_last =
            self.changes().iter().zip(0u32..).filter(|(c, _)| c.actor == change.actor).map(|(_, i)| i).last();
        if own_last.is_some_and(|i| !cover.holds(i)) {
            return Err(Misfit::Malformed("does not build on its author's last change"));
        }
        // No dependency may be implied by another: honest stores name heads only, and a longer list of
        // the same meaning would be another hash of the same change.
        for (i, dep) in deps.iter().enumerate() {
            let others: Vec<u32> = deps.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, d)| *d).collect();
            if !others.is_empty() && self.covers(&others, *dep) {
                return Err(Misfit::Malformed("a dependency that another implies"));
            }
        }
        if change.start_op != self.max_op(&cover) + 1 {
            return Err(Misfit::Malformed("first operation"));
        }
        let spec = kind_spec(self.doc().kind);
        let mut places = HashSet::new();
        for op in &change.ops {
            let Some(container) = spec.container(op.path.container) else {
                return Err(Misfit::Beyond("container"));
            };
            // What is larger could not travel on to anybody.
            if op.path.key.is_empty() {
                return Err(Misfit::Malformed("key"));
            }
            if op.path.key.len() > KEY_BYTES_MAX {
                return Err(Misfit::Beyond("length of a key"));
            }
            if op.value.len() > VALUE_BYTES_MAX {
                return Err(Misfit::Beyond("length of a value"));
            }
            if !places.insert(&op.path) {
                return Err(Misfit::Malformed("one place twice"));
            }
            if op.preds.len() > PREDS_PER_OP_MAX || op.preds.windows(2).any(|w| w[0] >= w[1]) {
                return Err(Misfit::Malformed("predecessors"));
            }
            let visible = self.visible_under(&op.path, &cover);
            if op.preds.iter().any(|p| !visible.iter().any(|v| v.id == *p)) {
                return Err(Misfit::Malformed("a predecessor that is not visible"));
            }
            // A record is a fact: it is added once, and nothing later stands in its place.
            if container.shape == Shape::Records && !visible.is_empty() {
                return Err(Misfit::Malformed("a record that is there already"));
            }
            // Whoever writes over one of several values replaces all that she saw: naming fewer would make
            // a disagreement vanish piece by piece that nobody decided.
            if op.preds.len() != visible.len().min(PREDS_PER_OP_MAX) {
                return Err(Misfit::Malformed("a visible value that is not among the predecessors"));
            }
        }
        Ok(())
    }

    fn covers(&self, deps: &[u32], change: u32) -> bool {
        let mut seen = vec![false; self.changes().len()];
        let mut todo = deps.to_vec();
        while let Some(next) = todo.pop() {
            if next == change {
                return true;
            }
            let bit = &mut seen[usize::try_from(next).unwrap_or(0)];
            if !*bit && next > change {
                // Indexes follow dependencies: nothing below `change` can lead back to it.
                *bit = true;
                todo.extend_from_slice(&self.change(next).deps);
            }
        }
        false
    }
}
