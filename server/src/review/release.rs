//! Letting in what was held back. It is tried on the documents of now and goes through admission again: a
//! clerk can say that a doubt is none, but not that a role may write what it may not. What the document
//! became meanwhile is said, and what now stands against it.

use super::discard::still_held;
use super::error::ReviewError;
use super::held::{docs_of, read_row};
use super::held_words::why_not;
use super::words::Words;
use crate::conflict::from_bytes;
use crate::ingest::admit::{Admission, Grant, admit};
use crate::ingest::hold::held_keys;
use crate::ingest::plan::{Planned, unknown_door};
use crate::ingest::{Sender, commit, number_of};
use crate::office::{Office, OfficeError};
use crate::people::audit::{self, Deed};
use crate::store::sqlite::{QuarantineRow, Settled};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::Command;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DeviceId, DocId, Role, Subject, WorkerId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::SubjectKey;
use qiaomen_proto::wire::pull::Outcome;
use serde::Serialize;
use std::collections::BTreeSet;

/// What was let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Released {
    /// Number of what was held back.
    pub id: i64,
    /// Always `released`.
    pub state: &'static str,
    /// What it is about.
    pub places: Vec<String>,
    /// What the documents became without its author knowing, in words: it was let in beside that.
    pub moved_on: Vec<String>,
    /// Numbers of the conflicts in which what it says now stands.
    pub conflicts: Vec<i64>,
}

/// Lets in what was held back, if it fits the documents of now.
pub fn release(office: &Office, id: i64, clerk: WorkerId) -> Result<Released, ReviewError> {
    let inner = office.clone();
    office.store().write(move |tx| release_in(&inner, tx, id, clerk))
}

/// What letting it in comes to.
pub(super) struct Letting {
    planned: Planned,
    check: [u8; 8],
    sender: Sender,
    keys: Vec<(Subject, SubjectKey)>,
}

/// Decides whether a held command can be let in as things stand. Reads, never writes.
pub(super) fn plan(office: &Office, tx: &Tx<'_>, row: &QuarantineRow) -> Result<Letting, ReviewError> {
    let doubt = Code::from_number(row.code).unwrap_or(Code::Structure);
    let id = row.id;
    let not = |code: Code| ReviewError::DoesNotFit { id, why: why_not(code).to_owned(), code };
    let taken = number_of(Outcome::Applied);
    if tx.command_fates(row.command)?.iter().any(|fate| fate.outcome == taken) {
        // The other version of it is in the book: letting this one in would do one thing twice.
        return Err(not(Code::Fork));
    }
    let held = read_row(tx, row)?;
    match held.misfit {
        Some(Code::Predecessor) => return Err(before_it(tx, row)?.unwrap_or_else(|| not(Code::Predecessor))),
        Some(code) => return Err(not(code)),
        None => {}
    }
    let command = held.command.ok_or_else(|| not(Code::Structure))?;
    let keys = held_keys(office, row)?;
    let sender = sender(office, tx, row, &command, doubt)?.ok_or_else(|| not(Code::NotTheAuthor))?;
    let mut grant = Grant::of(tx, &sender, command.stamp.at.wall_ms)?;
    // Whose door it is (or was) is what the clerk has looked at.
    grant.everywhere = true;
    match admit(office, tx, &grant, &sender, &command, &held.after, &keys)? {
        Admission::Yes => {}
        Admission::Never(code) | Admission::Doubtful(code) => return Err(not(code)),
    }
    if let Some(door) = unknown_door(tx, &command, &held.after)? {
        return Err(holds(tx, row, door.into())?.map_or_else(
            || not(Code::UnknownDoor),
            |door| ReviewError::DoesNotFit {
                id,
                why: format!("这位居民所在的户也在待核里，请先放行 {door} 号。"),
                code: Code::UnknownDoor,
            },
        ));
    }
    Ok(Letting {
        planned: Planned { command, hashes: held.hashes, after: held.after },
        check: held.check,
        sender,
        keys,
    })
}

fn release_in(office: &Office, tx: &Tx<'_>, id: i64, clerk: WorkerId) -> Result<Released, ReviewError> {
    let row = still_held(tx, id)?;
    let Letting { planned, check, sender, keys } = plan(office, tx, &row)?;
    let (stamp, device) = (planned.command.stamp, sender.device.id);
    let docs: Vec<DocId> = planned.after.keys().copied().collect();
    let (places, moved_on) = meanwhile(office, tx, &planned, &keys)?;
    let actors: BTreeSet<_> = planned.command.changes.iter().map(|c| (c.actor, c.start_op)).collect();
    let settled = Settled { who: clerk.to_string(), at_ms: office.now_ms(), reason: None, note_sealed: None };
    tx.settle_quarantine(id, "released", &settled)?;
    commit::commit(office, tx, planned, &keys, office.now_ms())?;
    let applied = number_of(Outcome::Applied);
    let (at, came) = (stamp.at.wall_ms, row.received_ms);
    let since = tx.command_arrival(stamp.command, device)?.and_then(|(_, since)| since);
    tx.put_command(stamp.command, check, Some(device), stamp.by.worker, applied, 0, at, came, since)?;
    audit::note(office, tx, clerk, Deed::Released, Some(row.command.as_bytes()))?;
    let mut conflicts = Vec::new();
    for doc in docs {
        for open in tx.open_conflicts_of(doc)? {
            let own = |op: &qiaomen_proto::change::OpId| {
                actors.iter().any(|(actor, from)| *actor == op.actor && op.counter >= *from)
            };
            if from_bytes(&open.candidates).iter().any(own) {
                conflicts.push(open.id);
            }
        }
    }
    Ok(Released { id, state: "released", places, moved_on, conflicts })
}

/// What the documents are about, and what they became without the author of this command knowing.
fn meanwhile(
    office: &Office,
    tx: &Tx<'_>,
    planned: &Planned,
    keys: &[(Subject, SubjectKey)],
) -> Result<(Vec<String>, Vec<String>), OfficeError> {
    let mut words = Words::new(office, tx)?;
    let mut ring = office.ring(tx, planned.after.keys().map(|d| d.uuid))?;
    ring.extend(keys.iter().cloned());
    let (mut places, mut moved_on) = (Vec::new(), Vec::new());
    for register in planned.after.values() {
        let place = words.place(&View::new(register, &ring))?;
        let mut names: Vec<String> = Vec::new();
        let unknown = unknown_to(register, &planned.hashes);
        for worker in unknown.iter().filter_map(|c| register.change(*c).stamp).map(|s| s.by.worker) {
            let name = words.worker(worker)?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if !unknown.is_empty() {
            moved_on.push(format!("{place}：另有 {} 次修改（{}）", unknown.len(), names.join("、")));
        }
        places.push(place);
    }
    Ok((places, moved_on))
}

/// Changes of a register on which none of these builds.
fn unknown_to(register: &Register, own: &[qiaomen_proto::change::ChangeHash]) -> Vec<u32> {
    let of = |hash: &qiaomen_proto::change::ChangeHash| {
        register.changes().iter().position(|c| c.hash == *hash).and_then(|n| u32::try_from(n).ok())
    };
    let mut known = BTreeSet::new();
    let mut todo: Vec<u32> = own.iter().filter_map(of).collect();
    while let Some(next) = todo.pop() {
        if known.insert(next) {
            todo.extend_from_slice(&register.change(next).deps);
        }
    }
    (0u32..).zip(register.changes()).map(|(n, _)| n).filter(|n| !known.contains(n)).collect()
}

/// The step before, where it was held back too: it comes first, or will never come.
fn before_it(tx: &Tx<'_>, row: &QuarantineRow) -> Result<Option<ReviewError>, ReviewError> {
    let because = |why: String| ReviewError::DoesNotFit { id: row.id, why, code: Code::Predecessor };
    let mut away = None;
    for doc in docs_of(row)? {
        match tx.held_before(row.device, row.id, doc)? {
            Some((other, state)) if state == "held" => {
                return Ok(Some(because(format!("它接着的上一步也在待核里，请先放行 {other} 号。"))));
            }
            Some((other, _)) => {
                away = Some(because(format!("它接着的上一步（{other} 号）已经作废。请作废这一条，让本人重新登记。")));
            }
            None => {}
        }
    }
    Ok(away)
}

/// What is held back and makes this document.
fn holds(tx: &Tx<'_>, row: &QuarantineRow, doc: DocId) -> Result<Option<i64>, StoreError> {
    for other in tx.quarantine(Some("held"))?.iter().filter(|o| o.id != row.id) {
        if docs_of(other)?.contains(&doc) {
            return Ok(Some(other.id));
        }
    }
    Ok(None)
}

/// A device that the office does not know: it was enrolled after the backup that the office was restored from. What it
/// did comes on another's then, and the clerk is the one who can ask.
pub(super) fn forgotten(office: &Office, tx: &Tx<'_>, device: DeviceId) -> Result<bool, StoreError> {
    Ok(device != office.identity().device && tx.device(device)?.is_none())
}

/// As whose work it is let in. A command that somebody else has signed can be let in as that person's,
/// if the roster has that person in the role that it claims, which is never the office's; not where it was signed on a
/// device that could bring it itself.
fn sender(
    office: &Office,
    tx: &Tx<'_>,
    row: &QuarantineRow,
    command: &Command,
    doubt: Code,
) -> Result<Option<Sender>, StoreError> {
    let Some(mut device) = tx.device(row.device)? else { return Ok(None) };
    let by = command.stamp.by;
    let mut offline_since_ms = device.last_contact_ms;
    if doubt == Code::NotTheAuthor {
        let known = tx.worker(by.worker)?.is_some_and(|w| w.role == by.role && w.role != Role::Office);
        let borrowed = by.device == device.id;
        if !known || !borrowed && !forgotten(office, tx, by.device)? {
            return Ok(None);
        }
        if !borrowed {
            // When that device was last in touch nobody knows any more.
            offline_since_ms = None;
        }
        device.id = by.device;
        device.worker = by.worker;
        device.role = by.role;
    }
    Ok(Some(Sender { offline_since_ms, device, now_ms: office.now_ms(), by_hand: true }))
}
