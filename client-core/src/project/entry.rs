//! The rows of a diary, one for each entry. A long day has 150 of them: only those that are new or
//! stand differently are written.

use crate::store::{StoreError, Tx};
use qiaomen_proto::change::Stamp;
use qiaomen_proto::entity::record::{EntryKind, EntryPayload, Outcome};
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::View;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// What the day shows of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryRow {
    pub(crate) diary: String,
    pub(crate) key: String,
    pub(crate) worker: Option<String>,
    pub(crate) grid: Option<String>,
    pub(crate) diary_on: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) household: Option<String>,
    pub(crate) building: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) at_ms: u64,
    pub(crate) command: String,
    pub(crate) pending: bool,
}

/// Name of a kind of entry in the database.
pub(crate) fn kind_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Visit => "visit",
        EntryKind::Call => "call",
        EntryKind::Patrol => "patrol",
    }
}

/// Name of an outcome in the database.
pub(crate) fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotHome => "not_home",
        Outcome::Refused => "refused",
        Outcome::Clear => "clear",
        Outcome::Found => "found",
    }
}

fn id_text(bytes: Option<&Vec<u8>>) -> Option<String> {
    Uuid::from_slice(bytes?).ok().map(|u| u.to_string())
}

/// Writes what changed.
pub(super) fn project(
    tx: &Tx<'_>,
    view: &View<'_>,
    pending: &[[u8; 16]],
    doors: &mut BTreeSet<String>,
) -> Result<(), StoreError> {
    let diary = view.register().doc().uuid.to_string();
    let pending: HashSet<&[u8; 16]> = pending.iter().collect();
    let mut before = tx.entries_of(&diary)?;
    for (key, stamp, payload) in view.entries() {
        let is_pending = pending.contains(stamp.command.as_bytes());
        if before.remove(&key) == Some(is_pending) {
            continue;
        }
        let row = row(view, &diary, key, &stamp, &payload, is_pending);
        doors.extend(row.household.clone());
        tx.put_entry(&row)?;
    }
    for key in before.keys() {
        doors.extend(tx.remove_entry(&diary, key)?);
    }
    Ok(())
}

fn row(view: &View<'_>, diary: &str, key: String, stamp: &Stamp, payload: &EntryPayload, pending: bool) -> EntryRow {
    EntryRow {
        diary: diary.to_owned(),
        key,
        worker: view.text("worker"),
        grid: view.text("grid"),
        diary_on: view.text("on"),
        kind: kind_name(payload.kind),
        outcome: outcome_name(payload.outcome),
        household: id_text(payload.household.as_ref()),
        building: id_text(payload.building.as_ref()),
        note: payload.note.as_deref().map(|n| view.sealed_text(n)).map(|s: Shown| s.label().to_owned()),
        at_ms: stamp.at.wall_ms,
        command: stamp.command.to_string(),
        pending,
    }
}
