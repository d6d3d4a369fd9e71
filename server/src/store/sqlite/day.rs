//! What the day close counts.

use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{CommandId, DocId, GridId, StreamId, WorkerId};
use rusqlite::{OptionalExtension as _, Row, params};

impl Tx<'_> {
    /// Numbers of which one moves whenever something happens that the office shows: a change, a conflict, something
    /// held back, a device's contact. Looks at things do not move it.
    pub fn stir(&self) -> Result<[i64; 5], StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT (SELECT coalesce(max(id), 0) FROM change), (SELECT coalesce(max(id), 0) FROM conflict_event),
                        (SELECT coalesce(max(id), 0) FROM quarantine),
                        (SELECT count(*) FROM quarantine WHERE state = 'held'),
                        (SELECT coalesce(sum(counter), 0) + count(revoked_ms) FROM device)",
            )
            .map_err(sql("stir"))?;
        s.query_row([], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?])).map_err(sql("stir"))
    }
    /// Number of conflicts of this state.
    pub fn conflict_count(&self, state: &str) -> Result<u64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT count(*) FROM conflict WHERE state = ?1")
            .map_err(sql("count conflicts"))?;
        let n: i64 = s.query_row([state], |r| r.get(0)).map_err(sql("count conflicts"))?;
        Ok(u64::try_from(n).unwrap_or(0))
    }
}

/// A record in the chain of the days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRecordRow {
    /// Its number; the first is 1.
    pub number: u64,
    /// Which day, as `2026-09-21`.
    pub day: String,
    /// 1 closed, 2 opened again.
    pub kind: u8,
    /// When.
    pub signed_ms: u64,
    /// By whom.
    pub signed_by: WorkerId,
    /// What was signed.
    pub record: Vec<u8>,
    /// Its hash.
    pub hash: [u8; 32],
    /// The office's signature over that.
    pub signature: [u8; 64],
    /// What was said beside the reasons, boxed to the office.
    pub notes_sealed: Option<Vec<u8>>,
}

/// Something that was done on a day and came after it was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateRow {
    /// Which command.
    pub command: CommandId,
    /// Whose.
    pub worker: WorkerId,
    /// When it was done.
    pub at_ms: u64,
    /// When it came.
    pub received_ms: u64,
    /// What it writes.
    pub docs: Vec<DocId>,
}

fn day_record(r: &Row<'_>) -> rusqlite::Result<DayRecordRow> {
    Ok(DayRecordRow {
        number: unsigned(r.get(0)?),
        day: r.get(1)?,
        kind: r.get(2)?,
        signed_ms: unsigned(r.get(3)?),
        signed_by: WorkerId::from_bytes(r.get(4)?),
        record: r.get(5)?,
        hash: r.get(6)?,
        signature: r.get(7)?,
        notes_sealed: r.get(8)?,
    })
}

const RECORD: &str = "number, day, kind, signed_ms, signed_by, record, hash, signature, notes_sealed";
/// Number of the outcome of a command that is in the book.
const APPLIED: u8 = 1;

impl Tx<'_> {
    /// Commands that phones did from one instant until another and that are in the book, for each grid; `None` are
    /// all of them. Only what had come by `received_ms` counts.
    pub fn commands_by_grid(
        &self,
        from_ms: u64,
        until_ms: u64,
        received_ms: u64,
    ) -> Result<Vec<(Option<GridId>, u64)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "WITH done AS (SELECT id FROM command
                   WHERE at_ms >= ?1 AND at_ms < ?2 AND received_ms <= ?3 AND outcome = ?4 AND device IS NOT NULL)
                 SELECT NULL, count(*) FROM done
                 UNION ALL
                 SELECT m.stream, count(DISTINCT done.id)
                   FROM done JOIN change c ON c.command = done.id JOIN member m ON m.doc = c.doc
                   WHERE m.stream >= 'g:' AND m.stream < 'g;' GROUP BY m.stream",
            )
            .map_err(sql("commands by grid"))?;
        let rows = s
            .query_map(params![signed(from_ms), signed(until_ms), signed(received_ms), APPLIED], grid_count)
            .map_err(sql("commands by grid"))?;
        rows.collect::<Result<_, _>>().map_err(sql("commands by grid"))
    }
    /// Contacts from one instant until another: for each grid, kind and outcome, how many.
    #[allow(clippy::type_complexity, reason = "a row, read where it is asked for")]
    pub fn contacts_by_grid(
        &self,
        from_ms: u64,
        until_ms: u64,
    ) -> Result<Vec<(Option<GridId>, u8, u8, u64)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT grid, kind, outcome, count(*) FROM diary_entry WHERE at_ms >= ?1 AND at_ms < ?2
                 GROUP BY grid, kind, outcome",
            )
            .map_err(sql("contacts by grid"))?;
        let rows = s
            .query_map(params![signed(from_ms), signed(until_ms)], |r| {
                Ok((
                    r.get::<_, Option<[u8; 16]>>(0)?.map(GridId::from_bytes),
                    r.get(1)?,
                    r.get(2)?,
                    unsigned(r.get(3)?),
                ))
            })
            .map_err(sql("contacts by grid"))?;
        rows.collect::<Result<_, _>>().map_err(sql("contacts by grid"))
    }
    /// Open conflicts of each grid; `None` are all.
    pub fn open_conflicts_by_grid(&self) -> Result<Vec<(Option<GridId>, u64)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT NULL, count(*) FROM conflict WHERE state = 'open'
                 UNION ALL
                 SELECT m.stream, count(*) FROM conflict c JOIN member m ON m.doc = c.doc
                   WHERE c.state = 'open' AND m.stream >= 'g:' AND m.stream < 'g;' GROUP BY m.stream",
            )
            .map_err(sql("open conflicts by grid"))?;
        let rows = s.query_map([], grid_count).map_err(sql("open conflicts by grid"))?;
        rows.collect::<Result<_, _>>().map_err(sql("open conflicts by grid"))
    }
    /// Matters that are not over and due on this day, and those that were due before: for each grid.
    pub fn due_by_grid(&self, day: &str) -> Result<Vec<(Option<GridId>, bool, u64)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT grid, due_by < ?1, count(*) FROM ticket
                 WHERE is_open = 1 AND due_by <= ?1 GROUP BY grid, due_by < ?1",
            )
            .map_err(sql("due by grid"))?;
        let rows = s
            .query_map([day], |r| {
                Ok((r.get::<_, Option<[u8; 16]>>(0)?.map(GridId::from_bytes), r.get(1)?, unsigned(r.get(2)?)))
            })
            .map_err(sql("due by grid"))?;
        rows.collect::<Result<_, _>>().map_err(sql("due by grid"))
    }
    /// Held commands: the documents of each, and whose it is.
    pub fn held_docs(&self) -> Result<Vec<(Vec<u8>, WorkerId)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT docs, worker FROM quarantine WHERE state = 'held' ORDER BY id")
            .map_err(sql("held docs"))?;
        let rows = s.query_map([], |r| Ok((r.get(0)?, WorkerId::from_bytes(r.get(1)?)))).map_err(sql("held docs"))?;
        rows.collect::<Result<_, _>>().map_err(sql("held docs"))
    }
    /// What phones did from one instant until another and that came into the book after a third, oldest first.
    pub fn late(&self, from_ms: u64, until_ms: u64, after_ms: u64, at_most: u32) -> Result<Vec<LateRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT id, worker, at_ms, received_ms FROM command
                 WHERE at_ms >= ?1 AND at_ms < ?2 AND received_ms > ?3 AND outcome = ?4 AND device IS NOT NULL
                 ORDER BY received_ms, id LIMIT ?5+0",
            )
            .map_err(sql("late"))?;
        let rows = s
            .query_map(params![signed(from_ms), signed(until_ms), signed(after_ms), APPLIED, at_most], |r| {
                Ok(LateRow {
                    command: CommandId::from_bytes(r.get(0)?),
                    worker: WorkerId::from_bytes(r.get(1)?),
                    at_ms: unsigned(r.get(2)?),
                    received_ms: unsigned(r.get(3)?),
                    docs: Vec::new(),
                })
            })
            .map_err(sql("late"))?;
        let mut list = rows.collect::<Result<Vec<_>, _>>().map_err(sql("late"))?;
        for late in &mut list {
            late.docs = self.command_pairs(late.command)?.into_iter().map(|(doc, _)| doc).collect();
        }
        Ok(list)
    }
    /// How much of that there is.
    pub fn late_count(&self, from_ms: u64, until_ms: u64, after_ms: u64) -> Result<u64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM command
                 WHERE at_ms >= ?1 AND at_ms < ?2 AND received_ms > ?3 AND outcome = ?4 AND device IS NOT NULL",
            )
            .map_err(sql("late count"))?;
        s.query_row(params![signed(from_ms), signed(until_ms), signed(after_ms), APPLIED], |r| r.get(0))
            .map(unsigned)
            .map_err(sql("late count"))
    }

    /// Adds a record.
    pub fn add_day_record(&self, row: &DayRecordRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("INSERT INTO day_record ({RECORD}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)"))
            .map_err(sql("add day record"))?;
        s.execute(params![
            signed(row.number),
            row.day,
            row.kind,
            signed(row.signed_ms),
            row.signed_by.as_bytes(),
            row.record,
            row.hash,
            row.signature,
            row.notes_sealed
        ])
        .map(drop)
        .map_err(sql("add day record"))
    }
    /// The last record of all.
    pub fn last_day_record(&self) -> Result<Option<DayRecordRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {RECORD} FROM day_record ORDER BY number DESC LIMIT 1"))
            .map_err(sql("last day record"))?;
        s.query_row([], day_record).optional().map_err(sql("last day record"))
    }
    /// The records of one day, oldest first; of every day, where none is named.
    pub fn day_records(&self, day: Option<&str>) -> Result<Vec<DayRecordRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {RECORD} FROM day_record WHERE ?1 IS NULL OR day = ?1 ORDER BY number"))
            .map_err(sql("day records"))?;
        let rows = s.query_map([day], day_record).map_err(sql("day records"))?;
        rows.collect::<Result<_, _>>().map_err(sql("day records"))
    }
}

/// A grid (by its stream, or none) and a number.
fn grid_count(r: &Row<'_>) -> rusqlite::Result<(Option<GridId>, u64)> {
    let grid = r.get::<_, Option<String>>(0)?.and_then(|s| StreamId::from_text(&s));
    let grid = if let Some(StreamId::Grid(grid)) = grid { Some(grid) } else { None };
    Ok((grid, unsigned(r.get(1)?)))
}
