//! What a grid worker does at a door: one act, as the dice fall, on what her phone shows.

use super::dice::Dice;
use super::town::DEPARTMENT;
use qiaomen_client::query::Diary;
use qiaomen_client::{Device, Intent};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{BuildingId, DocId, HouseholdId, Kind, ResidentId, TicketId};

/// Rooms that a building has: few, so that workers meet at the same doors.
pub const ROOMS: [&str; 6] = ["101", "102", "201", "202", "301", "302"];

const PHONES: [&str; 5] = ["13900000001", "13900000002", "13900000003", "13900000004", "13900000005"];
const NAMES: [&str; 6] = ["王建国", "李秀英", "张伟", "刘洋", "巴特尔", "乌兰"];
const USES: [&str; 4] = ["自住", "出租", "空置", "借住"];
const CATEGORIES: [&str; 3] = ["独居老人", "残疾", "低保"];
const DAYS: [&str; 3] = ["2026-09-01", "2026-09-12", "2026-09-20"];
/// After every day of a world: one that is over is refused where it is typed.
const DUE: &str = "2026-12-31";

/// The doors, people and matters that a phone shows.
#[derive(Debug, Default)]
pub struct Shown {
    /// Doors.
    pub doors: Vec<HouseholdId>,
    /// People.
    pub people: Vec<ResidentId>,
    /// Matters.
    pub matters: Vec<TicketId>,
}

impl Shown {
    /// What this device shows.
    pub fn on(device: &Device) -> Self {
        let mut shown = Self::default();
        for doc in device.documents().unwrap_or_default() {
            match doc.kind {
                Kind::Household => shown.doors.push(HouseholdId(doc.uuid)),
                Kind::Resident => shown.people.push(ResidentId(doc.uuid)),
                Kind::Ticket => shown.matters.push(TicketId(doc.uuid)),
                Kind::Diary => {}
            }
        }
        shown
    }
}

fn answer(dice: &mut Dice, values: &[&str]) -> Answer<String> {
    match dice.below(12) {
        0 => Answer::Refused,
        1 => Answer::Unknown,
        2 => Answer::Cleared,
        _ => Answer::Value(dice.one_of(values).copied().unwrap_or_default().to_owned()),
    }
}

fn note(dice: &mut Dice) -> Option<String> {
    dice.percent(30).then(|| "约好下周再来".to_owned())
}

/// Now and then something of today was a touch at the wrong door, and is taken back.
pub fn mistake(dice: &mut Dice, device: &Device) -> Option<Intent> {
    if !dice.percent(2) {
        return None;
    }
    let Ok(Diary::Day(today)) = device.diary(None, 1) else { return None };
    let entry = dice.one_of(&today.entries)?.command.parse().ok()?;
    Some(device.to_take_back(entry).ok()??.intent)
}

/// The next act. `buildings` are those that the worker may find herself in front of.
pub fn act(dice: &mut Dice, shown: &Shown, buildings: &[BuildingId]) -> Option<Intent> {
    if buildings.is_empty() {
        return matter(dice, shown);
    }
    let building = *dice.one_of(buildings)?;
    let room = (*dice.one_of(&ROOMS)?).to_owned();
    let new_door = Intent::RegisterHousehold { building, unit: "1".to_owned(), room };
    let Some(&household) = dice.one_of(&shown.doors) else { return Some(new_door) };
    Some(match dice.weighed(&[6, 14, 6, 8, 18, 6, 3, 3, 20, 5, 2, 7, 12]) {
        0 => new_door,
        1 => {
            let (field, values): (&str, &[&str]) =
                if dice.percent(60) { ("use", &USES) } else { ("people_count", &["1", "2", "3"]) };
            Intent::CorrectHousehold { household, field: field.to_owned(), answer: answer(dice, values) }
        }
        2 => Intent::OpenOccupancy {
            household,
            kind: (*dice.one_of(&USES)?).to_owned(),
            head: dice.one_of(&shown.people).copied(),
            since: dice.percent(50).then(|| DAYS[0].to_owned()),
        },
        3 => Intent::RegisterResident {
            household,
            fields: vec![
                ("name".to_owned(), Answer::Value((*dice.one_of(&NAMES)?).to_owned())),
                ("phone".to_owned(), answer(dice, &PHONES)),
            ],
        },
        4 => {
            let (field, values): (&str, &[&str]) = match dice.below(6) {
                0 => ("categories", &CATEGORIES),
                1 => ("employer", &["铁路", "医院"]),
                2 => ("residency", &["户籍", "流动"]),
                3 => ("name", &NAMES),
                _ => ("phone", &PHONES),
            };
            let resident = *dice.one_of(&shown.people)?;
            Intent::CorrectResident { resident, field: field.to_owned(), answer: answer(dice, values) }
        }
        5 => {
            let (resident, to) = (*dice.one_of(&shown.people)?, *dice.one_of(&shown.doors)?);
            Intent::MoveResident { resident, to, on: (*dice.one_of(&DAYS)?).to_owned() }
        }
        6 => Intent::MoveOut { resident: *dice.one_of(&shown.people)?, on: (*dice.one_of(&DAYS)?).to_owned() },
        7 => Intent::RefuseDoor { household, people_count: Some(2), withdrawn: dice.percent(40) },
        8 => {
            let outcome = *dice.one_of(&[Outcome::Met, Outcome::NotHome, Outcome::Refused])?;
            Intent::Visit { household, outcome, note: note(dice) }
        }
        9 => Intent::Call { household, outcome: Outcome::Met, note: note(dice) },
        10 => Intent::Patrol { building: Some(building), outcome: Outcome::Clear, note: note(dice) },
        11 => Intent::ReportTicket {
            category: (*dice.one_of(&["屋顶漏水", "路灯损坏", "邻里纠纷"])?).to_owned(),
            size: (*dice.one_of(&["小事", "大事"])?).to_owned(),
            source: "走访".to_owned(),
            household: Some(household),
            building: None,
            unit: None,
            text: "楼道灯不亮".to_owned(),
            reporter: None,
        },
        _ => {
            if dice.percent(25) {
                Intent::Note { doc: DocId::from(household), text: "门口有台阶".to_owned() }
            } else {
                return matter(dice, shown);
            }
        }
    })
}

/// A step of a matter.
fn matter(dice: &mut Dice, shown: &Shown) -> Option<Intent> {
    let event = u8::try_from(dice.between(2, 17)).ok()?;
    Some(Intent::AdvanceTicket {
        ticket: *dice.one_of(&shown.matters)?,
        event,
        party: dice.percent(40).then(|| DEPARTMENT.to_owned()),
        due_on: dice.percent(40).then(|| DUE.to_owned()),
        satisfaction: Some(1),
        other: dice.one_of(&shown.matters).copied(),
        text: note(dice),
    })
}
