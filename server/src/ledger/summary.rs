//! What a book comes to, in figures: what the import prints.

use super::book::{Book, Remark, Told};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// The figures of a book and what was said about its rows. Names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookSummary {
    /// Grids.
    pub grids: u32,
    /// Buildings that the grids list.
    pub buildings: u32,
    /// Doors, with and without people.
    pub doors: u32,
    /// People, each once.
    pub residents: u32,
    /// Staff by role.
    pub staff: BTreeMap<String, u32>,
    /// Tickets.
    pub tickets: u32,
    /// Refusals by field: `birth`, `identity`, `name`, `phone`, each also where it is 0.
    pub refusals: BTreeMap<String, u32>,
    /// Rows left out because they repeat a person.
    pub duplicates: u32,
    /// What is odd but was taken, and what was left out as repeated.
    pub warnings: Vec<Remark>,
    /// What could not be taken.
    pub rejected: Vec<Remark>,
}

impl From<&Book> for BookSummary {
    fn from(book: &Book) -> Self {
        let mut staff = BTreeMap::new();
        for person in &book.staff {
            *staff.entry(person.role.clone()).or_default() += 1;
        }
        let buildings: HashSet<&String> = book.grids.iter().flat_map(|grid| &grid.buildings).collect();
        let mut refusals = BTreeMap::from(["birth", "identity", "name", "phone"].map(|field| (field.to_owned(), 0)));
        for person in book.doors.iter().flat_map(|door| &door.people) {
            let refused = [
                ("birth", person.born_on == Told::Refused),
                ("identity", person.identity == Told::Refused),
                ("name", person.name == Told::Refused),
                ("phone", person.phone == Told::Refused),
            ];
            for (field, _) in refused.into_iter().filter(|(_, refused)| *refused) {
                *refusals.entry(field.to_owned()).or_default() += 1;
            }
        }
        Self {
            grids: count(book.grids.len()),
            buildings: count(buildings.len()),
            doors: count(book.doors.len()),
            residents: count(book.doors.iter().map(|door| door.people.len()).sum()),
            staff,
            tickets: count(book.tickets.len()),
            refusals,
            duplicates: book.duplicates,
            warnings: book.warnings.clone(),
            rejected: book.rejected.clone(),
        }
    }
}

/// A book's figures fit: its sheets are bounded.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
