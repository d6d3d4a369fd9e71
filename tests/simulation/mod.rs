//! Bad days, thousands of them: worlds of phones, one office, a network, and everything that goes wrong
//! between them. One seed is one run, byte for byte; `simulate --seed S --runs 1 --talk` plays it again.

/// The only randomness.
pub mod dice;
/// Virtual time.
pub mod time;
/// Names of disks in memory.
pub mod names;
/// Grids, buildings, workers.
pub mod town;
/// What a worker does at a door.
pub mod acts;
/// What the world knows and the programs do not.
pub mod truth;
/// A phone.
pub mod phone;
/// Somebody who lies.
pub mod liar;
/// The office.
pub mod bureau;
/// Letters under way.
pub mod network;
/// The scheduler.
pub mod world;
/// What happens next.
mod happen;
/// Pictures are taken, and lied about.
mod pictures;
/// Everybody comes home.
mod evening;
/// Who looks whether it was a good day.
pub mod check;
/// What happened, counted.
pub mod figures;
/// One run, and its shrinking.
pub mod run;

pub use figures::Figures;
pub use run::{Outcome, run};
