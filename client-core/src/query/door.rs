//! One door, whole: who lives there, what they said and would not say, who came when, what is open.

use super::care;
use super::doors::{DoorLine, entry_title, outcome_title};
use super::field::FieldLine;
use super::sight::{Document, Sight, Who};
use super::stored::{StoredEntry, StoredResident};
use super::tickets::TicketLine;
use crate::store::StoreError;
use qiaomen_proto::change::Stamp;
use qiaomen_proto::entity::record::{self, TagPayload};
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{household, resident};
use qiaomen_proto::ids::{HouseholdId, ResidentId};
use serde::Serialize;
use std::collections::BTreeMap;

/// A door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorPage {
    /// As in the list.
    pub door: DoorLine,
    /// The standing refusal of the whole door.
    pub refusal: Option<RefusalLine>,
    /// Its fields.
    pub fields: Vec<FieldLine>,
    /// Who holds the door, how, since when; those that ended as well.
    pub occupancies: Vec<OccupancyLine>,
    /// Who lives there, then who moved out.
    pub people: Vec<PersonPage>,
    /// Tags that stand.
    pub tags: Vec<TagLine>,
    /// Notes, the newest first.
    pub notes: Vec<NoteLine>,
    /// Visits and calls, the newest first.
    pub visits: Vec<EntryLine>,
    /// Matters that wait for somebody.
    pub tickets: Vec<TicketLine>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonPage {
    /// Id.
    pub resident: String,
    /// The name, or what stands in its place.
    pub name: String,
    /// As whose relation.
    pub relation: Option<String>,
    /// Id of the door.
    pub household: Option<String>,
    /// The door's address, where it is known here.
    pub address: Option<String>,
    /// The day on which they moved out, if they did.
    pub moved_out_on: Option<String>,
    /// Id of the person whom this one repeats, if somebody said that both are one; that page is the kept one.
    pub same_as: Option<String>,
    /// Every field with its answer.
    pub fields: Vec<FieldLine>,
    /// Notes, the newest first.
    pub notes: Vec<NoteLine>,
    /// Places where the office has to decide.
    pub conflicts: u32,
    /// True while something here is not confirmed by the office.
    pub pending: bool,
}

/// An occupancy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OccupancyLine {
    /// Key of the row.
    pub row: String,
    /// True if it has not ended.
    pub current: bool,
    /// Its fields.
    pub fields: Vec<FieldLine>,
}

/// The whole door would not give data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusalLine {
    /// Who wrote it down.
    pub by: Who,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// How many live there, if that much was said.
    pub people_count: Option<u32>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagLine {
    /// Code of the dictionary.
    pub code: String,
    /// Why it is there.
    pub basis: Option<String>,
    /// Last day.
    pub expires_on: Option<String>,
    /// True if that day is over.
    pub expired: bool,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteLine {
    /// Who wrote it.
    pub by: Who,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// What it says.
    pub text: String,
}

/// A visit, call or patrol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryLine {
    /// `visit`, `call`, `patrol`.
    pub kind: String,
    /// In Chinese.
    pub kind_title: &'static str,
    /// `met`, `not_home`, `refused`, `clear`, `found`.
    pub outcome: String,
    /// In Chinese.
    pub outcome_title: &'static str,
    /// Id of the door.
    pub household: Option<String>,
    /// Where: the door's address or the building's name.
    pub place: Option<String>,
    /// What was said or seen.
    pub note: Option<String>,
    /// Who went.
    pub worker_name: Option<String>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// The command that wrote it.
    pub command: String,
    /// True while the office has not confirmed it.
    pub pending: bool,
    /// True where I wrote it today, and can take it back. Not part of what every phone says alike.
    #[serde(skip)]
    pub can_be_taken_back: bool,
}

impl EntryLine {
    pub(crate) fn of(sight: &Sight<'_>, row: StoredEntry) -> Result<Self, StoreError> {
        let place = match (&row.household, &row.building) {
            (Some(door), _) => sight.address(door)?,
            (None, Some(building)) => sight.building(building),
            (None, None) => row.grid.as_deref().and_then(|g| sight.grid(g)),
        };
        let worker_name = match row.worker.as_deref().and_then(|w| w.parse().ok()) {
            Some(id) => Some(sight.worker(id)?),
            None => None,
        };
        let is_mine = row.worker.is_some() && row.worker == sight.me.map(|me| me.worker.to_string());
        let can_be_taken_back = is_mine && sight.day(row.at_ms) == sight.today();
        Ok(Self {
            kind_title: entry_title(&row.kind).unwrap_or("记录"),
            outcome_title: outcome_title(&row.outcome).unwrap_or(""),
            kind: row.kind,
            outcome: row.outcome,
            household: row.household,
            place,
            note: row.note,
            worker_name,
            at_ms: row.at_ms,
            at: sight.time(row.at_ms),
            command: row.command,
            pending: row.pending,
            can_be_taken_back,
        })
    }
}

/// One door; none if it is not here.
pub(crate) fn door(sight: &Sight<'_>, id: HouseholdId) -> Result<Option<DoorPage>, StoreError> {
    let Some(row) = sight.tx.door(&id.to_string())? else { return Ok(None) };
    let household = row.household.clone();
    let document = sight.document(id.into())?;
    let view = View::new(&document.register, &document.ring);
    let mut people = sight
        .tx
        .residents_of(&household)?
        .into_iter()
        .map(|row| person(sight, row))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    people.sort_by_key(|p| (p.moved_out_on.is_some(), p.relation.as_deref() != Some("户主")));
    let visits =
        sight.tx.entries_at(&household)?.into_iter().map(|e| EntryLine::of(sight, e)).collect::<Result<_, _>>()?;
    let open = sight.tx.tickets_of(&household)?.into_iter().filter(|t| t.is_open);
    let tickets = open.map(|t| TicketLine::of(sight, t)).collect::<Result<_, _>>()?;
    Ok(Some(DoorPage {
        door: DoorLine::of(sight, row, care::of_door(sight, &household)?),
        refusal: refusal(sight, &view)?,
        fields: FieldLine::head(sight, &document)?,
        occupancies: occupancies(sight, &document)?,
        people,
        tags: tags(sight, &view),
        notes: notes(sight, view.notes(household::NOTES))?,
        visits,
        tickets,
    }))
}

/// One person; none if not here.
pub(crate) fn resident(sight: &Sight<'_>, id: ResidentId) -> Result<Option<PersonPage>, StoreError> {
    match sight.tx.resident(&id.to_string())? {
        Some(row) => person(sight, row),
        None => Ok(None),
    }
}

fn person(sight: &Sight<'_>, row: StoredResident) -> Result<Option<PersonPage>, StoreError> {
    let Ok(id) = row.resident.parse::<ResidentId>() else { return Ok(None) };
    let document = sight.document(id.into())?;
    let view = View::new(&document.register, &document.ring);
    Ok(Some(PersonPage {
        name: row.called().to_owned(),
        address: row.household.as_deref().map(|h| sight.address(h)).transpose()?.flatten(),
        fields: FieldLine::head(sight, &document)?,
        notes: notes(sight, view.notes(resident::NOTES))?,
        resident: row.resident,
        relation: row.relation,
        household: row.household,
        moved_out_on: row.until,
        same_as: view.same_as().map(|id| id.to_string()),
        conflicts: row.conflicts,
        pending: row.pending,
    }))
}

fn refusal(sight: &Sight<'_>, view: &View<'_>) -> Result<Option<RefusalLine>, StoreError> {
    let Some((stamp, payload)) = view.door_refusal() else { return Ok(None) };
    Ok(Some(RefusalLine {
        by: sight.who(&stamp)?,
        at_ms: stamp.at.wall_ms,
        at: sight.time(stamp.at.wall_ms),
        people_count: payload.people_count,
    }))
}

fn occupancies(sight: &Sight<'_>, document: &Document) -> Result<Vec<OccupancyLine>, StoreError> {
    let view = View::new(&document.register, &document.ring);
    let mut lines = Vec::new();
    for (row, fields) in view.rows(household::OCCUPANCIES) {
        let current = fields.get("until").is_none_or(|until| until.shown.text().is_none());
        let mut fields: Vec<_> = fields.into_values().collect();
        fields.sort_by_key(|f| f.field.number);
        let fields = fields.iter().map(|f| FieldLine::of(sight, document, f)).collect::<Result<_, _>>()?;
        lines.push(OccupancyLine { row, current, fields });
    }
    lines.sort_by_key(|l| !l.current);
    Ok(lines)
}

/// Of each code the last word counts: it may have been taken away.
fn tags(sight: &Sight<'_>, view: &View<'_>) -> Vec<TagLine> {
    let mut last: BTreeMap<String, TagPayload> = BTreeMap::new();
    for (_, _, bytes) in view.records(household::TAGS) {
        if let Ok(tag) = record::from_bytes::<TagPayload>(bytes) {
            last.insert(tag.code.clone(), tag);
        }
    }
    let today = sight.today().to_string();
    last.into_values()
        .filter(|tag| !tag.withdrawn)
        .map(|tag| TagLine {
            expired: tag.expires_on.as_ref().is_some_and(|day| *day < today),
            code: tag.code,
            basis: tag.basis,
            expires_on: tag.expires_on,
        })
        .collect()
}

/// The newest first.
pub(crate) fn notes(sight: &Sight<'_>, notes: Vec<(Stamp, Shown)>) -> Result<Vec<NoteLine>, StoreError> {
    notes
        .into_iter()
        .rev()
        .map(|(stamp, text)| {
            Ok(NoteLine {
                by: sight.who(&stamp)?,
                at_ms: stamp.at.wall_ms,
                at: sight.time(stamp.at.wall_ms),
                text: text.label().to_owned(),
            })
        })
        .collect()
}
