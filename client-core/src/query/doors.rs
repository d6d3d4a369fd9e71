//! My doors, as people count them.

use super::care::{self, CareLine};
use super::order::door_order;
use super::sight::{Sight, address};
use super::stored::StoredDoor;
use crate::store::StoreError;
use qiaomen_proto::normalise::{UnitKey, building_name};
use serde::Serialize;

/// One door in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorLine {
    /// Id.
    pub household: String,
    /// 3号楼2单元502.
    pub address: String,
    /// Id of the building.
    pub building: Option<String>,
    /// The building's name; empty where the reference data does not know it.
    pub building_name: String,
    /// The unit's normal form; empty for none.
    pub unit: String,
    /// The room's normal form.
    pub room: String,
    /// The floor, where the room tells it.
    pub floor: Option<i32>,
    /// Id of the grid.
    pub grid: Option<String>,
    /// Name of the grid.
    pub grid_name: Option<String>,
    /// Name of the micro-grid, where the building belongs to one.
    pub micro_grid: Option<String>,
    /// How it is lived in.
    #[serde(rename = "use")]
    pub occupied_as: Option<String>,
    /// How many live there, where somebody said so.
    pub people_count: Option<u32>,
    /// How many are registered there.
    pub resident_count: u32,
    /// Matters that wait for somebody.
    pub open_tickets: u32,
    /// True if the whole door would not give data.
    pub refusal: bool,
    /// Places where the office has to decide.
    pub conflicts: u32,
    /// When somebody last knocked or called, in milliseconds since 1970.
    pub last_visit_ms: Option<u64>,
    /// The same as people read it.
    pub last_visit: Option<String>,
    /// How that ended: `met`, `not_home`, `refused`.
    pub last_outcome: Option<String>,
    /// The same in Chinese.
    pub last_outcome_title: Option<&'static str>,
    /// How it stands in the plan of care visits; none where nobody needs one.
    pub care: Option<CareLine>,
    /// True while something here is not confirmed by the office.
    pub pending: bool,
}

/// Which doors. Nothing set: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoorFilter {
    /// Name of the building, however it is spelled.
    pub building: Option<String>,
    /// Unit, however it is spelled.
    pub unit: Option<String>,
    /// Name or id of the grid.
    pub grid: Option<String>,
    /// How it is lived in.
    pub occupied_as: Option<String>,
    /// Only doors that would not give data.
    pub refused: bool,
    /// Only doors where nobody is registered.
    pub empty: bool,
    /// Only doors where the last try met nobody.
    pub not_home: bool,
    /// Only doors where nobody ever knocked.
    pub never_visited: bool,
    /// Only doors where a care visit is due.
    pub care_due: bool,
    /// Only doors with open matters.
    pub open_tickets: bool,
    /// Only doors with something to decide.
    pub conflicts: bool,
    /// Only doors with something that the office has not confirmed.
    pub pending: bool,
}

impl DoorFilter {
    fn takes(&self, door: &DoorLine) -> bool {
        let said = |wanted: &Option<String>, is: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(is);
        let only = |wanted: bool, is: bool| !wanted || is;
        said(&self.building, &|b| building_name(b) == door.building_name)
            && said(&self.unit, &|u| UnitKey::parse(u).is_ok_and(|u| u.as_str() == door.unit))
            && said(&self.grid, &|g| door.grid.as_deref() == Some(g) || door.grid_name.as_deref() == Some(g))
            && said(&self.occupied_as, &|u| door.occupied_as.as_deref() == Some(u))
            && only(self.refused, door.refusal)
            && only(self.empty, door.resident_count == 0)
            && only(self.not_home, door.last_outcome.as_deref() == Some("not_home"))
            && only(self.never_visited, door.last_visit_ms.is_none())
            && only(self.care_due, door.is_care_due())
            && only(self.open_tickets, door.open_tickets > 0)
            && only(self.conflicts, door.conflicts > 0)
            && only(self.pending, door.pending)
    }
}

impl DoorLine {
    /// Whether somebody has to look in again.
    pub fn is_care_due(&self) -> bool {
        self.care.is_some_and(|care| care.due)
    }

    pub(crate) fn of(sight: &Sight<'_>, row: StoredDoor, care: Option<CareLine>) -> Self {
        Self {
            address: address(&row.building_name, &row.unit, &row.room),
            grid_name: row.grid.as_deref().and_then(|g| sight.grid(g)),
            micro_grid: row.building.as_deref().and_then(|b| sight.micro_grid(b)),
            last_visit: row.last_visit_ms.map(|at| sight.time(at)),
            last_outcome_title: row.last_outcome.as_deref().and_then(outcome_title),
            household: row.household,
            building: row.building,
            building_name: row.building_name,
            unit: row.unit,
            room: row.room,
            floor: row.floor,
            grid: row.grid,
            occupied_as: row.occupied_as,
            people_count: row.people_count,
            resident_count: row.resident_count,
            open_tickets: row.open_tickets,
            refusal: row.refusal,
            conflicts: row.conflicts,
            last_visit_ms: row.last_visit_ms,
            last_outcome: row.last_outcome,
            care,
            pending: row.pending,
        }
    }
}

/// The doors of this filter, in order.
pub(crate) fn doors(sight: &Sight<'_>, filter: &DoorFilter) -> Result<Vec<DoorLine>, StoreError> {
    let plan = care::plan(sight)?;
    let lines = sight.tx.doors()?.into_iter().map(|row| {
        let care = plan.get(&row.household).copied();
        DoorLine::of(sight, row, care)
    });
    let mut doors: Vec<DoorLine> = lines.filter(|d| filter.takes(d)).collect();
    doors.sort_by_cached_key(|d| door_order(&d.building_name, &d.unit, d.floor, &d.room));
    Ok(doors)
}

/// What people call the outcome of an entry.
pub(crate) fn outcome_title(name: &str) -> Option<&'static str> {
    Some(match name {
        "met" => "见到",
        "not_home" => "没人",
        "refused" => "拒访",
        "clear" => "无异常",
        "found" => "发现问题",
        _ => return None,
    })
}

/// What people call a kind of entry.
pub(crate) fn entry_title(name: &str) -> Option<&'static str> {
    Some(match name {
        "visit" => "走访",
        "call" => "电话",
        "patrol" => "巡查",
        _ => return None,
    })
}
