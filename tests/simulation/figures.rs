//! What happened in a world, counted.

use serde::Serialize;
use std::collections::BTreeMap;

/// Figures of one run or of many.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Runs.
    pub runs: u64,
    /// Commands that devices made.
    pub edits: u64,
    /// Those of them that name a picture.
    pub pictures: u64,
    /// Commands that the office wrote: decisions, undos, imports.
    pub office_commands: u64,
    /// Requests that reached the office.
    pub requests: u64,
    /// Changes in the office's log at the end.
    pub changes: u64,
    /// Documents at the office at the end.
    pub documents: u64,
    /// Conflict records at the end, in any state.
    pub conflicts: u64,
    /// Decisions taken.
    pub decisions: u64,
    /// Commands that were held.
    pub held: u64,
    /// Commands that were rejected and shown so.
    pub rejected: u64,
    /// Commands that were done again under a new actor.
    pub redone: u64,
    /// Faults by kind.
    pub faults: BTreeMap<&'static str, u64>,
}

impl Figures {
    /// One more fault of this kind.
    pub fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }
    /// Adds another run's.
    pub fn add(&mut self, other: &Figures) {
        self.runs += other.runs;
        self.edits += other.edits;
        self.pictures += other.pictures;
        self.office_commands += other.office_commands;
        self.requests += other.requests;
        self.changes += other.changes;
        self.documents += other.documents;
        self.conflicts += other.conflicts;
        self.decisions += other.decisions;
        self.held += other.held;
        self.rejected += other.rejected;
        self.redone += other.redone;
        for (kind, n) in &other.faults {
            *self.faults.entry(kind).or_default() += n;
        }
    }
}
