//! A database in memory, which outlives the connection that works on it.

use super::file::FileError;
use super::{Step as _, Store, StoreError};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// All writes succeed.
const NEVER: i64 = -1;
/// Pages that are copied at a time; there is nobody to make way for.
const ALL_PAGES: i32 = -1;

/// What a new one begins as: making every table anew takes longer than copying them.
static TEMPLATE: Mutex<Option<Connection>> = Mutex::new(None);

fn migrated() -> Result<Connection, StoreError> {
    let mut store = Store { conn: Connection::open_in_memory().step("open its memory")? };
    store.migrate().map_err(of_schema)?;
    Ok(store.conn)
}

fn of_schema(error: FileError) -> StoreError {
    match error {
        FileError::Other(e) => e,
        FileError::Damaged | FileError::TooNew => StoreError::Unreadable { what: "schema" },
    }
}

/// The database.
pub(crate) struct MemoryDatabase {
    uri: String,
    /// As long as somebody holds it open, it is there. Nothing else is done through this one.
    anchor: Mutex<Connection>,
    writes_left: Arc<AtomicI64>,
}

impl std::fmt::Debug for MemoryDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryDatabase").field("uri", &self.uri).finish_non_exhaustive()
    }
}

fn connect(uri: &str) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).step("open its memory")
}

impl MemoryDatabase {
    /// An empty one, with its tables.
    pub(crate) fn new(name: &str) -> Result<Self, StoreError> {
        let mut template = TEMPLATE.lock().unwrap_or_else(PoisonError::into_inner);
        let from = match &mut *template {
            Some(conn) => conn,
            none => none.insert(migrated()?),
        };
        Self::copy_of(from, name)
    }

    pub(crate) fn copy(&self, name: &str) -> Result<Self, StoreError> {
        Self::copy_of(&self.anchor.lock().unwrap_or_else(PoisonError::into_inner), name)
    }

    fn copy_of(from: &Connection, name: &str) -> Result<Self, StoreError> {
        let uri = format!("file:/{name}?vfs=memdb");
        let mut anchor = connect(&uri)?;
        Backup::new(from, &mut anchor).and_then(|backup| backup.step(ALL_PAGES)).step("be copied")?;
        Ok(Self { anchor: Mutex::new(anchor), uri, writes_left: Arc::new(AtomicI64::new(NEVER)) })
    }

    pub(crate) fn fail_after(&self, writes: Option<u32>) {
        self.writes_left.store(writes.map_or(NEVER, i64::from), Ordering::Relaxed);
    }

    /// Takes one of the writes that are left.
    pub(crate) fn may_write(&self) -> bool {
        may_write(&self.writes_left)
    }

    pub(crate) fn open(&self) -> Result<Store, StoreError> {
        let mut conn = connect(&self.uri)?;
        conn.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;")
            .step("be set up")?;
        conn.set_prepared_statement_cache_capacity(super::STATEMENTS_MAX);
        let writes_left = Arc::clone(&self.writes_left);
        // True turns the commit into a rollback.
        conn.commit_hook(Some(move || !may_write(&writes_left))).step("be watched")?;
        let mut store = Store { conn };
        store.migrate().map_err(of_schema)?;
        Ok(store)
    }
}

fn may_write(left: &AtomicI64) -> bool {
    match left.load(Ordering::Relaxed) {
        0 => false,
        NEVER => true,
        n => {
            left.store(n - 1, Ordering::Relaxed);
            true
        }
    }
}
