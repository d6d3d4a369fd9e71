//! Many copies: what is the truth, by which rule? Pure, and shared by device and office.

/// Every operation of a document, by place: what admission, candidates and history need.
pub mod register;
/// The register in a database.
pub mod register_row;
/// May this change join this document?
pub mod fit;
/// Whether two values say the same.
pub mod same;
/// Which operations stand against each other.
pub mod candidates;
/// The value that holds for now, and why.
pub mod reading;
/// What no rule could decide.
pub mod conflict;
/// What a person decided, as a fact in the document.
pub mod decision;
pub mod link;
pub mod taken_back;
/// In which order facts stand.
pub mod order;
/// The state of a matter from its events.
pub mod fold;
/// The automerge document, made from the changes, and compared with the register.
pub mod document;
/// One number for many documents' heads.
pub mod digest;

pub use candidates::Candidate;
pub use conflict::Conflict;
pub use fit::Misfit;
pub use reading::{Reading, Why};
pub use register::{OpRecord, Register};
