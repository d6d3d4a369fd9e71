//! The office's workbook, read as it is.
//!
//! A sheet is recognised by its headings, never by its name or its place, and so is a column. What
//! cannot be read is listed with sheet, row and column in words that quote nothing personal; what is
//! odd but readable is taken and listed; what is repeated is left out, counted and listed. Nothing
//! is left out in silence, and nothing here knows documents or databases.
//!
//! The order of reading: weigh the file, open it, recognise the sheets, then grids (the buildings
//! that exist), roster, residents, tickets.

/// How large a workbook may be.
mod weight;
/// What parts of it make their reader ask for.
mod claims;
/// From bytes to sheets of cells.
mod open;
/// One cell, one row.
mod cell;
/// The words that stand above the columns.
mod words;
/// How a workbook was read, and how somebody wants it read instead.
mod choice;
/// Which sheet is which, and which column.
mod heading;
/// Rows of a recognised sheet that are about something.
mod table;
/// Cells as values.
mod value;
/// The sheet of grids.
mod grids;
/// The roster.
mod roster;
/// Which door a row is about.
mod place;
/// One resident from one row.
mod people;
/// Whether a row repeats a person who is in the book already.
mod repeats;
/// The sheet of residents.
mod residents;
/// The sheet of tickets.
mod tickets;
/// What is said about a row.
mod remark;
/// Why a workbook cannot be read at all.
mod error;

pub use choice::{Choices, FieldLayout, SheetChoice, SheetLayout};
pub use error::WorkbookError;
pub use open::{SHEET_COLUMNS_MAX, SHEET_ROWS_MAX, SHEET_TEXT_BYTES_MAX, SHEETS_MAX};
pub use weight::{FILE_BYTES_MAX, UNPACKED_BYTES_MAX};
pub use words::{Field, Kind};

use super::book::Book;
use place::Places;
use remark::Problem;

/// A workbook, and how it was read.
#[derive(Debug)]
pub struct Reading {
    /// What is in it.
    pub book: Result<Book, WorkbookError>,
    /// How each sheet with something in it was read.
    pub sheets: Vec<SheetLayout>,
}

/// Reads a workbook (xlsx). `progress` is told the rows done and the rows there are, now and then and
/// at the end.
pub fn read_workbook(bytes: &[u8], progress: &mut dyn FnMut(u64, u64)) -> Result<Book, WorkbookError> {
    read_workbook_as(bytes, &Choices::default(), progress)?.book
}

/// Reads a workbook as somebody says that its sheets and columns are to be read.
pub fn read_workbook_as(
    bytes: &[u8],
    choices: &Choices,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Reading, WorkbookError> {
    weight::check(bytes)?;
    // The reader of the format was seen to trust numbers of a hostile file (a merged region that ends
    // before it begins overflows): such a file is damaged, and the office goes on.
    let sheets =
        std::panic::catch_unwind(|| open::sheets(bytes)).unwrap_or(Err(WorkbookError::Damaged { source: None }))?;

    let mut book = Book::default();
    let (mut tables, mut layouts) = (Vec::new(), Vec::new());
    let said_nothing = SheetChoice::default();
    for (index, sheet) in sheets.iter().enumerate().filter(|(_, sheet)| !sheet.rows.is_empty()) {
        let choice = choices.sheets.get(&index).unwrap_or(&said_nothing);
        let table = heading::recognise_as(sheet, choice);
        layouts.push(SheetLayout::of(index, sheet, table.as_ref(), choice));
        let problem = match table {
            _ if choice.left_out => Problem::SheetLeftOut,
            _ if sheet.hidden => Problem::SheetHidden,
            Some(table) if table.missing().is_empty() => {
                tables.push(table);
                continue;
            }
            Some(_) | None => Problem::SheetNotRecognised,
        };
        book.warnings.push(problem.about_sheet(&sheet.name));
    }
    let book = read_tables(&mut tables, book, progress);
    Ok(Reading { book, sheets: layouts })
}

/// Reads what the sheets were taken for.
fn read_tables(
    tables: &mut [table::Table<'_>],
    mut book: Book,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Book, WorkbookError> {
    if tables.is_empty() {
        return Err(WorkbookError::NothingRecognised);
    }
    for (index, table) in tables.iter_mut().enumerate() {
        table.index = index;
        book.sheets.push(table.sheet_columns());
    }
    for table in tables.iter() {
        book.community = book.community.take().or_else(|| table.community());
        book.warnings
            .extend(table.unread.iter().map(|column| table.remark_on_heading(*column, Problem::ColumnNotRead)));
    }

    let total = tables.iter().map(|table| table.rows.len() as u64).sum();
    let mut ticker = Ticker { done: 0, total, progress };
    let of = |kind: Kind| tables.iter().filter(move |table| table.kind == kind);
    for table in of(Kind::Grids) {
        grids::read(table, &mut book, &mut ticker);
    }
    let places = Places::of(&book.grids);
    if places.is_empty() && of(Kind::Residents).any(|table| !table.rows.is_empty()) {
        return Err(WorkbookError::NoGrids);
    }
    for table in of(Kind::Roster) {
        roster::read(table, &mut book, &mut ticker);
    }
    residents::read(of(Kind::Residents), &places, &mut book, &mut ticker);
    for table in of(Kind::Tickets) {
        tickets::read(table, &places, &mut book, &mut ticker);
    }
    ticker.end();
    Ok(book)
}

/// Tells how far the reading is.
struct Ticker<'a> {
    done: u64,
    total: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl Ticker<'_> {
    /// A bar need not move more often than this.
    const EVERY: u64 = 128;

    fn row(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(Self::EVERY) {
            (self.progress)(self.done, self.total);
        }
    }

    fn end(self) {
        (self.progress)(self.total, self.total)
    }
}
