//! The writer thread: many jobs, one transaction, one fsync.

use super::{StoreError, Tx, run};
use qiaomen_proto::planted::{Planted, planted};
use rusqlite::{Connection, ErrorCode};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread::JoinHandle;

/// Jobs that share one commit at most: beyond a hundred the gain is gone and the wait grows.
const GROUP_MAX: usize = 100;

/// Why a transaction did not become durable, as SQLite names it.
type NotKept = Option<ErrorCode>;
type Finish = Box<dyn FnOnce(Result<(), NotKept>) + Send>;
/// Is given the connection, or told why nothing could be begun on it.
type Job = Box<dyn FnOnce(Result<&Connection, NotKept>) -> Finish + Send>;

/// Sends jobs to the thread that owns the connection.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(conn: Connection) -> Self {
        let (jobs, inbox) = channel::<Job>();
        let thread = std::thread::spawn(move || work(&conn, &inbox));
        Self { jobs: Some(jobs), thread: Some(thread) }
    }

    pub(super) fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, wait) = sync_channel::<Result<T, E>>(1);
        let job: Job = Box::new(move |begun| {
            let result =
                begun.map_err(|why| StoreError::Commit { why }.into()).and_then(|conn| in_savepoint(conn, work));
            Box::new(move |committed| {
                let result = match committed {
                    Err(why) => result.and(Err(StoreError::Commit { why }.into())),
                    Ok(()) => result,
                };
                // The caller may have gone away; what is committed stays committed.
                let _ = answer.send(result);
            })
        });
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        if !sent {
            return Err(StoreError::Stopped.into());
        }
        wait.recv().unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn in_savepoint<T, E: From<StoreError>>(conn: &Connection, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
    let failed = super::sql("savepoint");
    run(conn, "SAVEPOINT job").map_err(&failed)?;
    // A panic in one job must not take the writer, and with it everybody, down.
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&Tx { conn })))
        .unwrap_or_else(|_| Err(StoreError::BrokeOff.into()));
    if result.is_err() && conn.is_autocommit() {
        // SQLite itself took the whole transaction back, the savepoint with it: what failed is the reason.
        return result;
    }
    if result.is_err() {
        run(conn, "ROLLBACK TO job").map_err(&failed)?;
    }
    run(conn, "RELEASE job").map_err(&failed)?;
    result
}

fn work(conn: &Connection, inbox: &Receiver<Job>) {
    while let Ok(first) = inbox.recv() {
        let mut finish = Vec::new();
        let mut begun = run(conn, "BEGIN IMMEDIATE").map_err(|e| e.sqlite_error_code());
        let mut next = Some(first);
        while let Some(job) = next.take() {
            finish.push(job(begun.map(|()| conn)));
            if begun.is_ok() && conn.is_autocommit() {
                // SQLite itself takes everything back where the disk fails it. The next job's savepoint would be a
                // transaction of its own then, durable though its caller is told that it is not.
                begun = Err(None);
            }
            if finish.len() < GROUP_MAX {
                next = inbox.try_recv().ok();
            }
        }
        let committed = begun.and_then(|()| run(conn, "COMMIT").map_err(|e| e.sqlite_error_code()));
        if begun.is_ok() && committed.is_err() {
            // Nothing to be done if this fails too: the next BEGIN will say so.
            let _ = run(conn, "ROLLBACK");
        }
        for done in finish {
            done(if planted(Planted::ThankedBeforeCommit) { Ok(()) } else { committed });
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::{Store, StoreError, Trouble};

    #[test]
    fn a_disk_without_room_is_said_to_be_full_and_nothing_of_what_failed_stays() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("office.db"), true).unwrap();
        let pages = |tx: &super::Tx<'_>| -> Result<i64, StoreError> {
            Ok(tx.conn.pragma_query_value(None, "page_count", |r| r.get(0)).unwrap())
        };
        let before = store
            .write(move |tx| -> Result<_, StoreError> {
                let pages = pages(tx)?;
                tx.set_meta("kept", b"yes")?;
                tx.conn.execute_batch(&format!("PRAGMA max_page_count = {}", pages + 2)).unwrap();
                Ok(pages)
            })
            .unwrap();
        let large = || store.write(|tx| tx.set_meta("large", &vec![7; 1 << 20]));
        for _ in 0..3 {
            let full = large().unwrap_err();
            assert_eq!(full.trouble(), Trouble::Full, "{full:?}");
            store.write(|tx| tx.set_meta("small", b"goes in")).unwrap();
        }
        let (kept, large, small) = store
            .read(|tx| -> Result<_, StoreError> { Ok((tx.meta("kept")?, tx.meta("large")?, tx.meta("small")?)) })
            .unwrap();
        assert_eq!((kept.as_deref(), large, small.as_deref()), (Some(&b"yes"[..]), None, Some(&b"goes in"[..])));
        store
            .write(move |tx| -> Result<(), StoreError> {
                tx.conn.execute_batch(&format!("PRAGMA max_page_count = {}", before + 10_000)).unwrap();
                Ok(())
            })
            .unwrap();
        store.write(|tx| tx.set_meta("large", &vec![7; 1 << 20])).unwrap();
    }
}
