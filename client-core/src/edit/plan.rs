//! From an intent to edits of documents: values in, a plan out. No clock, no randomness, no disk.

use super::draft::Draft;
use super::intent::Intent;
use super::{plan_diary, plan_household, plan_resident, plan_ticket};
use crate::error::{EditError, StoreError, What};
use chrono::{DateTime, NaiveDate};
use qiaomen_proto::change::{Edit, Stamp};
use qiaomen_proto::ids::{DocId, GridId, Subject};
use qiaomen_proto::merge::Register;
use qiaomen_proto::reference::Reference;
use qiaomen_proto::seal::{KeyRing, SubjectKey};

/// A document as this device has it, with the keys of its subject.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    /// What the office confirmed and what it did not yet.
    pub(crate) register: Register,
    /// Its keys.
    pub(crate) ring: KeyRing,
}

/// Where planning reads documents.
pub(crate) trait Books {
    /// This document; blank where it is not here.
    fn book(&mut self, doc: DocId) -> Result<Book, StoreError>;
}

/// What an intent is planned under.
#[derive(Debug, Clone)]
pub(crate) struct Circumstances<'a> {
    /// Who, when, which command.
    pub(crate) stamp: Stamp,
    /// The office's distance from UTC in seconds.
    pub(crate) utc_offset_s: i32,
    /// What the office owns.
    pub(crate) reference: &'a Reference,
    /// Keys for subjects that have none yet, drawn beforehand.
    pub(crate) fresh_keys: Vec<SubjectKey>,
    /// Somebody does it now and can look again: what is done anew was looked at when it was done.
    pub(crate) by_hand: bool,
}

impl Circumstances<'_> {
    /// The office's day of the stamp.
    pub(crate) fn today(&self) -> NaiveDate {
        office_day(self.stamp.at.wall_ms, self.utc_offset_s)
    }

    /// The author's own grid, where a place tells none.
    pub(crate) fn own_grid(&self) -> Option<GridId> {
        let worker = self.reference.worker(self.stamp.by.worker)?;
        // Whoever has the whole community, where there is one grid, has that one.
        let only = if let [only] = self.reference.grids.as_slice() { Some(&only.id) } else { None };
        let grid = worker.grids.first().or(only)?;
        Some(GridId::from_bytes(**grid))
    }
}

/// The office's day at this time.
pub(crate) fn office_day(wall_ms: u64, utc_offset_s: i32) -> NaiveDate {
    let seconds = i64::try_from(wall_ms / 1000).unwrap_or(0) + i64::from(utc_offset_s);
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().date_naive()
}

/// What an intent comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Plan {
    /// What changes, document by document.
    pub(crate) edits: Vec<(DocId, Vec<Edit>)>,
    /// Keys of subjects that had none.
    pub(crate) new_keys: Vec<(Subject, SubjectKey)>,
}

/// Plans an intent.
pub(crate) fn plan(intent: &Intent, under: Circumstances<'_>, books: &mut dyn Books) -> Result<Plan, EditError> {
    let mut draft = Draft::new(under, books);
    let about = match intent {
        Intent::RegisterHousehold { building, unit, room } => {
            plan_household::register(&mut draft, *building, unit, room)?;
            What::Household
        }
        Intent::CorrectHousehold { household, field, answer } => {
            plan_household::correct(&mut draft, *household, field, answer)?;
            What::Household
        }
        Intent::OpenOccupancy { household, kind, head, since } => {
            plan_household::open_occupancy(&mut draft, *household, kind, *head, since.as_deref())?;
            What::Occupancy
        }
        Intent::CloseOccupancy { household, row, until } => {
            plan_household::close_occupancy(&mut draft, *household, row, until)?;
            What::Occupancy
        }
        Intent::RefuseDoor { household, people_count, withdrawn } => {
            plan_household::refuse(&mut draft, *household, *people_count, *withdrawn)?;
            What::Household
        }
        Intent::RegisterResident { household, fields } => {
            plan_resident::register(&mut draft, *household, fields)?;
            What::Resident
        }
        Intent::CorrectResident { resident, field, answer } => {
            plan_resident::correct(&mut draft, *resident, field, answer)?;
            What::Resident
        }
        Intent::MoveResident { resident, to, on } => {
            plan_resident::move_to(&mut draft, *resident, *to, on)?;
            What::Resident
        }
        Intent::MoveOut { resident, on } => {
            plan_resident::move_out(&mut draft, *resident, on)?;
            What::Resident
        }
        Intent::Note { doc, text } => {
            draft.note(*doc, text)?;
            What::Command
        }
        Intent::Visit { household, outcome, note } => {
            plan_diary::visit(&mut draft, *household, *outcome, note.as_deref())?;
            What::Diary
        }
        Intent::Call { household, outcome, note } => {
            plan_diary::call(&mut draft, *household, *outcome, note.as_deref())?;
            What::Diary
        }
        Intent::Patrol { building, outcome, note } => {
            plan_diary::patrol(&mut draft, *building, *outcome, note.as_deref())?;
            What::Diary
        }
        Intent::TakeBack { diary, entry, .. } => {
            plan_diary::take_back(&mut draft, *diary, *entry)?;
            What::Command
        }
        Intent::ReportTicket { .. } | Intent::AdvanceTicket { .. } | Intent::AttachPhotos { .. } => {
            plan_ticket::plan(&mut draft, intent)?;
            What::Ticket
        }
    };
    draft.finish(about)
}
