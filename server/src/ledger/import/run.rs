//! Carrying it out: places and staff as rows, the rest as commands of the office's own.

use super::pen::Pen;
use super::plan::{DoorPlan, ImportPlan, StaffPlan, TicketPlan};
use super::staff::{WORKER_BORN_ON_FIELD, WORKER_PHONE_FIELD};
use crate::office::{Office, OfficeError};
use crate::store::Tx;
use crate::store::sqlite::WorkerRow;
use qiaomen_proto::change::{Edit, Path, Scalar, Stamp, keys};
use qiaomen_proto::entity::{household, record, resident, ticket};
use qiaomen_proto::ids::{DocId, ResidentId, TicketId, WorkerId};
use qiaomen_proto::limits::CHANGES_PER_COMMAND_MAX;
use qiaomen_proto::merge::fold::EventPayload;
use qiaomen_proto::reference::WORKER_NAME_FIELD;
use qiaomen_proto::seal::{BlindKind, SubjectKey};

/// A bar need not move more often than this.
const TELL_EVERY: u64 = 64;

/// Writes everything that was planned, in the caller's transaction.
pub(super) fn carry_out(
    office: &Office,
    tx: &Tx<'_>,
    plan: &ImportPlan,
    by: WorkerId,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), OfficeError> {
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let total = count(plan.doors.len() + plan.tickets.len() + plan.staff.len());
    let mut done = 0;
    let mut tell = |step: u64| {
        done += step;
        if done.is_multiple_of(TELL_EVERY) || done == total {
            progress(done, total);
        }
    };
    tell(0);
    for (grid, position) in &plan.grids {
        tx.put_grid(grid, *position)?;
    }
    for building in &plan.buildings {
        tx.put_building(building)?;
    }
    for (micro_grid, position) in &plan.micro_grids {
        tx.put_micro_grid(micro_grid, *position)?;
    }
    for member in &plan.staff {
        write_staff(office, tx, member)?;
        tell(1);
    }
    for door in &plan.doors {
        write_door(office, tx, door)?;
        tell(1);
    }
    for matter in &plan.tickets {
        write_ticket(office, tx, matter)?;
        tell(1);
    }
    let places_stay = plan.grids.is_empty() && plan.buildings.is_empty() && plan.micro_grids.is_empty();
    if !(places_stay && plan.staff.is_empty()) {
        Office::reference_changed(tx)?;
        Office::grants_changed(tx)?;
    }
    let added = plan.added;
    let what = format!(
        "imported:grids={} buildings={} micro_grids={} doors={} residents={} staff={} tickets={} answers={}",
        added.grids,
        added.buildings,
        added.micro_grids,
        added.doors,
        added.residents,
        added.staff,
        added.tickets,
        added.answers
    );
    tx.audit(office.now_ms(), &by.to_string(), &what, None)?;
    Ok(())
}

fn write_staff(office: &Office, tx: &Tx<'_>, member: &StaffPlan) -> Result<(), OfficeError> {
    let (id, key) = match member.known {
        Some(id) => (id, office.ring(tx, [id.0])?.sealing_key(&id.0).cloned()),
        None => (WorkerId::at(office.now_ms(), office.random()?), None),
    };
    let key = match key {
        Some(key) => key,
        None => SubjectKey::from_bytes(office.random()?),
    };
    office.keep_key(tx, &id.0, &key)?;
    let seal = |field: &str, text: &str| key.seal(&id.0, field, text.as_bytes());
    let row = WorkerRow {
        id,
        role: member.role,
        name: seal(WORKER_NAME_FIELD, &member.name),
        name_blind: office.secrets().blind.blind(BlindKind::StaffName, &member.name),
        phone: member.phone.as_deref().map(|phone| seal(WORKER_PHONE_FIELD, phone)),
        born_on: member.born_on.as_deref().map(|day| seal(WORKER_BORN_ON_FIELD, day)),
        sex: member.sex.clone(),
        department: member.department.clone(),
        appointed_on: member.appointed_on.clone(),
        import_key: Some(member.import_key.to_vec()),
    };
    if member.known.is_some() {
        return Ok(tx.complete_worker(&row)?);
    }
    tx.add_worker(&row)?;
    if let Some(grid) = member.grid {
        tx.give_grid(id, grid, member.since_ms)?;
    }
    Ok(())
}

/// One command: the door and everybody behind it. More people than a command may touch (a dormitory)
/// take more commands.
fn write_door(office: &Office, tx: &Tx<'_>, door: &DoorPlan) -> Result<(), OfficeError> {
    let new_resident = || -> Result<_, OfficeError> { Ok(ResidentId::at(office.now_ms(), office.random()?)) };
    let ids = door.people.iter().map(|p| p.known.map_or_else(new_resident, Ok)).collect::<Result<Vec<_>, _>>()?;
    let mut stamp = office.next_stamp(tx, office.own_worker())?;
    let mut pen = Pen { office, tx, command: stamp.command, keys: Vec::new() };
    let doc = DocId::from(door.household);
    let mut edits = pen.puts(doc, &door.puts)?;
    edits.extend(pen.notes(doc, household::NOTES, &door.notes)?);
    edits.extend(occupancy(door, &ids, &stamp));
    let mut changes = vec![(doc, edits)];
    for (person, id) in door.people.iter().zip(&ids) {
        changes.retain(|(_, edits): &(DocId, Vec<Edit>)| !edits.is_empty());
        if changes.len() == CHANGES_PER_COMMAND_MAX {
            office.write_own(tx, stamp, std::mem::take(&mut changes), &std::mem::take(&mut pen.keys))?;
            stamp = office.next_stamp(tx, office.own_worker())?;
            pen.command = stamp.command;
        }
        let doc = DocId::from(*id);
        let mut edits = pen.puts(doc, &person.puts)?;
        edits.extend(pen.notes(doc, resident::NOTES, &person.notes)?);
        changes.push((doc, edits));
    }
    changes.retain(|(_, edits)| !edits.is_empty());
    if changes.is_empty() {
        return Ok(());
    }
    office.write_own(tx, stamp, changes, &pen.keys)
}

/// The row of who holds the door.
fn occupancy(door: &DoorPlan, ids: &[ResidentId], stamp: &Stamp) -> Vec<Edit> {
    let Some(plan) = &door.occupancy else { return Vec::new() };
    let row = keys::record_key(stamp.command, 0);
    let head = plan.head.and_then(|at| ids.get(at)).map(ToString::to_string);
    let put = |field: &str, text: String| Edit {
        path: Path::new(household::OCCUPANCIES, keys::row_key(&row, field)),
        value: Scalar::Str(text),
    };
    plan.kind.clone().map(|kind| put("kind", kind)).into_iter().chain(head.map(|id| put("head", id))).collect()
}

/// One command for each instant at which something happened; the head comes with the first.
fn write_ticket(office: &Office, tx: &Tx<'_>, matter: &TicketPlan) -> Result<(), OfficeError> {
    let id = TicketId::at(office.now_ms(), office.random()?);
    let doc = DocId::from(id);
    for (number, step) in matter.steps.iter().enumerate() {
        let stamp = office.stamp_at(office.own_worker(), step.at)?;
        let mut pen = Pen { office, tx, command: stamp.command, keys: Vec::new() };
        let mut edits = Vec::new();
        if number == 0 {
            edits.extend(pen.puts(doc, &matter.puts)?);
            edits.extend(pen.notes(doc, ticket::NOTES, &matter.notes)?);
        }
        for (ordinal, event) in (0u8..).zip(&step.events) {
            let mut payload = EventPayload::new(event.kind);
            payload.large = event.large;
            payload.satisfaction = event.satisfaction;
            payload.text = event.text.as_deref().map(|text| pen.seal(doc, text)).transpose()?;
            edits.push(pen.record(ticket::EVENTS, ordinal, record::to_bytes(&payload)));
        }
        office.write_own(tx, stamp, vec![(doc, edits)], &pen.keys)?;
    }
    Ok(tx.put_imported(&matter.import_key, doc)?)
}
