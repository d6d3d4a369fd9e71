//! One day in a small invented community: 王芳 and 李强 knock on the same doors, a clerk decides one
//! conflict and takes another decision back, the office refuses one thing.

use super::support::line::Line;
use super::support::office::{grid, worker};
use super::support::{Phone, World, building, door_at};
use crate::args::{Cli, command};
use clap::FromArgMatches as _;
use qiaomen_client::Intent;
use qiaomen_proto::change::{Answer, Path};
use qiaomen_proto::ids::{Kind, ResidentId};
use qiaomen_proto::merge::decision::{Decisions, decide, undo};
use qiaomen_proto::merge::reading::Reader;
use qiaomen_proto::reference::WORKER_NAME_FIELD;
use qiaomen_proto::seal::{KeyRing, SubjectKey};

pub(super) const HOUR: u64 = 60;

/// The world after the day, and 王芳's phone.
pub(super) struct Day {
    pub(super) world: World,
    pub(super) wang: Phone,
    pub(super) li: Phone,
}

/// The staff have names, and their keys travel.
fn name_staff(world: &World, names: &[&str]) {
    let mut office = world.office.borrow_mut();
    for name in names {
        let id = worker(name).0;
        let key = SubjectKey::from_bytes(*blake3::hash(name.as_bytes()).as_bytes());
        let sealed = key.seal(&id, WORKER_NAME_FIELD, name.as_bytes());
        for info in office.reference.workers.iter_mut().filter(|w| *w.id == *id.as_bytes()) {
            info.name = sealed.clone();
        }
        office.reference.version += 1;
        office.ring.insert(id, key);
    }
}

/// Types a command line on a phone.
pub(super) fn typed(phone: &mut Phone, line: &[&str]) -> Result<crate::answer::Answer, crate::failure::Failure> {
    let matches = command().try_get_matches_from(["qiaomen-field"].iter().chain(line)).unwrap();
    let cli = Cli::from_arg_matches(&matches).unwrap();
    // Nobody types two lines within a second.
    phone.host.advance(1_000);
    crate::run::on(&mut phone.device, &cli.command, true)
}

/// The answer as a program reads it.
pub(super) fn json(answer: &crate::answer::Answer) -> serde_json::Value {
    serde_json::from_str(&answer.json).unwrap()
}

fn done(phone: &mut Phone, line: &[&str]) -> crate::answer::Answer {
    typed(phone, line).unwrap_or_else(|f| panic!("{line:?}: {}", f.to_text()))
}

fn resident_in(answer: &crate::answer::Answer) -> ResidentId {
    json(answer)["resident"].as_str().unwrap().parse().unwrap()
}

/// The clerk takes the value of the candidate at this place in their order, or gives the decision back.
fn clerk_decides(world: &World, resident: ResidentId, field: &str, take: usize) {
    let doc = resident.into();
    let path = Path::new(0, field);
    let register = world.office.borrow().registers[&doc].clone();
    let ring = KeyRing::new();
    let (_, reading) = Reader::new(&register, &ring).at(&path).unwrap();
    let seen: Vec<_> = reading.candidates.iter().map(|c| c.op).collect();
    let chosen = &reading.candidates[take];
    let edits = decide(&register, &path, &seen, &[chosen.op], chosen.value.clone());
    world.office.borrow_mut().act(vec![(doc, edits)]);
}

fn clerk_takes_back(world: &World, resident: ResidentId, field: &str) {
    let doc = resident.into();
    let register = world.office.borrow().registers[&doc].clone();
    let decisions = Decisions::read(&register);
    let last = (*decisions.at(&Path::new(0, field)).last().unwrap()).clone();
    let edits = undo(&register, &last);
    world.office.borrow_mut().act(vec![(doc, edits)]);
}

/// The whole day.
pub(super) fn day() -> Day {
    let world = World::new();
    let mut wang = world.phone("王芳");
    let mut li = world.phone("李强");
    name_staff(&world, &["王芳", "李强"]);
    for phone in [&mut wang, &mut li] {
        assert!(phone.sync().complete);
    }
    morning(&mut wang);
    let jianguo = {
        let answer = done(
            &mut wang,
            &[
                "resident",
                "add",
                "--door",
                "1-1-101",
                "--name",
                "王建国",
                "--relation",
                "户主",
                "--phone",
                "138-3778-3533",
                "--identity",
                "保密",
                "--birth",
                "1950.3.10",
                "--categories",
                "空巢老人",
                "--unknown",
                "工作单位",
            ],
        );
        resident_in(&answer)
    };
    done(&mut wang, &["household", "occupy", "1-1-101", "--kind", "自住", "--head", "王建国", "--since", "2019-03-01"]);
    done(&mut wang, &["resident", "add", "--door", "1-1-101", "--name", "单秀兰", "--relation", "配偶"]);
    done(&mut wang, &["resident", "add", "--door", "1-1-202", "--name", "其其格", "--relation", "户主"]);
    let leak = done(
        &mut wang,
        &["ticket", "report", "--category", "管道", "--door", "1-1-101", "--reporter", "王建国", "厨房下水道漏水"],
    );
    let leak = json(&leak)["ticket"].as_str().unwrap().to_owned();
    for phone in [&mut wang, &mut li] {
        assert!(phone.sync().complete);
    }
    world.pass_minutes(HOUR, &[&wang, &li]);
    two_phone_numbers(&world, &mut wang, &mut li, jianguo);
    the_leak(&world, &mut wang, &mut li, &leak);
    afternoon(&world, &mut wang, &mut li);
    Day { world, wang, li }
}

fn morning(wang: &mut Phone) {
    for room in ["101", "202", "1001", "底商3"] {
        done(wang, &["household", "add", "--building", "1号楼", "--unit", "1", "--room", room]);
    }
    done(wang, &["household", "correct", "1-1-101", "居住情况", "自住"]);
    done(wang, &["household", "refuse", "1-1-1001", "--people", "2"]);
    done(wang, &["household", "note", "1-1-101", "家里有狗，先打电话"]);
    done(wang, &["visit", "1-1-101", "--outcome", "见到", "--note", "老人一切都好"]);
    done(wang, &["visit", "1-1-202", "--outcome", "not-home"]);
}

/// Each writes another phone number without knowing of the other; the clerk takes one, and it is undone;
/// of another field a decision stands.
fn two_phone_numbers(world: &World, wang: &mut Phone, li: &mut Phone, jianguo: ResidentId) {
    done(wang, &["resident", "correct", "王建国", "电话", "13909990001"]);
    done(wang, &["resident", "correct", "王建国", "户籍情况", "常住"]);
    world.pass_minutes(5, &[wang, li]);
    done(li, &["resident", "correct", "王建国", "电话", "13909990002"]);
    done(li, &["resident", "correct", "王建国", "户籍情况", "流动"]);
    wang.sync();
    li.sync();
    assert!(wang.sync().complete);
    world.pass_minutes(5, &[wang, li]);
    clerk_decides(world, jianguo, "residency", 0);
    clerk_decides(world, jianguo, "phone", 1);
    world.pass_minutes(5, &[wang, li]);
    clerk_takes_back(world, jianguo, "phone");
    for phone in [&mut *wang, &mut *li] {
        assert!(phone.sync().complete);
    }
}

fn the_leak(world: &World, wang: &mut Phone, li: &mut Phone, leak: &str) {
    done(wang, &["ticket", "advance", leak, "办理", "--note", "已联系物业"]);
    world.pass_minutes(HOUR, &[wang, li]);
    done(wang, &["ticket", "advance", leak, "feedback", "--note", "已告知住户"]);
    done(wang, &["ticket", "note", leak, "住户白天不在家"]);
    assert!(wang.sync().complete);
}

/// What is not at the office in the evening: one thing it refused, one that it keeps, two to be sent.
fn afternoon(world: &World, wang: &mut Phone, li: &mut Phone) {
    world.pass_minutes(HOUR, &[wang, li]);
    let qiqige = wang.device.find_resident("其其格").unwrap();
    let qiqige = match qiqige {
        qiaomen_client::query::Found::One(choice) => ResidentId(choice.id),
        other => panic!("{other:?}"),
    };
    let answer = Answer::Value("13700000000".to_owned());
    wang.device.edit(Intent::CorrectResident { resident: qiqige, field: "phone".into(), answer }).unwrap();
    wang.host.advance(1_000);
    wang.device.edit(Intent::RegisterHousehold { building: building(), unit: "1".into(), room: "999".into() }).unwrap();
    world.office.borrow_mut().say = Some(Box::new(|command| {
        use qiaomen_proto::error::Code;
        use qiaomen_proto::wire::pull::Outcome;
        let refused = door_at("999");
        match command.changes[0].doc {
            doc if doc == refused.into() => Some((Outcome::Quarantined, Code::OutOfScope)),
            doc if doc.kind == Kind::Resident => Some((Outcome::Rejected, Code::ValueForm)),
            _ => None,
        }
    }));
    let report = wang.sync();
    assert_eq!((report.rejected, report.quarantined), (1, 1), "{report:?}");
    world.office.borrow_mut().say = None;
    done(wang, &["call", "1-1-202", "--outcome", "没人"]);
    done(wang, &["patrol", "--building", "1号楼", "--outcome", "found", "--note", "二层堆了杂物"]);
    done(
        wang,
        &[
            "ticket",
            "report",
            "--category",
            "安全隐患",
            "--size",
            "大事",
            "--building",
            "1号楼",
            "--source",
            "巡查",
            "二层楼道堆杂物",
        ],
    );
    assert!(grid().to_string().len() == 36 && Line::to(&world.office).faults.is_empty());
}
