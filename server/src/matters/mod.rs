//! Matters 诉求 at the office: what may be done with one, by whom, and doing it.
//!
//! A step is an event in the matter's document, written as a device writes one: planned as data, held against the
//! fold first, sealed under the matter's key, an ordinary command of the office's own. What the fold would not take
//! is not written, and the reason is said. Nobody decides here whose matter something is: the last assignment says it.

/// Why the office does not do what somebody asks.
pub mod error;
/// Who does something, in which role, and how far that person sees.
pub mod hand;
/// What somebody asks to be done with a matter, and what may be asked now.
pub mod step;
/// From what is asked to what is written.
pub mod plan;
/// How long a matter may take, and what it can be.
pub mod terms;
/// Sealing values and putting them where they belong.
mod pen;
/// Doing a step.
pub mod act;
/// Writing down a new matter.
pub mod report;

pub use act::{Acted, act};
pub use error::MatterError;
pub use hand::{Hand, sees};
pub use report::{NewMatter, report};
pub use step::{Step, offered, step_called};
