//! What the plan of care visits is made of: who lives behind a door, and when somebody was last seen there.

use super::{StoreError, Tx, uint};
use crate::query::care::{CarePerson, NOT_LIVED_IN};
use rusqlite::{Row, params};

fn person(r: &Row<'_>) -> rusqlite::Result<CarePerson> {
    Ok(CarePerson { household: r.get(0)?, categories: r.get(1)?, birth: r.get(2)? })
}

impl Tx<'_> {
    /// Those of whom the book says a category, or who were born on this day or before, and who can be met at home. A
    /// door that would have nobody come is not in it: a refusal is respected.
    pub(crate) fn care_people(&self, born_before: &str) -> Result<Vec<CarePerson>, StoreError> {
        let [vacant, elsewhere] = NOT_LIVED_IN;
        self.all(
            "read who needs care",
            "SELECT r.household, r.categories, r.birth
             FROM resident_row r INDEXED BY resident_row_care CROSS JOIN door_row d ON d.household = r.household
             WHERE r.until IS NULL AND (r.categories IS NOT NULL OR r.birth <= ?1) AND d.refusal = 0
               AND coalesce(d.use, '') NOT IN (?2, ?3)",
            params![born_before, vacant, elsewhere],
            person,
        )
    }

    /// The same of one door, whatever their age.
    pub(crate) fn care_people_of(&self, household: &str) -> Result<Vec<CarePerson>, StoreError> {
        let [vacant, elsewhere] = NOT_LIVED_IN;
        self.all(
            "read who needs care behind a door",
            "SELECT r.household, r.categories, r.birth FROM resident_row r JOIN door_row d ON d.household = r.household
             WHERE r.household = ?1 AND r.until IS NULL AND d.refusal = 0 AND coalesce(d.use, '') NOT IN (?2, ?3)",
            params![household, vacant, elsewhere],
            person,
        )
    }

    /// When a visit to a door last found somebody, whether they would talk or not. A call is no visit.
    pub(crate) fn last_seen_ms(&self, household: &str) -> Result<Option<u64>, StoreError> {
        let at = self.one(
            "find the last visit that found somebody",
            "SELECT max(at_ms) FROM entry_row INDEXED BY entry_row_seen
             WHERE household = ?1 AND kind = 'visit' AND outcome IN ('met', 'refused')",
            params![household],
            |r| r.get::<_, Option<i64>>(0),
        )?;
        Ok(at.flatten().map(uint))
    }
}
