//! Rows of conflicts.

use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::change::Path;
use qiaomen_proto::ids::DocId;
use rusqlite::{OptionalExtension as _, Row, params};

/// A conflict as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// Number that people use.
    pub id: i64,
    /// The document.
    pub doc: DocId,
    /// The place.
    pub path: Path,
    /// `open`, `decided`, `undone` (goes on in another record), or `gone` where the parties came to agree.
    pub state: String,
    /// When it was found.
    pub opened_ms: u64,
    /// When it last changed.
    pub changed_ms: u64,
    /// The table of policies it was found under.
    pub policy_version: u32,
    /// The candidates' operations, as they were last seen (24 bytes each).
    pub candidates: Vec<u8>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_ms: Option<u64>,
    /// Key of the decision's record in the document.
    pub decision_key: Option<String>,
}

/// One line of a conflict's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeRow {
    /// When.
    pub at_ms: u64,
    /// What.
    pub what: String,
    /// Who.
    pub who: Option<String>,
}

const CONFLICT: &str = "id, doc, container, key, state, opened_ms, changed_ms, policy_version, candidates, decided_by, decided_ms, decision_key";

fn conflict_row(r: &Row<'_>) -> rusqlite::Result<Option<ConflictRow>> {
    let doc: Vec<u8> = r.get(1)?;
    let row = |doc: DocId| -> rusqlite::Result<ConflictRow> {
        Ok(ConflictRow {
            id: r.get(0)?,
            doc,
            path: Path::new(r.get(2)?, r.get::<_, String>(3)?),
            state: r.get(4)?,
            opened_ms: unsigned(r.get(5)?),
            changed_ms: unsigned(r.get(6)?),
            policy_version: r.get(7)?,
            candidates: r.get(8)?,
            decided_by: r.get(9)?,
            decided_ms: r.get::<_, Option<i64>>(10)?.map(unsigned),
            decision_key: r.get(11)?,
        })
    };
    DocId::from_key(&doc).map(row).transpose()
}

impl Tx<'_> {
    /// The open conflict at a place.
    pub fn open_conflict(&self, doc: DocId, path: &Path) -> Result<Option<ConflictRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!(
                "SELECT {CONFLICT} FROM conflict WHERE doc=?1 AND container=?2 AND key=?3 AND state='open'"
            ))
            .map_err(sql("open conflict"))?;
        let row = s
            .query_row(params![doc.key(), path.container, path.key], conflict_row)
            .optional()
            .map_err(sql("open conflict"))?;
        Ok(row.flatten())
    }
    /// Open conflicts of a document.
    pub fn open_conflicts_of(&self, doc: DocId) -> Result<Vec<ConflictRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {CONFLICT} FROM conflict WHERE doc=?1 AND state='open' ORDER BY id"))
            .map_err(sql("conflicts of"))?;
        let rows = s.query_map([doc.key()], conflict_row).map_err(sql("conflicts of"))?;
        rows.filter_map(|r| r.map_err(sql("conflicts of")).transpose()).collect()
    }
    /// A conflict by its number.
    pub fn conflict(&self, id: i64) -> Result<Option<ConflictRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {CONFLICT} FROM conflict WHERE id=?1"))
            .map_err(sql("conflict"))?;
        Ok(s.query_row([id], conflict_row).optional().map_err(sql("conflict"))?.flatten())
    }
    /// Conflicts, those of one state if given, oldest first.
    pub fn conflicts(&self, state: Option<&str>) -> Result<Vec<ConflictRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {CONFLICT} FROM conflict WHERE ?1 IS NULL OR state = ?1 ORDER BY id"))
            .map_err(sql("conflicts"))?;
        let rows = s.query_map([state], conflict_row).map_err(sql("conflicts"))?;
        rows.filter_map(|r| r.map_err(sql("conflicts")).transpose()).collect()
    }
    /// Earlier records of a place, oldest first: numbers and states.
    pub fn conflicts_at(&self, doc: DocId, path: &Path) -> Result<Vec<ConflictRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!(
                "SELECT {CONFLICT} FROM conflict WHERE doc=?1 AND container=?2 AND key=?3 ORDER BY id"
            ))
            .map_err(sql("conflicts at"))?;
        let rows =
            s.query_map(params![doc.key(), path.container, path.key], conflict_row).map_err(sql("conflicts at"))?;
        rows.filter_map(|r| r.map_err(sql("conflicts at")).transpose()).collect()
    }
    /// Opens a conflict; `what` says how it came about.
    pub fn add_conflict(
        &self,
        doc: DocId,
        path: &Path,
        candidates: &[u8],
        policy_version: u32,
        what: &str,
        now_ms: u64,
    ) -> Result<i64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO conflict (doc, container, key, state, opened_ms, changed_ms, policy_version, candidates)
                 VALUES (?1,?2,?3,'open',?4,?4,?5,?6)",
            )
            .map_err(sql("add conflict"))?;
        let id = s
            .insert(params![doc.key(), path.container, path.key, signed(now_ms), policy_version, candidates])
            .map_err(sql("add conflict"))?;
        self.conflict_event(id, what, None, now_ms)?;
        Ok(id)
    }
    /// Notes that the candidates of an open conflict changed; `what` says how.
    pub fn update_conflict(&self, id: i64, candidates: &[u8], what: &str, now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE conflict SET candidates=?2, changed_ms=?3 WHERE id=?1")
            .map_err(sql("update conflict"))?;
        s.execute(params![id, candidates, signed(now_ms)]).map_err(sql("update conflict"))?;
        self.conflict_event(id, what, None, now_ms)
    }
    /// A person decided: the decision's record stands under `key`.
    pub fn decide_conflict(&self, id: i64, who: &str, key: &str, now_ms: u64) -> Result<(), StoreError> {
        self.settle_conflict(id, "decided", Some((who, key)), now_ms)?;
        self.conflict_event(id, "decided", Some(who), now_ms)
    }
    /// A person took the decision back. `open` again, or `undone` where it goes on in another record.
    pub fn reopen_conflict(&self, id: i64, state: &str, who: &str, now_ms: u64) -> Result<(), StoreError> {
        self.settle_conflict(id, state, None, now_ms)?;
        self.conflict_event(id, state, Some(who), now_ms)
    }
    /// The parties came to agree.
    pub fn leave_conflict(&self, id: i64, now_ms: u64) -> Result<(), StoreError> {
        self.settle_conflict(id, "gone", None, now_ms)?;
        self.conflict_event(id, "gone", None, now_ms)
    }
    fn settle_conflict(&self, id: i64, state: &str, by: Option<(&str, &str)>, now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE conflict SET state=?2, decided_by=?3, decision_key=?4, decided_ms=?5, changed_ms=?6 WHERE id=?1")
            .map_err(sql("settle conflict"))?;
        let (who, key) = by.unzip();
        s.execute(params![id, state, who, key, by.map(|_| signed(now_ms)), signed(now_ms)])
            .map(drop)
            .map_err(sql("settle conflict"))
    }
    fn conflict_event(&self, id: i64, what: &str, who: Option<&str>, now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO conflict_event (conflict, at_ms, what, who) VALUES (?1,?2,?3,?4)")
            .map_err(sql("conflict event"))?;
        s.execute(params![id, signed(now_ms), what, who]).map(drop).map_err(sql("conflict event"))
    }
    /// The life of a conflict.
    pub fn conflict_events(&self, id: i64) -> Result<Vec<LifeRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT at_ms, what, who FROM conflict_event WHERE conflict=?1 ORDER BY id")
            .map_err(sql("conflict events"))?;
        let rows = s
            .query_map([id], |r| Ok(LifeRow { at_ms: unsigned(r.get(0)?), what: r.get(1)?, who: r.get(2)? }))
            .map_err(sql("conflict events"))?;
        rows.collect::<Result<_, _>>().map_err(sql("conflict events"))
    }
}
