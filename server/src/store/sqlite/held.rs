//! Rows of what is held back for a person.

use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{CommandId, DeviceId, DocId, WorkerId};
use rusqlite::{OptionalExtension as _, Row, params};

/// A command that was held back.
#[derive(Debug, Clone)]
pub struct QuarantineRow {
    /// Number that people use.
    pub id: i64,
    /// The command.
    pub command: CommandId,
    /// From which device.
    pub device: DeviceId,
    /// Whose.
    pub worker: WorkerId,
    /// Number of the reason's code.
    pub code: u16,
    /// The documents that it touches (17 bytes each).
    pub docs: Vec<u8>,
    /// The command, whole.
    pub command_stored: Vec<u8>,
    /// Its new keys, wrapped.
    pub keys_wrapped: Vec<u8>,
    /// When it came.
    pub received_ms: u64,
    /// `held`, `released` or `discarded`.
    pub state: String,
    /// What became of it, once something did.
    pub settled: Option<Settled>,
}

/// What became of a command that was held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// By whom.
    pub who: String,
    /// When.
    pub at_ms: u64,
    /// Permanent word of the reason for which it was put away.
    pub reason: Option<String>,
    /// What was said beside it, boxed to the office: it may name people.
    pub note_sealed: Option<Vec<u8>>,
}

const HELD: &str = "id, command, device, worker, code, docs, command_stored, keys_wrapped, received_ms, state, settled_by, settled_ms, reason, note_sealed";

fn held_row(r: &Row<'_>) -> rusqlite::Result<QuarantineRow> {
    let settled = match (r.get::<_, Option<String>>(10)?, r.get::<_, Option<i64>>(11)?) {
        (Some(who), Some(at)) => {
            Some(Settled { who, at_ms: unsigned(at), reason: r.get(12)?, note_sealed: r.get(13)? })
        }
        _ => None,
    };
    Ok(QuarantineRow {
        id: r.get(0)?,
        command: CommandId::from_bytes(r.get(1)?),
        device: DeviceId::from_bytes(r.get(2)?),
        worker: WorkerId::from_bytes(r.get(3)?),
        code: r.get(4)?,
        docs: r.get(5)?,
        command_stored: r.get(6)?,
        keys_wrapped: r.get(7)?,
        received_ms: unsigned(r.get(8)?),
        state: r.get(9)?,
        settled,
    })
}

impl Tx<'_> {
    /// Holds a command back, whole. Sent twice it stands once.
    pub fn hold(&self, row: &QuarantineRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT OR IGNORE INTO quarantine (command, device, worker, code, docs, command_stored, keys_wrapped, received_ms)
                 VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
            )
            .map_err(sql("hold"))?;
        s.execute(params![
            row.command.as_bytes(),
            row.device.as_bytes(),
            row.worker.as_bytes(),
            row.code,
            row.docs,
            row.command_stored,
            row.keys_wrapped,
            signed(row.received_ms)
        ])
        .map(drop)
        .map_err(sql("hold"))
    }
    /// Notes a held command as brought by its author, and waiting for a look, where another device had told of it before.
    pub fn hold_as_its_author_s(&self, row: &QuarantineRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "UPDATE quarantine SET device = ?1, worker = ?2, code = ?3, keys_wrapped = ?4, received_ms = ?5, state = 'held',
                   settled_ms = NULL, settled_by = NULL, reason = NULL, note_sealed = NULL
                 WHERE command = ?6 AND command_stored = ?7 AND device <> ?1",
            )
            .map_err(sql("hold"))?;
        let (device, worker, received) = (row.device.as_bytes(), row.worker.as_bytes(), signed(row.received_ms));
        let command = row.command.as_bytes();
        s.execute(params![device, worker, row.code, row.keys_wrapped, received, command, row.command_stored])
            .map(drop)
            .map_err(sql("hold"))
    }
    /// The versions of a command that are held.
    pub fn held_versions(&self, command: CommandId) -> Result<Vec<QuarantineRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {HELD} FROM quarantine WHERE command = ?1 AND state = 'held' ORDER BY id"))
            .map_err(sql("held versions"))?;
        let rows = s.query_map([command.as_bytes()], held_row).map_err(sql("held versions"))?;
        rows.collect::<Result<_, _>>().map_err(sql("held versions"))
    }
    /// The keys of what is held back, with those that came later.
    pub fn put_held_keys(&self, id: i64, keys_wrapped: &[u8]) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE quarantine SET keys_wrapped = ?2 WHERE id = ?1")
            .map_err(sql("held keys"))?;
        s.execute(params![id, keys_wrapped]).map(drop).map_err(sql("held keys"))
    }
    /// What is held back, those of one state if given.
    pub fn quarantine(&self, state: Option<&str>) -> Result<Vec<QuarantineRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {HELD} FROM quarantine WHERE ?1 IS NULL OR state = ?1 ORDER BY id"))
            .map_err(sql("quarantine"))?;
        let rows = s.query_map([state], held_row).map_err(sql("quarantine"))?;
        rows.collect::<Result<_, _>>().map_err(sql("quarantine"))
    }
    /// Some of what was held back, from behind this number on.
    pub fn quarantine_after(
        &self,
        state: Option<&str>,
        after: i64,
        at_most: u32,
    ) -> Result<Vec<QuarantineRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!(
                "SELECT {HELD} FROM quarantine WHERE (?1 IS NULL OR state = ?1) AND id > ?2 ORDER BY id LIMIT ?3+0"
            ))
            .map_err(sql("quarantine after"))?;
        let rows = s.query_map(params![state, after, at_most], held_row).map_err(sql("quarantine after"))?;
        rows.collect::<Result<_, _>>().map_err(sql("quarantine after"))
    }
    /// What the same device had held back before this of this document, and was not let in: number and state of
    /// the last.
    pub fn held_before(&self, device: DeviceId, id: i64, doc: DocId) -> Result<Option<(i64, String)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT id, state FROM quarantine
                 WHERE device = ?1 AND id < ?2 AND instr(docs, ?3) > 0 AND state <> 'released' ORDER BY id DESC LIMIT 1",
            )
            .map_err(sql("held before"))?;
        s.query_row(params![device.as_bytes(), id, doc.key()], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()
            .map_err(sql("held before"))
    }
    /// One command that was held back.
    pub fn quarantined(&self, id: i64) -> Result<Option<QuarantineRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {HELD} FROM quarantine WHERE id = ?1"))
            .map_err(sql("quarantined"))?;
        s.query_row([id], held_row).optional().map_err(sql("quarantined"))
    }
    /// Number of commands that are held back.
    pub fn quarantine_count(&self, state: &str) -> Result<u64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT count(*) FROM quarantine WHERE state = ?1")
            .map_err(sql("count quarantine"))?;
        s.query_row([state], |r| r.get(0)).map(unsigned).map_err(sql("count quarantine"))
    }
    /// How many commands of a device are held back and wait for a look, and their bytes.
    pub fn held_sum(&self, device: DeviceId) -> Result<(u64, u64), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT count(*), coalesce(sum(length(command_stored) + length(keys_wrapped)), 0)
                 FROM quarantine WHERE device = ?1 AND state = 'held'",
            )
            .map_err(sql("held sum"))?;
        s.query_row([device.as_bytes()], |r| Ok((unsigned(r.get(0)?), unsigned(r.get(1)?)))).map_err(sql("held sum"))
    }
    /// How each version of a command stands that was held back, and why it was put away.
    pub fn held_states(&self, command: CommandId) -> Result<Vec<(String, Option<String>, WorkerId)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT state, reason, worker FROM quarantine WHERE command = ?1 ORDER BY id")
            .map_err(sql("held states"))?;
        let rows = s
            .query_map([command.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?, WorkerId::from_bytes(r.get(2)?))))
            .map_err(sql("held states"))?;
        rows.collect::<Result<_, _>>().map_err(sql("held states"))
    }
    /// Notes what became of what was held back. The command itself stays as it came.
    pub fn settle_quarantine(&self, id: i64, state: &str, settled: &Settled) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "UPDATE quarantine SET state=?2, settled_ms=?3, settled_by=?4, reason=?5, note_sealed=?6 WHERE id=?1",
            )
            .map_err(sql("settle quarantine"))?;
        let (at, note) = (signed(settled.at_ms), &settled.note_sealed);
        s.execute(params![id, state, at, settled.who, settled.reason, note]).map(drop).map_err(sql("settle quarantine"))
    }
}
