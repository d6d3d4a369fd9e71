//! Ingest: may this device send this, and have we seen it before?
//!
//! Each command gets a verdict of its own. Deciding is pure reading (`plan`, `admit`); what was decided
//! is then carried out (`commit`). A command that is turned away takes nothing with it but what builds
//! on it, and nothing is dropped: what is refused is remembered, what is doubtful is held back whole.

/// From what travelled to what shall happen.
pub mod plan;
/// Who may write what, where.
pub mod admit;
/// Do the parts of a door or a diary give its id?
mod parts;
/// In which streams a document stands.
pub mod streams;
/// Carrying it out.
pub mod commit;
/// Rows for lists and look-ups.
pub mod project;
/// What the office itself writes.
pub mod own;
/// What comes back after the office was restored.
pub mod given;
/// For a person to look at.
pub(crate) mod hold;

use crate::office::{Office, OfficeError};
use crate::store::Tx;
use crate::store::sqlite::{DeviceRow, FateRow};
use plan::{Decided, Desk};
use qiaomen_proto::change::Stamp;
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::error::Code;
use qiaomen_proto::seal::KeyBundle;
use qiaomen_proto::wire::heal::GivenFate;
use qiaomen_proto::wire::pull::{Outcome, Verdict};
use qiaomen_proto::wire::unbatch::{DraftBatch, DraftCommand};
use std::collections::HashSet;

/// Who sent a batch, and when.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The device.
    pub device: DeviceRow,
    /// When it came.
    pub now_ms: u64,
    /// When the device had last been in touch before.
    pub offline_since_ms: Option<u64>,
    /// True where a person at the office brings it: what has no room in the quarantine cannot stay on a device then.
    pub by_hand: bool,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct Taken {
    /// One for each command, in order.
    pub verdicts: Vec<Verdict>,
    /// The checks of what is acknowledged, in order: for the receipt.
    pub acknowledged: Vec<[u8; 8]>,
    /// Their digests, in the same order: for the proof.
    pub digests: Vec<[u8; 32]>,
    /// The commands that are acknowledged: the feed of this reply leaves them out.
    pub commands: HashSet<qiaomen_proto::ids::CommandId>,
    /// The device's store was cloned or restored.
    pub fork: bool,
    /// What became of each command that was given back.
    pub given: Option<Vec<GivenFate>>,
    /// Looks that stand in the audit, or are counted.
    pub looks: Option<Vec<minicbor::bytes::ByteArray<16>>>,
}

/// Takes a batch, command by command.
pub fn take(
    office: &Office,
    tx: &Tx<'_>,
    sender: &Sender,
    batch: DraftBatch,
    keys: &KeyBundle,
) -> Result<Taken, OfficeError> {
    let mut desk = Desk::new(&batch.docs, keys);
    let mut taken = Taken::default();
    for (number, draft) in (0u32..).zip(batch.commands) {
        let (stamp, check) = (draft.stamp, draft.check);
        // One command that breaks something inside takes neither the others nor their verdicts with it.
        let attempt = tx.savepoint(|tx| take_one(office, tx, sender, &mut desk, number, draft));
        let (verdict, fork) = match attempt {
            Ok(done) => done,
            Err(error) => {
                tracing::error!(command = %stamp.command, %error, "a command could not be taken");
                desk.lose_track();
                (verdict(Outcome::Waiting, Some(error.code())), false)
            }
        };
        taken.fork |= fork;
        if verdict.outcome.is_acknowledged() {
            taken.acknowledged.push(check);
            taken.digests.push(digest_of(&tx.command_pairs(stamp.command)?));
            taken.commands.insert(stamp.command);
        }
        taken.verdicts.push(verdict);
    }
    Ok(taken)
}

/// Decides about one command and carries it out. The verdict, and whether the device's store is a fork.
fn take_one(
    office: &Office,
    tx: &Tx<'_>,
    sender: &Sender,
    desk: &mut Desk<'_>,
    number: u32,
    draft: DraftCommand,
) -> Result<(Verdict, bool), OfficeError> {
    let (stamp, check) = (draft.stamp, draft.check);
    let mut fork = false;
    let (verdict, keep) = match plan::plan(office, tx, sender, desk, number, draft)? {
        Decided::Apply(planned) => {
            let keys = desk.keys_of(&planned.command);
            commit::commit(office, tx, planned, &keys, sender.now_ms)?;
            (verdict(Outcome::Applied, None), true)
        }
        Decided::Duplicate => (verdict(Outcome::Duplicate, None), false),
        Decided::Waiting(waits_for) => {
            // What waits for nothing of this batch is remembered: it does not wait for ever.
            let verdict = Verdict { waits_for, ..verdict(Outcome::Waiting, Some(Code::Predecessor)) };
            (verdict, waits_for.is_none())
        }
        Decided::SendInFull => (verdict(Outcome::SendInFull, None), false),
        Decided::Reject(code) => {
            // Whoever makes again what is in the book already works on a copy, or was one.
            fork = code == Code::TakenBefore;
            (verdict(Outcome::Rejected, Some(code)), !fork)
        }
        Decided::Hold(code, command) => {
            fork = code == Code::Fork;
            let row = hold::held_row(office, sender, code, &command, check, desk.keys_of(&command));
            let bytes = u64::try_from(row.command_stored.len() + row.keys_wrapped.len()).unwrap_or(u64::MAX);
            if sender.by_hand || desk.holds_one_more(tx, sender.device.id, bytes)? {
                hold::put_held(office, tx, sender, &command, check, &row)?;
                (verdict(Outcome::Quarantined, Some(code)), true)
            } else {
                // Nothing is dropped for it: the device keeps it and sends it again.
                (verdict(Outcome::Waiting, Some(Code::HeldFull)), false)
            }
        }
        Decided::HeldAlready(code) => {
            hold::bring_keys(office, tx, stamp.command, check, |subject| desk.keys_for(subject).to_vec())?;
            (verdict(Outcome::Quarantined, Some(code)), false)
        }
    };
    if keep && !told_of_another_s(tx, sender, &stamp, check)? {
        tx.put_command(
            stamp.command,
            check,
            Some(sender.device.id),
            sender.device.worker,
            number_of(verdict.outcome),
            verdict.code,
            stamp.at.wall_ms,
            sender.now_ms,
            tx.silent_since(sender.device.id, stamp.at.wall_ms.min(sender.now_ms))?,
        )?;
    }
    Ok((verdict, fork))
}

/// Whether this device tells of somebody else's command of which another device has told before. What is noted of that
/// stays: it may be the author's own, with the day since when it waits.
fn told_of_another_s(tx: &Tx<'_>, sender: &Sender, stamp: &Stamp, check: [u8; 8]) -> Result<bool, OfficeError> {
    if stamp.by.device == sender.device.id {
        return Ok(false);
    }
    let others = |fate: &FateRow| fate.check == check && fate.device != Some(sender.device.id);
    Ok(tx.command_fates(stamp.command)?.iter().any(others))
}

fn verdict(outcome: Outcome, code: Option<Code>) -> Verdict {
    Verdict { outcome, code: code.map_or(0, Code::number), waits_for: None }
}

/// Number of an outcome in the table of commands.
pub fn number_of(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Applied => 1,
        Outcome::Duplicate => 2,
        Outcome::Waiting => 3,
        Outcome::Rejected => 4,
        Outcome::Quarantined => 5,
        Outcome::SendInFull => 6,
    }
}
