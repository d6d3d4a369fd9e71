//! The office's side of Qiaomen: takes what devices bring, merges it, finds what no rule decides, lets
//! a clerk decide, and hands out what is new. Synchronous but for the HTTP edge.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout))]

/// The office's clock and randomness.
pub mod clock;
/// The community's secrets, in a file of their own.
pub mod secrets;
/// What is kept.
pub mod store;
/// The one handle.
pub mod office;
/// May this device send this, and have we seen it before?
pub mod ingest;
/// What could no rule decide?
pub mod conflict;
/// What does the clerk see, and what happens when she decides?
pub mod review;
/// What is likely one thing twice?
pub mod duplicates;
/// Photos of matters: how they come, where they rest, who sees them.
pub mod photos;
/// What is new for this device?
pub mod feed;
/// One request of a sync, from signed bytes to signed bytes.
pub mod sync;
/// What the office's own books say.
pub mod ledger;
/// What the community looks like from above.
pub mod shapes;
/// Staff, devices, who may what.
pub mod people;
/// A copy of the books, and a life from one.
pub mod backup;
/// Do log, documents, registers, rows and digests agree?
pub mod verify;
/// The documents, as any automerge reads them.
pub mod export;
/// The day close: figures, the signed record, what came late.
pub mod close;
/// Matters at the office: what may be done with one, by whom, and doing it.
pub mod matters;
/// What the console's pages show.
pub mod desk;
/// The edge.
pub mod http;
