//! The value that holds for now at one place, and why. Automerge's own pick is never shown.
//!
//! A reading is a function of three things: the changes of the document, the keys of its subject, and
//! the version of the table. Device and office have the same three, and show the same.

use super::candidates::{Candidate, candidates};
use super::conflict::Conflict;
use super::decision::Decisions;
use super::register::{OpRecord, Register};
use super::same::{Same, Told};
use crate::change::{Hlc, OpId, Path, Scalar};
use crate::entity::policy::PolicyTable;
use crate::entity::{FieldSpec, Policy, kind_spec};
use crate::seal::KeyRing;
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
    /// Which of them holds for now, in the same order; several where all hold.
    pub holds: Vec<OpId>,
    /// Why.
    pub why: Why,
    /// True where a person has to decide.
    pub conflict: bool,
    /// True where a person has to decide and one of the values does not open with these keys: it may
    /// say the same as another.
    pub locked: bool,
    /// By which policy.
    pub policy: Policy,
}

impl Reading {
    /// The values that hold, each once.
    pub fn values(&self) -> Vec<&Scalar> {
        let mut seen = BTreeSet::new();
        let holds = self.candidates.iter().filter(|c| self.holds.contains(&c.op));
        holds.map(|c| &c.value).filter(|value| seen.insert(*value)).collect()
    }
    /// The value that holds, where one does.
    pub fn value(&self) -> Option<&Scalar> {
        self.candidates.iter().find(|c| self.holds.contains(&c.op)).map(|c| &c.value)
    }
}

/// Reads the places of one document.
#[derive(Debug)]
pub struct Reader<'a> {
    register: &'a Register,
    same: Same<'a>,
    table: PolicyTable,
    decisions: Decisions,
}

impl<'a> Reader<'a> {
    /// With these keys, by today's table.
    pub fn new(register: &'a Register, ring: &'a KeyRing) -> Self {
        Self::under(register, ring, PolicyTable::TODAY)
    }
    /// With these keys, by another table.
    pub fn under(register: &'a Register, ring: &'a KeyRing, table: PolicyTable) -> Self {
        let same = Same::new(ring, register.doc().uuid);
        Self { register, same, table, decisions: Decisions::read(register) }
    }
    /// The register beneath.
    pub fn register(&self) -> &'a Register {
        self.register
    }
    /// The decisions in the document.
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }
    /// Whether two values say the same.
    pub fn same(&self) -> Same<'a> {
        self.same
    }

    /// Reads one place. `None` where nothing was ever written, and where the table has no field.
    pub fn at(&self, path: &Path) -> Option<(&'static FieldSpec, Reading)> {
        let (field, policy) = self.field(path)?;
        Some((field, self.read(path, field, policy)?))
    }

    /// Every conflict of the document, in the order of places.
    pub fn conflicts(&self) -> Vec<Conflict> {
        self.register.paths().filter_map(|path| self.conflict(path)).collect()
    }

    /// Number of places where a person has to decide.
    pub fn conflict_count(&self) -> usize {
        self.register.paths().filter_map(|path| self.conflict(path)).count()
    }

    fn conflict(&self, path: &Path) -> Option<Conflict> {
        // What was written once stands against nothing: most places of most documents.
        if self.register.history(path).len() < 2 {
            return None;
        }
        let (field, policy) = self.field(path).filter(|(_, policy)| *policy == Policy::Review)?;
        let reading = self.read(path, field, policy).filter(|reading| reading.conflict)?;
        Some(Conflict { doc: self.register.doc(), path: path.clone(), field, reading })
    }

    fn field(&self, path: &Path) -> Option<(&'static FieldSpec, Policy)> {
        let kind = self.register.doc().kind;
        let field = kind_spec(kind).field(path)?;
        Some((field, self.table.policy(kind, path.container, field)))
    }

    fn read(&self, path: &Path, field: &'static FieldSpec, policy: Policy) -> Option<Reading> {
        let found = candidates(self.register, path, (field, policy), &self.decisions, self.same);
        if found.is_empty() {
            return None;
        }
        let differ = match found.as_slice() {
            [_] => false,
            several => {
                let told: BTreeSet<Told<'_>> = several.iter().map(|c| self.same.told(field, &c.value)).collect();
                told.len() > 1
            }
        };
        let stands = Stands { history: self.register.history(path), found: &found };
        let (holds, why) = stands.pick(policy, field.several, differ);
        let conflict = policy == Policy::Review && differ;
        let locked = conflict && found.iter().any(|c| self.same.is_locked(field, &c.value));
        Some(Reading { holds, why, conflict, locked, policy, candidates: found })
    }
}

struct Stands<'a> {
    history: &'a [OpRecord],
    found: &'a [Candidate],
}

impl Stands<'_> {
    fn pick(&self, policy: Policy, several: bool, differ: bool) -> (Vec<OpId>, Why) {
        let found = self.found;
        if found.iter().any(|c| c.decided) {
            return (self.latest(|c| c.decided), Why::Decided);
        }
        if !differ {
            return (self.latest(|_| true), Why::Only);
        }
        // What stands under `rank` is the office's own and asked of nobody. Everywhere else a refusal is
        // an answer of its own: it holds until somebody who knew of it asked again.
        if policy != Policy::Rank
            && let Some(refusal) = self.refusal()
        {
            return (vec![refusal], Why::Refusal);
        }
        match policy {
            Policy::Union => (self.all(), Why::All),
            Policy::Latest | Policy::Append => (self.latest(|_| true), Why::Latest),
            Policy::Rank => {
                let top = found.iter().map(rank).max().unwrap_or(0);
                let why = if found.iter().all(|c| rank(c) == top) { Why::Latest } else { Why::Rank };
                (self.latest(|c| rank(c) == top), why)
            }
            Policy::Restrictive => {
                let least = found.iter().map(openness).min().unwrap_or(OPEN);
                let why = if least < OPEN { Why::Refusal } else { Why::Latest };
                (self.latest(|c| openness(c) == least), why)
            }
            // What several people added is all shown until a person decides: nothing that was noted
            // about someone who needs care disappears meanwhile.
            Policy::Review if several => (self.all(), Why::All),
            Policy::Review => (self.latest(|_| true), Why::Latest),
        }
    }

    fn all(&self) -> Vec<OpId> {
        self.found.iter().map(|c| c.op).collect()
    }

    /// The latest refusal after which nobody who knew of it wrote another answer.
    fn refusal(&self) -> Option<OpId> {
        if !self.found.iter().any(|c| c.value.is_refusal()) {
            return None;
        }
        let answered = self.beneath(self.found.iter().filter(|c| !c.value.is_refusal()));
        self.latest(|c| c.value.is_refusal() && !answered.contains(&c.op)).pop()
    }

    /// The latest of some: by causality first, then by clock, then by operation id. Whoever had seen a
    /// value comes after it, whatever a phone with a wrong date says.
    fn latest(&self, of: impl Fn(&Candidate) -> bool) -> Vec<OpId> {
        let some: Vec<&Candidate> = self.found.iter().filter(|c| of(c)).collect();
        let beneath = if some.len() > 1 { self.beneath(some.iter().copied()) } else { BTreeSet::new() };
        let latest = some.into_iter().filter(|c| !beneath.contains(&c.op)).max_by_key(|c| order(c));
        latest.map(|c| c.op).into_iter().collect()
    }

    /// Every operation that one of these replaced, directly or not.
    fn beneath<'c>(&self, of: impl Iterator<Item = &'c Candidate>) -> BTreeSet<OpId> {
        let preds = |id: &OpId| {
            let at = self.history.binary_search_by_key(id, |op| op.id);
            at.map_or(&[][..], |i| self.history[i].preds.as_slice())
        };
        let mut beneath = BTreeSet::new();
        let mut todo: Vec<OpId> = of.flat_map(|c| preds(&c.op)).copied().collect();
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

/// An answer that keeps nothing closed.
const OPEN: u8 = 2;

/// How far an answer lets us go where consent is asked: "no" as little as a refusal, then what was taken
/// back (a consent that was withdrawn is not brought back by an old copy).
fn openness(c: &Candidate) -> u8 {
    match c.value {
        Scalar::Bool(false) => 0,
        Scalar::Null => 1,
        _ => OPEN,
    }
}
