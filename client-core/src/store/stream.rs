//! Streams that this device follows, and the documents in them.

use super::document::doc_id;
use super::meta::name;
use super::{StoreError, Tx, bytes, int};
use qiaomen_proto::ids::DocId;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::wire::heal::AgainReason;
use rusqlite::params;

impl Tx<'_> {
    /// A document came into a stream (or was named again).
    pub(crate) fn put_member(&self, stream: &str, doc: DocId, generation: u64) -> Result<(), StoreError> {
        self.run(
            "put a document into a stream",
            "INSERT INTO stream_member (stream, doc, generation) VALUES (?1, ?2, ?3)
             ON CONFLICT (stream, doc) DO UPDATE SET generation = excluded.generation",
            params![stream, doc.key(), int(generation)],
        )
        .map(|_| ())
    }

    /// A document left a stream.
    pub(crate) fn remove_member(&self, stream: &str, doc: DocId) -> Result<(), StoreError> {
        self.run(
            "take a document out of a stream",
            "DELETE FROM stream_member WHERE stream = ?1 AND doc = ?2",
            params![stream, doc.key()],
        )
        .map(|_| ())
    }

    /// Members that a fetch from the beginning has not named: they left while we were not looking.
    pub(crate) fn remove_stale_members(&self, generation: u64) -> Result<Vec<DocId>, StoreError> {
        let rows: Vec<Vec<u8>> = self.all(
            "find documents that were not named again",
            "SELECT DISTINCT doc FROM stream_member WHERE generation < ?1",
            params![int(generation)],
            |r| r.get(0),
        )?;
        self.run("drop stale members", "DELETE FROM stream_member WHERE generation < ?1", params![int(generation)])?;
        rows.iter().map(|d| doc_id(d)).collect()
    }

    /// Whether any stream still has the document.
    pub(crate) fn is_member(&self, doc: DocId) -> Result<bool, StoreError> {
        Ok(self
            .one("look for a member", "SELECT 1 FROM stream_member WHERE doc = ?1", params![doc.key()], |_| Ok(()))?
            .is_some())
    }

    /// The streams that the office says we follow, with its digests. Documents of a stream that is not
    /// among them any more have left it; they are returned.
    pub(crate) fn set_streams(&self, streams: &[(String, [u8; 16])]) -> Result<Vec<DocId>, StoreError> {
        let old: Vec<String> = self.all("read streams", "SELECT stream FROM stream", [], |r| r.get(0))?;
        let mut left = Vec::new();
        for stream in old.iter().filter(|s| !streams.iter().any(|(name, _)| name == *s)) {
            let rows: Vec<Vec<u8>> =
                self.all("read members", "SELECT doc FROM stream_member WHERE stream = ?1", params![stream], |r| {
                    r.get(0)
                })?;
            left.extend(rows.iter().map(|d| doc_id(d)).collect::<Result<Vec<_>, _>>()?);
            self.run("drop members", "DELETE FROM stream_member WHERE stream = ?1", params![stream])?;
            self.run("drop a stream", "DELETE FROM stream WHERE stream = ?1", params![stream])?;
        }
        for (stream, digest) in streams {
            self.run(
                "write a stream",
                "INSERT INTO stream (stream, office_digest) VALUES (?1, ?2)
                 ON CONFLICT (stream) DO UPDATE SET office_digest = excluded.office_digest",
                params![stream, digest],
            )?;
        }
        Ok(left)
    }

    /// Own digest of each stream, over acknowledged heads, beside the office's.
    pub(crate) fn digests(&self) -> Result<Vec<(String, Digest, Digest)>, StoreError> {
        let streams: Vec<(String, Vec<u8>)> =
            self.all("read streams", "SELECT stream, office_digest FROM stream ORDER BY stream", [], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        streams
            .into_iter()
            .map(|(stream, office)| {
                let numbers: Vec<Vec<u8>> = self.all(
                    "read a stream's documents",
                    "SELECT d.digest FROM stream_member m JOIN document d INDEXED BY document_light ON d.doc = m.doc
                     WHERE m.stream = ?1",
                    params![stream],
                    |r| r.get(0),
                )?;
                let mut own = Digest::default();
                for number in &numbers {
                    own = own.with(Digest::from_bytes(bytes(number, "digest")?));
                }
                Ok((stream, own, Digest::from_bytes(bytes(&office, "digest")?)))
            })
            .collect()
    }

    /// Begins a fetch of everything from the beginning.
    pub(crate) fn begin_refetch(&self, why: AgainReason) -> Result<(), StoreError> {
        self.put_number(name::AGAIN, u64::from(why.number()))?;
        self.put_meta(name::CURSOR, &[])?;
        self.put_number(name::REFETCHING, 1)?;
        self.put_number(name::GENERATION, self.number(name::GENERATION)? + 1)
    }
}
