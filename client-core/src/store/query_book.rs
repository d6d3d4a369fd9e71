//! The book as it is read: doors, people, matters, entries. Rows were written beside the documents;
//! nothing is computed here.

use super::document::{Hashed, doc_id, read_change};
use super::query_care::NOBODY_THERE;
use super::{StoreError, Tx, int, uint};
use crate::query::stored::{StoredDoor, StoredEntry, StoredResident, StoredTicket};
use qiaomen_proto::ids::{DocId, Kind};
use rusqlite::{Row, params};
use std::collections::HashMap;

/// Columns of a door, as [`door`] reads them.
pub(super) const DOOR_COLUMNS: &str =
    "household, grid, building, building_name, unit, room, floor, use, people_count, resident_count,
    open_tickets, refusal, conflicts, last_visit_ms, last_outcome, pending";

pub(super) fn door(r: &Row<'_>) -> rusqlite::Result<StoredDoor> {
    Ok(StoredDoor {
        household: r.get(0)?,
        grid: r.get(1)?,
        building: r.get(2)?,
        building_name: r.get(3)?,
        unit: r.get(4)?,
        room: r.get(5)?,
        floor: r.get(6)?,
        occupied_as: r.get(7)?,
        people_count: r.get(8)?,
        resident_count: r.get(9)?,
        open_tickets: r.get(10)?,
        refusal: r.get(11)?,
        conflicts: r.get(12)?,
        last_visit_ms: r.get::<_, Option<i64>>(13)?.map(uint),
        last_outcome: r.get(14)?,
        pending: r.get(15)?,
    })
}

/// Columns of a person, as [`resident`] reads them.
pub(super) const RESIDENT_COLUMNS: &str =
    "resident, household, name, name_initials, name_pinyin, phone, identity, birth, relation,
    categories, until, conflicts, pending";

pub(super) fn resident(r: &Row<'_>) -> rusqlite::Result<StoredResident> {
    Ok(StoredResident {
        resident: r.get(0)?,
        household: r.get(1)?,
        name: r.get(2)?,
        initials: r.get(3)?,
        pinyin: r.get(4)?,
        phone: r.get(5)?,
        identity: r.get(6)?,
        birth: r.get(7)?,
        relation: r.get(8)?,
        categories: r.get(9)?,
        until: r.get(10)?,
        conflicts: r.get(11)?,
        pending: r.get(12)?,
    })
}

/// Columns of a matter, as [`ticket`] reads them.
pub(super) const TICKET_COLUMNS: &str =
    "ticket, household, building, unit, grid, category, size, source, text, reporter, reported_on,
    stage, is_open, due_on, party, opened_ms, updated_ms, conflicts, pending";

pub(super) fn ticket(r: &Row<'_>) -> rusqlite::Result<StoredTicket> {
    Ok(StoredTicket {
        ticket: r.get(0)?,
        household: r.get(1)?,
        building: r.get(2)?,
        unit: r.get(3)?,
        grid: r.get(4)?,
        category: r.get(5)?,
        size: r.get(6)?,
        source: r.get(7)?,
        text: r.get(8)?,
        reporter: r.get(9)?,
        reported_on: r.get(10)?,
        stage: r.get(11)?,
        is_open: r.get(12)?,
        due_on: r.get(13)?,
        party: r.get(14)?,
        opened_ms: r.get::<_, Option<i64>>(15)?.map(uint),
        updated_ms: uint(r.get(16)?),
        conflicts: r.get(17)?,
        pending: r.get(18)?,
    })
}

/// Columns of an entry, as [`entry`] reads them.
const ENTRY_COLUMNS: &str = "worker, grid, kind, outcome, household, building, note, at_ms, command,
    pending";

fn entry(r: &Row<'_>) -> rusqlite::Result<StoredEntry> {
    Ok(StoredEntry {
        worker: r.get(0)?,
        grid: r.get(1)?,
        kind: r.get(2)?,
        outcome: r.get(3)?,
        household: r.get(4)?,
        building: r.get(5)?,
        note: r.get(6)?,
        at_ms: uint(r.get(7)?),
        command: r.get(8)?,
        pending: r.get(9)?,
    })
}

impl Tx<'_> {
    /// Every door.
    pub(crate) fn doors(&self) -> Result<Vec<StoredDoor>, StoreError> {
        self.all("read doors", &format!("SELECT {DOOR_COLUMNS} FROM door_row"), [], door)
    }

    /// One door.
    pub(crate) fn door(&self, household: &str) -> Result<Option<StoredDoor>, StoreError> {
        self.one(
            "read a door",
            &format!("SELECT {DOOR_COLUMNS} FROM door_row WHERE household = ?1"),
            params![household],
            door,
        )
    }

    /// Doors where the last try found nobody, since then, and somebody can be found; the longest ago first.
    pub(crate) fn doors_not_met(&self, since_ms: u64) -> Result<Vec<StoredDoor>, StoreError> {
        self.all(
            "find doors where nobody was met",
            &format!(
                "SELECT {DOOR_COLUMNS} FROM door_row INDEXED BY door_row_not_home
                 WHERE last_outcome = 'not_home' AND last_visit_ms >= ?1 AND refusal = 0 AND NOT {NOBODY_THERE}
                 ORDER BY last_visit_ms, household"
            ),
            params![int(since_ms)],
            door,
        )
    }

    /// How often in a row nobody was met at those doors, in one question for all of them.
    pub(crate) fn tries_not_met(&self, since_ms: u64) -> Result<HashMap<String, usize>, StoreError> {
        let tries = self.all(
            "count the tries at doors where nobody was met",
            "SELECT e.household, count(*) FROM door_row d INDEXED BY door_row_not_home
             CROSS JOIN entry_row e INDEXED BY entry_row_tries ON e.household = d.household
             WHERE d.last_outcome = 'not_home' AND d.last_visit_ms >= ?1 AND d.refusal = 0 AND e.outcome = 'not_home' AND e.kind = 'visit'
               AND NOT EXISTS (SELECT 1 FROM entry_row later INDEXED BY entry_row_tries WHERE later.household = e.household
                               AND later.outcome <> 'not_home' AND later.kind = 'visit' AND (later.at_ms, later.key) > (e.at_ms, e.key))
             GROUP BY e.household",
            params![int(since_ms)],
            |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)),
        )?;
        Ok(tries.into_iter().map(|(door, count)| (door, usize::try_from(count).unwrap_or(0))).collect())
    }

    /// Everybody who lives or lived behind a door.
    pub(crate) fn residents_of(&self, household: &str) -> Result<Vec<StoredResident>, StoreError> {
        self.all(
            "read residents",
            &format!("SELECT {RESIDENT_COLUMNS} FROM resident_row WHERE household = ?1 ORDER BY resident"),
            params![household],
            resident,
        )
    }

    /// One person.
    pub(crate) fn resident(&self, id: &str) -> Result<Option<StoredResident>, StoreError> {
        self.one(
            "read a resident",
            &format!("SELECT {RESIDENT_COLUMNS} FROM resident_row WHERE resident = ?1"),
            params![id],
            resident,
        )
    }

    /// Those who live here and whose day of birth is this (`-MM-DD`).
    pub(crate) fn residents_born_on(&self, month_and_day: &str) -> Result<Vec<StoredResident>, StoreError> {
        self.all(
            "find birthdays",
            &format!(
                "SELECT {RESIDENT_COLUMNS} FROM resident_row INDEXED BY resident_row_birthday
                 WHERE until IS NULL AND substr(birth, 5) = ?1 ORDER BY birth, resident"
            ),
            params![month_and_day],
            resident,
        )
    }

    /// Every matter, the newest first.
    pub(crate) fn tickets(&self) -> Result<Vec<StoredTicket>, StoreError> {
        self.all(
            "read matters",
            &format!("SELECT {TICKET_COLUMNS} FROM ticket_row ORDER BY updated_ms DESC, ticket"),
            [],
            ticket,
        )
    }

    /// Matters that wait for somebody, the oldest first.
    pub(crate) fn open_tickets(&self) -> Result<Vec<StoredTicket>, StoreError> {
        self.all(
            "read open matters",
            &format!("SELECT {TICKET_COLUMNS} FROM ticket_row WHERE is_open = 1 ORDER BY opened_ms, ticket"),
            [],
            ticket,
        )
    }

    /// Matters of one door, the newest first.
    pub(crate) fn tickets_of(&self, household: &str) -> Result<Vec<StoredTicket>, StoreError> {
        self.all(
            "read a door's matters",
            &format!("SELECT {TICKET_COLUMNS} FROM ticket_row WHERE household = ?1 ORDER BY updated_ms DESC, ticket"),
            params![household],
            ticket,
        )
    }

    /// One matter.
    pub(crate) fn ticket(&self, id: &str) -> Result<Option<StoredTicket>, StoreError> {
        self.one(
            "read a matter",
            &format!("SELECT {TICKET_COLUMNS} FROM ticket_row WHERE ticket = ?1"),
            params![id],
            ticket,
        )
    }

    /// Visits and calls of one door, the newest first.
    pub(crate) fn entries_at(&self, household: &str) -> Result<Vec<StoredEntry>, StoreError> {
        self.all(
            "read a door's entries",
            &format!("SELECT {ENTRY_COLUMNS} FROM entry_row WHERE household = ?1 ORDER BY at_ms DESC, key DESC"),
            params![household],
            entry,
        )
    }

    /// The last day before this one on which a worker wrote something.
    pub(crate) fn last_diary_before(&self, worker: &str, day: &str) -> Result<Option<String>, StoreError> {
        let last = self.one(
            "find the diary before",
            "SELECT max(diary_on) FROM entry_row WHERE worker = ?1 AND diary_on < ?2",
            params![worker, day],
            |r| r.get::<_, Option<String>>(0),
        )?;
        Ok(last.flatten())
    }

    /// One worker's entries of one day, in their order.
    pub(crate) fn entries_on(&self, worker: &str, day: &str) -> Result<Vec<StoredEntry>, StoreError> {
        self.all(
            "read a day's entries",
            &format!("SELECT {ENTRY_COLUMNS} FROM entry_row WHERE worker = ?1 AND diary_on = ?2 ORDER BY at_ms, key"),
            params![worker, day],
            entry,
        )
    }
}

impl Tx<'_> {
    /// Documents in which the office has something to decide.
    pub(crate) fn in_conflict(&self) -> Result<Vec<DocId>, StoreError> {
        let mut docs = Vec::new();
        for (kind, sql) in [
            (Kind::Household, "SELECT household FROM door_row WHERE conflicts > 0 ORDER BY household"),
            (Kind::Resident, "SELECT resident FROM resident_row WHERE conflicts > 0 ORDER BY resident"),
            (Kind::Ticket, "SELECT ticket FROM ticket_row WHERE conflicts > 0 ORDER BY ticket"),
        ] {
            let ids: Vec<String> = self.all("find conflicts", sql, [], |r| r.get(0))?;
            docs.extend(ids.iter().filter_map(|id| Some(DocId::new(kind, id.parse().ok()?))));
        }
        Ok(docs)
    }

    /// How many doors, people and matters are here.
    pub(crate) fn book_counts(&self) -> Result<(u64, u64, u64), StoreError> {
        let counts: Option<(i64, i64, i64)> = self.one(
            "count the book",
            "SELECT (SELECT count(*) FROM door_row), (SELECT count(*) FROM resident_row WHERE until IS NULL),
                    (SELECT count(*) FROM ticket_row WHERE is_open = 1)",
            [],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )?;
        let (doors, people, tickets) = counts.unwrap_or_default();
        Ok((uint(doors), uint(people), uint(tickets)))
    }
}

impl Tx<'_> {
    /// Documents on which something is pending, whether the office knows them or not.
    pub(crate) fn documents_begun(&self) -> Result<Vec<DocId>, StoreError> {
        let keys: Vec<Vec<u8>> = self.all(
            "list documents that were begun",
            "SELECT DISTINCT p.doc FROM pending_change p JOIN outbox o ON o.command = p.command
             WHERE o.state IN ('pending', 'waiting')",
            [],
            |r| r.get(0),
        )?;
        keys.iter().map(|key| doc_id(key)).collect()
    }

    /// A document's pending changes, in the order of the outbox.
    pub(crate) fn pending_on(&self, doc: DocId) -> Result<Vec<Hashed>, StoreError> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = self.all(
            "read what is pending on a document",
            "SELECT p.hash, p.typed FROM pending_change p JOIN outbox o ON o.command = p.command
             WHERE p.doc = ?1 AND o.state IN ('pending', 'waiting') ORDER BY o.n, p.ord",
            params![doc.key()],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        rows.into_iter().map(|(hash, typed)| read_change(doc, &hash, &typed)).collect()
    }
}
