//! The database's key, wrapped under a PIN.
//!
//! A PIN has few digits, so guessing must cost: Argon2id for whoever copies the file, and a count of
//! failed attempts with a growing delay for whoever holds the device. The count is written before an
//! attempt, not after: switching off in time wins nothing.

use super::files::write_whole;
use crate::error::OpenError;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use qiaomen_proto::seal::{SubjectKey, WrapKey};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Attempts before the device is locked for good.
pub(super) const ATTEMPTS_MAX: u32 = 10;
/// 32 MiB and three passes: about 60 ms on a laptop, under half a second on a cheap phone.
const MEMORY_KIB: u32 = 32 * 1024;
const PASSES: u32 = 3;
const FORM: u32 = 1;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Keystore {
    form: u32,
    memory_kib: u32,
    passes: u32,
    salt: String,
    wrapped: String,
    /// Over all of the above: tells a damaged file from a wrong PIN.
    check: String,
    failed_count: u32,
    failed_at_ms: u64,
}

impl Keystore {
    /// Wraps a key under a PIN.
    pub(super) fn seal(pin: &str, key: &[u8; 32], salt: [u8; 16]) -> Result<Self, OpenError> {
        let wrap = derive(pin, &salt, MEMORY_KIB, PASSES)?;
        let wrapped = wrap.wrap(&Uuid::from_bytes(salt), &SubjectKey::from_bytes(*key));
        let mut keystore = Self {
            form: FORM,
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: STANDARD_NO_PAD.encode(salt),
            wrapped: STANDARD_NO_PAD.encode(wrapped),
            check: String::new(),
            failed_count: 0,
            failed_at_ms: 0,
        };
        keystore.check = keystore.checksum();
        Ok(keystore)
    }

    fn checksum(&self) -> String {
        let text = format!("{} {} {} {} {}", self.form, self.memory_kib, self.passes, self.salt, self.wrapped);
        blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
    }

    /// Reads the file; none if there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, OpenError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(OpenError::File { step: "read the key store", source }),
        };
        let keystore: Self = serde_json::from_slice(&bytes).map_err(|_| OpenError::KeystoreDamaged)?;
        if keystore.form > FORM {
            return Err(OpenError::TooNew);
        }
        if keystore.check != keystore.checksum() {
            return Err(OpenError::KeystoreDamaged);
        }
        Ok(Some(keystore))
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), OpenError> {
        let text = serde_json::to_vec_pretty(self).map_err(|_| OpenError::KeystoreDamaged)?;
        write_whole(path, &text).map_err(|source| OpenError::File { step: "write the key store", source })
    }

    /// The key, if this is the PIN and an attempt is allowed now.
    pub(super) fn unlock(&mut self, pin: &str, path: &Path, now_ms: u64) -> Result<Zeroizing<[u8; 32]>, OpenError> {
        self.unlock_by(pin, path, now_ms, derive)
    }

    /// The same, with what makes a key of a PIN: the attempt is on the disk before that begins.
    fn unlock_by(
        &mut self,
        pin: &str,
        path: &Path,
        now_ms: u64,
        derive: impl FnOnce(&str, &[u8; 16], u32, u32) -> Result<WrapKey, OpenError>,
    ) -> Result<Zeroizing<[u8; 32]>, OpenError> {
        if self.failed_count >= ATTEMPTS_MAX {
            return Err(OpenError::LockedOut { wait: None, left: 0 });
        }
        let due_ms = delay_ms(self.failed_count);
        // A clock that was set back starts the delay again, it does not skip it.
        let waited_ms = now_ms.saturating_sub(self.failed_at_ms);
        if waited_ms < due_ms {
            let left = ATTEMPTS_MAX.saturating_sub(self.failed_count);
            return Err(OpenError::LockedOut { wait: Some(Duration::from_millis(due_ms - waited_ms)), left });
        }
        let before = (self.failed_count, self.failed_at_ms);
        (self.failed_count, self.failed_at_ms) = (before.0 + 1, now_ms);
        self.write(path)?;
        let salt: [u8; 16] = decode(&self.salt)?.try_into().map_err(|_| OpenError::KeystoreDamaged)?;
        let wrap = derive(pin, &salt, self.memory_kib, self.passes)?;
        let Ok(key) = wrap.unwrap(&Uuid::from_bytes(salt), &decode(&self.wrapped)?) else {
            let left = ATTEMPTS_MAX.saturating_sub(self.failed_count);
            let wait = Some(Duration::from_millis(delay_ms(self.failed_count))).filter(|wait| !wait.is_zero());
            return Err(match left {
                0 => OpenError::LockedOut { wait: None, left },
                left => OpenError::WrongPin { left, wait },
            });
        };
        (self.failed_count, self.failed_at_ms) = (0, 0);
        self.write(path)?;
        Ok(Zeroizing::new(*key.as_bytes()))
    }
}

fn decode(text: &str) -> Result<Vec<u8>, OpenError> {
    STANDARD_NO_PAD.decode(text).map_err(|_| OpenError::KeystoreDamaged)
}

/// What has to pass after this many failed attempts: the first three are slips of a thumb.
fn delay_ms(failed_count: u32) -> u64 {
    const MINUTE: u64 = 60_000;
    match failed_count {
        0..3 => 0,
        3 => MINUTE / 2,
        4 => MINUTE,
        5 => 5 * MINUTE,
        6 => 15 * MINUTE,
        _ => 60 * MINUTE,
    }
}

fn derive(pin: &str, salt: &[u8; 16], memory_kib: u32, passes: u32) -> Result<WrapKey, OpenError> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| OpenError::KeystoreDamaged)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, key.as_mut())
        .map_err(|_| OpenError::DeriveKey)?;
    Ok(WrapKey::from_bytes(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the first release wrote for PIN 246810, a key of sevens and a salt of nines.
    const FIRST: &str = r#"{
  "form": 1,
  "memory_kib": 32768,
  "passes": 3,
  "salt": "CQkJCQkJCQkJCQkJCQkJCQ",
  "wrapped": "PT9IxPjn5fwSHSRxaEZZKs6ATffnoMe4CpYHAfiuXt7Dhvi8gjbyBbhSSW+vWXah",
  "check": "52acd0da47220425",
  "failed_count": 0,
  "failed_at_ms": 0
}"#;

    #[test]
    fn a_key_store_of_the_first_release_is_written_the_same_and_opens() {
        let now = Keystore::seal("246810", &[7; 32], [9; 16]).unwrap();
        assert_eq!(serde_json::to_string_pretty(&now).unwrap(), FIRST);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keystore.json");
        fs::write(&path, FIRST).unwrap();
        let mut read = Keystore::read(&path).unwrap().unwrap();
        assert_eq!(*read.unlock("246810", &path, 0).unwrap(), [7; 32]);
        assert!(matches!(read.unlock("246811", &path, 0), Err(OpenError::WrongPin { .. })));
    }

    #[test]
    fn an_attempt_is_on_the_disk_before_it_is_made_so_a_battery_taken_out_in_time_wins_no_guess() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keystore.json");
        fs::write(&path, FIRST).unwrap();
        const HOUR_MS: u64 = 3_600_000;
        for attempt in 1..=ATTEMPTS_MAX {
            let now_ms = u64::from(attempt) * HOUR_MS;
            let mut counted = None;
            // As far as the program comes when it is killed while the key is made.
            let broken_off =
                Keystore::read(&path).unwrap().unwrap().unlock_by("246811", &path, now_ms, |_, _, _, _| {
                    counted = Keystore::read(&path).unwrap().map(|there| (there.failed_count, there.failed_at_ms));
                    Err(OpenError::DeriveKey)
                });
            assert!(matches!(broken_off, Err(OpenError::DeriveKey)));
            assert_eq!(counted, Some((attempt, now_ms)));
        }
        let mut after = Keystore::read(&path).unwrap().unwrap();
        let refused = after.unlock("246810", &path, 100 * HOUR_MS);
        assert!(matches!(refused, Err(OpenError::LockedOut { wait: None, .. })), "the right PIN comes too late");
    }
}
