//! The unit of admission: one thing that a person did, all or nothing.

use super::{ChangeHash, Stamp, TypedChange};
use crate::ids::DocId;

/// A command: an id, an author, a time (all in the stamp) and one or more changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Who, when, and the id. Each change carries the same.
    pub stamp: Stamp,
    /// The changes, in an order in which they can be applied.
    pub changes: Vec<TypedChange>,
}

/// Eight bytes over the (document, hash) pairs of a command. It tells the receiver that what it
/// rebuilt is what was meant; the request's signature tells who meant it.
pub fn check_of(pairs: &[(DocId, ChangeHash)]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new_derive_key("qiaomen 2026 command check");
    for (doc, hash) in pairs {
        hasher.update(&doc.key());
        hasher.update(&hash.0);
    }
    let mut check = [0; 8];
    hasher.finalize_xof().fill(&mut check);
    check
}

/// All of a BLAKE3 over the same pairs, in the same order. Where something is taken for the office's own word
/// on this alone, eight bytes are too few: whoever makes both sides finds two that agree in a few minutes.
pub fn digest_of(pairs: &[(DocId, ChangeHash)]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("qiaomen 2026 command digest");
    for (doc, hash) in pairs {
        hasher.update(&doc.key());
        hasher.update(&hash.0);
    }
    *hasher.finalize().as_bytes()
}
