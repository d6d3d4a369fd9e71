//! The device: an embeddable library over one encrypted SQLite file.
//!
//! Everything goes through one handle, [`Device`]. An edit is durable before it returns. What the
//! office has not confirmed stays in the outbox, and beside it, sealed to the office, in the rescue
//! file: nothing leaves either because it was sent, only because it was acknowledged.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout))]

/// The one handle: each verb a few lines.
pub mod device;
/// How a device's files come to be and open again: PIN, key, database.
pub mod open;
/// How a device becomes one of the office's.
pub mod enrol;
/// Is this edit allowed, and what exactly changes?
pub mod edit;
/// Photos of matters.
pub mod photo;
/// Looks at masked values.
pub mod look;
/// What have I not yet been thanked for?
pub mod outbox;
/// Which batch goes now, what does the receipt mean, what is new, how is it applied?
pub mod sync;
/// How bytes get to the office.
pub mod transport;
/// From documents to the rows that screens read.
mod project;
/// What the screens ask.
pub mod query;
/// Finding people and doors by what somebody remembers of them.
pub mod search;
/// The database. All SQL stands here.
pub(crate) mod store;
/// Time and randomness, the only place that has them.
pub mod clock;
/// What can go wrong, and what to say.
pub mod error;

pub use clock::{Host, SystemHost};
pub use device::Device;
pub use edit::Intent;
pub use enrol::{EnrolAsk, EnrolStep, Enrolled};
pub use error::{EditError, EnrolError, OpenError, QueryError, SyncError};
pub use open::memory::MemoryDisk;
pub use sync::{SyncProgress, SyncReport};
pub use transport::{Reply, Transport, TransportError};
