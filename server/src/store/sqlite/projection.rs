//! Rows for lists and look-ups. Made from registers; can be rebuilt at any time.

use super::numbers::signed;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{BuildingId, DocId, GridId, HouseholdId, ResidentId, Subject, TicketId};
use rusqlite::{OptionalExtension as _, params};

/// A door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorRow {
    /// Id.
    pub household: HouseholdId,
    /// Building.
    pub building: BuildingId,
    /// Unit, normalised.
    pub unit: String,
    /// Room, normalised.
    pub room: String,
    /// How it is lived in.
    pub use_: Option<String>,
    /// The whole door refused.
    pub refused: bool,
    /// Places that wait for a person.
    pub conflict_count: u32,
}

/// A resident. No personal value: those are found by blind index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentRow {
    /// Id.
    pub resident: ResidentId,
    /// Home.
    pub household: Option<HouseholdId>,
    /// Moved out.
    pub moved_out: bool,
    /// Places that wait for a person.
    pub conflict_count: u32,
    /// Names of the fields that were refused, joined by `,`.
    pub refused_fields: String,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRow {
    /// Id.
    pub ticket: TicketId,
    /// Grid.
    pub grid: Option<GridId>,
    /// Building.
    pub building: Option<BuildingId>,
    /// Door.
    pub household: Option<HouseholdId>,
    /// Category.
    pub category: Option<String>,
    /// Size.
    pub size: Option<String>,
    /// Number of the stage.
    pub stage: u8,
    /// By when.
    pub due_on: Option<String>,
    /// When reported.
    pub opened_ms: Option<u64>,
    /// When completed.
    pub closed_ms: Option<u64>,
    /// Places that wait for a person.
    pub conflict_count: u32,
    /// Whether somebody still has to do something.
    pub is_open: bool,
    /// Whether it is a large matter 大事.
    pub large: bool,
    /// Who is to do it.
    pub party: Option<String>,
    /// The department whose matter it is: the one that answers for the party, else the party.
    pub department: Option<String>,
    /// By when it has to be done: the day that was set, else a small matter's own day.
    pub due_by: Option<String>,
    /// Whether it is before the joint meeting.
    pub joint: bool,
    /// When it was first taken there.
    pub joint_since_ms: Option<u64>,
}

/// An entry of a diary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryProjection {
    /// Key of its record.
    pub key: String,
    /// Whose.
    pub worker: [u8; 16],
    /// Where.
    pub grid: Option<GridId>,
    /// Number of the kind.
    pub kind: u8,
    /// Number of the outcome.
    pub outcome: u8,
    /// The door.
    pub household: Option<[u8; 16]>,
    /// When.
    pub at_ms: u64,
}

impl Tx<'_> {
    /// Writes a door's row.
    pub fn put_door(&self, d: &DoorRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO door VALUES (?1,?2,?3,?4,?5,?6,?7)")
            .map_err(sql("put door"))?;
        s.execute(params![
            d.household.as_bytes(),
            d.building.as_bytes(),
            d.unit,
            d.room,
            d.use_,
            d.refused,
            d.conflict_count
        ])
        .map(drop)
        .map_err(sql("put door"))
    }
    /// A door.
    pub fn door(&self, id: HouseholdId) -> Result<Option<DoorRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT building, unit, room, use, refused, conflict_count FROM door WHERE household = ?1")
            .map_err(sql("door"))?;
        s.query_row([id.as_bytes()], |r| {
            Ok(DoorRow {
                household: id,
                building: BuildingId::from_bytes(r.get(0)?),
                unit: r.get(1)?,
                room: r.get(2)?,
                use_: r.get(3)?,
                refused: r.get(4)?,
                conflict_count: r.get(5)?,
            })
        })
        .optional()
        .map_err(sql("door"))
    }
    /// Writes a resident's row.
    pub fn put_resident(&self, p: &ResidentRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO resident VALUES (?1,?2,?3,?4,?5)")
            .map_err(sql("put resident"))?;
        s.execute(params![
            p.resident.as_bytes(),
            p.household.map(|h| *h.as_bytes()),
            p.moved_out,
            p.conflict_count,
            p.refused_fields
        ])
        .map(drop)
        .map_err(sql("put resident"))
    }
    /// A resident.
    pub fn resident(&self, id: ResidentId) -> Result<Option<ResidentRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT household, moved_out, conflict_count, refused_fields FROM resident WHERE resident = ?1",
            )
            .map_err(sql("resident"))?;
        s.query_row([id.as_bytes()], |r| {
            Ok(ResidentRow {
                resident: id,
                household: r.get::<_, Option<[u8; 16]>>(0)?.map(HouseholdId::from_bytes),
                moved_out: r.get(1)?,
                conflict_count: r.get(2)?,
                refused_fields: r.get(3)?,
            })
        })
        .optional()
        .map_err(sql("resident"))
    }
    /// Residents of a door.
    pub fn residents_of(&self, household: HouseholdId) -> Result<Vec<ResidentId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT resident FROM resident WHERE household = ?1 ORDER BY resident")
            .map_err(sql("residents of"))?;
        let rows = s.query_map([household.as_bytes()], |r| r.get::<_, [u8; 16]>(0)).map_err(sql("residents of"))?;
        rows.map(|r| r.map(ResidentId::from_bytes).map_err(sql("residents of"))).collect()
    }
    /// Matters of a door.
    pub fn tickets_of(&self, household: HouseholdId) -> Result<Vec<TicketId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT ticket FROM ticket WHERE household = ?1 ORDER BY ticket")
            .map_err(sql("tickets of"))?;
        let rows = s.query_map([household.as_bytes()], |r| r.get::<_, [u8; 16]>(0)).map_err(sql("tickets of"))?;
        rows.map(|r| r.map(TicketId::from_bytes).map_err(sql("tickets of"))).collect()
    }
    /// Writes a matter's row.
    pub fn put_ticket(&self, t: &TicketRow) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT OR REPLACE INTO ticket (ticket, grid, building, household, category, size, stage, due_on,
                    opened_ms, closed_ms, conflict_count, is_open, large, party, department, due_by, joint,
                    joint_since_ms)
                 VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)",
            )
            .map_err(sql("put ticket"))?;
        s.execute(params![
            t.ticket.as_bytes(),
            t.grid.map(|g| *g.as_bytes()),
            t.building.map(|b| *b.as_bytes()),
            t.household.map(|h| *h.as_bytes()),
            t.category,
            t.size,
            t.stage,
            t.due_on,
            t.opened_ms.map(signed),
            t.closed_ms.map(signed),
            t.conflict_count,
            t.is_open,
            t.large,
            t.party,
            t.department,
            t.due_by,
            t.joint,
            t.joint_since_ms.map(signed)
        ])
        .map(drop)
        .map_err(sql("put ticket"))
    }
    /// Writes the entries of a diary.
    pub fn put_entries(&self, diary: DocId, entries: &[EntryProjection]) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO diary_entry VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")
            .map_err(sql("put entries"))?;
        for e in entries {
            s.execute(params![
                diary.uuid.as_bytes(),
                e.key,
                e.worker,
                e.grid.map(|g| *g.as_bytes()),
                e.kind,
                e.outcome,
                e.household,
                signed(e.at_ms)
            ])
            .map_err(sql("put entries"))?;
        }
        Ok(())
    }
    /// Takes an entry of a diary out of the rows; one that is not among them is fine.
    pub fn drop_entry(&self, diary: DocId, key: &str) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("DELETE FROM diary_entry WHERE diary = ?1 AND key = ?2")
            .map_err(sql("drop entry"))?;
        s.execute(params![diary.uuid.as_bytes(), key]).map(drop).map_err(sql("drop entry"))
    }
    /// Entries of diaries about a door within a time, both ends included, oldest first.
    pub fn entries_at(&self, door: HouseholdId, from_ms: u64, to_ms: u64) -> Result<Vec<EntryProjection>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT key, worker, grid, kind, outcome, at_ms FROM diary_entry
                 WHERE household = ?1 AND at_ms BETWEEN ?2 AND ?3 ORDER BY at_ms, key",
            )
            .map_err(sql("entries at"))?;
        let rows = s
            .query_map(params![door.as_bytes(), signed(from_ms), signed(to_ms)], |r| {
                Ok(EntryProjection {
                    key: r.get(0)?,
                    worker: r.get(1)?,
                    grid: r.get::<_, Option<[u8; 16]>>(2)?.map(GridId::from_bytes),
                    kind: r.get(3)?,
                    outcome: r.get(4)?,
                    household: Some(*door.as_bytes()),
                    at_ms: u64::try_from(r.get::<_, i64>(5)?).unwrap_or(0),
                })
            })
            .map_err(sql("entries at"))?;
        rows.collect::<Result<_, _>>().map_err(sql("entries at"))
    }
    /// Sets the blind indexes of a subject.
    pub fn set_blind(&self, subject: &Subject, values: &[(u8, [u8; 16])]) -> Result<(), StoreError> {
        let mut s = self.conn.prepare_cached("DELETE FROM blind WHERE subject = ?1").map_err(sql("blind"))?;
        s.execute([subject.as_bytes()]).map_err(sql("blind"))?;
        let mut s = self.conn.prepare_cached("INSERT OR IGNORE INTO blind VALUES (?1,?2,?3)").map_err(sql("blind"))?;
        for (kind, value) in values {
            s.execute(params![subject.as_bytes(), kind, value]).map_err(sql("blind"))?;
        }
        Ok(())
    }
    /// Blind indexes of a subject, sorted.
    pub fn blind_of(&self, subject: &Subject) -> Result<Vec<(u8, [u8; 16])>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT kind, value FROM blind WHERE subject = ?1 ORDER BY kind, value")
            .map_err(sql("blind of"))?;
        let rows = s.query_map([subject.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql("blind of"))?;
        rows.collect::<Result<_, _>>().map_err(sql("blind of"))
    }
    /// Subjects with this blind index.
    pub fn by_blind(&self, kind: u8, value: &[u8; 16]) -> Result<Vec<Subject>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT subject FROM blind WHERE kind = ?1 AND value = ?2 ORDER BY subject")
            .map_err(sql("by blind"))?;
        let rows = s.query_map(params![kind, value], |r| r.get::<_, [u8; 16]>(0)).map_err(sql("by blind"))?;
        rows.map(|r| r.map(Subject::from_bytes).map_err(sql("by blind"))).collect()
    }
    /// The document that a row of a book became.
    pub fn imported(&self, key: &[u8; 16]) -> Result<Option<DocId>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT doc FROM import_key WHERE key = ?1").map_err(sql("imported"))?;
        let doc: Option<Vec<u8>> = s.query_row([key], |r| r.get(0)).optional().map_err(sql("imported"))?;
        Ok(doc.and_then(|d| DocId::from_key(&d)))
    }
    /// Remembers what a row of a book became.
    pub fn put_imported(&self, key: &[u8; 16], doc: DocId) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO import_key VALUES (?1,?2)")
            .map_err(sql("put imported"))?;
        s.execute(params![key, doc.key()]).map(drop).map_err(sql("put imported"))
    }
    /// Counts rows: doors, residents, tickets, diary entries.
    pub fn counts(&self) -> Result<[u64; 4], StoreError> {
        let count = |table: &str| -> Result<u64, StoreError> {
            self.conn
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get::<_, i64>(0))
                .map(|n| u64::try_from(n).unwrap_or(0))
                .map_err(sql("counts"))
        };
        Ok([count("door")?, count("resident")?, count("ticket")?, count("diary_entry")?])
    }
}
