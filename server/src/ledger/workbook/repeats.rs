//! Whether a row repeats a person who is in the book already.
//!
//! The same person is: the same identity number and name, wherever; or the same name and birth date
//! in the same door, where the later row has no identity number that could say otherwise. A later
//! row that says more than the earlier one is never left out.

use super::remark::{First, Problem};
use crate::ledger::book::{DoorRow, PersonRow, Told};
use chrono::NaiveDate;
use qiaomen_proto::person::IdentityNumber;
use std::collections::HashMap;

/// What a row is with regard to the rows above it.
pub(super) enum Standing {
    /// Nobody like this so far.
    New,
    /// Somebody of whom a person should see whether it is another one. Taken.
    Odd(Problem),
    /// The same person again. Left out.
    Again(Problem),
}

/// Where a person stands in the book.
#[derive(Clone, Copy)]
struct Seen {
    sheet: usize,
    door: usize,
    index: usize,
}

/// Everybody read so far.
#[derive(Default)]
pub(super) struct Everybody {
    /// The sheet that is being read; row numbers are told within it only.
    pub(super) sheet: usize,
    by_identity: HashMap<IdentityNumber, Seen>,
    by_door: HashMap<(usize, String, Option<NaiveDate>), Seen>,
}

impl Everybody {
    /// What this person, read for this door, is.
    pub(super) fn standing(&self, person: &PersonRow, door: usize, doors: &[DoorRow]) -> Standing {
        if let Told::Value(identity) = &person.identity
            && let Some(seen) = self.by_identity.get(identity)
        {
            let first = self.first(*seen, doors);
            let earlier = &doors[seen.door].people[seen.index];
            return match earlier.name == person.name {
                true if seen.door != door => Standing::Again(Problem::RepeatedElsewhere { first }),
                true => Standing::Again(again(earlier, person, first)),
                false => Standing::Odd(Problem::IdentityShared { first }),
            };
        }
        let Some(seen) = in_door(person, door).and_then(|key| self.by_door.get(&key)) else { return Standing::New };
        let first = self.first(*seen, doors);
        let earlier = &doors[seen.door].people[seen.index];
        match (&earlier.identity, &person.identity) {
            // Two numbers: father and son of one name are not born on one day, but the book says two.
            (_, Told::Value(_)) => Standing::Odd(Problem::PerhapsRepeated { first }),
            _ => Standing::Again(again(earlier, person, first)),
        }
    }

    /// Remembers a person who has been taken into this place of the book.
    pub(super) fn remember(&mut self, person: &PersonRow, door: usize, index: usize) {
        let seen = Seen { sheet: self.sheet, door, index };
        if let Told::Value(identity) = &person.identity {
            self.by_identity.entry(identity.clone()).or_insert(seen);
        }
        if let Some(key) = in_door(person, door) {
            self.by_door.entry(key).or_insert(seen);
        }
    }

    fn first(&self, seen: Seen, doors: &[DoorRow]) -> First {
        (seen.sheet == self.sheet).then(|| doors[seen.door].people[seen.index].origin.row)
    }
}

fn in_door(person: &PersonRow, door: usize) -> Option<(usize, String, Option<NaiveDate>)> {
    Some((door, person.name.value()?.clone(), person.born_on.value().copied()))
}

fn again(earlier: &PersonRow, person: &PersonRow, first: First) -> Problem {
    let alike = PersonRow { origin: earlier.origin, ..person.clone() } == *earlier;
    if alike { Problem::Repeated { first } } else { Problem::RepeatedDiffers { first } }
}
