//! Whether two values say the same, to somebody with these keys.
//!
//! Two devices that sealed one text under two keys of one subject wrote different bytes and said the
//! same. So sealed values are compared after unsealing. Where a key is missing (it has not come yet, or
//! was destroyed) the bytes are compared, which can only find a difference too many, never one too few:
//! nothing is taken for corrected or agreed that might not be.
//!
//! Whoever holds the same changes and the same keys of the subject sees the same. The office admits a
//! sealed value only with its key, and keys travel with what they open.

use crate::change::Scalar;
use crate::entity::FieldSpec;
use crate::ids::Subject;
use crate::seal::KeyRing;

/// What a value says: equal if and only if two values say the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told<'v> {
    /// As it stands in the document.
    AsIs(&'v Scalar),
    /// What was sealed.
    Opened(Vec<u8>),
}

/// Compares the values of one document.
#[derive(Debug, Clone, Copy)]
pub struct Same<'a> {
    ring: &'a KeyRing,
    subject: Subject,
    /// One key gives one text one ciphertext: only a second key makes it necessary to look inside.
    looks_inside: bool,
}

impl<'a> Same<'a> {
    /// For the values of this subject with these keys.
    pub fn new(ring: &'a KeyRing, subject: Subject) -> Self {
        Self { ring, subject, looks_inside: ring.keys_of(&subject).nth(1).is_some() }
    }

    /// What a value in this field says.
    pub fn told<'v>(&self, field: &FieldSpec, value: &'v Scalar) -> Told<'v> {
        if self.looks_inside
            && let Some(text) = self.open(field, value)
        {
            return Told::Opened(text);
        }
        Told::AsIs(value)
    }

    /// Whether a value in this field is sealed under a key that is not here.
    pub fn is_locked(&self, field: &FieldSpec, value: &Scalar) -> bool {
        field.sealed && value.as_bytes().is_some() && self.open(field, value).is_none()
    }

    fn open(&self, field: &FieldSpec, value: &Scalar) -> Option<Vec<u8>> {
        let sealed = value.as_bytes().filter(|_| field.sealed)?;
        self.ring.open(&self.subject, field.name, sealed).ok()
    }
}
