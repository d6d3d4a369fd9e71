//! Which door a row is about.
//!
//! Books write the door once and leave the cells below it blank, or leave blank only what does not
//! change. What is blank is inherited from above, as long as nothing to its left in the order grid,
//! building, unit, room has changed.

use super::remark::Problem;
use super::table::Row;
use super::value::Faults;
use super::words::Field;
use crate::ledger::book::GridRow;
use qiaomen_proto::normalise::{RoomKey, UnitKey, building_name};
use std::collections::HashMap;

/// The buildings that exist, each with its grid.
pub(super) struct Places(HashMap<String, String>);

impl Places {
    pub(super) fn of(grids: &[GridRow]) -> Self {
        let pairs = grids.iter().flat_map(|grid| grid.buildings.iter().map(move |b| (b.clone(), grid.name.clone())));
        Self(pairs.collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn grid_of(&self, building: &str) -> Option<&str> {
        self.0.get(building).map(String::as_str)
    }

    /// The building that a text like 和顺社区12号楼1单元门口 names, and the unit after it.
    pub(super) fn named_in(&self, text: &str) -> Option<(String, Option<UnitKey>)> {
        // A place is a few words; a story is not searched.
        const CHARS_MAX: usize = 64;
        let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).take(CHARS_MAX).collect();
        let in_number = |at: usize| at > 0 && chars[at - 1].is_ascii_digit() && chars[at].is_ascii_digit();
        for start in (0..chars.len()).filter(|start| !in_number(*start)) {
            for end in (start + 1..=chars.len()).rev() {
                let words: String = chars[start..end].iter().collect();
                let name = building_name(&words);
                // 12号 may be the 12号院, and a bare 12 anything.
                let says_building = words.ends_with(['楼', '栋', '幢', '#']) || name == words;
                if says_building && self.0.contains_key(&name) {
                    let rest: String = chars[end..].iter().collect();
                    let unit =
                        rest.find("单元").and_then(|at| UnitKey::parse(&rest[..at]).ok()).filter(|u| !u.is_none());
                    return Some((name, unit));
                }
            }
        }
        None
    }
}

/// A door that exists, as far as buildings go.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Door {
    pub(super) building: String,
    pub(super) unit: UnitKey,
    pub(super) room: RoomKey,
}

/// One part of a door's address, as the rows above have left it.
#[derive(Clone, PartialEq)]
enum Part<T> {
    Blank,
    Read(T),
    Unreadable,
}

/// What the next row inherits.
pub(super) struct Above {
    grid: Option<String>,
    building: Part<String>,
    unit: Part<UnitKey>,
    room: Part<RoomKey>,
}

impl Above {
    /// Nothing stands above the first row.
    pub(super) fn nothing() -> Self {
        Self { grid: None, building: Part::Blank, unit: Part::Blank, room: Part::Blank }
    }

    /// Reads the row's part of the address; what it leaves blank comes from above.
    pub(super) fn read(&mut self, row: &Row<'_>, places: &Places, faults: &mut Faults) {
        let grid = row.text(Field::Grid);
        if grid.is_some() && grid != self.grid {
            self.grid = grid;
            (self.building, self.unit, self.room) = (Part::Blank, Part::Blank, Part::Blank);
        }
        let building = read_part(row, Field::Building, Problem::BuildingUnknown, faults, |text| {
            Some(building_name(text)).filter(|name| places.grid_of(name).is_some())
        });
        if replace(&mut self.building, building) {
            (self.unit, self.room) = (Part::Blank, Part::Blank);
        }
        let unit = read_part(row, Field::Unit, Problem::UnitUnreadable, faults, |text| UnitKey::parse(text).ok());
        if replace(&mut self.unit, unit) {
            self.room = Part::Blank;
        }
        let room = read_part(row, Field::Room, Problem::RoomUnreadable, faults, |text| RoomKey::parse(text).ok());
        replace(&mut self.room, room);
    }

    /// The door of the row that was read last; a fault if it is not known.
    pub(super) fn door(&self, faults: &mut Faults) -> Option<Door> {
        match (&self.building, &self.unit, &self.room) {
            (Part::Read(building), unit @ (Part::Read(_) | Part::Blank), Part::Read(room)) => {
                let unit = if let Part::Read(unit) = unit { unit.clone() } else { UnitKey::none() };
                return Some(Door { building: building.clone(), unit, room: room.clone() });
            }
            // What this row itself says wrongly has been noted; one fault is enough.
            _ if !faults.is_empty() => {}
            (Part::Unreadable, ..) | (_, Part::Unreadable, _) | (_, _, Part::Unreadable) => {
                faults.push(Field::Room, Problem::DoorAboveUnreadable);
            }
            (Part::Blank, ..) => faults.push(Field::Building, Problem::BuildingMissing),
            (Part::Read(_), ..) => faults.push(Field::Room, Problem::RoomMissing),
        }
        None
    }
}

/// What the cell says; nothing if it is blank and inherits.
fn read_part<T>(
    row: &Row<'_>,
    field: Field,
    problem: Problem,
    faults: &mut Faults,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<Part<T>> {
    use super::cell::Cell;
    let part = match row.cell(field) {
        Cell::Empty => return None,
        // 3-1 typed into a sheet becomes the first of March.
        Cell::Date(_) | Cell::Broken => None,
        cell => cell.text().and_then(|text| read(&text)),
    };
    if part.is_none() {
        faults.push(field, problem);
    }
    Some(part.map_or(Part::Unreadable, Part::Read))
}

/// Puts a new part in the place of the old one; true if that changes what stands below it.
fn replace<T: PartialEq>(part: &mut Part<T>, new: Option<Part<T>>) -> bool {
    let Some(new) = new else { return false };
    let changed = new != *part || matches!(new, Part::Unreadable);
    *part = new;
    changed
}
