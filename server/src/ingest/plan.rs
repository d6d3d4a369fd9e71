//! From what travelled to what shall happen. Reads, never writes.

use super::Sender;
use super::admit::{self, Grant};
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::change::typed::RebuildError;
use qiaomen_proto::change::{ChangeHash, Command, TypedChange};
use qiaomen_proto::entity::resident;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DeviceId, DocId, HouseholdId, Kind, Subject};
use qiaomen_proto::limits::{HELD_BYTES_PER_DEVICE_MAX, HELD_PER_DEVICE_MAX};
use qiaomen_proto::merge::{Misfit, Register};
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::seal::{KeyBundle, SubjectKey};
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_proto::wire::rebuild::{Unbuildable, rebuild};
use qiaomen_proto::wire::unbatch::{DocRef, DraftCommand};
use std::collections::{BTreeMap, HashMap};

/// How long a command waits for one that it builds on before a person looks at it. Another phone may have
/// that one, and come home the day after tomorrow.
pub const PREDECESSOR_WAIT_MS: u64 = 3 * 86_400_000;

/// What shall happen to a command.
#[derive(Debug)]
pub enum Decided {
    /// Take it.
    Apply(Planned),
    /// It is there already.
    Duplicate,
    /// It waits, perhaps for that command of this batch.
    Waiting(Option<u32>),
    /// It could not be rebuilt from its short form.
    SendInFull,
    /// It will never be taken.
    Reject(Code),
    /// A person shall look at it.
    Hold(Code, Box<Command>),
    /// A person is looking at it.
    HeldAlready(Code),
}

/// A command that shall be taken, with the registers as they will be.
#[derive(Debug)]
pub struct Planned {
    /// The command.
    pub command: Command,
    /// Hashes of its changes, in their order.
    pub hashes: Vec<ChangeHash>,
    /// The registers of its documents after it.
    pub after: BTreeMap<DocId, Register>,
}

/// What is at hand while a batch is looked at.
#[derive(Debug)]
pub struct Desk<'b> {
    refs: &'b [DocRef],
    keys: HashMap<Subject, Vec<SubjectKey>>,
    /// The last change of each document in this batch that was rebuilt.
    previous: HashMap<DocId, ChangeHash>,
    /// Documents of which a command of this batch was not taken, and which.
    broken: HashMap<DocId, Broken>,
    /// How much of the sender's is held, and its bytes, once that was looked up.
    held: Option<(u64, u64)>,
}

impl<'b> Desk<'b> {
    pub(super) fn new(refs: &'b [DocRef], bundle: &KeyBundle) -> Self {
        let mut keys: HashMap<Subject, Vec<SubjectKey>> = HashMap::new();
        for (subject, key) in &bundle.keys {
            keys.entry(*subject).or_default().push(key.clone());
        }
        Self { refs, keys, previous: HashMap::new(), broken: HashMap::new(), held: None }
    }
    /// The keys that came with this batch for one document.
    pub(super) fn keys_for(&self, subject: &Subject) -> &[SubjectKey] {
        self.keys.get(subject).map_or(&[], Vec::as_slice)
    }
    /// The keys that came with this batch for the documents of a command.
    pub(super) fn keys_of(&self, command: &Command) -> Vec<(Subject, SubjectKey)> {
        let mut list = Vec::new();
        for change in &command.changes {
            for key in self.keys.get(&change.doc.uuid).into_iter().flatten() {
                list.push((change.doc.uuid, key.clone()));
            }
        }
        list
    }
    /// Whether one more command of so many bytes may be held of this device; if so it counts.
    pub(super) fn holds_one_more(&mut self, tx: &Tx<'_>, device: DeviceId, bytes: u64) -> Result<bool, StoreError> {
        let (count, sum) = match self.held {
            Some(known) => known,
            None => tx.held_sum(device)?,
        };
        let room = count < HELD_PER_DEVICE_MAX && sum.saturating_add(bytes) <= HELD_BYTES_PER_DEVICE_MAX;
        self.held = Some(if room { (count + 1, sum + bytes) } else { (count, sum) });
        Ok(room)
    }
    /// Forgets which changes came before in this batch: what builds on them then waits or comes in full.
    pub(super) fn lose_track(&mut self) {
        self.previous.clear();
    }
}

/// A command of this batch that was not taken.
#[derive(Debug, Clone, Copy)]
struct Broken {
    number: u32,
    /// It may be taken when it comes again.
    may_come: bool,
}

/// Decides about one command.
pub(super) fn plan(
    office: &Office,
    tx: &Tx<'_>,
    sender: &Sender,
    desk: &mut Desk<'_>,
    number: u32,
    draft: DraftCommand,
) -> Result<Decided, OfficeError> {
    let applied = super::number_of(Outcome::Applied);
    let held = super::number_of(Outcome::Quarantined);
    let fates = tx.command_fates(draft.stamp.command)?;
    let same = fates.iter().find(|fate| fate.check == draft.check);
    let revoked = sender.device.revoked_ms.is_some();
    let in_full = draft.changes.iter().all(|c| c.explicit.is_some());
    let docs = match resolve(tx, desk.refs, &draft)? {
        Some(docs) => docs,
        None if in_full => return Ok(Decided::Waiting(None)),
        None => return Ok(Decided::SendInFull),
    };
    if let Some(same) = same {
        if same.outcome == applied {
            // What follows in this batch may build on it without naming it.
            note_known(tx, desk, &docs, &draft)?;
            return Ok(Decided::Duplicate);
        }
        // What another device has told of it, and is held for that, does not stand in its author's way.
        let own = draft.stamp.by.device == sender.device.id;
        if same.outcome == held && (!own || same.device == Some(sender.device.id)) {
            mark_broken(desk, &docs, number, false);
            return Ok(Decided::HeldAlready(Code::from_number(same.code).unwrap_or(Code::Structure)));
        }
    }
    let stands_by = tx.applied_by(draft.stamp.command)?;
    if stands_by == Some(draft.stamp.by.worker) && !planted(Planted::DoneTwice) {
        // The same act, made again on another base, or by a copy of the same phone: it was done once.
        mark_broken(desk, &docs, number, false);
        return Ok(Decided::Reject(Code::TakenBefore));
    }
    let rebuilt = rebuild_all(tx, desk, &docs, &draft)?;
    let (changes, hashes, after) = match rebuilt {
        Ok(rebuilt) => rebuilt,
        Err(Stuck::Known) => {
            note_known(tx, desk, &docs, &draft)?;
            return Ok(Decided::Duplicate);
        }
        Err(why) => {
            let waits_for = docs.iter().find_map(|d| desk.broken.get(d)).map(|b| b.number);
            // What waits although it came whole, and for nothing of this batch, waits for another phone.
            let overdue = match tx.waiting_since(draft.stamp.command, draft.check)? {
                Some(since) => sender.now_ms.saturating_sub(since) >= PREDECESSOR_WAIT_MS,
                None => false,
            };
            mark_broken(desk, &docs, number, !matches!(why, Stuck::Fork(_) | Stuck::Beyond(_)));
            return Ok(match why {
                // Its access was taken back: it is wiped once nothing is left on it, so nothing waits.
                Stuck::Missing(Some(command)) | Stuck::Bad(Some(command)) | Stuck::Beyond(command)
                    if revoked && in_full =>
                {
                    Decided::Hold(Code::Revoked, command)
                }
                Stuck::Missing(_) | Stuck::Bad(_) | Stuck::Beyond(_) if !in_full && revoked => Decided::SendInFull,
                Stuck::Missing(Some(command)) if in_full && waits_for.is_none() && overdue => {
                    Decided::Hold(Code::Predecessor, command)
                }
                Stuck::Missing(_) if waits_for.is_some() || in_full => Decided::Waiting(waits_for),
                Stuck::Missing(_) | Stuck::Ambiguous | Stuck::Known => Decided::SendInFull,
                Stuck::Fork(command) => Decided::Hold(Code::Fork, command),
                Stuck::Beyond(command) if in_full && is_meant(&command, &draft) => {
                    Decided::Hold(Code::Structure, command)
                }
                Stuck::Beyond(_) if in_full => Decided::Reject(Code::CheckFailed),
                Stuck::Beyond(_) => Decided::SendInFull,
                Stuck::Bad(_) if in_full => Decided::Reject(Code::Structure),
                Stuck::Bad(_) => Decided::SendInFull,
            });
        }
    };
    let pairs: Vec<_> = changes.iter().map(|c| c.doc).zip(hashes.iter().copied()).collect();
    if check_of(&pairs) != draft.check {
        mark_broken(desk, &docs, number, !in_full);
        return Ok(if in_full { Decided::Reject(Code::CheckFailed) } else { Decided::SendInFull });
    }
    let command = Command { stamp: draft.stamp, changes };
    if hashes.is_empty() {
        return Ok(Decided::Duplicate);
    }
    if revoked {
        // Its access was taken back: what it still held is kept for a person to look at.
        mark_broken(desk, &docs, number, false);
        return Ok(Decided::Hold(Code::Revoked, Box::new(command)));
    }
    if stands_by.is_some_and(|worker| worker != command.stamp.by.worker) {
        // Somebody else has used its id up, and it may be true all the same.
        mark_broken(desk, &docs, number, false);
        return Ok(Decided::Hold(Code::NotTheAuthor, Box::new(command)));
    }
    let grant = Grant::of(tx, sender, command.stamp.at.wall_ms)?;
    let keys = desk.keys_of(&command);
    match admit::admit(office, tx, &grant, sender, &command, &after, &keys)? {
        admit::Admission::Yes => {
            if let Some(door) = unknown_door(tx, &command, &after)? {
                // A person is not taken without her door: she would stand in no grid that is hers.
                let before = desk.broken.get(&door.into()).copied();
                mark_broken(desk, &docs, number, before.is_some_and(|b| b.may_come));
                return Ok(match before {
                    Some(Broken { number, may_come: true }) => Decided::Waiting(Some(number)),
                    _ => Decided::Hold(Code::UnknownDoor, Box::new(command)),
                });
            }
            for (change, hash) in command.changes.iter().zip(&hashes) {
                desk.previous.insert(change.doc, *hash);
            }
            Ok(Decided::Apply(Planned { command, hashes, after }))
        }
        admit::Admission::Never(code) => {
            mark_broken(desk, &docs, number, false);
            Ok(Decided::Reject(code))
        }
        admit::Admission::Doubtful(code) => {
            mark_broken(desk, &docs, number, false);
            Ok(Decided::Hold(code, Box::new(command)))
        }
    }
}

/// A door that this command makes somebody's home and that is not at the office.
pub(crate) fn unknown_door(
    tx: &Tx<'_>,
    command: &Command,
    after: &BTreeMap<DocId, Register>,
) -> Result<Option<HouseholdId>, StoreError> {
    let homes = command.changes.iter().filter(|c| c.doc.kind == Kind::Resident).flat_map(|c| &c.ops);
    for op in homes.filter(|op| op.path.container == resident::FIELDS && op.path.key == "household") {
        let Some(door) = op.value.as_str().and_then(|s| s.parse::<HouseholdId>().ok()) else { continue };
        if !after.contains_key(&door.into()) && tx.door(door)?.is_none() {
            return Ok(Some(door));
        }
    }
    Ok(None)
}

fn mark_broken(desk: &mut Desk<'_>, docs: &[DocId], number: u32, may_come: bool) {
    for doc in docs {
        desk.broken.insert(*doc, Broken { number, may_come });
        desk.previous.remove(doc);
    }
}

/// The documents of a command's changes; none if one is named too shortly or not here.
fn resolve(tx: &Tx<'_>, refs: &[DocRef], draft: &DraftCommand) -> Result<Option<Vec<DocId>>, StoreError> {
    let mut docs = Vec::with_capacity(draft.changes.len());
    for change in &draft.changes {
        match refs.get(change.doc) {
            Some(DocRef::Whole(doc)) => docs.push(*doc),
            Some(DocRef::Suffix(kind, suffix)) => match tx.documents_by_suffix(*kind, *suffix)?.as_slice() {
                [one] => docs.push(*one),
                _ => return Ok(None),
            },
            None => return Ok(None),
        }
    }
    Ok(Some(docs))
}

/// Takes note of the changes of a command that is here already.
fn note_known(tx: &Tx<'_>, desk: &mut Desk<'_>, docs: &[DocId], draft: &DraftCommand) -> Result<(), StoreError> {
    for doc in docs {
        if let Some(register) = tx.register(*doc)? {
            let last = register.changes().iter().rfind(|c| c.stamp.is_some_and(|s| s.command == draft.stamp.command));
            if let Some(last) = last {
                desk.previous.insert(*doc, last.hash);
            }
        }
    }
    Ok(())
}

/// Whether what was rebuilt is what was meant, as far as this program can tell.
fn is_meant(command: &Command, draft: &DraftCommand) -> bool {
    let pairs: Option<Vec<_>> = command.changes.iter().map(|c| Some((c.doc, c.hash().ok()?))).collect();
    pairs.is_none_or(|pairs| check_of(&pairs) == draft.check)
}

enum Stuck {
    Known,
    /// Builds on something that is not here; with the command where it came in full.
    Missing(Option<Box<Command>>),
    Ambiguous,
    Fork(Box<Command>),
    /// Formed as no honest store forms one; with the command where it could be rebuilt.
    Bad(Option<Box<Command>>),
    /// Larger than this program takes, or in a place that it does not know.
    Beyond(Box<Command>),
}

type Rebuilt = (Vec<TypedChange>, Vec<ChangeHash>, BTreeMap<DocId, Register>);

fn rebuild_all(
    tx: &Tx<'_>,
    desk: &Desk<'_>,
    docs: &[DocId],
    draft: &DraftCommand,
) -> Result<Result<Rebuilt, Stuck>, StoreError> {
    let mut after: BTreeMap<DocId, Register> = BTreeMap::new();
    let mut previous = desk.previous.clone();
    let (mut changes, mut hashes) = (Vec::new(), Vec::new());
    let (mut forked, mut missing, mut bad, mut beyond, mut known) = (false, false, false, false, 0);
    for (change, doc) in draft.changes.iter().zip(docs) {
        if !after.contains_key(doc) {
            after.insert(*doc, tx.register(*doc)?.unwrap_or_else(|| Register::genesis(*doc)));
        }
        let Some(register) = after.get_mut(doc) else { continue };
        let built = match rebuild(change.clone(), draft.stamp, register, previous.get(doc).copied()) {
            Ok(built) => built,
            Err(Unbuildable::Missing) => return Ok(Err(Stuck::Missing(None))),
            Err(Unbuildable::Ambiguous) => return Ok(Err(Stuck::Ambiguous)),
            Err(Unbuildable::Counter) => return Ok(Err(Stuck::Bad(None))),
        };
        let hash = match built.hash() {
            Ok(hash) => hash,
            // Nothing of it can be reckoned here; it is kept as it came.
            Err(RebuildError::Container) => {
                beyond = true;
                changes.push(built);
                continue;
            }
            Err(_) => return Ok(Err(Stuck::Bad(None))),
        };
        match register.fit(&built, &hash) {
            Ok(()) => register.apply(&built, hash),
            Err(Misfit::Duplicate) => known += 1,
            Err(Misfit::Missing(_)) => missing = true,
            Err(Misfit::Fork) => forked = true,
            Err(Misfit::Beyond(_)) => beyond = true,
            Err(Misfit::Malformed(_)) => bad = true,
        }
        previous.insert(*doc, hash);
        changes.push(built);
        hashes.push(hash);
    }
    if forked {
        return Ok(Err(Stuck::Fork(Box::new(Command { stamp: draft.stamp, changes }))));
    }
    if bad {
        return Ok(Err(Stuck::Bad(Some(Box::new(Command { stamp: draft.stamp, changes })))));
    }
    if beyond {
        return Ok(Err(Stuck::Beyond(Box::new(Command { stamp: draft.stamp, changes }))));
    }
    if missing {
        return Ok(Err(Stuck::Missing(Some(Box::new(Command { stamp: draft.stamp, changes })))));
    }
    if known > 0 {
        // Of a command that is taken whole or not at all, either all is here or nothing.
        return Ok(Err(if known == changes.len() { Stuck::Known } else { Stuck::Bad(None) }));
    }
    Ok(Ok((changes, hashes, after)))
}
