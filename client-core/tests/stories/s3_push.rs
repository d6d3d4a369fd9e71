use crate::support::line::Fault;
use crate::support::{World, door_at};
use qiaomen_client::outbox::OutboxState;
use qiaomen_client::{Intent, SyncError};
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::pull::Outcome;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn what_li_wrote_arrives_and_is_thanked_for() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let visit = li.visit(door, "老人身体很好");
    assert_eq!(li.unsent(), 2);
    let report = li.sync();
    assert_eq!((report.pushed, report.applied, report.round_trips), (2, 2, 1));
    assert!(report.complete);
    assert_eq!(report.digest, report.office_digest);
    assert_eq!(li.unsent(), 0);
    world.assert_same(&li);
    let proof = li.device.proof_of(visit).unwrap().unwrap();
    let identity = li.device.identity().unwrap();
    assert!(proof.holds(identity.device(), &identity.office_key()));
    assert_eq!(door, door_at("101"));
}

#[test]
fn a_reply_that_was_lost_makes_no_second_visit() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.visit(door, "");
    li.line.fault(Fault::LoseReply);
    assert!(matches!(li.try_sync(), Err(SyncError::Reach(_))));
    assert_eq!(li.unsent(), 2);
    let report = li.sync();
    assert_eq!((report.applied, report.duplicate), (0, 2));
    assert!(report.complete);
    world.assert_same(&li);
}

#[test]
fn a_patient_line_is_tried_again_with_growing_waits() {
    let world = World::new();
    let mut li = world.ready("李");
    li.door("101");
    li.line.patient = true;
    li.line.fault(Fault::LoseRequest);
    li.line.fault(Fault::LoseReply);
    assert!(li.sync().complete);
    assert!(li.line.waited_ms >= 250);
    li.door("102");
    li.line.fault(Fault::Busy(2));
    assert!(li.sync().complete);
    // A minute is more than anybody waits in front of a phone.
    li.door("103");
    li.line.fault(Fault::Busy(60));
    let Err(SyncError::Busy { wait, .. }) = li.try_sync() else { panic!() };
    assert_eq!(wait.as_secs(), 60);
    assert_eq!(li.unsent(), 1);
}

#[test]
fn a_device_that_is_told_to_slow_down_waits_goes_on_and_loses_nothing() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.visit(door, "");
    li.line.patient = true;
    li.line.fault(Fault::TooOften(1));
    let report = li.sync();
    assert_eq!((report.complete, report.applied, li.line.waited_ms), (true, 2, 1_000));
    // Where nobody waits, the person is told so in words, and everything is still there.
    li.line.patient = false;
    let visit = li.visit(door, "");
    li.line.fault(Fault::TooOften(1));
    let refused = li.try_sync().unwrap_err();
    assert_eq!((refused.sentence().text(), refused.retry_helps()), (Code::TooOften.sentence(), true));
    assert_eq!(li.unsent(), 1);
    assert!(li.sync().complete && li.device.proof_of(visit).unwrap().is_some());
    world.assert_same(&li);
}

#[test]
fn an_office_with_another_version_of_the_policies_takes_everything_and_the_person_is_told_what_to_do() {
    let world = World::new();
    let mut li = world.ready("李");
    for (office, room) in [(POLICY_VERSION + 1, "101"), (POLICY_VERSION, "102")] {
        world.office.borrow_mut().policy_version = office;
        li.door(room);
        assert!(li.sync().complete, "work comes and goes as ever");
        let says = li.device.status().unwrap().policy_differs;
        let told = says.as_ref().is_some_and(|says| says.text().ends_with("请更新本机程序。"));
        assert_eq!((told, says.is_some()), (office > POLICY_VERSION, office > POLICY_VERSION), "{says:?}");
    }
}

#[test]
fn what_the_office_has_no_room_to_hold_stays_on_the_device_with_the_reason_and_goes_later() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let held = li.visit(door, "");
    // In another document: what builds on it has to wait with it.
    let honest = li.device.edit(Intent::Note { doc: door.into(), text: "门铃坏了".into() }).unwrap();
    let full = Rc::new(Cell::new(true));
    let says = Rc::clone(&full);
    world.office.borrow_mut().say =
        Some(Box::new(move |c| (c.stamp.command == held && says.get()).then_some((Outcome::Waiting, Code::HeldFull))));
    let report = li.sync();
    assert_eq!((report.waiting, report.complete), (1, false), "{report:?}");
    assert!(li.device.proof_of(honest).unwrap().is_some(), "what comes behind it is not held up");
    let line = li.device.outbox().unwrap().remove(0);
    assert_eq!((line.state, line.code), (OutboxState::Waiting, Some("held_full")));
    assert!(line.why.is_some_and(|why| why.text().contains("没有丢")) && line.what_to_do.text().contains("会自动再送"));
    full.set(false);
    assert!(li.sync().complete && li.device.proof_of(held).unwrap().is_some());
    world.assert_same(&li);
}

#[test]
fn more_commands_than_one_request_holds_go_in_several_and_the_feed_comes_with_the_last() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    for _ in 0..600 {
        li.visit(door, "");
    }
    let report = li.sync();
    assert_eq!((report.pushed, report.applied, report.round_trips), (601, 601, 2));
    assert!(report.complete);
    world.assert_same(&li);
}

#[test]
fn an_interrupt_keeps_what_was_confirmed_and_the_rest_goes_next_time() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    for _ in 0..600 {
        li.visit(door, "");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    li.line.after = Some(Box::new(move |_| stopped.store(true, Ordering::Relaxed)));
    let report = li.device.sync(&mut li.line, &mut |_| {}, &stop).unwrap();
    assert_eq!((report.applied, report.round_trips), (512, 1));
    assert!(!report.complete);
    assert_eq!(li.unsent(), 89);
    li.line.after = None;
    assert!(li.sync().complete);
    world.assert_same(&li);
}

#[test]
fn what_the_office_cannot_rebuild_is_sent_in_full_in_the_same_sync() {
    let world = World::new();
    let mut li = world.ready("李");
    li.door("101");
    let mut asked = 0;
    world.office.borrow_mut().say = Some(Box::new(move |_| {
        asked += 1;
        (asked == 1).then_some((Outcome::SendInFull, Code::CheckFailed))
    }));
    let report = li.sync();
    assert_eq!((report.applied, report.round_trips), (1, 2));
    assert!(report.complete);
    let arrived: Vec<bool> = world.office.borrow().arrived.iter().map(|(_, in_full)| *in_full).collect();
    assert_eq!(arrived, [false, true]);
}

#[test]
fn a_waiting_command_stays_and_blocks_nothing_behind_it() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let first = li.visit(door, "");
    let other = li.door("102");
    world.office.borrow_mut().say =
        Some(Box::new(move |c| (c.stamp.command == first).then_some((Outcome::Waiting, Code::Predecessor))));
    let report = li.sync();
    assert_eq!((report.applied, report.waiting), (1, 1));
    assert!(!report.complete);
    let rows = li.device.unacknowledged().unwrap();
    assert_eq!((rows.len(), rows[0].state), (1, OutboxState::Waiting));
    world.office.borrow_mut().say = None;
    let report = li.sync();
    assert_eq!((report.applied, report.waiting), (1, 0));
    assert!(report.complete);
    assert_eq!(world.office.borrow().arrived.last(), Some(&(first, true)), "next time in full");
    world.assert_same(&li);
    assert_eq!(other, door_at("102"));
}

#[test]
fn a_number_that_the_office_has_seen_already_is_passed_over() {
    let world = World::new();
    let mut li = world.ready("李");
    li.door("101");
    for device in world.office.borrow_mut().devices.values_mut() {
        device.counter = 500;
    }
    assert!(li.sync().complete);
    assert_eq!(world.office.borrow().devices.values().next().unwrap().counter, 501);
}

#[test]
fn an_office_that_always_says_replayed_is_not_asked_for_ever() {
    let world = World::new();
    let mut li = world.ready("李");
    for device in world.office.borrow_mut().devices.values_mut() {
        device.counter = u64::MAX;
    }
    let Err(SyncError::Refused(refusal)) = li.try_sync() else { panic!() };
    assert_eq!(refusal.code, Some(Code::Replayed));
}

#[test]
fn a_copied_store_takes_a_new_actor_and_does_its_unsent_work_again() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    // The same files twice: a phone that was cloned.
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(li.folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let host = crate::support::host::TestHost::new("clone", crate::support::MORNING_MS + 60_000);
    let device = qiaomen_client::Device::open(copy.path(), crate::support::PIN, Box::new(host.clone())).unwrap();
    let line = crate::support::line::Line::to(&world.office);
    let mut clone = crate::support::Phone { device, host, line, folder: copy };
    li.visit(door, "在原机上");
    assert!(li.sync().complete);
    let visit = clone.visit(door, "在克隆机上");
    clone.visit(door, "又一条");
    let report = clone.sync();
    assert!(report.complete, "{report:?}");
    assert_eq!(report.applied, 2);
    assert!(clone.device.proof_of(visit).unwrap().is_some());
    world.assert_same(&clone);
    assert!(li.sync().complete);
    world.assert_same(&li);
}

#[test]
fn bytes_are_counted_both_ways_with_their_heads() {
    let world = World::new();
    let mut li = world.ready("李");
    li.door("101");
    let report = li.sync();
    let body = u64::try_from(li.line.requests.last().unwrap().len()).unwrap();
    assert_eq!(report.bytes_up, body + 100);
    assert!(report.bytes_down > 100);
    let json = serde_json::to_value(&report).unwrap();
    let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = [
        "pushed",
        "applied",
        "duplicate",
        "waiting",
        "rejected",
        "quarantined",
        "pulled",
        "photos_sent",
        "photos_left",
        "bytes_up",
        "bytes_down",
        "round_trips",
        "digest",
        "office_digest",
        "complete",
    ];
    wanted.sort_unstable();
    assert_eq!(
        {
            let mut n = names;
            n.sort_unstable();
            n
        },
        wanted
    );
}
