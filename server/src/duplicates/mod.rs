//! What is likely one thing twice: a person on two pages, a door in two spellings, a matter told twice.
//!
//! Found after the merge, by rows that are made from each document alone (`likeness`) and joined when somebody
//! looks (`find`): nothing has to be kept up to date that two documents say together. A clerk says that two are
//! one, and which of them is kept: that is one more fact in the document that is set aside, written by an
//! ordinary command, so that phones see it as the office does. Nothing is re-keyed, nothing is moved, nothing
//! deleted: both ids lead to the kept one (`resolve`), and one more fact takes it back. What a clerk says is
//! not the same stays away until something new speaks for it.

/// Spellings of one door.
mod spelling;
/// By what a document can be like another.
pub mod likeness;
/// From a document to the one that is kept.
pub mod resolve;
/// The pairs that wait, and how many.
pub mod find;
/// Why we think so, and how sure that is.
pub mod weigh;
/// Which of two is proposed to be kept.
pub mod prefer;
/// The rows of a database from before them.
pub(crate) mod catch_up;
/// Saying that two are one, or are not; taking that back.
pub mod act;
/// Why the office does not do what a clerk asks.
pub mod error;

pub use act::{dismiss, link, reconsider, reopen, unlink};
pub use error::DuplicateError;
pub use find::{Counts, Evidence, Pair, counts, open_count, open_pairs, rings};
pub use likeness::How;
pub use resolve::{aliases, resolve};
pub use weigh::{Sure, Weighed, weigh};

use qiaomen_proto::ids::Kind;

/// The kinds of which two can be one; a diary is its worker's and its day's.
pub const KINDS: [Kind; 3] = [Kind::Resident, Kind::Household, Kind::Ticket];
