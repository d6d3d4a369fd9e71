//! Finding a value without storing it in the open.

use super::{Secret, secret_key};

/// Which index a blinded value belongs to. The numbers are permanent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum BlindKind {
    /// A whole identity number.
    Identity = 1,
    /// A whole phone number.
    Phone = 2,
    /// The last four digits of a phone number.
    PhoneLast4 = 3,
    /// The last four characters of an identity number.
    IdentityLast4 = 4,
    /// A resident's name.
    Name = 5,
    /// A name of a member of staff.
    StaffName = 6,
}

impl BlindKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [BlindKind; 6] = [
        BlindKind::Identity,
        BlindKind::Phone,
        BlindKind::PhoneLast4,
        BlindKind::IdentityLast4,
        BlindKind::Name,
        BlindKind::StaffName,
    ];
    /// The number in databases.
    pub fn number(self) -> u8 {
        self as u8
    }
    /// The kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// The key of the blind indexes. Without it their entries tell only which values are equal; with it,
/// short values (last digits) can be guessed: it lives in the community's key file.
#[derive(Clone, PartialEq, Eq)]
pub struct BlindKey(Secret);

secret_key!(BlindKey);

impl BlindKey {
    /// What stands in the index in place of a value in its normal form (see [`crate::person`]).
    pub fn blind(&self, kind: BlindKind, normalised: &str) -> [u8; 16] {
        let mut blinded = [0; 16];
        blake3::Hasher::new_keyed(self.as_bytes())
            .update(b"qiaomen 2026 v1 blind index")
            .update(&[kind.number()])
            .update(normalised.as_bytes())
            .finalize_xof()
            .fill(&mut blinded);
        blinded
    }

    /// What stands in place of several values together, by which one document can be like another in the
    /// way `how`. For the office's own rows, which can be made again; no other program reads it.
    pub fn alike(&self, how: u8, parts: &[&str]) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_keyed(self.as_bytes());
        hasher.update(b"qiaomen 2026 likeness").update(&[how]);
        for part in parts {
            // The length first, so that ("ab","c") and ("a","bc") are two.
            hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes()).update(part.as_bytes());
        }
        let mut blinded = [0; 16];
        hasher.finalize_xof().fill(&mut blinded);
        blinded
    }
}
