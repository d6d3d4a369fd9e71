//! An entry of my diary that I can take back: one that I wrote today, as the office counts days.

use super::door::EntryLine;
use super::sight::Sight;
use crate::edit::Intent;
use crate::store::StoreError;
use qiaomen_proto::entity::record::EntryKind;
use qiaomen_proto::ids::{CommandId, DiaryId, GridId};
use serde::Serialize;

/// An entry that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToTakeBack {
    /// What was written down.
    #[serde(flatten)]
    pub entry: EntryLine,
    /// What takes it back.
    #[serde(skip)]
    pub intent: Intent,
}

/// The entry that this command wrote; none where it is not mine, not of today, or was taken back already.
pub(crate) fn to_take_back(sight: &Sight<'_>, command: CommandId) -> Result<Option<ToTakeBack>, StoreError> {
    let Some(me) = sight.me else { return Ok(None) };
    let (today, wanted) = (sight.today(), command.to_string());
    let entries = sight.tx.entries_on(&me.worker.to_string(), &today.to_string())?;
    let Some(row) = entries.into_iter().find(|row| row.command == wanted) else { return Ok(None) };
    let Some(grid) = row.grid.as_deref().and_then(|grid| grid.parse::<GridId>().ok()) else { return Ok(None) };
    let kind = match row.kind.as_str() {
        "call" => EntryKind::Call,
        "patrol" => EntryKind::Patrol,
        _ => EntryKind::Visit,
    };
    let household = row.household.as_deref().and_then(|door| door.parse().ok());
    let intent = Intent::TakeBack { diary: DiaryId::of(me.worker, grid, today), entry: command, kind, household };
    Ok(Some(ToTakeBack { entry: EntryLine::of(sight, row)?, intent }))
}
