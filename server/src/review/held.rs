//! A command that is held back, read from its bytes and tried on the documents of now.

use super::words::{self, Words};
use crate::office::{Office, OfficeError};
use crate::store::sqlite::QuarantineRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::change::{Answer, ChangeHash, Command, Scalar, TypedChange, TypedOp};
use qiaomen_proto::entity::record::{self, EntryPayload, LinkPayload, NotePayload};
use qiaomen_proto::entity::view::{NOTE_FIELD, View};
use qiaomen_proto::entity::{kind_spec, value};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, HouseholdId, Subject};
use qiaomen_proto::merge::fold::EventPayload;
use qiaomen_proto::merge::taken_back::TAKEN_BACK;
use qiaomen_proto::merge::{Misfit, Register};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use qiaomen_proto::wire::rebuild::{Unbuildable, rebuild};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use std::collections::{BTreeMap, HashMap};

/// A held command as it would stand in the documents of now.
pub(super) struct Held {
    /// The command, if its bytes can be read.
    pub(super) command: Option<Command>,
    /// Hashes of its changes.
    pub(super) hashes: Vec<ChangeHash>,
    /// The check of what was meant.
    pub(super) check: [u8; 8],
    /// Its documents after it, as far as it fits.
    pub(super) after: BTreeMap<DocId, Register>,
    /// Why it does not fit, if so.
    pub(super) misfit: Option<Code>,
}

impl Held {
    /// What the documents are about, and what the command writes.
    pub(super) fn in_words(
        &self,
        office: &Office,
        tx: &Tx<'_>,
        words: &mut Words<'_, '_>,
        keys: Vec<(Subject, SubjectKey)>,
    ) -> Result<(Vec<String>, Vec<String>), OfficeError> {
        let mut ring = office.ring(tx, self.after.keys().map(|d| d.uuid))?;
        ring.extend(keys);
        let (mut places, mut what) = (Vec::new(), Vec::new());
        for register in self.after.values() {
            places.push(words.place(&View::new(register, &ring))?);
        }
        for change in self.command.iter().flat_map(|c| &c.changes) {
            let (before, spec) = (what.len(), kind_spec(change.doc.kind));
            for op in &change.ops {
                what.extend(said(words, change.doc, op, &ring)?);
            }
            // Nothing but what the place says already: it is written down for the first time.
            if what.len() == before && change.ops.iter().any(|op| spec.field(&op.path).is_some()) {
                what.push(format!("登记{}", spec.label));
            }
        }
        Ok((places, what))
    }
}

/// Reads a held command and tries it on the documents of now.
pub(super) fn read_row(tx: &Tx<'_>, row: &QuarantineRow) -> Result<Held, StoreError> {
    read(tx, &BTreeMap::new(), docs_of(row)?, &row.command_stored)
}

/// The documents that a held command touches.
pub(super) fn docs_of(row: &QuarantineRow) -> Result<Vec<DocId>, StoreError> {
    row.docs.chunks(17).map(|key| DocId::from_key(key).ok_or(StoreError::Damaged("quarantine"))).collect()
}

/// Reads a batch of one command in full, and tries it on these documents: as they are in `known`, else
/// as they stand now.
pub(super) fn read(
    tx: &Tx<'_>,
    known: &BTreeMap<DocId, Register>,
    docs: Vec<DocId>,
    batch: &[u8],
) -> Result<Held, StoreError> {
    let mut held = Held { command: None, hashes: Vec::new(), check: [0; 8], after: BTreeMap::new(), misfit: None };
    let draft = DraftBatch::read(batch, 1).ok();
    for doc in docs {
        let register = match known.get(&doc) {
            Some(register) => Some(register.clone()),
            None => tx.register(doc)?,
        };
        held.after.insert(doc, register.unwrap_or_else(|| Register::genesis(doc)));
    }
    let Some((docs, draft)) = draft.and_then(|b| Some((b.docs, b.commands.into_iter().next()?))) else {
        held.misfit = Some(Code::Structure);
        return Ok(held);
    };
    let mut previous: HashMap<DocId, ChangeHash> = HashMap::new();
    let mut changes: Vec<TypedChange> = Vec::new();
    for change in draft.changes {
        let Some(DocRef::Whole(doc)) = docs.get(change.doc).copied() else { continue };
        let register = held.after.entry(doc).or_insert_with(|| Register::genesis(doc));
        let built = match rebuild(change, draft.stamp, register, previous.get(&doc).copied()) {
            Ok(built) => built,
            Err(Unbuildable::Missing | Unbuildable::Ambiguous) => {
                held.misfit = Some(Code::Predecessor);
                continue;
            }
            Err(Unbuildable::Counter) => {
                held.misfit = Some(Code::Structure);
                continue;
            }
        };
        let Ok(hash) = built.hash() else {
            // Nothing of it can be reckoned here, but it can be shown.
            held.misfit = Some(Code::Structure);
            changes.push(built);
            continue;
        };
        match register.fit(&built, &hash) {
            Ok(()) => register.apply(&built, hash),
            Err(Misfit::Missing(_)) => held.misfit = Some(Code::Predecessor),
            Err(Misfit::Fork) => held.misfit = Some(Code::Fork),
            Err(Misfit::Duplicate | Misfit::Beyond(_) | Misfit::Malformed(_)) => held.misfit = Some(Code::Structure),
        }
        previous.insert(doc, hash);
        held.hashes.push(hash);
        changes.push(built);
    }
    let pairs: Vec<_> = changes.iter().map(|c| c.doc).zip(held.hashes.iter().copied()).collect();
    if held.misfit.is_none() && check_of(&pairs) != draft.check {
        held.misfit = Some(Code::CheckFailed);
    }
    held.check = draft.check;
    held.command = Some(Command { stamp: draft.stamp, changes });
    Ok(held)
}

/// What one put says; nothing for parts of an address, which the place says already.
fn said(words: &mut Words<'_, '_>, doc: DocId, op: &TypedOp, ring: &KeyRing) -> Result<Option<String>, OfficeError> {
    let spec = kind_spec(doc.kind);
    if let Some(field) = spec.field(&op.path) {
        if matches!(field.name, "building" | "unit" | "room" | "worker" | "on") {
            return Ok(None);
        }
        let shown = field.show(&op.value, &doc.uuid, ring);
        return Ok(Some(format!("{}：{}", field.label, words.value(field, &shown)?)));
    }
    let Some(container) = spec.container(op.path.container) else { return Ok(None) };
    let Answer::Value(Scalar::Bytes(bytes)) = op.value.answer() else { return Ok(Some(container.label.to_owned())) };
    let note = |sealed: &[u8]| value::open_text(ring, &doc.uuid, NOTE_FIELD, sealed).label().to_owned();
    Ok(Some(match container.name {
        "entries" => match record::from_bytes::<EntryPayload>(bytes) {
            Err(_) => container.label.to_owned(),
            Ok(entry) => {
                let door = entry.household.and_then(|h| h.try_into().ok()).map(HouseholdId::from_bytes);
                let door = door.map(|d| words.door(d)).transpose()?.map(|d| format!("{d} ")).unwrap_or_default();
                let how = words::contact(entry.kind as u8, entry.outcome as u8);
                format!("{door}{how}{}", entry.note.map(|n| format!("：{}", note(&n))).unwrap_or_default())
            }
        },
        "links" if record::from_bytes::<LinkPayload>(bytes).is_ok_and(|link| link.kind == TAKEN_BACK) => {
            "撤回一条走访、电话或巡查".to_owned()
        }
        "notes" => record::from_bytes::<NotePayload>(bytes)
            .map_or_else(|_| container.label.to_owned(), |n| format!("{}：{}", container.label, note(&n.text))),
        "events" => record::from_bytes::<EventPayload>(bytes).map_or_else(
            |_| container.label.to_owned(),
            |e| {
                e.text
                    .as_deref()
                    .map_or_else(|| e.kind.title().to_owned(), |t| format!("{}：{}", e.kind.title(), note(t)))
            },
        ),
        _ => container.label.to_owned(),
    }))
}
