//! What the plan of care visits is made of: who lives behind a door, and when somebody was last seen there. Asked on
//! every start of Today, so the questions of all doors are answered from indexes alone.

use super::{StoreError, Tx, uint};
use crate::query::care::{CareDoor, CarePerson};
use rusqlite::{Row, params};

fn person(r: &Row<'_>) -> rusqlite::Result<CarePerson> {
    Ok(CarePerson { household: r.get(0)?, categories: r.get(1)?, birth: r.get(2)? })
}

fn door(r: &Row<'_>) -> rusqlite::Result<CareDoor> {
    Ok(CareDoor { household: r.get(0)?, last_seen_ms: r.get::<_, Option<i64>>(1)?.map(uint), nobody_goes: r.get(2)? })
}

/// Doors behind which nobody can be met, whoever is registered there: vacant ones, and those whose people live elsewhere.
pub(super) const NOBODY_THERE: &str = "coalesce(use, '') IN ('空置', '人户分离')";

/// Nobody goes to a door that would have nobody come, because a refusal is respected, and to one of [`NOBODY_THERE`],
/// which follows. A call is no visit.
const DOOR: &str = "household, last_seen_ms, refusal <> 0 OR";

impl Tx<'_> {
    /// Those who live here and of whom the book says a category, or who were born on this day or before. Of whom both
    /// is true comes twice.
    pub(crate) fn care_people(&self, born_before: &str) -> Result<Vec<CarePerson>, StoreError> {
        self.all(
            "read who needs care",
            "SELECT household, categories, birth FROM resident_row INDEXED BY resident_row_care
             WHERE until IS NULL AND categories IS NOT NULL AND household IS NOT NULL
             UNION ALL
             SELECT household, NULL, birth FROM resident_row INDEXED BY resident_row_birth
             WHERE until IS NULL AND birth <= ?1 AND household IS NOT NULL",
            params![born_before],
            person,
        )
    }

    /// The same of one door, whatever their age.
    pub(crate) fn care_people_of(&self, household: &str) -> Result<Vec<CarePerson>, StoreError> {
        self.all(
            "read who needs care behind a door",
            "SELECT household, categories, birth FROM resident_row WHERE household = ?1 AND until IS NULL",
            params![household],
            person,
        )
    }

    /// Every door, as far as the plan asks.
    pub(crate) fn care_doors(&self) -> Result<Vec<CareDoor>, StoreError> {
        let sql = format!("SELECT {DOOR} {NOBODY_THERE} FROM door_row INDEXED BY door_row_care");
        self.all("read when somebody was last seen", &sql, [], door)
    }

    /// One door, as far as the plan asks.
    pub(crate) fn care_door(&self, household: &str) -> Result<Option<CareDoor>, StoreError> {
        let sql = format!("SELECT {DOOR} {NOBODY_THERE} FROM door_row WHERE household = ?1");
        self.one("read when somebody was last seen at a door", &sql, params![household], door)
    }
}
