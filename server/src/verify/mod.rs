//! Do log, documents, registers, rows and digests agree?
//!
//! Everything that can be made again from something else is made again and held against what stands:
//! hashes and registers from changes, the automerge documents from changes, rows and blind indexes from
//! documents, memberships and digests from the log, conflicts from registers. One consistent state is
//! looked at; nothing is written, and nothing is repaired. A damaged row is a problem, never the end of
//! the look.

/// What was found wrong.
mod problem;
/// One document: changes, register, automerge.
mod document;
/// Rows for lists and look-ups.
mod rows;
/// The log of one stream.
mod stream;
/// Photos and their files.
mod photo;
/// Commands and their changes.
mod command;

pub use problem::{Problem, ProblemCode};

use crate::office::Office;
use crate::store::{StoreError, Tx};
use problem::Problems;
use serde::Serialize;

/// What was looked at, and what was found. No names, no values: ids only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Documents.
    pub documents: u64,
    /// Changes.
    pub changes: u64,
    /// Commands that were applied.
    pub commands: u64,
    /// Streams.
    pub streams: u64,
    /// Entries of streams.
    pub entries: u64,
    /// Doors.
    pub doors: u64,
    /// Residents.
    pub residents: u64,
    /// Matters.
    pub tickets: u64,
    /// Photos that matters name.
    pub photos: u64,
    /// Those of them that are still to come, by the hash of their ciphertext.
    pub photos_to_come: Vec<String>,
    /// What is wrong; empty if nothing is.
    pub problems: Vec<Problem>,
}

impl VerifyReport {
    /// True if nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Looks at everything. `progress` is told the documents and streams done and those there are.
pub fn verify(office: &Office, progress: &mut dyn FnMut(u64, u64)) -> VerifyReport {
    let mut report = VerifyReport::default();
    let mut problems = Problems::default();
    match office.store().integrity() {
        Ok(complaints) => {
            for complaint in complaints {
                problems.add(ProblemCode::DatabaseDamaged, complaint);
            }
        }
        Err(error) => problems.add(ProblemCode::DatabaseDamaged, in_full(&error)),
    }
    let looked = office.store().read(|tx| -> Result<(), StoreError> {
        look(office, tx, &mut report, &mut problems, progress);
        Ok(())
    });
    if let Err(error) = looked {
        problems.add(ProblemCode::DatabaseDamaged, in_full(&error));
    }
    report.problems = problems.into_list();
    report
}

fn look(
    office: &Office,
    tx: &Tx<'_>,
    report: &mut VerifyReport,
    problems: &mut Problems,
    progress: &mut dyn FnMut(u64, u64),
) {
    let streams = problems.sift(tx.streams()).unwrap_or_default();
    let documents = problems.sift(tx.document_list()).unwrap_or_default();
    let changes = problems.sift(tx.change_list()).unwrap_or_default();
    let total = count(documents.len() + streams.len());
    let mut done = 0;
    let mut step = || {
        done += 1;
        progress(done, total);
    };
    (report.documents, report.changes, report.streams) =
        (count(documents.len()), count(changes.len()), count(streams.len()));

    let mut rows = rows::Rows::read(tx, problems);
    (report.doors, report.residents, report.tickets) = rows.counts();
    let mut conflicts = document::OpenConflicts::read(tx, problems);
    let mut photos = photo::Photos::read(tx, problems);
    for (doc, kind, suffix) in &documents {
        if *kind != doc.kind.number() || suffix[..] != doc.suffix() {
            problems.add(ProblemCode::DocumentRow, doc);
        }
        match document::check(office, tx, *doc, problems) {
            Some(register) => {
                rows.check(office, tx, &register, problems);
                conflicts.check(office, tx, &register, problems);
                photos.check(&register, problems);
            }
            // One damage is one problem: what cannot be made again cannot be held against anything.
            None => {
                rows.leave(*doc);
                conflicts.leave(*doc);
                photos.leave(qiaomen_proto::ids::TicketId(doc.uuid));
            }
        }
        step();
    }
    rows.left_over(problems);
    conflicts.left_over(problems);
    photos.left_over(problems);
    photo::files(office, tx, report, problems);
    report.commands = command::check(tx, &changes, &documents, problems);
    let log = stream::Log::of(tx, &changes, problems);
    for stream in &streams {
        report.entries += log.check(tx, stream, problems);
        step();
    }
    match crate::close::check_chain(office, tx) {
        Ok((_, None)) => {}
        Ok((_, Some(record))) => problems.add(ProblemCode::DayChain, record),
        Err(error) => problems.add(ProblemCode::RowsUnreadable, in_full(&error)),
    }
    match tx.check_audit() {
        Ok((_, None)) => {}
        Ok((_, Some(row))) => problems.add(ProblemCode::AuditChain, row),
        Err(error) => problems.add(ProblemCode::RowsUnreadable, in_full(&error)),
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// An error with its causes. Errors of the store name verbs, never values.
fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
