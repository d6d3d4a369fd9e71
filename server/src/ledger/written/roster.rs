//! The roster: a row for everybody, one more for each further grid.

use super::sheet::{Column, Formats, Sheet};
use super::{Pen, WriteError};
use crate::ledger::import::staff::{WORKER_BORN_ON_FIELD, WORKER_PHONE_FIELD};
use qiaomen_proto::entity::value::open_text;
use qiaomen_proto::ids::GridId;
use qiaomen_proto::reference::WORKER_NAME_FIELD;
use rust_xlsxwriter::Worksheet;

const NAME: &str = "花名册";
/// How books say that somebody has no grid of her own.
const EVERYWHERE: &str = "全社区";
const COLUMNS: &[Column] = &[
    Column::new("姓名", 12.0),
    Column::new("性别", 6.0),
    Column::new("出生日期", 13.0),
    Column::new("职务", 14.0),
    Column::new("所在网格", 14.0),
    Column::new("联系电话", 15.0),
    Column::new("部门/单位", 18.0),
    Column::new("任职时间", 13.0),
];

struct Line {
    place: (usize, u8, String),
    grid: Option<GridId>,
    cells: [String; 8],
}

pub(super) fn write(pen: &mut Pen<'_, '_>, sheet: &mut Worksheet, format: &Formats) -> Result<(), WriteError> {
    let mut sheet = Sheet::new(sheet, format, NAME, Some("网格工作人员花名册"), COLUMNS)?;
    let mut lines = Vec::new();
    for worker in pen.tx.workers()? {
        let ring = pen.office.ring(pen.tx, [worker.id.0])?;
        let open = |field: &str, bytes: &[u8]| {
            open_text(&ring, &worker.id.0, field, bytes).text().unwrap_or_default().to_owned()
        };
        let sealed =
            |field: &str, bytes: &Option<Vec<u8>>| bytes.as_deref().map_or_else(String::new, |b| open(field, b));
        let name = open(WORKER_NAME_FIELD, &worker.name);
        let mine = pen.tx.grids_at(worker.id, pen.office.now_ms())?;
        let grids: Vec<Option<GridId>> =
            if mine.is_empty() { vec![None] } else { mine.into_iter().map(Some).collect() };
        for grid in grids.into_iter().filter(|grid| pen.writes(*grid)) {
            let place = grid.map_or(usize::MAX, |g| pen.grid_place(g));
            lines.push((
                worker.id,
                worker.role,
                Line {
                    place: (place, worker.role.number(), name.clone()),
                    grid,
                    cells: [
                        name.clone(),
                        worker.sex.clone().unwrap_or_default(),
                        sealed(WORKER_BORN_ON_FIELD, &worker.born_on),
                        worker.role.title().to_owned(),
                        grid.map_or(EVERYWHERE, |g| pen.grid_name(g)).to_owned(),
                        sealed(WORKER_PHONE_FIELD, &worker.phone),
                        worker.department.clone().unwrap_or_default(),
                        worker.appointed_on.clone().unwrap_or_default(),
                    ],
                },
            ));
        }
    }
    // Two of one name keep the order in which they came, which is the order of their ids.
    lines.sort_by(|(a, _, x), (b, _, y)| (&x.place, a).cmp(&(&y.place, b)));
    let mut counted = std::collections::HashSet::new();
    for (id, role, line) in lines {
        let cells: Vec<&str> = line.cells.iter().map(String::as_str).collect();
        sheet.row(&cells)?;
        let grid = line.grid.map(|g| pen.grid_name(g).to_owned());
        let key = pen.fingerprints.of_staff(line.place.2.as_str(), role, grid.as_deref());
        pen.known.staff.push((key, id));
        counted.insert(id);
    }
    pen.held.staff = u32::try_from(counted.len()).unwrap_or(u32::MAX);
    Ok(sheet.end()?)
}
