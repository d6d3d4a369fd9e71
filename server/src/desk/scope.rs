//! Of which grids somebody asks, within what she sees; the order in which people read names with numbers; and the
//! office's days.

use crate::office::UTC_OFFSET_S;
use crate::people::Sight;
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{BuildingId, GridId};
use qiaomen_proto::reference::{BuildingInfo, GridInfo};
use std::collections::HashMap;

/// Milliseconds of a day.
pub const DAY_MS: u64 = 24 * 3_600_000;
/// The office's days begin that long before those of Greenwich.
pub(crate) const OFFSET_MS: u64 = UTC_OFFSET_S.unsigned_abs() as u64 * 1_000;

/// The grids of a question.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Those that are shown, in the office's order.
    pub grids: Vec<GridInfo>,
    /// Those that may be asked for, in the office's order.
    pub choices: Vec<GridInfo>,
    /// The one that was asked for.
    pub chosen: Option<GridId>,
    /// Everything is shown, also what stands in no grid.
    pub whole: bool,
    /// Every building, as people count them.
    pub buildings: Vec<BuildingInfo>,
    grid_of: HashMap<BuildingId, GridId>,
}

impl Scope {
    /// What is shown to somebody who sees so far and asks for this grid, or for all. `None`: there is no such grid
    /// within sight.
    pub fn of(tx: &Tx<'_>, sight: &Sight, asked: Option<GridId>) -> Result<Option<Self>, StoreError> {
        let choices: Vec<GridInfo> = tx.grids()?.into_iter().filter(|g| sight.sees(Some(id_of(g)))).collect();
        let grids = match asked {
            None => choices.clone(),
            Some(asked) => {
                let Some(one) = choices.iter().find(|g| id_of(g) == asked) else { return Ok(None) };
                vec![one.clone()]
            }
        };
        let mut buildings = tx.buildings()?;
        in_order(&mut buildings, |b| &b.name);
        let grid_of = buildings.iter().map(|b| (BuildingId::from_bytes(*b.id), GridId::from_bytes(*b.grid))).collect();
        let whole = asked.is_none() && sight.grids.is_none();
        Ok(Some(Self { grids, choices, chosen: asked, whole, buildings, grid_of }))
    }
    /// Where something is: the grid that its building has now, else the one in which it was written down.
    pub fn grid_at(&self, building: Option<BuildingId>, written: Option<GridId>) -> Option<GridId> {
        building.and_then(|b| self.grid_of.get(&b).copied()).or(written)
    }
    /// The ids of the grids that are shown; none where everything is.
    pub fn only(&self) -> Option<Vec<GridId>> {
        (!self.whole).then(|| self.grids.iter().map(id_of).collect())
    }
    /// Whether something in this grid is shown.
    pub fn shows(&self, grid: Option<GridId>) -> bool {
        self.whole || grid.is_some_and(|grid| self.grids.iter().any(|g| id_of(g) == grid))
    }
}

/// The id of a grid.
pub fn id_of(grid: &GridInfo) -> GridId {
    GridId::from_bytes(*grid.id)
}

/// The day of an instant by the office's calendar, counted in days since 1970.
pub fn day(at_ms: u64) -> u64 {
    at_ms.saturating_add(OFFSET_MS) / DAY_MS
}
/// When that day begins.
pub fn day_starts(day: u64) -> u64 {
    day.saturating_mul(DAY_MS).saturating_sub(OFFSET_MS)
}
/// A day as the office writes it: `2026-03-01`.
pub fn date(day: u64) -> String {
    let at = chrono::NaiveDate::from_epoch_days(i32::try_from(day).unwrap_or(i32::MAX)).unwrap_or_default();
    at.format("%Y-%m-%d").to_string()
}

/// Sorts by names with numbers in them as people do: 2号楼 before 10号楼.
pub(crate) fn in_order<T>(list: &mut [T], name: impl Fn(&T) -> &str) {
    list.sort_by_cached_key(|item| parts(name(item)));
}

/// A name as texts and numbers: each number with what stands before it.
fn parts(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text_ends = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (text, after) = rest.split_at(text_ends);
        let number_ends = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(number_ends);
        parts.push((text.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_numbers_stand_as_people_count() {
        let mut names = ["10号楼", "2号楼", "和顺小区3号楼", "和顺小区12号楼", "1号楼", "办公楼"];
        in_order(&mut names, |n| n);
        assert_eq!(names, ["1号楼", "2号楼", "10号楼", "办公楼", "和顺小区3号楼", "和顺小区12号楼"]);
    }

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        // 2026-03-01 00:00 in Beijing is 16:00 of the day before in Greenwich.
        let midnight = 1_772_294_400_000;
        assert_eq!(date(day(midnight)), "2026-03-01");
        assert_eq!(date(day(midnight - 1)), "2026-02-28");
        assert_eq!(day_starts(day(midnight + 5 * 3_600_000)), midnight);
    }
}
