//! Rows of the log: documents, changes, commands.

use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::change::{ChangeHash, TypedChange};
use qiaomen_proto::ids::{CommandId, DeviceId, DocId, Kind, WorkerId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::digest::Digest;
use rusqlite::{OptionalExtension as _, params};

pub(super) fn doc_of(key: Vec<u8>) -> Result<DocId, StoreError> {
    DocId::from_key(&key).ok_or(StoreError::Damaged("document key"))
}
pub(super) fn digest_of(bytes: &[u8]) -> Result<Digest, StoreError> {
    Ok(Digest::from_bytes(bytes.try_into().map_err(|_| StoreError::Damaged("digest"))?))
}
/// What became of one version of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FateRow {
    /// Check over its changes.
    pub check: [u8; 8],
    /// Number of the outcome.
    pub outcome: u8,
    /// Number of the code, 0 for none.
    pub code: u16,
    /// Which device it is noted from; none for the office itself.
    pub device: Option<DeviceId>,
}

impl Tx<'_> {
    /// A value of the office's own.
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT value FROM meta WHERE key = ?1").map_err(sql("meta"))?;
        s.query_row([key], |r| r.get(0)).optional().map_err(sql("meta"))
    }
    /// Sets a value of the office's own.
    pub fn set_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2")
            .map_err(sql("set meta"))?;
        s.execute(params![key, value]).map(drop).map_err(sql("set meta"))
    }

    /// The register of a document, if the document exists.
    pub fn register(&self, doc: DocId) -> Result<Option<Register>, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT register FROM document WHERE doc = ?1").map_err(sql("register"))?;
        let bytes: Option<Vec<u8>> = s.query_row([doc.key()], |r| r.get(0)).optional().map_err(sql("register"))?;
        bytes.map(|b| Register::from_stored(doc, &b).map_err(|_| StoreError::Damaged("register"))).transpose()
    }
    /// Writes the register of a document.
    pub fn put_register(&self, register: &Register) -> Result<(), StoreError> {
        let doc = register.doc();
        let digest = Digest::of(doc, &register.heads()).to_bytes();
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO document VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET register = ?4, digest = ?5",
            )
            .map_err(sql("put register"))?;
        s.execute(params![doc.key(), doc.kind.number(), doc.suffix(), register.to_stored(), digest])
            .map(drop)
            .map_err(sql("put register"))
    }
    /// The digest of a document's heads, if it exists.
    pub fn document_digest(&self, doc: DocId) -> Result<Option<Digest>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT digest FROM document WHERE doc = ?1").map_err(sql("digest"))?;
        let bytes: Option<Vec<u8>> = s.query_row([doc.key()], |r| r.get(0)).optional().map_err(sql("digest"))?;
        bytes.map(|b| digest_of(&b)).transpose()
    }
    /// Documents whose id ends so.
    pub fn documents_by_suffix(&self, kind: Kind, suffix: [u8; 5]) -> Result<Vec<DocId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT doc FROM document WHERE kind = ?1 AND suffix = ?2")
            .map_err(sql("by suffix"))?;
        let rows = s.query_map(params![kind.number(), suffix], |r| r.get::<_, Vec<u8>>(0)).map_err(sql("by suffix"))?;
        rows.map(|r| doc_of(r.map_err(sql("by suffix"))?)).collect()
    }
    /// Every document.
    pub fn documents(&self) -> Result<Vec<DocId>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT doc FROM document ORDER BY doc").map_err(sql("documents"))?;
        let rows = s.query_map([], |r| r.get::<_, Vec<u8>>(0)).map_err(sql("documents"))?;
        rows.map(|r| doc_of(r.map_err(sql("documents"))?)).collect()
    }

    /// Adds a change; its row.
    pub fn add_change(&self, change: &TypedChange, hash: &ChangeHash) -> Result<i64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO change (doc, hash, command, stored) VALUES (?1, ?2, ?3, ?4)")
            .map_err(sql("add change"))?;
        s.insert(params![change.doc.key(), hash.0, change.stamp.command.as_bytes(), change.to_stored()])
            .map_err(sql("add change"))
    }
    /// A change by its row.
    pub fn change(&self, row: i64) -> Result<TypedChange, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT doc, stored FROM change WHERE id = ?1").map_err(sql("change"))?;
        let (doc, stored): (Vec<u8>, Vec<u8>) =
            s.query_row([row], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql("change"))?;
        TypedChange::from_stored(doc_of(doc)?, &stored).map_err(|_| StoreError::Damaged("change"))
    }
    /// Bytes of a stored change.
    pub fn change_bytes(&self, row: i64) -> Result<usize, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT length(stored) FROM change WHERE id = ?1").map_err(sql("size"))?;
        let n: i64 = s.query_row([row], |r| r.get(0)).map_err(sql("size"))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }
    /// Bytes of all stored changes of a document.
    pub fn document_bytes(&self, doc: DocId) -> Result<usize, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT coalesce(sum(length(stored)), 0) FROM change WHERE doc = ?1")
            .map_err(sql("size"))?;
        let n: i64 = s.query_row([doc.key()], |r| r.get(0)).map_err(sql("size"))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }
    /// Rows of a document's changes, in the order in which they were taken.
    pub fn change_rows(&self, doc: DocId) -> Result<Vec<i64>, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT id FROM change WHERE doc = ?1 ORDER BY id").map_err(sql("changes"))?;
        let rows = s.query_map([doc.key()], |r| r.get(0)).map_err(sql("changes"))?;
        rows.collect::<Result<_, _>>().map_err(sql("changes"))
    }
    /// A document's changes, in the order in which they were taken, with their rows.
    pub fn changes(&self, doc: DocId) -> Result<Vec<(i64, TypedChange)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT id, stored FROM change WHERE doc = ?1 ORDER BY id")
            .map_err(sql("changes"))?;
        let rows =
            s.query_map([doc.key()], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?))).map_err(sql("changes"))?;
        rows.map(|r| {
            let (id, stored) = r.map_err(sql("changes"))?;
            Ok((id, TypedChange::from_stored(doc, &stored).map_err(|_| StoreError::Damaged("change"))?))
        })
        .collect()
    }

    /// The (document, hash) pairs of a command's changes, in the order in which they were taken.
    pub fn command_pairs(&self, id: CommandId) -> Result<Vec<(DocId, ChangeHash)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT doc, hash FROM change WHERE command = ?1 ORDER BY id")
            .map_err(sql("command's changes"))?;
        let rows = s
            .query_map([id.as_bytes()], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get::<_, [u8; 32]>(1)?)))
            .map_err(sql("command's changes"))?;
        rows.map(|r| {
            let (doc, hash) = r.map_err(sql("command's changes"))?;
            Ok((doc_of(doc)?, ChangeHash(hash)))
        })
        .collect()
    }
    /// A command's changes, in the order in which they were taken, with their hashes.
    pub fn command_changes(&self, id: CommandId) -> Result<Vec<(ChangeHash, TypedChange)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT doc, hash, stored FROM change WHERE command = ?1 ORDER BY id")
            .map_err(sql("command's changes"))?;
        let rows = s
            .query_map([id.as_bytes()], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get(1)?, r.get::<_, Vec<u8>>(2)?)))
            .map_err(sql("command's changes"))?;
        rows.map(|r| {
            let (doc, hash, stored) = r.map_err(sql("command's changes"))?;
            let change = TypedChange::from_stored(doc_of(doc)?, &stored).map_err(|_| StoreError::Damaged("change"))?;
            Ok((ChangeHash(hash), change))
        })
        .collect()
    }
    /// Forgets that a command was applied: it is about to be written down anew, with more of it.
    pub fn forget_applied(&self, id: CommandId) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("DELETE FROM command WHERE id = ?1 AND outcome = 1")
            .map_err(sql("forget a command"))?;
        s.execute([id.as_bytes()]).map(drop).map_err(sql("forget a command"))
    }
    /// Documents of more than one change that changed since this time, the latest first, by the latest `limit` changes of all.
    pub fn recently_changed(&self, since_ms: u64, limit: u32) -> Result<Vec<DocId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT c.doc FROM change c JOIN command k ON k.id = c.command
                 WHERE c.id > (SELECT coalesce(max(id), 0) FROM change) - ?2 AND k.received_ms >= ?1
                 GROUP BY c.doc HAVING (SELECT count(*) FROM change o WHERE o.doc = c.doc) > 1
                 ORDER BY max(c.id) DESC",
            )
            .map_err(sql("recently changed"))?;
        let rows = s
            .query_map(params![signed(since_ms), limit], |r| r.get::<_, Vec<u8>>(0))
            .map_err(sql("recently changed"))?;
        rows.map(|r| doc_of(r.map_err(sql("recently changed"))?)).collect()
    }

    /// Since when this version of a command has waited for one that it builds on; none if it does not.
    pub fn waiting_since(&self, id: CommandId, check: [u8; 8]) -> Result<Option<u64>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT received_ms FROM command WHERE id = ?1 AND check_bytes = ?2 AND outcome = 3")
            .map_err(sql("waiting since"))?;
        s.query_row(params![id.as_bytes(), check], |r| r.get(0))
            .optional()
            .map(|at| at.map(unsigned))
            .map_err(sql("waiting since"))
    }
    /// What became of a command: each version of it that came.
    pub fn command_fates(&self, id: CommandId) -> Result<Vec<FateRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT check_bytes, outcome, code, device FROM command WHERE id = ?1")
            .map_err(sql("command"))?;
        let row = |r: &rusqlite::Row<'_>| {
            let device = r.get::<_, Option<[u8; 16]>>(3)?.map(DeviceId::from_bytes);
            Ok(FateRow { check: r.get(0)?, outcome: r.get(1)?, code: r.get(2)?, device })
        };
        let rows = s.query_map([id.as_bytes()], row).map_err(sql("command"))?;
        rows.collect::<Result<_, _>>().map_err(sql("command"))
    }
    /// Whose command of this id stands in the book. An id is drawn by lot: the same id by somebody else is another act.
    pub fn applied_by(&self, id: CommandId) -> Result<Option<WorkerId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT worker FROM command WHERE id = ?1 AND outcome = 1 LIMIT 1")
            .map_err(sql("whose command"))?;
        let worker: Option<[u8; 16]> =
            s.query_row([id.as_bytes()], |r| r.get(0)).optional().map_err(sql("whose command"))?;
        Ok(worker.map(WorkerId::from_bytes))
    }
    /// Remembers what became of a command. When it came stays what it was the first time that this device sent it: what
    /// another one had told before is forgotten, with its name.
    #[allow(clippy::too_many_arguments, reason = "one row")]
    pub fn put_command(
        &self,
        id: CommandId,
        check: [u8; 8],
        device: Option<DeviceId>,
        worker: WorkerId,
        outcome: u8,
        code: u16,
        at_ms: u64,
        received_ms: u64,
        offline_since_ms: Option<u64>,
    ) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO command VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT DO UPDATE SET outcome = ?5, code = ?6, worker = ?4, device = ?3,
                   received_ms = CASE WHEN device IS ?3 THEN received_ms ELSE ?8 END,
                   offline_since_ms = CASE WHEN device IS ?3 THEN offline_since_ms ELSE ?9 END",
            )
            .map_err(sql("put command"))?;
        s.execute(params![
            id.as_bytes(),
            check,
            device.map(|d| *d.as_bytes()),
            worker.as_bytes(),
            outcome,
            code,
            signed(at_ms),
            signed(received_ms),
            offline_since_ms.map(signed)
        ])
        .map(drop)
        .map_err(sql("put command"))
    }
    /// When a command first came, and since when its device had then been without signal. A command that
    /// was done again has several versions: the first tells when its author was out of reach. What another
    /// device sent under the same id tells nothing.
    pub fn command_arrival(&self, id: CommandId, device: DeviceId) -> Result<Option<(u64, Option<u64>)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT received_ms, offline_since_ms FROM command WHERE id = ?1 AND (device = ?2 OR device IS NULL)
                 ORDER BY received_ms LIMIT 1",
            )
            .map_err(sql("arrival"))?;
        let row: Option<(i64, Option<i64>)> = s
            .query_row(params![id.as_bytes(), device.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()
            .map_err(sql("arrival"))?;
        Ok(row.map(|(at, since)| (unsigned(at), since.map(unsigned))))
    }
    /// Number of commands with this outcome.
    pub fn command_count(&self, outcome: u8) -> Result<u64, StoreError> {
        let n: i64 = self
            .conn
            .query_row("SELECT count(*) FROM command WHERE outcome = ?1", [outcome], |r| r.get(0))
            .map_err(sql("count commands"))?;
        Ok(unsigned(n))
    }
}
