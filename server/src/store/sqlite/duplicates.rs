//! Rows of what is likely one thing twice: what documents can be alike by, links, and what was said of pairs.

use super::log::doc_of;
use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::DocId;
use rusqlite::{OptionalExtension as _, Row, params};

/// By what a document can be like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LikenessRow {
    /// Number of the way.
    pub how: u8,
    /// Equal where two are alike; tells nothing to whoever has not the community's key.
    pub value: [u8; 16],
    /// When, where that counts; else 0.
    pub at_ms: u64,
}

/// Two documents that are alike in one way, the smaller first.
pub type AlikeRow = (DocId, DocId, LikenessRow);

/// What is equal in several documents, and in which.
pub type AlikeGroup = ([u8; 16], Vec<DocId>);

/// Something that was said of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateActRow {
    /// Its number.
    pub id: i64,
    /// The pair, the smaller first.
    pub pair: (DocId, DocId),
    /// What was said.
    pub what: String,
    /// Which of the two is kept, where that was said.
    pub kept: Option<DocId>,
    /// What spoke for the pair then.
    pub seen: Vec<u8>,
    /// When.
    pub at_ms: u64,
    /// By whom.
    pub who: String,
}

type RawAct = (i64, Vec<u8>, Vec<u8>, String, Option<Vec<u8>>, Vec<u8>, i64, String);

fn raw_act(r: &Row<'_>) -> rusqlite::Result<RawAct> {
    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?))
}

fn act((id, a, b, what, kept, seen, at, who): RawAct) -> Result<DuplicateActRow, StoreError> {
    let kept = kept.map(doc_of).transpose()?;
    Ok(DuplicateActRow { id, pair: (doc_of(a)?, doc_of(b)?), what, kept, seen, at_ms: unsigned(at), who })
}

const ACT: &str = "SELECT id, a, b, what, kept, seen, at_ms, who FROM duplicate_act";

impl Tx<'_> {
    /// Sets by what a document can be like another.
    pub fn set_likeness(&self, doc: DocId, rows: &[LikenessRow]) -> Result<(), StoreError> {
        let mut s = self.conn.prepare_cached("DELETE FROM likeness WHERE doc = ?1").map_err(sql("likeness"))?;
        s.execute([doc.key()]).map_err(sql("likeness"))?;
        let mut s = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO likeness VALUES (?1,?2,?3,?4)")
            .map_err(sql("likeness"))?;
        for row in rows {
            s.execute(params![doc.key(), row.how, row.value, signed(row.at_ms)]).map_err(sql("likeness"))?;
        }
        Ok(())
    }
    /// By what a document can be like another, sorted.
    pub fn likeness_of(&self, doc: DocId) -> Result<Vec<LikenessRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT how, value, at_ms FROM likeness WHERE doc = ?1 ORDER BY how, value")
            .map_err(sql("likeness of"))?;
        let rows = s
            .query_map([doc.key()], |r| {
                Ok(LikenessRow { how: r.get(0)?, value: r.get(1)?, at_ms: unsigned(r.get(2)?) })
            })
            .map_err(sql("likeness of"))?;
        rows.collect::<Result<_, _>>().map_err(sql("likeness of"))
    }
    /// Every row of what documents can be alike by.
    pub fn likeness_list(&self) -> Result<Vec<(DocId, LikenessRow)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT doc, how, value, at_ms FROM likeness ORDER BY doc, how, value")
            .map_err(sql("likeness list"))?;
        let rows = s
            .query_map([], |r| {
                let row = LikenessRow { how: r.get(1)?, value: r.get(2)?, at_ms: unsigned(r.get(3)?) };
                Ok((r.get::<_, Vec<u8>>(0)?, row))
            })
            .map_err(sql("likeness list"))?;
        rows.map(|r| r.map_err(sql("likeness list")).and_then(|(doc, row)| Ok((doc_of(doc)?, row)))).collect()
    }
    /// Documents that are alike in this way, by what is equal: of each value that several have, whoever has it.
    pub fn alike_groups(&self, how: u8) -> Result<Vec<AlikeGroup>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                // CROSS: first the few values that several have, then who has them.
                "SELECT l.value, l.doc FROM
                   (SELECT value FROM likeness WHERE how = ?1 GROUP BY value HAVING count(*) > 1) v
                 CROSS JOIN likeness l ON l.how = ?1 AND l.value = v.value ORDER BY l.value, l.doc",
            )
            .map_err(sql("alike groups"))?;
        let rows = s
            .query_map([how], |r| Ok((r.get::<_, [u8; 16]>(0)?, r.get::<_, Vec<u8>>(1)?)))
            .map_err(sql("alike groups"))?;
        let mut groups: Vec<AlikeGroup> = Vec::new();
        for row in rows {
            let (value, doc) = row.map_err(sql("alike groups"))?;
            let doc = doc_of(doc)?;
            match groups.last_mut() {
                Some((last, docs)) if *last == value => docs.push(doc),
                _ => groups.push((value, vec![doc])),
            }
        }
        Ok(groups)
    }
    /// Pairs of which one is alike in the way `how` and the other in the way `with`, at most so far apart in time.
    pub fn alike_across(&self, how: u8, with: u8, apart_ms: u64) -> Result<Vec<AlikeRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT a.doc, b.doc, a.value, a.at_ms FROM likeness a CROSS JOIN likeness b
                 ON b.how = ?2 AND b.value = a.value AND b.at_ms BETWEEN a.at_ms - ?3 AND a.at_ms + ?3
                 WHERE a.how = ?1 AND a.doc <> b.doc",
            )
            .map_err(sql("alike across"))?;
        let rows = s
            .query_map(params![how, with, signed(apart_ms)], |r| {
                let row = LikenessRow { how, value: r.get(2)?, at_ms: unsigned(r.get(3)?) };
                Ok((r.get::<_, Vec<u8>>(0)?, r.get::<_, Vec<u8>>(1)?, row))
            })
            .map_err(sql("alike across"))?;
        rows.map(|r| {
            let (a, b, row) = r.map_err(sql("alike across"))?;
            let (a, b) = (doc_of(a)?, doc_of(b)?);
            Ok((a.min(b), a.max(b), row))
        })
        .collect()
    }

    /// Whether two matters were open at one time: neither was told after the other was completed.
    pub fn overlap(&self, a: DocId, b: DocId) -> Result<bool, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT 1 FROM ticket a, ticket b WHERE a.ticket = ?1 AND b.ticket = ?2
                   AND (a.closed_ms IS NULL OR b.opened_ms < a.closed_ms)
                   AND (b.closed_ms IS NULL OR a.opened_ms < b.closed_ms)",
            )
            .map_err(sql("overlap"))?;
        s.exists(params![a.uuid.as_bytes(), b.uuid.as_bytes()]).map_err(sql("overlap"))
    }

    /// Sets which document this one repeats.
    pub fn set_same_as(&self, doc: DocId, other: Option<DocId>) -> Result<(), StoreError> {
        match other {
            Some(other) => {
                let mut s = self
                    .conn
                    .prepare_cached("INSERT OR REPLACE INTO same_as VALUES (?1,?2)")
                    .map_err(sql("same as"))?;
                s.execute(params![doc.key(), other.key()]).map(drop).map_err(sql("same as"))
            }
            None => {
                let mut s = self.conn.prepare_cached("DELETE FROM same_as WHERE doc = ?1").map_err(sql("same as"))?;
                s.execute([doc.key()]).map(drop).map_err(sql("same as"))
            }
        }
    }
    /// Which document this one repeats.
    pub fn same_as(&self, doc: DocId) -> Result<Option<DocId>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT other FROM same_as WHERE doc = ?1").map_err(sql("same as"))?;
        let other: Option<Vec<u8>> = s.query_row([doc.key()], |r| r.get(0)).optional().map_err(sql("same as"))?;
        other.map(doc_of).transpose()
    }
    /// The documents that repeat this one.
    pub fn repeated_by(&self, doc: DocId) -> Result<Vec<DocId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT doc FROM same_as WHERE other = ?1 ORDER BY doc")
            .map_err(sql("repeated by"))?;
        let rows = s.query_map([doc.key()], |r| r.get::<_, Vec<u8>>(0)).map_err(sql("repeated by"))?;
        rows.map(|r| doc_of(r.map_err(sql("repeated by"))?)).collect()
    }
    /// Every document that repeats another, with that one.
    pub fn same_as_list(&self) -> Result<Vec<(DocId, DocId)>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT doc, other FROM same_as ORDER BY doc").map_err(sql("links"))?;
        let rows = s.query_map([], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get::<_, Vec<u8>>(1)?))).map_err(sql("links"))?;
        rows.map(|r| r.map_err(sql("links")).and_then(|(doc, other)| Ok((doc_of(doc)?, doc_of(other)?)))).collect()
    }

    /// Writes down what was said of a pair. Its number.
    pub fn put_duplicate_act(
        &self,
        pair: (DocId, DocId),
        what: &str,
        kept: Option<DocId>,
        seen: &[u8],
        at_ms: u64,
        who: &str,
    ) -> Result<i64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO duplicate_act (a, b, what, kept, seen, at_ms, who) VALUES (?1,?2,?3,?4,?5,?6,?7)",
            )
            .map_err(sql("put duplicate act"))?;
        let (a, b) = pair;
        s.execute(params![a.key(), b.key(), what, kept.map(|k| k.key()), seen, signed(at_ms), who])
            .map_err(sql("put duplicate act"))?;
        Ok(self.conn.last_insert_rowid())
    }
    /// What was said last of a pair (the smaller document first).
    pub fn last_duplicate_act(&self, pair: (DocId, DocId)) -> Result<Option<DuplicateActRow>, StoreError> {
        let text = format!("{ACT} WHERE a = ?1 AND b = ?2 ORDER BY id DESC LIMIT 1");
        let mut s = self.conn.prepare_cached(&text).map_err(sql("last duplicate act"))?;
        let row = s.query_row([pair.0.key(), pair.1.key()], raw_act).optional().map_err(sql("last duplicate act"))?;
        row.map(act).transpose()
    }
    /// What was said of pairs, the newest first, before this number.
    pub fn duplicate_acts(&self, before: i64, limit: usize) -> Result<Vec<DuplicateActRow>, StoreError> {
        let text = format!("{ACT} WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
        let mut s = self.conn.prepare_cached(&text).map_err(sql("duplicate acts"))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = s.query_map([before, limit], raw_act).map_err(sql("duplicate acts"))?;
        rows.map(|r| r.map_err(sql("duplicate acts")).and_then(act)).collect()
    }
}
