//! Looks at masked values: written down before they are shown, kept until the office has them, told once.

use crate::support::line::Fault;
use crate::support::{MORNING_MS, Phone, World, building, door_at, opened, worker};
use qiaomen_client::edit::resident_of;
use qiaomen_client::look::LOOK_AGAIN_MS;
use qiaomen_client::sync::{Effect, Event, Session};
use qiaomen_client::{Intent, MemoryDisk, SyncError, Transport as _};
use qiaomen_proto::change::Answer;
use qiaomen_proto::ids::{DocId, ResidentId};
use qiaomen_proto::limits::LOOKS_PER_REQUEST_MAX;
use qiaomen_proto::wire::pull::Directive;

/// A phone with a person in it, all of it at the office.
fn with_a_person() -> (World, Phone, ResidentId) {
    let world = World::new();
    let mut wang = world.ready("王");
    let door = wang.door("502");
    let person = wang.resident(door, "张三", "13837783533");
    assert!(wang.sync().complete);
    (world, wang, person)
}

fn unsent(phone: &Phone) -> u64 {
    phone.device.looks_unsent().unwrap()
}

#[test]
fn a_look_stays_until_the_office_has_it_and_only_then_is_all_of_it_there() {
    let (world, mut wang, person) = with_a_person();
    assert!(wang.device.status().unwrap().complete);
    assert!(wang.device.look_at(person.into(), &["phone", "birth"]).unwrap());
    let status = wang.device.status().unwrap();
    assert_eq!((status.looks_unsent, status.complete, status.pending), (1, false, 0));
    wang.line.fault(Fault::LoseRequest);
    wang.try_sync().unwrap_err();
    assert_eq!(unsent(&wang), 1, "nobody has it");
    let report = wang.sync();
    assert!(report.complete, "{report:?}");
    assert_eq!(unsent(&wang), 0);
    assert!(wang.device.status().unwrap().complete);
    let looks = world.office.borrow().looks.clone();
    assert_eq!(looks.len(), 1);
    assert_eq!((*looks[0].doc, looks[0].at_ms), (DocId::from(person).key(), MORNING_MS));
    assert_eq!(looks[0].fields, ["birth", "phone"]);
}

#[test]
fn a_look_whose_answer_is_lost_goes_again_and_stands_once() {
    let (world, mut wang, person) = with_a_person();
    wang.device.look_at(person.into(), &["phone"]).unwrap();
    wang.line.fault(Fault::LoseReply);
    wang.try_sync().unwrap_err();
    assert_eq!((world.office.borrow().looks.len(), unsent(&wang)), (1, 1), "it is there, and nobody here knows");
    assert!(wang.sync().complete);
    assert_eq!((world.office.borrow().looks.len(), unsent(&wang)), (1, 0));
    let requests = wang.line.requests.len();
    assert!(wang.sync().complete);
    assert_eq!(wang.line.requests.len(), requests + 1);
    assert_eq!(world.office.borrow().looks.len(), 1, "what the office has does not go again");
}

#[test]
fn the_same_look_again_within_ten_minutes_is_one_look_and_later_or_at_more_it_is_another() {
    let (world, mut wang, person) = with_a_person();
    let mut other = world.ready("李");
    assert!(wang.device.look_at(person.into(), &["phone"]).unwrap());
    world.pass_minutes(9, &[&wang, &other]);
    assert!(!wang.device.look_at(person.into(), &["phone"]).unwrap());
    wang.sync();
    assert!(!wang.device.look_at(person.into(), &["phone"]).unwrap(), "nor where the office has it by now");
    assert!(wang.device.look_at(person.into(), &["phone", "birth"]).unwrap(), "a date of birth is more");
    assert!(other.device.look_at(person.into(), &["phone"]).unwrap(), "somebody else");
    world.pass_minutes(2, &[&wang, &other]);
    assert!(wang.device.look_at(person.into(), &["phone"]).unwrap());
    const { assert!(LOOK_AGAIN_MS > 9 * 60_000 && LOOK_AGAIN_MS < 11 * 60_000) };
    wang.sync();
    let fields: Vec<_> = world.office.borrow().looks.iter().map(|look| look.fields.join(",")).collect();
    assert_eq!(fields, ["phone", "birth", "phone"]);
}

#[test]
fn whatever_fails_while_a_look_is_written_down_what_was_said_to_be_kept_is_there_after_a_kill() {
    let mut kept = 0;
    for writes in 0..8 {
        let world = World::new();
        let disk = MemoryDisk::new(&format!("look-{writes}")).unwrap();
        let (mut device, _line) = world.on(&disk);
        let unit = "1单元".into();
        device.edit(Intent::RegisterHousehold { building: building(), unit, room: "502".into() }).unwrap();
        let fields = vec![("name".to_owned(), Answer::Value("张三".to_owned()))];
        let person = resident_of(device.edit(Intent::RegisterResident { household: door_at("502"), fields }).unwrap());
        disk.fail_after(Some(writes));
        let done = device.look_at(person.into(), &["phone"]);
        drop(device);
        disk.fail_after(None);
        let device = opened(&disk);
        let there = device.looks_unsent().unwrap();
        assert!(done.is_err() || there == 1, "shown only what is durable: {writes}");
        kept += u64::from(done.is_ok());
    }
    assert!((1..8).contains(&kept), "some writes failed and some did not: {kept}");
}

#[test]
fn a_look_is_there_when_the_same_files_are_opened_again() {
    let (world, mut wang, person) = with_a_person();
    wang.device.look_at(person.into(), &["phone"]).unwrap();
    let mut wang = wang.reopen();
    assert_eq!(unsent(&wang), 1);
    assert!(wang.sync().complete);
    assert_eq!(world.office.borrow().looks.len(), 1);
}

#[test]
fn a_sync_asks_until_every_look_is_there_also_those_of_the_last_moment() {
    let (world, mut wang, person) = with_a_person();
    for n in 0..LOOKS_PER_REQUEST_MAX + 3 {
        let mut id = [9; 16];
        id[..8].copy_from_slice(&u64::try_from(n).unwrap().to_be_bytes());
        wang.device.look_at(ResidentId::from_bytes(id).into(), &["phone"]).unwrap();
    }
    let mut session = Session::default();
    let mut event = Event::Go;
    let mut requests = 0;
    while let Effect::Post { path, auth, body } = wang.device.sync_step(&mut session, event).unwrap() {
        requests += 1;
        if requests == 2 {
            // While the second request is under way.
            wang.device.look_at(person.into(), &["phone"]).unwrap();
        }
        event = Event::Answered(wang.line.post(path, Some(&auth), &body).unwrap());
    }
    assert_eq!(world.office.borrow().looks.len(), LOOKS_PER_REQUEST_MAX + 4);
    assert_eq!((requests, session.report().complete, unsent(&wang)), (3, true, 0));
}

#[test]
fn a_device_whose_access_is_taken_back_tells_its_looks_before_it_is_emptied() {
    let (world, mut wang, person) = with_a_person();
    for n in 0..LOOKS_PER_REQUEST_MAX {
        let mut id = [9; 16];
        id[..8].copy_from_slice(&u64::try_from(n).unwrap().to_be_bytes());
        wang.device.look_at(ResidentId::from_bytes(id).into(), &["phone"]).unwrap();
    }
    wang.device.look_at(person.into(), &["phone"]).unwrap();
    world.office.borrow_mut().directives = vec![Directive::Wipe];
    let office = std::rc::Rc::clone(&world.office);
    wang.line.after = Some(Box::new(move |_| office.borrow_mut().directives = vec![Directive::Wipe]));
    assert!(matches!(wang.try_sync(), Err(SyncError::Wiped)));
    assert_eq!(world.office.borrow().looks.len(), LOOKS_PER_REQUEST_MAX + 1);
}

#[test]
fn an_older_office_keeps_no_device_from_syncing_nor_from_being_emptied_and_is_told_when_it_is_newer() {
    let (world, mut wang, person) = with_a_person();
    wang.device.look_at(person.into(), &["phone"]).unwrap();
    world.office.borrow_mut().knows_looks = false;
    let requests = wang.line.requests.len();
    let report = wang.sync();
    assert_eq!((report.complete, unsent(&wang)), (false, 1), "it is not said to be there");
    assert_eq!(wang.line.requests.len(), requests + 1, "and it is not told over and over");
    world.office.borrow_mut().knows_looks = true;
    assert!(wang.sync().complete);
    world.pass_minutes(60, &[&wang]);
    wang.device.look_at(person.into(), &["phone"]).unwrap();
    world.office.borrow_mut().knows_looks = false;
    world.office.borrow_mut().directives = vec![Directive::Wipe];
    assert!(matches!(wang.try_sync(), Err(SyncError::Wiped)));
}

#[test]
fn an_office_that_comes_back_from_a_backup_is_told_again_what_the_backup_may_lack() {
    let (world, mut wang, person) = with_a_person();
    wang.device.look_at(person.into(), &["phone"]).unwrap();
    wang.sync();
    world.office.borrow_mut().looks.clear();
    world.office.borrow_mut().incarnation = [4; 16];
    wang.sync();
    let report = wang.sync();
    assert!(report.complete, "{report:?}");
    assert_eq!(world.office.borrow().looks.len(), 1);
    // A backup has it: after a while the phone forgets it, and no later life of the office hears of it again.
    let door = door_at("502");
    wang.visit(door, "");
    wang.sync();
    world.office.borrow_mut().backed_up = u64::MAX >> 1;
    world.pass_minutes(60, &[&wang]);
    wang.sync();
    world.office.borrow_mut().looks.clear();
    world.office.borrow_mut().incarnation = [5; 16];
    wang.sync();
    assert!(wang.sync().complete);
    assert!(world.office.borrow().looks.is_empty());
}

#[test]
fn looks_that_are_not_told_keep_a_device_from_becoming_somebody_else_s() {
    let (world, mut wang, person) = with_a_person();
    wang.device.look_at(person.into(), &["phone"]).unwrap();
    let code = world.office.borrow_mut().code_for("李");
    assert!(wang.device.enrol(&mut wang.line, "https://office.example", &code).is_err());
    wang.sync();
    let code = world.office.borrow_mut().code_for("李");
    wang.device.enrol(&mut wang.line, "https://office.example", &code).unwrap();
    assert_eq!(wang.device.identity().unwrap().worker(), worker("李"));
    assert!(wang.device.look_at(person.into(), &["phone"]).unwrap(), "her own first look, though his was just now");
    assert_eq!(unsent(&wang), 1);
}
