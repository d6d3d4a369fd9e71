//! Taking a decision back: one more fact. What the decision had settled stands again.

use super::conflicts::goes_on_in;
use super::decide::Decided;
use super::error::ReviewError;
use super::words::Words;
use crate::office::Office;
use crate::people::audit::{self, Deed};
use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::merge::decision;

/// Takes the decision of a conflict back. What then holds for now is in the answer.
pub fn undo(office: &Office, id: i64, clerk: WorkerId) -> Result<Decided, ReviewError> {
    let inner = office.clone();
    office.store().write(move |tx| undo_in(&inner, tx, id, clerk))
}

pub(super) fn undo_in(office: &Office, tx: &Tx<'_>, id: i64, clerk: WorkerId) -> Result<Decided, ReviewError> {
    let row = tx.conflict(id)?.ok_or(ReviewError::NotFound { id })?;
    let at_place = tx.conflicts_at(row.doc, &row.path)?;
    if let Some(into) = goes_on_in(&row, &at_place) {
        return Err(ReviewError::MovedOn { id, into });
    }
    let key = row.decision_key.as_ref().filter(|_| row.state == "decided").ok_or(ReviewError::NothingToUndo { id })?;
    let register = tx.register(row.doc)?.ok_or(StoreError::Damaged("conflict"))?;
    let ring = office.ring(tx, [row.doc.uuid])?;
    let document = View::new(&register, &ring);
    let in_force: Vec<_> = document.decisions().at(&row.path).into_iter().filter(|d| d.in_force).collect();
    let decision = in_force.iter().find(|d| d.key == *key).ok_or(ReviewError::NothingToUndo { id })?;
    if let Some(last) = in_force.last().filter(|last| last.key != *key) {
        let later = at_place.iter().rfind(|r| r.decision_key.as_ref() == Some(&last.key));
        return Err(ReviewError::DecidedAgain { later: later.map_or(id, |r| r.id) });
    }
    let edits = decision::undo(&register, decision);
    // First the record, then the change. A late update may have opened a record of its own at this
    // place: there is one open record for each place, so what is undone goes on in that one.
    let state = if tx.open_conflict(row.doc, &row.path)?.is_some() { "undone" } else { "open" };
    tx.reopen_conflict(id, state, &clerk.to_string(), office.now_ms())?;
    let stamp = office.next_stamp(tx, clerk)?;
    office.write_own(tx, stamp, vec![(row.doc, edits)], &[])?;
    audit::note(office, tx, clerk, Deed::Undone, Some(&row.doc.key()))?;
    let after = tx.register(row.doc)?.ok_or(StoreError::Damaged("conflict"))?;
    let document = View::new(&after, &ring);
    let now = document.at(&row.path).ok_or(StoreError::Damaged("conflict"))?;
    let mut words = Words::new(office, tx)?;
    Ok(Decided {
        id,
        place: words.place(&document)?,
        field_label: Words::field_label(&after, &row.path),
        text: words.value(now.field, &now.shown)?,
        decision_key: key.clone(),
    })
}
