//! Everything that an import shall do, as data. It holds personal values in the clear and lives in
//! memory only.

use super::super::book::{Book, Column, Origin, Remark};
use super::super::summary::BookSummary;
use super::course::StepPlan;
use super::places::Places;
use super::remark::Notice;
use super::report::{Added, ImportReport};
use super::{doors, places, staff, tickets};
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::FieldSpec;
use qiaomen_proto::ids::{GridId, HouseholdId, ResidentId, Role, WorkerId};
use qiaomen_proto::reference::{BuildingInfo, GridInfo, MicroGridInfo};
use std::collections::HashSet;

/// Everything that an import shall do.
pub struct ImportPlan {
    book: Book,
    /// What had been written when this was decided.
    seen: Seen,
    pub(super) summary: BookSummary,
    pub(super) added: Added,
    /// Grids that stand already.
    pub(super) standing_grids: HashSet<[u8; 16]>,
    /// Grids that are new or that get what was missing, with their place in the office's order.
    pub(super) grids: Vec<(GridInfo, u32)>,
    pub(super) buildings: Vec<BuildingInfo>,
    /// Micro-grids that are new or that get buildings, with their place in the office's order.
    pub(super) micro_grids: Vec<(MicroGridInfo, u32)>,
    pub(super) staff: Vec<StaffPlan>,
    pub(super) doors: Vec<DoorPlan>,
    pub(super) tickets: Vec<TicketPlan>,
}

/// How far the office's own data had come: the last change, and the version of places and staff.
type Seen = (i64, (u64, u64));

fn seen(office: &Office, tx: &Tx<'_>) -> Result<Seen, StoreError> {
    Ok((tx.last_change()?, office.versions(tx)?))
}

/// An answer to write into a field of the head.
pub(super) struct Put {
    pub(super) field: &'static FieldSpec,
    pub(super) answer: Answer<String>,
}

/// A member of staff to add, or to complete.
pub(super) struct StaffPlan {
    pub(super) origin: Origin,
    /// Who stands already.
    pub(super) known: Option<WorkerId>,
    pub(super) import_key: [u8; 16],
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) grid: Option<GridId>,
    pub(super) since_ms: u64,
    /// What is missing so far.
    pub(super) sex: Option<String>,
    pub(super) born_on: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) department: Option<String>,
    pub(super) appointed_on: Option<String>,
}

/// What to write about one door and the people behind it: one command.
pub(super) struct DoorPlan {
    pub(super) origin: Origin,
    pub(super) household: HouseholdId,
    /// Whether it stands already.
    pub(super) known: bool,
    pub(super) puts: Vec<Put>,
    pub(super) notes: Vec<String>,
    pub(super) occupancy: Option<OccupancyPlan>,
    pub(super) people: Vec<PersonPlan>,
}

/// Who holds the door.
pub(super) struct OccupancyPlan {
    pub(super) kind: Option<String>,
    /// Index in [`DoorPlan::people`].
    pub(super) head: Option<usize>,
}

/// What to write about one person.
pub(super) struct PersonPlan {
    pub(super) origin: Origin,
    /// Who stands already; nobody for a new person.
    pub(super) known: Option<ResidentId>,
    pub(super) puts: Vec<Put>,
    pub(super) notes: Vec<String>,
}

/// A matter to write: one command for each day on which something happened.
pub(super) struct TicketPlan {
    pub(super) origin: Origin,
    pub(super) import_key: [u8; 16],
    pub(super) puts: Vec<Put>,
    pub(super) notes: Vec<String>,
    pub(super) steps: Vec<StepPlan>,
}

impl DoorPlan {
    pub(super) fn is_empty(&self) -> bool {
        let idle = |p: &PersonPlan| p.known.is_some() && p.puts.is_empty() && p.notes.is_empty();
        self.puts.is_empty() && self.notes.is_empty() && self.occupancy.is_none() && self.people.iter().all(idle)
    }
}

impl ImportPlan {
    /// The book that this is about.
    pub fn book(&self) -> &Book {
        &self.book
    }
    /// True if nothing was written since this was decided.
    pub(super) fn still_holds(&self, office: &Office, tx: &Tx<'_>) -> Result<bool, StoreError> {
        Ok(seen(office, tx)? == self.seen)
    }
    /// What this comes to.
    pub fn report(&self, dry_run: bool) -> ImportReport {
        ImportReport { book: self.summary.clone(), added: self.added, dry_run }
    }
}

/// What is at hand while a book is looked at.
pub(super) struct Desk<'a> {
    pub(super) office: &'a Office,
    pub(super) tx: &'a Tx<'a>,
    pub(super) book: &'a Book,
    pub(super) now_ms: u64,
    pub(super) warnings: Vec<Remark>,
    pub(super) rejected: Vec<Remark>,
    pub(super) added: Added,
}

impl Desk<'_> {
    pub(super) fn warn(&mut self, notice: Notice, origin: Origin, column: impl Into<Option<Column>>) {
        self.warnings.push(notice.at(self.book, origin, column.into()));
    }
    pub(super) fn reject(&mut self, notice: Notice, origin: Origin, column: impl Into<Option<Column>>) {
        self.rejected.push(notice.at(self.book, origin, column.into()));
    }
}

/// Decides what an import of this book shall do, by reading only.
pub fn plan_import(office: &Office, tx: &Tx<'_>, book: &Book) -> Result<ImportPlan, OfficeError> {
    let mut desk = Desk {
        office,
        tx,
        book,
        now_ms: office.now_ms(),
        warnings: Vec::new(),
        rejected: Vec::new(),
        added: Added::default(),
    };
    if book.community.as_ref().is_some_and(|name| *name != office.identity().community) {
        desk.warn(Notice::AnotherCommunity, Origin::default(), None);
    }
    let places = places::plan(&mut desk)?;
    let staff = staff::plan(&mut desk)?;
    let doors = doors::plan(&mut desk, &places)?;
    let tickets = tickets::plan(&mut desk, &places)?;
    let Desk { warnings, rejected, added, .. } = desk;
    let mut summary = BookSummary::from(book);
    summary.warnings.extend(warnings);
    summary.rejected.extend(rejected);
    let Places { grids, buildings, micro_grids, .. } = places;
    let (book, seen) = (book.clone(), seen(office, tx)?);
    let standing_grids = tx.grids()?.into_iter().map(|grid| *grid.id).collect();
    Ok(ImportPlan { book, seen, summary, added, standing_grids, grids, buildings, micro_grids, staff, doors, tickets })
}
