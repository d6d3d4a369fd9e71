//! What a document shows to somebody with these keys: the same on the device and at the office.

use super::policy::PolicyTable;
use super::spec::{FieldSpec, Shape, kind_spec};
use super::value::{Shown, open_text, several};
use super::{diary, household, record, ticket};
use crate::change::{Path, Stamp, keys};
use crate::ids::{BuildingId, HouseholdId, Kind, Subject};
use crate::merge::decision::Decisions;
use crate::merge::fold::{EventKind, EventPayload, TicketEvent, TicketState, fold};
use crate::merge::link;
use crate::merge::order::{Place, places};
use crate::merge::reading::{Reader, Reading, Why};
use crate::merge::taken_back;
use crate::merge::{Conflict, Register};
use crate::seal::KeyRing;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What one field shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    /// The field.
    pub field: &'static FieldSpec,
    /// Where it stands.
    pub path: Path,
    /// What holds for now; several values of a field that can hold several stand joined.
    pub shown: Shown,
    /// Why.
    pub why: Why,
    /// True where a person has to decide.
    pub conflict: bool,
    /// Everything that stands there.
    pub reading: Reading,
}

/// Sealed name of a note's text, of an entry's note, of an event's text.
pub const NOTE_FIELD: &str = "note";

/// Reads a document with keys.
#[derive(Debug)]
pub struct View<'a> {
    ring: &'a KeyRing,
    reader: Reader<'a>,
}

impl<'a> View<'a> {
    /// A view of this document with these keys, by today's table.
    pub fn new(register: &'a Register, ring: &'a KeyRing) -> Self {
        Self { ring, reader: Reader::new(register, ring) }
    }
    /// A view of this document with these keys, by another table.
    pub fn under(register: &'a Register, ring: &'a KeyRing, table: PolicyTable) -> Self {
        Self { ring, reader: Reader::under(register, ring, table) }
    }
    /// The register beneath.
    pub fn register(&self) -> &'a Register {
        self.reader.register()
    }
    /// The decisions in the document.
    pub fn decisions(&self) -> &Decisions {
        self.reader.decisions()
    }
    /// What no rule could decide, in the order of places.
    pub fn conflicts(&self) -> Vec<Conflict> {
        self.reader.conflicts()
    }
    /// Number of places where a person has to decide.
    pub fn conflict_count(&self) -> usize {
        self.reader.conflict_count()
    }

    fn subject(&self) -> Subject {
        self.register().doc().uuid
    }

    /// One place, if its field is known and something was ever written there.
    pub fn at(&self, path: &Path) -> Option<FieldView> {
        let (field, reading) = self.reader.at(path)?;
        let shown: Vec<Shown> =
            reading.values().into_iter().map(|v| field.show(v, &self.subject(), self.ring)).collect();
        // Of what several people noted nothing is hidden, not even behind somebody's "cleared".
        let texts: Vec<&str> = shown.iter().filter_map(Shown::text).flat_map(|t| t.split(',')).collect();
        let shown = if field.several && shown.len() > 1 && !texts.is_empty() {
            Shown::Value(several(texts))
        } else {
            shown.into_iter().next()?
        };
        Some(FieldView { field, path: path.clone(), shown, why: reading.why, conflict: reading.conflict, reading })
    }

    /// A field of the head by name.
    pub fn field(&self, name: &str) -> Option<FieldView> {
        self.at(&Path::new(0, name))
    }
    /// The text of a field of the head, if it shows a value.
    pub fn text(&self, name: &str) -> Option<String> {
        self.field(name)?.shown.text().map(str::to_owned)
    }
    /// Every value that stands in a field of the head, whether it holds or not, each once.
    pub fn candidate_texts(&self, name: &str) -> Vec<String> {
        let Some(view) = self.field(name) else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let shown = view.reading.candidates.iter().map(|c| view.field.show(&c.value, &self.subject(), self.ring));
        let texts = shown.filter_map(|shown| if let Shown::Value(text) = shown { Some(text) } else { None });
        texts.filter(|text| seen.insert(text.clone())).collect()
    }
    /// Every field of the head that was ever written, in the order of the table.
    pub fn head(&self) -> Vec<FieldView> {
        let fields = kind_spec(self.register().doc().kind).containers.first().map_or(&[][..], |c| c.fields);
        fields.iter().filter_map(|f| self.field(f.name)).collect()
    }

    /// The rows of a container: row key → field name → what it shows.
    pub fn rows(&self, container: u8) -> BTreeMap<String, BTreeMap<&'static str, FieldView>> {
        let mut rows: BTreeMap<String, BTreeMap<&'static str, FieldView>> = BTreeMap::new();
        if kind_spec(self.register().doc().kind).container(container).is_none_or(|c| c.shape != Shape::Rows) {
            return rows;
        }
        for path in self.register().paths_in(container) {
            if let (Some((row, _)), Some(view)) = (keys::split_row_key(&path.key), self.at(path)) {
                rows.entry(row.to_owned()).or_default().insert(view.field.name, view);
            }
        }
        rows
    }

    /// The records of a container with their stamps, in their order: causality first, then time.
    pub fn records(&self, container: u8) -> Vec<(String, Stamp, &'a [u8])> {
        self.placed(container).into_iter().map(|(_, key, stamp, bytes)| (key.to_owned(), stamp, bytes)).collect()
    }

    fn placed(&self, container: u8) -> Vec<(Place, &'a str, Stamp, &'a [u8])> {
        let register = self.register();
        let places = places(register, container);
        let mut list: Vec<_> = register
            .paths_in(container)
            .flat_map(|path| register.visible(path).into_iter().map(move |op| (path, op)))
            .filter_map(|(path, op)| {
                let place = *places.get(usize::try_from(op.change).ok()?)?;
                Some((place, path.key.as_str(), *register.stamp(op)?, op.value.as_bytes()?))
            })
            .collect();
        list.sort_by_key(|(place, key, _, _)| (*place, *key));
        list
    }

    /// A sealed text in a record of this document.
    pub fn sealed_text(&self, bytes: &[u8]) -> Shown {
        open_text(self.ring, &self.subject(), NOTE_FIELD, bytes)
    }

    /// The notes of a container: when and by whom, and the text.
    pub fn notes(&self, container: u8) -> Vec<(Stamp, Shown)> {
        self.records(container)
            .into_iter()
            .filter_map(|(_, stamp, bytes)| {
                let note: record::NotePayload = record::from_bytes(bytes).ok()?;
                Some((stamp, self.sealed_text(&note.text)))
            })
            .collect()
    }

    /// The photos of a ticket with their records' keys, in their order.
    pub fn photos(&self) -> Vec<(String, Stamp, record::PhotoPayload)> {
        if self.register().doc().kind != Kind::Ticket {
            return Vec::new();
        }
        self.records(ticket::PHOTOS)
            .into_iter()
            .filter_map(|(key, stamp, bytes)| Some((key, stamp, record::from_bytes(bytes).ok()?)))
            .collect()
    }

    /// The door's standing refusal, if it has one that was not taken back by somebody who knew of it. Of
    /// a refusal and a taking back that did not know of each other, the refusal stands.
    pub fn door_refusal(&self) -> Option<(Stamp, record::RefusalPayload)> {
        let register = self.register();
        let said: Vec<_> = register
            .paths_in(household::REFUSALS)
            .flat_map(|path| register.visible(path))
            .filter_map(|op| Some((op, record::from_bytes::<record::RefusalPayload>(op.value.as_bytes()?).ok()?)))
            .collect();
        let known = register.beneath(said.iter().map(|(op, _)| op.change));
        said.iter()
            .filter(|(op, _)| !known.holds(op.change))
            .filter(|(_, refusal)| !refusal.withdrawn)
            .filter_map(|(op, refusal)| Some((op.id, *register.stamp(op)?, refusal.clone())))
            .max_by_key(|(id, stamp, _)| (stamp.at, *id))
            .map(|(_, stamp, refusal)| (stamp, refusal))
    }

    /// The events of a ticket, in the order of their places.
    pub fn events(&self) -> Vec<TicketEvent> {
        self.stamped_events().into_iter().map(|(event, _)| event).collect()
    }
    /// The events of a ticket with their stamps.
    pub fn stamped_events(&self) -> Vec<(TicketEvent, Stamp)> {
        let mine = self.subject();
        self.placed(ticket::EVENTS)
            .into_iter()
            .filter_map(|(place, key, stamp, bytes)| {
                let mut payload: EventPayload = record::from_bytes(bytes).ok()?;
                // A matter that repeats itself would be over, and nobody would work it.
                payload.other = payload.other.filter(|other| *other != mine);
                Some((TicketEvent { place, ..TicketEvent::new(key.to_owned(), &stamp, payload) }, stamp))
            })
            .collect()
    }
    /// The state of a ticket.
    pub fn ticket_state(&self) -> TicketState {
        fold(&self.events())
    }

    /// The state of a ticket as if nobody had marked it as repeating another: where marks lead in a ring,
    /// somebody has to work one of its matters ([`link::keeps_a_ring`]).
    pub fn ticket_state_unmarked(&self) -> TicketState {
        let mut events = self.events();
        events.retain(|event| event.payload.kind != EventKind::Duplicate);
        fold(&events)
    }

    /// The document of which this one is a repetition, and which is kept: by the last link that stands; for
    /// a ticket also by a mark among its steps.
    pub fn same_as(&self) -> Option<Uuid> {
        let linked = link::standing(self.register()).last().map(|link| link.other);
        let is_ticket = self.register().doc().kind == Kind::Ticket;
        linked.or_else(|| if is_ticket { self.ticket_state().duplicate_of } else { None })
    }

    /// The entries of a diary that stand.
    pub fn entries(&self) -> Vec<(String, Stamp, record::EntryPayload)> {
        self.all_entries(false)
    }
    /// The entries of a diary that were taken back: kept, and counted nowhere.
    pub fn entries_taken_back(&self) -> Vec<(String, Stamp, record::EntryPayload)> {
        self.all_entries(true)
    }
    fn all_entries(&self, are_taken_back: bool) -> Vec<(String, Stamp, record::EntryPayload)> {
        let taken_back = taken_back::commands(self.register());
        self.records(diary::ENTRIES)
            .into_iter()
            .filter(|(_, stamp, _)| taken_back.contains(stamp.command.as_bytes()) == are_taken_back)
            .filter_map(|(key, stamp, bytes)| Some((key, stamp, record::from_bytes(bytes).ok()?)))
            .collect()
    }

    /// The building that a door or ticket names.
    pub fn building(&self) -> Option<BuildingId> {
        self.text("building")?.parse().ok()
    }
    /// The door that a resident or ticket names.
    pub fn household(&self) -> Option<HouseholdId> {
        self.text("household")?.parse().ok()
    }
    /// Every door that stands against others as a resident's home.
    pub fn households(&self) -> Vec<HouseholdId> {
        self.field("household").map_or_else(Vec::new, |f| {
            f.reading.candidates.iter().filter_map(|c| c.value.as_str()?.parse().ok()).collect()
        })
    }
}
