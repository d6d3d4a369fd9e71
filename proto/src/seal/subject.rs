//! The key of one subject.

use super::{OpenError, Secret, fmt_hex, secret_key, siv};
use std::fmt;
use uuid::Uuid;

const SEAL: &str = "qiaomen 2026 v1 subject key: sealed value";
const PHOTO: &str = "qiaomen 2026 v1 subject key: photo";
const ID: &str = "qiaomen 2026 v1 subject key: id";

/// Names a [`SubjectKey`] without telling it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_hex(f, "KeyId", &self.0)
    }
}

/// The key that seals the values of one subject. Made from 32 random bytes by the first to seal;
/// never rotated, only destroyed.
#[derive(Clone, PartialEq, Eq)]
pub struct SubjectKey(Secret);

secret_key!(SubjectKey);

impl SubjectKey {
    /// Its id: the first eight bytes of a hash of the secret.
    pub fn id(&self) -> KeyId {
        let mut id = [0; 8];
        blake3::Hasher::new_derive_key(ID).update(self.as_bytes()).finalize_xof().fill(&mut id);
        KeyId(id)
    }

    /// Seals a value of a field of `subject`: the same value, the same bytes.
    pub fn seal(&self, subject: &Uuid, field: &str, plain: &[u8]) -> Vec<u8> {
        siv::seal(SEAL, self.as_bytes(), [subject.as_bytes(), field.as_bytes()], plain)
    }

    /// Opens what [`SubjectKey::seal`] sealed for this subject and field.
    pub fn open(&self, subject: &Uuid, field: &str, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        siv::open(SEAL, self.as_bytes(), [subject.as_bytes(), field.as_bytes()], sealed)
    }

    /// Seals a photo of `subject`, in a purpose of its own: no photo opens as a value, and no value as a photo.
    pub fn seal_photo(&self, subject: &Uuid, photo: &[u8; 16], plain: &[u8]) -> Vec<u8> {
        siv::seal(PHOTO, self.as_bytes(), [subject.as_bytes(), photo], plain)
    }

    /// Opens what [`SubjectKey::seal_photo`] sealed as this photo of this subject.
    pub fn open_photo(&self, subject: &Uuid, photo: &[u8; 16], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        siv::open(PHOTO, self.as_bytes(), [subject.as_bytes(), photo], sealed)
    }
}
