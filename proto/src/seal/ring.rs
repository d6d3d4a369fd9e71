//! The keys that one device or the office knows.

use super::{KeyId, OpenError, SubjectKey};
use crate::ids::Subject;
use std::collections::BTreeMap;

/// Subjects and their keys.
///
/// A door or a diary that two devices created offline has two keys, one from each. Values sealed under
/// either open; new ones are sealed under the key with the smallest id, so that all agree which.
///
/// A ring does not remember what was removed: whoever fills it again reads the tombstones first.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    keys: BTreeMap<Subject, BTreeMap<KeyId, SubjectKey>>,
}

impl KeyRing {
    /// A ring without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key; tells whether it was new.
    pub fn insert(&mut self, subject: Subject, key: SubjectKey) -> bool {
        self.keys.entry(subject).or_default().insert(key.id(), key).is_none()
    }

    /// Forgets (and wipes) every key of a subject; tells whether there was one.
    pub fn remove_subject(&mut self, subject: &Subject) -> bool {
        self.keys.remove(subject).is_some()
    }

    /// The key to seal with: of all known ones that with the smallest id.
    pub fn sealing_key(&self, subject: &Subject) -> Option<&SubjectKey> {
        self.keys.get(subject)?.values().next()
    }

    /// Every key of a subject, by id.
    pub fn keys_of(&self, subject: &Subject) -> impl Iterator<Item = (KeyId, &SubjectKey)> {
        self.keys.get(subject).into_iter().flatten().map(|(id, key)| (*id, key))
    }

    /// Whether this key of this subject is known.
    pub fn contains(&self, subject: &Subject, id: KeyId) -> bool {
        self.keys.get(subject).is_some_and(|keys| keys.contains_key(&id))
    }

    /// Seals under [`KeyRing::sealing_key`]; nothing if no key is known.
    pub fn seal(&self, subject: &Subject, field: &str, plain: &[u8]) -> Option<Vec<u8>> {
        Some(self.sealing_key(subject)?.seal(subject, field, plain))
    }

    /// Opens under whichever known key sealed it.
    pub fn open(&self, subject: &Subject, field: &str, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let keys = self.keys.get(subject).ok_or(OpenError::NoKey)?;
        keys.values().find_map(|key| key.open(subject, field, sealed).ok()).ok_or(OpenError::NotAuthentic)
    }

    /// Opens a photo under whichever known key sealed it.
    pub fn open_photo(&self, subject: &Subject, photo: &[u8; 16], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let keys = self.keys.get(subject).ok_or(OpenError::NoKey)?;
        keys.values().find_map(|key| key.open_photo(subject, photo, sealed).ok()).ok_or(OpenError::NotAuthentic)
    }

    /// Every key, by subject and id.
    pub fn iter(&self) -> impl Iterator<Item = (Subject, &SubjectKey)> {
        self.keys.iter().flat_map(|(subject, keys)| keys.values().map(|key| (*subject, key)))
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.keys.values().map(BTreeMap::len).sum()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl Extend<(Subject, SubjectKey)> for KeyRing {
    fn extend<I: IntoIterator<Item = (Subject, SubjectKey)>>(&mut self, keys: I) {
        for (subject, key) in keys {
            self.insert(subject, key);
        }
    }
}
