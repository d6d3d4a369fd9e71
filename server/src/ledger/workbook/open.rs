//! From bytes to sheets of cells, within limits.
//!
//! Cells are taken one by one: a sheet whose only cell stands in its last corner must not cost the
//! memory of a full sheet.

use super::WorkbookError;
use super::cell::{Cell, Sheet, SheetRow};
use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Sheets in one workbook: a sheet for each of 20 grids, and as many again of the office's own.
pub const SHEETS_MAX: usize = 64;
/// Rows with something in them in one sheet: a large community has 20,000 residents.
pub const SHEET_ROWS_MAX: usize = 100_000;
/// Columns of a sheet: the widest ledger seen has 12; more are formulas gone astray.
pub const SHEET_COLUMNS_MAX: usize = 256;
/// Text of one sheet. A file may name one long text from a million cells.
pub const SHEET_TEXT_BYTES_MAX: usize = 64 * 1024 * 1024;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

fn damaged(source: XlsxError) -> WorkbookError {
    match source {
        XlsxError::Password => WorkbookError::OldOrLocked,
        source => WorkbookError::Damaged { source: Some(Box::new(source)) },
    }
}

/// The sheets of a workbook in its order, without charts.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, WorkbookError> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let listed = book.sheets_metadata().to_vec();
    if listed.len() > SHEETS_MAX {
        return Err(WorkbookError::TooManySheets);
    }
    let mut sheets = Vec::new();
    for (index, listed) in listed.into_iter().enumerate().filter(|(_, listed)| listed.typ == SheetType::WorkSheet) {
        let mut rows = rows(&mut book, &listed.name, index + 1)?;
        fill_merged(&mut book, &listed.name, index + 1, &mut rows)?;
        let hidden = listed.visible != SheetVisible::Visible;
        let rows = rows.into_iter().map(|(row, cells)| SheetRow { number: row + 1, cells }).collect();
        sheets.push(Sheet { name: listed.name, hidden, rows });
    }
    Ok(sheets)
}

fn rows(book: &mut Book<'_>, name: &str, number: usize) -> Result<BTreeMap<u32, Vec<Cell>>, WorkbookError> {
    let too_large = WorkbookError::SheetTooLarge { number };
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let mut text_bytes = 0;
    let mut reader = book.worksheet_cells_reader(name).map_err(damaged)?;
    while let Some(found) = reader.next_cell().map_err(damaged)? {
        let cell = Cell::of(found.get_value());
        if cell.is_empty() {
            continue;
        }
        let (row, column) = found.get_position();
        let column = column as usize;
        if let Cell::Text(text) = &cell {
            text_bytes += text.len();
        }
        let cells = rows.entry(row).or_default();
        if column >= SHEET_COLUMNS_MAX || text_bytes > SHEET_TEXT_BYTES_MAX {
            return Err(too_large);
        }
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
        if rows.len() > SHEET_ROWS_MAX {
            return Err(too_large);
        }
    }
    Ok(rows)
}

/// A cell merged downwards says the same for all its rows. Sideways it is a title or a heading over
/// several columns, and stays where it begins. Rows that are otherwise empty stay absent.
fn fill_merged(
    book: &mut Book<'_>,
    name: &str,
    number: usize,
    rows: &mut BTreeMap<u32, Vec<Cell>>,
) -> Result<(), WorkbookError> {
    // One long text merged over all rows of all columns must not become 25 million texts.
    let mut spent = 0;
    for merged in book.merge_cells_by_sheet_name(name).map_err(damaged)? {
        let ((top, column), (bottom, _)) = (merged.start, merged.end);
        let column = column as usize;
        if bottom <= top || column >= SHEET_COLUMNS_MAX {
            continue;
        }
        let Some(cell) = rows.get(&top).and_then(|cells| cells.get(column)).filter(|cell| !cell.is_empty()) else {
            continue;
        };
        let cell = cell.clone();
        let cost = if let Cell::Text(text) = &cell { text.len() } else { 1 };
        for (_, cells) in rows.range_mut(top + 1..=bottom) {
            spent += cost;
            if spent > SHEET_TEXT_BYTES_MAX {
                return Err(WorkbookError::SheetTooLarge { number });
            }
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            if cells[column].is_empty() {
                cells[column] = cell.clone();
            }
        }
    }
    Ok(())
}
