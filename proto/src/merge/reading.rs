//! The value that holds for now at one place, and why. Automerge's own pick is never shown.

use super::candidates::{Candidate, candidates};
use super::decision::Decisions;
use super::register::{OpRecord, Register};
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
    pub fn value(&self) -> Option<&Scalar> {
        self.values().first().copied()
    }
}

/// Reads one place under its field's policy. `None` where nothing was ever written.
pub fn read(register: &Register, path: &Path, field: &FieldSpec, decisions: &Decisions) -> Option<Reading> {
    let found = match field.policy {
        Policy::Review => candidates(register, path, decisions),
        _ => register
            .visible(path)
            .into_iter()
            .map(|op| Candidate {
                op: op.id,
                value: op.value.clone(),
                stamp: register.stamp(op).copied(),
                decided: false,
            })
            .collect(),
    };
    if found.is_empty() {
        return None;
    }
    let different = found.iter().map(|c| &c.value).collect::<BTreeSet<_>>().len();
    let (holds, why) = Place { history: register.history(path), found: &found }.pick(field, different);
    Some(Reading { holds, why, conflict: field.policy == Policy::Review && different > 1, candidates: found })
}

struct Place<'a> {
    history: &'a [OpRecord],
    found: &'a [Candidate],
}

impl Place<'_> {
    fn pick(&self, field: &FieldSpec, different: usize) -> (Vec<OpId>, Why) {
        let found = self.found;
        let denied = |c: &Candidate| c.value == Scalar::Bool(false);
        if found.iter().any(|c| c.decided) {
            return (self.latest(|c| c.decided), Why::Decided);
        }
        if different <= 1 {
            return (self.latest(|_| true), Why::Only);
        }
        match field.policy {
            Policy::Union => (self.all(), Why::All),
            Policy::Latest | Policy::Append => (self.latest(|_| true), Why::Latest),
            Policy::Rank => {
                let top = found.iter().map(rank).max().unwrap_or(0);
                let why = if found.iter().all(|c| rank(c) == top) { Why::Latest } else { Why::Rank };
                (self.latest(|c| rank(c) == top), why)
            }
            Policy::Restrictive | Policy::Review if found.iter().any(|c| c.value.is_refusal()) => {
                (self.latest(|c| c.value.is_refusal()), Why::Refusal)
            }
            // Consent is true or false: "false" is as much a refusal as the answer itself.
            Policy::Restrictive if found.iter().any(denied) => (self.latest(denied), Why::Refusal),
            Policy::Restrictive => (self.latest(|_| true), Why::Latest),
            // What several people added is all shown until a person decides: nothing that was noted
            // about someone who needs care disappears meanwhile.
            Policy::Review if field.several => (self.all(), Why::All),
            Policy::Review => (self.latest(|_| true), Why::Latest),
        }
    }

    fn all(&self) -> Vec<OpId> {
        self.found.iter().map(|c| c.op).collect()
    }

    /// The latest of some: by causality first, then by clock, then by operation id. Whoever had seen a
    /// value comes after it, whatever a phone with a wrong date says.
    fn latest(&self, of: impl Fn(&Candidate) -> bool) -> Vec<OpId> {
        let some: Vec<&Candidate> = self.found.iter().filter(|c| of(c)).collect();
        let beneath = if some.len() > 1 { self.beneath(&some) } else { BTreeSet::new() };
        let latest = some.into_iter().filter(|c| !beneath.contains(&c.op)).max_by_key(|c| order(c));
        latest.map(|c| c.op).into_iter().collect()
    }

    /// Every operation that one of these replaced, directly or not.
    fn beneath(&self, of: &[&Candidate]) -> BTreeSet<OpId> {
        let preds = |id: &OpId| {
            let at = self.history.binary_search_by_key(id, |op| op.id);
            at.map_or(&[][..], |i| self.history[i].preds.as_slice())
        };
        let mut beneath = BTreeSet::new();
        let mut todo: Vec<OpId> = of.iter().flat_map(|c| preds(&c.op)).copied().collect();
        while let Some(next) = todo.pop() {
            if beneath.insert(next) {
                todo.extend_from_slice(preds(&next));
            }
        }
        beneath
    }
}

fn order(c: &Candidate) -> (Hlc, OpId) {
    (c.stamp.map(|s| s.at).unwrap_or_default(), c.op)
}

fn rank(c: &Candidate) -> u8 {
    c.stamp.map_or(0, |s| s.by.role.rank())
}
