//! What an invented office's book is about, before anybody has typed it into a spreadsheet.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::collections::BTreeMap;

/// Chance with a number: the same number, the same book. (SplitMix64.)
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 up to, not including, `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// Year, month, day.
pub type Day = (u16, u8, u8);

/// An answer of a resident.
#[derive(Clone, PartialEq)]
pub enum Answer {
    Nothing,
    Refused,
    Value(String),
}

#[derive(Clone)]
pub struct Person {
    pub name: Answer,
    pub relation: &'static str,
    pub identity: Answer,
    pub born_on: Option<Day>,
    pub phone: Answer,
    pub categories: Vec<&'static str>,
}

/// One door; `rows` are indexes of people in the order in which the book lists them, some of them twice.
pub struct DoorContent {
    pub grid: usize,
    pub building: u32,
    pub unit: u32,
    pub room: u32,
    pub occupancy: &'static str,
    pub people: Vec<Person>,
    pub rows: Vec<usize>,
}

pub struct Staff {
    pub person: Person,
    pub role: &'static str,
    pub grid: Option<usize>,
}

pub struct Ticket {
    pub on: Day,
    pub building: u32,
    pub big: bool,
    pub closed_on: Option<Day>,
}

/// The kinds of row that no reader can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    Building,
    Day,
    Phone,
    Identity,
    Everything,
}

pub struct Content {
    pub community: String,
    /// Buildings of each grid.
    pub grids: Vec<Vec<u32>>,
    pub staff: Vec<Staff>,
    pub doors: Vec<DoorContent>,
    pub tickets: Vec<Ticket>,
    pub impossible: Vec<Impossible>,
    pub truth: Truth,
}

/// What a reader has to find.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Truth {
    pub grids: u32,
    pub buildings: u32,
    pub doors: u32,
    pub residents: u32,
    pub refusals: BTreeMap<String, u32>,
    pub staff: BTreeMap<String, u32>,
    pub tickets: u32,
    pub duplicates: u32,
    pub bad_ids: u32,
    pub bad_rows: u32,
}

pub const GRID_NAMES: [&str; 9] =
    ["第一网格", "第二网格", "第三网格", "第四网格", "第五网格", "第六网格", "第七网格", "第八网格", "第九网格"];
const ROLES: [&str; 5] = ["网格长", "网格长助理", "网格员", "网格协管员", "网格联络员"];
const CATEGORIES: [&str; 6] = ["独居老人", "空巢老人", "残疾", "低保", "党员", "退役军人"];
const SURNAMES: [&str; 12] = ["王", "李", "张", "赵", "欧阳", "郭", "马", "许", "程", "丁", "于", "司徒"];
const GIVEN: [&str; 14] =
    ["淑华", "国伟", "一", "艳其", "玉娟", "志刚", "特", "万千", "雅琴", "建军", "梅", "三妹", "海涛", "永福"];
const MONGOLIAN: [&str; 10] = [
    "阿茹娜",
    "巴特尔",
    "乌仁图雅",
    "那日松",
    "苏日娜",
    "其木格·乌云",
    "包·额尔德尼",
    "斯琴高娃",
    "格根塔娜",
    "阿拉坦·图雅·其其格",
];

fn name(chance: &mut Chance) -> String {
    if chance.percent(25) {
        chance.pick(&MONGOLIAN).to_owned()
    } else {
        format!("{}{}", chance.pick(&SURNAMES), chance.pick(&GIVEN))
    }
}

/// An identity number of the region 999… that no region has; its check digit is right unless `bad`.
fn identity(born: Day, serial: u32, bad: bool) -> String {
    let body = format!("9{:05}{:04}{:02}{:02}{:03}", serial / 1000 % 100_000, born.0, born.1, born.2, serial % 1000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let right = b"10X98765432"[sum as usize % 11] as char;
    let check = match (bad, right) {
        (false, right) => right,
        (true, '0') => '7',
        (true, _) => '0',
    };
    format!("{body}{check}")
}

fn day(chance: &mut Chance, years: std::ops::Range<u16>) -> Day {
    let year = years.start + chance.below((years.end - years.start).into()) as u16;
    (year, 1 + chance.below(12) as u8, 1 + chance.below(28) as u8)
}

fn person(chance: &mut Chance, relation: &'static str, serial: u32, truth: &mut Truth) -> Person {
    let born = day(chance, 1935..2020);
    let identity = match chance.below(20) {
        0 => Answer::Refused,
        1 | 2 => Answer::Nothing,
        3 => {
            truth.bad_ids += 1;
            Answer::Value(identity(born, serial, true))
        }
        _ => Answer::Value(identity(born, serial, false)),
    };
    let phone = match chance.below(12) {
        0 => Answer::Refused,
        1 => Answer::Nothing,
        2 => Answer::Value(format!("0477{:07}", 8_000_000 + serial % 999_999)),
        _ => Answer::Value(format!("1{}{:09}", 3 + chance.below(7), chance.below(1_000_000_000))),
    };
    // Two who refuse to be named are two people, whom only other fields can tell apart.
    let named = !matches!(identity, Answer::Value(_)) || !chance.percent(2);
    let name = if named { Answer::Value(name(chance)) } else { Answer::Refused };
    for (field, refused) in [("identity", &identity), ("phone", &phone), ("name", &name)] {
        *truth.refusals.entry(field.to_owned()).or_default() += u32::from(*refused == Answer::Refused);
    }
    let categories = (0..chance.below(12).saturating_sub(9)).map(|_| chance.pick(&CATEGORIES)).collect();
    Person { name, relation, identity, born_on: Some(born), phone, categories }
}

fn door(chance: &mut Chance, serial: &mut u32, at: (usize, u32, u32, u32), truth: &mut Truth) -> DoorContent {
    let occupancy = ["自住", "自住", "自住", "出租", "人户分离", "空置"][chance.below(6)];
    let size = if occupancy == "空置" { 0 } else { 1 + chance.below(5) };
    let relations = ["户主", "配偶", "女", "子", "母亲"];
    let people: Vec<Person> = (0..size)
        .map(|index| {
            *serial += 1;
            person(chance, relations[index], *serial, truth)
        })
        .collect();
    let mut rows: Vec<usize> = (0..size).collect();
    for (index, person) in people.iter().enumerate() {
        // Whoever refused the name and the number cannot be told to be the same.
        let recognisable = matches!(person.identity, Answer::Value(_)) || person.name != Answer::Refused;
        if recognisable && chance.percent(3) {
            truth.duplicates += 1;
            let after = index + 1 + chance.below(rows.len() - index);
            rows.insert(after.min(rows.len()), index);
        }
    }
    let (grid, building, unit, room) = at;
    DoorContent { grid, building, unit, room, occupancy, people, rows }
}

/// A book of `grids` grids; the same seed, the same content.
pub fn content(seed: u64, grid_count: usize, buildings_per_grid: u32) -> Content {
    let chance = &mut Chance(seed);
    let mut truth = Truth { refusals: BTreeMap::from([("birth".to_owned(), 0)]), ..Truth::default() };
    let grids: Vec<Vec<u32>> = (0..grid_count as u32)
        .map(|grid| (1..=buildings_per_grid).map(|n| grid * buildings_per_grid + n).collect())
        .collect();
    let (mut doors, mut serial) = (Vec::new(), 0);
    for (grid, buildings) in grids.iter().enumerate() {
        for building in buildings {
            for unit in 1..=2 + chance.below(2) as u32 {
                for floor in 1..=5 {
                    doors.push(door(chance, &mut serial, (grid, *building, unit, floor * 100 + 1), &mut truth));
                }
            }
        }
    }
    let mut staff = Vec::new();
    for grid in 0..grid_count {
        for role in ROLES {
            let mut person = person(chance, "", 0, &mut Truth::default());
            person.name = Answer::Value(name(chance));
            staff.push(Staff { person, role, grid: Some(grid) });
        }
    }
    let mut supervisor = person(chance, "", 0, &mut Truth::default());
    supervisor.name = Answer::Value(name(chance));
    staff.push(Staff { person: supervisor, role: "督导员", grid: None });
    for one in &staff {
        *truth.staff.entry(one.role.to_owned()).or_default() += 1;
    }
    let tickets: Vec<Ticket> = (0..grid_count * 4)
        .map(|_| {
            let on = day(chance, 2023..2024);
            let closed_on = chance.percent(60).then_some(on);
            let building = 1 + chance.below(grid_count * buildings_per_grid as usize) as u32;
            Ticket { on, building, big: chance.percent(25), closed_on }
        })
        .collect();
    use Impossible::*;
    let mut impossible: Vec<Impossible> = vec![Building, Day, Phone, Identity, Everything];
    chance.shuffle(&mut impossible);
    impossible.truncate(chance.below(5) + 1);

    truth.grids = grids.len() as u32;
    truth.buildings = grids.iter().map(Vec::len).sum::<usize>() as u32;
    truth.doors = doors.len() as u32;
    truth.residents = doors.iter().map(|door| door.people.len()).sum::<usize>() as u32;
    truth.tickets = tickets.len() as u32;
    truth.bad_rows = impossible.len() as u32;
    let community = format!("{}社区", chance.pick(&["和顺", "安居", "乌兰", "向阳"]));
    Content { community, grids, staff, doors, tickets, impossible, truth }
}

impl Content {
    /// Every name, number and phone in the book.
    pub fn secrets(&self) -> Vec<String> {
        let staff = self.staff.iter().map(|staff| &staff.person);
        let people = self.doors.iter().flat_map(|door| &door.people).chain(staff);
        people
            .flat_map(|person| [&person.name, &person.identity, &person.phone])
            .filter_map(|answer| if let Answer::Value(value) = answer { Some(value.clone()) } else { None })
            .collect()
    }
}
