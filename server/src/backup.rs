//! A copy of the books that can be trusted, and a life from one. A restored office is a new incarnation:
//! devices notice, compare heads, and give back what was lost.

use crate::clock::{Surroundings, random_array};
use crate::office::{DATABASE_NAME, Office, OfficeError};
use crate::photos::{PhotoStore, PhotoStoreError, clear_abandoned, reconcile};
use crate::secrets::{FILE_NAME, Secrets, SecretsError};
use crate::store::{Store, StoreError, Trouble, Tx};
use qiaomen_proto::planted::{Planted, planted};
use serde::Serialize;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Up to which change a backup exists.
const BACKED_UP: &str = "backed_up";

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    /// Where to.
    pub path: PathBuf,
    /// Changes in it.
    pub position: u64,
    /// Bytes.
    pub bytes: u64,
    /// Photos that the folder beside it did not have yet.
    pub photos: u64,
}

/// Why there is no backup, or no life from one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is there already. A backup is never overwritten.
    #[error("{path} 已经有了，没有覆盖。请换一个文件名。")]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// Copying a file.
    #[error("could not copy to {path}")]
    Copy {
        /// Where to.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Nothing to restore from.
    #[error("{path} 不是备份文件，没有恢复。")]
    NoBackup {
        /// Which.
        path: PathBuf,
    },
    /// The backup is not whole, or is no office's.
    #[error("{path} 坏了，或不是社区的备份，没有恢复。请换一份备份。")]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What the database said of it; none if it can be read and does not hold together.
        #[source]
        source: Option<StoreError>,
    },
    /// Reading a file.
    #[error("could not read {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Copying a photo.
    #[error(transparent)]
    Photo(#[from] PhotoStoreError),
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for BackupError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

impl Office {
    /// How far the log has come, and up to where a backup has it.
    pub fn backed_up(&self, tx: &Tx<'_>) -> Result<(u64, u64), StoreError> {
        let position = u64::try_from(tx.last_change()?).unwrap_or(0);
        let saved = tx.meta(BACKED_UP)?.and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes);
        Ok((position, if planted(Planted::BackedUpByItself) { position } else { saved }))
    }

    /// Notes that a backup exists that has the log up to here. Devices then let go of what they keep for
    /// the case that the office loses it.
    pub fn note_backup(&self, position: u64) -> Result<(), OfficeError> {
        self.store().write(move |tx| Ok(tx.set_meta(BACKED_UP, &position.to_be_bytes())?))
    }

    /// Copies the database, whole and at one instant, beside a running office. The key file is not copied:
    /// it belongs somewhere else.
    pub fn backup(&self, to: &Path) -> Result<BackupReport, BackupError> {
        if to.exists() {
            return Err(BackupError::Exists { path: to.to_owned() });
        }
        let failed = |source| BackupError::Copy { path: to.to_owned(), source };
        clear_abandoned(self)?;
        let (position, _) = self.store().read(|tx| self.backed_up(tx))?;
        // After that: what was whole at this position is among them, and a phone may count on it.
        let whole = self.whole_photos()?;
        self.store().copy_to(to)?;
        let file = File::open(to).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let photos = self.photos().copy_to(beside(to), &whole)?;
        // Only now: until the copy is safe, devices keep what they have.
        self.note_backup(position)?;
        Ok(BackupReport { path: to.to_owned(), position, bytes, photos })
    }

    /// Photos that are here, all of each.
    pub fn whole_photos(&self) -> Result<Vec<[u8; 32]>, StoreError> {
        let come = self.store().read(|tx| tx.photos_come())?;
        Ok(come.into_iter().filter(|(_, whole)| *whole).map(|(hash, _)| hash).collect())
    }
}

/// The folder in which a backup lies; the photos of all backups there lie beside them, each once.
fn beside(backup: &Path) -> &Path {
    backup.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Folder in which what is being restored stands until it is known to be good.
const STAGED: &str = "restoring";

/// Makes an office of a backup and its key file, as a new incarnation, in a folder that has no database. Until it is
/// known that the backup is whole and the key is its own, nothing there has an office's name: whatever goes wrong, the
/// same can be tried again.
pub fn restore(from: &Path, key_file: &Path, dir: &Path, around: &Arc<dyn Surroundings>) -> Result<(), BackupError> {
    let (database, key) = (dir.join(DATABASE_NAME), dir.join(FILE_NAME));
    let empty = fs::metadata(&database).map_or(true, |found| found.len() == 0);
    for given in [from, key_file] {
        if !given.is_file() {
            return Err(BackupError::NoBackup { path: given.to_owned() });
        }
    }
    // Where only the database was lost, the key lies there still. Another community's is not written over.
    let read = |path: &Path| fs::read(path).map_err(|source| BackupError::Read { path: path.to_owned(), source });
    let same_key = !key.exists() || read(&key)? == read(key_file)?;
    if !empty || !same_key {
        return Err(OfficeError::AlreadyInitialised { dir: dir.to_owned() }.into());
    }
    fs::create_dir_all(dir).map_err(|source| BackupError::Copy { path: dir.to_owned(), source })?;
    let staged = dir.join(STAGED);
    let staging = |source| BackupError::Copy { path: staged.clone(), source };
    if staged.exists() {
        // Somebody pulled the plug the last time.
        fs::remove_dir_all(&staged).map_err(staging)?;
    }
    fs::create_dir(&staged).map_err(staging)?;
    let made = stage(from, key_file, &staged, around.as_ref()).and_then(|photos| {
        PhotoStore::in_folder(beside(from)).copy_to(dir, &photos)?;
        set_journal_aside(&database)?;
        for (name, to) in [(FILE_NAME, &key), (DATABASE_NAME, &database)] {
            fs::rename(staged.join(name), to).map_err(|source| BackupError::Copy { path: to.clone(), source })?;
        }
        File::open(dir).and_then(|folder| folder.sync_all()).map_err(staging)
    });
    let cleared = fs::remove_dir_all(&staged).map_err(staging);
    made.and(cleared)?;
    Ok(reconcile(&Office::open_with(dir, Arc::clone(around))?)?)
}

/// The journal of a database that was lost would be played into the one that takes its place. It is kept, under a name
/// that nothing reads.
fn set_journal_aside(database: &Path) -> Result<(), BackupError> {
    let journal = database.with_extension("db-wal");
    if !journal.exists() {
        return Ok(());
    }
    let aside = (0..).map(|n| database.with_extension(format!("db-wal.lost{n}"))).find(|path| !path.exists());
    let aside = aside.unwrap_or_else(|| database.with_extension("db-wal.lost"));
    fs::rename(&journal, &aside).map_err(|source| BackupError::Copy { path: aside, source })
}

/// Copies both into a folder of their own, begins the new life there, and says which photos it knows.
fn stage(from: &Path, key_file: &Path, staged: &Path, around: &dyn Surroundings) -> Result<Vec<[u8; 32]>, BackupError> {
    let (database, key) = (staged.join(DATABASE_NAME), staged.join(FILE_NAME));
    for (from, to) in [(key_file, &key), (from, &database)] {
        fs::copy(from, to).map_err(|source| BackupError::Copy { path: to.clone(), source })?;
    }
    let damaged = |error: StoreError| match error.trouble() {
        Trouble::Damaged | Trouble::NotOurs => BackupError::Damaged { path: from.to_owned(), source: Some(error) },
        _ => error.into(),
    };
    let secrets = Secrets::open(staged).map_err(|error| match error {
        SecretsError::Damaged { .. } => SecretsError::Damaged { path: key_file.to_owned() },
        other => other,
    });
    let secrets = secrets.map_err(OfficeError::from)?;
    let store = Store::open(&database, false).map_err(damaged)?;
    if !store.integrity().map_err(damaged)?.is_empty() {
        return Err(BackupError::Damaged { path: from.to_owned(), source: None });
    }
    begin_life(&store, around)?;
    let photos = store.read(|tx| tx.photos_come())?.into_iter().map(|(hash, _)| hash).collect();
    // That key and database belong together is found out before anybody works on them.
    drop((store, secrets));
    drop(Office::open(staged)?);
    for path in [&key, &database] {
        let synced = File::open(path).and_then(|file| file.sync_all());
        synced.map_err(|source| BackupError::Copy { path: path.clone(), source })?;
    }
    Ok(photos)
}

/// A new incarnation of the office on this store.
pub fn begin_life(store: &Store, around: &dyn Surroundings) -> Result<(), OfficeError> {
    let incarnation: [u8; 16] = random_array(around)?;
    store.write(move |tx| Ok(Office::set_incarnation(tx, &incarnation)?))
}
