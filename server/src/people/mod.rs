//! People: the staff and who may what, their devices, and the clerks who sign in at the office.
//!
//! A device becomes one of ours by a one-time code that the office makes for one worker. Codes,
//! passwords and session tokens are kept as hashes only. Names stand sealed in the database and are
//! opened in memory, for the office's own screen and nowhere else.

/// Staff with their names, and who is meant.
pub mod staff;
/// One-time codes as people read, type and spell them.
pub mod code;
/// How a worker's device becomes one of ours.
pub mod enrol;
/// From where somebody asks.
pub mod source;
/// How often somebody may be wrong.
pub mod attempts;
/// How often a device may ask.
pub mod pace;
/// Trainings, and who was there.
pub mod trainings;
/// The devices, and taking one's access back.
pub mod devices;
/// The first account of a new office.
pub mod first;
/// Personal values as a list may show them.
pub mod masked;
/// Who may do what at the console.
pub mod posts;
/// Clerks, their passwords and sessions.
pub mod clerks;
/// Accounts of the console: opened, changed, removed.
pub mod accounts;
/// What is written down about who did what, in words.
pub mod deeds;
/// What is written down about who did what.
pub mod audit;
/// What workers had shown on their devices.
pub mod looks;

pub use accounts::AccountError;
pub use clerks::{Session, SignInError, SignedIn};
pub use code::OneTimeCode;
pub use enrol::{EnrolCodeError, EnrolRefusal, enrol_code, enrol_device, enrol_device_from};
pub use posts::{Post, Sight};
