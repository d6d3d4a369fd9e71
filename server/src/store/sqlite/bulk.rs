//! Rows of decisions by a rule: what was previewed, what was decided.

use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use rusqlite::{OptionalExtension as _, params};

/// One run of a rule, previewed or decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRow {
    /// Number that people use.
    pub id: i64,
    /// Stands for what was previewed.
    pub token: String,
    /// Permanent name of the rule.
    pub rule: String,
    /// Which conflicts were asked for (JSON; ids and no names).
    pub filters: String,
    /// When it was decided, if it was.
    pub decided_ms: Option<u64>,
}

/// One conflict of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkItemRow {
    /// Its number.
    pub conflict: i64,
    /// Stands for the candidates as they were previewed.
    pub seen: String,
    /// Letter of the candidate that the rule takes.
    pub label: String,
    /// Key of the decision's record, once it was decided.
    pub decision_key: Option<String>,
}

impl Tx<'_> {
    /// Keeps what was previewed; its number.
    pub fn add_bulk(
        &self,
        token: &str,
        rule: &str,
        filters: &str,
        who: &str,
        now_ms: u64,
        items: &[BulkItemRow],
    ) -> Result<i64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO bulk (token, rule, filters, previewed_ms, previewed_by) VALUES (?1,?2,?3,?4,?5)",
            )
            .map_err(sql("add bulk"))?;
        let id = s.insert(params![token, rule, filters, signed(now_ms), who]).map_err(sql("add bulk"))?;
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO bulk_item (bulk, conflict, seen, label) VALUES (?1,?2,?3,?4)")
            .map_err(sql("add bulk item"))?;
        for item in items {
            s.execute(params![id, item.conflict, item.seen, item.label]).map_err(sql("add bulk item"))?;
        }
        Ok(id)
    }
    /// Forgets previews that nobody went through with.
    pub fn drop_previews(&self, before_ms: u64) -> Result<(), StoreError> {
        let old = "SELECT id FROM bulk WHERE decided_ms IS NULL AND previewed_ms < ?1";
        for text in
            [format!("DELETE FROM bulk_item WHERE bulk IN ({old})"), format!("DELETE FROM bulk WHERE id IN ({old})")]
        {
            self.conn.execute(&text, [signed(before_ms)]).map_err(sql("drop previews"))?;
        }
        Ok(())
    }
    /// The latest run with this token.
    pub fn bulk_by_token(&self, token: &str) -> Result<Option<BulkRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT id FROM bulk WHERE token = ?1 ORDER BY id DESC LIMIT 1")
            .map_err(sql("bulk by token"))?;
        let id: Option<i64> = s.query_row([token], |r| r.get(0)).optional().map_err(sql("bulk by token"))?;
        id.map_or(Ok(None), |id| self.bulk(id))
    }
    /// A run by its number.
    pub fn bulk(&self, id: i64) -> Result<Option<BulkRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT id, token, rule, filters, decided_ms FROM bulk WHERE id = ?1")
            .map_err(sql("bulk"))?;
        s.query_row([id], |r| {
            Ok(BulkRow {
                id: r.get(0)?,
                token: r.get(1)?,
                rule: r.get(2)?,
                filters: r.get(3)?,
                decided_ms: r.get::<_, Option<i64>>(4)?.map(unsigned),
            })
        })
        .optional()
        .map_err(sql("bulk"))
    }
    /// The conflicts of a run.
    pub fn bulk_items(&self, id: i64) -> Result<Vec<BulkItemRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT conflict, seen, label, decision_key FROM bulk_item WHERE bulk = ?1 ORDER BY conflict",
            )
            .map_err(sql("bulk items"))?;
        let rows = s
            .query_map([id], |r| {
                Ok(BulkItemRow { conflict: r.get(0)?, seen: r.get(1)?, label: r.get(2)?, decision_key: r.get(3)? })
            })
            .map_err(sql("bulk items"))?;
        rows.collect::<Result<_, _>>().map_err(sql("bulk items"))
    }
    /// Notes that a run was gone through with, and which decision it made of each conflict.
    pub fn decide_bulk(&self, id: i64, who: &str, now_ms: u64, decided: &[(i64, String)]) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE bulk SET decided_ms = ?2, decided_by = ?3 WHERE id = ?1")
            .map_err(sql("decide bulk"))?;
        s.execute(params![id, signed(now_ms), who]).map_err(sql("decide bulk"))?;
        let mut s = self
            .conn
            .prepare_cached("UPDATE bulk_item SET decision_key = ?3 WHERE bulk = ?1 AND conflict = ?2")
            .map_err(sql("decide bulk"))?;
        for (conflict, key) in decided {
            s.execute(params![id, conflict, key]).map_err(sql("decide bulk"))?;
        }
        Ok(())
    }
    /// The run that made a decision, if one did.
    pub fn bulk_of(&self, conflict: i64, decision_key: &str) -> Result<Option<i64>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT bulk FROM bulk_item WHERE conflict = ?1 AND decision_key = ?2")
            .map_err(sql("bulk of"))?;
        s.query_row(params![conflict, decision_key], |r| r.get(0)).optional().map_err(sql("bulk of"))
    }
}
