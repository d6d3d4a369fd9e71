//! One door with everybody and everything behind it, as the office sees it.

use super::words::{self, Words};
use crate::office::{Office, OfficeError};
use crate::store::Tx;
use qiaomen_proto::entity::household;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::ids::{BuildingId, DocId, GridId, HouseholdId};
use qiaomen_proto::normalise::{RoomKey, UnitKey, building_name};
use serde::Serialize;

/// A door. Values are in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorView {
    /// Id.
    pub id: HouseholdId,
    /// Address.
    pub address: String,
    /// Grid, by name.
    pub grid: Option<String>,
    /// The whole door refused.
    pub refused: bool,
    /// The door's own fields.
    pub fields: Vec<FieldWords>,
    /// Who lives there, and who did.
    pub residents: Vec<PersonView>,
    /// Matters.
    pub tickets: Vec<MatterView>,
    /// Visits and calls, oldest first.
    pub contacts: Vec<String>,
    /// Notes, oldest first.
    pub notes: Vec<String>,
    /// Numbers of open conflicts of the door and of whoever lives there.
    pub conflicts: Vec<i64>,
}

/// One field in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldWords {
    /// Permanent name.
    pub field: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// `value`, `refused`, `unknown`, `cleared`, `locked`.
    pub state: &'static str,
    /// As people read it.
    pub text: String,
    /// Why it holds, in words.
    pub why: &'static str,
    /// True where a person has to decide.
    pub conflict: bool,
}

/// A person behind a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonView {
    /// Id.
    pub id: String,
    /// True if the person has moved out.
    pub moved_out: bool,
    /// What is known.
    pub fields: Vec<FieldWords>,
}

/// A matter of a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatterView {
    /// Id.
    pub id: String,
    /// How it stands.
    pub stage: &'static str,
    /// What is known.
    pub fields: Vec<FieldWords>,
}

/// A door by its id, or by building, unit and room as people write them with dashes (`3-2-502`).
pub fn door(office: &Office, said: &str) -> Result<Option<DoorView>, OfficeError> {
    office.store().read(|tx| {
        let Some(id) = meant(office, tx, said)? else { return Ok(None) };
        let Some(register) = tx.register(id.into())? else { return Ok(None) };
        let mut words = Words::new(office, tx)?;
        let ring = office.ring(tx, [id.0])?;
        let view = View::new(&register, &ring);
        let mut docs = vec![DocId::from(id)];
        let mut residents = Vec::new();
        for resident in tx.residents_of(id)? {
            docs.push(resident.into());
            let Some(register) = tx.register(resident.into())? else { continue };
            let ring = office.ring(tx, [resident.0])?;
            let person = View::new(&register, &ring);
            residents.push(PersonView {
                id: resident.to_string(),
                moved_out: person.text("until").is_some(),
                fields: fields(&mut words, &person)?,
            });
        }
        let mut tickets = Vec::new();
        for ticket in tx.tickets_of(id)? {
            docs.push(ticket.into());
            let Some(register) = tx.register(ticket.into())? else { continue };
            let ring = office.ring(tx, [ticket.0])?;
            let matter = View::new(&register, &ring);
            let stage = matter.ticket_state().stage.title();
            tickets.push(MatterView { id: ticket.to_string(), stage, fields: fields(&mut words, &matter)? });
        }
        let mut conflicts = Vec::new();
        for doc in docs {
            conflicts.extend(tx.open_conflicts_of(doc)?.into_iter().map(|row| row.id));
        }
        conflicts.sort_unstable();
        let mut contacts = Vec::new();
        for e in tx.entries_at(id, 0, u64::MAX)? {
            let worker = words.worker(qiaomen_proto::ids::WorkerId::from_bytes(e.worker))?;
            contacts.push(format!("{} {worker} {}", words::time(e.at_ms), words::contact(e.kind, e.outcome)));
        }
        let mut notes = Vec::new();
        for (stamp, text) in view.notes(household::NOTES) {
            let worker = words.worker(stamp.by.worker)?;
            notes.push(format!("{} {worker}:{}", words::time(stamp.at.wall_ms), text.label()));
        }
        Ok(Some(DoorView {
            id,
            address: words.place(&view)?,
            grid: grid(tx, view.building())?,
            refused: view.door_refusal().is_some(),
            fields: fields(&mut words, &view)?,
            residents,
            tickets,
            contacts,
            notes,
            conflicts,
        }))
    })
}

fn fields(words: &mut Words<'_, '_>, view: &View<'_>) -> Result<Vec<FieldWords>, OfficeError> {
    view.head().iter().map(|f| field(words, f)).collect()
}

fn field(words: &mut Words<'_, '_>, view: &FieldView) -> Result<FieldWords, OfficeError> {
    let shown: &Shown = &view.shown;
    Ok(FieldWords {
        field: view.field.name,
        label: view.field.label,
        state: words::state(shown),
        text: words.value(view.field, shown)?,
        why: words::why(view.why).1,
        conflict: view.conflict,
    })
}

fn grid(tx: &Tx<'_>, building: Option<BuildingId>) -> Result<Option<String>, OfficeError> {
    let Some(grid) = building.map(|b| tx.grid_of_building(b)).transpose()?.flatten() else { return Ok(None) };
    Ok(tx.grids()?.into_iter().find(|g| GridId::from_bytes(*g.id) == grid).map(|g| g.name))
}

pub(super) fn meant(office: &Office, tx: &Tx<'_>, said: &str) -> Result<Option<HouseholdId>, OfficeError> {
    let said = said.trim();
    if let Ok(id) = said.parse() {
        return Ok(Some(id));
    }
    let mut parts = said.splitn(3, '-');
    let (Some(building), Some(unit), Some(room)) = (parts.next(), parts.next(), parts.next()) else { return Ok(None) };
    let building = building_name(building);
    let known = tx.buildings()?.iter().any(|b| b.name == building);
    let (Ok(unit), Ok(room), true) = (UnitKey::parse(unit), RoomKey::parse(room), known) else { return Ok(None) };
    Ok(Some(HouseholdId::of(BuildingId::of(office.identity().id, &building), &unit, &room)))
}
