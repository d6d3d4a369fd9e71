//! Makes the files of `tests/data/v1`: an office and one phone as the first frozen release writes them. It was
//! run once, with that release; it is kept so that everybody can see what is in them. Run again it writes what
//! today's code would write, which is something else: those files would belong into a folder of their own.
//!
//! Everybody in them is invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a maker stops where it fails")]
#![allow(clippy::print_stdout, reason = "a binary")]

/// An office and phones in one process.
mod world;

use qiaomen_client::query::DoorFilter;
use qiaomen_client::{Device, Intent};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{BuildingId, DocId, HouseholdId, ResidentId};
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_proto::person::Phone;
use qiaomen_server::ledger::book::{Book, DoorRow, GridRow, Origin, PersonRow, StaffRow, Told};
use qiaomen_server::ledger::import::{plan_import, run_import};
use qiaomen_server::office::Office;
use qiaomen_server::people::enrol::enrol_code;
use qiaomen_server::review::{Choice, decide, list_conflicts, undo};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use world::{PIN, Straight, Time, seen, syncs};

/// 2026-03-02, nine o'clock in Beijing.
const MORNING_MS: u64 = 1_772_413_200_000;
const COMMUNITY: &str = "和顺社区";
/// The worker whose phone is kept.
const WANG: &str = "王守正";
/// Another worker of the same grid.
const LI: &str = "李守常";

fn main() {
    let to: PathBuf = std::env::args().nth(1).expect("make-v1 FOLDER").into();
    assert!(!to.exists(), "{} is there already", to.display());
    let work = tempfile::tempdir().unwrap();
    let time = Time::at(MORNING_MS);
    let (data, home) = (work.path().join("office"), work.path().join("home"));
    let office = Office::init(&data, COMMUNITY, "150782001001", Arc::new(time.clone())).unwrap();
    let plan = office.store().read(|tx| plan_import(&office, tx, &book())).unwrap();
    run_import(&office, plan, &mut |_, _| {}).unwrap();
    time.passes(10);
    let mut wang = enrolled(&office, &home, WANG, &time);
    let mut li = enrolled(&office, &work.path().join("li"), LI, &time);
    let doors: Vec<HouseholdId> =
        wang.doors(&DoorFilter::default()).unwrap().iter().map(|d| d.household.parse().unwrap()).collect();
    let people = |device: &Device, door: usize| -> Vec<ResidentId> {
        device.door(doors[door]).unwrap().people.iter().map(|p| p.resident.parse().unwrap()).collect()
    };
    let (first, second) = (people(&wang, 0)[0], people(&wang, 1)[0]);

    // Three things are told differently.
    for (device, number, usage) in [(&mut wang, "19900000011", "出租"), (&mut li, "19900000012", "空置")] {
        time.passes(5);
        for resident in [first, second] {
            device.edit(correct(resident, "phone", number)).unwrap();
        }
        let answer = Answer::Value(usage.to_owned());
        device.edit(Intent::CorrectHousehold { household: doors[2], field: "use".to_owned(), answer }).unwrap();
    }
    wang.edit(visit(doors[0], "老人身体还好")).unwrap();
    li.edit(Intent::Note { doc: DocId::from(doors[0]), text: "家里有狗,先打电话".to_owned() }).unwrap();
    li.edit(ticket(doors[1], "楼道灯不亮")).unwrap();
    // And one lies in somebody else's grid.
    let elsewhere = BuildingId::of(office.identity().id, "2号楼");
    li.edit(Intent::RegisterHousehold { building: elsewhere, unit: "1".to_owned(), room: "909".to_owned() }).unwrap();
    for device in [&mut wang, &mut li] {
        time.passes(60);
        syncs(device, &office);
    }
    syncs(&mut wang, &office);
    // One stays open, one is decided, one is decided and taken back.
    let clerk = office.own_worker();
    for conflict in list_conflicts(&office, Some("open")).unwrap() {
        time.passes(5);
        if conflict.document_id == second.to_string() || conflict.field == "use" {
            decide(&office, conflict.id, Choice::Take("A".to_owned()), None, clerk).unwrap();
        }
        if conflict.field == "use" {
            undo(&office, conflict.id, clerk).unwrap();
        }
    }
    syncs(&mut wang, &office);
    // What she does after that has not reached the office.
    time.passes(120);
    wang.edit(visit(doors[1], "约好周五再来")).unwrap();
    wang.edit(correct(first, "phone", "19900000013")).unwrap();
    let fields = vec![("name".to_owned(), Answer::Value("郑守拙".to_owned())), ("phone".to_owned(), Answer::Refused)];
    wang.edit(Intent::RegisterResident { household: doors[2], fields }).unwrap();
    wang.edit(ticket(doors[0], "井盖松动")).unwrap();

    fs::create_dir_all(to.join("home")).unwrap();
    let mut seen = seen(&office, &wang);
    seen["now_ms"] = time.now_ms().into();
    fs::write(to.join("seen.json"), format!("{seen:#}\n")).unwrap();
    drop((wang, li, office));
    keep(&data, &home, &to);
}

/// The office's database is compressed: most of it is empty pages. A phone's cannot be: it is encrypted.
fn keep(data: &Path, home: &Path, to: &Path) {
    for log in [data.join("office.db-wal"), home.join("field.db-wal")] {
        assert!(!log.exists() || fs::metadata(&log).unwrap().len() == 0, "{} was not brought home", log.display());
    }
    let database = fs::read(data.join("office.db")).unwrap();
    fs::write(to.join("office.db.zst"), zstd::bulk::compress(&database, 19).unwrap()).unwrap();
    fs::copy(data.join("community.key"), to.join("community.key")).unwrap();
    for name in ["field.db", "keystore.json", "key.check", "rescue.qmr"] {
        let bytes = fs::copy(home.join(name), to.join("home").join(name)).unwrap();
        println!("{name}: {bytes} bytes");
    }
}

fn enrolled(office: &Office, home: &Path, worker: &str, time: &Time) -> Device {
    let code = enrol_code(office, worker, None, office.own_worker()).unwrap();
    let mut device = Device::create(home, PIN, Box::new(time.clone())).unwrap();
    device.enrol(&mut Straight(office.clone()), "http://127.0.0.1:8420", &code.code.to_string()).unwrap();
    syncs(&mut device, office);
    device
}

fn correct(resident: ResidentId, field: &str, value: &str) -> Intent {
    Intent::CorrectResident { resident, field: field.to_owned(), answer: Answer::Value(value.to_owned()) }
}
fn visit(household: HouseholdId, note: &str) -> Intent {
    Intent::Visit { household, outcome: Outcome::Met, note: Some(note.to_owned()) }
}
fn ticket(household: HouseholdId, text: &str) -> Intent {
    Intent::ReportTicket {
        category: "路灯损坏".to_owned(),
        size: "小事".to_owned(),
        source: "走访".to_owned(),
        household: Some(household),
        building: None,
        unit: None,
        text: text.to_owned(),
        reporter: None,
    }
}

/// Two grids with one building each, four doors, five people, two workers.
fn book() -> Book {
    let grid = |name: &str, building: &str| GridRow {
        origin: Origin::default(),
        name: name.to_owned(),
        grid_type: Some("志愿型".to_owned()),
        buildings: vec![building.to_owned()],
        micro_grids: Vec::new(),
        quota: None,
        note: None,
    };
    let worker = |name: &str| StaffRow {
        origin: Origin::default(),
        name: name.to_owned(),
        sex: None,
        born_on: None,
        role: "网格员".to_owned(),
        grid: Some("第一网格".to_owned()),
        phone: None,
        department: None,
        appointed_on: None,
    };
    let person = |name: &str, phone: &str, categories: &[&str]| PersonRow {
        origin: Origin::default(),
        name: Told::Value(name.to_owned()),
        relation: None,
        identity: Told::Refused,
        born_on: Told::Nothing,
        phone: Told::Value(Phone::parse(phone).unwrap()),
        categories: categories.iter().map(|c| (*c).to_owned()).collect(),
        note: None,
    };
    let door = |grid: &str, building: &str, room: &str, people: Vec<PersonRow>| DoorRow {
        origin: Origin::default(),
        grid: grid.to_owned(),
        building: building.to_owned(),
        unit: UnitKey::parse("1").unwrap(),
        room: RoomKey::parse(room).unwrap(),
        occupancy: Some("自住".to_owned()),
        note: None,
        people,
    };
    let here = |room: &str, people| door("第一网格", "1号楼", room, people);
    Book {
        community: Some(COMMUNITY.to_owned()),
        grids: vec![grid("第一网格", "1号楼"), grid("第二网格", "2号楼")],
        staff: vec![worker(WANG), worker(LI)],
        doors: vec![
            here("101", vec![person("赵守愚", "19900000001", &["独居老人"]), person("钱守朴", "19900000002", &[])]),
            here("102", vec![person("孙守默", "19900000003", &[])]),
            here("201", vec![person("周守静", "19900000004", &[])]),
            door("第二网格", "2号楼", "101", vec![person("吴守白", "19900000005", &[])]),
        ],
        ..Book::default()
    }
}
