//! Grids, buildings, doors: which stand where. Nothing here is thrown: sizes are promises.

use super::super::book::{DoorRow, Origin};
use super::InventedSize;
use qiaomen_proto::normalise::{RoomKey, UnitKey};

/// The nine types of grid, in the order in which reports name them.
pub(super) const GRID_TYPES: [&str; 9] =
    ["志愿型", "惠民型", "连心桥型", "文明型", "法制型", "平安型", "科普型", "关爱型", "居家养老型"];
const ORDINALS: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// One grid as planned.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) name: String,
    pub(super) grid_type: &'static str,
    pub(super) buildings: Vec<Building>,
}

impl Grid {
    /// Grids of these two types were drawn where old people live.
    pub(super) fn is_for_the_old(&self) -> bool {
        matches!(self.grid_type, "关爱型" | "居家养老型")
    }
}

/// One building as planned.
#[derive(Debug)]
pub(super) struct Building {
    pub(super) name: String,
    pub(super) units: u32,
    floors: u32,
}

const ROOMS_PER_FLOOR: u32 = 2;

/// Draws the grids of a community of this size.
pub(super) fn plan(size: InventedSize) -> Vec<Grid> {
    let mut built = 0;
    let count = if size == InventedSize::Grid { 1 } else { GRID_TYPES.len() };
    (0..count)
        .map(|place| {
            let buildings = (0..buildings_of(size, place))
                .map(|_| {
                    let (units, floors) = shape(size, built, place);
                    built += 1;
                    Building { name: format!("{built}号楼"), units, floors }
                })
                .collect();
            Grid { name: format!("第{}网格", ORDINALS[place]), grid_type: GRID_TYPES[place], buildings }
        })
        .collect()
}

fn buildings_of(size: InventedSize, grid: usize) -> u32 {
    match size {
        // Every third grid has one more: 6 × 2 + 3 × 3 = 21.
        InventedSize::Demo => 2 + u32::from(grid % 3 == 2),
        InventedSize::Grid => 9,
        // 8 × 9 + 8 = 80.
        InventedSize::Community => 9 - u32::from(grid == 8),
    }
}

/// Units and floors of the building that is built next.
fn shape(size: InventedSize, built: u32, grid: usize) -> (u32, u32) {
    if size != InventedSize::Demo {
        // Four buildings hold 30 + 24 + 30 + 36 = 120 doors.
        return [(3, 5), (2, 6), (3, 5), (3, 6)][(built % 4) as usize];
    }
    // A grid's first building has 12 doors, the others 16: 9 × 12 + 12 × 16 = 300.
    let built_before: u32 = (0..grid).map(|g| buildings_of(size, g)).sum();
    match (built == built_before, grid % 2) {
        (true, 0) => (1, 6),
        (true, _) => (2, 3),
        (false, _) => (2, 4),
    }
}

/// Every door of these grids, still without people.
pub(super) fn doors(grids: &[Grid]) -> Vec<DoorRow> {
    let mut doors = Vec::new();
    for grid in grids {
        for building in &grid.buildings {
            for unit in 1..=building.units {
                for floor in 1..=building.floors {
                    for room in 1..=ROOMS_PER_FLOOR {
                        doors.extend(door(grid, building, unit, floor * 100 + room));
                    }
                }
            }
        }
    }
    doors
}

fn door(grid: &Grid, building: &Building, unit: u32, room: u32) -> Option<DoorRow> {
    Some(DoorRow {
        origin: Origin::default(),
        grid: grid.name.clone(),
        building: building.name.clone(),
        unit: unit_key(unit)?,
        room: RoomKey::parse(&room.to_string()).ok()?,
        occupancy: None,
        people: Vec::new(),
        note: None,
    })
}

/// The key of the unit with this number.
pub(super) fn unit_key(number: u32) -> Option<UnitKey> {
    UnitKey::parse(&number.to_string()).ok()
}
