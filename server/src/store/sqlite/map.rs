//! Rows of shapes, and what is counted by place: how long ago somebody was at the doors, what is still open.

use super::numbers::{signed, unsigned};
use super::people::id16;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{BuildingId, GridId, WorkerId};
use qiaomen_proto::merge::fold::Stage;
use rusqlite::{OptionalExtension as _, params};

/// What a grid or building looks like from above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeRow {
    /// Id of the grid or building.
    pub place: [u8; 16],
    /// 1 a grid, 2 a building.
    pub kind: u8,
    /// A GeoJSON geometry.
    pub geometry: String,
}

/// The doors of a building, by how long ago somebody was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitedRow {
    /// The building.
    pub building: BuildingId,
    /// Its doors.
    pub doors: u32,
    /// Doors that were visited since each of the instants asked for.
    pub since: [u32; 3],
    /// Doors that were ever visited.
    pub ever: u32,
    /// The last visit.
    pub last_ms: Option<u64>,
}

/// Open matters of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAtRow {
    /// The building, where the matter names it or a door in it.
    pub building: Option<BuildingId>,
    /// The grid that the matter was written down in.
    pub grid: Option<GridId>,
    /// How many are open.
    pub open: u32,
    /// Of these: past the day by which they were due.
    pub overdue: u32,
}

/// The building of a matter: its own, or its door's.
pub(super) const BUILDING: &str =
    "coalesce(t.building, (SELECT d.building FROM door d WHERE d.household = t.household))";

/// The numbers of the stages at which somebody still has to do something, as a list of SQL.
pub(super) fn open_stages() -> String {
    let numbers: Vec<String> = Stage::ALL.iter().filter(|s| s.is_open()).map(|s| s.number().to_string()).collect();
    numbers.join(",")
}

pub(super) fn id_of(bytes: Option<Vec<u8>>) -> Result<Option<[u8; 16]>, StoreError> {
    bytes.map(id16).transpose()
}

impl Tx<'_> {
    /// Writes the shape of a place, in the place of an earlier one.
    pub fn put_shape(&self, row: &ShapeRow, now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO shape VALUES (?1, ?2, ?3, ?4)")
            .map_err(sql("put shape"))?;
        s.execute(params![row.place, row.kind, row.geometry, signed(now_ms)]).map(drop).map_err(sql("put shape"))
    }
    /// Every shape.
    pub fn shapes(&self) -> Result<Vec<ShapeRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT place, kind, geometry FROM shape ORDER BY kind, place")
            .map_err(sql("shapes"))?;
        let rows = s
            .query_map([], |r| Ok(ShapeRow { place: r.get(0)?, kind: r.get(1)?, geometry: r.get(2)? }))
            .map_err(sql("shapes"))?;
        rows.collect::<Result<_, _>>().map_err(sql("shapes"))
    }
    /// Takes every shape off the map; how many there were.
    pub fn clear_shapes(&self) -> Result<usize, StoreError> {
        let mut s = self.conn.prepare_cached("DELETE FROM shape").map_err(sql("clear shapes"))?;
        s.execute([]).map_err(sql("clear shapes"))
    }
    /// Keeps a map file until its clerk has looked through it; an earlier one of hers goes.
    pub fn put_shape_draft(&self, clerk: WorkerId, text: &[u8], now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO shape_draft VALUES (?1, ?2, ?3)")
            .map_err(sql("put shape draft"))?;
        s.execute(params![clerk.as_bytes(), text, signed(now_ms)]).map(drop).map_err(sql("put shape draft"))
    }
    /// The map file that a clerk looks through, if there is one.
    pub fn shape_draft(&self, clerk: WorkerId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT text FROM shape_draft WHERE clerk = ?1").map_err(sql("shape draft"))?;
        s.query_row([clerk.as_bytes()], |r| r.get(0)).optional().map_err(sql("shape draft"))
    }
    /// Lets go of a clerk's map file, and of those that were left lying since before an instant.
    pub fn drop_shape_drafts(&self, clerk: WorkerId, before_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("DELETE FROM shape_draft WHERE clerk = ?1 OR put_ms < ?2")
            .map_err(sql("drop shape draft"))?;
        s.execute(params![clerk.as_bytes(), signed(before_ms)]).map(drop).map_err(sql("drop shape draft"))
    }

    /// The doors of each building, by the last visit at which somebody was there.
    pub fn visited(&self, since_ms: [u64; 3]) -> Result<Vec<VisitedRow>, StoreError> {
        // Made once for each door: without MATERIALIZED the look-up would run anew for each of the columns.
        let mut s = self
            .conn
            .prepare_cached(
                "WITH seen AS MATERIALIZED (
                   SELECT d.building AS building, (SELECT e.at_ms FROM diary_entry e
                     WHERE e.household = d.household AND e.kind = 1 AND e.outcome <> 2
                     ORDER BY e.at_ms DESC LIMIT 1) AS last FROM door d)
                 SELECT building, count(*), count(*) FILTER (WHERE last >= ?1), count(*) FILTER (WHERE last >= ?2),
                        count(*) FILTER (WHERE last >= ?3), count(last), max(last) FROM seen GROUP BY building",
            )
            .map_err(sql("visited"))?;
        let [a, b, c] = since_ms.map(signed);
        let rows = s
            .query_map([a, b, c], |r| {
                Ok(VisitedRow {
                    building: BuildingId::from_bytes(r.get(0)?),
                    doors: r.get(1)?,
                    since: [r.get(2)?, r.get(3)?, r.get(4)?],
                    ever: r.get(5)?,
                    last_ms: r.get::<_, Option<i64>>(6)?.map(unsigned),
                })
            })
            .map_err(sql("visited"))?;
        rows.collect::<Result<_, _>>().map_err(sql("visited"))
    }
    /// Open matters by place. `today` is the office's day, `YYYY-MM-DD`: what was due before it is overdue.
    pub fn open_by_place(&self, today: &str) -> Result<Vec<OpenAtRow>, StoreError> {
        let text = format!(
            "SELECT {BUILDING}, t.grid, count(*), count(*) FILTER (WHERE t.due_by < ?1) FROM ticket t
             WHERE t.stage IN ({}) GROUP BY 1, 2",
            open_stages()
        );
        let mut s = self.conn.prepare_cached(&text).map_err(sql("open by place"))?;
        type T = (Option<Vec<u8>>, Option<Vec<u8>>, u32, u32);
        let rows = s
            .query_map([today], |r| -> rusqlite::Result<T> { Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)) })
            .map_err(sql("open by place"))?;
        rows.map(|r| {
            let (building, grid, open, overdue) = r.map_err(sql("open by place"))?;
            Ok(OpenAtRow {
                building: id_of(building)?.map(BuildingId::from_bytes),
                grid: id_of(grid)?.map(GridId::from_bytes),
                open,
                overdue,
            })
        })
        .collect()
    }
}
