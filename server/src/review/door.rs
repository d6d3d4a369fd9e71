//! One door with everybody and everything behind it, as the office sees it.

use super::words::{self, Words};
use crate::duplicates::resolve::{aliases, keeps_ring, resolve};
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
    /// Other spellings under which it was registered too, and which were said to be the same.
    pub also: Vec<String>,
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
    /// Id of the person whom this one repeats, if it was said that both are one.
    pub same_as: Option<String>,
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

/// A door with everything behind it, by its id (of whichever spelling), or by building, unit and room as people write them with dashes (`3-2-502`).
pub fn door(office: &Office, said: &str) -> Result<Option<DoorView>, OfficeError> {
    office.store().read(|tx| {
        let Some(asked) = meant(office, tx, said)? else { return Ok(None) };
        // A door that is registered twice is one: whichever was asked for, the kept one is shown, with everything
        // that stands at the other.
        let kept = resolve(tx, asked.into())?;
        let id = if tx.register(kept)?.is_some() { HouseholdId(kept.uuid) } else { asked };
        let Some(register) = tx.register(id.into())? else { return Ok(None) };
        let mut words = Words::new(office, tx)?;
        let ring = office.ring(tx, [id.0])?;
        let view = View::new(&register, &ring);
        let mut behind = Behind { refused: view.door_refusal().is_some(), ..Behind::default() };
        behind.add(office, tx, &mut words, &view)?;
        let mut also = Vec::new();
        for alias in aliases(tx, id.into())? {
            let Some(register) = tx.register(alias)? else { continue };
            let ring = office.ring(tx, [alias.uuid])?;
            let view = View::new(&register, &ring);
            // Whoever would not be asked at one spelling would not be at the other.
            behind.refused |= view.door_refusal().is_some();
            behind.add(office, tx, &mut words, &view)?;
            also.push(words.place(&view)?);
        }
        behind.contacts.sort();
        behind.notes.sort();
        let mut conflicts = Vec::new();
        for doc in behind.docs {
            conflicts.extend(tx.open_conflicts_of(doc)?.into_iter().map(|row| row.id));
        }
        conflicts.sort_unstable();
        let in_order = |said: Vec<(u64, String)>| said.into_iter().map(|(_, line)| line).collect();
        Ok(Some(DoorView {
            id,
            address: words.place(&view)?,
            also,
            grid: grid(tx, view.building())?,
            refused: behind.refused,
            fields: fields(&mut words, &view)?,
            residents: behind.residents,
            tickets: behind.tickets,
            contacts: in_order(behind.contacts),
            notes: in_order(behind.notes),
            conflicts,
        }))
    })
}

/// Everything that stands behind a door, however it is spelled.
#[derive(Default)]
struct Behind {
    docs: Vec<DocId>,
    refused: bool,
    residents: Vec<PersonView>,
    tickets: Vec<MatterView>,
    contacts: Vec<(u64, String)>,
    notes: Vec<(u64, String)>,
}

impl Behind {
    fn add(
        &mut self,
        office: &Office,
        tx: &Tx<'_>,
        words: &mut Words<'_, '_>,
        door: &View<'_>,
    ) -> Result<(), OfficeError> {
        let id = HouseholdId(door.register().doc().uuid);
        self.docs.push(id.into());
        for resident in tx.residents_of(id)? {
            self.docs.push(resident.into());
            let Some(register) = tx.register(resident.into())? else { continue };
            let ring = office.ring(tx, [resident.0])?;
            let person = View::new(&register, &ring);
            let kept = resolve(tx, resident.into())?;
            self.residents.push(PersonView {
                id: resident.to_string(),
                moved_out: person.text("until").is_some(),
                same_as: (kept.uuid != resident.0).then(|| kept.uuid.to_string()),
                fields: fields(words, &person)?,
            });
        }
        for ticket in tx.tickets_of(id)? {
            self.docs.push(ticket.into());
            let Some(register) = tx.register(ticket.into())? else { continue };
            let ring = office.ring(tx, [ticket.0])?;
            let matter = View::new(&register, &ring);
            let around = keeps_ring(tx, ticket.into())?;
            let state = if around { matter.ticket_state_unmarked() } else { matter.ticket_state() };
            let stage = state.stage.title();
            self.tickets.push(MatterView { id: ticket.to_string(), stage, fields: fields(words, &matter)? });
        }
        for e in tx.entries_at(id, 0, u64::MAX)? {
            let worker = words.worker(qiaomen_proto::ids::WorkerId::from_bytes(e.worker))?;
            let line = format!("{} {worker} {}", words::time(e.at_ms), words::contact(e.kind, e.outcome));
            self.contacts.push((e.at_ms, line));
        }
        for (stamp, text) in door.notes(household::NOTES) {
            let worker = words.worker(stamp.by.worker)?;
            let line = format!("{} {worker}：{}", words::time(stamp.at.wall_ms), text.label());
            self.notes.push((stamp.at.wall_ms, line));
        }
        Ok(())
    }
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
