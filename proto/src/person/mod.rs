//! Identity numbers, phones and dates as people write them.
//!
//! Parse once at the edge: a value that exists is valid in form. Its `Debug` never shows what it
//! holds, so that no log can.

mod date;
mod identity;
mod phone;
mod refusal;

pub use date::{date_of_serial, parse_date};
pub use identity::{IdentityNumber, NotAnIdentityNumber};
pub use phone::{NotAPhone, Phone};
pub use refusal::is_refusal;
