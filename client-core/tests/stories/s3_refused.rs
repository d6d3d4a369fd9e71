use crate::support::World;
use qiaomen_client::Intent;
use qiaomen_client::outbox::OutboxState;
use qiaomen_proto::change::{Answer, Command};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Actor;
use qiaomen_proto::wire::pull::{Directive, Outcome};
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn what_lay_on_a_refused_edit_is_done_again_with_its_own_id_and_time() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let wang = li.resident(door, "王秀英", "13800138000");
    li.sync();
    let refused = li.correct(wang, "phone", "13900139000");
    let later = li.correct(wang, "relation", "配偶");
    let elsewhere = li.visit(door, "");
    let before = li.device.unacknowledged().unwrap();
    world.office.borrow_mut().say =
        Some(Box::new(move |c| (c.stamp.command == refused).then_some((Outcome::Rejected, Code::RoleMayNot))));
    let report = li.sync();
    assert_eq!((report.rejected, report.applied), (1, 2));
    let rows = li.device.unacknowledged().unwrap();
    assert_eq!((rows.len(), rows[0].command, rows[0].state), (1, refused, OutboxState::Rejected));
    for command in [later, elsewhere] {
        assert!(li.device.proof_of(command).unwrap().is_some());
    }
    // The refused value is nowhere, the later one is, with its own stamp.
    world.assert_same(&li);
    let history = li.device.register(wang.into()).unwrap();
    let path = qiaomen_proto::change::Path::new(0, "relation");
    let op = &history.history(&path)[0];
    assert_eq!(history.stamp(op), Some(&before[1].stamp));
    assert_eq!(history.history(&qiaomen_proto::change::Path::new(0, "phone")).len(), 1);
    // What did not lie on it was not made anew.
    let office = world.office.borrow();
    assert_eq!(office.arrived.iter().filter(|(c, _)| *c == elsewhere).count(), 1);
    assert_eq!(office.arrived.iter().filter(|(c, _)| *c == later).count(), 2);
}

#[test]
fn what_cannot_be_done_without_the_refused_edit_is_sent_back_in_its_own_words() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.device
        .edit(Intent::CorrectHousehold { household: door, field: "use".into(), answer: Answer::Value("自住".into()) })
        .unwrap();
    li.visit(door, "敲门没人应");
    world.office.borrow_mut().say = Some(Box::new(|c| {
        c.changes
            .iter()
            .any(|c| c.doc == crate::support::door_at("101").into())
            .then_some((Outcome::Rejected, Code::UnknownBuilding))
    }));
    let report = li.sync();
    let rows = li.device.unacknowledged().unwrap();
    // The visit stands in the diary and builds on nothing refused: the office took it.
    assert_eq!((report.applied, report.rejected, rows.len()), (1, 2, 2));
    assert_eq!(rows[0].sentence(), Some(Code::UnknownBuilding.into()));
    assert!(rows.iter().all(|r| r.state == OutboxState::Rejected));
    assert!(li.device.doors(&qiaomen_client::query::DoorFilter::default()).unwrap().is_empty());
    assert_eq!(li.device.rescue_file().commands().unwrap().len(), 2, "it stays rescued until a person discards it");
}

#[test]
fn what_was_sent_back_without_its_ground_says_so() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let first = li.device.unacknowledged().unwrap()[0].command;
    li.device.edit(Intent::Note { doc: door.into(), text: "门铃坏了".into() }).unwrap();
    world.office.borrow_mut().say = Some(Box::new(move |c| {
        if c.stamp.command == first {
            Some((Outcome::Rejected, Code::UnknownBuilding))
        } else {
            Some((Outcome::Waiting, Code::Predecessor))
        }
    }));
    li.sync();
    let rows = li.device.unacknowledged().unwrap();
    assert_eq!(rows[1].state, OutboxState::Rejected);
    assert_eq!(rows[1].sentence().unwrap(), "这台设备上没有这一户。请先同步；仍没有请联系社区。");
}

#[test]
fn a_key_that_a_refused_command_made_travels_with_the_next_that_needs_it() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let refused = li.device.edit(Intent::Note { doc: door.into(), text: "第一条".into() }).unwrap();
    world.office.borrow_mut().say =
        Some(Box::new(move |c| (c.stamp.command == refused).then_some((Outcome::Rejected, Code::ValueBounds))));
    // An office that forgets keys of what it refuses.
    li.sync();
    world.office.borrow_mut().ring.remove_subject(&door.0);
    li.device.edit(Intent::Note { doc: door.into(), text: "第二条".into() }).unwrap();
    assert_eq!(li.sync().applied, 1);
    let office = world.office.borrow();
    let view = qiaomen_proto::entity::view::View::new(&office.registers[&door.into()], &office.ring);
    let notes = view.notes(qiaomen_proto::entity::household::NOTES);
    assert_eq!(notes[0].1.text(), Some("第二条"));
}

#[test]
fn what_the_office_keeps_for_a_look_leaves_the_overlay_and_comes_back_when_it_is_released() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let doubtful = li.visit(door, "");
    let held = Rc::new(RefCell::new(None));
    let keep = Rc::clone(&held);
    world.office.borrow_mut().say = Some(Box::new(move |c| {
        *keep.borrow_mut() = Some(c.clone());
        Some((Outcome::Quarantined, Code::OutOfScope))
    }));
    let report = li.sync();
    assert_eq!(report.quarantined, 1);
    assert!(report.complete, "nothing is left to send, and both sides agree");
    let rows = li.device.unacknowledged().unwrap();
    assert_eq!((rows[0].command, rows[0].state), (doubtful, OutboxState::Quarantined));
    let command = held.borrow_mut().take().unwrap();
    let diary = command.changes[0].doc;
    assert!(li.device.register(diary).unwrap().is_blank());
    {
        let mut office = world.office.borrow_mut();
        office.say = None;
        office.release(command);
    }
    assert!(li.sync().complete);
    assert!(li.device.unacknowledged().unwrap().is_empty());
    assert!(!li.device.register(diary).unwrap().is_blank());
    world.assert_same(&li);
}

#[test]
fn an_unsigned_receipt_thanks_for_nothing() {
    let world = World::new();
    let mut li = world.ready("李");
    li.door("101");
    world.office.borrow_mut().forge_receipt = true;
    assert!(matches!(li.try_sync(), Err(qiaomen_client::SyncError::ReadReply("receipt"))));
    assert_eq!(li.unsent(), 1);
    world.office.borrow_mut().forge_receipt = false;
    assert_eq!(li.sync().duplicate, 1);
}

#[test]
fn an_edit_made_while_a_request_is_under_way_is_not_taken_for_sent() {
    use qiaomen_client::Transport as _;
    use qiaomen_client::sync::{Effect, Event, Session};
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let mut session = Session::default();
    let Effect::Post { path, auth, body } = li.device.sync_step(&mut session, Event::Go).unwrap() else { panic!() };
    let meanwhile = li.visit(door, "趁着在传");
    let reply = li.line.post(path, Some(&auth), &body).unwrap();
    let next = li.device.sync_step(&mut session, Event::Answered(reply)).unwrap();
    let rows = li.device.unacknowledged().unwrap();
    assert_eq!((rows.len(), rows[0].command), (1, meanwhile));
    let Effect::Post { path, auth, body } = next else { panic!("there is more to send") };
    let reply = li.line.post(path, Some(&auth), &body).unwrap();
    assert!(matches!(li.device.sync_step(&mut session, Event::Answered(reply)).unwrap(), Effect::Done));
    assert!(session.report().complete);
    world.assert_same(&li);
}

#[test]
fn a_door_that_leaves_does_not_stay_for_a_refused_command_and_the_command_keeps_its_words() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let wang = li.resident(door, "王秀英", "13800138000");
    li.sync();
    let refused = li.correct(wang, "phone", "13900139000");
    world.office.borrow_mut().say = Some(Box::new(|_| Some((Outcome::Rejected, Code::RoleMayNot))));
    li.sync();
    for doc in [door.into(), wang.into()] {
        world.office.borrow_mut().depart(doc);
    }
    assert!(li.sync().complete);
    assert!(li.device.documents().unwrap().is_empty(), "both are somebody else's");
    let lines = li.device.outbox().unwrap();
    assert_eq!((lines.len(), &lines[0].command), (1, &refused.to_string()));
    assert_eq!(lines[0].said.sentence, "1号楼1单元101 王秀英：改联系电话");
}

#[test]
fn what_is_in_the_book_already_in_another_form_is_let_go_of_and_stands_once() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let visit = li.visit(door, "在复制出的手机上也有这一条");
    let seen = Rc::new(RefCell::new(None));
    let keep = Rc::clone(&seen);
    world.office.borrow_mut().say = Some(Box::new(move |c| {
        *keep.borrow_mut() = Some(c.clone());
        Some((Outcome::Waiting, Code::Predecessor))
    }));
    li.sync();
    {
        // A copy of this phone has done it again under an actor of its own, and the office has taken that.
        let mut copied: Command = seen.borrow_mut().take().unwrap();
        copied.changes[0].actor = Actor([77; 16]);
        let mut office = world.office.borrow_mut();
        office.release(copied);
        office.say = Some(Box::new(|_| Some((Outcome::Rejected, Code::TakenBefore))));
    }
    let report = li.sync();
    assert_eq!((report.duplicate, report.rejected, report.complete), (1, 0, true));
    assert!(li.device.unacknowledged().unwrap().is_empty(), "{visit} waits for nobody");
    assert_eq!(li.device.today().unwrap().done.entries.len(), 1);
    world.assert_same(&li);
}

#[test]
fn a_command_that_came_down_before_its_receipt_is_not_done_again() {
    let world = World::new();
    let (mut wang, mut li) = (world.ready("王"), world.ready("李"));
    let door = wang.door("101");
    wang.sync();
    li.sync();
    wang.door("102");
    wang.door("103");
    wang.sync();
    let visit = li.visit(door, "");
    let seen = Rc::new(RefCell::new(None));
    {
        let mut office = world.office.borrow_mut();
        office.page = 1;
        let keep = Rc::clone(&seen);
        office.say = Some(Box::new(move |c| {
            *keep.borrow_mut() = Some(c.clone());
            Some((Outcome::Waiting, Code::Predecessor))
        }));
    }
    let office = Rc::clone(&world.office);
    li.line.after = Some(Box::new(move |_| {
        if let Some(command) = seen.borrow_mut().take() {
            // Somebody lets it in while this sync goes on; it comes down with the last page.
            office.borrow_mut().release(command);
        } else {
            office.borrow_mut().directives.push(Directive::RenewActor);
        }
    }));
    let report = li.sync();
    assert_eq!((report.round_trips, report.rejected, report.complete), (3, 0, true));
    assert!(li.device.unacknowledged().unwrap().is_empty(), "{visit} is in the book");
    assert_eq!(li.device.today().unwrap().done.entries.len(), 1);
    world.assert_same(&li);
}
