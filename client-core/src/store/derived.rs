//! What a door's row says of other documents: who lives there, what is open, when somebody last
//! knocked (a call is no knock). Computed from the other rows, whichever arrived first.

use super::{StoreError, Tx};
use rusqlite::params;

impl Tx<'_> {
    /// Brings a door's counts and its last visits up to date. Nothing happens where the door is not here.
    pub(crate) fn derive_door(&self, household: &str) -> Result<(), StoreError> {
        self.run(
            "count behind a door",
            "UPDATE door_row SET
               resident_count = (SELECT count(*) FROM resident_row WHERE household = ?1 AND until IS NULL),
               open_tickets = (SELECT count(*) FROM ticket_row WHERE household = ?1 AND is_open = 1),
               last_visit_ms = (SELECT max(at_ms) FROM entry_row WHERE household = ?1 AND kind = 'visit'),
               last_seen_ms = (SELECT max(at_ms) FROM entry_row
                               WHERE household = ?1 AND kind = 'visit' AND outcome IN ('met', 'refused')),
               last_outcome = (SELECT outcome FROM entry_row WHERE household = ?1 AND kind = 'visit'
                               ORDER BY at_ms DESC, key DESC LIMIT 1)
             WHERE household = ?1",
            params![household],
        )
        .map(|_| ())
    }

    /// Writes the names and grids of buildings into the doors, after new reference data.
    pub(crate) fn rename_building(&self, building: &str, name: &str, grid: &str) -> Result<(), StoreError> {
        self.run(
            "name a building",
            "UPDATE door_row SET building_name = ?2, grid = ?3 WHERE building = ?1 AND (building_name <> ?2 OR grid IS NOT ?3)",
            params![building, name, grid],
        )
        .map(|_| ())
    }
}
