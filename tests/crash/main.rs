//! Real programs under load, killed as a dead battery or a power cut kills them (`SIGKILL`), at moments that
//! dice choose; and files as a power cut leaves them. After it: what an edit or the office had confirmed is
//! there, once; the files are whole; nothing has to be cleaned up by hand.
//!
//! The dice are seeded: a failure prints the seed and what to type. The moments are chosen by the dice, what
//! the programs do in them is up to the machine: the same seed is the same plan, not the same run.
//!
//! The programs are not built here: `cargo build --workspace --bins` first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]
#![allow(clippy::print_stderr, reason = "a story that fails says what it kept, and how to see it again")]
#![allow(dead_code, reason = "these stories need a part of the harness")]

#[path = "../harness/mod.rs"]
mod harness;

/// Seeded chance, and how to throw the same dice again.
mod dice;
/// Phones that never rest.
mod restless;
/// What must be true after any number of kills.
mod judge;
/// Hundreds of kills of phones and server under load.
mod under_load;
/// Kills of what is done once: founding, import, enrolment, decision.
mod once;
/// Kills of the field program as people use it.
mod field_program;
/// The field app and a hand that touches it.
mod field_app;
/// Kills of the field app at each of its forms.
mod confirmed;
/// Files as a power cut leaves them.
mod torn;
