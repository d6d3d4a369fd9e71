//! Rows for lists and look-ups, beside those that the documents give.

use super::problem::{ProblemCode, Problems};
use crate::duplicates::likeness::likeness;
use crate::duplicates::resolve::keeps_ring;
use crate::ingest::project::{blind_values, door_row, entry_rows, resident_row, ticket_row};
use crate::office::Office;
use crate::store::Tx;
use crate::store::sqlite::{DoorRow, EntryProjection, LikenessRow, ResidentRow, TicketRow};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind, Subject};
use qiaomen_proto::merge::Register;
use std::collections::HashMap;
use std::hash::Hash;

/// Every row, by the id of its document.
pub(super) struct Rows {
    doors: HashMap<Subject, DoorRow>,
    residents: HashMap<Subject, ResidentRow>,
    tickets: HashMap<Subject, TicketRow>,
    entries: HashMap<Subject, Vec<EntryProjection>>,
    blind: HashMap<Subject, Vec<(u8, [u8; 16])>>,
    likeness: HashMap<DocId, Vec<LikenessRow>>,
    same_as: HashMap<DocId, DocId>,
    counts: (u64, u64, u64),
}

impl Rows {
    pub(super) fn read(tx: &Tx<'_>, problems: &mut Problems) -> Self {
        let doors = problems.sift(tx.door_list()).unwrap_or_default();
        let residents = problems.sift(tx.resident_list()).unwrap_or_default();
        let tickets = problems.sift(tx.ticket_list()).unwrap_or_default();
        let counts = (super::count(doors.len()), super::count(residents.len()), super::count(tickets.len()));
        Self {
            doors: doors.into_iter().map(|row| (row.household.0, row)).collect(),
            residents: residents.into_iter().map(|row| (row.resident.0, row)).collect(),
            tickets: tickets.into_iter().map(|row| (row.ticket.0, row)).collect(),
            entries: grouped(problems.sift(tx.diary_entry_list()).unwrap_or_default()),
            blind: grouped(problems.sift(tx.blind_list()).unwrap_or_default()),
            likeness: grouped(problems.sift(tx.likeness_list()).unwrap_or_default()),
            same_as: problems.sift(tx.same_as_list()).unwrap_or_default().into_iter().collect(),
            counts,
        }
    }

    /// Doors, residents, matters.
    pub(super) fn counts(&self) -> (u64, u64, u64) {
        self.counts
    }

    /// Holds the rows of one document against what its register says.
    pub(super) fn check(&mut self, office: &Office, tx: &Tx<'_>, register: &Register, problems: &mut Problems) {
        let doc = register.doc();
        // That the keys open has been checked.
        let Ok(ring) = office.ring(tx, [doc.uuid]) else { return };
        let view = View::new(register, &ring);
        self.check_alike(office, &view, problems);
        match doc.kind {
            Kind::Household => compare(doc, self.doors.remove(&doc.uuid), door_row(&view), problems),
            Kind::Ticket => {
                let Some(keeps) = problems.sift(keeps_ring(tx, doc)) else { return };
                compare(doc, self.tickets.remove(&doc.uuid), Some(ticket_row(&view, keeps)), problems);
            }
            Kind::Diary => {
                let mut stands = self.entries.remove(&doc.uuid).unwrap_or_default();
                let mut given = entry_rows(&view);
                stands.sort_by(|a, b| a.key.cmp(&b.key));
                given.sort_by(|a, b| a.key.cmp(&b.key));
                compare(doc, Some(stands), Some(given), problems);
            }
            Kind::Resident => {
                compare(doc, self.residents.remove(&doc.uuid), Some(resident_row(&view)), problems);
                if self.blind.remove(&doc.uuid).unwrap_or_default() != blind_values(office, &view) {
                    problems.add(ProblemCode::BlindDiffers, doc);
                }
            }
        }
    }

    /// By what it can be like another, and which one it repeats.
    fn check_alike(&mut self, office: &Office, view: &View<'_>, problems: &mut Problems) {
        let doc = view.register().doc();
        if self.likeness.remove(&doc).unwrap_or_default() != likeness(office, view) {
            problems.add(ProblemCode::LikenessDiffers, doc);
        }
        if self.same_as.remove(&doc) != view.same_as().map(|id| DocId::new(doc.kind, id)) {
            problems.add(ProblemCode::LinkDiffers, doc);
        }
    }

    /// Leaves out the rows of a document that cannot be looked at.
    pub(super) fn leave(&mut self, doc: DocId) {
        self.likeness.remove(&doc);
        self.same_as.remove(&doc);
        match doc.kind {
            Kind::Household => drop(self.doors.remove(&doc.uuid)),
            Kind::Ticket => drop(self.tickets.remove(&doc.uuid)),
            Kind::Diary => drop(self.entries.remove(&doc.uuid)),
            Kind::Resident => {
                self.residents.remove(&doc.uuid);
                self.blind.remove(&doc.uuid);
            }
        }
    }

    /// Rows that no document gives.
    pub(super) fn left_over(self, problems: &mut Problems) {
        let left = (self.doors.into_keys().map(|id| (Kind::Household, id)))
            .chain(self.residents.into_keys().map(|id| (Kind::Resident, id)))
            .chain(self.tickets.into_keys().map(|id| (Kind::Ticket, id)))
            .chain(self.entries.into_keys().map(|id| (Kind::Diary, id)));
        let mut left: Vec<DocId> = left.map(|(kind, id)| DocId::new(kind, id)).collect();
        left.sort_unstable();
        for doc in left {
            problems.add(ProblemCode::RowExtra, doc);
        }
        let mut alike: Vec<DocId> = self.likeness.into_keys().collect();
        alike.sort_unstable();
        for doc in alike {
            problems.add(ProblemCode::LikenessDiffers, doc);
        }
        let mut linked: Vec<DocId> = self.same_as.into_keys().collect();
        linked.sort_unstable();
        for doc in linked {
            problems.add(ProblemCode::LinkDiffers, doc);
        }
        let mut nobody: Vec<Subject> = self.blind.into_keys().collect();
        nobody.sort_unstable();
        for subject in nobody {
            problems.add(ProblemCode::BlindExtra, subject);
        }
    }
}

fn compare<T: PartialEq>(doc: DocId, stands: Option<T>, given: Option<T>, problems: &mut Problems) {
    match (stands, given) {
        (None, Some(_)) => problems.add(ProblemCode::RowMissing, doc),
        (Some(_), None) => problems.add(ProblemCode::RowExtra, doc),
        (stands, given) if stands != given => problems.add(ProblemCode::RowDiffers, doc),
        _ => {}
    }
}

fn grouped<K: Eq + Hash, T>(list: Vec<(K, T)>) -> HashMap<K, Vec<T>> {
    let mut map: HashMap<K, Vec<T>> = HashMap::new();
    for (subject, item) in list {
        map.entry(subject).or_default().push(item);
    }
    map
}
