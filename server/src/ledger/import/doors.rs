//! Doors with their people, beside those that stand.

use super::super::book::{Column, DoorRow};
use super::answer::{Beside, Wish, beside, notes, puts};
use super::people;
use super::places::Places;
use super::plan::{Desk, DoorPlan, OccupancyPlan, PersonPlan};
use super::remark::Notice;
use super::who::{Standing, Who};
use crate::office::OfficeError;
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{household, resident};
use qiaomen_proto::ids::{BuildingId, DocId, HouseholdId, Kind, ResidentId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::KeyRing;
use std::collections::BTreeSet;

/// The relation by which books mark the head of a household.
const HEAD: &str = "户主";

/// Decides about every door of the book.
pub(super) fn plan(desk: &mut Desk<'_>, places: &Places) -> Result<Vec<DoorPlan>, OfficeError> {
    let book = desk.book;
    let buildings: Vec<Option<BuildingId>> =
        book.doors.iter().map(|door| places.building(&door.building).map(|(building, _)| building)).collect();
    let ids: Vec<Option<HouseholdId>> = book
        .doors
        .iter()
        .zip(&buildings)
        .map(|(door, building)| building.map(|building| HouseholdId::of(building, &door.unit, &door.room)))
        .collect();
    let who = Who::look_up(desk.office, desk.tx, book, &ids)?;
    let mut plans = Vec::with_capacity(book.doors.len());
    for (index, door) in book.doors.iter().enumerate() {
        let (Some(building), Some(household)) = (buildings[index], ids[index]) else {
            desk.reject(Notice::BuildingUnknown, door.origin, Column::Building);
            continue;
        };
        let people = (0..door.people.len()).map(|person| plan_person(desk, door, household, &who, (index, person)));
        let people: Vec<PersonPlan> = people.collect();
        let plan = plan_door(desk, door, building, household, people)?;
        if !plan.is_empty() {
            plans.push(plan);
        }
    }
    Ok(plans)
}

/// The register of the door and what opens it, if the door stands.
fn standing_door(desk: &Desk<'_>, household: HouseholdId) -> Result<Option<(Register, KeyRing)>, OfficeError> {
    Ok(match desk.tx.register(DocId::from(household))? {
        Some(register) => Some((register, desk.office.ring(desk.tx, [household.0])?)),
        None => None,
    })
}

fn plan_door(
    desk: &mut Desk<'_>,
    door: &DoorRow,
    building: BuildingId,
    household: HouseholdId,
    people: Vec<PersonPlan>,
) -> Result<DoorPlan, OfficeError> {
    let standing = standing_door(desk, household)?;
    let view = standing.as_ref().map(|(register, ring)| View::new(register, ring));
    desk.added.doors += u32::from(view.is_none());
    let unit = Some(door.unit.as_str()).filter(|unit| !unit.is_empty()).map(str::to_owned);
    let wishes = [
        Wish::text("building", Some(building.to_string()), None),
        Wish::text("unit", unit, None),
        Wish::text("room", Some(door.room.as_str().to_owned()), None),
        Wish::text("use", door.occupancy.clone(), Column::Occupancy),
    ];
    let mut said: Vec<String> = door.note.iter().cloned().collect();
    let puts = puts(desk, Kind::Household, view.as_ref(), door.origin, wishes.into_iter().flatten(), &mut said);
    let notes = notes(view.as_ref(), household::NOTES, said);
    let occupancy = plan_occupancy(desk, door, view.as_ref(), &people);
    Ok(DoorPlan { origin: door.origin, household, known: view.is_some(), puts, notes, occupancy, people })
}

/// A door gets a row of who holds it if it has none, whoever that is.
fn plan_occupancy(
    desk: &mut Desk<'_>,
    door: &DoorRow,
    view: Option<&View<'_>>,
    people: &[PersonPlan],
) -> Option<OccupancyPlan> {
    let head = door.people.iter().position(|person| person.relation.as_deref() == Some(HEAD));
    let rows = view.map(|view| view.rows(household::OCCUPANCIES)).unwrap_or_default();
    if rows.is_empty() {
        let says_something = head.is_some() || door.occupancy.is_some();
        // A kind that is too long for its field stands in the notes already.
        let kind = door.occupancy.clone().filter(|kind| kind.len() <= KIND_BYTES_MAX);
        return (!door.people.is_empty() && says_something).then_some(OccupancyPlan { kind, head });
    }
    let known: Option<ResidentId> = head.and_then(|head| people[head].known);
    let heads: BTreeSet<&str> = rows.values().filter_map(|row| row.get("head")?.shown.text()).collect();
    if head.is_some() && !heads.is_empty() && !known.is_some_and(|id| heads.contains(id.to_string().as_str())) {
        desk.warn(Notice::Differs, door.people[head.unwrap_or_default()].origin, Column::Relation);
    }
    None
}

/// What the field of a row's kind holds at most.
const KIND_BYTES_MAX: usize = 64 * 3;

fn plan_person(
    desk: &mut Desk<'_>,
    door: &DoorRow,
    household: HouseholdId,
    who: &Who,
    at: (usize, usize),
) -> PersonPlan {
    let person = &door.people[at.1];
    let known = who.is(at.0, at.1);
    let view = known.map(|(_, standing): (_, &Standing)| standing.view());
    match &view {
        None => {
            desk.added.residents += 1;
            if who.shares_identity(at.0, at.1) {
                desk.warn(Notice::IdentityTaken, person.origin, Column::Identity);
            } else if who.resembles(at.0, at.1) {
                desk.warn(Notice::PerhapsThere, person.origin, Column::Identity);
            }
        }
        Some(view) => {
            if beside(view, "household", &Answer::Value(household.to_string())) == Beside::Differs {
                desk.warn(Notice::PersonElsewhere, person.origin, Column::Room);
            }
        }
    }
    let mut said: Vec<String> = person.note.iter().cloned().collect();
    let wishes = people::wishes(person, door, household);
    let puts = puts(desk, Kind::Resident, view.as_ref(), person.origin, wishes, &mut said);
    let notes = notes(view.as_ref(), resident::NOTES, said);
    PersonPlan { origin: person.origin, known: known.map(|(id, _)| id), puts, notes }
}
