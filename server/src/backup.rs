//! A copy of the books that can be trusted, and a life from one. A restored office is a new incarnation:
//! devices notice, compare heads, and give back what was lost.

use crate::clock::{Surroundings, random_array};
use crate::office::{DATABASE_NAME, Office, OfficeError};
use crate::photos::{PhotoStore, PhotoStoreError, reconcile};
use crate::secrets::{FILE_NAME, Secrets};
use crate::store::{Store, StoreError, Tx};
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
    #[error("{path} 已经有了,没有覆盖。请换一个文件名。")]
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
    #[error("{path} 不是备份文件,没有恢复。")]
    NoBackup {
        /// Which.
        path: PathBuf,
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

    fn whole_photos(&self) -> Result<Vec<[u8; 32]>, StoreError> {
        let come = self.store().read(|tx| tx.photos_come())?;
        Ok(come.into_iter().filter(|(_, whole)| *whole).map(|(hash, _)| hash).collect())
    }
}

/// The folder in which a backup lies; the photos of all backups there lie beside them, each once.
fn beside(backup: &Path) -> &Path {
    backup.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes an office of a backup and its key file, in an empty folder, as a new incarnation.
pub fn restore(from: &Path, key_file: &Path, dir: &Path, around: &Arc<dyn Surroundings>) -> Result<(), BackupError> {
    let database = dir.join(DATABASE_NAME);
    if database.exists() || dir.join(FILE_NAME).exists() {
        return Err(OfficeError::AlreadyInitialised { dir: dir.to_owned() }.into());
    }
    if !from.is_file() || !key_file.is_file() {
        let path = if from.is_file() { key_file } else { from };
        return Err(BackupError::NoBackup { path: path.to_owned() });
    }
    fs::create_dir_all(dir).map_err(|source| BackupError::Copy { path: dir.to_owned(), source })?;
    for (from, to) in [(key_file, dir.join(FILE_NAME)), (from, database.clone())] {
        fs::copy(from, &to).map_err(|source| BackupError::Copy { path: to.clone(), source })?;
        let synced = File::open(&to).and_then(|f| f.sync_all());
        synced.map_err(|source| BackupError::Copy { path: to.clone(), source })?;
    }
    // That key and database belong together is found out before anybody works on them.
    let secrets = Secrets::open(dir).map_err(OfficeError::from)?;
    let store = Store::open(&database, false)?;
    begin_life(&store, around.as_ref())?;
    let photos: Vec<[u8; 32]> = store.read(|tx| tx.photos_come())?.into_iter().map(|(hash, _)| hash).collect();
    PhotoStore::in_folder(beside(from)).copy_to(dir, &photos)?;
    drop((store, secrets));
    let office = Office::open_with(dir, Arc::clone(around))?;
    Ok(reconcile(&office)?)
}

/// A new incarnation of the office on this store.
pub fn begin_life(store: &Store, around: &dyn Surroundings) -> Result<(), OfficeError> {
    let incarnation: [u8; 16] = random_array(around)?;
    store.write(move |tx| Ok(Office::set_incarnation(tx, &incarnation)?))
}
