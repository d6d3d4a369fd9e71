//! Grids and buildings of a book beside those that stand.

use super::super::book::{Column, GridRow};
use super::plan::Desk;
use super::remark::Notice;
use crate::office::OfficeError;
use qiaomen_proto::ids::{BuildingId, CommunityId, GridId, MicroGridId};
use qiaomen_proto::reference::{BuildingInfo, GridInfo, MicroGridInfo};
use std::collections::HashMap;

/// The places after the import, and what is new among them.
pub(super) struct Places {
    community: CommunityId,
    /// The grid of each building that will stand.
    grid_of: HashMap<BuildingId, GridId>,
    pub(super) grids: Vec<(GridInfo, u32)>,
    pub(super) buildings: Vec<BuildingInfo>,
    pub(super) micro_grids: Vec<(MicroGridInfo, u32)>,
}

impl Places {
    /// The building of this name, if it will stand, and its grid.
    pub(super) fn building(&self, name: &str) -> Option<(BuildingId, GridId)> {
        let id = BuildingId::of(self.community, name);
        self.grid_of.get(&id).map(|grid| (id, *grid))
    }
}

/// Decides about the sheet of grids.
pub(super) fn plan(desk: &mut Desk<'_>) -> Result<Places, OfficeError> {
    let identity = desk.office.identity();
    let standing = desk.tx.grids()?;
    let mut codes: Vec<String> = standing.iter().map(|grid| grid.code.clone()).collect();
    let grid_of =
        desk.tx.buildings()?.into_iter().map(|b| (BuildingId::from_bytes(*b.id), GridId::from_bytes(*b.grid)));
    let mut places = Places {
        community: identity.id,
        grid_of: grid_of.collect(),
        grids: Vec::new(),
        buildings: Vec::new(),
        micro_grids: Vec::new(),
    };
    for row in &desk.book.grids {
        let id = GridId::of(identity.id, &row.name);
        match standing.iter().find(|grid| *grid.id == *id.as_bytes()) {
            Some(grid) => places.grids.extend(completed(desk, row, grid).map(|grid| (grid, 0))),
            None => {
                let code = next_code(&identity.region_code, &codes);
                let position = u32::try_from(codes.len()).unwrap_or(u32::MAX);
                codes.push(code.clone());
                let (grid_type, quota) = (row.grid_type.clone(), row.quota);
                let info = GridInfo { id: (*id.as_bytes()).into(), name: row.name.clone(), grid_type, code, quota };
                places.grids.push((info, position));
                desk.added.grids += 1;
            }
        }
        for name in &row.buildings {
            let building = BuildingId::of(identity.id, name);
            match places.grid_of.get(&building) {
                None => {
                    places.grid_of.insert(building, id);
                    let (building, grid) = ((*building.as_bytes()).into(), (*id.as_bytes()).into());
                    places.buildings.push(BuildingInfo { id: building, name: name.clone(), grid });
                    desk.added.buildings += 1;
                }
                Some(owner) if *owner == id => {}
                Some(_) => desk.warn(Notice::BuildingElsewhere, row.origin, Column::Buildings),
            }
        }
    }
    places.micro_grids = micro_grids(desk, &places)?;
    Ok(places)
}

/// Micro-grids that are new, and those that get buildings; a building stays in the one that it has.
fn micro_grids(desk: &mut Desk<'_>, places: &Places) -> Result<Vec<(MicroGridInfo, u32)>, OfficeError> {
    let standing = desk.tx.micro_grids()?;
    let mut count = u32::try_from(standing.len()).unwrap_or(u32::MAX);
    let mut planned = Vec::new();
    for row in &desk.book.grids {
        let grid = GridId::of(places.community, &row.name);
        for part in &row.micro_grids {
            let id = MicroGridId::of(grid, &part.name);
            let known = standing.iter().find(|m| *m.id == *id.as_bytes());
            let mut buildings = Vec::new();
            for name in &part.buildings {
                // A building of another grid has been remarked upon.
                let Some((building, _)) = places.building(name).filter(|(_, owner)| *owner == grid) else { continue };
                let building = (*building.as_bytes()).into();
                match standing.iter().find(|m| m.buildings.contains(&building)) {
                    None => buildings.push(building),
                    Some(owner) if *owner.id == *id.as_bytes() => {}
                    Some(_) => desk.warn(Notice::BuildingElsewhereMicro, part.origin, Column::MicroGrid),
                }
            }
            match known {
                Some(_) if buildings.is_empty() => continue,
                Some(_) => desk.added.answers += u32::try_from(buildings.len()).unwrap_or(u32::MAX),
                None => desk.added.micro_grids += 1,
            }
            let (id, grid) = ((*id.as_bytes()).into(), (*grid.as_bytes()).into());
            planned.push((MicroGridInfo { id, grid, name: part.name.clone(), buildings }, count));
            count = count.saturating_add(u32::from(known.is_none()));
        }
    }
    Ok(planned)
}

/// The standing grid with what it lacked and the book says; nothing if it lacked nothing.
fn completed(desk: &mut Desk<'_>, row: &GridRow, standing: &GridInfo) -> Option<GridInfo> {
    let mut grid = standing.clone();
    let type_missing = grid.grid_type.is_none() && row.grid_type.is_some();
    let quota_missing = grid.quota.is_none() && row.quota.is_some();
    if !type_missing && row.grid_type.is_some() && row.grid_type != grid.grid_type {
        desk.warn(Notice::Differs, row.origin, Column::GridType);
    }
    if !quota_missing && row.quota.is_some() && row.quota != grid.quota {
        desk.warn(Notice::Differs, row.origin, Column::Quota);
    }
    grid.grid_type = grid.grid_type.or_else(|| row.grid_type.clone());
    grid.quota = grid.quota.or(row.quota);
    desk.added.answers += u32::from(type_missing) + u32::from(quota_missing);
    (type_missing || quota_missing).then_some(grid)
}

/// Region code and three digits: the first that is free.
fn next_code(region: &str, taken: &[String]) -> String {
    (1..).map(|number: u32| format!("{region}{number:03}")).find(|code| !taken.contains(code)).unwrap_or_default()
}
