//! What the office has not confirmed.

use super::document::{Hashed, doc_id, read_change};
use super::{StoreError, Tx, bytes, count, int, uint};
use crate::outbox::{Intended, OutboxRow, OutboxState};
use qiaomen_proto::ids::{CommandId, DocId};
use qiaomen_proto::sentence::Sentence;
use rusqlite::{Row, params};

/// A row as it is stored.
type Raw = (Vec<u8>, Vec<u8>, String, String, u16, String, bool, u32, i64);

/// Where a command was, and with whom or what.
pub(crate) type PlaceAndAbout = (Option<String>, Option<String>);

const COLUMNS: &str = "command, stamp, intent, state, code, reason, in_full, redone, at_ms";

fn raw(r: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?))
}

fn row(raw: Raw) -> Result<OutboxRow, StoreError> {
    let (command, stamp, intent, state, code, reason, in_full, redone, at_ms) = raw;
    Ok(OutboxRow {
        command: CommandId::from_bytes(bytes(&command, "command id")?),
        stamp: minicbor::decode(&stamp).map_err(|_| StoreError::Unreadable { what: "stamp" })?,
        intent: Intended::from_text(&intent).ok_or(StoreError::Unreadable { what: "intent" })?,
        state: OutboxState::from_name(&state).ok_or(StoreError::Unreadable { what: "state" })?,
        code,
        reason: (!reason.is_empty()).then(|| Sentence::from_stored(&reason)),
        in_full,
        redone,
        at_ms: uint(at_ms),
    })
}

/// The device's own sentence as it stands in the database; empty where there is none.
fn stored(row: &OutboxRow) -> String {
    row.reason.as_ref().map(Sentence::to_stored).unwrap_or_default()
}

impl Tx<'_> {
    /// Adds a command with its changes.
    pub(crate) fn put_outbox(&self, row: &OutboxRow, changes: &[Hashed]) -> Result<(), StoreError> {
        let stamp = minicbor::to_vec(row.stamp).map_err(|_| StoreError::Unreadable { what: "stamp" })?;
        let intent = row.intent.to_text();
        self.run(
            "add to the outbox",
            "INSERT INTO outbox (command, stamp, intent, state, code, reason, in_full, redone, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                row.command.as_bytes(),
                stamp,
                intent,
                row.state.name(),
                row.code,
                stored(row),
                row.in_full,
                row.redone,
                int(row.at_ms)
            ],
        )?;
        self.put_pending(row.command, changes)
    }

    /// Replaces a command's changes.
    pub(crate) fn put_pending(&self, command: CommandId, changes: &[Hashed]) -> Result<(), StoreError> {
        self.run("drop pending changes", "DELETE FROM pending_change WHERE command = ?1", params![command.as_bytes()])?;
        for (ord, (hash, change)) in changes.iter().enumerate() {
            self.run(
                "add a pending change",
                "INSERT INTO pending_change (command, ord, doc, hash, typed) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![command.as_bytes(), count(ord), change.doc.key(), hash.0, change.to_stored()],
            )?;
        }
        Ok(())
    }

    /// Changes how a row stands.
    pub(crate) fn update_outbox(&self, row: &OutboxRow) -> Result<(), StoreError> {
        let stamp = minicbor::to_vec(row.stamp).map_err(|_| StoreError::Unreadable { what: "stamp" })?;
        self.run(
            "update the outbox",
            "UPDATE outbox SET state = ?2, code = ?3, reason = ?4, in_full = ?5, redone = ?6, stamp = ?7 WHERE command = ?1",
            params![row.command.as_bytes(), row.state.name(), row.code, stored(row), row.in_full, row.redone, stamp],
        )
        .map(|_| ())
    }

    /// Keeps what a command was about, for when the documents that say it are gone.
    pub(crate) fn keep_words(
        &self,
        command: CommandId,
        place: Option<&str>,
        about: Option<&str>,
    ) -> Result<(), StoreError> {
        self.run(
            "keep words",
            "INSERT INTO outbox_words (command, place, about) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![command.as_bytes(), place, about],
        )
        .map(|_| ())
    }

    /// What a command was about, where that was kept.
    pub(crate) fn kept_words(&self, command: CommandId) -> Result<Option<PlaceAndAbout>, StoreError> {
        self.one(
            "read kept words",
            "SELECT place, about FROM outbox_words WHERE command = ?1",
            params![command.as_bytes()],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
    }

    /// What the office kept is to be sent again: the office that kept it is no more.
    pub(crate) fn unhold(&self) -> Result<(), StoreError> {
        self.run(
            "send again what was kept",
            "UPDATE outbox SET state = 'pending', code = 0 WHERE state = 'quarantined'",
            [],
        )
        .map(|_| ())
    }

    /// Takes a command out.
    pub(crate) fn remove_outbox(&self, command: CommandId) -> Result<(), StoreError> {
        self.run("drop pending changes", "DELETE FROM pending_change WHERE command = ?1", params![command.as_bytes()])?;
        self.run("take out of the outbox", "DELETE FROM outbox WHERE command = ?1", params![command.as_bytes()])
            .map(|_| ())
    }

    /// Every row, oldest first.
    pub(crate) fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.all("read the outbox", &format!("SELECT {COLUMNS} FROM outbox ORDER BY n"), [], raw)?
            .into_iter()
            .map(row)
            .collect()
    }

    /// One row.
    pub(crate) fn outbox_row(&self, command: CommandId) -> Result<Option<OutboxRow>, StoreError> {
        self.one(
            "read a row of the outbox",
            &format!("SELECT {COLUMNS} FROM outbox WHERE command = ?1"),
            params![command.as_bytes()],
            raw,
        )?
        .map(row)
        .transpose()
    }

    /// What is to be sent, oldest first: at most so many.
    pub(crate) fn unconfirmed(&self, max: usize) -> Result<Vec<OutboxRow>, StoreError> {
        // A bare parameter as a limit makes SQLite plan the statement anew each time.
        self.all(
            "read what is to be sent",
            &format!("SELECT {COLUMNS} FROM outbox WHERE state IN ('pending', 'waiting') ORDER BY n LIMIT ?1 + 0"),
            params![count(max)],
            raw,
        )?
        .into_iter()
        .map(row)
        .collect()
    }

    /// How many commands are to be sent.
    pub(crate) fn unconfirmed_count(&self) -> Result<u64, StoreError> {
        let n: Option<i64> = self.one(
            "count what is to be sent",
            "SELECT count(*) FROM outbox WHERE state IN ('pending', 'waiting')",
            [],
            |r| r.get(0),
        )?;
        Ok(uint(n.unwrap_or(0)))
    }

    /// How many commands stand in this state.
    pub(crate) fn count_in(&self, state: OutboxState) -> Result<u64, StoreError> {
        let n: Option<i64> =
            self.one("count the outbox", "SELECT count(*) FROM outbox WHERE state = ?1", params![state.name()], |r| {
                r.get(0)
            })?;
        Ok(uint(n.unwrap_or(0)))
    }

    /// A command's changes, in order.
    pub(crate) fn changes_of(&self, command: CommandId) -> Result<Vec<Hashed>, StoreError> {
        let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = self.all(
            "read a command's changes",
            "SELECT doc, hash, typed FROM pending_change WHERE command = ?1 ORDER BY ord",
            params![command.as_bytes()],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )?;
        rows.into_iter().map(|(doc, hash, typed)| read_change(doc_id(&doc)?, &hash, &typed)).collect()
    }

    /// The documents that a command of the outbox touches.
    pub(crate) fn docs_of(&self, command: CommandId) -> Result<Vec<DocId>, StoreError> {
        let rows: Vec<Vec<u8>> = self.all(
            "read a command's documents",
            "SELECT DISTINCT doc FROM pending_change WHERE command = ?1",
            params![command.as_bytes()],
            |r| r.get(0),
        )?;
        rows.iter().map(|d| doc_id(d)).collect()
    }
}
