//! Holding back: the command whole, with the keys that open it, for a person to look at.

use super::Sender;
use super::admit::opens;
use crate::office::{Office, OfficeError};
use crate::photos::hold_photos;
use crate::store::sqlite::{QuarantineRow, Settled};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::Command;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{CommandId, Subject};
use qiaomen_proto::limits::KEYS_PER_SUBJECT_MAX;
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch, DraftOp};
use std::collections::HashSet;

/// Bytes of a wrapped key with its subject.
const ENTRY_BYTES: usize = 64;

/// Holds a command back.
pub(super) fn hold(
    office: &Office,
    tx: &Tx<'_>,
    sender: &Sender,
    code: Code,
    command: &Command,
    check: [u8; 8],
    keys: Vec<(Subject, SubjectKey)>,
) -> Result<(), OfficeError> {
    put_held(office, tx, sender, command, check, &held_row(office, sender, code, command, check, keys))
}

/// A command as it is held, whole.
pub(super) fn held_row(
    office: &Office,
    sender: &Sender,
    code: Code,
    command: &Command,
    check: [u8; 8],
    keys: Vec<(Subject, SubjectKey)>,
) -> QuarantineRow {
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    if writer.push(command, Form::InFull).is_err() {
        writer.push_as_it_came(command, check);
    }
    let mut ring = KeyRing::new();
    ring.extend(keys);
    QuarantineRow {
        id: 0,
        command: command.stamp.command,
        device: sender.device.id,
        worker: sender.device.worker,
        code: code.number(),
        docs: command.changes.iter().flat_map(|c| c.doc.key()).collect(),
        command_stored: writer.finish(),
        keys_wrapped: wrapped(office, &ring),
        received_ms: sender.now_ms,
        state: "held".to_owned(),
        settled: None,
    }
}

/// Puts it on the clerk's desk. One that is there already stays where it is; the author's own is held in the author's
/// name, whoever told of it before.
pub(super) fn put_held(
    office: &Office,
    tx: &Tx<'_>,
    sender: &Sender,
    command: &Command,
    check: [u8; 8],
    row: &QuarantineRow,
) -> Result<(), OfficeError> {
    tx.hold(row)?;
    hold_photos(tx, command)?;
    let mut ring = KeyRing::new();
    ring.extend(held_keys(office, row)?);
    bring_keys(office, tx, row.command, check, |subject| ring.keys_of(subject).map(|(_, key)| key.clone()).collect())?;
    if command.stamp.by.device == sender.device.id {
        tx.hold_as_its_author_s(row)?;
    }
    Ok(())
}

/// Adds the keys that came with a command which is held already. Whoever told of it first may have had none, or wrong
/// ones, and nobody could read it: so a key is added that opens something of it which nothing there opens.
pub(super) fn bring_keys(
    office: &Office,
    tx: &Tx<'_>,
    command: CommandId,
    check: [u8; 8],
    came: impl Fn(&Subject) -> Vec<SubjectKey>,
) -> Result<(), OfficeError> {
    for row in tx.held_versions(command)? {
        let Some(held) =
            DraftBatch::read(&row.command_stored, 1).ok().filter(|b| b.commands.iter().any(|c| c.check == check))
        else {
            continue;
        };
        let mut ring = KeyRing::new();
        ring.extend(held_keys(office, &row)?);
        let before = ring.len();
        for change in held.commands.iter().flat_map(|c| &c.changes) {
            let Some(DocRef::Whole(doc)) = held.docs.get(change.doc) else { continue };
            for key in came(&doc.uuid).into_iter().take(KEYS_PER_SUBJECT_MAX) {
                let mut alone = KeyRing::new();
                alone.insert(doc.uuid, key.clone());
                let helps =
                    |op: &DraftOp| !opens(*doc, &op.path, &op.value, &ring) && opens(*doc, &op.path, &op.value, &alone);
                if change.ops.iter().any(helps) {
                    ring.insert(doc.uuid, key.clone());
                }
            }
        }
        if ring.len() > before {
            tx.put_held_keys(row.id, &wrapped(office, &ring))?;
        }
    }
    Ok(())
}

/// What lies on the desk, and has come back with this office's signature as what was let in: it is let in. Who did that the
/// office has lost with its disk.
pub(super) fn settle_let_in(
    office: &Office,
    tx: &Tx<'_>,
    command: CommandId,
    check: [u8; 8],
) -> Result<(), OfficeError> {
    for row in tx.held_versions(command)?.iter().filter(|row| is_form(row, check)) {
        let who = office.own_worker().to_string();
        let settled = Settled { who, at_ms: office.now_ms(), reason: None, note_sealed: None };
        tx.settle_quarantine(row.id, "released", &settled)?;
    }
    Ok(())
}

/// Whether this is what is held there.
fn is_form(row: &QuarantineRow, check: [u8; 8]) -> bool {
    DraftBatch::read(&row.command_stored, 1).is_ok_and(|held| held.commands.iter().any(|c| c.check == check))
}

/// The keys that came with a held command.
pub(crate) fn held_keys(office: &Office, row: &QuarantineRow) -> Result<Vec<(Subject, SubjectKey)>, OfficeError> {
    let (entries, rest) = row.keys_wrapped.as_chunks::<ENTRY_BYTES>();
    if !rest.is_empty() {
        return Err(StoreError::Damaged("quarantine").into());
    }
    let key = |entry: &[u8; ENTRY_BYTES]| {
        let subject = Subject::from_slice(&entry[..16]).map_err(|_| StoreError::Damaged("quarantine"))?;
        let key = office.secrets().wrap.unwrap(&subject, &entry[16..]).map_err(|_| OfficeError::WrongKeyFile)?;
        Ok((subject, key))
    };
    entries.iter().map(key).collect()
}

fn wrapped(office: &Office, ring: &KeyRing) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (subject, key) in ring.iter() {
        bytes.extend_from_slice(subject.as_bytes());
        bytes.extend_from_slice(&office.secrets().wrap.wrap(&subject, key));
    }
    bytes
}
