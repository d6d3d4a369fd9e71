//! The office's books hold together: log, documents, registers, rows, conflicts, streams without gaps.

use crate::simulation::liar::Liar;
use crate::simulation::world::{Stuck, World};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{BuildingId, HouseholdId, Kind, StreamId};
use qiaomen_server::office::OfficeError;
use qiaomen_server::store::StoreError;

pub(super) fn check(world: &mut World, findings: &mut Vec<String>) -> Result<(), Stuck> {
    let office = world.bureau.office()?;
    let report = qiaomen_server::verify::verify(&office, &mut |_, _| {});
    world.figures.documents = report.documents;
    world.figures.changes = report.changes;
    findings.extend(report.problems.iter().map(|p| format!("verify: {p:?}")));
    let folds = office.store().read(|tx| -> Result<_, OfficeError> {
        let mut wrong = Vec::new();
        for doc in tx.documents()?.into_iter().filter(|d| d.kind == Kind::Ticket) {
            let Some(register) = tx.register(doc)? else { continue };
            let ring = office.ring(tx, [doc.uuid])?;
            let view = View::new(&register, &ring);
            let state = view.ticket_state();
            for event in view.events() {
                let taken = state.steps.iter().any(|s| s.event == event.id);
                let flagged = state.flags.iter().any(|f| f.event == event.id);
                let supplement = state.supplements.contains(&event.id);
                if !taken && !flagged && !supplement {
                    wrong.push(format!("fold: an event of {doc} is neither a step nor flagged"));
                }
            }
        }
        Ok(wrong)
    })?;
    findings.extend(folds);
    findings.extend(world.baffled.iter().map(|lie| format!("the office failed inside when {lie}")));
    findings.extend(forged(world)?);
    findings.extend(misplaced(world)?);
    world.figures.conflicts = office.store().read(|tx| Ok::<_, StoreError>(tx.conflicts(None)?.len() as u64))?;
    world.figures.held = office.store().read(|tx| Ok::<_, StoreError>(tx.quarantine(None)?.len() as u64))?;
    Ok(())
}

/// Doors, people and matters that whoever has the building does not see.
fn misplaced(world: &mut World) -> Result<Vec<String>, Stuck> {
    let office = world.bureau.office()?;
    let misplaced = office.store().read(|tx| -> Result<Vec<String>, OfficeError> {
        let mut misplaced = Vec::new();
        for doc in tx.documents()? {
            let Some(register) = tx.register(doc)? else { continue };
            let ring = office.ring(tx, [doc.uuid])?;
            let view = View::new(&register, &ring);
            let behind = |doors: Vec<HouseholdId>| -> Result<Vec<BuildingId>, OfficeError> {
                let doors = doors.into_iter().map(|door| tx.door(door)).collect::<Result<Vec<_>, _>>()?;
                Ok(doors.into_iter().flatten().map(|door| door.building).collect())
            };
            let buildings = match (doc.kind, view.building()) {
                (Kind::Diary, _) => Vec::new(),
                (Kind::Resident, _) => behind(view.households())?,
                (_, Some(building)) => vec![building],
                (_, None) => behind(view.household().into_iter().collect())?,
            };
            let streams = tx.streams_of(doc)?;
            for building in buildings {
                let grid = tx.grid_of_building(building)?;
                if grid.is_some_and(|grid| !streams.contains(&StreamId::Grid(grid))) {
                    misplaced.push(format!("{doc} is not in the grid of {building}, where it is"));
                }
            }
        }
        Ok(misplaced)
    })?;
    Ok(misplaced)
}

/// What a liar said and was taken; and changes under an actor of somebody else's.
fn forged(world: &mut World) -> Result<Vec<String>, Stuck> {
    let office = world.bureau.office()?;
    let (own, liar) = (office.identity().device, world.liar.as_ref().map(Liar::device));
    let forged = office.store().read(|tx| -> Result<Vec<String>, StoreError> {
        let mut forged = Vec::new();
        for row in tx.change_list()? {
            let change = tx.change(row.id)?;
            let by = change.stamp.by.device;
            if Some(by) == liar {
                forged.push(format!("a liar's change stands in {}", change.doc));
            } else if by != own && tx.device_of_actor(&change.actor)? != Some(by) {
                forged.push(format!("a change in {} stands under somebody else's actor", change.doc));
            }
        }
        Ok(forged)
    })?;
    Ok(forged)
}

impl From<StoreError> for Stuck {
    fn from(e: StoreError) -> Self {
        Stuck::Office(e.into())
    }
}
