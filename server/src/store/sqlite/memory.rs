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
    /// An empty disk. No two of one process may have the same name at a time.
    pub fn new(name: &str) -> Result<Self, StoreError> {
        let uri = format!("file:/{name}?vfs=memdb");
        let anchor = Mutex::new(open(&uri)?);
        Ok(Self { inner: Arc::new(Inner { uri, anchor, commits_left: Arc::new(AtomicI64::new(NEVER)) }) })
    }

    /// Another disk with the same content: a backup.
    pub fn copy(&self, name: &str) -> Result<Self, StoreError> {
        let copy = Self::new(name)?;
        {
            let from = self.inner.anchor.lock().unwrap_or_else(PoisonError::into_inner);
            let mut to = copy.inner.anchor.lock().unwrap_or_else(PoisonError::into_inner);
            let copied = Backup::new(&from, &mut to).and_then(|backup| backup.step(ALL_PAGES));
            copied.map_err(sql("copy memory"))?;
        }
        Ok(copy)
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
        conn.set_prepared_statement_cache_capacity(128);
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
