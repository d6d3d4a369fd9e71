//! Says what stands in the documents of a door, masked where it is sealed and nobody asked to see it.

use super::ledger_door::{FieldLine, NoteLine};
use super::mask::masked_field;
use crate::office::{Office, OfficeError};
use crate::people::masked;
use crate::review::words::{self, Words};
use crate::store::Tx;
use qiaomen_proto::entity::FieldSpec;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::ids::{DocId, Kind, ResidentId, Subject};
use qiaomen_proto::merge::{Register, Why};
use qiaomen_proto::seal::KeyRing;

/// What of a door is shown in the clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Nothing that is sealed.
    Nothing,
    /// What is known of one person.
    Person(ResidentId),
    /// Everything.
    Everything,
}

impl Open {
    /// Whether what is sealed under this subject's key is shown.
    pub(super) fn shows(self, subject: Subject) -> bool {
        match self {
            Open::Nothing => false,
            Open::Person(resident) => resident.0 == subject,
            Open::Everything => true,
        }
    }
}

/// A document with its keys.
pub(super) struct Opened {
    pub(super) register: Register,
    pub(super) ring: KeyRing,
}

impl Opened {
    pub(super) fn of(office: &Office, tx: &Tx<'_>, doc: DocId) -> Result<Option<Self>, OfficeError> {
        let Some(register) = tx.register(doc)? else { return Ok(None) };
        Ok(Some(Self { register, ring: office.ring(tx, [doc.uuid])? }))
    }
    pub(super) fn view(&self) -> View<'_> {
        View::new(&self.register, &self.ring)
    }
}

/// Says values within one state of the database, masked or not.
pub(super) struct Teller<'o, 't, 'c> {
    pub(super) office: &'o Office,
    pub(super) tx: &'t Tx<'c>,
    pub(super) words: Words<'t, 'c>,
    pub(super) open: Open,
}

impl Teller<'_, '_, '_> {
    /// A value of a field of this document.
    pub(super) fn said(
        &mut self,
        of: Subject,
        field: &'static FieldSpec,
        shown: &Shown,
    ) -> Result<String, OfficeError> {
        // A name that an id stands for is as sealed as the name itself.
        if let ("head" | "resident", Shown::Value(id)) = (field.name, shown)
            && let Ok(id) = id.parse::<ResidentId>()
        {
            return Ok(match Opened::of(self.office, self.tx, id.into())? {
                Some(person) => self.name(&person.view()),
                None => "（没有登记的人）".to_owned(),
            });
        }
        if field.sealed && !self.open.shows(of) {
            Ok(masked_field(field, shown))
        } else {
            self.words.value(field, shown)
        }
    }
    /// A sealed text that is no field's.
    pub(super) fn text(&self, of: Subject, text: &Shown) -> String {
        match text {
            Shown::Value(text) if self.open.shows(of) => text.clone(),
            Shown::Value(_) => masked::HIDDEN.to_owned(),
            other => other.label().to_owned(),
        }
    }
    /// Whom a document of a door is about: the door itself, or somebody behind it.
    pub(super) fn about(&self, of: &Opened) -> String {
        match of.register.doc().kind {
            Kind::Household => "本户".to_owned(),
            _ => self.name(&of.view()),
        }
    }
    /// What a resident is called.
    pub(super) fn name(&self, view: &View<'_>) -> String {
        let clear = self.open.shows(view.register().doc().uuid);
        match view.field("name") {
            None => "（没有登记姓名）".to_owned(),
            Some(f) if clear => f.shown.label().to_owned(),
            Some(f) => masked_field(f.field, &f.shown),
        }
    }
    pub(super) fn field(&mut self, of: Subject, view: &FieldView) -> Result<FieldLine, OfficeError> {
        Ok(FieldLine {
            label: view.field.label,
            text: self.said(of, view.field, &view.shown)?,
            why: (view.why != Why::Only).then(|| words::why(view.why).1),
            conflict: view.conflict,
        })
    }
    pub(super) fn notes(&mut self, view: &View<'_>, container: u8) -> Result<Vec<NoteLine>, OfficeError> {
        let of = view.register().doc().uuid;
        let mut lines = Vec::new();
        for (stamp, text) in view.notes(container) {
            let (at, who) = (words::time(stamp.at.wall_ms), self.words.worker(stamp.by.worker)?);
            lines.push(NoteLine { at, who, text: self.text(of, &text) });
        }
        Ok(lines)
    }
}
