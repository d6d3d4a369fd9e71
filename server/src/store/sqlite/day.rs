//! What the day close counts.

use super::{StoreError, Tx, sql};

impl Tx<'_> {
    /// Numbers of which one moves whenever something happens that the office shows: a change, a conflict, something
    /// held back, a device's contact. Looks at things do not move it.
    pub fn stir(&self) -> Result<[i64; 5], StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT (SELECT coalesce(max(id), 0) FROM change), (SELECT coalesce(max(id), 0) FROM conflict_event),
                        (SELECT coalesce(max(id), 0) FROM quarantine),
                        (SELECT count(*) FROM quarantine WHERE state = 'held'),
                        (SELECT coalesce(sum(counter), 0) + count(revoked_ms) FROM device)",
            )
            .map_err(sql("stir"))?;
        s.query_row([], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?])).map_err(sql("stir"))
    }
    /// Number of conflicts of this state.
    pub fn conflict_count(&self, state: &str) -> Result<u64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT count(*) FROM conflict WHERE state = ?1")
            .map_err(sql("count conflicts"))?;
        let n: i64 = s.query_row([state], |r| r.get(0)).map_err(sql("count conflicts"))?;
        Ok(u64::try_from(n).unwrap_or(0))
    }
}
