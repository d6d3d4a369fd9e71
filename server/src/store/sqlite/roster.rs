//! Rows of who has which grid since when, of codes that wait, and of accounts that were removed.

use super::numbers::{signed, unsigned};
use super::people::id16;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{GridId, WorkerId};
use rusqlite::{OptionalExtension as _, params};

/// A worker had a grid from one instant to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridTimeRow {
    /// Who.
    pub worker: WorkerId,
    /// Which grid.
    pub grid: GridId,
    /// From then on; 0 where it has always been so.
    pub since_ms: u64,
    /// Up to before then; none: still.
    pub until_ms: Option<u64>,
}

impl GridTimeRow {
    /// Whether it is so at an instant.
    pub fn holds_at(&self, at_ms: u64) -> bool {
        self.since_ms <= at_ms && self.until_ms.is_none_or(|until| until > at_ms)
    }
}

/// A one-time code that nobody has used yet. Of the code itself nothing is kept that could be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnrolCodeRow {
    /// For whom.
    pub worker: WorkerId,
    /// When it was made.
    pub created_ms: u64,
    /// Until when it is good.
    pub expires_ms: u64,
}

impl Tx<'_> {
    /// Who had which grid when, in the order of time.
    pub fn grid_times(&self) -> Result<Vec<GridTimeRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT worker, grid, since_ms, until_ms FROM worker_grid ORDER BY worker, since_ms, grid")
            .map_err(sql("grid times"))?;
        type T = (Vec<u8>, Vec<u8>, i64, Option<i64>);
        let rows = s
            .query_map([], |r| -> rusqlite::Result<T> { Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)) })
            .map_err(sql("grid times"))?;
        rows.map(|r| {
            let (worker, grid, since, until) = r.map_err(sql("grid times"))?;
            Ok(GridTimeRow {
                worker: WorkerId::from_bytes(id16(worker)?),
                grid: GridId::from_bytes(id16(grid)?),
                since_ms: unsigned(since),
                until_ms: until.map(unsigned),
            })
        })
        .collect()
    }

    /// Codes that somebody may still use.
    pub fn waiting_codes(&self, now_ms: u64) -> Result<Vec<EnrolCodeRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT worker, created_ms, expires_ms FROM enrol_code
                 WHERE used_ms IS NULL AND expires_ms > ?1 ORDER BY created_ms",
            )
            .map_err(sql("waiting codes"))?;
        let rows = s
            .query_map([signed(now_ms)], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get(1)?, r.get(2)?)))
            .map_err(sql("waiting codes"))?;
        rows.map(|r| {
            let (worker, created, expires) = r.map_err(sql("waiting codes"))?;
            let worker = WorkerId::from_bytes(id16(worker)?);
            Ok(EnrolCodeRow { worker, created_ms: unsigned(created), expires_ms: unsigned(expires) })
        })
        .collect()
    }
    /// Codes of a worker that nobody has used become worthless. How many they were.
    pub fn withdraw_codes(&self, worker: WorkerId, now_ms: u64) -> Result<usize, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "UPDATE enrol_code SET expires_ms = ?2 WHERE worker = ?1 AND used_ms IS NULL AND expires_ms > ?2",
            )
            .map_err(sql("withdraw codes"))?;
        s.execute(params![worker.as_bytes(), signed(now_ms)]).map_err(sql("withdraw codes"))
    }

    /// Writes down under which sign-in name somebody was known who is removed.
    pub fn note_gone(&self, id: WorkerId, login: &str, now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO clerk_gone (id, login, removed_ms) VALUES (?1, ?2, ?3)")
            .map_err(sql("note gone"))?;
        s.execute(params![id.as_bytes(), login, signed(now_ms)]).map(drop).map_err(sql("note gone"))
    }
    /// The sign-in name of somebody who was removed.
    pub fn gone_login(&self, id: WorkerId) -> Result<Option<String>, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT login FROM clerk_gone WHERE id = ?1").map_err(sql("gone login"))?;
        s.query_row([id.as_bytes()], |r| r.get(0)).optional().map_err(sql("gone login"))
    }
    /// Ends every session of a sign-in name, but one that goes on.
    pub fn end_sessions(&self, login: &str, but: Option<[u8; 32]>) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("DELETE FROM session WHERE login = ?1 AND (?2 IS NULL OR token_hash <> ?2)")
            .map_err(sql("end sessions"))?;
        s.execute(params![login, but]).map(drop).map_err(sql("end sessions"))
    }
}
