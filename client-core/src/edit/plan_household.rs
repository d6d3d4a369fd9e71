//! Doors.

use super::draft::Draft;
use super::sensible;
use crate::error::{EditError, What};
use qiaomen_proto::change::{Answer, keys};
use qiaomen_proto::entity::household::{OCCUPANCIES, REFUSALS};
use qiaomen_proto::entity::record::RefusalPayload;
use qiaomen_proto::ids::{BuildingId, DocId, HouseholdId, ResidentId};
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_proto::sentence;

/// Fields that a door's id is made of: they are written when it is registered, and never again.
const ADDRESS: [&str; 3] = ["building", "unit", "room"];

pub(super) fn register(
    draft: &mut Draft<'_, '_>,
    building: BuildingId,
    unit: &str,
    room: &str,
) -> Result<(), EditError> {
    draft.under.reference.building(building).ok_or(EditError::Unknown(What::Building))?;
    let unit = if unit.trim().is_empty() {
        UnitKey::none()
    } else {
        UnitKey::parse(unit).map_err(|_| EditError::Unknown(What::Unit))?
    };
    let room = RoomKey::parse(room).map_err(|_| EditError::Unknown(What::Room))?;
    let doc = DocId::from(HouseholdId::of(building, &unit, &room));
    draft.value(doc, "building", building.to_string())?;
    if !unit.is_none() {
        draft.value(doc, "unit", unit.as_str())?;
    }
    draft.value(doc, "room", room.as_str())
}

pub(super) fn correct(
    draft: &mut Draft<'_, '_>,
    household: HouseholdId,
    field: &str,
    answer: &Answer<String>,
) -> Result<(), EditError> {
    if ADDRESS.contains(&field) {
        return Err(EditError::NotPossible(sentence!(
            "not-the-number-of-a-door",
            "门牌不能改；写错了请重新登记正确的一户，再请社区作废这一户"
        )));
    }
    let doc = household.into();
    draft.known(doc)?;
    draft.field(doc, field, answer)
}

pub(super) fn open_occupancy(
    draft: &mut Draft<'_, '_>,
    household: HouseholdId,
    kind: &str,
    head: Option<ResidentId>,
    since: Option<&str>,
) -> Result<(), EditError> {
    let doc = household.into();
    draft.known(doc)?;
    if let Some(head) = head {
        draft.known(head.into())?;
    }
    let row = keys::record_key(draft.under.stamp.command, 0);
    draft.row_value(doc, OCCUPANCIES, &row, "kind", kind)?;
    if let Some(head) = head {
        draft.row_value(doc, OCCUPANCIES, &row, "head", &head.to_string())?;
    }
    if let Some(since) = since {
        draft.row_value(doc, OCCUPANCIES, &row, "since", since)?;
    }
    Ok(())
}

pub(super) fn close_occupancy(
    draft: &mut Draft<'_, '_>,
    household: HouseholdId,
    row: &str,
    until: &str,
) -> Result<(), EditError> {
    let doc = household.into();
    let rows = draft.view(doc, |view| view.rows(OCCUPANCIES))?;
    let held = rows.get(row).ok_or(EditError::Unknown(What::Occupancy))?;
    if draft.is_by_hand() {
        sensible::not_before(held.get("since").and_then(|since| since.shown.text()), until)?;
    }
    draft.row_value(doc, OCCUPANCIES, row, "until", until)
}

pub(super) fn refuse(
    draft: &mut Draft<'_, '_>,
    household: HouseholdId,
    people_count: Option<u32>,
    withdrawn: bool,
) -> Result<(), EditError> {
    let doc = household.into();
    let stands = draft.view(doc, |view| view.door_refusal().map(|(_, refusal)| refusal))?;
    let says_the_same = match &stands {
        Some(refusal) => !withdrawn && (people_count.is_none() || people_count == refusal.people_count),
        None => withdrawn,
    };
    if says_the_same {
        return Err(EditError::NothingToChange(What::Household));
    }
    draft.record(doc, REFUSALS, &RefusalPayload { people_count, withdrawn })
}
