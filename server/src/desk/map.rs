//! The map: each grid with its buildings, how long ago somebody was at the doors, and what is still open there.

use super::scope::{Scope, date, day, day_starts, id_of};
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::shapes::{Geometry, Place};
use crate::store::Tx;
use crate::store::sqlite::VisitedRow;
use qiaomen_proto::ids::{BuildingId, GridId};
use serde::Serialize;
use std::collections::BTreeMap;

/// Days ago up to which a visit counts as fresh, as of this month, as of this quarter.
pub const STEPS_DAYS: [u64; 3] = [7, 30, 90];

/// What is counted at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// Doors.
    pub doors: u32,
    /// Doors at which somebody was met within the days of [`STEPS_DAYS`].
    pub within: [u32; 3],
    /// Doors at which somebody was ever met.
    pub ever: u32,
    /// The last visit.
    pub last_ms: Option<u64>,
    /// Open matters.
    pub open: u32,
    /// Of these: overdue.
    pub overdue: u32,
}

impl Figures {
    fn add(&mut self, other: &Figures) {
        self.doors += other.doors;
        for (mine, theirs) in self.within.iter_mut().zip(other.within) {
            *mine += theirs;
        }
        self.ever += other.ever;
        self.last_ms = self.last_ms.max(other.last_ms);
        self.open += other.open;
        self.overdue += other.overdue;
    }
    fn visited(row: &VisitedRow) -> Self {
        Self { doors: row.doors, within: row.since, ever: row.ever, last_ms: row.last_ms, open: 0, overdue: 0 }
    }
    /// How long ago somebody was here.
    pub fn step(&self, by: Shade, now_ms: u64) -> Step {
        if self.doors == 0 {
            return Step::NoDoors;
        }
        let fresh: [bool; 3] = match by {
            Shade::Last => {
                let days = self.last_ms.map(|at| day(now_ms).saturating_sub(day(at)));
                STEPS_DAYS.map(|most| days.is_some_and(|d| d <= most))
            }
            Shade::Half => self.within.map(|n| n * 2 >= self.doors),
        };
        let ever = match by {
            Shade::Last => self.last_ms.is_some(),
            Shade::Half => self.ever * 2 >= self.doors,
        };
        match fresh {
            [true, _, _] => Step::Week,
            [_, true, _] => Step::Month,
            [_, _, true] => Step::Quarter,
            _ if ever => Step::Older,
            _ => Step::Never,
        }
    }
}

/// What the shade tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Shade {
    /// The last visit anywhere in the place.
    #[default]
    Last,
    /// How far back one has to go until half of the doors were visited.
    Half,
}

/// How long ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Step {
    /// Within seven days.
    Week,
    /// Within thirty days.
    Month,
    /// Within ninety days.
    Quarter,
    /// Longer ago.
    Older,
    /// No visit is written down.
    Never,
    /// No door is in the ledger.
    NoDoors,
}

impl Step {
    /// Every one, the freshest first.
    pub const ALL: [Step; 6] = [Step::Week, Step::Month, Step::Quarter, Step::Older, Step::Never, Step::NoDoors];
    /// What people read.
    pub fn label(self, by: Shade) -> &'static str {
        match (self, by) {
            (Step::Week, _) => "7 天内",
            (Step::Month, _) => "8–30 天",
            (Step::Quarter, _) => "31–90 天",
            (Step::Older, _) => "90 天以前",
            (Step::Never, Shade::Last) => "还没走访到",
            (Step::Never, Shade::Half) => "过半没有走访过",
            (Step::NoDoors, _) => "台账里没有户",
        }
    }
}

/// A building.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildingOnMap {
    /// Its id.
    pub id: BuildingId,
    /// Its name.
    pub name: String,
    /// What is counted.
    pub figures: Figures,
    /// Its shape.
    pub shape: Option<Geometry>,
}

/// A grid.
#[derive(Debug, Clone, PartialEq)]
pub struct GridOnMap {
    /// Its id.
    pub id: GridId,
    /// Its name.
    pub name: String,
    /// What is counted, in all its buildings and in none of them.
    pub figures: Figures,
    /// Open matters that name no building, and of these the overdue.
    pub beside: [u32; 2],
    /// Its shape.
    pub shape: Option<Geometry>,
    /// Its buildings, as people count them.
    pub buildings: Vec<BuildingOnMap>,
}

/// The map.
#[derive(Debug, Clone)]
pub struct MapView {
    /// The grids that are shown, in the office's order.
    pub grids: Vec<GridOnMap>,
    /// The grids that may be asked for: id and name.
    pub choices: Vec<(GridId, String)>,
    /// The grid that was asked for.
    pub chosen: Option<GridId>,
    /// Open matters that name no grid and no building, and of these the overdue; for whoever sees everything.
    pub nowhere: [u32; 2],
    /// All of it together.
    pub total: Figures,
    /// Now.
    pub now_ms: u64,
}

impl MapView {
    /// Whether something has a shape.
    pub fn is_drawn(&self) -> bool {
        self.grids.iter().any(|g| g.shape.is_some() || g.buildings.iter().any(|b| b.shape.is_some()))
    }
    /// How long ago an instant was, in days of the calendar, as people say it.
    pub fn ago(&self, at_ms: Option<u64>) -> String {
        match at_ms.map(|at| day(self.now_ms).saturating_sub(day(at))) {
            None => "还没走访到".to_owned(),
            Some(0) => "今天".to_owned(),
            Some(1) => "昨天".to_owned(),
            Some(days) => format!("{days} 天前"),
        }
    }
}

/// What happened at the doors of each building.
pub(crate) fn visited(tx: &Tx<'_>, now_ms: u64) -> Result<BTreeMap<BuildingId, Figures>, OfficeError> {
    let today = day(now_ms);
    let rows = tx.visited(STEPS_DAYS.map(|days| day_starts(today.saturating_sub(days))))?;
    Ok(rows.iter().map(|row| (row.building, Figures::visited(row))).collect())
}

/// The map within sight, of one grid or of all; none if that grid is not within sight.
pub fn map(office: &Office, sight: &Sight, asked: Option<GridId>) -> Result<Option<MapView>, OfficeError> {
    let now_ms = office.now_ms();
    office.store().read(|tx| {
        let Some(scope) = Scope::of(tx, sight, asked)? else { return Ok(None) };
        let mut visited = visited(tx, now_ms)?;
        let mut shapes = shapes(tx)?;
        let mut grids: Vec<GridOnMap> = Vec::new();
        for info in &scope.grids {
            let id = id_of(info);
            let mut grid = GridOnMap {
                id,
                name: info.name.clone(),
                figures: Figures::default(),
                beside: [0, 0],
                shape: shapes.remove(&Place::Grid(id)),
                buildings: Vec::new(),
            };
            for building in scope.buildings.iter().filter(|b| b.grid == info.id) {
                let id = BuildingId::from_bytes(*building.id);
                let figures = visited.remove(&id).unwrap_or_default();
                let shape = shapes.remove(&Place::Building(id));
                grid.buildings.push(BuildingOnMap { id, name: building.name.clone(), figures, shape });
            }
            grids.push(grid);
        }
        let mut nowhere = [0, 0];
        for row in tx.open_by_place(&date(day(now_ms)))? {
            let grid = scope.grid_at(row.building, row.grid).and_then(|id| grids.iter_mut().find(|g| g.id == id));
            let Some(grid) = grid else {
                if scope.whole {
                    nowhere = [nowhere[0] + row.open, nowhere[1] + row.overdue];
                }
                continue;
            };
            match row.building.and_then(|id| grid.buildings.iter_mut().find(|b| b.id == id)) {
                Some(building) => {
                    building.figures.open += row.open;
                    building.figures.overdue += row.overdue;
                }
                None => grid.beside = [grid.beside[0] + row.open, grid.beside[1] + row.overdue],
            }
        }
        let mut total = Figures { open: nowhere[0], overdue: nowhere[1], ..Figures::default() };
        for grid in &mut grids {
            for building in &grid.buildings {
                grid.figures.add(&building.figures);
            }
            grid.figures.open += grid.beside[0];
            grid.figures.overdue += grid.beside[1];
            total.add(&grid.figures);
        }
        let choices = scope.choices.iter().map(|g| (id_of(g), g.name.clone())).collect();
        Ok(Some(MapView { grids, choices, chosen: scope.chosen, nowhere, total, now_ms }))
    })
}

fn shapes(tx: &Tx<'_>) -> Result<BTreeMap<Place, Geometry>, OfficeError> {
    // A row that cannot be read any more is as one that is not there: the schematic shows the place all the same.
    let one = |row: crate::store::sqlite::ShapeRow| {
        Some((Place::from_row(row.kind, row.place)?, Geometry::from_row(&row.geometry)?))
    };
    Ok(tx.shapes()?.into_iter().filter_map(one).collect())
}
