//! What the office said of each command: taken ones move into the base, refused ones leave the overlay,
//! the others stay.

use super::bases::Bases;
use super::push::{FormOf, Sent, SentCommand, form_of};
use crate::outbox::{OutboxRow, OutboxState, Receipt};
use crate::store::{StoreError, Tx};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, WorkerId};
use qiaomen_proto::wire::pull::{Outcome, Verdict};
use std::collections::BTreeSet;

/// What the verdicts of one reply came to.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    pub(crate) applied: u64,
    pub(crate) duplicate: u64,
    pub(crate) rejected: u64,
    pub(crate) quarantined: u64,
    /// Commands that were in the book already, in another form.
    pub(crate) taken_before: u64,
    /// Commands that were flagged to be sent in full.
    pub(crate) in_full: u64,
    /// Documents whose overlay or pending mark changed.
    pub(crate) docs: BTreeSet<DocId>,
    /// Documents that lost a change out of their overlay.
    pub(crate) dropped: BTreeSet<DocId>,
    /// Commands not to be sent again in this form before something moves.
    pub(crate) waited: Vec<FormOf>,
    /// True if a taken command does not fit the base here: the base lacks something.
    pub(crate) base_lacks: bool,
    /// True if another store uses this store's actor.
    pub(crate) forked: bool,
}

impl Verdicts {
    /// Commands that the office has.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.applied + self.duplicate
    }
    /// Whether the outbox is another than before.
    pub(crate) fn moved(&self) -> bool {
        self.acknowledged() + self.taken_before + self.rejected + self.quarantined + self.in_full > 0 || self.forked
    }
}

/// Writes the verdicts down. `worker` has this device; `wiping`: its access was taken back.
pub(crate) fn take(
    tx: &Tx<'_>,
    bases: &mut Bases<'_, '_>,
    sent: &Sent,
    verdicts: &[Verdict],
    worker: WorkerId,
    wiping: bool,
    now_ms: u64,
) -> Result<Verdicts, StoreError> {
    let mut all = Verdicts::default();
    for (command, verdict) in sent.commands.iter().zip(verdicts) {
        // A row that is gone was discarded meanwhile: only what the office has matters then.
        let row = tx.outbox_row(command.row.command)?;
        let docs = || command.changes.iter().map(|(_, c)| c.doc);
        match verdict.outcome {
            Outcome::Applied | Outcome::Duplicate => {
                if verdict.outcome == Outcome::Applied {
                    all.applied += 1
                } else {
                    all.duplicate += 1
                }
                all.docs.extend(docs());
                acknowledge(tx, bases, sent, command, verdict.outcome, now_ms, &mut all)?;
            }
            Outcome::Rejected | Outcome::Quarantined => {
                let Some(mut row) = row else { continue };
                if Code::from_number(verdict.code) == Some(Code::TakenBefore) {
                    // In the book in another form, which comes down; ours goes.
                    all.docs.extend(docs());
                    all.dropped.extend(docs());
                    all.taken_before += 1;
                    release(tx, &row, now_ms)?;
                    continue;
                }
                row.code = verdict.code;
                row.reason = None;
                // A device that is about to be wiped does nothing again, and none does again what is another worker's:
                // what the office keeps is enough.
                let again = !wiping && row.redone == 0 && row.stamp.by.worker == worker;
                let fork = again && Code::from_number(verdict.code) == Some(Code::Fork);
                if fork {
                    all.forked = true;
                } else if verdict.outcome == Outcome::Rejected {
                    row.state = OutboxState::Rejected;
                    all.rejected += 1;
                } else {
                    row.state = OutboxState::Quarantined;
                    all.quarantined += 1;
                }
                if !fork {
                    all.docs.extend(docs());
                    all.dropped.extend(docs());
                }
                tx.update_outbox(&row)?;
            }
            Outcome::Waiting => {
                let Some(mut row) = row else { continue };
                row.state = OutboxState::Waiting;
                row.code = verdict.code;
                row.in_full = true;
                tx.update_outbox(&row)?;
                all.waited.push(form_of(&row));
            }
            Outcome::SendInFull => {
                let Some(mut row) = row else { continue };
                if row.in_full {
                    all.waited.push(form_of(&row));
                } else {
                    row.in_full = true;
                    all.in_full += 1;
                    tx.update_outbox(&row)?;
                }
            }
        }
    }
    Ok(all)
}

/// Takes a command out of the outbox that is in the book without a receipt for it: it came down before, or was
/// brought by somebody else.
pub(super) fn release(tx: &Tx<'_>, row: &OutboxRow, now_ms: u64) -> Result<(), StoreError> {
    tx.remove_outbox(row.command)?;
    tx.put_receipt(&Receipt {
        command: row.command,
        counter: 0,
        at_ms: now_ms,
        intent: row.intent.clone(),
        check: [0; 8],
    })
}

fn acknowledge(
    tx: &Tx<'_>,
    bases: &mut Bases<'_, '_>,
    sent: &Sent,
    command: &SentCommand,
    outcome: Outcome,
    now_ms: u64,
    all: &mut Verdicts,
) -> Result<(), StoreError> {
    for (hash, change) in &command.changes {
        all.base_lacks |= bases.add(change.clone(), *hash)?.is_err();
        // With a repeat the office keeps no key: one that came later would be taken for known there.
        let kept = outcome == Outcome::Applied;
        for (subject, key) in sent.keys.iter().filter(|(subject, _)| kept && *subject == change.doc.uuid) {
            tx.acknowledge_key(*subject, *key)?;
        }
    }
    tx.remove_outbox(command.row.command)?;
    tx.put_receipt(&Receipt {
        command: command.row.command,
        counter: sent.counter,
        at_ms: now_ms,
        intent: command.row.intent.clone(),
        check: command.check,
    })
}
