//! What one edit is: operations on paths, by an author, at a time, in a command.

/// A value as a document holds it, and the answers that stand in place of one.
pub mod scalar;
/// The corrected hybrid clock.
pub mod clock;
/// Who, when, in which command: the text in the change's message.
pub mod stamp;
/// One change, typed; its exact automerge form and hash.
pub mod typed;
/// The keys under which a command's own records and rows stand.
pub mod keys;
/// The unit of admission.
pub mod command;
/// The typed form of a change in a database.
pub mod stored;

pub use clock::{Clock, Hlc};
pub use command::Command;
pub use scalar::{Answer, Scalar};
pub use stamp::{Author, Stamp};
pub use typed::{ChangeHash, Edit, OpId, Path, TypedChange, TypedOp};
