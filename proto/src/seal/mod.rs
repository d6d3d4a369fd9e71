//! Personal values as ciphertext; keys and who holds them.
//!
//! - [`SubjectKey`](crate::seal::SubjectKey) seals the values of one subject (person, door, matter, diary, member of staff)
//!   so that the same value gives the same bytes: two people who write the same phone number make
//!   no conflict. Destroying the key erases the values in every copy, log and backup at once.
//! - [`KeyRing`](crate::seal::KeyRing) holds the keys that one device or the office knows.
//! - [`seal_to`](crate::seal::seal_to) puts a [`KeyBundle`](crate::seal::KeyBundle) into a box for one receiver; [`WrapKey`](crate::seal::WrapKey) keeps keys at rest.
//! - [`BlindKey`](crate::seal::BlindKey) lets the office find a value that it does not store in the open.
//! - [`SigningSecret`](crate::seal::SigningSecret) signs.
//!
//! Never: randomness of its own. Keys and seeds come in as bytes from the caller.
//!
//! What a sealed value still tells: its length, and whether two values of one field of one subject
//! are equal. There is no padding: names and phones differ little in length, and a padded value would
//! cost more on the wire than all its stamps.

mod blind;
mod boxed;
mod bundle;
mod ring;
mod sign;
mod siv;
mod subject;
mod wrap;

pub use blind::{BlindKey, BlindKind};
pub use boxed::{BOX_OVERHEAD_BYTES, BoxError, BoxPublic, BoxSecret, open_with, seal_to};
pub use bundle::{BundleError, KeyBundle};
pub use ring::KeyRing;
pub use sign::{BadSignature, SigningSecret, VerifyKey};
pub use siv::OpenError;
pub use subject::{KeyId, SubjectKey};
pub use wrap::WrapKey;

/// Bytes that sealing adds to a value.
pub const SEAL_OVERHEAD_BYTES: usize = 16;

/// 32 secret bytes: wiped when dropped, compared without telling by the time it takes, never shown.
#[derive(Clone)]
struct Secret([u8; 32]);

impl Drop for Secret {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        blake3::Hash::from_bytes(self.0) == blake3::Hash::from_bytes(other.0)
    }
}

impl Eq for Secret {}

macro_rules! secret_key {
    ($name:ident) => {
        impl $name {
            /// From 32 random bytes.
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                Self($crate::seal::Secret(bytes))
            }
            /// The 32 secret bytes, for the one place that stores or sends them.
            pub fn as_bytes(&self) -> &[u8; 32] {
                &self.0.0
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}
use secret_key;

/// Debug as hexadecimal digits, for what is public.
fn fmt_hex(f: &mut std::fmt::Formatter<'_>, name: &str, bytes: &[u8]) -> std::fmt::Result {
    write!(f, "{name}(")?;
    for byte in bytes {
        write!(f, "{byte:02x}")?;
    }
    f.write_str(")")
}
