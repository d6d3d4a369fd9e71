//! Another division of the community: grids are added, buildings go to other grids, workers get and lose
//! grids. What was written stays as it is; only who sees it changes, and that travels to the devices as
//! what came into their streams and what left them.

use crate::ingest::commit;
use crate::office::{Office, OfficeError};
use crate::people::audit::{self, Deed};
use crate::people::staff::{Names, meant, meant_grid};
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{BuildingId, DocId, GridId, Kind, StreamId, WorkerId};
use qiaomen_proto::limits::DOCUMENTS_PER_PAGE_MAX;
use qiaomen_proto::normalise::building_name;
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::reference::{BuildingInfo, GridInfo};
use serde::Serialize;
use std::collections::BTreeSet;

/// Digits of a grid's number after the region code.
const GRID_DIGITS: usize = 3;

/// Why a grid stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum RegridError {
    /// No such grid.
    #[error("没有“{said}”这个网格。有的是：{}。", known.join("、"))]
    NoGrid {
        /// What was said.
        said: String,
        /// The grids that there are.
        known: Vec<String>,
    },
    /// There is one of that name.
    #[error("已经有“{name}”这个网格。请换一个名称，或用 move-building 把楼栋划给它。")]
    GridExists {
        /// The name.
        name: String,
    },
    /// No such building.
    #[error("台账里没有“{said}”这栋楼。`qiaomen grids` 列出网格和楼栋。")]
    NoBuilding {
        /// What was said.
        said: String,
    },
    /// A building that is not in the grid that is split.
    #[error("“{building}”不在“{grid}”里，没有动。请核对楼栋，或用 move-building。")]
    NotInGrid {
        /// The building.
        building: String,
        /// The grid.
        grid: String,
    },
    /// Nobody of that name, or several.
    #[error("花名册上叫“{said}”的有 {count} 位。请用编号；`qiaomen staff` 列出花名册。")]
    NotOneWorker {
        /// What was said.
        said: String,
        /// How many there are.
        count: usize,
    },
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for RegridError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

/// What a new division came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Regridded {
    /// The grid.
    pub grid: String,
    /// Its id.
    pub grid_id: GridId,
    /// Buildings that went to it, by name.
    pub buildings: Vec<String>,
    /// Documents that more, or other, devices see than before.
    pub documents: u64,
}

/// A grid with its buildings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GridPlaces {
    /// Its id.
    pub id: GridId,
    /// Its name.
    pub name: String,
    /// Its number.
    pub code: String,
    /// Names of its buildings.
    pub buildings: Vec<String>,
}

/// A worker who was given a grid, or from whom one was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkerGridChanged {
    /// What the worker is called.
    pub worker: String,
    /// Whose id this is.
    pub worker_id: WorkerId,
    /// The grid.
    pub grid: String,
    /// True if it was given.
    pub given: bool,
}

/// The grids with their buildings, in the office's order.
pub fn places(office: &Office) -> Result<Vec<GridPlaces>, OfficeError> {
    office.store().read(|tx| {
        let buildings = tx.buildings()?;
        let of = |grid: &GridInfo| buildings.iter().filter(|b| b.grid == grid.id).map(|b| b.name.clone()).collect();
        let place = |g: &GridInfo| GridPlaces {
            id: GridId::from_bytes(*g.id),
            name: g.name.clone(),
            code: g.code.clone(),
            buildings: of(g),
        };
        Ok(tx.grids()?.iter().map(place).collect())
    })
}

/// Gives a grid to a worker, or takes it, by what people call them.
pub fn worker_grid(
    office: &Office,
    worker: &str,
    said: &str,
    give: bool,
    by: WorkerId,
) -> Result<WorkerGridChanged, RegridError> {
    let (row, name, of, id) = office.store().read(|tx| -> Result<_, RegridError> {
        let grids = tx.grids()?;
        let of = grid(&grids, said)?;
        let found = meant(office, tx, worker)?;
        let [row] = found.as_slice() else {
            return Err(RegridError::NotOneWorker { said: worker.to_owned(), count: found.len() });
        };
        let name = Names::default().of(office, tx, row.id)?;
        Ok((row.id, name, of.name.clone(), GridId::from_bytes(*of.id)))
    })?;
    if give {
        give_grid(office, row, id, by)?
    } else {
        take_grid(office, row, id, by)?
    }
    Ok(WorkerGridChanged { worker: name, worker_id: row, grid: of, given: give })
}

/// Splits a grid: a new one of this name gets these buildings. Work that is on its way is judged by the
/// grids of its own time.
pub fn split_grid(
    office: &Office,
    from: &str,
    name: &str,
    buildings: &[String],
    by: WorkerId,
) -> Result<Regridded, RegridError> {
    let (inner, from, name) = (office.clone(), from.to_owned(), name.trim().to_owned());
    let wanted = buildings.to_vec();
    office.store().write(move |tx| {
        let grids = tx.grids()?;
        let old = grid(&grids, &from)?;
        if grids.iter().any(|g| g.name == name) {
            return Err(RegridError::GridExists { name });
        }
        let buildings = wanted.iter().map(|said| building(tx, said)).collect::<Result<Vec<_>, _>>()?;
        if let Some(other) = buildings.iter().find(|b| *b.grid != *old.id) {
            return Err(RegridError::NotInGrid { building: other.name.clone(), grid: old.name.clone() });
        }
        let id = GridId::of(inner.identity().id, &name);
        let info = GridInfo {
            id: (*id.as_bytes()).into(),
            name: name.clone(),
            grid_type: old.grid_type.clone(),
            code: next_code(&grids, &inner.identity().region_code),
            quota: old.quota,
        };
        tx.put_grid(&info, u32::try_from(grids.len() + 1).unwrap_or(u32::MAX))?;
        audit::note(&inner, tx, by, Deed::GridAdded, Some(id.as_bytes()))?;
        let documents = hand_over(&inner, tx, &buildings, id, by)?;
        Office::reference_changed(tx)?;
        let buildings = buildings.into_iter().map(|b| b.name).collect();
        Ok(Regridded { grid: name, grid_id: id, buildings, documents })
    })
}

/// Gives a building to another grid that is there.
pub fn move_building(office: &Office, said: &str, to: &str, by: WorkerId) -> Result<Regridded, RegridError> {
    let (inner, said, to) = (office.clone(), said.to_owned(), to.to_owned());
    office.store().write(move |tx| {
        let grids = tx.grids()?;
        let to = grid(&grids, &to)?;
        let id = GridId::from_bytes(*to.id);
        let building = building(tx, &said)?;
        let documents = hand_over(&inner, tx, std::slice::from_ref(&building), id, by)?;
        Office::reference_changed(tx)?;
        Ok(Regridded { grid: to.name.clone(), grid_id: id, buildings: vec![building.name], documents })
    })
}

/// Gives a worker a grid from now on.
pub fn give_grid(office: &Office, worker: WorkerId, grid: GridId, by: WorkerId) -> Result<(), OfficeError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        tx.give_grid(worker, grid, inner.now_ms())?;
        grants_changed(&inner, tx, worker, by, Deed::GridGiven)
    })
}

/// Takes a grid from a worker from now on. What was done before is still theirs to bring.
pub fn take_grid(office: &Office, worker: WorkerId, grid: GridId, by: WorkerId) -> Result<(), OfficeError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        tx.take_grid(worker, grid, inner.now_ms())?;
        grants_changed(&inner, tx, worker, by, Deed::GridTaken)
    })
}

fn grants_changed(office: &Office, tx: &Tx<'_>, worker: WorkerId, by: WorkerId, deed: Deed) -> Result<(), OfficeError> {
    Office::grants_changed(tx)?;
    Office::reference_changed(tx)?;
    audit::note(office, tx, by, deed, Some(worker.as_bytes()))?;
    Ok(())
}

/// Buildings go to a grid, and everything behind their doors with them. How many documents moved.
fn hand_over(
    office: &Office,
    tx: &Tx<'_>,
    buildings: &[BuildingInfo],
    to: GridId,
    by: WorkerId,
) -> Result<u64, OfficeError> {
    let now_ms = office.now_ms();
    let mut left: BTreeSet<GridId> = BTreeSet::new();
    for building in buildings.iter().filter(|b| *b.grid != *to.as_bytes()) {
        let id = BuildingId::from_bytes(*building.id);
        left.insert(GridId::from_bytes(*building.grid));
        tx.move_building(id, to, now_ms)?;
        audit::note(office, tx, by, Deed::BuildingMoved, Some(id.as_bytes()))?;
    }
    let mut moved = 0;
    for grid in left {
        // Whoever is behind one of those doors stands in the stream of the grid that it was in, also a
        // person whose home is in dispute.
        let stream = StreamId::Grid(grid);
        let mut after = 0;
        loop {
            let members = tx.members(&stream, after, DOCUMENTS_PER_PAGE_MAX)?;
            let Some(last) = members.last() else { break };
            after = last.ord;
            let stays = |doc: &DocId| planted(Planted::PeopleStayBehind) && doc.kind != Kind::Household;
            moved += commit::restream(office, tx, members.into_iter().map(|m| m.doc).filter(|doc| !stays(doc)))?;
        }
    }
    Ok(moved)
}

fn grid<'g>(grids: &'g [GridInfo], said: &str) -> Result<&'g GridInfo, RegridError> {
    let known = || grids.iter().map(|g| g.name.clone()).collect();
    let id = meant_grid(grids, said).ok_or_else(|| RegridError::NoGrid { said: said.to_owned(), known: known() })?;
    let found = grids.iter().find(|g| *g.id == *id.as_bytes());
    found.ok_or_else(|| RegridError::NoGrid { said: said.to_owned(), known: known() })
}

fn building(tx: &Tx<'_>, said: &str) -> Result<BuildingInfo, RegridError> {
    let (id, name) = (said.trim().parse::<BuildingId>().ok(), building_name(said));
    let found = tx
        .buildings()?
        .into_iter()
        .find(|b| id.is_some_and(|id| *id.as_bytes() == *b.id) || building_name(&b.name) == name);
    found.ok_or_else(|| RegridError::NoBuilding { said: said.to_owned() })
}

/// The next number after the region code that no grid has.
fn next_code(grids: &[GridInfo], region_code: &str) -> String {
    let used = |n: &usize| grids.iter().any(|g| g.code == format!("{region_code}{n:0GRID_DIGITS$}"));
    let free = (1..).find(|n| !used(n)).unwrap_or(1);
    format!("{region_code}{free:0GRID_DIGITS$}")
}
