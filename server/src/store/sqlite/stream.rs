//! Rows of streams: their numbers without gaps, their entries, their members.

use super::log::{digest_of, doc_of};
use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{DocId, StreamId};
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

impl Tx<'_> {
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
        // A bare parameter as a limit makes SQLite plan the statement anew each time: here and below.
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT seq, kind, doc, change FROM entry WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3 + 0",
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
            .prepare_cached("SELECT ord, doc FROM member WHERE stream = ?1 AND ord > ?2 ORDER BY ord LIMIT ?3 + 0")
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
