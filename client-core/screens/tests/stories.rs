//! What a grid worker does with the app, against an honest office in memory: no socket, no browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]
#![allow(dead_code, unused_imports, reason = "the office is the device's own test office; not every part is used")]

#[path = "../../tests/support/mod.rs"]
mod support;

/// Somebody with the app in her hand.
#[path = "stories/hand.rs"]
mod hand;
/// Doors, visits, people.
#[path = "stories/doors.rs"]
mod doors;
/// Matters.
#[path = "stories/matters.rs"]
mod matters;
/// Twice, back, again, and what strangers write.
#[path = "stories/twice.rs"]
mod twice;
/// Looks at masked values.
#[path = "stories/looks.rs"]
mod looks;
/// What is not at the office.
#[path = "stories/unsent.rs"]
mod unsent;
/// A touch at the wrong door.
#[path = "stories/taken_back.rs"]
mod taken_back;
/// Somebody of the same name.
#[path = "stories/namesakes.rs"]
mod namesakes;
/// Going back, and loading again.
#[path = "stories/back.rs"]
mod back;
/// A form that is not done.
#[path = "stories/refused.rs"]
mod refused;
/// Households, and doors that nobody had listed.
#[path = "stories/households.rs"]
mod households;
/// The purpose card.
#[path = "stories/card.rs"]
mod card;
/// The diary, day by day.
#[path = "stories/diary.rs"]
mod diary;
/// What the device says, in English.
#[path = "stories/said.rs"]
mod said;
/// What the sync says while the office lets wait.
#[path = "stories/waiting.rs"]
mod waiting;
/// What stands where a name is not known.
#[path = "stories/in_place.rs"]
mod in_place;
/// The app in English.
#[path = "stories/english.rs"]
mod english;
/// Care visits.
#[path = "stories/care.rs"]
mod care;
