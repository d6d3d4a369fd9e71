//! One number for the heads of many documents.
//!
//! Additive, so that one document's change is one subtraction and one addition, and so that order
//! never matters. Both sides keep one for each stream, over acknowledged heads only.

use crate::change::ChangeHash;
use crate::ids::DocId;

/// A set digest: the sum, modulo 2^128, of one number for each (document, heads).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(pub u128);

impl Digest {
    /// The number of one document at these heads (sorted).
    pub fn of(doc: DocId, heads: &[ChangeHash]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("qiaomen 2026 digest of heads");
        hasher.update(&doc.key());
        for head in heads {
            hasher.update(&head.0);
        }
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        Self(u128::from_be_bytes(bytes))
    }
    /// With one more document.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
    /// With one document less.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
    /// 16 bytes.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
    /// Back from 16 bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
