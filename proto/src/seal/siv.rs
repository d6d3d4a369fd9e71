//! AES-SIV (RFC 5297) with 256-bit security under a key derived from 32 bytes.

use aes_siv::{KeyInit, siv::Aes256Siv};
use zeroize::Zeroizing;

/// A sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// No key of this subject is known here: it was never sent, or it was destroyed.
    #[error("no key of this subject is known here")]
    NoKey,
    /// The bytes were not sealed under the known keys for this subject and field, or were changed.
    #[error("the sealed value was not sealed for this subject and field under a known key")]
    NotAuthentic,
}

fn cipher(purpose: &str, key: &[u8; 32]) -> Aes256Siv {
    let mut derived = Zeroizing::new([0; 64]);
    blake3::Hasher::new_derive_key(purpose).update(key).finalize_xof().fill(derived.as_mut());
    Aes256Siv::new((&*derived).into())
}

/// Tag and ciphertext. The same inputs give the same bytes.
///
/// The two parts of the associated data are two components of S2V: ("ab","c") is not ("a","bc").
pub(super) fn seal(purpose: &str, key: &[u8; 32], associated: [&[u8]; 2], plain: &[u8]) -> Vec<u8> {
    match cipher(purpose, key).encrypt(associated, plain) {
        Ok(sealed) => sealed,
        Err(_) => unreachable!("AES-SIV refuses only more than 126 components, and these are two"),
    }
}

pub(super) fn open(purpose: &str, key: &[u8; 32], associated: [&[u8]; 2], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    cipher(purpose, key).decrypt(associated, sealed).map_err(|_| OpenError::NotAuthentic)
}
