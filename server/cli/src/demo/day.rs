//! The day without signal: what each worker does, door by door.

use super::DemoError;
use super::team::Member;
use qiaomen_client::Intent;
use qiaomen_client::query::{DoorFilter, TicketFilter};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{BuildingId, HouseholdId, ResidentId, TicketId};
use qiaomen_proto::merge::fold::EventKind;

/// What several of them touch at once.
#[derive(Debug, Clone)]
pub(crate) struct Meeting {
    /// Doors of the first grid, in walking order.
    pub(crate) doors: Vec<HouseholdId>,
    /// People of the first grid.
    pub(crate) people: Vec<ResidentId>,
    /// An open matter of the first grid.
    pub(crate) ticket: Option<TicketId>,
    /// A building of the first grid.
    pub(crate) building: BuildingId,
    /// A building of another grid.
    pub(crate) elsewhere: BuildingId,
}

/// Reads from a device that has synced what the day is about.
pub(crate) fn look_around(member: &Member, other: &Member) -> Result<Meeting, DemoError> {
    let doors = member.device.doors(&DoorFilter::default()).map_err(DemoError::query)?;
    let mut people = Vec::new();
    for line in &doors {
        if people.len() >= 12 {
            break;
        }
        let id: HouseholdId = parse(&line.household)?;
        for person in member.device.door(id).map_err(DemoError::query)?.people {
            people.push(parse(&person.resident)?);
        }
    }
    let tickets = member.device.tickets(&TicketFilter::default()).map_err(DemoError::query)?;
    let theirs = other.device.doors(&DoorFilter::default()).map_err(DemoError::query)?;
    let building = |line: Option<&qiaomen_client::query::DoorLine>| -> Result<BuildingId, DemoError> {
        parse(line.and_then(|l| l.building.as_deref()).ok_or(DemoError::TooSmall)?)
    };
    Ok(Meeting {
        building: building(doors.first())?,
        elsewhere: building(theirs.first())?,
        doors: doors.iter().map(|l| parse(&l.household)).collect::<Result<_, _>>()?,
        people,
        ticket: tickets.first().map(|t| parse(&t.ticket)).transpose()?,
    })
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, DemoError> {
    text.parse().map_err(|_| DemoError::TooSmall)
}

fn correct(resident: ResidentId, field: &str, answer: Answer<&str>) -> Intent {
    Intent::CorrectResident { resident, field: field.to_owned(), answer: answer.map(str::to_owned) }
}

fn newcomer(household: HouseholdId, name: &str, phone: Answer<&str>) -> Intent {
    let fields = vec![
        ("name".to_owned(), Answer::Value(name.to_owned())),
        ("phone".to_owned(), phone.map(str::to_owned)),
        ("relation".to_owned(), Answer::Value("户主".to_owned())),
    ];
    Intent::RegisterResident { household, fields }
}

fn new_door(building: BuildingId) -> (Intent, HouseholdId) {
    use qiaomen_proto::normalise::{RoomKey, UnitKey};
    let (unit, room) = ("9单元", "901室");
    let id = match (UnitKey::parse(unit), RoomKey::parse(room)) {
        (Ok(unit), Ok(room)) => HouseholdId::of(building, &unit, &room),
        _ => HouseholdId(building.0),
    };
    (Intent::RegisterHousehold { building, unit: unit.to_owned(), room: room.to_owned() }, id)
}

fn rounds(doors: &[HouseholdId], day: &mut Vec<Intent>) {
    const NOTES: [&str; 3] = ["老人身体还好，提醒关好燃气", "家里没人，门上留了联系卡", "反映楼道灯不亮，已记下"];
    for (n, household) in doors.iter().enumerate() {
        let outcome = if n % 3 == 1 { Outcome::NotHome } else { Outcome::Met };
        day.push(Intent::Visit { household: *household, outcome, note: Some(NOTES[n % 3].to_owned()) });
    }
}

/// The two workers of the first grid: they touch the same doors and matters without knowing it.
pub(crate) fn two_of_one_grid(m: &Meeting) -> (Vec<Intent>, Vec<Intent>) {
    let (mut wang, mut li) = (Vec::new(), Vec::new());
    let half = m.doors.len() / 2;
    rounds(&m.doors[..half.min(8)], &mut wang);
    rounds(&m.doors[half..m.doors.len().min(half + 8)], &mut li);
    if let [a, b, c, ..] = m.people.as_slice() {
        wang.push(correct(*a, "phone", Answer::Value("13900000001")));
        li.push(correct(*a, "phone", Answer::Value("13900000002")));
        wang.push(correct(*b, "phone", Answer::Value("13900000003")));
        li.push(correct(*b, "phone", Answer::Refused));
        wang.push(correct(*c, "languages", Answer::Value("汉语")));
        li.push(correct(*c, "languages", Answer::Value("蒙古语")));
        wang.push(correct(*c, "consent", Answer::Value("是")));
        li.push(correct(*c, "consent", Answer::Value("否")));
        wang.push(correct(*c, "since", Answer::Value("2019-05-01")));
        li.push(correct(*c, "since", Answer::Value("2020-05-01")));
    }
    if let Some(door) = m.doors.first() {
        let count = |n: &str| Intent::CorrectHousehold {
            household: *door,
            field: "people_count".to_owned(),
            answer: Answer::Value(n.to_owned()),
        };
        wang.push(count("3"));
        li.push(count("4"));
    }
    let (intent, door) = new_door(m.building);
    wang.push(intent.clone());
    wang.push(newcomer(door, "乌仁图雅", Answer::Value("13900000011")));
    li.push(intent);
    li.push(newcomer(door, "包铁柱", Answer::Refused));
    // Li mistakes the next building for one of his own.
    li.push(new_door(m.elsewhere).0);
    wang.push(report(m.doors.first().copied(), "路灯损坏", "小事", "楼门口的灯连着三天不亮，老人晚上不敢出门"));
    li.push(report(m.doors.last().copied(), "管网", "大事", "地下室返水，要挖开查一段管"));
    if let Some(ticket) = m.ticket {
        wang.push(advance(ticket, EventKind::Supplement, "又去看了一次，情况没有变"));
        li.push(advance(ticket, EventKind::Supplement, "居民说晚上八点以后在家"));
    }
    (wang, li)
}

fn report(household: Option<HouseholdId>, category: &str, size: &str, text: &str) -> Intent {
    Intent::ReportTicket {
        category: category.to_owned(),
        size: size.to_owned(),
        source: "入户走访".to_owned(),
        household,
        building: None,
        unit: None,
        text: text.to_owned(),
        reporter: None,
    }
}

fn advance(ticket: TicketId, event: EventKind, text: &str) -> Intent {
    Intent::AdvanceTicket {
        ticket,
        event: event.number(),
        party: None,
        due_on: None,
        satisfaction: None,
        other: None,
        text: Some(text.to_owned()),
    }
}

/// The leader of the first grid: sees what the workers see, and knows better about one phone.
pub(crate) fn the_leader(m: &Meeting) -> Vec<Intent> {
    let mut day = Vec::new();
    if let [a, _, _, d, ..] = m.people.as_slice() {
        day.push(correct(*a, "phone", Answer::Value("13900000004")));
        day.push(correct(*d, "employer", Answer::Value("供电公司")));
    }
    if let Some(door) = m.doors.get(1) {
        day.push(Intent::RefuseDoor { household: *door, people_count: Some(2), withdrawn: false });
        day.push(Intent::Call {
            household: *door, outcome: Outcome::Met, note: Some("电话里约好周六再来".to_owned())
        });
    }
    day.push(Intent::Patrol {
        building: Some(m.building),
        outcome: Outcome::Found,
        note: Some("车棚有飞线充电，已劝离".to_owned()),
    });
    day
}

/// A worker of another grid.
pub(crate) fn elsewhere(doors: &[HouseholdId]) -> Vec<Intent> {
    let mut day = Vec::new();
    rounds(&doors[..doors.len().min(10)], &mut day);
    day.push(report(doors.first().copied(), "噪音扰民", "小事", "楼上半夜拖家具，已上门劝过一次"));
    day
}
