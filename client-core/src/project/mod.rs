//! From documents to the rows that screens read.
//!
//! A row is computed from the overlay (what the office confirmed, and what it did not yet) with the
//! keys of its one subject; automerge is not asked. Rows are written in the transaction of what they
//! show. What a row says of other documents is derived from their rows, see `store::derived`.

mod door;
pub(crate) mod entry;
mod resident;
mod ticket;

pub(crate) use door::DoorRow;
pub(crate) use entry::EntryRow;
pub(crate) use resident::ResidentRow;
pub(crate) use ticket::TicketRow;

use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind};
use qiaomen_proto::merge::Register;
use qiaomen_proto::reference::Reference;
use std::collections::BTreeSet;

/// Writes the rows of one document; adds the doors whose counts change.
pub(crate) fn project(
    tx: &Tx<'_>,
    overlay: &Register,
    reference: &Reference,
    doors: &mut BTreeSet<String>,
) -> Result<(), StoreError> {
    let doc = overlay.doc();
    if overlay.is_blank() {
        doors.extend(tx.remove_rows(doc)?);
        return Ok(());
    }
    let ring = tx.ring_of(doc.uuid)?;
    let view = View::new(overlay, &ring);
    let pending = tx.pending_commands_of(doc)?;
    match doc.kind {
        Kind::Household => {
            let row = DoorRow::of(&view, reference, !pending.is_empty());
            doors.insert(row.household.clone());
            tx.put_door(&row)?;
        }
        Kind::Resident => {
            let row = ResidentRow::of(&view, !pending.is_empty());
            doors.extend(row.household.clone());
            doors.extend(tx.put_resident(&row)?);
        }
        Kind::Ticket => {
            let row = TicketRow::of(&view, !pending.is_empty());
            doors.extend(row.household.clone());
            doors.extend(tx.put_ticket(&row)?);
        }
        Kind::Diary => entry::project(tx, &view, &pending, doors)?,
    }
    Ok(())
}

/// Writes the rows of these documents, and what follows for their doors.
pub(crate) fn project_all(tx: &Tx<'_>, docs: &BTreeSet<DocId>, reference: &Reference) -> Result<(), StoreError> {
    let mut doors = BTreeSet::new();
    for doc in docs {
        project(tx, &tx.overlay(*doc)?, reference, &mut doors)?;
    }
    derive(tx, &doors)
}

/// Brings the counts of these doors up to date.
pub(crate) fn derive(tx: &Tx<'_>, doors: &BTreeSet<String>) -> Result<(), StoreError> {
    doors.iter().try_for_each(|door| tx.derive_door(door))
}
