//! What the tests of this project share, and what needs more than one crate.

/// Bad days, thousands of them.
#[path = "../simulation/mod.rs"]
pub mod simulation;
