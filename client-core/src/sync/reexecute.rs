//! Doing again what lay on something that the office did not take.
//!
//! A change cannot be taken out from under another. What the office refused leaves the overlay; every
//! later command that touches the same documents is made anew from what was meant, on what is left,
//! under a new actor, with its own id and time.
//!
//! Only those: a command that touches none of these documents may be at the office already (its reply
//! was lost), and making it anew would be doing it twice. One that does touch them builds on the
//! refused change, so the office cannot have taken it.

use super::verdict::release;
use crate::clock::random;
use crate::edit::execute::{Desk, Made, make};
use crate::error::EditError;
use crate::outbox::rescue::record_of;
use crate::outbox::{OutboxRow, OutboxState};
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::meta::name;
use qiaomen_proto::change::Stamp;
use qiaomen_proto::ids::{Actor, DocId};
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::sentence;
use std::collections::BTreeSet;

/// What was done again.
#[derive(Debug, Default)]
pub(crate) struct Redone {
    /// Documents whose overlay changed.
    pub(crate) docs: BTreeSet<DocId>,
    /// Commands that were made anew.
    pub(crate) count: u64,
    /// Commands that could not be: they are rejected, with the device's own words.
    pub(crate) refused: u64,
}

/// Does again what lay on changes of these documents that are gone. Takes a new actor.
pub(crate) fn redo_after(tx: &Tx<'_>, desk: &Desk<'_>, dropped: &BTreeSet<DocId>) -> Result<Redone, EditError> {
    redo(tx, desk, dropped.clone(), false, Actor(random(desk.host)?))
}

/// Does everything again that is not confirmed: another store uses this one's actor, or the device is
/// enrolled anew.
pub(crate) fn redo_everything(tx: &Tx<'_>, desk: &Desk<'_>, actor: Actor) -> Result<Redone, EditError> {
    redo(tx, desk, BTreeSet::new(), true, actor)
}

fn redo(
    tx: &Tx<'_>,
    desk: &Desk<'_>,
    mut affected: BTreeSet<DocId>,
    everything: bool,
    actor: Actor,
) -> Result<Redone, EditError> {
    // Under the old actor the next number is used: whoever keeps the refused change may yet take it.
    tx.put_meta(name::ACTOR, &actor.0)?;
    let mut again: Vec<OutboxRow> = Vec::new();
    for row in tx.unconfirmed(usize::MAX)? {
        let docs = tx.docs_of(row.command)?;
        if everything || docs.iter().any(|d| affected.contains(d)) {
            affected.extend(docs);
            again.push(row);
        }
    }
    let mut done = Redone { docs: affected, ..Redone::default() };
    let mut records = Vec::new();
    for mut row in again {
        if in_the_book(tx, &row)? {
            // It came down before its receipt did.
            release(tx, &row, desk.host.now_ms())?;
            continue;
        }
        if row.stamp.by.worker != desk.identity.worker() {
            // The phone was handed on while the office kept this for a person. It is not done again in the name of
            // whoever has the phone now: it goes as it is, and is kept for a person again.
            row.in_full = true;
            tx.update_outbox(&row)?;
            continue;
        }
        row.redone += 1;
        row.in_full = false;
        match anew(tx, desk, &row, actor) {
            Ok((stamp, made)) => {
                row.state = OutboxState::Pending;
                row.code = 0;
                row.stamp = stamp;
                tx.put_pending(row.command, &made.changes)?;
                for (subject, key) in &made.new_keys {
                    tx.put_key(*subject, key, false)?;
                }
                records.extend(record_of(tx, &desk.identity.office_box(), &row, &made.changes, random(desk.host)?)?);
                done.docs.extend(made.docs());
                done.count += 1;
            }
            Err(e) if e.is_permanent() => {
                row.state = OutboxState::Rejected;
                row.reason = Some(e.sentence());
                done.refused += 1;
                if planted(Planted::RefusedWithoutAWord) {
                    tx.remove_outbox(row.command)?;
                }
            }
            Err(e) => return Err(e),
        }
        tx.update_outbox(&row)?;
    }
    if done.refused > 0 {
        // What was begun by a command that is not done is begun no more.
        tx.forget_stray_keys(&desk.reference.staff())?;
    }
    if !records.is_empty() {
        desk.rescue.append(&records).map_err(EditError::WriteRescue)?;
    }
    Ok(done)
}

/// Whether the acknowledged base has this command, in whatever form, as its author's.
fn in_the_book(tx: &Tx<'_>, row: &OutboxRow) -> Result<bool, StoreError> {
    let act = |stamp: Stamp| (stamp.command, stamp.by.worker);
    for doc in tx.docs_of(row.command)? {
        if tx.base(doc)?.changes().iter().any(|c| c.stamp.is_some_and(|s| act(s) == act(row.stamp))) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn anew(tx: &Tx<'_>, desk: &Desk<'_>, row: &OutboxRow, actor: Actor) -> Result<(Stamp, Made), EditError> {
    let intent = row.intent.known().ok_or(EditError::NotPossible(sentence!(
        "not-of-the-future",
        "这一条是更新版本的应用记的，请更新应用后再同步"
    )))?;
    let stamp = Stamp { by: desk.identity.author(), ..row.stamp };
    Ok((stamp, make(tx, desk, intent, stamp, actor, false)?))
}
