//! What the filters and forms about matters offer.

use crate::office::{Office, OfficeError};
use crate::people::posts::Sight;
use crate::store::sqlite::{CategoryRow, TermRow};
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{BuildingId, GridId};
use serde::Serialize;

/// What the filters offer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Choices {
    /// Grids within sight.
    pub grids: Vec<(GridId, String)>,
    /// Categories: the office's, and others that matters have.
    pub categories: Vec<String>,
    /// Departments: the roster's, and others that matters were given to.
    pub departments: Vec<String>,
}

/// What the filters offer to somebody.
pub fn choices(office: &Office, sight: &Sight) -> Result<Choices, OfficeError> {
    office.store().read(|tx| {
        let grids = tx.grids()?.into_iter().map(|g| (GridId::from_bytes(*g.id), g.name));
        let grids = grids.filter(|(id, _)| sight.sees(Some(*id))).collect();
        let mut categories: Vec<String> = tx.categories()?.into_iter().map(|c| c.name).collect();
        merge(&mut categories, tx.ticket_categories_used()?);
        let mut departments = roster_departments(tx)?;
        merge(&mut departments, tx.ticket_departments()?);
        // A department's own people have no other to choose.
        if sight.department.is_some() {
            departments.clear();
        }
        Ok(Choices { grids, categories, departments })
    })
}

/// A grid and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridChoice {
    /// Id.
    pub id: GridId,
    /// What people call it.
    pub name: String,
    /// Its buildings.
    pub buildings: Vec<(BuildingId, String)>,
}

/// Where a new matter can be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceChoices {
    /// Grids, each with its buildings.
    pub grids: Vec<GridChoice>,
    /// Categories of the office.
    pub categories: Vec<String>,
}

/// Where a new matter can be, and what it can be.
pub fn place_choices(office: &Office) -> Result<PlaceChoices, OfficeError> {
    office.store().read(|tx| {
        let buildings = tx.buildings()?;
        let grids = tx.grids()?.into_iter().map(|grid| {
            let inside = buildings.iter().filter(|b| b.grid == grid.id);
            let buildings = inside.map(|b| (BuildingId::from_bytes(*b.id), b.name.clone())).collect();
            GridChoice { id: GridId::from_bytes(*grid.id), name: grid.name, buildings }
        });
        Ok(PlaceChoices { grids: grids.collect(), categories: tx.categories()?.into_iter().map(|c| c.name).collect() })
    })
}

/// What a matter can be, and how long it may take.
pub fn categories_and_terms(office: &Office) -> Result<(Vec<CategoryRow>, Vec<TermRow>), OfficeError> {
    office.store().read(|tx| Ok((tx.categories()?, tx.terms()?)))
}

/// Departments that somebody of the roster belongs to.
pub fn roster_departments(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    let mut departments: Vec<String> = tx.workers()?.into_iter().filter_map(|w| w.department).collect();
    departments.retain(|d| !d.trim().is_empty());
    departments.sort_unstable();
    departments.dedup();
    Ok(departments)
}

fn merge(words: &mut Vec<String>, more: Vec<String>) {
    for word in more {
        if !words.contains(&word) {
            words.push(word);
        }
    }
}
