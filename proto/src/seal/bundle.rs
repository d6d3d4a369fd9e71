//! The keys of one message.

use super::SubjectKey;
use crate::ids::Subject;
use crate::limits::KEYS_PER_MESSAGE_MAX;
use uuid::Uuid;
use zeroize::Zeroizing;

const ENTRY_BYTES: usize = 16 + 32;

/// Keys that travel together, in one box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyBundle {
    /// Whose key, and the key.
    pub keys: Vec<(Subject, SubjectKey)>,
}

/// These are not the bytes of a bundle, or too many keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// More keys than one message may carry.
    #[error("{0} keys in one message; at most {KEYS_PER_MESSAGE_MAX}")]
    TooMany(usize),
    /// Not a whole number of keys.
    #[error("{0} bytes are not a whole number of keys")]
    NotWhole(usize),
}

impl KeyBundle {
    /// 48 bytes for each key: the subject's id, then the key.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, BundleError> {
        if self.keys.len() > KEYS_PER_MESSAGE_MAX {
            return Err(BundleError::TooMany(self.keys.len()));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.keys.len() * ENTRY_BYTES));
        for (subject, key) in &self.keys {
            bytes.extend_from_slice(subject.as_bytes());
            bytes.extend_from_slice(key.as_bytes());
        }
        Ok(bytes)
    }

    /// Back from [`KeyBundle::encode`].
    pub fn decode(bytes: &[u8]) -> Result<Self, BundleError> {
        let (entries, rest) = bytes.as_chunks::<ENTRY_BYTES>();
        if !rest.is_empty() {
            return Err(BundleError::NotWhole(bytes.len()));
        }
        if entries.len() > KEYS_PER_MESSAGE_MAX {
            return Err(BundleError::TooMany(entries.len()));
        }
        let keys = entries.iter().map(|entry| {
            let (mut subject, mut key) = ([0; 16], Zeroizing::new([0; 32]));
            subject.copy_from_slice(&entry[..16]);
            key.copy_from_slice(&entry[16..]);
            (Uuid::from_bytes(subject), SubjectKey::from_bytes(*key))
        });
        Ok(Self { keys: keys.collect() })
    }
}

impl FromIterator<(Subject, SubjectKey)> for KeyBundle {
    fn from_iter<I: IntoIterator<Item = (Subject, SubjectKey)>>(keys: I) -> Self {
        Self { keys: keys.into_iter().collect() }
    }
}
