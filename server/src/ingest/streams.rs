//! In which streams a document stands: who sees it.

use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{BuildingId, GridId, HouseholdId, Kind, StreamId};
use std::collections::BTreeSet;

/// By which division into grids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// That of today.
    Now,
    /// That of this instant.
    At(u64),
}

impl AsOf {
    fn grid_of(self, tx: &Tx<'_>, building: BuildingId) -> Result<Option<GridId>, StoreError> {
        match self {
            AsOf::Now => tx.grid_of_building(building),
            AsOf::At(at_ms) => tx.grid_of_building_at(building, at_ms),
        }
    }
}

/// The streams of a document as its view stands. Where its place is not known (yet) it stays in the grid
/// in which it is; a new one comes into the first grid of whoever wrote it.
pub fn streams_of(
    tx: &Tx<'_>,
    view: &View<'_>,
    before: &BTreeSet<StreamId>,
    author: &[GridId],
    as_of: AsOf,
) -> Result<BTreeSet<StreamId>, StoreError> {
    let mut streams = BTreeSet::new();
    let grid_of_door = |door: HouseholdId| -> Result<Option<GridId>, StoreError> {
        match tx.door(door)? {
            Some(row) => as_of.grid_of(tx, row.building),
            None => Ok(None),
        }
    };
    match view.register().doc().kind {
        Kind::Household => {
            if let Some(building) = view.building()
                && let Some(grid) = as_of.grid_of(tx, building)?
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
            // Where it is says whose it is: the grid that was written down may have been split since.
            let place = match (view.building(), view.household()) {
                (Some(building), _) => as_of.grid_of(tx, building)?,
                (None, Some(door)) => grid_of_door(door)?,
                (None, None) => None,
            };
            let grid = place.or_else(|| view.text("grid").and_then(|g| g.parse().ok()));
            streams.extend(grid.map(StreamId::Grid));
            for event in view.events() {
                if event.payload.kind == qiaomen_proto::merge::fold::EventKind::Report {
                    streams.insert(StreamId::Worker(event.by));
                }
                for code in event.payload.party.into_iter().chain(event.payload.department) {
                    streams.extend(StreamId::from_text(&format!("d:{code}")));
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
