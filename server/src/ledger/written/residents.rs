//! The sheet of residents: doors in the order of the community, each with everybody who lives there. Who has moved
//! out is not on it.

use super::remarks::{joined, notes};
use super::sheet::{Column, Formats, Sheet};
use super::{Pen, WriteError};
use crate::desk::aside::Aside;
use crate::desk::order::{DoorPlace, door_place};
use crate::store::sqlite::DoorLine;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{household, resident};
use qiaomen_proto::ids::{DocId, HouseholdId, ResidentId};
use qiaomen_proto::normalise::{UnitKey, unit_label};
use rust_xlsxwriter::Worksheet;

/// Name of the sheet.
pub(super) const NAME: &str = "居民台账";
const PERSON: &str = "户主/成员";
const COLUMNS: &[Column] = &[
    Column::new("网格", 11.0),
    Column::new("楼栋", 10.0),
    Column::new("单元", 8.0),
    Column::new("房号", 8.0),
    Column::new("姓名", 11.0).under(PERSON),
    Column::new("与户主关系", 11.0).under(PERSON),
    Column::new("身份证号", 21.0).under(PERSON),
    Column::new("出生日期", 12.0).under(PERSON),
    Column::new("联系电话", 14.0).under(PERSON),
    Column::new("居住情况", 11.0),
    Column::new("人员类别", 16.0).wrapping(),
    Column::new("备注", 24.0).wrapping(),
];
/// In which order those behind one door stand; whoever is none of these comes after them.
const RELATIONS: [&str; 2] = ["户主", "配偶"];

/// One person as the sheet shows her.
struct Person {
    /// Rank of the relation, birth date, id.
    place: (usize, String, ResidentId),
    /// 姓名 to 联系电话.
    cells: [String; 5],
    categories: String,
    note: String,
}

pub(super) fn write(pen: &mut Pen<'_, '_>, sheet: &mut Worksheet, format: &Formats) -> Result<(), WriteError> {
    let day = pen.day.label();
    let day = day.split(' ').next().unwrap_or_default();
    let title = format!("{}居民基本情况台账（{day}）", pen.office.identity().community);
    let mut sheet = Sheet::new(sheet, format, NAME, Some(&title), COLUMNS)?;
    let mut lines: Vec<(DoorPlace, DoorLine)> = Vec::new();
    let aside = Aside::of(pen.tx)?;
    for line in aside.fold(pen.tx, pen.tx.door_lines(pen.only, None)?)? {
        if pen.writes(line.grid) {
            let building = pen.buildings.get(&line.building).map_or("", |(name, _)| name.as_str());
            let place = line.grid.map_or(usize::MAX, |g| pen.grid_place(g));
            lines.push((door_place(place, building, &line.unit, &line.room, line.household), line));
        }
    }
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    for (_, line) in &lines {
        door(pen, &mut sheet, line, &aside)?;
    }
    if pen.only.is_none() && pen.sight.grids.is_none() {
        let nowhere =
            aside.once(pen.tx.resident_lines(None, None)?).into_iter().filter(|r| r.building.is_none() && !r.moved_out);
        pen.held.homeless = u32::try_from(nowhere.count()).unwrap_or(u32::MAX);
    }
    if pen.held.homeless > 0 {
        sheet.footnote(&format!("注：另有 {} 人没有登记住址，没有列入。", pen.held.homeless))?;
    }
    Ok(sheet.end()?)
}

fn door(pen: &mut Pen<'_, '_>, sheet: &mut Sheet<'_>, line: &DoorLine, aside: &Aside) -> Result<(), WriteError> {
    let grid = line.grid.map_or("", |g| pen.grid_name(g)).to_owned();
    let building = pen.buildings.get(&line.building).map_or("", |(name, _)| name.as_str()).to_owned();
    let unit = UnitKey::parse(&line.unit).map(|u| unit_label(&u)).unwrap_or_default();
    let address = [grid.as_str(), &building, &unit, &line.room];
    let (occupancy, remark) = of_door(pen, line.household)?;
    // Whoever stands under a door that is this one under another spelling lives here.
    let mut everybody = people(pen, line.household, aside)?;
    for also in aside.doors_of(line.household) {
        let building = pen.tx.door(also)?.map(|row| row.building);
        if pen.writes(building.and_then(|b| pen.buildings.get(&b)).map(|(_, grid)| *grid)) {
            everybody.extend(people(pen, also, aside)?);
        }
    }
    everybody.sort_by(|a, b| a.place.cmp(&b.place));
    let people = everybody;
    pen.held.doors += 1;
    pen.held.residents = pen.held.residents.saturating_add(u32::try_from(people.len()).unwrap_or(u32::MAX));
    for (n, person) in people.iter().enumerate() {
        let occupancy = if n == 0 { occupancy.as_str() } else { "" };
        let cells = address.into_iter().chain(person.cells.iter().map(String::as_str));
        let rest = [occupancy, &person.categories, &person.note];
        sheet.row(&cells.chain(rest).collect::<Vec<_>>())?;
    }
    // What is noted of the door and of nobody behind it has a row of its own.
    if people.is_empty() || !remark.is_empty() {
        let occupancy = if people.is_empty() { occupancy.as_str() } else { "" };
        let cells = address.into_iter().chain([""; 5]).chain([occupancy, "", &remark]);
        sheet.row(&cells.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// How the door is lived in, and what is noted of it.
fn of_door(pen: &Pen<'_, '_>, door: HouseholdId) -> Result<(String, String), WriteError> {
    let Some(register) = pen.tx.register(DocId::from(door))? else { return Ok(Default::default()) };
    let ring = pen.office.ring(pen.tx, [door.0])?;
    let view = View::new(&register, &ring);
    Ok((view.text("use").unwrap_or_default(), joined(&notes(&view, household::NOTES)).unwrap_or_default()))
}

fn people(pen: &Pen<'_, '_>, door: HouseholdId, aside: &Aside) -> Result<Vec<Person>, WriteError> {
    let mut people = Vec::new();
    for id in pen.tx.residents_of(door)?.into_iter().filter(|id| !aside.holds(*id)) {
        let Some(register) = pen.tx.register(DocId::from(id))? else { continue };
        let ring = pen.office.ring(pen.tx, [id.0])?;
        let view = View::new(&register, &ring);
        if view.text("until").is_none() {
            people.push(person(&view, id));
        }
    }
    Ok(people)
}

fn person(view: &View<'_>, id: ResidentId) -> Person {
    let told = |field: &str| match view.field(field).map(|f| f.shown) {
        Some(Shown::Value(text)) => text,
        Some(refused @ Shown::Refused) => refused.label().to_owned(),
        _ => String::new(),
    };
    let relation = view.text("relation").unwrap_or_default();
    let rank = RELATIONS.iter().position(|r| *r == relation).unwrap_or(RELATIONS.len());
    let birth = told("birth");
    Person {
        place: (rank, birth.clone(), id),
        cells: [told("name"), relation, told("identity"), birth, told("phone")],
        categories: view.text("categories").map(|text| text.replace(',', "、")).unwrap_or_default(),
        note: joined(&notes(view, resident::NOTES)).unwrap_or_default(),
    }
}
