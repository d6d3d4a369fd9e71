use crate::support::line::Fault;
use crate::support::{Phone, World, building, door_at, worker};
use qiaomen_client::Intent;
use qiaomen_client::outbox::OutboxState;
use qiaomen_proto::change::{Command, Edit, Path, Scalar};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{CommandId, DocId, HouseholdId};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::merge::register::ChangeRecord;
use qiaomen_proto::wire::envelope::unpack;
use qiaomen_proto::wire::heal::GivenFate;
use qiaomen_proto::wire::pull::{Directive, Outcome};
use qiaomen_proto::wire::push::SyncRequest;

/// Writes a door down at the office itself.
fn the_office_writes_down(world: &World, room: &str) {
    let text = |key: &str, value: String| Edit { path: Path::new(0, key), value: Scalar::Str(value) };
    let edits = vec![text("building", building().to_string()), text("unit", "1".into()), text("room", room.into())];
    world.office.borrow_mut().act(vec![(door_at(room).into(), edits)]);
}

/// Of one door, a note of 王 that the office has and one of 李 that it does not have; 李's phone knows of neither's news.
fn two_notes(world: &World) -> (Phone, HouseholdId, CommandId, CommandId) {
    let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
    let door = wang.door("101");
    wang.sync();
    li.sync();
    let note = |text: &str| Intent::Note { doc: door.into(), text: text.into() };
    let (of_wang, of_li) = (wang.device.edit(note("王写的")).unwrap(), li.device.edit(note("李写的")).unwrap());
    wang.sync();
    (li, door, of_wang, of_li)
}

fn wrote(change: &ChangeRecord, command: CommandId) -> bool {
    change.stamp.is_some_and(|stamp| stamp.command == command)
}

fn has(world: &World, phone: &Phone, doc: DocId) {
    assert!(world.office.borrow().registers.contains_key(&doc), "the office has {doc} again");
    world.assert_same(phone);
}

#[test]
fn a_backup_of_the_new_life_does_not_let_a_device_forget_what_the_old_one_has_signed() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    world.office.borrow_mut().goes_on_from(0);
    // By its new numbers the office has come further, and has a backup of all that.
    for room in ["201", "202", "203"] {
        the_office_writes_down(&world, room);
    }
    world.office.borrow_mut().backed_up = 3;
    assert!(li.sync().complete);
    has(&world, &li, door.into());
}

#[test]
fn what_was_offered_to_a_restored_office_in_a_request_that_did_not_arrive_is_offered_again_at_once() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    world.office.borrow_mut().goes_on_from(0);
    li.line.patient = true;
    // It is told to compare, it compares, and it gives back.
    li.line.faults.extend([Fault::None, Fault::None, Fault::LoseRequest]);
    let report = li.sync();
    assert!(report.complete, "{report:?}");
    has(&world, &li, door.into());
}

#[test]
fn what_leaves_the_device_with_the_word_that_the_office_was_restored_is_given_back() {
    let world = World::new();
    let (mut li, door, of_wang, of_li) = two_notes(&world);
    // The door is somebody else's by now, and stays with 李 for what is not taken yet.
    let say = move |outcome| move |c: &Command| (c.stamp.command == of_li).then_some((outcome, Code::OutOfScope));
    world.office.borrow_mut().say = Some(Box::new(say(Outcome::Waiting)));
    li.sync();
    world.office.borrow_mut().depart(door.into());
    li.sync();
    assert!(!li.device.register(door.into()).unwrap().is_blank());
    {
        let mut office = world.office.borrow_mut();
        office.goes_on_from(1);
        office.members.remove(&door.into());
        office.elsewhere.insert(door.into());
        office.say = Some(Box::new(say(Outcome::Rejected)));
    }
    li.sync();
    assert!(li.device.register(door.into()).unwrap().is_blank(), "it left");
    assert!(world.office.borrow().commands_given().contains(&of_wang), "and the office has what it lost");
}

#[test]
fn what_was_thanked_for_beside_a_feed_that_was_not_as_it_was_meant_is_given_back_to_an_office_that_lost_it() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let note = li.device.edit(Intent::Note { doc: door.into(), text: "养狗".into() }).unwrap();
    the_office_writes_down(&world, "201");
    world.office.borrow_mut().spoil_batches = 1;
    // It is thanked, and the line breaks before everything is fetched again.
    li.line.faults.extend([Fault::None, Fault::LoseRequest]);
    assert!(li.try_sync().is_err());
    assert!(li.device.receipt(note).unwrap().is_some());
    world.office.borrow_mut().goes_on_from(1);
    assert!(li.sync().complete);
    assert!(world.office.borrow().registers[&door.into()].changes().iter().any(|c| wrote(c, note)));
    world.assert_same(&li);
}

#[test]
fn what_a_device_alone_can_give_back_outlives_the_document_that_is_fetched_again() {
    let world = World::new();
    let (mut li, door, of_wang, of_li) = two_notes(&world);
    li.sync();
    {
        let mut office = world.office.borrow_mut();
        office.goes_on_from(1);
        // 王 did hers again meanwhile, and what 李's builds on is still to come from somebody else's phone.
        office.say_of_given = Some(Box::new(move |command| {
            Some(if command == of_wang { GivenFate::Otherwise } else { GivenFate::NotYet })
        }));
    }
    li.sync();
    assert!(!li.device.register(door.into()).unwrap().changes().iter().any(|c| wrote(c, of_li)), "fetched again");
    world.office.borrow_mut().given.clear();
    world.office.borrow_mut().say_of_given = None;
    li.sync();
    let office = world.office.borrow();
    let given = office.commands_given();
    assert!(given.contains(&of_li) && !given.contains(&of_wang), "{given:?}");
    assert!(office.registers[&door.into()].changes().iter().any(|c| wrote(c, of_li)), "and it is not lost");
}

#[test]
fn what_was_kept_of_a_worker_who_has_handed_the_phone_on_is_sent_again_in_her_name_and_in_no_other() {
    let world = World::new();
    let mut phone = world.ready("李");
    let door = phone.door("101");
    phone.sync();
    let of_li = phone.visit(door, "李去的");
    let by_li = move |c: &Command| (c.stamp.command == of_li).then_some((Outcome::Quarantined, Code::OutOfScope));
    world.office.borrow_mut().say = Some(Box::new(by_li));
    assert_eq!(phone.sync().quarantined, 1);
    phone.enrol("王");
    phone.sync();
    // The office of before kept it; the one that goes on from a backup does not know of it.
    let before = world.office.borrow().arrived.len();
    world.office.borrow_mut().goes_on_from(1);
    let of_wang = phone.visit(door, "王去的");
    for _ in 0..3 {
        phone.sync();
    }
    let office = world.office.borrow();
    assert!(office.arrived.iter().skip(before).any(|(command, _)| *command == of_li), "it is sent again");
    let rows = phone.device.unacknowledged().unwrap();
    let kept: Vec<_> = rows.iter().map(|row| (row.command, row.state, row.stamp.by.worker)).collect();
    assert_eq!(kept, [(of_li, OutboxState::Quarantined, worker("李"))]);
    assert!(phone.device.proof_of(of_wang).unwrap().is_some());
}

#[test]
fn what_was_kept_of_a_worker_who_has_handed_the_phone_on_is_not_sent_without_end_where_a_copy_has_taken_its_place() {
    let world = World::new();
    let mut phone = world.ready("李");
    let door = phone.door("101");
    phone.sync();
    let of_li = phone.visit(door, "李去的");
    let held = move |c: &Command| (c.stamp.command == of_li).then_some((Outcome::Quarantined, Code::OutOfScope));
    world.office.borrow_mut().say = Some(Box::new(held));
    phone.sync();
    phone.enrol("王");
    phone.sync();
    world.office.borrow_mut().goes_on_from(1);
    // A copy of the phone was there first: what 李 did has a number that is used up.
    let mut asked = 0;
    world.office.borrow_mut().say = Some(Box::new(move |c: &Command| {
        asked += usize::from(c.stamp.command == of_li);
        assert!(asked < 10, "it is sent without end");
        (c.stamp.command == of_li).then_some((Outcome::Quarantined, Code::Fork))
    }));
    let of_wang = phone.visit(door, "王去的");
    for _ in 0..3 {
        phone.sync();
    }
    let rows = phone.device.unacknowledged().unwrap();
    let kept: Vec<_> = rows.iter().map(|row| (row.command, row.state, row.code)).collect();
    assert_eq!(kept, [(of_li, OutboxState::Quarantined, Code::Fork.number())]);
    assert!(phone.device.proof_of(of_wang).unwrap().is_some());
}

/// How many documents each request since the `first`-th compared; nothing where it compared none.
fn compared(phone: &Phone, first: usize) -> Vec<Option<usize>> {
    let said = |body: &Vec<u8>| {
        let request: SyncRequest = unpack(body, BODY_BYTES_MAX).unwrap();
        request.heads.map(|heads| heads.len())
    };
    phone.line.requests[first..].iter().map(said).collect()
}

#[test]
fn while_everything_is_fetched_again_each_document_is_compared_until_it_was_named() {
    let world = World::new();
    for n in 0..40 {
        the_office_writes_down(&world, &format!("{}0{}", n / 4 + 1, n % 4 + 1));
    }
    world.office.borrow_mut().page = 15;
    let mut li = world.phone("李");
    let first = li.line.requests.len();
    assert_eq!(li.sync().pulled, 40);
    assert_eq!(compared(&li, first), [Some(0), Some(0), Some(0)], "of a first sync the office knows it all");

    let own = li.door("1101");
    li.sync();
    let first = li.line.requests.len();
    world.office.borrow_mut().directives.push(Directive::FetchAgain);
    li.visit(own, "");
    assert!(li.sync().complete);
    assert_eq!(compared(&li, first), [None, Some(42), Some(27), Some(12)]);
    world.assert_same(&li);
}
