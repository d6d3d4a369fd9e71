//! Which operations stand against each other at one place.
//!
//! Not what is visible alone: a later put takes every visible operation as predecessor and would
//! silently resolve a disagreement that nobody decided. On a field that a person decides,
//! - an edit that replaces one value (or several equal ones) is a correction: it stands in their place;
//! - an edit that replaces several different ones is one more candidate: they stand beside it;
//! - a decision stands alone, until something appears that had not seen it;
//! - a decision that was undone gives back the candidates that it had replaced.

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
    // Ids grow along predecessors, so one pass in their order meets every predecessor first.
    let mut standing: HashMap<OpId, BTreeSet<OpId>> = HashMap::with_capacity(ops.len());
    for op in ops {
        let beneath: BTreeSet<OpId> =
            op.preds.iter().filter_map(|p| standing.get(p)).flat_map(|s| s.iter().copied()).collect();
        let mut here = BTreeSet::from([op.id]);
        match decisions.of_op(&op.id) {
            Some(decision) if decision.in_force => {}
            Some(_) => here = beneath,
            None => {
                let values: BTreeSet<&Scalar> =
                    op.preds.iter().filter_map(|p| by_id.get(p)).map(|p| &p.value).collect();
                let replaced: BTreeSet<OpId> = if values.len() <= 1 { op.preds.iter().copied().collect() } else { BTreeSet::new() };
                here.extend(beneath.difference(&replaced));
            }
        }
        standing.insert(op.id, here);
    }
    let mut standing_now: BTreeSet<OpId> = BTreeSet::new();
    for op in register.visible(path) {
        if let Some(set) = standing.get(&op.id) {
            standing_now.extend(set);
        }
    }
    // What a decision in force had seen is settled, even where a stale edit still carries it along.
    let settled = decisions.settled(path);
    standing_now
        .into_iter()
        .filter(|id| !settled.contains(id) || decisions.of_op(id).is_some_and(|d| d.in_force))
        .filter_map(|id| by_id.get(&id).copied())
        .map(|op| Candidate {
            op: op.id,
            value: op.value.clone(),
            stamp: register.stamp(op).copied(),
            decided: decisions.of_op(&op.id).is_some_and(|d| d.in_force),
        })
        .collect()
}
