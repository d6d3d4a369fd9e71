//! Subjects' keys at rest in the office's database.

use super::{OpenError, Secret, SubjectKey, secret_key, siv};
use crate::ids::Subject;
use zeroize::{Zeroize, Zeroizing};

const WRAP: &str = "qiaomen 2026 v1 wrap key: subject key at rest";

/// Wraps subjects' keys for storing. It lives in the community's key file, never in the database:
/// a copy of the database alone opens nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct WrapKey(Secret);

secret_key!(WrapKey);

impl WrapKey {
    /// The key wrapped for this subject, 48 bytes; the same key gives the same bytes.
    pub fn wrap(&self, subject: &Subject, key: &SubjectKey) -> Vec<u8> {
        siv::seal(WRAP, self.as_bytes(), [subject.as_bytes(), b"subject key"], key.as_bytes())
    }

    /// Back from [`WrapKey::wrap`]. A wrapped key does not open as another subject's.
    pub fn unwrap(&self, subject: &Subject, wrapped: &[u8]) -> Result<SubjectKey, OpenError> {
        let plain = Zeroizing::new(siv::open(WRAP, self.as_bytes(), [subject.as_bytes(), b"subject key"], wrapped)?);
        let mut bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| OpenError::NotAuthentic)?;
        let key = SubjectKey::from_bytes(bytes);
        bytes.zeroize();
        Ok(key)
    }
}
