//! The sheet of grids: which buildings there are, and whose they are.

use super::Ticker;
use super::remark::Problem;
use super::table::{Row, Table};
use super::value::{self, Faults};
use super::words::Field;
use crate::ledger::book::{Book, GridRow, MicroGridRow};
use qiaomen_proto::normalise::building_name;

/// More buildings in one range like 1-9号楼 are a slip of the pen.
const RANGE_MAX: u32 = 200;

/// Reads a sheet of grids into the book. A grid may take several rows.
pub(super) fn read(table: &Table<'_>, book: &mut Book, ticker: &mut Ticker<'_>) {
    let mut above: Option<usize> = None;
    for row in table.rows {
        if let Some(row) = table.row(row) {
            above = read_row(&row, above, book);
        }
        ticker.row();
    }
}

fn read_row(row: &Row<'_>, above: Option<usize>, book: &mut Book) -> Option<usize> {
    let (name, listed) = (row.text(Field::Grid), row.text(Field::Buildings));
    let micro_grid = row.text(Field::MicroGrid);
    if name.is_none() && listed.is_none() && micro_grid.is_none() {
        return above;
    }
    let mut faults = Faults::default();
    let buildings = listed.as_deref().map(buildings_in).unwrap_or_default();
    if listed.is_some() && buildings.is_empty() {
        faults.push(Field::Buildings, Problem::BuildingsUnreadable);
    }
    if name.is_none() && above.is_none() {
        faults.push(Field::Grid, Problem::CellMissing);
    }
    if let Some(remark) = faults.remark(row) {
        book.rejected.push(remark);
        return above;
    }
    let at = match name {
        Some(name) => book.grids.iter().position(|grid| grid.name == name).unwrap_or_else(|| {
            let origin = row.origin();
            book.grids.push(GridRow {
                origin,
                name,
                grid_type: None,
                buildings: Vec::new(),
                micro_grids: Vec::new(),
                quota: None,
                note: None,
            });
            book.grids.len() - 1
        }),
        None => above?,
    };
    let micro_at = micro_grid.map(|name| micro_grid_at(&mut book.grids[at], name, row));
    for building in buildings {
        let owner = book.grids.iter().position(|grid| grid.buildings.contains(&building));
        match owner {
            None => book.grids[at].buildings.push(building.clone()),
            Some(owner) if owner == at => {}
            Some(_) => {
                book.warnings.push(row.remark(Some(Field::Buildings), Problem::BuildingTwice));
                continue;
            }
        }
        let Some(micro_at) = micro_at else { continue };
        let micro_grids = &mut book.grids[at].micro_grids;
        match micro_grids.iter().position(|micro_grid| micro_grid.buildings.contains(&building)) {
            None => micro_grids[micro_at].buildings.push(building),
            Some(owner) if owner == micro_at => {}
            Some(_) => book.warnings.push(row.remark(Some(Field::MicroGrid), Problem::BuildingInTwoMicroGrids)),
        }
    }
    let quota = row.text(Field::Quota);
    let quota_read = quota.as_deref().and_then(|text| text.trim_end_matches('户').trim().parse().ok());
    if quota.is_some() && quota_read.is_none() {
        book.warnings.push(row.remark(Some(Field::Quota), Problem::QuotaUnreadable));
    }
    let grid = &mut book.grids[at];
    grid.quota = grid.quota.or(quota_read);
    grid.grid_type = grid.grid_type.take().or_else(|| row.text(Field::GridType));
    grid.note = grid.note.take().or_else(|| row.text(Field::Note));
    Some(at)
}

/// Where the micro-grid of this name stands in the grid; it may take several rows too.
fn micro_grid_at(grid: &mut GridRow, name: String, row: &Row<'_>) -> usize {
    grid.micro_grids.iter().position(|micro_grid| micro_grid.name == name).unwrap_or_else(|| {
        grid.micro_grids.push(MicroGridRow { origin: row.origin(), name, buildings: Vec::new() });
        grid.micro_grids.len() - 1
    })
}

/// Normalised buildings of a cell like 1号楼、2号楼, 1、2、3号楼 or 1-9号楼.
fn buildings_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in value::list(text) {
        match range(&part) {
            Some(numbers) => names.extend(numbers.map(|number| building_name(&number.to_string()))),
            None => names.push(building_name(&part)),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The numbers of 1-9号楼, 1号楼至9号楼, 1~9栋.
fn range(part: &str) -> Option<std::ops::RangeInclusive<u32>> {
    let (first, last) = part.split_once(['-', '－', '—', '~', '～', '至', '到'])?;
    let number = |text: &str| -> Option<u32> {
        let name = building_name(text);
        name.strip_suffix("号楼")?.parse().ok()
    };
    let (first, last) = (number(first)?, number(last)?);
    (first < last && last - first < RANGE_MAX).then_some(first..=last)
}

#[cfg(test)]
mod tests {
    use super::buildings_in;

    #[test]
    fn a_list_of_buildings_may_be_short_or_long() {
        assert_eq!(buildings_in("1号楼、2号楼"), ["1号楼", "2号楼"]);
        assert_eq!(buildings_in("1、2，3号楼"), ["1号楼", "2号楼", "3号楼"]);
        assert_eq!(buildings_in("1-3号楼"), ["1号楼", "2号楼", "3号楼"]);
        assert_eq!(buildings_in("9栋～11栋 锦绣公寓"), ["9号楼", "10号楼", "11号楼", "锦绣公寓"]);
        assert_eq!(buildings_in("7号楼"), ["7号楼"]);
    }
}
