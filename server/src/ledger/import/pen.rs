//! Values sealed and put where they belong, with the keys that this takes.

use super::plan::Put;
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::{Answer, Edit, Path, Scalar, keys};
use qiaomen_proto::entity::record::{self, NotePayload};
use qiaomen_proto::entity::view::NOTE_FIELD;
use qiaomen_proto::ids::{CommandId, DocId, Subject};
use qiaomen_proto::seal::SubjectKey;

/// The edits of one command, and the keys that are new with it.
pub(super) struct Pen<'a> {
    pub(super) office: &'a Office,
    pub(super) tx: &'a Tx<'a>,
    pub(super) command: CommandId,
    pub(super) keys: Vec<(Subject, SubjectKey)>,
}

impl Pen<'_> {
    /// The key to seal this subject's values with; a new one if there is none.
    pub(super) fn key(&mut self, subject: Subject) -> Result<SubjectKey, OfficeError> {
        if let Some((_, key)) = self.keys.iter().find(|(of, _)| *of == subject) {
            return Ok(key.clone());
        }
        if let Some(key) = self.office.ring(self.tx, [subject])?.sealing_key(&subject) {
            return Ok(key.clone());
        }
        let key = SubjectKey::from_bytes(self.office.random()?);
        self.keys.push((subject, key.clone()));
        Ok(key)
    }

    /// Answers in the head of a document.
    pub(super) fn puts(&mut self, doc: DocId, puts: &[Put]) -> Result<Vec<Edit>, OfficeError> {
        let mut edits = Vec::with_capacity(puts.len());
        for Put { field, answer } in puts {
            let value = match answer {
                Answer::Value(text) => {
                    let key = if field.sealed { Some(self.key(doc.uuid)?) } else { None };
                    let scalar = field.to_scalar(text, &doc.uuid, key.as_ref());
                    scalar.ok_or(StoreError::Damaged("a value of the import's own"))?
                }
                Answer::Refused => Answer::Refused.into_scalar(),
                Answer::Unknown => Answer::Unknown.into_scalar(),
                Answer::Cleared => Answer::Cleared.into_scalar(),
            };
            edits.push(Edit { path: Path::new(0, field.name), value });
        }
        Ok(edits)
    }

    /// Notes of a document.
    pub(super) fn notes(&mut self, doc: DocId, container: u8, notes: &[String]) -> Result<Vec<Edit>, OfficeError> {
        let mut edits = Vec::with_capacity(notes.len());
        for (ordinal, text) in (0u8..).zip(notes) {
            let payload = NotePayload { text: self.seal(doc, text)? };
            edits.push(self.record(container, ordinal, record::to_bytes(&payload)));
        }
        Ok(edits)
    }

    /// A text of a record.
    pub(super) fn seal(&mut self, doc: DocId, text: &str) -> Result<Vec<u8>, OfficeError> {
        Ok(self.key(doc.uuid)?.seal(&doc.uuid, NOTE_FIELD, text.as_bytes()))
    }

    /// A record of this command.
    pub(super) fn record(&self, container: u8, ordinal: u8, bytes: Vec<u8>) -> Edit {
        Edit { path: Path::new(container, keys::record_key(self.command, ordinal)), value: Scalar::Bytes(bytes) }
    }
}
