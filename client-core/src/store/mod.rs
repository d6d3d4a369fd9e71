//! The database: one SQLCipher file. It speaks verbs of the domain, and all SQL stands in this folder.
//!
//! [`Store::write`] is one transaction, durable when it returns (`synchronous = FULL`); what fails
//! inside it leaves nothing behind. [`Store::read`] sees one state of everything.

/// Opening, creating, migrating, checking the file.
pub(crate) mod file;
/// A database in memory.
pub(crate) mod memory;
/// Small things by name.
pub(crate) mod meta;
/// Documents: the acknowledged base, and the overlay.
pub(crate) mod document;
/// What is not confirmed.
pub(crate) mod outbox;
/// What was confirmed.
pub(crate) mod receipt;
/// The office's signatures over what it gave and took.
pub(crate) mod proof;
/// Photos, sealed.
pub(crate) mod photo;
/// Looks at masked values.
pub(crate) mod look;
/// Keys of subjects.
pub(crate) mod keys;
/// Streams and their members.
pub(crate) mod stream;
/// The rows that screens read.
pub(crate) mod projection;
/// Their counts and dates that come from other documents.
pub(crate) mod derived;
/// The book as it is read.
mod query_book;
/// Who needs care, and when somebody was last seen.
mod query_care;
/// The rows that a question can mean.
mod query_search;

use qiaomen_proto::planted::{Planted, planted};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Params, Row};

/// The database could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("the database could not {step}")]
    Sql {
        /// What it was to do.
        step: &'static str,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// Something that this program wrote cannot be read back.
    #[error("the database holds an unreadable {what}")]
    Unreadable {
        /// What it is.
        what: &'static str,
    },
}

impl StoreError {
    /// True where the file itself is damaged.
    pub fn is_damage(&self) -> bool {
        match self {
            StoreError::Unreadable { .. } => true,
            StoreError::Sql { source, .. } => {
                matches!(source.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
            }
        }
    }
    /// True where the disk is full.
    pub fn is_full(&self) -> bool {
        matches!(self, StoreError::Sql { source, .. } if source.sqlite_error_code() == Some(ErrorCode::DiskFull))
    }
}

/// Statements that a connection keeps parsed: all that there are, with some room.
const STATEMENTS_MAX: usize = 512;

/// Names the step that failed.
pub(crate) trait Step<T> {
    fn step(self, step: &'static str) -> Result<T, StoreError>;
}
impl<T> Step<T> for rusqlite::Result<T> {
    fn step(self, step: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Sql { step, source })
    }
}

/// The open database.
#[derive(Debug)]
pub(crate) struct Store {
    conn: Connection,
}

/// Inside one transaction.
pub(crate) struct Tx<'c> {
    conn: &'c Connection,
}

impl Store {
    /// Everything in `work`, or nothing. Durable when it returns.
    pub(crate) fn write<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        run(&self.conn, "BEGIN IMMEDIATE").step("begin")?;
        let open = Open { conn: &self.conn };
        let done = work(&Tx { conn: open.conn })?;
        match run(open.conn, "COMMIT").step("commit") {
            Err(_) if planted(Planted::SavedWithoutCommit) => {}
            committed => committed?,
        }
        Ok(done)
    }

    /// One state of everything.
    pub(crate) fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        run(&self.conn, "BEGIN").step("begin to read")?;
        let open = Open { conn: &self.conn };
        work(&Tx { conn: open.conn })
    }
}

/// A transaction that is rolled back where it was not committed, whatever broke off.
struct Open<'c> {
    conn: &'c Connection,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.conn.is_autocommit() {
            // Should this fail, the next transaction cannot begin and says so.
            let _ = run(self.conn, "ROLLBACK");
        }
    }
}

/// Runs a statement that has no parameters; the parser sees it once.
fn run(conn: &Connection, statement: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(statement)?.execute([]).map(|_| ())
}

impl Tx<'_> {
    /// Runs one statement; how many rows it touched.
    fn run(&self, step: &'static str, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.conn.prepare_cached(sql).and_then(|mut s| s.execute(params)).step(step)
    }
    /// The only row, if there is one.
    fn one<T>(
        &self,
        step: &'static str,
        sql: &str,
        params: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.conn.prepare_cached(sql).and_then(|mut s| s.query_row(params, row).optional()).step(step)
    }
    /// Every row.
    fn all<T>(
        &self,
        step: &'static str,
        sql: &str,
        params: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map(params, row)?.collect::<rusqlite::Result<Vec<T>>>())
            .step(step)
    }
}

/// A count, as the database has it.
fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
/// A time or number, as the database has it.
fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
/// Back from [`int`].
fn uint(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
/// Sixteen bytes of a blob.
fn bytes<const N: usize>(blob: &[u8], what: &'static str) -> Result<[u8; N], StoreError> {
    blob.try_into().map_err(|_| StoreError::Unreadable { what })
}
