//! Which operations stand against each other at one place.
//!
//! By most rules those that none has replaced. On a field that a person decides that is not enough: a
//! later put takes every visible operation as predecessor and would silently resolve a disagreement
//! that nobody decided. There, whatever was written stands until
//! - an edit by somebody who had seen that one value (or several that say the same) *corrects* it; an
//!   edit by somebody who had seen several different ones corrects none of them and is one more
//!   candidate;
//! - or a decision that is in force *settles* it: it is among what the clerk had seen.
//!
//! A decision's own put corrects nothing, so that undoing the decision gives back what it had settled,
//! and no more: what had been corrected stays corrected. The put of an undone decision does not stand,
//! and replaces nothing, by any rule: a field may have been one to decide in an older table.

use super::decision::Decisions;
use super::register::{OpRecord, Register};
use super::same::{Same, Told};
use crate::change::{OpId, Path, Scalar, Stamp};
use crate::entity::{FieldSpec, Policy};
use std::collections::BTreeSet;

/// One value that stands at a place, with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The operation.
    pub op: OpId,
    /// What it put.
    pub value: Scalar,
    /// Who, when; none only for the genesis, which puts nothing.
    pub stamp: Option<Stamp>,
    /// True if it is what a decision, still in force, put there.
    pub decided: bool,
}

/// The candidates of a place, in the order of their ids.
pub(super) fn candidates(
    register: &Register,
    path: &Path,
    (field, policy): (&FieldSpec, Policy),
    decisions: &Decisions,
    same: Same<'_>,
) -> Vec<Candidate> {
    let ops = register.history(path);
    let mut gone: Vec<OpId> = decisions.settled(path);
    for op in ops {
        let replaces = match (policy, decisions.of_op(&op.id)) {
            (Policy::Review, None) => saw_one(ops, op, field, same),
            (Policy::Review, Some(_)) => false,
            (_, decision) => decision.is_none_or(|d| d.in_force),
        };
        if replaces {
            gone.extend_from_slice(&op.preds);
        }
    }
    gone.sort_unstable();
    ops.iter()
        .filter(|op| gone.binary_search(&op.id).is_err())
        .map(|op| (op, decisions.of_op(&op.id).map(|d| d.in_force)))
        .filter(|(_, decision)| *decision != Some(false))
        .map(|(op, decision)| Candidate {
            op: op.id,
            value: op.value.clone(),
            stamp: register.stamp(op).copied(),
            decided: decision.is_some(),
        })
        .collect()
}

/// Whether the author of an operation had one value before the eyes, however often it was written.
fn saw_one(ops: &[OpRecord], op: &OpRecord, field: &FieldSpec, same: Same<'_>) -> bool {
    if op.preds.len() == 1 {
        return true;
    }
    let at = |id: &OpId| ops.binary_search_by_key(id, |op| op.id).ok().map(|i| &ops[i].value);
    let seen: BTreeSet<Told<'_>> = op.preds.iter().filter_map(at).map(|value| same.told(field, value)).collect();
    seen.len() == 1
}
