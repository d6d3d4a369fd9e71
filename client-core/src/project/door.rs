//! A door's row.

use qiaomen_proto::entity::view::View;
use qiaomen_proto::normalise::{RoomKey, floor_of};
use qiaomen_proto::reference::Reference;

/// What the list of doors shows; counts of other documents are derived apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DoorRow {
    pub(crate) household: String,
    pub(crate) grid: Option<String>,
    pub(crate) building: Option<String>,
    pub(crate) building_name: String,
    pub(crate) unit: String,
    pub(crate) room: String,
    pub(crate) floor: Option<i32>,
    pub(crate) shown_use: Option<String>,
    pub(crate) people_count: Option<i64>,
    pub(crate) refusal: bool,
    pub(crate) conflicts: usize,
    pub(crate) pending: bool,
}

impl DoorRow {
    /// Of this door's document.
    pub(crate) fn of(view: &View<'_>, reference: &Reference, pending: bool) -> Self {
        let building = view.building();
        let known = building.and_then(|b| reference.building(b));
        let room = view.text("room").unwrap_or_default();
        let refusal = view.door_refusal();
        let counted = view.text("people_count").and_then(|n| n.parse().ok());
        Self {
            household: view.register().doc().uuid.to_string(),
            grid: building.and_then(|b| reference.grid_of(b)).map(|g| g.to_string()),
            building: building.map(|b| b.to_string()),
            building_name: known.map(|b| b.name.clone()).unwrap_or_default(),
            unit: view.text("unit").unwrap_or_default(),
            floor: RoomKey::parse(&room).ok().and_then(|r| floor_of(&r)),
            room,
            shown_use: view.field("use").map(|f| f.shown.label().to_owned()),
            // A door that gave nothing else may have said how many they are.
            people_count: counted.or_else(|| refusal.as_ref().and_then(|(_, r)| r.people_count.map(i64::from))),
            refusal: refusal.is_some(),
            conflicts: view.conflict_count(),
            pending,
        }
    }
}
