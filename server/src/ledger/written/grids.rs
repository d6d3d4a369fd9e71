//! The sheet of grids: a row for each, or for each of its micro-grids.

use super::sheet::{Column, Formats, Sheet};
use super::{Pen, WriteError};
use crate::desk::order::natural;
use qiaomen_proto::ids::{BuildingId, GridId};
use rust_xlsxwriter::Worksheet;

const NAME: &str = "网格划分";
const COLUMNS: &[Column] = &[
    Column::new("序号", 6.0).counting(),
    Column::new("网格名称", 14.0),
    Column::new("网格类型", 12.0),
    Column::new("楼栋", 70.0).wrapping(),
    Column::new("标准户数", 10.0).counting(),
    Column::new("备注", 16.0),
];
/// The same, where some grid is divided further.
const COLUMNS_MICRO: &[Column] = &[
    Column::new("序号", 6.0).counting(),
    Column::new("网格名称", 14.0),
    Column::new("网格类型", 12.0),
    Column::new("微网格", 14.0),
    Column::new("楼栋", 70.0).wrapping(),
    Column::new("标准户数", 10.0).counting(),
    Column::new("备注", 16.0),
];

pub(super) fn write(pen: &mut Pen<'_, '_>, sheet: &mut Worksheet, format: &Formats) -> Result<(), WriteError> {
    let title = format!("{}网格划分一览表", pen.office.identity().community);
    let micro_grids = pen.tx.micro_grids()?;
    let divided = !micro_grids.is_empty();
    let mut sheet = Sheet::new(sheet, format, NAME, Some(&title), if divided { COLUMNS_MICRO } else { COLUMNS })?;
    let mut number = 0_u32;
    for grid in &pen.grids {
        let id = GridId::from_bytes(*grid.id);
        if !pen.writes(Some(id)) {
            continue;
        }
        number += 1;
        let mut theirs: Vec<(BuildingId, &str)> =
            pen.buildings.iter().filter(|(_, (_, of))| *of == id).map(|(b, (name, _))| (*b, name.as_str())).collect();
        theirs.sort_by_key(|(_, name)| natural(name));
        // A building that is in no micro-grid stands on the grid's own row.
        let mut parts: Vec<(&str, Vec<&str>)> = Vec::new();
        for part in micro_grids.iter().filter(|m| *m.grid == *grid.id) {
            let of = |b: &&(BuildingId, &str)| part.buildings.iter().any(|id| **id == *b.0.as_bytes());
            parts.push((&part.name, theirs.iter().filter(of).map(|(_, name)| *name).collect()));
        }
        let rest: Vec<&str> = theirs
            .iter()
            .filter(|(_, name)| !parts.iter().any(|(_, names)| names.contains(name)))
            .map(|(_, name)| *name)
            .collect();
        if parts.is_empty() || !rest.is_empty() {
            parts.insert(0, ("", rest));
        }
        let (number, quota) = (number.to_string(), grid.quota.map(|q| q.to_string()).unwrap_or_default());
        let kind = grid.grid_type.as_deref().unwrap_or_default();
        for (row, (part, names)) in parts.iter().enumerate() {
            let names = names.join("、");
            let first = |text| if row == 0 { text } else { "" };
            if divided {
                sheet.row(&[first(&number), &grid.name, first(kind), part, &names, first(&quota)])?;
            } else {
                sheet.row(&[&number, &grid.name, kind, &names, &quota])?;
            }
        }
    }
    Ok(sheet.end()?)
}
