//! Many copies of one document: what they show, and what may join them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

/// A few stores of one document, and what people do in them.
#[path = "../world/mod.rs"]
mod world;

/// Any order, any number, any part: one document.
mod convergence;
/// The rebuilt change is automerge's own, byte for byte.
mod rebuilt;
/// Each way not to fit.
mod fit;
/// Whatever fits does no harm.
mod mutated;
/// The people of the stories, and what they see.
mod people;
/// What stands against what.
mod candidates;
/// A clerk decides.
mod decisions;
/// The rules that need nobody.
mod policies;
/// Each rule for two, three and more, as the page says.
mod exact;
/// A refusal is an answer.
mod refusals;
/// One text under two keys.
mod sealed;
/// One version of the table against another.
mod versions;
/// In which order facts stand.
mod order;
/// Edits that meet a move, a voiding, a link.
mod beside;
/// Two documents that are one, and the taking back of that.
mod links;
/// An entry of a diary that was a mistake.
mod taken_back;
/// Never does a value vanish.
mod nothing_vanishes;
