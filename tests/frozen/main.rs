//! Files that older releases wrote, opened by today's. Each release that changes a stored form adds a folder
//! `tests/data/v<n>`; none is ever made again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

/// An office and phones in one process.
mod world;
/// The steps from one form of a database to the next.
mod migrations;
/// The first frozen release.
mod v1;
