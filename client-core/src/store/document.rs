//! Documents: the acknowledged base, and what lies over it.

use super::{StoreError, Tx, bytes, int};
use qiaomen_proto::change::{ChangeHash, TypedChange};
use qiaomen_proto::ids::{CommandId, DocId, Kind};
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::planted::{Planted, planted};
use rusqlite::params;

/// A change with its hash.
pub(crate) type Hashed = (ChangeHash, TypedChange);

impl Tx<'_> {
    /// The acknowledged base; the genesis alone where the office knows nothing of the document yet.
    pub(crate) fn base(&self, doc: DocId) -> Result<Register, StoreError> {
        let blob: Option<Option<Vec<u8>>> =
            self.one("read a document", "SELECT register FROM document WHERE doc = ?1", params![doc.key()], |r| {
                r.get(0)
            })?;
        match blob.flatten() {
            None => Ok(Register::genesis(doc)),
            Some(blob) => Register::from_stored(doc, &blob).map_err(|_| StoreError::Unreadable { what: "register" }),
        }
    }

    /// The base with this document's pending changes over it, in the order of the outbox.
    pub(crate) fn overlay(&self, doc: DocId) -> Result<Register, StoreError> {
        self.laid_over(self.base(doc)?, i64::MAX)
    }

    /// The overlay without this command of the outbox, and without what came after it. The whole overlay
    /// where the command is not in the outbox.
    pub(crate) fn overlay_before(&self, doc: DocId, command: CommandId) -> Result<Register, StoreError> {
        let n: Option<i64> =
            self.one("find a command", "SELECT n FROM outbox WHERE command = ?1", params![command.as_bytes()], |r| {
                r.get(0)
            })?;
        self.laid_over(self.base(doc)?, n.unwrap_or(i64::MAX))
    }

    /// Pending changes over this base, up to a place in the outbox.
    fn laid_over(&self, mut register: Register, before: i64) -> Result<Register, StoreError> {
        for (hash, change) in self.pending_changes(register.doc(), before)? {
            // What came down before its receipt did is in the base already.
            if !register.contains(&hash) {
                register.apply(&change, hash);
            }
        }
        Ok(register)
    }

    /// A document's pending changes, in the order of the outbox, up to a place in it.
    fn pending_changes(&self, doc: DocId, before: i64) -> Result<Vec<Hashed>, StoreError> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = self.all(
            "read pending changes",
            "SELECT p.hash, p.typed FROM pending_change p JOIN outbox o ON o.command = p.command
             WHERE p.doc = ?1 AND o.state IN ('pending', 'waiting') AND o.n < ?2 ORDER BY o.n, p.ord",
            params![doc.key(), before],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        rows.into_iter().map(|(hash, typed)| read_change(doc, &hash, &typed)).collect()
    }

    /// Commands that are not confirmed and touch this document.
    pub(crate) fn pending_commands_of(&self, doc: DocId) -> Result<Vec<[u8; 16]>, StoreError> {
        let rows: Vec<Vec<u8>> = self.all(
            "read pending commands of a document",
            "SELECT DISTINCT p.command FROM pending_change p JOIN outbox o ON o.command = p.command
             WHERE p.doc = ?1 AND o.state IN ('pending', 'waiting')",
            params![doc.key()],
            |r| r.get(0),
        )?;
        rows.iter().map(|c| bytes(c, "command id")).collect()
    }

    /// Writes the base and the changes that it gained.
    pub(crate) fn put_base(&self, register: &Register, gained: &[Hashed]) -> Result<(), StoreError> {
        let doc = register.doc();
        let heads = register.heads();
        let digest = Digest::of(doc, &heads);
        let flat: Vec<u8> = heads.iter().flat_map(|h| h.0).collect();
        self.run(
            "write a document",
            "INSERT INTO document (doc, suffix, here, register, heads, digest) VALUES (?1, ?2, 1, ?3, ?4, ?5)
             ON CONFLICT (doc) DO UPDATE SET here = 1, register = excluded.register, heads = excluded.heads,
             digest = excluded.digest",
            params![doc.key(), doc.suffix(), register.to_stored(), flat, digest.to_bytes()],
        )?;
        let first: Option<i64> = self
            .one("count changes", "SELECT max(n) FROM change WHERE doc = ?1", params![doc.key()], |r| r.get(0))?
            .flatten();
        for (n, (hash, change)) in (first.unwrap_or(0) + 1..).zip(gained) {
            self.run(
                "write a change",
                "INSERT INTO change (doc, n, hash, typed) VALUES (?1, ?2, ?3, ?4)",
                params![doc.key(), n, hash.0, change.to_stored()],
            )?;
        }
        Ok(())
    }

    /// The changes of the base, in an order in which they can be applied.
    pub(crate) fn base_changes(&self, doc: DocId) -> Result<Vec<Hashed>, StoreError> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = self.all(
            "read changes",
            "SELECT hash, typed FROM change WHERE doc = ?1 ORDER BY n",
            params![doc.key()],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        rows.into_iter().map(|(hash, typed)| read_change(doc, &hash, &typed)).collect()
    }

    /// Whether the office certainly has the document.
    pub(crate) fn is_at_office(&self, doc: DocId) -> Result<bool, StoreError> {
        Ok(self
            .one("look for a document", "SELECT 1 FROM document WHERE doc = ?1", params![doc.key()], |_| Ok(()))?
            .is_some())
    }

    /// Whether the acknowledged base has this change.
    pub(crate) fn has_change(&self, (hash, change): &Hashed) -> Result<bool, StoreError> {
        Ok(self
            .one(
                "look for a change",
                "SELECT 1 FROM change WHERE doc = ?1 AND hash = ?2 LIMIT 1",
                params![change.doc.key(), hash.0],
                |_| Ok(()),
            )?
            .is_some())
    }

    /// Documents of a kind whose ids end so.
    pub(crate) fn by_suffix(&self, kind: Kind, suffix: [u8; 5]) -> Result<Vec<DocId>, StoreError> {
        let rows: Vec<Vec<u8>> = self.all(
            "find a document by its suffix",
            // What was sent and not yet confirmed may be named in the same way.
            "SELECT doc FROM document WHERE suffix = ?1
             UNION SELECT doc FROM pending_change WHERE substr(doc, 13, 5) = ?1",
            params![suffix],
            |r| r.get(0),
        )?;
        let docs = rows.iter().map(|key| doc_id(key)).collect::<Result<Vec<_>, _>>()?;
        Ok(docs.into_iter().filter(|d| d.kind == kind).collect())
    }

    /// Every document that is here.
    pub(crate) fn documents_here(&self) -> Result<Vec<DocId>, StoreError> {
        let rows: Vec<Vec<u8>> =
            self.all("list documents", "SELECT doc FROM document WHERE here = 1", [], |r| r.get(0))?;
        rows.iter().map(|key| doc_id(key)).collect()
    }

    /// Documents that are here and that the fetch of this generation has yet to name: in a stream of which it has
    /// not been told again, or in none.
    pub(crate) fn documents_not_named(&self, generation: u64) -> Result<Vec<DocId>, StoreError> {
        let rows: Vec<Vec<u8>> = self.all(
            "list documents that were not named again",
            "SELECT doc FROM document WHERE here = 1 AND (doc NOT IN (SELECT doc FROM stream_member)
               OR doc IN (SELECT doc FROM stream_member WHERE generation < ?1))",
            params![int(generation)],
            |r| r.get(0),
        )?;
        rows.iter().map(|key| doc_id(key)).collect()
    }

    /// How many documents are here, with those that were begun here.
    pub(crate) fn document_count(&self) -> Result<u64, StoreError> {
        let n: Option<i64> = self.one(
            "count documents",
            "SELECT count(*) FROM (SELECT doc FROM document INDEXED BY document_light WHERE here = 1 UNION
               SELECT p.doc FROM pending_change p JOIN outbox o ON o.command = p.command
               WHERE o.state IN ('pending', 'waiting'))",
            [],
            |r| r.get(0),
        )?;
        Ok(super::uint(n.unwrap_or(0)))
    }

    /// Marks a document that left every stream.
    pub(crate) fn set_leaving(&self, doc: DocId, leaving: bool) -> Result<(), StoreError> {
        if leaving && planted(Planted::LeavesWithUnsentWork) {
            for command in self.pending_commands_of(doc)? {
                self.remove_outbox(CommandId::from_bytes(command))?;
            }
        }
        self.run(
            "mark a document that leaves",
            "UPDATE document SET leaving = ?2 WHERE doc = ?1",
            params![doc.key(), leaving],
        )
        .map(|_| ())
    }

    /// Marks what is here and in no stream. How many.
    pub(crate) fn strays_leave(&self) -> Result<usize, StoreError> {
        if planted(Planted::StraysStay) {
            return Ok(0);
        }
        self.run(
            "mark what is in no stream",
            "UPDATE document SET leaving = 1 WHERE here = 1 AND leaving = 0
             AND NOT EXISTS (SELECT 1 FROM stream_member m WHERE m.doc = document.doc)",
            [],
        )
    }

    /// Documents that left and have nothing pending any more.
    pub(crate) fn gone(&self) -> Result<Vec<DocId>, StoreError> {
        let rows: Vec<Vec<u8>> = self.all(
            "find documents that left",
            "SELECT doc FROM document d WHERE leaving = 1 AND here = 1
             AND NOT EXISTS (SELECT 1 FROM stream_member m WHERE m.doc = d.doc)
             AND NOT EXISTS (SELECT 1 FROM give_back g WHERE g.doc = d.doc)
             AND NOT EXISTS (SELECT 1 FROM pending_change p JOIN outbox o ON o.command = p.command
                             WHERE p.doc = d.doc AND o.state IN ('pending', 'waiting'))",
            [],
            |r| r.get(0),
        )?;
        rows.iter().map(|key| doc_id(key)).collect()
    }

    /// Takes a document away: its base, its changes, its keys. Its heads stay, and what is put away for the office.
    pub(crate) fn forget(&self, doc: DocId) -> Result<(), StoreError> {
        self.run("drop a document's changes", "DELETE FROM change WHERE doc = ?1", params![doc.key()])?;
        self.run(
            "forget a document",
            "UPDATE document SET here = 0, leaving = 0, redo = 0, register = NULL WHERE doc = ?1",
            params![doc.key()],
        )?;
        self.forget_keys(doc.uuid)
    }

    /// Documents whose base was dropped and has come again; all whose base was dropped, where nothing more is
    /// to come. They are marked no longer.
    pub(crate) fn to_redo(&self, nothing_to_come: bool) -> Result<Vec<DocId>, StoreError> {
        let rows: Vec<Vec<u8>> = self.all(
            "find documents to do again",
            "SELECT doc FROM document WHERE redo = 1 AND (register IS NOT NULL OR ?1)",
            params![nothing_to_come],
            |r| r.get(0),
        )?;
        for doc in &rows {
            self.run("unmark a document", "UPDATE document SET redo = 0 WHERE doc = ?1", params![doc])?;
        }
        rows.iter().map(|key| doc_id(key)).collect()
    }

    /// Takes the base of a document away that turned out wrong, to be fetched again. What is proven of it is put
    /// by: perhaps the office has lost it.
    pub(crate) fn drop_base(&self, doc: DocId) -> Result<(), StoreError> {
        self.put_by(doc)?;
        self.run(
            "drop a document's register",
            "UPDATE document SET register = NULL, redo = 1 WHERE doc = ?1",
            params![doc.key()],
        )?;
        self.run("drop a document's changes", "DELETE FROM change WHERE doc = ?1", params![doc.key()]).map(|_| ())
    }
}

/// A document's id from its key.
pub(super) fn doc_id(key: &[u8]) -> Result<DocId, StoreError> {
    DocId::from_key(key).ok_or(StoreError::Unreadable { what: "document id" })
}

pub(super) fn read_change(doc: DocId, hash: &[u8], typed: &[u8]) -> Result<Hashed, StoreError> {
    let change = TypedChange::from_stored(doc, typed).map_err(|_| StoreError::Unreadable { what: "change" })?;
    Ok((ChangeHash(bytes(hash, "hash")?), change))
}
