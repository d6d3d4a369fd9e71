//! The roster: who works in which grid, as what.

use super::Ticker;
use super::people::person_name;
use super::remark::Problem;
use super::table::{Row, Table};
use super::value::{self, Faults};
use super::words::Field;
use crate::ledger::book::{Book, StaffRow, Told};

/// Words for the whole community where a grid would stand.
const EVERYWHERE: [&str; 6] = ["全社区", "社区", "全部", "全部网格", "各网格", "所有网格"];

/// Reads a roster into the book.
pub(super) fn read(table: &Table<'_>, book: &mut Book, ticker: &mut Ticker<'_>) {
    for row in table.rows {
        if let Some(row) = table.row(row) {
            read_row(&row, book);
        }
        ticker.row();
    }
}

fn read_row(row: &Row<'_>, book: &mut Book) {
    let says_nothing =
        [Field::Name, Field::Role, Field::Phone, Field::BornOn].iter().all(|field| row.cell(*field).is_empty());
    if says_nothing {
        return;
    }
    let (name, role) = (row.text(Field::Name), row.text(Field::Role));
    let mut faults = Faults::default();
    let name = name.ok_or(Problem::CellMissing).and_then(|name| person_name(&name).ok_or(Problem::NameUnreadable));
    let name = faults.sift(Field::Name, name);
    let role = faults.sift(Field::Role, role.ok_or(Problem::CellMissing));
    let grid = row.text(Field::Grid).filter(|grid| !EVERYWHERE.contains(&grid.as_str()));
    if let Some(grid) = &grid
        && !book.grids.is_empty()
        && !book.grids.iter().any(|known| known.name == *grid)
    {
        faults.push(Field::Grid, Problem::GridUnknown);
    }
    let born_on = faults.sift(Field::BornOn, value::told_day(row.cell(Field::BornOn)));
    let phone = faults.sift(Field::Phone, value::told_phone(row.cell(Field::Phone)));
    let appointed_on = faults.sift(Field::AppointedOn, value::told_day(row.cell(Field::AppointedOn)));
    let (Some(name), Some(role), None) = (name, role, faults.remark(row)) else {
        book.rejected.extend(faults.remark(row));
        return;
    };
    let staff = StaffRow {
        origin: row.origin(),
        name,
        sex: row.text(Field::Sex),
        born_on: born_on.and_then(Told::into_value),
        role,
        grid,
        phone: phone.and_then(Told::into_value),
        department: row.text(Field::Department),
        appointed_on: appointed_on.and_then(Told::into_value),
    };
    let repeats = |earlier: &StaffRow| StaffRow { origin: earlier.origin, ..staff.clone() } == *earlier;
    if book.staff.iter().any(repeats) {
        book.warnings.push(row.remark(None, Problem::StaffRepeated));
    } else {
        book.staff.push(staff);
    }
}
