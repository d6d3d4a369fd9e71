//! SQLite. One writer thread with group commit, readers of their own.
//!
//! Many jobs share one transaction and one fsync; each runs in a savepoint of its own, so that one that
//! fails takes nothing of the others with it. A job's caller is answered after the commit: what is
//! acknowledged is durable.

/// The writer thread.
mod writer;
/// A database in memory, and copies of any.
mod memory;
/// The file: is it ours, which steps does it lack?
mod file;
/// What failed, and what is the matter with the database.
mod trouble;
/// Rows of the log: documents, changes, commands.
mod log;
/// Rows of streams.
mod stream;
/// Rows of places.
mod places;
/// Rows of staff, devices, keys.
mod people;
/// When devices were in touch.
mod contact;
/// Whole numbers.
mod numbers;
/// Conflicts.
mod conflict;
/// What is held back.
mod held;
/// Rows of decisions by a rule.
mod bulk;
/// Rows for lists and look-ups.
mod projection;
/// Rows of clerks, sessions, audit.
mod console;
/// Rows of the audit, as they are asked for.
mod audit;
/// Who has which grid since when, and accounts that were removed.
mod roster;
/// What the day close counts.
mod day;
/// Rows of shapes, and what is counted by place.
mod map;
/// What is counted by time.
mod overview;
/// Rows of what is likely one thing twice.
mod duplicates;
/// Rows of photos.
mod photos;
/// Rows of looks that devices tell of.
mod looks;
/// Rows of trainings.
mod trainings;
/// Lists of matters, their categories and terms.
mod tickets;
/// Rows of the ledger as lists ask for them.
mod ledger;
/// Rows as they stand, for holding them against each other.
mod check;

pub use audit::{AuditAsked, AuditRow};
pub use bulk::{BulkItemRow, BulkRow};
pub use check::ChangeRow;
pub use conflict::{ConflictRow, LifeRow};
pub use console::ClerkRow;
pub use contact::{RUN_GAP_MS, SaidOfItself};
pub use day::{DayRecordRow, LateRow};
pub use duplicates::{AlikeGroup, AlikeRow, DuplicateActRow, LikenessRow};
pub use held::{QuarantineRow, Settled};
pub use ledger::{DoorLine, LedgerViewRow, ResidentLine, VisitLine};
pub use log::FateRow;
pub use map::{OpenAtRow, ShapeRow, VisitedRow};
pub use memory::MemoryDisk;
pub use overview::{AgeRow, CategoryCountRow};
pub use people::{DeviceRow, WorkerRow};
pub use photos::{PhotoCome, PhotoRow};
pub use projection::{DoorRow, EntryProjection, ResidentRow, TicketRow};
pub use roster::{EnrolCodeRow, GridTimeRow};
pub use stream::{EntryKind, EntryRow, MemberRow, StreamRow};
pub use tickets::{CategoryRow, TermRow, TicketCounts, TicketList, TicketOrder, TicketsAsked};
pub use trainings::TrainingRow;
pub use trouble::{StoreError, Trouble};

use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Readers kept open.
const READERS_MAX: usize = 4;
/// Where a database is.
#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Memory(MemoryDisk),
}

/// The store.
#[derive(Debug)]
pub struct Store {
    place: Place,
    writer: writer::Writer,
    readers: Mutex<Vec<Connection>>,
}

/// One transaction, to read or write.
#[derive(Debug)]
pub struct Tx<'c> {
    pub(crate) conn: &'c Connection,
}

impl Tx<'_> {
    /// Runs `work` so that, if it fails or breaks off, nothing of it stays while the rest of the
    /// transaction goes on.
    pub fn savepoint<T, E: From<StoreError>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        run(self.conn, "SAVEPOINT part").map_err(sql("savepoint"))?;
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(self)))
            .unwrap_or_else(|_| Err(StoreError::BrokeOff.into()));
        if result.is_err() && self.conn.is_autocommit() {
            // The whole transaction was taken back, the savepoint with it: what failed is the reason.
            return result;
        }
        if result.is_err() {
            run(self.conn, "ROLLBACK TO part").map_err(sql("savepoint"))?;
        }
        run(self.conn, "RELEASE part").map_err(sql("savepoint"))?;
        result
    }
}

/// Runs a statement that has no parameters; the parser sees it once.
fn run(conn: &Connection, statement: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(statement)?.execute([]).map(|_| ())
}

/// A verb of the store failed.
pub(crate) fn sql(what: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| StoreError::Sql { what, source }
}

impl Store {
    /// Opens the file, making it if `create`, and brings its schema up to date. A file that is not an office's is left
    /// as it is.
    pub fn open(path: &Path, create: bool) -> Result<Self, StoreError> {
        Ok(Self::over(Place::File(path.to_owned()), file::open(path, create)?))
    }

    /// Opens a database that is in memory only, bringing its schema up to date.
    pub fn in_memory(disk: &MemoryDisk) -> Result<Self, StoreError> {
        let mut conn = disk.connect()?;
        file::migrate(&mut conn)?;
        disk.watch(&mut conn)?;
        Ok(Self::over(Place::Memory(disk.clone()), conn))
    }

    fn over(place: Place, conn: Connection) -> Self {
        Self { place, writer: writer::Writer::start(conn), readers: Mutex::new(Vec::new()) }
    }

    /// One more connection, to read.
    fn reader(&self) -> Result<Connection, StoreError> {
        match &self.place {
            Place::File(path) => file::reader(path),
            Place::Memory(disk) => disk.connect(),
        }
    }

    /// Runs `work` in a transaction that is durable when this returns. If it fails, nothing of it stays.
    pub fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.writer.run(work)
    }

    /// Runs `work` on one consistent state.
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let pooled = self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let conn = match pooled {
            Some(conn) => conn,
            None => self.reader()?,
        };
        run(&conn, "BEGIN").map_err(sql("begin to read"))?;
        let result = work(&Tx { conn: &conn });
        run(&conn, "ROLLBACK").map_err(sql("end reading"))?;
        let mut readers = self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if readers.len() < READERS_MAX {
            readers.push(conn);
        }
        result
    }

    /// Copies everything, as it stands at one instant, to a file that is not there yet.
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let conn = self.reader()?;
        let path = path.to_string_lossy();
        conn.execute("VACUUM INTO ?1", [path.as_ref()]).map(drop).map_err(sql("copy"))
    }

    /// Asks SQLite whether the file is whole. The complaints, none if it is.
    pub fn integrity(&self) -> Result<Vec<String>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.conn.prepare("PRAGMA integrity_check").map_err(sql("integrity"))?;
            let lines = statement.query_map([], |r| r.get::<_, String>(0)).map_err(sql("integrity"))?;
            let lines = lines.collect::<Result<Vec<_>, _>>().map_err(sql("integrity"))?;
            Ok(lines.into_iter().filter(|l| l != "ok").collect())
        })
    }
}
