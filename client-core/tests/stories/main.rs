//! Stories of one device and an office in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

/// The line itself, over HTTP.
mod http;
/// PIN, key, database: what opens and what does not.
mod open;
/// Is this edit allowed, and what exactly changes?
mod s1_edit;
/// What have I not yet been thanked for?
mod s2_outbox;
/// Which batch goes now, what does the receipt mean?
mod s3_push;
/// What the office does not take.
mod s3_refused;
/// What is new for this device, and how is it applied?
mod s8_pull;
/// Two devices, one truth.
mod together;
/// Photos, after the text.
mod photos;
/// Photos of a device that is to be emptied, and of an office that fails.
mod last_photos;
/// Looks at masked values.
mod looks;
/// The worker's own trainings.
mod trainings;
/// A visit that was a mistake.
mod taken_back;
/// The office goes on from a backup.
mod restored;
/// What a clerk let in.
mod let_in;
