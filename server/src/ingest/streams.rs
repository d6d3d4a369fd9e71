//! In which streams a document stands: who sees it.

use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{GridId, HouseholdId, Kind, StreamId};
use std::collections::BTreeSet;

/// The streams of a document as its view stands. Where its place is not known (yet) it stays in the grid
/// in which it is; a new one comes into the first grid of whoever wrote it.
pub fn streams_of(
    tx: &Tx<'_>,
    view: &View<'_>,
    before: &BTreeSet<StreamId>,
    author: &[GridId],
) -> Result<BTreeSet<StreamId>, StoreError> {
    let mut streams = BTreeSet::new();
    let grid_of_door = |door: HouseholdId| -> Result<Option<GridId>, StoreError> {
        match tx.door(door)? {
            Some(row) => tx.grid_of_building(row.building),
            None => Ok(None),
        }
    };
    match view.register().doc().kind {
        Kind::Household => {
            if let Some(building) = view.building()
                && let Some(grid) = tx.grid_of_building(building)?
            {
                streams.insert(StreamId::Grid(grid));
            }
        }
        Kind::Resident => {
            // While two homes stand against each other, both grids see the person.
            for door in view.households() {
                if let Some(grid) = grid_of_door(door)? {
                    streams.insert(StreamId::Grid(grid));
                }
            }
        }
        Kind::Ticket => {
            let grid = match view.text("grid").and_then(|g| g.parse().ok()) {
                Some(grid) => Some(grid),
                None => match (view.building(), view.household()) {
                    (Some(building), _) => tx.grid_of_building(building)?,
                    (None, Some(door)) => grid_of_door(door)?,
                    (None, None) => None,
                },
            };
            streams.extend(grid.map(StreamId::Grid));
            for event in view.events() {
                if event.payload.kind == qiaomen_proto::merge::fold::EventKind::Report {
                    streams.insert(StreamId::Worker(event.by));
                }
                if let Some(party) = event.payload.party
                    && let Some(stream) = StreamId::from_text(&format!("d:{party}"))
                {
                    streams.insert(stream);
                }
            }
        }
        Kind::Diary => {
            streams.extend(view.text("grid").and_then(|g| g.parse().ok()).map(StreamId::Grid));
            streams.extend(view.text("worker").and_then(|w| w.parse().ok()).map(StreamId::Worker));
        }
    }
    let is_grid = |s: &&StreamId| matches!(s, StreamId::Grid(_));
    if !streams.iter().any(|s| is_grid(&s)) {
        let stays: Vec<StreamId> = before.iter().filter(is_grid).cloned().collect();
        if stays.is_empty() {
            streams.extend(author.first().map(|g| StreamId::Grid(*g)));
        }
        streams.extend(stays);
    }
    Ok(streams)
}
