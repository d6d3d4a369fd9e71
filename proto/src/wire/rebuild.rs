//! From what travelled back to the exact change, with the document's register at hand.
//!
//! What was left out is rebuilt from the dependencies alone, never from what else has arrived, so that
//! every receiver rebuilds the same. The command's check then proves it.

use super::unbatch::{DraftChange, DraftDeps};
use crate::change::{ChangeHash, Stamp, TypedChange, TypedOp};
use crate::entity::genesis::genesis_hash;
use crate::merge::Register;

/// Why a change could not be rebuilt here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unbuildable {
    /// It builds on something that is not here. It may come later; or the sender sends it in full.
    #[error("builds on something that is not here")]
    Missing,
    /// Four bytes name more than one change here: the sender has to send it in full.
    #[error("a dependency is named too shortly")]
    Ambiguous,
    /// The operation counters are out of range.
    #[error("operation counters out of range")]
    Counter,
}

/// Rebuilds one change. `previous` is the change before of the same document in this batch, as it was
/// rebuilt here, whether it was taken or not; none where it could not be. Never an earlier one: then the
/// command's check would fail.
pub fn rebuild(
    draft: DraftChange,
    stamp: Stamp,
    register: &Register,
    previous: Option<ChangeHash>,
) -> Result<TypedChange, Unbuildable> {
    let doc = register.doc();
    let mut deps = match draft.deps {
        DraftDeps::Genesis => vec![genesis_hash(doc.kind)],
        DraftDeps::Previous => vec![previous.ok_or(Unbuildable::Missing)?],
        DraftDeps::Full(hashes) => hashes,
        DraftDeps::Prefixes(prefixes) => prefixes
            .into_iter()
            .map(|prefix| match register.by_prefix(prefix).as_slice() {
                [] => Err(Unbuildable::Missing),
                [one] => Ok(*one),
                _ => Err(Unbuildable::Ambiguous),
            })
            .collect::<Result<_, _>>()?,
    };
    deps.sort_unstable();
    let implied = register.implied_by(&deps, &draft.actor, draft.ops.iter().map(|op| &op.path));
    let (seq, start_op) = match (draft.explicit, &implied) {
        (Some(explicit), _) => explicit,
        (None, Some(implied)) => (implied.seq, implied.start_op),
        (None, None) => return Err(Unbuildable::Missing),
    };
    let mut ops = Vec::with_capacity(draft.ops.len());
    for (i, op) in draft.ops.into_iter().enumerate() {
        let visible = implied.as_ref().map(|im| &im.preds[i]);
        let (preds, preds_implied) = match (op.preds, visible) {
            (Some(preds), visible) => {
                let same = visible == Some(&preds);
                (preds, same)
            }
            (None, Some(visible)) => (visible.clone(), true),
            (None, None) => return Err(Unbuildable::Missing),
        };
        ops.push(TypedOp { path: op.path, value: op.value, preds, preds_implied });
    }
    if seq > crate::change::typed::COUNTER_MAX || start_op > crate::change::typed::COUNTER_MAX {
        return Err(Unbuildable::Counter);
    }
    Ok(TypedChange { doc, actor: draft.actor, seq, start_op, deps, stamp, ops })
}
