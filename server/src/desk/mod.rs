//! What the console's pages show: lists, figures, histories, in words, within what somebody may see. Nothing is
//! decided here, and nothing is written but who looked at whom.

/// The roster as of a day.
pub mod roster;
/// One member of staff.
pub mod staff_page;
/// The devices, in words.
pub mod devices;
/// Who did what.
pub mod audit;
/// The rules of every field, in words.
pub mod policies;
