//! Looks at masked values, until the office has them.

use super::{StoreError, Tx, bytes, count, int, uint};
use crate::look::Kept;
use qiaomen_proto::ids::WorkerId;
use rusqlite::params;

/// Those that this life of the office has not said to have. What an earlier one had, this one is told again.
const WAITS: &str = "(there_in IS NULL OR there_in IS NOT (SELECT value FROM meta WHERE key = 'incarnation'))";

impl Tx<'_> {
    /// Keeps a look.
    pub(crate) fn put_look(&self, look: &Kept) -> Result<(), StoreError> {
        self.run(
            "keep a look",
            "INSERT INTO look (id, doc, fields, worker, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![look.id, look.doc, look.fields, look.worker.as_bytes(), int(look.at_ms)],
        )
        .map(|_| ())
    }

    /// The fields of a document that a worker looked at between two instants.
    pub(crate) fn looked_at(
        &self,
        doc: &[u8; 17],
        worker: WorkerId,
        between_ms: (u64, u64),
    ) -> Result<Vec<String>, StoreError> {
        self.all(
            "read looks",
            "SELECT fields FROM look WHERE doc = ?1 AND worker = ?2 AND at_ms > ?3 AND at_ms <= ?4",
            params![doc, worker.as_bytes(), int(between_ms.0), int(between_ms.1)],
            |r| r.get(0),
        )
    }

    /// The oldest looks that the office has not said to have.
    pub(crate) fn looks_to_send(&self, limit: usize) -> Result<Vec<Kept>, StoreError> {
        let rows = self.all(
            "read looks to send",
            &format!("SELECT id, doc, fields, worker, at_ms FROM look WHERE {WAITS} ORDER BY n LIMIT ?1"),
            params![count(limit)],
            |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get::<_, Vec<u8>>(1)?, r.get(2)?, r.get::<_, Vec<u8>>(3)?, r.get(4)?)),
        )?;
        rows.into_iter()
            .map(|(id, doc, fields, worker, at_ms)| {
                Ok(Kept {
                    id: bytes(&id, "look")?,
                    doc: bytes(&doc, "document of a look")?,
                    fields,
                    worker: WorkerId::from_bytes(bytes(&worker, "worker of a look")?),
                    at_ms: uint(at_ms),
                })
            })
            .collect()
    }

    /// How many there are of them.
    pub(crate) fn looks_unsent(&self) -> Result<u64, StoreError> {
        let sql = format!("SELECT count(*) FROM look WHERE {WAITS}");
        Ok(uint(self.one("count looks", &sql, [], |r| r.get(0))?.unwrap_or(0)))
    }

    /// The office has said that this life of it has a look. True if that was not known.
    pub(crate) fn look_is_there(&self, id: &[u8; 16], life: &[u8; 16], position: u64) -> Result<bool, StoreError> {
        let touched = self.run(
            "note that a look is there",
            "UPDATE look SET there_in = ?2, position = ?3 WHERE id = ?1 AND there_in IS NOT ?2",
            params![id, life, int(position)],
        )?;
        Ok(touched > 0)
    }

    /// Forgets the looks of whoever had this device before: the office has them.
    pub(crate) fn forget_looks_but_of(&self, worker: WorkerId) -> Result<(), StoreError> {
        self.run("forget looks", "DELETE FROM look WHERE worker <> ?1", params![worker.as_bytes()]).map(|_| ())
    }

    /// Forgets looks that this life of the office has: those before the first instant if a backup has them too,
    /// those before the second in any case.
    pub(crate) fn prune_looks(&self, life: &[u8; 16], backed_up: u64, before_ms: (u64, u64)) -> Result<(), StoreError> {
        self.run(
            "forget looks",
            "DELETE FROM look WHERE there_in = ?1 AND (at_ms < ?3 AND position < ?2 OR at_ms < ?4)",
            params![life, int(backed_up), int(before_ms.0), int(before_ms.1)],
        )
        .map(|_| ())
    }
}
