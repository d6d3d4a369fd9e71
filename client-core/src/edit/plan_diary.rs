//! Diaries: one worker's day in one grid.

use super::draft::Draft;
use crate::error::{EditError, What};
use qiaomen_proto::entity::diary::{ENTRIES, LINKS};
use qiaomen_proto::entity::record::{EntryKind, EntryPayload, Outcome};
use qiaomen_proto::ids::{BuildingId, CommandId, DiaryId, DocId, GridId, HouseholdId};
use qiaomen_proto::merge::taken_back;
use qiaomen_proto::sentence;

pub(super) fn visit(
    draft: &mut Draft<'_, '_>,
    at: HouseholdId,
    outcome: Outcome,
    note: Option<&str>,
) -> Result<(), EditError> {
    at_a_door(draft, EntryKind::Visit, at, outcome, note)
}

pub(super) fn call(
    draft: &mut Draft<'_, '_>,
    to: HouseholdId,
    outcome: Outcome,
    note: Option<&str>,
) -> Result<(), EditError> {
    at_a_door(draft, EntryKind::Call, to, outcome, note)
}

fn at_a_door(
    draft: &mut Draft<'_, '_>,
    kind: EntryKind,
    household: HouseholdId,
    outcome: Outcome,
    note: Option<&str>,
) -> Result<(), EditError> {
    let building = draft.view(household.into(), |view| view.building())?;
    let grid = building.and_then(|b| draft.under.reference.grid_of(b)).or_else(|| draft.under.own_grid());
    let payload =
        EntryPayload { kind, outcome, household: Some(household.as_bytes().to_vec()), note: None, building: None };
    enter(draft, grid, payload, note)
}

pub(super) fn patrol(
    draft: &mut Draft<'_, '_>,
    building: Option<BuildingId>,
    outcome: Outcome,
    note: Option<&str>,
) -> Result<(), EditError> {
    let grid = match building {
        Some(building) => Some(draft.under.reference.grid_of(building).ok_or(EditError::Unknown(What::Building))?),
        None => draft.under.own_grid(),
    };
    let payload = EntryPayload {
        kind: EntryKind::Patrol,
        outcome,
        household: None,
        note: None,
        building: building.map(|b| b.as_bytes().to_vec()),
    };
    enter(draft, grid, payload, note)
}

/// Takes back what a command wrote into my diary of today. What stands in an earlier day's was counted by the office
/// when it closed that day.
pub(super) fn take_back(draft: &mut Draft<'_, '_>, diary: DiaryId, entry: CommandId) -> Result<(), EditError> {
    let doc = DocId::from(diary);
    let (me, today) = (draft.under.stamp.by.worker.to_string(), draft.under.today().to_string());
    let (worker, on, stands, was_there) = draft.view(doc, |view| {
        let is_it = |written: CommandId| written == entry;
        let stands = view.entries().iter().any(|(_, stamp, _)| is_it(stamp.command));
        let was_there = view.entries_taken_back().iter().any(|(_, stamp, _)| is_it(stamp.command));
        (view.text("worker"), view.text("on"), stands, was_there)
    })?;
    if worker.is_some_and(|worker| worker != me) {
        return Err(EditError::NotPossible(sentence!("not-anothers-entry", "别人记的走访只能由本人撤回")));
    }
    if on.is_some_and(|on| on != today) {
        return Err(EditError::NotPossible(sentence!(
            "not-an-earlier-days-entry",
            "只能撤回今天记的。以前的已经算在当天里，请在那一户加一条备注说明"
        )));
    }
    match (stands, was_there) {
        (true, _) => draft.record(doc, LINKS, &taken_back::payload(entry)),
        // Done again while the office holds the entry: once it is let in, it is to be taken back already.
        (false, false) if !draft.is_by_hand() => draft.record(doc, LINKS, &taken_back::payload(entry)),
        (false, true) => Err(EditError::NotPossible(sentence!("not-taken-back-twice", "这一条已经撤回过了"))),
        (false, false) => Err(EditError::Unknown(What::Command)),
    }
}

/// Adds an entry to the day's diary, which is begun with its first entry.
fn enter(
    draft: &mut Draft<'_, '_>,
    grid: Option<GridId>,
    mut payload: EntryPayload,
    note: Option<&str>,
) -> Result<(), EditError> {
    let grid = grid.ok_or(EditError::Unknown(What::Grid))?;
    let (worker, on) = (draft.under.stamp.by.worker, draft.under.today());
    let doc = DocId::from(DiaryId::of(worker, grid, on));
    if draft.book(doc)?.register.is_blank() {
        draft.value(doc, "worker", worker.to_string())?;
        draft.value(doc, "grid", grid.to_string())?;
        draft.value(doc, "on", on.to_string())?;
    }
    payload.note = draft.sealed_if_any(doc, note)?;
    draft.record(doc, ENTRIES, &payload)
}
