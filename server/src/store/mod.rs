//! What is kept. The verbs of the domain, each within one transaction; the SQL stands beneath, one
//! file for each part, and nowhere else.

/// SQLite, embedded.
pub mod sqlite;

pub use sqlite::{Store, StoreError, Trouble, Tx};
