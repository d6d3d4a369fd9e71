//! The writer thread: many jobs, one transaction, one fsync.

use super::{StoreError, Tx, run};
use qiaomen_proto::planted::{Planted, planted};
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread::JoinHandle;

/// Jobs that share one commit at most: beyond a hundred the gain is gone and the wait grows.
const GROUP_MAX: usize = 100;

type Finish = Box<dyn FnOnce(bool) + Send>;
type Job = Box<dyn FnOnce(&Connection) -> Finish + Send>;

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
        let job: Job = Box::new(move |conn| {
            let result = in_savepoint(conn, work);
            Box::new(move |committed| {
                let result = match result {
                    Ok(_) if !committed => Err(StoreError::Commit.into()),
                    other => other,
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
        .unwrap_or_else(|_| Err(StoreError::Damaged("a job broke off").into()));
    if result.is_err() {
        run(conn, "ROLLBACK TO job").map_err(&failed)?;
    }
    run(conn, "RELEASE job").map_err(&failed)?;
    result
}

fn work(conn: &Connection, inbox: &Receiver<Job>) {
    while let Ok(first) = inbox.recv() {
        let mut finish = Vec::new();
        let begun = run(conn, "BEGIN IMMEDIATE").is_ok();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            if begun {
                finish.push(job(conn));
            }
            if finish.len() < GROUP_MAX {
                next = inbox.try_recv().ok();
            }
        }
        let committed = begun && run(conn, "COMMIT").is_ok();
        if begun && !committed {
            // Nothing to be done if this fails too: the next BEGIN will say so.
            let _ = run(conn, "ROLLBACK");
        }
        for done in finish {
            done(committed || planted(Planted::ThankedBeforeCommit));
        }
    }
}
