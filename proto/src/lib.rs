//! The shared language of the device and the office: ids, documents, rules and the wire.
//!
//! No IO, no clock, no randomness of its own, no async, no SQL: bytes and values in, bytes and
//! values out. Time, randomness and ids come in as arguments.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout))]

/// Every limit, with its reason.
pub mod limits;
/// Identities: of documents, people, devices, commands.
pub mod ids;
/// Spellings of places made one.
pub mod normalise;
/// Identity numbers, phones, dates as people write them.
pub mod person;
/// Personal values as ciphertext; keys and who holds them.
pub mod seal;
/// The kinds of document: shape, genesis, fields.
pub mod entity;
/// What one edit is: operations, author, clock, command.
pub mod change;
/// Many copies: what is the truth, by which rule.
pub mod merge;
/// Places and people that the office owns.
pub mod reference;
/// How it all travels.
pub mod wire;
/// Mistakes on purpose, in builds that try the checkers of the simulation.
pub mod planted;
/// The permanent codes, each with its sentence.
pub mod error;
/// A sentence for a person, as data.
pub mod sentence;
