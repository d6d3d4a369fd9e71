//! Rows of the log: documents, changes, commands, streams.

use super::{StoreError, Tx, sql};
use qiaomen_proto::change::{ChangeHash, TypedChange};
use qiaomen_proto::ids::{CommandId, DeviceId, DocId, Kind, StreamId, WorkerId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::digest::Digest;
use rusqlite::{OptionalExtension as _, params};

/// What an entry of a stream says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A change of a document that is in the stream.
    Change,
    /// A document came in, with all its changes.
    Arrived,
    /// A document left.
    Departed,
    /// A key of a document came.
    Key,
}

impl EntryKind {
    fn number(self) -> i64 {
        match self {
            EntryKind::Change => 1,
            EntryKind::Arrived => 2,
            EntryKind::Departed => 3,
            EntryKind::Key => 4,
        }
    }
    fn from_number(n: i64) -> Option<Self> {
        [EntryKind::Change, EntryKind::Arrived, EntryKind::Departed, EntryKind::Key]
            .into_iter()
            .find(|k| k.number() == n)
    }
}

/// An entry of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRow {
    /// Its number.
    pub seq: u64,
    /// What it says.
    pub kind: EntryKind,
    /// Of which document.
    pub doc: DocId,
    /// Row of the change.
    pub change: Option<i64>,
}

/// A stream as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamRow {
    /// Grows when numbers start anew.
    pub epoch: u64,
    /// The next entry's number; the first is 1.
    pub next_seq: u64,
    /// Over the heads of its documents.
    pub digest: Digest,
}

/// A document in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberRow {
    /// Order of arrival in any stream.
    pub ord: i64,
    /// The document.
    pub doc: DocId,
}

pub(super) fn doc_of(key: Vec<u8>) -> Result<DocId, StoreError> {
    DocId::from_key(&key).ok_or(StoreError::Damaged("document key"))
}
fn digest_of(bytes: &[u8]) -> Result<Digest, StoreError> {
    Ok(Digest::from_bytes(bytes.try_into().map_err(|_| StoreError::Damaged("digest"))?))
}
pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
pub(super) fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
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
    /// Forgets that a command was applied: it is about to be written down anew, with more of it.
    pub fn forget_applied(&self, id: CommandId) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("DELETE FROM command WHERE id = ?1 AND outcome = 1")
            .map_err(sql("forget a command"))?;
        s.execute([id.as_bytes()]).map(drop).map_err(sql("forget a command"))
    }
    /// Documents that changed since this time, the latest first, by the latest `limit` changes of all.
    pub fn recently_changed(&self, since_ms: u64, limit: u32) -> Result<Vec<DocId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT c.doc FROM change c JOIN command k ON k.id = c.command
                 WHERE c.id > (SELECT coalesce(max(id), 0) FROM change) - ?2 AND k.received_ms >= ?1
                 GROUP BY c.doc ORDER BY max(c.id) DESC",
            )
            .map_err(sql("recently changed"))?;
        let rows = s
            .query_map(params![signed(since_ms), limit], |r| r.get::<_, Vec<u8>>(0))
            .map_err(sql("recently changed"))?;
        rows.map(|r| doc_of(r.map_err(sql("recently changed"))?)).collect()
    }

    /// What became of a command: check, outcome and code of each version of it that came.
    pub fn command_fates(&self, id: CommandId) -> Result<Vec<([u8; 8], u8, u16)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT check_bytes, outcome, code FROM command WHERE id = ?1")
            .map_err(sql("command"))?;
        let rows = s
            .query_map([id.as_bytes()], |r| Ok((r.get::<_, [u8; 8]>(0)?, r.get(1)?, r.get(2)?)))
            .map_err(sql("command"))?;
        rows.collect::<Result<_, _>>().map_err(sql("command"))
    }
    /// Remembers what became of a command. When it came stays what it was the first time.
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
                 ON CONFLICT DO UPDATE SET outcome = ?5, code = ?6",
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

    /// A stream as it stands; one that nothing was ever written to is at its beginning.
    pub fn stream(&self, stream: &StreamId) -> Result<StreamRow, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT epoch, next_seq, digest FROM stream WHERE id = ?1")
            .map_err(sql("stream"))?;
        let row: Option<(i64, i64, Vec<u8>)> = s
            .query_row([stream.to_text()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()
            .map_err(sql("stream"))?;
        Ok(match row {
            Some((epoch, next_seq, digest)) => {
                StreamRow { epoch: unsigned(epoch), next_seq: unsigned(next_seq), digest: digest_of(&digest)? }
            }
            None => StreamRow { epoch: 1, next_seq: 1, digest: Digest::default() },
        })
    }
    /// Every stream that was ever written to.
    pub fn streams(&self) -> Result<Vec<StreamId>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT id FROM stream ORDER BY id").map_err(sql("streams"))?;
        let rows = s.query_map([], |r| r.get::<_, String>(0)).map_err(sql("streams"))?;
        rows.map(|r| StreamId::from_text(&r.map_err(sql("streams"))?).ok_or(StoreError::Damaged("stream"))).collect()
    }
    /// Writes entries at the end of a stream, and its digest. The numbers are taken here, last.
    pub fn append(
        &self,
        stream: &StreamId,
        entries: &[(EntryKind, DocId, Option<i64>)],
        digest: Digest,
    ) -> Result<u64, StoreError> {
        let row = self.stream(stream)?;
        let text = stream.to_text();
        let mut s = self.conn.prepare_cached("INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5)").map_err(sql("append"))?;
        let mut seq = row.next_seq;
        for (kind, doc, change) in entries {
            s.execute(params![text, signed(seq), kind.number(), doc.key(), change]).map_err(sql("append"))?;
            seq += 1;
        }
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO stream VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET next_seq = ?3, digest = ?4",
            )
            .map_err(sql("append"))?;
        s.execute(params![text, signed(row.epoch), signed(seq), digest.to_bytes()]).map_err(sql("append"))?;
        Ok(row.next_seq)
    }
    /// Entries after this number.
    pub fn entries(&self, stream: &StreamId, after: u64, limit: usize) -> Result<Vec<EntryRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT seq, kind, doc, change FROM entry WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
            )
            .map_err(sql("entries"))?;
        let rows = s
            .query_map(params![stream.to_text(), signed(after), i64::try_from(limit).unwrap_or(i64::MAX)], |r| {
                Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, Vec<u8>>(2)?, r.get::<_, Option<i64>>(3)?))
            })
            .map_err(sql("entries"))?;
        rows.map(|r| {
            let (seq, kind, doc, change) = r.map_err(sql("entries"))?;
            let kind = EntryKind::from_number(kind).ok_or(StoreError::Damaged("entry"))?;
            Ok(EntryRow { seq: unsigned(seq), kind, doc: doc_of(doc)?, change })
        })
        .collect()
    }

    /// The streams that a document is in.
    pub fn streams_of(&self, doc: DocId) -> Result<Vec<StreamId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT stream FROM member WHERE doc = ?1 ORDER BY stream")
            .map_err(sql("streams of"))?;
        let rows = s.query_map([doc.key()], |r| r.get::<_, String>(0)).map_err(sql("streams of"))?;
        rows.map(|r| StreamId::from_text(&r.map_err(sql("streams of"))?).ok_or(StoreError::Damaged("stream"))).collect()
    }
    /// Puts a document into a stream.
    pub fn join(&self, stream: &StreamId, doc: DocId, since_seq: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO member (stream, doc, since_seq) VALUES (?1, ?2, ?3)")
            .map_err(sql("join"))?;
        s.execute(params![stream.to_text(), doc.key(), signed(since_seq)]).map(drop).map_err(sql("join"))
    }
    /// Takes a document out of a stream.
    pub fn leave(&self, stream: &StreamId, doc: DocId) -> Result<(), StoreError> {
        let mut s =
            self.conn.prepare_cached("DELETE FROM member WHERE stream = ?1 AND doc = ?2").map_err(sql("leave"))?;
        s.execute(params![stream.to_text(), doc.key()]).map(drop).map_err(sql("leave"))
    }
    /// Since which number a document is in a stream.
    pub fn member_since(&self, stream: &StreamId, doc: DocId) -> Result<Option<u64>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT since_seq FROM member WHERE stream = ?1 AND doc = ?2")
            .map_err(sql("member"))?;
        let n: Option<i64> =
            s.query_row(params![stream.to_text(), doc.key()], |r| r.get(0)).optional().map_err(sql("member"))?;
        Ok(n.map(unsigned))
    }
    /// Documents of a stream in the order in which they came, after this one.
    pub fn members(&self, stream: &StreamId, after: i64, limit: usize) -> Result<Vec<MemberRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT ord, doc FROM member WHERE stream = ?1 AND ord > ?2 ORDER BY ord LIMIT ?3")
            .map_err(sql("members"))?;
        let rows = s
            .query_map(params![stream.to_text(), after, i64::try_from(limit).unwrap_or(i64::MAX)], |r| {
                Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?))
            })
            .map_err(sql("members"))?;
        rows.map(|r| {
            let (ord, doc) = r.map_err(sql("members"))?;
            Ok(MemberRow { ord, doc: doc_of(doc)? })
        })
        .collect()
    }
    /// Number of documents of a stream, and of those up to one.
    pub fn member_count(&self, stream: &StreamId, up_to: i64) -> Result<(u32, u32), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT count(*), coalesce(sum(ord <= ?2), 0) FROM member WHERE stream = ?1")
            .map_err(sql("count members"))?;
        s.query_row(params![stream.to_text(), up_to], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql("count members"))
    }
}
