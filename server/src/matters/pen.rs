//! Sealing values and putting them where they belong, with the key that this takes.

use super::error::MatterError;
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::{Edit, Path, Scalar, Stamp, keys};
use qiaomen_proto::entity::ticket::EVENTS;
use qiaomen_proto::entity::view::NOTE_FIELD;
use qiaomen_proto::entity::{kind_spec, record, schema};
use qiaomen_proto::ids::{DocId, Kind, Subject};
use qiaomen_proto::merge::fold::EventPayload;
use qiaomen_proto::seal::SubjectKey;

/// The edits of one command on one matter.
pub(super) struct Pen {
    doc: DocId,
    stamp: Stamp,
    key: SubjectKey,
    fresh: bool,
    events: u8,
    edits: Vec<Edit>,
}

impl Pen {
    /// A pen for this matter; a matter without a key gets one.
    pub(super) fn new(office: &Office, tx: &Tx<'_>, doc: DocId, stamp: Stamp) -> Result<Self, OfficeError> {
        let known = office.ring(tx, [doc.uuid])?.sealing_key(&doc.uuid).cloned();
        let fresh = known.is_none();
        let key = match known {
            Some(key) => key,
            None => SubjectKey::from_bytes(office.random()?),
        };
        Ok(Self { doc, stamp, key, fresh, events: 0, edits: Vec::new() })
    }

    /// A value in the head.
    pub(super) fn put(&mut self, name: &str, typed: &str) -> Result<(), MatterError> {
        let field = kind_spec(Kind::Ticket).head_field(name).ok_or(StoreError::Damaged("a field of a matter"))?;
        let text = field.normalise(typed)?;
        let value = field.to_scalar(&text, &self.doc.uuid, Some(&self.key));
        let value = value.ok_or(MatterError::Unreadable { label: field.label })?;
        self.add(Path::new(0, field.name), value, field.label)
    }

    /// An event, its text sealed.
    pub(super) fn event(&mut self, mut payload: EventPayload, text: Option<&str>) -> Result<(), MatterError> {
        payload.text = text.map(|text| self.key.seal(&self.doc.uuid, NOTE_FIELD, text.as_bytes()));
        let key = keys::record_key(self.stamp.command, self.events);
        self.events = self.events.saturating_add(1);
        self.add(Path::new(EVENTS, key), Scalar::Bytes(record::to_bytes(&payload)), "办理过程")
    }

    /// Held against the table, as everything that a device brings is.
    fn add(&mut self, path: Path, value: Scalar, label: &'static str) -> Result<(), MatterError> {
        schema::check(self.doc.kind, &path, &value, self.stamp.by.role)
            .map_err(|_| MatterError::Unreadable { label })?;
        self.edits.push(Edit { path, value });
        Ok(())
    }

    /// Writes the command.
    pub(super) fn write(self, office: &Office, tx: &Tx<'_>) -> Result<(), OfficeError> {
        let keys: Vec<(Subject, SubjectKey)> = if self.fresh { vec![(self.doc.uuid, self.key)] } else { Vec::new() };
        office.write_own(tx, self.stamp, vec![(self.doc, self.edits)], &keys)
    }
}
