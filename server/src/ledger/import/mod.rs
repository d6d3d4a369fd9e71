//! Import: a book becomes documents, places and staff.
//!
//! First everything is decided, by reading only (`plan_import`); then it is carried out through the
//! office's own commands (`run_import`): a door with its people is one command, a matter one for each
//! day on which something happened. The whole book is one transaction: nothing is half-imported, and
//! nothing can come between the look and the deed.
//!
//! Importing twice adds nothing. A door is known by its address, a person by the blind index of the
//! identity number or by name and birth date behind the same door, a matter and a member of staff by a
//! keyed fingerprint of the row. Where the book says what nobody had answered yet, it is filled in;
//! where it says something else than what stands, what stands is kept and the row is listed.
//!
//! Never: a personal value in a remark, in a plain column, or in a file in the clear.

/// What is said about a row that was read but not taken as it is.
mod remark;
/// What it came to.
mod report;
/// Everything that shall be done, as data.
mod plan;
/// Which rows of a book are known again.
pub(super) mod fingerprint;
/// Grids and buildings.
mod places;
/// The roster.
pub(super) mod staff;
/// One answer of the book beside what stands.
mod answer;
/// Which resident who stands is the person of a row.
mod who;
/// What a row says about a person.
mod people;
/// Doors with their people.
mod doors;
/// What a row of the matters says happened, and when.
mod course;
/// Matters.
mod tickets;
/// What it will do, row by row.
mod preview;
/// Carrying it out.
mod run;
/// Values sealed and put where they belong.
mod pen;

pub use plan::{ImportPlan, plan_import};
pub use preview::{Outcome, PreviewRow, preview};
pub use report::{Added, ImportReport};
pub use staff::{WORKER_BORN_ON_FIELD, WORKER_PHONE_FIELD};

use super::book::Book;
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::WorkerId;

/// Says what an import of this book would do, and does nothing.
pub fn dry_run(office: &Office, book: &Book) -> Result<ImportReport, OfficeError> {
    let plan = office.store().read(|tx| plan_import(office, tx, book))?;
    Ok(plan.report(true))
}

/// Carries a plan out: all of it, or on any error nothing. Where something was written since it was
/// made, it is made anew first, in the same transaction. `progress` is told the steps done and the steps
/// there are, now and then and at the end.
pub fn run_import(
    office: &Office,
    plan: ImportPlan,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ImportReport, OfficeError> {
    run_import_by(office, plan, office.own_worker(), progress)
}

/// The same, for somebody who stands in the audit for it.
pub fn run_import_by(
    office: &Office,
    plan: ImportPlan,
    by: WorkerId,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ImportReport, OfficeError> {
    let (tell, told) = std::sync::mpsc::channel();
    let office_too = office.clone();
    let job = move |tx: &Tx<'_>| -> Result<ImportReport, OfficeError> {
        let plan = if plan.still_holds(&office_too, tx)? { plan } else { plan_import(&office_too, tx, plan.book())? };
        // Whoever listened may have gone away; the work goes on.
        run::carry_out(&office_too, tx, &plan, by, &mut |done, total| {
            let _ = tell.send((done, total));
        })?;
        Ok(plan.report(false))
    };
    std::thread::scope(|threads| {
        let written = threads.spawn(|| office.store().write(job));
        for (done, total) in told {
            progress(done, total);
        }
        written.join().unwrap_or(Err(StoreError::Stopped.into()))
    })
}
