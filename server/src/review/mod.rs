//! Review: what does the clerk see, and what happens when she decides?
//!
//! Everything is said in words: the door, the field, every value with who wrote it, when, and how long
//! without signal. A decision is an ordinary change by the office; undo is one more. What she decided
//! about is what she saw: if somebody joined meanwhile, she is asked again. Values in the clear live in
//! memory only, for the office's own screen.

/// Ids, times and values as people say them.
pub mod words;
/// Which of a list are meant.
pub mod filter;
/// Where a candidate comes from.
pub mod provenance;
/// One conflict in words, and the list of them.
pub mod conflicts;
/// What was edited in parallel and merged by itself.
pub mod parallel;
/// Taking one value, several, or another.
pub mod decide;
/// Taking a decision back.
pub mod undo;
/// Rules by which many are decided at once.
pub mod rule;
/// Deciding many at once, and taking that back.
pub mod bulk;
/// Why the office does not do what a clerk asks.
pub mod error;
/// A command that is held back, on the documents of now.
mod held;
/// Why it is held back, and what to do about it.
mod held_words;
/// What is held back, in words.
pub mod quarantine;
/// What is held back, written out.
pub mod held_export;
/// Letting in what was held back.
pub mod release;
/// Putting it away.
pub mod discard;
/// A device's rescue file, read without its PIN.
pub mod rescue;
/// One door with everybody and everything behind it.
pub mod door;
/// The office at a glance.
pub mod status;

pub use bulk::{BulkDone, BulkUndone, Preview, decide_by_rule, preview, undo_bulk};
pub use conflicts::{ConflictView, Counts, conflict, conflicts_page, find_conflicts, list_conflicts};
pub use decide::{Choice, Decided, decide};
pub use discard::{PutAway, Reason, discard};
pub use door::{DoorView, door};
pub use error::ReviewError;
pub use filter::Asked;
pub use held_export::{HeldExport, export_quarantine};
pub use parallel::{ParallelView, list_parallel};
pub use provenance::CandidateView;
pub use quarantine::{HeldAsked, HeldView, find_quarantine, list_quarantine};
pub use release::{Released, release};
pub use rescue::{RescueView, apply_rescue, read_rescue};
pub use rule::Rule;
pub use status::{Status, status};
pub use undo::undo;
