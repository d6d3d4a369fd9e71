//! The ledger as a workbook, as the office knows it: the sheets, titles and columns of its own book, so that what is
//! handed out can be printed, passed on, and read back without bringing anything new.
//!
//! The workbook is made in memory, document by document, and is never written to a file of this machine: personal
//! values would be readable there. What it may take is bounded by the rows of its sheets.

/// One sheet: its title, its headings, its rows.
mod sheet;
/// The sheet of grids.
mod grids;
/// The roster.
mod roster;
/// The sheet of residents.
mod residents;
/// The sheet of tickets.
mod tickets;
/// What stands as remarks beside a door or a person.
mod remarks;

pub use sheet::ROWS_MAX;

pub(crate) use remarks::tags;
pub(super) use remarks::{NOTE_SEPARATOR, joined, notes};

use super::import::fingerprint::Fingerprints;
use crate::close::Day;
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::people::audit::{self, Deed};
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{BuildingId, DocId, GridId, WorkerId};
use qiaomen_proto::reference::GridInfo;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::collections::HashMap;

/// Why a ledger is not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// More rows than a sheet takes.
    #[error("the sheet {sheet} would have more than {ROWS_MAX} rows")]
    TooManyRows {
        /// Its name.
        sheet: &'static str,
    },
    /// The format.
    #[error("could not write the workbook")]
    Format(#[from] XlsxError),
}

impl From<StoreError> for WriteError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

/// A ledger as a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it holds.
    pub held: Held,
    /// The day of which it tells.
    pub day: Day,
}

/// What a workbook holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Doors.
    pub doors: u32,
    /// People.
    pub residents: u32,
    /// Members of staff.
    pub staff: u32,
    /// Tickets.
    pub tickets: u32,
    /// People without an address, who stand on no row.
    pub homeless: u32,
}

/// What the office will know again when it comes back in a book.
#[derive(Default)]
struct Known {
    tickets: Vec<([u8; 16], DocId)>,
    staff: Vec<([u8; 16], WorkerId)>,
}

/// Writes the ledger, or one grid of it, as far as somebody sees, and says so in the audit before it is handed out.
pub fn write_ledger(office: &Office, sight: &Sight, only: Option<GridId>, by: WorkerId) -> Result<Written, WriteError> {
    let (written, known) = office.store().read(|tx| workbook(office, tx, sight, only))?;
    let inner = office.clone();
    let subject = only.map(|grid| grid.as_bytes().to_vec());
    office.store().write(move |tx| -> Result<(), OfficeError> {
        for (key, doc) in &known.tickets {
            if tx.imported(key)?.is_none() {
                tx.put_imported(key, *doc)?;
            }
        }
        for (key, worker) in &known.staff {
            tx.set_import_key(*worker, key)?;
        }
        Ok(audit::note(&inner, tx, by, Deed::LedgerExported, subject.as_deref())?)
    })?;
    Ok(written)
}

/// What is at hand while a workbook is made.
struct Pen<'a, 't> {
    office: &'a Office,
    tx: &'a Tx<'t>,
    grids: Vec<GridInfo>,
    buildings: HashMap<BuildingId, (String, GridId)>,
    fingerprints: Fingerprints<'a>,
    known: Known,
    held: Held,
    day: Day,
    sight: &'a Sight,
    only: Option<GridId>,
}

impl Pen<'_, '_> {
    /// Whether something in this grid is to be written.
    fn writes(&self, grid: Option<GridId>) -> bool {
        self.sight.sees(grid) && self.only.is_none_or(|only| grid == Some(only))
    }
    /// Name of a grid.
    fn grid_name(&self, grid: GridId) -> &str {
        self.grids.iter().find(|g| *g.id == *grid.as_bytes()).map_or("", |g| g.name.as_str())
    }
    /// Place of a grid in the office's order.
    fn grid_place(&self, grid: GridId) -> usize {
        self.grids.iter().position(|g| *g.id == *grid.as_bytes()).unwrap_or(usize::MAX)
    }
}

fn workbook(office: &Office, tx: &Tx<'_>, sight: &Sight, only: Option<GridId>) -> Result<(Written, Known), WriteError> {
    let id = |bytes: &[u8; 16]| GridId::from_bytes(*bytes);
    let buildings =
        tx.buildings()?.into_iter().map(|b| (BuildingId::from_bytes(*b.id), (b.name, id(&b.grid)))).collect();
    let day = Day::of(office.now_ms());
    let mut pen = Pen {
        office,
        tx,
        grids: tx.grids()?,
        buildings,
        fingerprints: Fingerprints::new(office),
        known: Known::default(),
        held: Held::default(),
        day,
        sight,
        only,
    };
    let mut workbook = Workbook::new();
    let mut about = DocProperties::new();
    about = about.set_author(&office.identity().community).set_title("居民台账");
    // The day and no instant: two files of one state are the same bytes.
    if let Ok(at) = ExcelDateTime::parse_from_str(&day.to_string()) {
        about = about.set_creation_datetime(&at);
    }
    workbook.set_properties(&about);
    let format = sheet::Formats::new();
    grids::write(&mut pen, workbook.add_worksheet(), &format)?;
    roster::write(&mut pen, workbook.add_worksheet(), &format)?;
    residents::write(&mut pen, workbook.add_worksheet(), &format)?;
    tickets::write(&mut pen, workbook.add_worksheet(), &format)?;
    // Somebody who opens it wants to see the residents.
    if let Ok(sheet) = workbook.worksheet_from_name(residents::NAME) {
        sheet.set_active(true);
    }
    let bytes = workbook.save_to_buffer()?;
    Ok((Written { bytes, held: pen.held, day }, pen.known))
}
