//! Rows for counting: visits and matters at times of one's own choosing.
#![allow(dead_code, clippy::unwrap_used, reason = "used by several tests, in part")]

use super::phone::{EVENING_MS, Town};
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::ids::{BuildingId, DiaryId, GridId, HouseholdId, TicketId};
use qiaomen_proto::merge::fold::Stage;
use qiaomen_server::store::StoreError;
use qiaomen_server::store::sqlite::{DoorRow, EntryProjection, TicketRow};

/// Milliseconds of a day.
pub(crate) const DAY_MS: u64 = 24 * 3_600_000;

/// A door of a building: 0 or 1.
pub(crate) fn door(town: &Town, building: usize, room: &str) -> HouseholdId {
    let row = DoorRow {
        household: town.door(building, room),
        building: town.buildings[building],
        unit: "1".to_owned(),
        room: room.to_owned(),
        use_: None,
        refused: false,
        conflict_count: 0,
    };
    let id = row.household;
    town.office.store().write(move |tx| -> Result<(), StoreError> { tx.put_door(&row) }).unwrap();
    id
}

/// Something in a diary at a door, so long before the evening.
pub(crate) fn entry(town: &Town, door: HouseholdId, kind: EntryKind, outcome: Outcome, before_ms: u64) {
    let at_ms = EVENING_MS - before_ms;
    let row = EntryProjection {
        key: format!("{at_ms}-{}", kind as u8),
        worker: [1; 16],
        grid: Some(town.grids[0]),
        kind: kind as u8,
        outcome: outcome as u8,
        household: Some(*door.as_bytes()),
        at_ms,
    };
    let diary = DiaryId(door.0).into();
    town.office.store().write(move |tx| -> Result<(), StoreError> { tx.put_entries(diary, &[row]) }).unwrap();
}

/// A matter.
pub(crate) struct Matter {
    pub(crate) category: Option<&'static str>,
    pub(crate) building: Option<BuildingId>,
    pub(crate) household: Option<HouseholdId>,
    pub(crate) grid: Option<GridId>,
    pub(crate) stage: Stage,
    pub(crate) due_on: Option<&'static str>,
    /// Reported so many days before the evening.
    pub(crate) days: Option<u64>,
}

impl Matter {
    /// One that is open, about the pipes, reported today, at no place.
    pub(crate) fn open() -> Self {
        Self {
            category: Some("管网"),
            building: None,
            household: None,
            grid: None,
            stage: Stage::Accepted,
            due_on: None,
            days: Some(0),
        }
    }
    /// Writes it.
    pub(crate) fn put(self, town: &Town, number: u8) {
        let row = TicketRow {
            ticket: TicketId::from_bytes([number; 16]),
            grid: self.grid,
            building: self.building,
            household: self.household,
            category: self.category.map(str::to_owned),
            size: None,
            stage: self.stage.number(),
            due_on: self.due_on.map(str::to_owned),
            opened_ms: self.days.map(|days| EVENING_MS - days * DAY_MS),
            closed_ms: None,
            conflict_count: 0,
            is_open: self.stage.is_open(),
            large: false,
            party: None,
            department: None,
            due_by: self.due_on.map(str::to_owned),
            joint: false,
            joint_since_ms: None,
        };
        town.office.store().write(move |tx| -> Result<(), StoreError> { tx.put_ticket(&row) }).unwrap();
    }
}
