//! Who may write what, where. Roles and grids are the roster's at the time of the edit, never the
//! sender's word for them.

use super::parts::parts;
use super::streams::AsOf;
use super::{Sender, streams};
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::{Answer, Command, Path, Scalar};
use qiaomen_proto::entity::schema::{self, SchemaError};
use qiaomen_proto::entity::view::{NOTE_FIELD, View};
use qiaomen_proto::entity::{diary, household, kind_spec, record, resident, ticket};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, GridId, Kind, Role, StreamId, Subject, WorkerId};
use qiaomen_proto::limits::{KEYS_PER_SUBJECT_MAX, WALL_MS_MAX};
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::fold::{self, EventPayload};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use std::collections::{BTreeMap, BTreeSet};

/// What a worker may see and write at one time.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Role.
    pub role: Role,
    /// Streams.
    pub streams: BTreeSet<StreamId>,
    /// Grids, in the office's order: where a matter without a place belongs.
    pub grids: Vec<GridId>,
    /// Sees the whole community.
    pub everywhere: bool,
    /// Of which time this is the grant.
    pub at_ms: u64,
}

impl Grant {
    /// What the sender's worker had at the time of the edit. A stamp from the future is judged by now; one
    /// from before the last contact, if nothing was left unsent then, by that contact: it was made since.
    pub fn of(tx: &Tx<'_>, sender: &Sender, at_ms: u64) -> Result<Self, StoreError> {
        let nothing_left = sender.device.pending_count == 0;
        let earliest = sender.offline_since_ms.filter(|_| nothing_left).unwrap_or(0);
        Self::at(tx, sender.device.worker, sender.device.role, at_ms.max(earliest).min(sender.now_ms))
    }
    /// What a worker had at a time.
    pub fn at(tx: &Tx<'_>, worker: WorkerId, role: Role, at_ms: u64) -> Result<Self, StoreError> {
        let grids = tx.grids_at(worker, at_ms)?;
        let mut streams: BTreeSet<StreamId> = BTreeSet::from([StreamId::Worker(worker)]);
        match role {
            Role::GridLeader | Role::Assistant | Role::GridWorker | Role::BuildingHead => {
                streams.extend(grids.iter().map(|g| StreamId::Grid(*g)));
            }
            Role::Coordinator => {
                // The department's matters and no others: no ledger.
                let department = tx.worker(worker)?.and_then(|w| w.department);
                streams.extend(department.and_then(|d| StreamId::from_text(&format!("d:{d}"))));
            }
            Role::Supervisor => {
                for grid in tx.grids()? {
                    streams.insert(StreamId::Grid(GridId::from_bytes(*grid.id)));
                }
            }
            Role::Office | Role::Liaison => {}
        }
        Ok(Self { role, streams, grids, everywhere: matches!(role, Role::Office | Role::Supervisor), at_ms })
    }
}

impl Grant {
    /// May somebody with this grant write a document that stood in `before` and will stand in `now`?
    fn reaches(&self, kind: Kind, before: &BTreeSet<StreamId>, now: &BTreeSet<StreamId>) -> bool {
        if self.everywhere {
            return true;
        }
        if kind == Kind::Diary {
            // A diary is always its worker's own; what counts is whose the grid was on that day.
            return now.iter().any(|s| matches!(s, StreamId::Grid(_)) && self.streams.contains(s));
        }
        let sees = |streams: &BTreeSet<StreamId>| !streams.is_disjoint(&self.streams);
        if before.is_empty() { sees(now) } else { sees(before) }
    }
}

/// May it?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Yes,
    /// Never, whatever a person says.
    Never(Code),
    /// A person shall look.
    Doubtful(Code),
}

/// Decides about a command that fits its documents.
pub fn admit(
    office: &Office,
    tx: &Tx<'_>,
    grant: &Grant,
    sender: &Sender,
    command: &Command,
    after: &BTreeMap<DocId, Register>,
    keys: &[(Subject, SubjectKey)],
) -> Result<Admission, OfficeError> {
    let by = command.stamp.by;
    if by.worker != sender.device.worker || by.device != sender.device.id || by.role != sender.device.role {
        return Ok(Admission::Doubtful(Code::NotTheAuthor));
    }
    if command.stamp.at.wall_ms > WALL_MS_MAX {
        return Ok(Admission::Never(Code::ValueBounds));
    }
    for change in &command.changes {
        let office = change.actor.0 == office.identity().incarnation;
        if office || tx.device_of_actor(&change.actor)?.is_some_and(|d| d != sender.device.id) {
            return Ok(Admission::Doubtful(Code::NotTheActor));
        }
        for op in &change.ops {
            match schema::check(change.doc.kind, &op.path, &op.value, by.role) {
                Ok(()) => {}
                Err(SchemaError::Role) => return Ok(Admission::Never(Code::RoleMayNot)),
                // A later program may allow what this one does not: a person looks.
                Err(SchemaError::Bounds) => return Ok(Admission::Doubtful(Code::ValueBounds)),
                Err(SchemaError::NoContainer | SchemaError::Key | SchemaError::Type) => {
                    return Ok(Admission::Doubtful(Code::ValueForm));
                }
            }
            if let (Kind::Ticket, ticket::EVENTS, Scalar::Bytes(bytes)) =
                (change.doc.kind, op.path.container, &op.value)
                && let Ok(event) = record::from_bytes::<EventPayload>(bytes)
                && !fold::may(by.role, event.kind)
            {
                return Ok(Admission::Never(Code::RoleMayNot));
            }
        }
    }
    let mut ring = office.ring(tx, after.keys().map(|d| d.uuid))?;
    ring.extend(keys.iter().cloned());
    if after.keys().any(|d| ring.keys_of(&d.uuid).count() > KEYS_PER_SUBJECT_MAX) {
        return Ok(Admission::Never(Code::Structure));
    }
    for doc in after.keys() {
        // Two documents of one kind that end alike could no longer be named shortly, by anybody.
        let alike = tx.documents_by_suffix(doc.kind, doc.suffix())?;
        if !alike.is_empty() && !alike.contains(doc) {
            return Ok(Admission::Doubtful(Code::Structure));
        }
    }
    for change in &command.changes {
        for op in &change.ops {
            if !opens(change.doc, &op.path, &op.value, &ring) {
                return Ok(Admission::Doubtful(Code::KeyMissing));
            }
        }
    }
    for (doc, register) in after {
        let view = View::new(register, &ring);
        let written: Vec<_> = command.changes.iter().filter(|c| c.doc == *doc).flat_map(|c| &c.ops).collect();
        match parts(tx, *doc, &view, by.worker, &written)? {
            Admission::Yes => {}
            other => return Ok(other),
        }
        let before: BTreeSet<StreamId> = tx.streams_of(*doc)?.into_iter().collect();
        let now = streams::streams_of(tx, &view, &before, &grant.grids, AsOf::Now)?;
        if !grant.reaches(doc.kind, &before, &now) && !reached_then(office, tx, grant, *doc, &view)? {
            return Ok(Admission::Doubtful(Code::OutOfScope));
        }
    }
    Ok(Admission::Yes)
}

/// Was the document within this grant by the grids of its time? A building may have been given to another
/// grid while its worker was on the stairs.
fn reached_then(
    office: &Office,
    tx: &Tx<'_>,
    grant: &Grant,
    doc: DocId,
    as_written: &View<'_>,
) -> Result<bool, OfficeError> {
    if doc.kind == Kind::Diary {
        return Ok(false);
    }
    let nowhere = BTreeSet::new();
    let then = match tx.register(doc)? {
        // As it stood before: what is written now must not make it somebody's.
        Some(register) => {
            let ring = office.ring(tx, [doc.uuid])?;
            streams::streams_of(tx, &View::new(&register, &ring), &nowhere, &[], AsOf::At(grant.at_ms))?
        }
        None => streams::streams_of(tx, as_written, &nowhere, &grant.grids, AsOf::At(grant.at_ms))?,
    };
    Ok(!then.is_disjoint(&grant.streams))
}

/// Can the office open what is sealed in this put?
pub(super) fn opens(doc: DocId, path: &Path, value: &Scalar, ring: &KeyRing) -> bool {
    let sealed = |field: &str, bytes: &[u8]| ring.open(&doc.uuid, field, bytes).is_ok();
    let Answer::Value(Scalar::Bytes(bytes)) = value.answer() else { return true };
    if let Some(field) = kind_spec(doc.kind).field(path) {
        return !field.sealed || sealed(field.name, bytes);
    }
    let text = match (doc.kind, path.container) {
        (Kind::Diary, diary::ENTRIES) => record::from_bytes::<record::EntryPayload>(bytes).ok().and_then(|e| e.note),
        (Kind::Ticket, ticket::EVENTS) => record::from_bytes::<EventPayload>(bytes).ok().and_then(|e| e.text),
        (Kind::Household, household::NOTES) | (Kind::Resident, resident::NOTES) | (Kind::Ticket, ticket::NOTES) => {
            record::from_bytes::<record::NotePayload>(bytes).ok().map(|n| n.text)
        }
        _ => None,
    };
    text.is_none_or(|t| sealed(NOTE_FIELD, &t))
}
