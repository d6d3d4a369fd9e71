//! Edits of one plan, as they come together: every value normalised, checked against the table of its
//! kind, sealed where the field is, and left out where it says what already holds alone.

use super::plan::{Book, Books, Circumstances, Plan};
use super::sensible;
use crate::error::{EditError, What};
use qiaomen_proto::change::{Answer, Edit, Path, Scalar, keys};
use qiaomen_proto::entity::ValueShape;
use qiaomen_proto::entity::record::{self, NotePayload};
use qiaomen_proto::entity::schema::{self, SchemaError};
use qiaomen_proto::entity::value::{NotAValue, Shown};
use qiaomen_proto::entity::view::{NOTE_FIELD, View};
use qiaomen_proto::entity::{FieldSpec, household, kind_spec, resident, ticket};
use qiaomen_proto::ids::{DocId, Kind, Subject};
use qiaomen_proto::limits::VALUE_BYTES_MAX;
use qiaomen_proto::seal::{SEAL_OVERHEAD_BYTES, SubjectKey};
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;
use std::collections::BTreeMap;

/// Room that a record's other fields take beside its sealed text.
const RECORD_OVERHEAD_BYTES: usize = 64;

pub(crate) struct Draft<'a, 'b> {
    pub(crate) under: Circumstances<'a>,
    books: &'b mut dyn Books,
    open: BTreeMap<DocId, Book>,
    order: Vec<DocId>,
    edits: BTreeMap<DocId, Vec<Edit>>,
    new_keys: Vec<(Subject, SubjectKey)>,
    records: BTreeMap<(DocId, u8), u8>,
}

impl<'a, 'b> Draft<'a, 'b> {
    pub(crate) fn new(under: Circumstances<'a>, books: &'b mut dyn Books) -> Self {
        Self {
            under,
            books,
            open: BTreeMap::new(),
            order: Vec::new(),
            edits: BTreeMap::new(),
            new_keys: Vec::new(),
            records: BTreeMap::new(),
        }
    }

    /// A document, blank or not.
    pub(crate) fn book(&mut self, doc: DocId) -> Result<&Book, EditError> {
        if !self.open.contains_key(&doc) {
            let book = self.books.book(doc)?;
            self.open.insert(doc, book);
        }
        self.open.get(&doc).ok_or(EditError::Unknown(what(doc.kind)))
    }

    /// A document that has to be here.
    pub(crate) fn known(&mut self, doc: DocId) -> Result<&Book, EditError> {
        let book = self.book(doc)?;
        if book.register.is_blank() { Err(EditError::Unknown(what(doc.kind))) } else { Ok(book) }
    }

    /// Reads a document that has to be here.
    pub(crate) fn view<T>(&mut self, doc: DocId, read: impl FnOnce(&View<'_>) -> T) -> Result<T, EditError> {
        let book = self.known(doc)?;
        Ok(read(&View::new(&book.register, &book.ring)))
    }

    /// An answer to a field of the head.
    pub(crate) fn field(&mut self, doc: DocId, name: &str, answer: &Answer<String>) -> Result<(), EditError> {
        let field = kind_spec(doc.kind).head_field(name).ok_or_else(|| EditError::NoSuchField(name.to_owned()))?;
        self.answer(doc, Path::new(0, name), field, answer)
    }

    /// A value of a field of the head that is in its normal form already.
    pub(crate) fn value(&mut self, doc: DocId, name: &str, text: impl Into<String>) -> Result<(), EditError> {
        self.field(doc, name, &Answer::Value(text.into()))
    }

    /// A value of a field of a row.
    pub(crate) fn row_value(
        &mut self,
        doc: DocId,
        container: u8,
        row: &str,
        name: &str,
        text: &str,
    ) -> Result<(), EditError> {
        let path = Path::new(container, keys::row_key(row, name));
        let field = kind_spec(doc.kind).field(&path).ok_or_else(|| EditError::NoSuchField(name.to_owned()))?;
        self.answer(doc, path, field, &Answer::Value(text.to_owned()))
    }

    /// Whether somebody does it now, and can look again.
    pub(crate) fn is_by_hand(&self) -> bool {
        self.under.by_hand
    }

    /// Whether anything is to be written yet.
    pub(crate) fn says_something(&self) -> bool {
        !self.edits.is_empty()
    }

    /// Takes a field of the head back also where nothing stands yet: so it stands against what somebody else writes
    /// there at the same time.
    pub(crate) fn take_back(&mut self, doc: DocId, name: &str) -> Result<(), EditError> {
        let field = kind_spec(doc.kind).head_field(name).ok_or_else(|| EditError::NoSuchField(name.to_owned()))?;
        self.put(doc, Path::new(0, name), Answer::<Scalar>::Cleared.into_scalar(), (field.name, field.label))
    }

    fn answer(
        &mut self,
        doc: DocId,
        path: Path,
        field: &'static FieldSpec,
        answer: &Answer<String>,
    ) -> Result<(), EditError> {
        let answer = match answer {
            Answer::Value(typed) => {
                let text = field.normalise(typed)?;
                if field.shape == ValueShape::Date && self.under.by_hand {
                    sensible::day(field, &text, self.under.today())?;
                }
                Answer::Value(text)
            }
            other => other.clone(),
        };
        let wanted = match &answer {
            Answer::Value(text) => Shown::Value(text.clone()),
            Answer::Refused => Shown::Refused,
            Answer::Unknown => Shown::Unknown,
            Answer::Cleared => Shown::Cleared,
        };
        let book = self.book(doc)?;
        let stands = View::new(&book.register, &book.ring).at(&path);
        match &stands {
            // Compared as people read it: under another key of the same subject the bytes differ.
            Some(view) if view.reading.candidates.len() == 1 && view.shown == wanted => return Ok(()),
            None if answer == Answer::Cleared => return Ok(()),
            _ => {}
        }
        let scalar = match answer {
            Answer::Value(text) => {
                let key = if field.sealed { Some(self.key(doc)?) } else { None };
                field.to_scalar(&text, &doc.uuid, key.as_ref()).ok_or_else(|| not_a_value(field.name, field.label))?
            }
            other => other.map(|_| Scalar::Null).into_scalar(),
        };
        self.put(doc, path, scalar, (field.name, field.label))
    }

    /// A record, under a key of this command's own.
    pub(crate) fn record<T: minicbor::Encode<()>>(
        &mut self,
        doc: DocId,
        container: u8,
        payload: &T,
    ) -> Result<(), EditError> {
        let ordinal = self.records.entry((doc, container)).or_default();
        let key = keys::record_key(self.under.stamp.command, *ordinal);
        *ordinal = ordinal.checked_add(1).ok_or(EditError::TooLarge)?;
        let what = kind_spec(doc.kind).container(container).map_or(("", ""), |c| (c.name, c.label));
        self.put(doc, Path::new(container, key), Scalar::Bytes(record::to_bytes(payload)), what)
    }

    /// A text for a record of this document, sealed under its key.
    pub(crate) fn sealed(&mut self, doc: DocId, text: &str) -> Result<Vec<u8>, EditError> {
        let text = text.trim();
        if text.len() > VALUE_BYTES_MAX - SEAL_OVERHEAD_BYTES - RECORD_OVERHEAD_BYTES {
            return Err(EditError::NotPossible(sentence!("not-too-long", "写得太长了，最多约 2600 个字")));
        }
        Ok(self.key(doc)?.seal(&doc.uuid, NOTE_FIELD, text.as_bytes()))
    }

    /// As [`Draft::sealed`], where nothing typed is nothing said.
    pub(crate) fn sealed_if_any(&mut self, doc: DocId, text: Option<&str>) -> Result<Option<Vec<u8>>, EditError> {
        match text.map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => self.sealed(doc, text).map(Some),
        }
    }

    /// A note on a document that has to be here.
    pub(crate) fn note(&mut self, doc: DocId, text: &str) -> Result<(), EditError> {
        let container = match doc.kind {
            Kind::Household => household::NOTES,
            Kind::Resident => resident::NOTES,
            Kind::Ticket => ticket::NOTES,
            Kind::Diary => {
                return Err(EditError::NotPossible(sentence!(
                    "not-a-note-of-the-diary",
                    "日志请直接记走访、电话或巡查"
                )));
            }
        };
        self.known(doc)?;
        let text = self
            .sealed_if_any(doc, Some(text))?
            .ok_or(EditError::NotPossible(sentence!("not-an-empty-note", "备注没有内容")))?;
        self.record(doc, container, &NotePayload { text })
    }

    /// The key to seal this document's values with; a fresh one where there is none.
    fn key(&mut self, doc: DocId) -> Result<SubjectKey, EditError> {
        let subject = doc.uuid;
        if let Some(key) = self.book(doc)?.ring.sealing_key(&subject) {
            return Ok(key.clone());
        }
        let fresh = self.under.fresh_keys.pop().ok_or(EditError::TooLarge)?;
        if let Some(book) = self.open.get_mut(&doc) {
            book.ring.insert(subject, fresh.clone());
        }
        self.new_keys.push((subject, fresh.clone()));
        Ok(fresh)
    }

    /// `what`: name and label of the field or of the records.
    fn put(
        &mut self,
        doc: DocId,
        path: Path,
        value: Scalar,
        (name, label): (&'static str, &'static str),
    ) -> Result<(), EditError> {
        schema::check(doc.kind, &path, &value, self.under.stamp.by.role).map_err(|e| match e {
            SchemaError::Role => EditError::Role(Sentence::of("field", name, label)),
            SchemaError::NoContainer | SchemaError::Key => EditError::NoSuchField(label.to_owned()),
            SchemaError::Type => not_a_value(name, label),
            SchemaError::Bounds => {
                let sentence = sentence!("value-bounds", "太长了或超出范围。");
                EditError::Value(NotAValue { field: name, label, sentence })
            }
        })?;
        if !self.order.contains(&doc) {
            self.order.push(doc);
        }
        self.edits.entry(doc).or_default().push(Edit { path, value });
        Ok(())
    }

    /// The plan; `about` says what had nothing to change.
    pub(crate) fn finish(mut self, about: What) -> Result<Plan, EditError> {
        if self.edits.is_empty() {
            return Err(EditError::NothingToChange(about));
        }
        let edits = self.order.iter().filter_map(|doc| Some((*doc, self.edits.remove(doc)?))).collect();
        Ok(Plan { edits, new_keys: self.new_keys })
    }
}

fn not_a_value(field: &'static str, label: &'static str) -> EditError {
    EditError::Value(NotAValue { field, label, sentence: sentence!("value-form", "格式不对。") })
}

/// What people call a document of this kind.
pub(crate) fn what(kind: Kind) -> What {
    match kind {
        Kind::Household => What::Household,
        Kind::Resident => What::Resident,
        Kind::Ticket => What::Ticket,
        Kind::Diary => What::Diary,
    }
}
