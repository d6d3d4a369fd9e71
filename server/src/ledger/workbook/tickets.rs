//! The sheet of tickets: what residents asked for, and what became of it.

use super::Ticker;
use super::place::Places;
use super::remark::Problem;
use super::table::{Row, Table};
use super::value::{self, Faults};
use super::words::Field;
use crate::ledger::book::{Book, TicketRow, Told};
use qiaomen_proto::normalise::{UnitKey, building_name};

/// Reads a sheet of tickets into the book. Two rows may be alike: two people ask for one thing.
pub(super) fn read(table: &Table<'_>, places: &Places, book: &mut Book, ticker: &mut Ticker<'_>) {
    for row in table.rows {
        if let Some(row) = table.row(row) {
            read_row(&row, places, book);
        }
        ticker.row();
    }
}

fn read_row(row: &Row<'_>, places: &Places, book: &mut Book) {
    let says_nothing =
        [Field::ReportedOn, Field::Matter, Field::Place, Field::State].iter().all(|field| row.cell(*field).is_empty());
    if says_nothing {
        return;
    }
    let matter = row.text(Field::Matter);
    let mut faults = Faults::default();
    let reported_on =
        value::told_day(row.cell(Field::ReportedOn)).and_then(|day| Told::into_value(day).ok_or(Problem::CellMissing));
    let reported_on = faults.sift(Field::ReportedOn, reported_on);
    let text = faults.sift(Field::Matter, matter.ok_or(Problem::CellMissing));
    let closed_on = faults.sift(Field::ClosedOn, value::told_day(row.cell(Field::ClosedOn)));
    let (Some(reported_on), Some(text), None) = (reported_on, text, faults.remark(row)) else {
        book.rejected.extend(faults.remark(row));
        return;
    };
    let place = row.text(Field::Place);
    let (building, unit) = where_it_is(row, place.as_deref(), places);
    book.tickets.push(TicketRow {
        origin: row.origin(),
        reported_on,
        source: row.text(Field::Source),
        place,
        building,
        unit,
        text,
        category: row.text(Field::Category),
        big: row.text(Field::Size).is_some_and(|size| size.starts_with('大')),
        state: row.text(Field::State),
        closed_on: closed_on.and_then(Told::into_value),
        fed_back: row.text(Field::FedBack).is_some_and(|said| !said.starts_with(['未', '没', '否', '待', '不', '×'])),
        satisfaction: row.text(Field::Satisfaction),
    });
}

/// The building and unit, from columns of their own or from the words for the place.
fn where_it_is(row: &Row<'_>, place: Option<&str>, places: &Places) -> (Option<String>, Option<UnitKey>) {
    let building = row.text(Field::Building).map(|text| building_name(&text));
    match building.filter(|name| places.grid_of(name).is_some()) {
        Some(building) => {
            let unit = row.text(Field::Unit).and_then(|text| UnitKey::parse(&text).ok());
            (Some(building), unit.filter(|unit| !unit.is_none()))
        }
        None => place.and_then(|place| places.named_in(place)).map_or((None, None), |(name, unit)| (Some(name), unit)),
    }
}
