//! Is this edit allowed, and what exactly changes?
//!
//! A person means something ([`Intent`]). Planning turns it into edits of documents: a pure function of
//! the intent, the stamp and the documents as this device has them. Executing writes the plan down:
//! changes, outbox, keys, rows and rescue record, all or nothing.

/// What a person meant.
pub mod intent;
/// From an intent to edits of documents.
pub(crate) mod plan;
/// Edits of one plan, as they come together.
pub(crate) mod draft;
/// Doors.
mod plan_household;
/// People.
mod plan_resident;
/// Days that cannot be.
mod sensible;
/// Matters.
mod plan_ticket;
/// Diaries.
mod plan_diary;
/// From a plan to what is durable.
pub(crate) mod execute;

pub use intent::{Intent, resident_of, ticket_of};
