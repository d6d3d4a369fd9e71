//! The database's file: whether it is an office's, and which steps of the schema it lacks. A file that is none of ours
//! is looked at and not written to.

use super::{StoreError, sql};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long one process waits for another that is writing (`serve` beside `import`).
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// Statements that a connection keeps parsed: all that there are, with some room.
pub(super) const STATEMENTS_MAX: usize = 512;
/// The schema's steps, in order. A step is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_first.sql"),
    include_str!("../../../migrations/sqlite/0002_grids_as_of.sql"),
    include_str!("../../../migrations/sqlite/0003_again.sql"),
    include_str!("../../../migrations/sqlite/0004_bulk.sql"),
    include_str!("../../../migrations/sqlite/0005_console.sql"),
    include_str!("../../../migrations/sqlite/0006_day_close.sql"),
    include_str!("../../../migrations/sqlite/0007_ledger.sql"),
    include_str!("../../../migrations/sqlite/0008_tickets.sql"),
    include_str!("../../../migrations/sqlite/0009_shapes.sql"),
    include_str!("../../../migrations/sqlite/0010_people.sql"),
    include_str!("../../../migrations/sqlite/0011_duplicates.sql"),
    include_str!("../../../migrations/sqlite/0012_photos.sql"),
    include_str!("../../../migrations/sqlite/0013_looks.sql"),
    include_str!("../../../migrations/sqlite/0014_policy.sql"),
    include_str!("../../../migrations/sqlite/0015_photo_parts.sql"),
    include_str!("../../../migrations/sqlite/0016_trainings.sql"),
];

/// Opens the file to write, making it if `create`, and brings its schema up to date.
pub(super) fn open(path: &Path, create: bool) -> Result<Connection, StoreError> {
    let create = if create { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let conn = connect(path, create)?;
    is_ours(&conn, path, !create.is_empty())?;
    let mut conn = prepared(conn, path)?;
    migrate(&mut conn)?;
    Ok(conn)
}

/// One more connection. Not read-only: a reader of a WAL database has to be able to make its shared memory.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    prepared(connect(path, OpenFlags::empty())?, path)
}

fn connect(path: &Path, more: OpenFlags) -> Result<Connection, StoreError> {
    let failed = |source| StoreError::Open { path: path.to_owned(), source };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let conn = Connection::open_with_flags(path, flags).map_err(failed)?;
    conn.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    Ok(conn)
}

/// Looks whether these are an office's books, or, where there may be none, nobody's.
fn is_ours(conn: &Connection, path: &Path, may_be_empty: bool) -> Result<(), StoreError> {
    let failed = |source| StoreError::Open { path: path.to_owned(), source };
    let version: i64 = conn.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(failed)?;
    let has = |what: &str| conn.query_row(what, [], |r| r.get::<_, bool>(0)).map_err(failed);
    if has("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'meta' AND type = 'table')")? && version > 0 {
        return Ok(());
    }
    if has("SELECT EXISTS (SELECT 1 FROM sqlite_schema)")? || version != 0 {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    if may_be_empty { Ok(()) } else { Err(StoreError::Empty { path: path.to_owned() }) }
}

fn prepared(conn: Connection, path: &Path) -> Result<Connection, StoreError> {
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
         PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456;",
    )
    .map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(conn)
}

/// Takes the steps that a database lacks, all or none.
pub(super) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql("migrate"))?;
    let found: i64 = tx.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(sql("migrate"))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Later { found, known });
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(step).map_err(sql("migrate"))?;
    }
    tx.pragma_update(None, "user_version", known).map_err(sql("migrate"))?;
    tx.commit().map_err(sql("migrate"))
}
