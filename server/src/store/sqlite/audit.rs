//! Rows of the audit, as they are asked for: the newest first, by person, deed and day.

use super::console::audit_hash;
use super::numbers::signed;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::CommandId;
use rusqlite::{OptionalExtension as _, Row, params};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number.
    pub id: i64,
    /// When.
    pub at_ms: u64,
    /// Who: an id as text.
    pub who: String,
    /// The permanent word of the deed; what stands after a colon says more.
    pub what: String,
    /// On what.
    pub subject: Option<Vec<u8>>,
}

/// Which rows.
#[derive(Debug, Clone, Default)]
pub struct AuditAsked {
    /// By this person only: an id as text.
    pub who: Option<String>,
    /// This deed only, with whatever it says after a colon.
    pub what: Option<String>,
    /// From this instant up to before that one.
    pub between_ms: Option<(u64, u64)>,
    /// Only rows before this number.
    pub before: Option<i64>,
}

fn audit_row(r: &Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        id: r.get(0)?,
        at_ms: u64::try_from(r.get::<_, i64>(1)?).unwrap_or(0),
        who: r.get(2)?,
        what: r.get(3)?,
        subject: r.get(4)?,
    })
}

impl Tx<'_> {
    /// The newest rows of those that are asked for, at most `limit`.
    pub fn audit_rows(&self, asked: &AuditAsked, limit: usize) -> Result<Vec<AuditRow>, StoreError> {
        // The clock may have been set back, so a day is a condition of its own; the numbers of its rows bound
        // what has to be looked at.
        let (first, last) = match asked.between_ms {
            None => (i64::MIN, i64::MAX),
            Some((from, until)) => match self.audit_numbers(from, until)? {
                Some(numbers) => numbers,
                None => return Ok(Vec::new()),
            },
        };
        // One statement for each way to find them: a condition that may be absent would hide the index. A word goes
        // on with a colon or not at all, and `;` is what follows `:`.
        let word = "what = ?2";
        let longer = "what > ?2 || ':' AND what < ?2 || ';'";
        let (indexed, ways) = match (&asked.who, &asked.what) {
            (None, None) => ("", vec!["?1 IS NULL AND ?2 IS NULL".to_owned()]),
            (None, Some(_)) => {
                ("INDEXED BY audit_what", vec![format!("?1 IS NULL AND {word}"), format!("?1 IS NULL AND {longer}")])
            }
            (Some(_), None) => ("INDEXED BY audit_who", vec!["who = ?1 AND ?2 IS NULL".to_owned()]),
            (Some(_), Some(_)) => ("INDEXED BY audit_who", vec![format!("who = ?1 AND ({word} OR ({longer}))")]),
        };
        let (from, until) = asked.between_ms.unzip();
        let mut found = Vec::new();
        for way in ways {
            let mut s = self
                .conn
                .prepare_cached(&format!(
                    "SELECT id, at_ms, who, what, subject FROM audit {indexed}
                     WHERE {way} AND (?3 IS NULL OR (at_ms >= ?3 AND at_ms < ?4))
                       AND id BETWEEN ?5 AND ?6 ORDER BY id DESC LIMIT ?7"
                ))
                .map_err(sql("audit rows"))?;
            let last = asked.before.map_or(last, |before| last.min(before.saturating_sub(1)));
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let values = params![asked.who, asked.what, from.map(signed), until.map(signed), first, last, limit];
            let rows = s.query_map(values, audit_row).map_err(sql("audit rows"))?;
            for row in rows {
                found.push(row.map_err(sql("audit rows"))?);
            }
        }
        found.sort_by_key(|row| std::cmp::Reverse(row.id));
        found.truncate(limit);
        Ok(found)
    }

    /// The first and the last number of the rows between two instants.
    fn audit_numbers(&self, from_ms: u64, until_ms: u64) -> Result<Option<(i64, i64)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT min(id), max(id) FROM audit WHERE at_ms >= ?1 AND at_ms < ?2")
            .map_err(sql("audit numbers"))?;
        let found: (Option<i64>, Option<i64>) = s
            .query_row(params![signed(from_ms), signed(until_ms)], |r| Ok((r.get(0)?, r.get(1)?)))
            .map_err(sql("audit numbers"))?;
        Ok(found.0.zip(found.1))
    }

    /// Everybody who stands in the audit, as ids in text. Looked up one after the other in the index.
    pub fn audit_people(&self) -> Result<Vec<String>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "WITH RECURSIVE one(who) AS (
                   SELECT min(who) FROM audit
                   UNION ALL SELECT (SELECT min(a.who) FROM audit a WHERE a.who > one.who) FROM one WHERE one.who IS NOT NULL
                 ) SELECT who FROM one WHERE who IS NOT NULL",
            )
            .map_err(sql("audit people"))?;
        let rows = s.query_map([], |r| r.get(0)).map_err(sql("audit people"))?;
        rows.collect::<Result<_, _>>().map_err(sql("audit people"))
    }

    /// The last row of a deed.
    pub fn last_audit(&self, what: &str) -> Result<Option<AuditRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT id, at_ms, who, what, subject FROM audit
                 WHERE id = max(coalesce((SELECT max(id) FROM audit WHERE what = ?1), 0),
                                coalesce((SELECT max(id) FROM audit WHERE what > ?1 || ':' AND what < ?1 || ';'), 0))",
            )
            .map_err(sql("last audit"))?;
        s.query_row([what], audit_row).optional().map_err(sql("last audit"))
    }

    /// Whether each of these rows follows the one before it, as their hashes say. The rows may stand in any order.
    pub fn audit_follows(&self, ids: &[i64]) -> Result<bool, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT a.at_ms, a.who, a.what, a.subject, a.hash,
                        (SELECT p.hash FROM audit p WHERE p.id < a.id ORDER BY p.id DESC LIMIT 1)
                 FROM audit a WHERE a.id = ?1",
            )
            .map_err(sql("audit follows"))?;
        type Line = (i64, String, String, Option<Vec<u8>>, Vec<u8>, Option<Vec<u8>>);
        for id in ids {
            let (at, who, what, subject, hash, previous): Line = s
                .query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)))
                .map_err(sql("audit follows"))?;
            let at = u64::try_from(at).unwrap_or(0);
            if hash != audit_hash(previous.as_deref().unwrap_or(&[]), at, &who, &what, subject.as_deref()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The number under which a command was held back.
    pub fn held_number(&self, command: CommandId) -> Result<Option<i64>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT max(id) FROM quarantine WHERE command = ?1")
            .map_err(sql("held number"))?;
        s.query_row([command.as_bytes()], |r| r.get(0)).map_err(sql("held number"))
    }
}
