//! From a plan to what is durable: one transaction for changes, outbox, keys and rows; the rescue
//! record is on the disk before it commits.

use super::intent::Intent;
use super::plan::{Book, Books, Circumstances, plan};
use crate::clock::{Host, random};
use crate::device::Device;
use crate::enrol::Identity;
use crate::error::{EditError, What};
use crate::outbox::rescue::{RescueFile, record_of};
use crate::outbox::{Intended, OutboxRow, OutboxState};
use crate::project::{derive, project};
use crate::store::document::Hashed;
use crate::store::meta::name;
use crate::store::{Store, StoreError, Tx};
use qiaomen_proto::change::{Clock, Stamp};
use qiaomen_proto::ids::{Actor, CommandId, DocId, Subject};
use qiaomen_proto::limits::{CHANGES_PER_COMMAND_MAX, OPS_PER_CHANGE_MAX};
use qiaomen_proto::merge::Register;
use qiaomen_proto::reference::Reference;
use qiaomen_proto::seal::SubjectKey;
use qiaomen_proto::sentence;
use std::collections::{BTreeMap, BTreeSet};

/// Subjects that one command can have to make keys for: the thing itself, and the day's diary.
const FRESH_KEYS: usize = 2;

/// What executing needs beside the database.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) host: &'a dyn Host,
    pub(crate) identity: &'a Identity,
    pub(crate) reference: &'a Reference,
    pub(crate) rescue: &'a RescueFile,
}

/// The changes that an intent comes to, made on the documents as they stand.
pub(crate) struct Made {
    pub(crate) changes: Vec<Hashed>,
    pub(crate) new_keys: Vec<(Subject, SubjectKey)>,
    /// The documents with the changes.
    overlays: Vec<Register>,
}

impl Made {
    /// The documents that it touches.
    pub(crate) fn docs(&self) -> BTreeSet<DocId> {
        self.changes.iter().map(|(_, c)| c.doc).collect()
    }
}

/// Documents out of the database, as this command finds them: with what lies before it in the outbox.
struct StoredBooks<'t, 'c> {
    tx: &'t Tx<'c>,
    command: CommandId,
    read: BTreeMap<DocId, Register>,
}

impl StoredBooks<'_, '_> {
    /// A diary of a long day takes a while to read: each document is read once.
    fn overlay(&mut self, doc: DocId) -> Result<Register, StoreError> {
        match self.read.get(&doc) {
            Some(register) => Ok(register.clone()),
            None => {
                let register = self.tx.overlay_before(doc, self.command)?;
                self.read.insert(doc, register.clone());
                Ok(register)
            }
        }
    }
}

impl Books for StoredBooks<'_, '_> {
    fn book(&mut self, doc: DocId) -> Result<Book, StoreError> {
        Ok(Book { register: self.overlay(doc)?, ring: self.tx.ring_of(doc.uuid)? })
    }
}

/// Plans an intent and makes its changes. Nothing is written. A command that stands in the outbox
/// already is made anew as if nothing had come after it. `by_hand`: somebody does it now, and can look again.
pub(crate) fn make(
    tx: &Tx<'_>,
    desk: &Desk<'_>,
    intent: &Intent,
    stamp: Stamp,
    actor: Actor,
    by_hand: bool,
) -> Result<Made, EditError> {
    let fresh_keys =
        (0..FRESH_KEYS).map(|_| Ok(SubjectKey::from_bytes(random(desk.host)?))).collect::<Result<_, EditError>>()?;
    let under = Circumstances {
        stamp,
        utc_offset_s: desk.identity.utc_offset_s(),
        reference: desk.reference,
        fresh_keys,
        by_hand,
    };
    let mut books = StoredBooks { tx, command: stamp.command, read: BTreeMap::new() };
    let plan = plan(intent, under, &mut books)?;
    if plan.edits.len() > CHANGES_PER_COMMAND_MAX || plan.edits.iter().any(|(_, e)| e.len() > OPS_PER_CHANGE_MAX) {
        return Err(EditError::TooLarge);
    }
    let mut made = Made { changes: Vec::new(), new_keys: plan.new_keys, overlays: Vec::new() };
    for (doc, edits) in plan.edits {
        let mut overlay = books.overlay(doc)?;
        let change = overlay.make_change(actor, stamp, edits);
        let hash = change.hash()?;
        overlay.fit(&change, &hash)?;
        overlay.apply(&change, hash);
        made.changes.push((hash, change));
        made.overlays.push(overlay);
    }
    Ok(made)
}

/// What is random in a command, drawn before its transaction.
#[derive(Clone, Copy)]
pub(crate) struct Draw {
    id: [u8; 10],
    seed: [u8; 32],
}

impl Draw {
    pub(crate) fn new(host: &dyn Host) -> Result<Self, EditError> {
        Ok(Self { id: random(host)?, seed: random(host)? })
    }
}

impl Device {
    /// What executing needs, and the database beside it.
    pub(crate) fn desk(&mut self) -> Result<(Desk<'_>, &mut Store), EditError> {
        let Self { host, store, rescue, identity, reference, .. } = self;
        let identity = identity.as_ref().ok_or(EditError::NotEnrolled)?;
        Ok((Desk { host: &**host, identity, reference, rescue }, store))
    }
}

/// One thing that a person did.
pub(crate) fn edit(device: &mut Device, intent: Intent) -> Result<CommandId, EditError> {
    let (desk, store) = device.desk()?;
    let draw = Draw::new(desk.host)?;
    store.write(|tx| perform(tx, &desk, intent, draw))
}

/// Several things that a person did in one go: all of them, or none.
pub(crate) fn edit_all(device: &mut Device, intents: Vec<Intent>) -> Result<Vec<CommandId>, EditError> {
    let (desk, store) = device.desk()?;
    let drawn = intents.into_iter().map(|intent| Ok((intent, Draw::new(desk.host)?)));
    let drawn = drawn.collect::<Result<Vec<_>, EditError>>()?;
    all_or_none(store, &desk, |tx, made| {
        drawn.into_iter().try_for_each(|(intent, draw)| {
            made.push(perform(tx, &desk, intent, draw)?);
            Ok::<(), EditError>(())
        })?;
        Ok(made.clone())
    })
}

/// Several commands in one transaction. Where it is given up on the way, the rescue records of those that were made by then
/// go: what the person was told is not saved must not come to the office by another way. Where it fails at its very end,
/// they stay: nobody can say whether it is on the disk.
pub(crate) fn all_or_none<T>(
    store: &mut Store,
    desk: &Desk<'_>,
    work: impl FnOnce(&Tx<'_>, &mut Vec<CommandId>) -> Result<T, EditError>,
) -> Result<T, EditError> {
    let (mut made, mut given_up) = (Vec::new(), false);
    let done = store.write(|tx| {
        let done = work(tx, &mut made);
        given_up = done.is_err();
        done
    });
    if given_up {
        // Where the file cannot be written now, a record too many stays in it.
        let _ = desk.rescue.trim(|command| Ok(made.contains(&command)));
    }
    done
}

/// The same within a transaction.
pub(crate) fn perform(tx: &Tx<'_>, desk: &Desk<'_>, intent: Intent, draw: Draw) -> Result<CommandId, EditError> {
    let identity = desk.identity;
    let now_ms = desk.host.now_ms();
    let mut clock: Clock = tx.cbor(name::CLOCK)?.unwrap_or_default();
    let at = clock.tick(now_ms);
    tx.put_cbor(name::CLOCK, &clock)?;
    let stamp = Stamp { at, by: identity.author(), command: CommandId::at(at.wall_ms, draw.id) };
    let made = make(tx, desk, &intent, stamp, actor(tx)?, true)?;
    let row = OutboxRow {
        command: stamp.command,
        stamp,
        intent: Intended::Known(Box::new(intent)),
        state: OutboxState::Pending,
        code: 0,
        reason: None,
        in_full: false,
        redone: 0,
        at_ms: now_ms,
    };
    tx.put_outbox(&row, &made.changes)?;
    for (subject, key) in &made.new_keys {
        tx.put_key(*subject, key, false)?;
    }
    let mut doors = BTreeSet::new();
    made.overlays.iter().try_for_each(|overlay| project(tx, overlay, desk.reference, &mut doors))?;
    derive(tx, &doors)?;
    // Invariant: the rescue record is on the disk before the edit is in the database.
    let record = record_of(tx, &identity.office_box(), &row, &made.changes, draw.seed)?;
    desk.rescue.append(&record).map_err(EditError::WriteRescue)?;
    Ok(stamp.command)
}

/// This store's actor.
pub(crate) fn actor(tx: &Tx<'_>) -> Result<Actor, StoreError> {
    let blob = tx.meta(name::ACTOR)?.ok_or(StoreError::Unreadable { what: "actor" })?;
    blob.try_into().map(Actor).map_err(|_| StoreError::Unreadable { what: "actor" })
}

/// Takes out of the outbox what the office will not have. What it may still take stays.
pub(crate) fn discard(device: &mut Device, command: CommandId) -> Result<(), EditError> {
    let Device { store, rescue, .. } = device;
    store.write::<_, EditError>(|tx| {
        let row = tx.outbox_row(command)?.ok_or(EditError::Unknown(What::Command))?;
        if row.state != OutboxState::Rejected {
            return Err(EditError::NotPossible(sentence!("not-refused-yet", "还没有退回的记录不能丢掉")));
        }
        tx.remove_outbox(command)?;
        tx.drop_photos_of(command)?;
        Ok(())
    })?;
    // A record too many in the rescue file harms nobody: what cannot be trimmed now is trimmed later.
    let _ = rescue.trim(|c| Ok(c == command));
    Ok(())
}
