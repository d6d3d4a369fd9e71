//! The sheet of residents: rows become doors with their people.

use super::Ticker;
use super::people::{self, HEAD};
use super::place::{Above, Door, Places};
use super::remark::Problem;
use super::repeats::{Everybody, Standing};
use super::table::{Row, Table};
use super::value::Faults;
use super::words::Field;
use crate::ledger::book::{Book, DoorRow, PersonRow};
use std::collections::HashMap;

/// A door without people is written so.
const VACANT: &str = "空置";

/// Reads all sheets of residents; a door and a person stand once in the book, on whichever sheet.
pub(super) fn read<'a>(
    tables: impl Iterator<Item = &'a Table<'a>>,
    places: &Places,
    book: &mut Book,
    ticker: &mut Ticker<'_>,
) {
    let mut reader = Reader { places, book, doors: HashMap::new(), everybody: Everybody::default() };
    for (sheet, table) in tables.enumerate() {
        reader.everybody.sheet = sheet;
        let mut above = Above::nothing();
        for row in table.rows {
            if let Some(row) = table.row(row) {
                reader.row(&row, &mut above);
            }
            ticker.row();
        }
    }
    for door in &mut book.doors {
        if let Some(head) = door.people.iter().position(|person| person.relation.as_deref() == Some(HEAD)) {
            door.people[..=head].rotate_right(1);
        }
    }
}

fn is_oddly_vacant(door: &DoorRow) -> bool {
    door.occupancy.as_deref() == Some(VACANT) && !door.people.is_empty()
}

struct Reader<'a> {
    places: &'a Places,
    book: &'a mut Book,
    doors: HashMap<Door, usize>,
    everybody: Everybody,
}

impl Reader<'_> {
    fn row(&mut self, row: &Row<'_>, above: &mut Above) {
        let mut faults = Faults::default();
        above.read(row, self.places, &mut faults);
        let has_person = people::is_about_a_person(row);
        let says_door = [Field::Room, Field::Occupancy, Field::Category, Field::Note]
            .iter()
            .any(|field| row.text(*field).is_some());
        // A row with a grid or a building alone is a title within the sheet.
        if faults.is_empty() && !has_person && !says_door {
            return;
        }
        let door = above.door(&mut faults);
        let person = has_person.then(|| people::person(row, &mut faults));
        let (Some(door), None) = (door, faults.remark(row)) else {
            self.book.rejected.extend(faults.remark(row));
            return;
        };
        let odd_before = self.doors.get(&door).is_some_and(|at| is_oddly_vacant(&self.book.doors[*at]));
        let at = self.door(row, door);
        match person {
            Some(person) => self.person(row, at, person),
            None => self.note(row, at),
        }
        if !odd_before && is_oddly_vacant(&self.book.doors[at]) {
            self.warn(row, Some(Field::Occupancy), Problem::VacantWithPeople);
        }
    }

    /// Takes the person into the door, unless the book has the person already.
    fn person(&mut self, row: &Row<'_>, at: usize, person: PersonRow) {
        match self.everybody.standing(&person, at, &self.book.doors) {
            Standing::Again(problem) => {
                self.book.duplicates += 1;
                return self.warn(row, None, problem);
            }
            Standing::Odd(problem) => self.warn(row, Some(Field::Identity), problem),
            Standing::New => {}
        }
        if let Some((field, problem)) = people::oddities(&person) {
            self.warn(row, Some(field), problem);
        }
        let people = &mut self.book.doors[at].people;
        self.everybody.remember(&person, at, people.len());
        people.push(person);
    }

    /// What a row without a person says beside the door.
    fn note(&mut self, row: &Row<'_>, at: usize) {
        let said = [Field::Category, Field::Note].into_iter().filter_map(|field| row.text(field));
        let door = &mut self.book.doors[at];
        let notes: Vec<String> = door.note.take().into_iter().chain(said).collect();
        door.note = (!notes.is_empty()).then(|| notes.join("；"));
    }

    /// The door in the book, made if it is new; with what the row says of it.
    fn door(&mut self, row: &Row<'_>, door: Door) -> usize {
        let grid = self.places.grid_of(&door.building).unwrap_or_default().to_owned();
        if row.text(Field::Grid).is_some_and(|written| written != grid) {
            self.warn(row, Some(Field::Grid), Problem::GridDiffers);
        }
        let next = self.book.doors.len();
        let at = *self.doors.entry(door.clone()).or_insert(next);
        if at == next {
            let Door { building, unit, room } = door;
            self.book.doors.push(DoorRow {
                origin: row.origin(),
                grid,
                building,
                unit,
                room,
                occupancy: None,
                note: None,
                people: Vec::new(),
            });
        }
        let before = &mut self.book.doors[at].occupancy;
        let written = row.text(Field::Occupancy);
        if before.is_none() {
            *before = written;
        } else if written.is_some() && *before != written {
            self.warn(row, Some(Field::Occupancy), Problem::OccupancyDiffers);
        }
        at
    }

    fn warn(&mut self, row: &Row<'_>, field: Option<Field>, problem: Problem) {
        self.book.warnings.push(row.remark(field, problem));
    }
}
