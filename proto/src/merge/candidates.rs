//! Which operations stand against each other at one place.
//!
//! Not what is visible alone: a later put takes every visible operation as predecessor and would
//! silently resolve a disagreement that nobody decided. On a field that a person decides, whatever was
//! written stands until
//! - an edit by somebody who had seen that one value (or several equal ones) *corrects* it; an edit by
//!   somebody who had seen several different ones corrects none of them and is one more candidate;
//! - or a decision that is in force *settles* it: it is among what the clerk had seen.
//!
//! A decision's own put corrects nothing, so that undoing the decision gives back what it had settled,
//! and no more: what had been corrected stays corrected. The put of an undone decision does not stand.

use super::decision::Decisions;
use super::register::{OpRecord, Register};
use crate::change::{OpId, Path, Scalar, Stamp};
use std::collections::{BTreeSet, HashMap};

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
pub(super) fn candidates(register: &Register, path: &Path, decisions: &Decisions) -> Vec<Candidate> {
    let ops = register.history(path);
    let by_id: HashMap<OpId, &OpRecord> = ops.iter().map(|op| (op.id, op)).collect();
    let mut gone: BTreeSet<OpId> = decisions.settled(path);
    for op in ops.iter().filter(|op| decisions.of_op(&op.id).is_none()) {
        let seen: BTreeSet<&Scalar> = op.preds.iter().filter_map(|p| by_id.get(p)).map(|p| &p.value).collect();
        if seen.len() == 1 {
            gone.extend(&op.preds);
        }
    }
    ops.iter()
        .filter(|op| !gone.contains(&op.id))
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
