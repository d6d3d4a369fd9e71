//! Review: what does the clerk see, and what happens when she decides?
//!
//! Everything is said in words: the door, the field, every value with who wrote it, when, and how long
//! without signal. A decision is an ordinary change by the office; undo is one more. What she decided
//! about is what she saw: if somebody joined meanwhile, she is asked again. Values in the clear live in
//! memory only, for the office's own screen.

/// Ids, times and values as people say them.
pub mod words;
/// One conflict, and the list of them.
pub mod conflicts;
/// Taking one value, several, or another.
pub mod decide;
/// Taking a decision back.
pub mod undo;
/// Why the office does not do what a clerk asks.
pub mod error;
/// What is held back, in words.
pub mod quarantine;
/// Letting in what was held back, or putting it away.
pub mod release;
/// A device's rescue file, read without its PIN.
pub mod rescue;
/// One door with everybody and everything behind it.
pub mod door;
/// The office at a glance.
pub mod status;

pub use conflicts::{CandidateView, ConflictView, conflict, list_conflicts};
pub use decide::{Choice, Decided, decide};
pub use door::{DoorView, door};
pub use error::ReviewError;
pub use quarantine::{HeldView, list_quarantine};
pub use release::{Reason, discard, release};
pub use rescue::{RescueView, apply_rescue, read_rescue};
pub use status::{Status, status};
pub use undo::undo;
