//! The rows that screens read: written in the same transaction as what they show.

use super::{StoreError, Tx, count, int};
use crate::project::{DoorRow, EntryRow, ResidentRow, TicketRow};
use qiaomen_proto::ids::{DocId, Kind};
use rusqlite::params;
use std::collections::HashMap;

impl Tx<'_> {
    /// Writes a door. Its counts come from other documents, see [`Tx::derive_door`].
    pub(crate) fn put_door(&self, row: &DoorRow) -> Result<(), StoreError> {
        self.run(
            "write a door",
            "INSERT INTO door_row (household, grid, building, building_name, unit, room, floor, use, people_count,
                                   refusal, conflicts, pending)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (household) DO UPDATE SET grid = excluded.grid, building = excluded.building,
               building_name = excluded.building_name, unit = excluded.unit, room = excluded.room,
               floor = excluded.floor, use = excluded.use, people_count = excluded.people_count,
               refusal = excluded.refusal, conflicts = excluded.conflicts, pending = excluded.pending",
            params![
                row.household,
                row.grid,
                row.building,
                row.building_name,
                row.unit,
                row.room,
                row.floor,
                row.shown_use,
                row.people_count,
                row.refusal,
                count(row.conflicts),
                row.pending
            ],
        )
        .map(|_| ())
    }

    /// Writes a resident. Returns the door where the row stood before.
    pub(crate) fn put_resident(&self, row: &ResidentRow) -> Result<Option<String>, StoreError> {
        let before = self.resident_door(&row.resident)?;
        self.run(
            "write a resident",
            "INSERT OR REPLACE INTO resident_row (resident, household, name, name_initials, name_pinyin, identity,
               identity_last4, phone, phone_last4, birth, sex, relation, categories, until, conflicts, pending, fields_json)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            params![
                row.resident, row.household, row.name, row.name_initials, row.name_pinyin, row.identity,
                row.identity_last4, row.phone, row.phone_last4, row.birth, row.sex, row.relation, row.categories,
                row.until, count(row.conflicts), row.pending, row.fields_json
            ],
        )?;
        Ok(before)
    }

    /// Writes a matter. Returns the door where the row stood before.
    pub(crate) fn put_ticket(&self, row: &TicketRow) -> Result<Option<String>, StoreError> {
        let before = self.ticket_door(&row.ticket)?;
        self.run(
            "write a matter",
            "INSERT OR REPLACE INTO ticket_row (ticket, household, building, unit, grid, category, size, source, text,
               reporter, reported_on, stage, is_open, due_on, party, opened_ms, updated_ms, conflicts, pending, state_json)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
            params![
                row.ticket, row.household, row.building, row.unit, row.grid, row.category, row.size, row.source,
                row.text, row.reporter, row.reported_on, row.stage, row.is_open, row.due_on, row.party,
                row.opened_ms.map(int), int(row.updated_ms), count(row.conflicts), row.pending, row.state_json
            ],
        )?;
        Ok(before)
    }

    /// What stands of a diary: key of each entry, and whether it is pending.
    pub(crate) fn entries_of(&self, diary: &str) -> Result<HashMap<String, bool>, StoreError> {
        let rows: Vec<(String, bool)> = self.all(
            "read a diary's entries",
            "SELECT key, pending FROM entry_row WHERE diary = ?1",
            params![diary],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        Ok(rows.into_iter().collect())
    }

    /// Writes an entry of a diary.
    pub(crate) fn put_entry(&self, row: &EntryRow) -> Result<(), StoreError> {
        self.run(
            "write an entry",
            "INSERT OR REPLACE INTO entry_row (diary, key, worker, grid, diary_on, kind, outcome, household, building,
               note, at_ms, command, pending)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                row.diary,
                row.key,
                row.worker,
                row.grid,
                row.diary_on,
                row.kind,
                row.outcome,
                row.household,
                row.building,
                row.note,
                int(row.at_ms),
                row.command,
                row.pending
            ],
        )
        .map(|_| ())
    }

    /// Takes an entry away. Returns its door.
    pub(crate) fn remove_entry(&self, diary: &str, key: &str) -> Result<Option<String>, StoreError> {
        let door: Option<Option<String>> = self.one(
            "find an entry's door",
            "SELECT household FROM entry_row WHERE diary = ?1 AND key = ?2",
            params![diary, key],
            |r| r.get(0),
        )?;
        self.run("drop an entry", "DELETE FROM entry_row WHERE diary = ?1 AND key = ?2", params![diary, key])?;
        Ok(door.flatten())
    }

    /// Takes a document's rows away. Returns the doors whose counts change.
    pub(crate) fn remove_rows(&self, doc: DocId) -> Result<Vec<String>, StoreError> {
        let id = doc.uuid.to_string();
        match doc.kind {
            Kind::Household => {
                self.run("drop a door", "DELETE FROM door_row WHERE household = ?1", params![id])?;
                Ok(Vec::new())
            }
            Kind::Resident => {
                let door = self.resident_door(&id)?;
                self.run("drop a resident", "DELETE FROM resident_row WHERE resident = ?1", params![id])?;
                Ok(door.into_iter().collect())
            }
            Kind::Ticket => {
                let door = self.ticket_door(&id)?;
                self.run("drop a matter", "DELETE FROM ticket_row WHERE ticket = ?1", params![id])?;
                Ok(door.into_iter().collect())
            }
            Kind::Diary => {
                let doors: Vec<String> = self.all(
                    "find a diary's doors",
                    "SELECT DISTINCT household FROM entry_row WHERE diary = ?1 AND household IS NOT NULL",
                    params![id],
                    |r| r.get(0),
                )?;
                self.run("drop a diary", "DELETE FROM entry_row WHERE diary = ?1", params![id])?;
                Ok(doors)
            }
        }
    }

    fn resident_door(&self, resident: &str) -> Result<Option<String>, StoreError> {
        let door: Option<Option<String>> = self.one(
            "find a resident's door",
            "SELECT household FROM resident_row WHERE resident = ?1",
            params![resident],
            |r| r.get(0),
        )?;
        Ok(door.flatten())
    }

    fn ticket_door(&self, ticket: &str) -> Result<Option<String>, StoreError> {
        let door: Option<Option<String>> = self.one(
            "find a matter's door",
            "SELECT household FROM ticket_row WHERE ticket = ?1",
            params![ticket],
            |r| r.get(0),
        )?;
        Ok(door.flatten())
    }
}
