//! A clerk gives a file, looks at what it comes to, and takes it or puts it away. What is taken is planned anew in
//! the transaction that takes it: a grid may have been added while she looked.

use super::plan::{Place, Places, Plan, plan};
use super::read::{FileFault, read};
use super::{Geometry, ShapesError};
use crate::office::{Office, OfficeError};
use crate::people::audit::{self, Deed};
use crate::store::sqlite::ShapeRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::WorkerId;
use std::collections::BTreeMap;

/// A file that nobody took within a week is let go.
const DRAFT_MS_MAX: u64 = 7 * 24 * 3_600_000;

/// What was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Put {
    /// Grids and buildings that were drawn.
    pub drawn: usize,
    /// Of these: that had a shape before.
    pub replaced: usize,
}

/// What is drawn already, with the number of positions of each.
fn drawn(tx: &Tx<'_>) -> Result<BTreeMap<Place, usize>, StoreError> {
    let rows = tx.shapes()?.into_iter();
    let one = |row: ShapeRow| {
        let shape = Geometry::from_row(&row.geometry)?;
        Some((Place::from_row(row.kind, row.place)?, shape.position_count()))
    };
    Ok(rows.filter_map(one).collect())
}

fn plan_in(office: &Office, tx: &Tx<'_>, text: &[u8]) -> Result<Plan, ShapesError> {
    let pieces = read(text)?;
    let (grids, buildings, drawn) = (tx.grids()?, tx.buildings()?, drawn(tx)?);
    let community = office.identity().community.as_str();
    Ok(plan(&Places { community, grids: &grids, buildings: &buildings, drawn: &drawn }, pieces))
}

/// Keeps a file to be looked through. One that cannot be read as a whole is refused at once.
pub fn keep_draft(office: &Office, clerk: WorkerId, text: &[u8]) -> Result<(), ShapesError> {
    read(text)?;
    let (text, now_ms) = (text.to_vec(), office.now_ms());
    office.store().write(move |tx| {
        tx.drop_shape_drafts(clerk, now_ms.saturating_sub(DRAFT_MS_MAX))?;
        Ok(tx.put_shape_draft(clerk, &text, now_ms)?)
    })
}

/// What the file comes to that this clerk looks through.
pub fn draft(office: &Office, clerk: WorkerId) -> Result<Plan, ShapesError> {
    office.store().read(|tx| {
        let text = tx.shape_draft(clerk)?.ok_or(ShapesError::NoDraft)?;
        plan_in(office, tx, &text)
    })
}

/// Puts the file away.
pub fn drop_draft(office: &Office, clerk: WorkerId) -> Result<(), OfficeError> {
    office.store().write(move |tx| Ok(tx.drop_shape_drafts(clerk, 0)?))
}

/// Takes the file. With `whole` it stands for the whole map: what is not in it is taken off.
pub fn put_draft(office: &Office, clerk: WorkerId, whole: bool) -> Result<Put, ShapesError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        let text = tx.shape_draft(clerk)?.ok_or(ShapesError::NoDraft)?;
        let plan = plan_in(&inner, tx, &text)?;
        if plan.hits.is_empty() {
            return Err(ShapesError::NothingMatches);
        }
        if !whole && plan.overflows() {
            return Err(FileFault::TooManyPositions { count: plan.positions }.into());
        }
        if whole {
            tx.clear_shapes()?;
        }
        for hit in &plan.hits {
            let geometry = hit.shape.to_json().to_string();
            tx.put_shape(&ShapeRow { place: hit.place.bytes(), kind: hit.place.number(), geometry }, inner.now_ms())?;
        }
        tx.drop_shape_drafts(clerk, 0)?;
        audit::note(&inner, tx, clerk, Deed::MapPut, None)?;
        Ok(Put { drawn: plan.hits.len(), replaced: plan.hits.iter().filter(|h| h.replaces).count() })
    })
}

/// Takes every shape off the map; how many there were.
pub fn clear(office: &Office, clerk: WorkerId) -> Result<usize, OfficeError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        let count = tx.clear_shapes()?;
        audit::note(&inner, tx, clerk, Deed::MapCleared, None)?;
        Ok(count)
    })
}
