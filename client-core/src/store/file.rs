//! Opening, creating, migrating, checking the database file.

use super::{Step as _, Store, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::path::Path;
use zeroize::Zeroizing;

/// Every migration, in order. Never edited, only added to.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_first.sql"),
    include_str!("../../migrations/0002_words_kept.sql"),
    include_str!("../../migrations/0003_give_back.sql"),
    include_str!("../../migrations/0004_put_by.sql"),
    include_str!("../../migrations/0005_put_away.sql"),
    include_str!("../../migrations/0006_photos.sql"),
    include_str!("../../migrations/0007_looks.sql"),
    include_str!("../../migrations/0008_light.sql"),
    include_str!("../../migrations/0009_care.sql"),
    include_str!("../../migrations/0010_knocked.sql"),
];
/// Up to this size every page is checked when the file is opened (measured: 37 MB in 130 ms on two
/// server cores; a cheap phone takes some five times as long); beyond, damage is found when a page is read.
const CHECKED_BYTES_MAX: u64 = 24 * 1024 * 1024;

/// Why a file could not be opened as a database.
#[derive(Debug)]
pub(crate) enum FileError {
    /// It cannot be read with this key, or pages of it are broken.
    Damaged,
    /// A newer version of this program wrote it.
    TooNew,
    /// Something else: the disk, the rights.
    Other(StoreError),
}

impl From<StoreError> for FileError {
    fn from(e: StoreError) -> Self {
        if e.is_damage() { FileError::Damaged } else { FileError::Other(e) }
    }
}

impl Store {
    /// Makes a new database under this key.
    pub(crate) fn create(path: &Path, key: &[u8; 32]) -> Result<Self, FileError> {
        let mut store = Self::connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        store.migrate()?;
        Ok(store)
    }

    /// Opens a database that exists.
    pub(crate) fn open(path: &Path, key: &[u8; 32]) -> Result<Self, FileError> {
        let mut store = Self::connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        store.check(path)?;
        store.migrate()?;
        Ok(store)
    }

    fn connect(path: &Path, key: &[u8; 32], flags: OpenFlags) -> Result<Self, FileError> {
        let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).step("open its file")?;
        // What goes wrong is told by the result; the library beneath would print it as well.
        conn.execute_batch("PRAGMA cipher_log_level = NONE;").step("be quiet")?;
        let mut pragma = Zeroizing::new(String::with_capacity(100));
        pragma.push_str("PRAGMA key = \"x'");
        for byte in key {
            // Writing into a text has no error.
            let _ = write!(pragma, "{byte:02x}");
        }
        pragma.push_str("'\";");
        conn.execute_batch(&pragma).step("take its key")?;
        // The first read tells whether the key opens the file; it also brings the log home after a crash.
        conn.query_row("SELECT count(*) FROM sqlite_master", [], |r| r.get::<_, i64>(0)).step("be read")?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -8192;
             PRAGMA wal_autocheckpoint = 1000;",
        )
        .step("be set up")?;
        conn.set_prepared_statement_cache_capacity(super::STATEMENTS_MAX);
        Ok(Self { conn })
    }

    /// Reads every page's seal, so that damage is found before work is built on it.
    fn check(&self, path: &Path) -> Result<(), FileError> {
        // The log first: a page that a crash left half written is whole in the log.
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).step("bring its log home")?;
        if std::fs::metadata(path).map_or(0, |m| m.len()) > CHECKED_BYTES_MAX {
            return Ok(());
        }
        let mut statement = self.conn.prepare("PRAGMA cipher_integrity_check").step("be checked")?;
        let broken = statement
            .query_map([], |r| r.get::<_, String>(0))
            .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
            .step("be checked")?;
        if broken.is_empty() { Ok(()) } else { Err(FileError::Damaged) }
    }

    pub(super) fn migrate(&mut self) -> Result<(), FileError> {
        let version: u32 = self.conn.query_row("PRAGMA user_version", [], |r| r.get(0)).step("tell its version")?;
        if MIGRATIONS.len() < usize::try_from(version).unwrap_or(usize::MAX) {
            return Err(FileError::TooNew);
        }
        for (n, sql) in (1u32..).zip(MIGRATIONS).filter(|(n, _)| *n > version) {
            let tx = self.conn.transaction().step("begin a migration")?;
            tx.execute_batch(sql).step("migrate")?;
            tx.pragma_update(None, "user_version", n).step("note its version")?;
            tx.commit().step("commit a migration")?;
        }
        Ok(())
    }
}
