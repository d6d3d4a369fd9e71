//! The stories of the console, in one program: each program of tests would carry a whole SQLCipher of its own.
//! `tests/tidy` sees that no file is forgotten.

#[path = "support/steps.rs"]
mod steps;
#[path = "../../tests/support/counted.rs"]
mod counted;
#[path = "../../tests/support/matter.rs"]
mod matter;
mod support;

mod accounts;
mod audit;
mod conflicts;
mod day;
mod duplicates;
mod import;
mod ledger;
mod map;
mod overview;
mod people;
mod quarantine;
mod refused;
mod tickets;
mod tickets_sight;
mod trainings;

// What both offices' stories share asks for a phone beside itself.
use support::phone;
