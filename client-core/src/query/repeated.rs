//! Whether what somebody is about to write down of a door was written down a moment ago. A form of its own is no sign of
//! a visit of its own: whoever goes back, or has a second window open, sends another one.

use super::door::EntryLine;
use super::sight::Sight;
use super::tickets::TicketLine;
use crate::store::StoreError;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{BuildingId, HouseholdId};

/// Within this the same thing at the same door is asked about. Going back and touching twice takes seconds or minutes;
/// who tries again where nobody was home comes later.
const A_MOMENT_MS: u64 = 10 * 60 * 1000;

/// The last entry of this worker at a door that is of this kind (`visit`, `call`), ended so, and is of a moment ago.
pub(crate) fn a_moment_ago(
    sight: &Sight<'_>,
    door: HouseholdId,
    kind: &str,
    outcome: Outcome,
) -> Result<Option<EntryLine>, StoreError> {
    let Some(me) = sight.me.map(|me| me.worker.to_string()) else { return Ok(None) };
    let since_ms = since_ms(sight);
    let newest_first = sight.tx.entries_at(&door.to_string())?;
    let same = newest_first.into_iter().take_while(|entry| entry.at_ms >= since_ms).find(|entry| {
        entry.kind == kind && entry.outcome == outcome.name() && entry.worker.as_deref() == Some(me.as_str())
    });
    same.map(|entry| EntryLine::of(sight, entry)).transpose()
}

/// When the moment began. Also what seems to be of later than now lies within it: a clock may have been set back since.
/// Where it was set on meanwhile, a moment looks long ago, and nobody is asked.
fn since_ms(sight: &Sight<'_>) -> u64 {
    sight.now_ms.saturating_sub(A_MOMENT_MS)
}

/// Whether this was a moment ago.
pub(crate) fn is_a_moment_ago(sight: &Sight<'_>, at_ms: u64) -> bool {
    at_ms >= since_ms(sight)
}

/// The last round of this worker through this building, or through the whole grid, that ended so and is of a moment ago.
pub(crate) fn patrolled(
    sight: &Sight<'_>,
    building: Option<BuildingId>,
    outcome: Outcome,
) -> Result<Option<EntryLine>, StoreError> {
    let Some(me) = sight.me else { return Ok(None) };
    let (since_ms, building) = (since_ms(sight), building.map(|id| id.to_string()));
    let today = sight.tx.entries_on(&me.worker.to_string(), &sight.today().to_string())?;
    let same = today.into_iter().rev().find(|entry| {
        let is_round = entry.kind == "patrol" && entry.outcome == outcome.name() && entry.building == building;
        is_round && entry.at_ms >= since_ms
    });
    same.map(|entry| EntryLine::of(sight, entry)).transpose()
}

/// An open matter of this place and category, in the same words, that was reported a moment ago.
pub(crate) fn reported(
    sight: &Sight<'_>,
    door: Option<HouseholdId>,
    building: Option<BuildingId>,
    category: &str,
    text: &str,
) -> Result<Option<TicketLine>, StoreError> {
    let (since_ms, door) = (since_ms(sight), door.map(|id| id.to_string()));
    let building = building.map(|id| id.to_string());
    let open = sight.tx.open_tickets()?;
    let same = open.into_iter().find(|row| {
        // At a door the building follows from it.
        let is_here = row.household == door && (door.is_some() || row.building == building);
        let is_it =
            row.category.as_deref() == Some(category) && row.text.as_deref().map(str::trim) == Some(text.trim());
        is_here && is_it && row.opened_ms.is_some_and(|at| at >= since_ms)
    });
    same.map(|row| TicketLine::of(sight, row)).transpose()
}
