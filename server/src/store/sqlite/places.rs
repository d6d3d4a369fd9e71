//! Rows of places: grids, buildings, micro-grids, as they are and as they were.

use super::numbers::signed;
use super::people::id16;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{BuildingId, GridId};
use qiaomen_proto::reference::{BuildingInfo, GridInfo, MicroGridInfo};
use rusqlite::{OptionalExtension as _, params};

impl Tx<'_> {
    /// Adds or renames a grid.
    pub fn put_grid(&self, grid: &GridInfo, position: u32) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO grid VALUES (?1,?2,?3,?4,?5,?6) ON CONFLICT DO UPDATE SET name=?2, grid_type=?3, quota=?5",
            )
            .map_err(sql("put grid"))?;
        s.execute(params![*grid.id, grid.name, grid.grid_type, grid.code, grid.quota, position])
            .map(drop)
            .map_err(sql("put grid"))
    }
    /// The grids, in the office's order.
    pub fn grids(&self) -> Result<Vec<GridInfo>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT id, name, grid_type, code, quota FROM grid ORDER BY position, id")
            .map_err(sql("grids"))?;
        let rows = s
            .query_map([], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))
            .map_err(sql("grids"))?;
        rows.map(|r| {
            let (id, name, grid_type, code, quota) = r.map_err(sql("grids"))?;
            Ok(GridInfo { id: id16(id)?.into(), name, grid_type, code, quota })
        })
        .collect()
    }
    /// Adds a building, which has its grid since ever; one that is there stays in its grid.
    pub fn put_building(&self, building: &BuildingInfo) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO building VALUES (?1,?2,?3) ON CONFLICT (id) DO NOTHING")
            .map_err(sql("put building"))?;
        s.execute(params![*building.id, building.name, *building.grid]).map_err(sql("put building"))?;
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO building_grid VALUES (?1, ?2, 0, NULL) ON CONFLICT DO NOTHING")
            .map_err(sql("put building"))?;
        s.execute(params![*building.id, *building.grid]).map(drop).map_err(sql("put building"))
    }
    /// Gives a building to another grid at this instant.
    pub fn move_building(&self, building: BuildingId, grid: GridId, at_ms: u64) -> Result<(), StoreError> {
        let failed = sql("move building");
        let (building, grid, at) = (building.as_bytes(), grid.as_bytes(), signed(at_ms));
        let mut s = self.conn.prepare_cached("UPDATE building SET grid = ?2 WHERE id = ?1").map_err(&failed)?;
        s.execute(params![building, grid]).map_err(&failed)?;
        let mut s = self
            .conn
            .prepare_cached("UPDATE building_grid SET until_ms = ?2 WHERE building = ?1 AND until_ms IS NULL")
            .map_err(&failed)?;
        s.execute(params![building, at]).map_err(&failed)?;
        // Moved twice within a millisecond, it was never anywhere between.
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO building_grid VALUES (?1, ?2, ?3, NULL)
                 ON CONFLICT DO UPDATE SET grid = ?2, until_ms = NULL",
            )
            .map_err(&failed)?;
        s.execute(params![building, grid, at]).map(drop).map_err(&failed)
    }
    /// The buildings.
    pub fn buildings(&self) -> Result<Vec<BuildingInfo>, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT id, name, grid FROM building ORDER BY name").map_err(sql("buildings"))?;
        let rows = s
            .query_map([], |r| Ok((r.get::<_, Vec<u8>>(0)?, r.get(1)?, r.get::<_, Vec<u8>>(2)?)))
            .map_err(sql("buildings"))?;
        rows.map(|r| {
            let (id, name, grid) = r.map_err(sql("buildings"))?;
            Ok(BuildingInfo { id: id16(id)?.into(), name, grid: id16(grid)?.into() })
        })
        .collect()
    }
    /// Adds or renames a micro-grid, and gives it these buildings.
    pub fn put_micro_grid(&self, micro_grid: &MicroGridInfo, position: u32) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO micro_grid VALUES (?1,?2,?3,?4) ON CONFLICT DO UPDATE SET name=?3")
            .map_err(sql("put micro-grid"))?;
        s.execute(params![*micro_grid.id, *micro_grid.grid, micro_grid.name, position])
            .map_err(sql("put micro-grid"))?;
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO micro_grid_building VALUES (?1,?2) ON CONFLICT DO UPDATE SET micro_grid=?2")
            .map_err(sql("put micro-grid"))?;
        for building in &micro_grid.buildings {
            s.execute(params![**building, *micro_grid.id]).map_err(sql("put micro-grid"))?;
        }
        Ok(())
    }
    /// The micro-grids with their buildings, in the office's order.
    pub fn micro_grids(&self) -> Result<Vec<MicroGridInfo>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT m.id, m.grid, m.name, b.building FROM micro_grid m
                 LEFT JOIN micro_grid_building b ON b.micro_grid = m.id ORDER BY m.position, m.id, b.building",
            )
            .map_err(sql("micro-grids"))?;
        type T = (Vec<u8>, Vec<u8>, String, Option<Vec<u8>>);
        let rows = s
            .query_map([], |r| -> rusqlite::Result<T> { Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)) })
            .map_err(sql("micro-grids"))?;
        let mut all: Vec<MicroGridInfo> = Vec::new();
        for row in rows {
            let (id, grid, name, building) = row.map_err(sql("micro-grids"))?;
            let (id, building) = (id16(id)?.into(), building.map(id16).transpose()?.map(Into::into));
            match all.last_mut() {
                Some(last) if last.id == id => last.buildings.extend(building),
                _ => all.push(MicroGridInfo {
                    id,
                    grid: id16(grid)?.into(),
                    name,
                    buildings: building.into_iter().collect(),
                }),
            }
        }
        Ok(all)
    }
    /// The grid of a building, if the building exists.
    pub fn grid_of_building(&self, building: BuildingId) -> Result<Option<GridId>, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT grid FROM building WHERE id = ?1").map_err(sql("grid of building"))?;
        let grid: Option<Vec<u8>> =
            s.query_row([building.as_bytes()], |r| r.get(0)).optional().map_err(sql("grid of building"))?;
        grid.map(|g| id16(g).map(GridId::from_bytes)).transpose()
    }
    /// The grid that a building had at this instant, if the building exists.
    pub fn grid_of_building_at(&self, building: BuildingId, at_ms: u64) -> Result<Option<GridId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT grid FROM building_grid
                 WHERE building = ?1 AND since_ms <= ?2 AND (until_ms IS NULL OR until_ms > ?2)",
            )
            .map_err(sql("grid of building at"))?;
        let grid: Option<Vec<u8>> = s
            .query_row(params![building.as_bytes(), signed(at_ms)], |r| r.get(0))
            .optional()
            .map_err(sql("grid of building at"))?;
        grid.map(|g| id16(g).map(GridId::from_bytes)).transpose()
    }
}
