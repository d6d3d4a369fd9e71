//! The field app in a phone's hand: real Chromium, the real program, a real office behind a wire that can break.

/// The program that serves it.
mod app;
/// From the office's code to the first visit, offline and back.
mod day;
/// Photos, from the file to the office's desk.
mod photos;
/// Every screen, full and empty, on a phone and on a tablet.
mod screens;
/// Going back, and somebody of the same name.
mod back;
/// Names, places and matters as long as they come; pages that say what went wrong.
mod corners;
/// Looks at masked values, from the door to the office's audit.
mod looks;
/// Who is not let in.
mod strangers;
/// The first start, on a line that is slow.
mod first_start;
