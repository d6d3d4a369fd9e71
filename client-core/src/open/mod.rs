//! How a device's files come to be and open again.
//!
//! | file | what |
//! |---|---|
//! | `keystore.json` | the database's key, wrapped under the PIN; how often a wrong one was tried |
//! | `key.check` | a fingerprint of the database's key: tells a wrong key from a damaged database |
//! | `field.db` | the database |
//! | `rescue.qmr` | what is not confirmed, sealed to the office |
//! | `field.lock` | held while the device is open: two programs at once would trim each other's rescue file |
//!
//! Wrong PIN, locked out, wrong key, damaged database and missing database are said apart, because each
//! means something else to do. A damaged database is set aside under another name and never deleted.

/// Writing small files so that they are whole after a crash.
pub(crate) mod files;
/// The database's key under a PIN.
mod keystore;
/// A device that lives in memory only.
pub mod memory;

use crate::clock::{Host, random};
use crate::error::OpenError;
use crate::store::Store;
use crate::store::file::FileError;
use keystore::Keystore;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The folder of one device.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    folder: PathBuf,
}

impl Home {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }
    pub(crate) fn keystore(&self) -> PathBuf {
        self.folder.join("keystore.json")
    }
    pub(crate) fn key_check(&self) -> PathBuf {
        self.folder.join("key.check")
    }
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("field.db")
    }
    pub(crate) fn rescue(&self) -> PathBuf {
        self.folder.join("rescue.qmr")
    }

    /// Holds the folder for this program, until what is returned is dropped (or the program dies).
    fn lock(&self) -> Result<File, OpenError> {
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(self.folder.join("field.lock"));
        let lock = lock.map_err(file("open the lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
            Err(TryLockError::Error(source)) => Err(OpenError::File { step: "lock the folder", source }),
        }
    }

    /// Takes the way to the data away: without the key store nothing opens the database any more. The
    /// rescue file stays; only the office can read it.
    pub(crate) fn wipe(&self) {
        let database = self.database();
        for path in [self.keystore(), self.key_check(), beside(&database, "-wal"), beside(&database, "-shm"), database]
        {
            // What cannot be removed cannot be read either: the key went first.
            let _ = fs::remove_file(path);
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// PINs shorter than this are guessed in the attempts that are allowed often enough.
const PIN_CHARS_MIN: usize = 6;

fn file(step: &'static str) -> impl FnOnce(io::Error) -> OpenError {
    move |source| OpenError::File { step, source }
}

/// An open database, and the hold on its folder.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) lock: File,
}

/// Makes the files of a new device.
pub(crate) fn create(home: &Home, pin: &str, host: &dyn Host) -> Result<Opened, OpenError> {
    if pin.chars().count() < PIN_CHARS_MIN {
        return Err(OpenError::PinTooShort);
    }
    if home.database().exists() {
        return Err(OpenError::AlreadyHere);
    }
    fs::create_dir_all(&home.folder).map_err(file("make the folder"))?;
    let lock = home.lock()?;
    // An earlier device's unsent work may lie here: it stays, under a name of its own.
    // So does the key of a database that was set aside.
    for earlier in [home.rescue(), home.keystore(), home.key_check()] {
        set_aside(&earlier, host.now_ms(), "earlier").map_err(file("keep an earlier device's file"))?;
    }
    let key = Zeroizing::new(random::<32>(host)?);
    // Key first, database last: what stands between two of these steps after a crash says "not here yet"
    // or "database missing", and nothing is lost, because nothing was in it.
    let keystore = Keystore::seal(pin, &key, random(host)?)?;
    keystore.write(&home.keystore())?;
    files::write_whole(&home.key_check(), fingerprint(&key).as_bytes()).map_err(file("write the key's fingerprint"))?;
    let store = Store::create(&home.database(), &key).map_err(|e| failed(home, host, e))?;
    Ok(Opened { store, lock })
}

/// Opens the files of a device.
pub(crate) fn open(home: &Home, pin: &str, host: &dyn Host) -> Result<Opened, OpenError> {
    let has_database = home.database().exists();
    if !has_database && !home.keystore().exists() {
        return Err(OpenError::NotHere);
    }
    let lock = home.lock()?;
    let mut keystore = match Keystore::read(&home.keystore()) {
        Ok(Some(keystore)) => keystore,
        Ok(None) => return Err(OpenError::KeystoreDamaged),
        Err(e) => return Err(e),
    };
    let key = keystore.unlock(pin, &home.keystore(), host.now_ms())?;
    match fs::read_to_string(home.key_check()) {
        Ok(check) if is_fingerprint(check.trim()) => {
            if check.trim() != fingerprint(&key) {
                return Err(OpenError::WrongKey);
            }
        }
        // A fingerprint that is lost or unreadable says nothing about the key.
        Ok(_) => {}
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {}
        Err(e) => return Err(file("read the key's fingerprint")(e)),
    }
    if !has_database {
        return Err(OpenError::DatabaseMissing);
    }
    let store = Store::open(&home.database(), &key).map_err(|e| failed(home, host, e))?;
    let check = fingerprint(&key);
    if fs::read_to_string(home.key_check()).map_or(true, |c| c.trim() != check) {
        files::write_whole(&home.key_check(), check.as_bytes()).map_err(file("write the key's fingerprint"))?;
    }
    Ok(Opened { store, lock })
}

fn failed(home: &Home, host: &dyn Host, error: FileError) -> OpenError {
    match error {
        FileError::TooNew => OpenError::TooNew,
        FileError::Other(e) => OpenError::Database(e),
        FileError::Damaged => {
            let database = home.database();
            let now_ms = host.now_ms();
            let kept = aside(&database, now_ms, "damaged");
            // The log goes with the file that it belongs to.
            for suffix in ["-wal", "-shm"] {
                let _ = fs::rename(beside(&database, suffix), beside(&kept, suffix));
            }
            match fs::rename(&database, &kept) {
                Ok(()) => OpenError::DatabaseDamaged { kept },
                Err(e) => file("keep the damaged database")(e),
            }
        }
    }
}

fn aside(path: &Path, now_ms: u64, why: &str) -> PathBuf {
    (0..u32::MAX)
        .map(|n| beside(path, &if n == 0 { format!(".{why}-{now_ms}") } else { format!(".{why}-{now_ms}-{n}") }))
        .find(|p| !p.exists())
        .unwrap_or_else(|| beside(path, &format!(".{why}")))
}

fn set_aside(path: &Path, now_ms: u64, why: &str) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(m) if m.len() > 0 => fs::rename(path, aside(path, now_ms, why)),
        _ => Ok(()),
    }
}

/// What tells one key from another without telling the key.
fn fingerprint(key: &[u8; 32]) -> String {
    blake3::keyed_hash(key, b"qiaomen 2026 key check").to_hex()[..32].to_owned()
}
fn is_fingerprint(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}
