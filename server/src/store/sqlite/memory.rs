//! A database in memory, which outlives the connections that work on it: for days that are played
//! thousands of times. Everything above it is the same as over a file.

use super::{StoreError, sql};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// All commits succeed.
const NEVER: i64 = -1;
/// Pages that are copied at a time; there is nobody to make way for.
const ALL_PAGES: i32 = -1;

/// What a new disk begins as: making every table anew takes longer than copying them.
static TEMPLATE: Mutex<Option<Connection>> = Mutex::new(None);

/// What would be the office's disk. It stays when the office is dropped; one that is opened on it again
/// finds what was durable.
#[derive(Debug, Clone)]
pub struct MemoryDisk {
    inner: Arc<Inner>,
}

struct Inner {
    uri: String,
    /// As long as somebody holds it open, it is there. Nothing else is done through this one.
    anchor: Mutex<Connection>,
    commits_left: Arc<AtomicI64>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryDisk").field("uri", &self.uri).finish_non_exhaustive()
    }
}

fn open(uri: &str) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(sql("open memory"))
}

impl MemoryDisk {
    /// A disk with tables and nothing in them. No two of one process may have the same name at a time.
    pub fn new(name: &str) -> Result<Self, StoreError> {
        let mut template = TEMPLATE.lock().unwrap_or_else(PoisonError::into_inner);
        let from = match &mut *template {
            Some(conn) => conn,
            none => {
                let mut conn = Connection::open_in_memory().map_err(sql("open memory"))?;
                super::file::migrate(&mut conn)?;
                none.insert(conn)
            }
        };
        Self::copy_of(from, name)
    }

    /// Another disk with the same content: a backup.
    pub fn copy(&self, name: &str) -> Result<Self, StoreError> {
        Self::copy_of(&self.inner.anchor.lock().unwrap_or_else(PoisonError::into_inner), name)
    }

    fn copy_of(from: &Connection, name: &str) -> Result<Self, StoreError> {
        let uri = format!("file:/{name}?vfs=memdb");
        let mut anchor = open(&uri)?;
        let copied = Backup::new(from, &mut anchor).and_then(|backup| backup.step(ALL_PAGES));
        copied.map_err(sql("copy memory"))?;
        let inner = Inner { uri, anchor: Mutex::new(anchor), commits_left: Arc::new(AtomicI64::new(NEVER)) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// From now on, so many more transactions become durable and the next ones fail, as if the power had
    /// gone. None: all succeed.
    pub fn fail_after(&self, commits: Option<u32>) {
        self.inner.commits_left.store(commits.map_or(NEVER, i64::from), Ordering::Relaxed);
    }

    pub(super) fn connect(&self) -> Result<Connection, StoreError> {
        let conn = open(&self.inner.uri)?;
        conn.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")
            .map_err(sql("set up memory"))?;
        conn.set_prepared_statement_cache_capacity(super::file::STATEMENTS_MAX);
        Ok(conn)
    }

    pub(super) fn watch(&self, conn: &mut Connection) -> Result<(), StoreError> {
        let left = Arc::clone(&self.inner.commits_left);
        // True turns the commit into a rollback.
        conn.commit_hook(Some(move || match left.load(Ordering::Relaxed) {
            0 => true,
            NEVER => false,
            n => {
                left.store(n - 1, Ordering::Relaxed);
                false
            }
        }))
        .map_err(sql("watch memory"))
    }
}
