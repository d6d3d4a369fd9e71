use crate::support::line::Fault;
use crate::support::{MORNING_MS, Phone, World, building, door_at, office};
use qiaomen_client::query::DoorFilter;
use qiaomen_client::{Intent, SyncError};
use qiaomen_proto::change::{Command, Edit, Path, Scalar};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, CommandId, DocId, HouseholdId, Kind};
use qiaomen_proto::seal::{KeyBundle, open_with};
use qiaomen_proto::wire::heal::{GiveBack, PUT_AWAY_INFO};
use qiaomen_proto::wire::pull::{Directive, Outcome};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;

fn room(n: usize) -> (DocId, Vec<Edit>) {
    let room = format!("{}0{}", n / 4 + 1, n % 4 + 1);
    let text = |key: &str, value: String| Edit { path: Path::new(0, key), value: Scalar::Str(value) };
    let edits = vec![text("building", building().to_string()), text("unit", "1".into()), text("room", room.clone())];
    (door_at(&room).into(), edits)
}

fn given_docs(given: &GiveBack) -> Vec<DocId> {
    let draft = DraftBatch::read(&given.batch, 512).unwrap();
    let whole = |d: &DocRef| if let DocRef::Whole(doc) = d { *doc } else { panic!("given back in full") };
    draft.docs.iter().map(whole).collect()
}

fn doors(phone: &Phone) -> usize {
    phone.device.doors(&DoorFilter::default()).unwrap().len()
}

#[test]
fn a_first_sync_comes_in_pages_and_goes_on_where_it_broke_off() {
    let world = World::new();
    for n in 0..40 {
        world.office.borrow_mut().act(vec![room(n)]);
    }
    world.office.borrow_mut().page = 15;
    let mut li = world.phone("李");
    li.line.fault(Fault::None);
    li.line.fault(Fault::LoseReply);
    assert!(li.try_sync().is_err());
    assert_eq!(doors(&li), 15, "half a first sync is kept and can be used");
    let mut seen = Vec::new();
    let report = li.device.sync(&mut li.line, &mut |p| seen.push(p.documents), &AtomicBool::new(false)).unwrap();
    assert_eq!((report.round_trips, report.pulled), (2, 25));
    assert!(report.complete);
    assert_eq!(seen, [Some((30, 40)), Some((40, 40))]);
    assert_eq!(doors(&li), 40);
    assert_eq!(li.sync().pulled, 0);
    world.assert_same(&li);
}

#[test]
fn a_door_that_leaves_the_grid_leaves_the_device_and_comes_back_whole() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.device.edit(Intent::Note { doc: door.into(), text: "养狗".into() }).unwrap();
    li.sync();
    world.office.borrow_mut().depart(door.into());
    assert!(li.sync().complete);
    assert_eq!(doors(&li), 0);
    assert!(li.device.register(door.into()).unwrap().is_blank());
    // It comes back with everything.
    {
        let mut office = world.office.borrow_mut();
        office.members.insert(door.into());
        let commands = office.log.clone();
        for entry in commands {
            if let office::Entry::Command(command) = entry
                && command.changes.iter().any(|c| c.doc == door.into())
            {
                office.log.push(office::Entry::Command(command));
            }
        }
    }
    let report = li.sync();
    assert!(report.complete, "{report:?}");
    assert_eq!(doors(&li), 1);
    let page = serde_json::to_string(&li.device.door(door).unwrap()).unwrap();
    assert!(page.contains("养狗"), "its key came back too: {page}");
}

#[test]
fn what_left_the_device_before_a_backup_had_it_is_given_back_to_an_office_that_lost_it() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let person = li.resident(door, "王建国", "13900000001");
    li.sync();
    let ring: Vec<_> = world.office.borrow().ring.keys_of(&person.0).map(|(_, key)| key.clone()).collect();
    for doc in [DocId::from(door), person.into()] {
        world.office.borrow_mut().depart(doc);
    }
    li.sync();
    assert!(!li.device.subjects().unwrap().contains(&person.0), "nobody reads it here any more");
    world.office.borrow_mut().goes_on_from(0);
    li.sync();
    let office = world.office.borrow();
    let docs: BTreeSet<DocId> = office.given.iter().flat_map(given_docs).collect();
    assert_eq!(docs, BTreeSet::from([door.into(), person.into()]));
    let put_away: Vec<_> = office.given.iter().flat_map(|g| g.put_away.clone().unwrap_or_default()).collect();
    let key = DocId::from(person).key();
    assert_eq!(put_away.iter().map(|p| *p.doc).collect::<Vec<_>>(), [key]);
    let plain = open_with(&office.boxes, PUT_AWAY_INFO, &key, &put_away[0].keys).unwrap();
    let keys: Vec<_> = KeyBundle::decode(&plain).unwrap().keys.into_iter().map(|(_, key)| key).collect();
    assert_eq!(keys, ring, "only the office opens it");
}

#[test]
fn what_left_the_device_is_kept_no_longer_than_until_a_backup_has_it() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    world.office.borrow_mut().depart(door.into());
    li.sync();
    world.office.borrow_mut().backed_up = 9;
    li.sync();
    world.office.borrow_mut().goes_on_from(0);
    li.sync();
    assert!(world.office.borrow().given.is_empty());
}

#[test]
fn a_door_that_leaves_while_work_on_it_is_unsent_stays_until_it_is_sent() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    li.device.edit(Intent::Note { doc: door.into(), text: "走之前".into() }).unwrap();
    let mut asked = 0;
    let mut office = world.office.borrow_mut();
    office.depart(door.into());
    office.say = Some(Box::new(move |_| {
        asked += 1;
        (asked == 1).then_some((Outcome::Waiting, Code::Busy))
    }));
    drop(office);
    li.sync();
    assert_eq!((doors(&li), li.unsent()), (1, 1));
    let report = li.sync();
    assert_eq!(report.applied, 1);
    // The note made the office name it again: this small office puts what was written back into the stream.
    world.office.borrow_mut().depart(door.into());
    li.sync();
    assert_eq!(doors(&li), 0);
}

#[test]
fn what_belongs_to_another_grid_by_now_is_sent_and_leaves_and_no_key_of_it_stays() {
    let world = World::new();
    let mut li = world.ready("李");
    li.door("101");
    li.sync();
    // She is without signal while the grid is divided anew: 102 is somebody else's when she is back.
    let door = li.door("102");
    let wang = li.resident(door, "王秀英", "13800138000");
    {
        let mut office = world.office.borrow_mut();
        office.elsewhere.insert(door.into());
        let held = move |c: &Command| c.changes[0].doc == wang.into();
        office.say = Some(Box::new(move |c| held(c).then_some((Outcome::Quarantined, Code::OutOfScope))));
    }
    let report = li.sync();
    assert_eq!((report.applied, report.quarantined, report.complete), (1, 1, true));
    li.sync();
    assert_eq!(li.device.documents().unwrap(), [door_at("101").into()]);
    assert!(!li.device.subjects().unwrap().contains(&wang.0), "nobody here can open what is held there");
}

#[test]
fn a_reply_that_the_office_did_not_sign_changes_nothing() {
    let world = World::new();
    let mut li = world.ready("李");
    li.door("101");
    for fault in [Fault::ForgeReply, Fault::AlterReply, Fault::CutReply(40)] {
        li.line.fault(fault);
        assert!(matches!(li.try_sync(), Err(SyncError::NotTheOffice)));
        assert_eq!(li.unsent(), 1);
        assert_eq!(li.device.rescue_file().commands().unwrap().len(), 1);
    }
    let report = li.sync();
    assert_eq!(report.duplicate, 1);
    assert!(report.complete);
}

#[test]
fn a_batch_that_does_not_come_out_as_it_was_meant_is_fetched_again_and_loses_no_unsent_work() {
    let world = World::new();
    let mut li = world.ready("李");
    let mut wang = world.ready("王");
    let door = wang.door("101");
    wang.visit(door, "");
    wang.sync();
    li.door("202");
    world.office.borrow_mut().spoil_batches = 1;
    let report = li.sync();
    assert!(report.complete, "{report:?}");
    assert_eq!((report.applied, report.round_trips), (1, 2));
    world.assert_same(&li);
}

#[test]
fn two_sides_that_never_agree_do_not_fetch_everything_for_ever() {
    let world = World::new();
    let mut wang = world.ready("王");
    wang.door("101");
    wang.sync();
    let mut li = world.phone("李");
    world.office.borrow_mut().spoil_batches = u32::MAX;
    for _ in 0..4 {
        let report = li.sync();
        assert!(!report.complete);
        assert!(report.round_trips <= 4, "{report:?}");
    }
    world.office.borrow_mut().spoil_batches = 0;
    li.host.advance(86_400_000);
    world.office.borrow_mut().now_ms += 86_400_000;
    assert!(li.sync().complete);
    world.assert_same(&li);
}

#[test]
fn told_to_fetch_again_the_device_keeps_what_it_has_and_drops_what_is_not_its_any_more() {
    let world = World::new();
    let mut li = world.ready("李");
    li.door("101");
    li.door("102");
    li.sync();
    {
        let mut office = world.office.borrow_mut();
        office.directives.push(Directive::FetchAgain);
        // It left while the device's cursor meant nothing: nobody says so any more.
        let gone: DocId = door_at("102").into();
        office.members.remove(&gone);
        office.log.retain(|entry| match entry {
            office::Entry::Command(c) => c.changes.iter().all(|c| c.doc != gone),
            office::Entry::Departed(_) => true,
        });
    }
    li.visit(door_at("101"), "");
    let report = li.sync();
    assert!(report.complete, "{report:?}");
    assert_eq!(doors(&li), 1);
    assert_eq!(li.unsent(), 0);
}

#[test]
fn a_revoked_device_hands_in_its_unsent_work_and_is_empty_then() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    li.visit(door, "最后一次");
    {
        let mut office = world.office.borrow_mut();
        office.directives.push(Directive::Wipe);
        office.say = Some(Box::new(|_| Some((Outcome::Quarantined, Code::Revoked))));
    }
    assert!(matches!(li.try_sync(), Err(SyncError::Wiped)));
    assert_eq!(world.office.borrow().arrived.len(), 2);
    assert_eq!(doors(&li), 0);
    assert!(li.device.identity().is_none());
    drop(li.device);
    assert!(matches!(
        qiaomen_client::Device::open(li.folder.path(), crate::support::PIN, Box::new(li.host.clone())),
        Err(qiaomen_client::OpenError::NotHere)
    ));
}

#[test]
fn a_revoked_device_is_not_emptied_while_something_on_it_waits_and_does_nothing_again_meanwhile() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let note = |text: &str| Intent::Note { doc: door.into(), text: text.into() };
    let held = li.device.edit(note("留给社区看的")).unwrap();
    let builds_on_it = li.device.edit(note("接着上一条的")).unwrap();
    {
        let mut office = world.office.borrow_mut();
        office.directives.push(Directive::Wipe);
        office.say = Some(Box::new(move |c| {
            let is_held = c.stamp.command == held;
            Some(if is_held { (Outcome::Quarantined, Code::Revoked) } else { (Outcome::Waiting, Code::Predecessor) })
        }));
    }
    let report = li.sync();
    assert_eq!((report.quarantined, report.waiting, report.complete), (1, 1, false));
    assert!(li.device.identity().is_some());
    let rows = li.device.unacknowledged().unwrap();
    let waits = rows.iter().find(|r| r.state.is_unconfirmed()).unwrap();
    assert_eq!((waits.command, waits.in_full, waits.redone), (builds_on_it, true, 0), "next time the office keeps it");
}

#[test]
fn a_revoked_device_whose_store_was_copied_leaves_its_work_at_the_office_and_comes_to_its_end() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    li.visit(door, "最后一次");
    {
        let mut office = world.office.borrow_mut();
        office.directives.push(Directive::Wipe);
        office.say = Some(Box::new(|_| Some((Outcome::Quarantined, Code::Fork))));
    }
    let asked = li.line.requests.len();
    assert!(matches!(li.try_sync(), Err(SyncError::Wiped)));
    assert_eq!(li.line.requests.len() - asked, 1, "what is held as a copy's is not done again to be held once more");
}

#[test]
fn a_revoked_device_that_still_holds_work_writes_on_under_an_actor_that_has_used_nothing_up() {
    let world = World::new();
    let mut li = world.ready("李");
    let (door, other) = (li.door("101"), li.door("102"));
    li.sync();
    let note = |door: HouseholdId, text: &str| Intent::Note { doc: door.into(), text: text.into() };
    let held = li.device.edit(note(door, "留给社区看的")).unwrap();
    li.device.edit(note(other, "还在等的")).unwrap();
    let seen: Rc<RefCell<Vec<(CommandId, Actor)>>> = Rc::default();
    {
        let mut office = world.office.borrow_mut();
        office.directives.push(Directive::Wipe);
        let seen = Rc::clone(&seen);
        office.say = Some(Box::new(move |c| {
            seen.borrow_mut().push((c.stamp.command, c.changes[0].actor));
            let is_held = c.stamp.command == held;
            Some(if is_held { (Outcome::Quarantined, Code::Revoked) } else { (Outcome::Waiting, Code::Predecessor) })
        }));
    }
    let _ = li.try_sync();
    let later = li.device.edit(note(door, "后来写的")).unwrap();
    let _ = li.try_sync();
    let actor_of = |id| seen.borrow().iter().find(|(command, _)| *command == id).unwrap().1;
    assert_ne!(actor_of(held), actor_of(later), "once the held one is let in, its number is used up");
}

#[test]
fn new_reference_data_names_buildings_on_the_doors_that_are_here() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    {
        let mut office = world.office.borrow_mut();
        office.reference.version += 1;
        office.reference.buildings[0].name = "梧桐苑1号楼".into();
    }
    li.sync();
    let line = li.device.doors(&DoorFilter::default()).unwrap().remove(0);
    assert!(serde_json::to_string(&line).unwrap().contains("梧桐苑1号楼"));
    assert_eq!(line.household, door.to_string());
    assert_eq!(line.micro_grid.as_deref(), Some("第一微网格"));
    assert!(
        serde_json::to_string(&li.reopen().device.doors(&DoorFilter::default()).unwrap()).unwrap().contains("梧桐苑")
    );
}

#[test]
fn the_device_that_is_enrolled_anew_carries_its_unsent_work_over() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let visit = li.visit(door, "换机前");
    let old = li.device.identity().unwrap().device();
    li.enrol("李");
    assert_ne!(li.device.identity().unwrap().device(), old);
    assert_eq!(li.unsent(), 1);
    let report = li.sync();
    assert!(report.complete, "{report:?}");
    assert!(li.device.proof_of(visit).unwrap().is_some());
    li.visit(door, "");
    let code = world.office.borrow_mut().code_for("王");
    let refused = li.device.enrol(&mut li.line, "https://office.example", &code).unwrap_err();
    assert!(matches!(refused, qiaomen_client::EnrolError::OtherWorker));
    assert_eq!(li.sync().applied, 1);
}

#[test]
fn a_device_that_is_enrolled_anew_keeps_no_key_of_what_it_cannot_do_again() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let person = li.resident(door, "王建国", "13900000001");
    // The door is held for a person to look at, and whoever lives there waits for it.
    world.office.borrow_mut().say = Some(Box::new(|command| {
        let is_door = command.changes.iter().any(|c| c.doc.kind == Kind::Household);
        Some(if is_door { (Outcome::Quarantined, Code::OutOfScope) } else { (Outcome::Waiting, Code::Predecessor) })
    }));
    li.sync();
    assert_eq!(li.unsent(), 1);
    assert!(li.device.subjects().unwrap().contains(&person.0));
    li.enrol("李");
    assert_eq!(li.unsent(), 0, "without its door she cannot be registered again");
    assert!(!li.device.subjects().unwrap().contains(&person.0));
}

#[test]
fn an_enrolment_whose_answer_was_lost_is_asked_for_again_with_the_same_keys() {
    let world = World::new();
    let mut li = world.blank_phone("李", MORNING_MS);
    let code = world.office.borrow_mut().code_for("李");
    li.line.fault(Fault::LoseReply);
    assert!(li.device.enrol(&mut li.line, "https://office.example", &code).is_err());
    li.device.enrol(&mut li.line, "https://office.example", &code).unwrap();
    assert_eq!(world.office.borrow().devices.len(), 1);
    let wrong = li.device.enrol(&mut li.line, "https://office.example", "没有的码").unwrap_err();
    assert_eq!(wrong.sentence(), Code::EnrolCode.sentence());
}

#[test]
fn an_enrolment_that_nobody_saw_end_is_done_when_the_same_code_is_typed_again() {
    let world = World::new();
    let mut li = world.blank_phone("李", MORNING_MS);
    let code = li.line.office.borrow_mut().code_for("李");
    let enrolled = li.device.enrol(&mut li.line, "https://office.example", &code).unwrap();
    // The program died before it could say so: whoever typed the code types it again, in another spelling.
    let mut li = li.reopen();
    li.sync();
    li.door("101");
    let (asked, unsent) = (li.line.requests.len(), li.unsent());
    let again = format!(" {} ", code.replace('-', " ").to_lowercase());
    assert_eq!(li.device.enrol(&mut li.line, "https://office.example", &again).unwrap(), enrolled);
    assert_eq!((li.line.requests.len(), li.unsent()), (asked, unsent), "nothing was asked for and nothing done again");
    assert!(li.sync().complete);
}
