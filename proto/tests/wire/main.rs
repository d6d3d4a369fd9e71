//! What travels arrives as it was meant, or not at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

/// A few stores of one document, and what people do in them.
#[path = "../world/mod.rs"]
mod world;

/// Two stores with several documents, and the wire between them.
mod town;
/// What was rebuilt is what was meant, whatever else the receiver knows.
mod round_trip;
/// One command at a time: what is left out, and what is not.
mod forms;
/// At the maximum and one past it.
mod limits;
/// How much memory a batch takes.
#[path = "../../../tests/fuzz/src/footprint.rs"]
mod footprint;
/// Bytes that mean harm.
mod hostile;
/// The compressed envelope, and the frames that devices and office send.
mod envelope;
/// Registers and changes in databases.
mod stored;
/// What an evening weighs.
mod evening;
