//! Rows of the ledger as lists ask for them: doors and residents with what is counted beside them, and saved views.

use super::map::open_stages;
use super::numbers::{signed, unsigned};
use super::people::id16;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{BuildingId, GridId, HouseholdId, ResidentId, TicketId, WorkerId};
use rusqlite::{Row, params};

/// A door with what is counted beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorLine {
    /// Id.
    pub household: HouseholdId,
    /// Building.
    pub building: BuildingId,
    /// The grid that has the building now.
    pub grid: Option<GridId>,
    /// Unit, normalised.
    pub unit: String,
    /// Room, normalised.
    pub room: String,
    /// How it is lived in.
    pub use_: Option<String>,
    /// The whole door refused.
    pub refused: bool,
    /// Places of the door and of whoever lives there that wait for a person.
    pub conflicts: u32,
    /// People who are registered there and have not moved out.
    pub people: u32,
    /// Matters of the door that are open.
    pub open: u32,
    /// The last visit at which somebody was there.
    pub visited_ms: Option<u64>,
}

/// A resident with where she lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentLine {
    /// Id.
    pub resident: ResidentId,
    /// Home, where it is a door that stands.
    pub door: Option<HouseholdId>,
    /// Building of the home.
    pub building: Option<BuildingId>,
    /// The grid that has the building now.
    pub grid: Option<GridId>,
    /// Unit, normalised.
    pub unit: String,
    /// Room, normalised.
    pub room: String,
    /// Moved out.
    pub moved_out: bool,
    /// Refused to tell something.
    pub refused: bool,
    /// Places that wait for a person.
    pub conflicts: u32,
}

/// A visit or call at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitLine {
    /// The diary in which it stands.
    pub diary: [u8; 16],
    /// Key of its record.
    pub key: String,
    /// Whose.
    pub worker: WorkerId,
    /// Number of the kind.
    pub kind: u8,
    /// Number of the outcome.
    pub outcome: u8,
    /// When.
    pub at_ms: u64,
}

/// A list of doors that was kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerViewRow {
    /// Number.
    pub id: i64,
    /// Who kept it.
    pub made_by: WorkerId,
    /// When.
    pub made_ms: u64,
    /// Its name, sealed to the office.
    pub name_sealed: Vec<u8>,
    /// Filters and columns.
    pub query: String,
}

type Bytes = Option<Vec<u8>>;

fn grid(bytes: Bytes) -> Result<Option<GridId>, StoreError> {
    Ok(bytes.map(id16).transpose()?.map(GridId::from_bytes))
}

impl Tx<'_> {
    /// Every door with what is counted beside it, of one grid or of one building only, if one is named; in no
    /// particular order.
    pub fn door_lines(
        &self,
        of_grid: Option<GridId>,
        of_building: Option<BuildingId>,
    ) -> Result<Vec<DoorLine>, StoreError> {
        let failed = sql("door lines");
        // The last visit is asked for from the end: an index leads to it, and mostly the first row is one.
        let text = format!(
            "SELECT d.household, d.building, b.grid, d.unit, d.room, d.use, d.refused,
                    d.conflict_count + coalesce(
                      (SELECT sum(r.conflict_count) FROM resident r WHERE r.household = d.household), 0),
                    (SELECT count(*) FROM resident r WHERE r.household = d.household AND NOT r.moved_out),
                    (SELECT count(*) FROM ticket t WHERE t.household = d.household AND t.stage IN ({})),
                    (SELECT e.at_ms FROM diary_entry e WHERE e.household = d.household AND e.kind = 1
                       AND e.outcome <> 2 ORDER BY e.at_ms DESC LIMIT 1)
             FROM door d LEFT JOIN building b ON b.id = d.building
             WHERE (?1 IS NULL OR b.grid = ?1) AND (?2 IS NULL OR d.building = ?2)",
            open_stages()
        );
        let mut s = self.conn.prepare_cached(&text).map_err(&failed)?;
        let line = |r: &Row<'_>| -> rusqlite::Result<(DoorLine, Bytes)> {
            let line = DoorLine {
                household: HouseholdId::from_bytes(r.get(0)?),
                building: BuildingId::from_bytes(r.get(1)?),
                grid: None,
                unit: r.get(3)?,
                room: r.get(4)?,
                use_: r.get(5)?,
                refused: r.get(6)?,
                conflicts: r.get(7)?,
                people: r.get(8)?,
                open: r.get(9)?,
                visited_ms: r.get::<_, Option<i64>>(10)?.map(unsigned),
            };
            Ok((line, r.get(2)?))
        };
        let asked = params![of_grid.map(|g| *g.as_bytes()), of_building.map(|b| *b.as_bytes())];
        let rows = s.query_map(asked, line).map_err(&failed)?;
        rows.map(|row| {
            let (line, of) = row.map_err(&failed)?;
            Ok(DoorLine { grid: grid(of)?, ..line })
        })
        .collect()
    }

    /// Every resident with where she lives, of one grid or of one building only, if one is named; in no particular
    /// order.
    pub fn resident_lines(
        &self,
        of_grid: Option<GridId>,
        of_building: Option<BuildingId>,
    ) -> Result<Vec<ResidentLine>, StoreError> {
        self.homes(
            "(?1 IS NULL OR b.grid = ?1) AND (?2 IS NULL OR d.building = ?2)",
            params![of_grid.map(|g| *g.as_bytes()), of_building.map(|b| *b.as_bytes())],
        )
    }
    /// One resident with where she lives.
    pub fn resident_line(&self, id: ResidentId) -> Result<Option<ResidentLine>, StoreError> {
        Ok(self.homes("r.resident = ?1", params![id.as_bytes()])?.pop())
    }

    fn homes(&self, which: &str, asked: impl rusqlite::Params) -> Result<Vec<ResidentLine>, StoreError> {
        let failed = sql("resident lines");
        let text = format!(
            "SELECT r.resident, d.household, d.building, b.grid, coalesce(d.unit, ''), coalesce(d.room, ''),
                    r.moved_out, r.refused_fields <> '', r.conflict_count
             FROM resident r LEFT JOIN door d ON d.household = r.household LEFT JOIN building b ON b.id = d.building
             WHERE {which}"
        );
        let mut s = self.conn.prepare_cached(&text).map_err(&failed)?;
        let line = |r: &Row<'_>| -> rusqlite::Result<(ResidentLine, Bytes)> {
            let line = ResidentLine {
                resident: ResidentId::from_bytes(r.get(0)?),
                door: r.get::<_, Option<[u8; 16]>>(1)?.map(HouseholdId::from_bytes),
                building: r.get::<_, Option<[u8; 16]>>(2)?.map(BuildingId::from_bytes),
                grid: None,
                unit: r.get(4)?,
                room: r.get(5)?,
                moved_out: r.get(6)?,
                refused: r.get(7)?,
                conflicts: r.get(8)?,
            };
            Ok((line, r.get(3)?))
        };
        let rows = s.query_map(asked, line).map_err(&failed)?;
        rows.map(|row| {
            let (line, of) = row.map_err(&failed)?;
            Ok(ResidentLine { grid: grid(of)?, ..line })
        })
        .collect()
    }

    /// How doors are lived in: every word that stands for it anywhere.
    pub fn door_uses(&self) -> Result<Vec<String>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT DISTINCT use FROM door WHERE use IS NOT NULL ORDER BY use")
            .map_err(sql("door uses"))?;
        let rows = s.query_map([], |r| r.get(0)).map_err(sql("door uses"))?;
        rows.collect::<Result<_, _>>().map_err(sql("door uses"))
    }

    /// The last visits and calls at a door, the latest first.
    pub fn last_visits(&self, door: HouseholdId, limit: u32) -> Result<Vec<VisitLine>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT diary, key, worker, kind, outcome, at_ms FROM diary_entry WHERE household = ?1
                 ORDER BY at_ms DESC, key LIMIT ?2",
            )
            .map_err(sql("last visits"))?;
        let rows = s
            .query_map(params![door.as_bytes(), limit], |r| {
                Ok(VisitLine {
                    diary: r.get(0)?,
                    key: r.get(1)?,
                    worker: WorkerId::from_bytes(r.get(2)?),
                    kind: r.get(3)?,
                    outcome: r.get(4)?,
                    at_ms: unsigned(r.get(5)?),
                })
            })
            .map_err(sql("last visits"))?;
        rows.collect::<Result<_, _>>().map_err(sql("last visits"))
    }
    /// Number of visits and calls at a door.
    pub fn visit_count(&self, door: HouseholdId) -> Result<u64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT count(*) FROM diary_entry WHERE household = ?1")
            .map_err(sql("count visits"))?;
        s.query_row([door.as_bytes()], |r| r.get(0)).map(unsigned).map_err(sql("count visits"))
    }

    /// Every matter with the grid in which it is, in the order in which they were reported.
    pub fn ticket_places(&self) -> Result<Vec<(TicketId, Option<GridId>)>, StoreError> {
        let failed = sql("ticket places");
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT t.ticket, coalesce(b.grid, t.grid) FROM ticket t LEFT JOIN door d ON d.household = t.household
                 LEFT JOIN building b ON b.id = coalesce(t.building, d.building)
                 ORDER BY t.opened_ms IS NULL, t.opened_ms, t.ticket",
            )
            .map_err(&failed)?;
        let rows = s.query_map([], |r| Ok((r.get::<_, [u8; 16]>(0)?, r.get::<_, Bytes>(1)?))).map_err(&failed)?;
        rows.map(|row| {
            let (ticket, of) = row.map_err(&failed)?;
            Ok((TicketId::from_bytes(ticket), grid(of)?))
        })
        .collect()
    }
    /// Remembers which row of a book a member of staff is, where no other row is known to be and she has none.
    pub fn set_import_key(&self, worker: WorkerId, key: &[u8; 16]) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "UPDATE worker SET import_key = ?2 WHERE id = ?1 AND import_key IS NULL
                 AND NOT EXISTS (SELECT 1 FROM worker WHERE import_key = ?2)",
            )
            .map_err(sql("set import key"))?;
        s.execute(params![worker.as_bytes(), key]).map(drop).map_err(sql("set import key"))
    }

    /// Keeps a list of doors under a name; its number.
    pub fn add_ledger_view(
        &self,
        made_by: WorkerId,
        made_ms: u64,
        name_sealed: &[u8],
        query: &str,
    ) -> Result<i64, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO ledger_view (made_by, made_ms, name_sealed, query) VALUES (?1,?2,?3,?4)")
            .map_err(sql("add ledger view"))?;
        s.insert(params![made_by.as_bytes(), signed(made_ms), name_sealed, query]).map_err(sql("add ledger view"))
    }
    /// The kept lists, in the order in which they were kept.
    pub fn ledger_views(&self) -> Result<Vec<LedgerViewRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT id, made_by, made_ms, name_sealed, query FROM ledger_view ORDER BY id")
            .map_err(sql("ledger views"))?;
        let rows = s
            .query_map([], |r| {
                Ok(LedgerViewRow {
                    id: r.get(0)?,
                    made_by: WorkerId::from_bytes(r.get(1)?),
                    made_ms: unsigned(r.get(2)?),
                    name_sealed: r.get(3)?,
                    query: r.get(4)?,
                })
            })
            .map_err(sql("ledger views"))?;
        rows.collect::<Result<_, _>>().map_err(sql("ledger views"))
    }
    /// Lets go of a kept list. False if there is none of this number.
    pub fn drop_ledger_view(&self, id: i64) -> Result<bool, StoreError> {
        let mut s =
            self.conn.prepare_cached("DELETE FROM ledger_view WHERE id = ?1").map_err(sql("drop ledger view"))?;
        Ok(s.execute([id]).map_err(sql("drop ledger view"))? == 1)
    }
}
