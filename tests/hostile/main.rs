//! A client that speaks the protocol and lies in every way it can, against everything that the office
//! serves, over real HTTP; and honest devices at work beside it.
//!
//! Each liar has a true key and a worker's rights: what it may not do is told by the office, not by the
//! door. A lie is a valid request with one thing broken, or with its bytes broken; everything comes from
//! a seed, and a failure prints the seed and the command that tells the same lies again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that breaks off has failed")]
#![allow(clippy::print_stdout, reason = "a run says what it did")]

/// An honest device of nothing but the shared language, which a liar starts from.
#[path = "../../server/tests/support/phone.rs"]
mod phone;
/// A roster.
#[path = "../../server/tests/support/staff.rs"]
mod staff;

/// Chance from a seed.
mod dice;
/// A client of nothing but a socket.
mod line;
/// Is this an answer that the office may give?
mod judge;
/// What this process has in memory.
mod memory;
/// A device in the hands of somebody who lies.
mod liar;
/// What an honest worker would write: where a lie begins.
mod honest_commands;
/// A valid command with one thing broken.
mod commands;
/// An honest request with its bytes broken.
mod bytes;
/// Bodies that were never a request.
mod cbor;
/// Photos that come in pieces.
mod photos;
/// Who says it.
mod signature;
/// The clerks' side.
mod desk;
/// Becoming a device uninvited.
mod enrolling;
/// What is HTTP and still nothing that anybody may ask.
mod http;
/// Honest devices at work among the liars.
mod honest;
/// What the office is like afterwards.
mod aftermath;
/// All of them at once, for fifty thousand requests.
mod many;
/// Bytes that trickle, and readers that do not read.
mod slow;
/// One lie each, told slowly enough to be looked at.
mod stories;
