//! The day close 日结: what is still out, what waits, and the record that closes the books of a day.
//!
//! A day is the office's (Beijing). Work counts on the day that it claims. What comes after a day was closed stands
//! in that day's addendum, never in its figures; opening a closed day again is a record of its own, with a reason.

/// The office's days.
pub mod day;
/// What a day comes to, for each grid and in all.
pub mod figures;
/// What a record says, and whether the chain of them holds.
pub mod record;
/// Closing a day, and opening one again.
pub mod sign;
/// What came after a day was closed.
pub mod addendum;

pub use addendum::{Late, addendum};
pub use day::Day;
pub use figures::{Figures, GridFigures, figures};
pub use record::{Record, RecordView, check_chain, records};
pub use sign::{CloseError, Left, Whether, reopen, sign};
