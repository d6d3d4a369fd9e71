//! What an import came to.

use super::super::book::Remark;
use super::super::summary::BookSummary;
use serde::Serialize;

/// What the book contains, and what of it was new. Names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// What the book contains; with the remarks of the reader and of the import.
    #[serde(flatten)]
    pub book: BookSummary,
    /// What was not there before.
    pub added: Added,
    /// True if nothing was written.
    pub dry_run: bool,
}

/// What was not there before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Added {
    /// Grids.
    pub grids: u32,
    /// Buildings.
    pub buildings: u32,
    /// Micro-grids.
    pub micro_grids: u32,
    /// Doors.
    pub doors: u32,
    /// People.
    pub residents: u32,
    /// Members of staff.
    pub staff: u32,
    /// Matters.
    pub tickets: u32,
    /// Answers that were missing about doors, people, grids, micro-grids and staff that were there.
    pub answers: u32,
}

impl ImportReport {
    /// Every remark, the graver first.
    pub fn remarks(&self) -> impl Iterator<Item = &Remark> {
        self.book.rejected.iter().chain(&self.book.warnings)
    }
}
