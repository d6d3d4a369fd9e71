//! The value that holds for now at one place, and why. Automerge's own pick is never shown.

use super::candidates::{Candidate, candidates};
use super::decision::Decisions;
use super::register::Register;
use crate::change::{Hlc, OpId, Path, Scalar};
use crate::entity::{FieldSpec, Policy};
use std::collections::BTreeSet;

/// Why this value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Nobody said anything else.
    Only,
    /// It is the latest.
    Latest,
    /// A higher role wrote it.
    Rank,
    /// A refusal is respected.
    Refusal,
    /// All of them hold.
    All,
    /// A person decided.
    Decided,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Everything that stands there, in the order of operation ids.
    pub candidates: Vec<Candidate>,
    /// Which of them holds for now; several where all hold.
    pub holds: Vec<OpId>,
    /// Why.
    pub why: Why,
    /// True where a person has to decide.
    pub conflict: bool,
}

impl Reading {
    /// The values that hold, each once.
    pub fn values(&self) -> Vec<&Scalar> {
        let mut values: Vec<&Scalar> = Vec::new();
        for candidate in self.candidates.iter().filter(|c| self.holds.contains(&c.op)) {
            if !values.contains(&&candidate.value) {
                values.push(&candidate.value);
            }
        }
        values
    }
    /// The value that holds, where one does.
    pub fn value(&self) -> Option<&Scalar> { self.values().first().copied() }
}

/// Reads one place under its field's policy. `None` where nothing was ever written.
pub fn read(register: &Register, path: &Path, field: &FieldSpec, decisions: &Decisions) -> Option<Reading> {
    let found = match field.policy {
        Policy::Review => candidates(register, path, decisions),
        _ => register
            .visible(path)
            .into_iter()
            .map(|op| Candidate { op: op.id, value: op.value.clone(), stamp: register.stamp(op).copied(), decided: false })
            .collect(),
    };
    if found.is_empty() {
        return None;
    }
    let different = found.iter().map(|c| &c.value).collect::<BTreeSet<_>>().len();
    let (holds, why) = pick(field, &found, different);
    Some(Reading { holds, why, conflict: field.policy == Policy::Review && different > 1, candidates: found })
}

fn pick(field: &FieldSpec, found: &[Candidate], different: usize) -> (Vec<OpId>, Why) {
    let latest_of = |of: &dyn Fn(&&Candidate) -> bool| -> Vec<OpId> {
        found.iter().filter(of).max_by_key(|c| order(c)).map(|c| c.op).into_iter().collect()
    };
    let all = |_: &&Candidate| true;
    let decided = |c: &&Candidate| c.decided;
    let refused = |c: &&Candidate| c.value.is_refusal();
    if found.iter().any(|c| c.decided) {
        return (latest_of(&decided), Why::Decided);
    }
    if different <= 1 {
        return (latest_of(&all), Why::Only);
    }
    match field.policy {
        Policy::Union => (found.iter().map(|c| c.op).collect(), Why::All),
        Policy::Latest | Policy::Append => (latest_of(&all), Why::Latest),
        Policy::Rank => {
            let top = found.iter().map(rank).max().unwrap_or(0);
            let is_top = |c: &&Candidate| rank(c) == top;
            let why = if found.iter().all(|c| rank(c) == top) { Why::Latest } else { Why::Rank };
            (latest_of(&is_top), why)
        }
        Policy::Restrictive | Policy::Review if found.iter().any(|c| refused(&c)) => (latest_of(&refused), Why::Refusal),
        // Consent is true or false: "false" is as much a refusal as the answer itself.
        Policy::Restrictive if found.iter().any(|c| c.value == Scalar::Bool(false)) => {
            (latest_of(&|c| c.value == Scalar::Bool(false)), Why::Refusal)
        }
        Policy::Restrictive => (latest_of(&all), Why::Latest),
        // What several people added is all shown until a person decides: nothing that was noted
        // about someone who needs care disappears meanwhile.
        Policy::Review if field.several => (found.iter().map(|c| c.op).collect(), Why::All),
        Policy::Review => (latest_of(&all), Why::Latest),
    }
}

fn order(c: &Candidate) -> (Hlc, OpId) { (c.stamp.map(|s| s.at).unwrap_or_default(), c.op) }

fn rank(c: &Candidate) -> u8 { c.stamp.map_or(0, |s| s.by.role.rank()) }
