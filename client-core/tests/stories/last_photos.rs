//! A photo that could go goes before its device is emptied, and an office that fails keeps no sync going for ever.

use crate::photos::{jpeg, photo, report};
use crate::support::line::Fault;
use crate::support::{Phone, World, opened};
use qiaomen_client::photo::shrink;
use qiaomen_client::sync::{Effect, Event, Session};
use qiaomen_client::{MemoryDisk, SyncError, Transport as _};
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::photo::PHOTO_PATH;
use qiaomen_proto::wire::pull::{Directive, Outcome};
use qiaomen_proto::wire::push::SYNC_PATH;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The office says with every reply that this device is to be emptied.
fn access_is_taken_back(world: &World, phone: &mut Phone) {
    let office = Rc::clone(&world.office);
    world.office.borrow_mut().directives = vec![Directive::Wipe];
    phone.line.after = Some(Box::new(move |_| office.borrow_mut().directives = vec![Directive::Wipe]));
}

/// Syncs until the device is emptied. The question whether it is to be emptied, asked once every photo was tried, is
/// lost the first time, and this happens meanwhile.
fn is_emptied_but(phone: &mut Phone, meanwhile: impl FnOnce(&mut Phone)) {
    let (mut session, mut event) = (Session::default(), Event::Go);
    let (mut meanwhile, mut photos_tried) = (Some(meanwhile), false);
    let end = loop {
        let effect = match phone.device.sync_step(&mut session, event) {
            Ok(effect) => effect,
            Err(end) => break end,
        };
        let Effect::Post { path, auth, body } = effect else { panic!("it was not emptied") };
        photos_tried |= path == PHOTO_PATH;
        if path == SYNC_PATH
            && photos_tried
            && let Some(meanwhile) = meanwhile.take()
        {
            meanwhile(phone);
            event = Event::Go;
            continue;
        }
        event = Event::Answered(phone.line.post(path, Some(&auth), &body).unwrap());
    };
    assert!(matches!(end, SyncError::Wiped), "{end}");
    assert!(meanwhile.is_none(), "the question was asked");
}

/// A phone that has a photo to send, and is to be emptied.
fn with_a_last_photo() -> (World, Phone) {
    let world = World::new();
    let mut wang = world.ready("王");
    wang.device.report_with_photos(report(), &[photo(PhotoStage::Before)]).unwrap();
    access_is_taken_back(&world, &mut wang);
    (world, wang)
}

/// Photos that the office has whole.
fn whole(world: &World) -> usize {
    world.office.borrow().photos.values().filter(|bytes| !bytes.is_empty()).count()
}

#[test]
fn a_photo_that_is_taken_while_the_device_is_about_to_be_emptied_goes_before_it_is() {
    let (world, mut wang) = with_a_last_photo();
    is_emptied_but(&mut wang, |wang| {
        wang.device.report_with_photos(report(), &[photo(PhotoStage::After)]).unwrap();
    });
    assert_eq!(whole(&world), 2);
}

#[test]
fn a_lost_question_whether_the_device_is_to_be_emptied_is_asked_again() {
    let (world, mut wang) = with_a_last_photo();
    is_emptied_but(&mut wang, |_| {});
    assert_eq!(whole(&world), 1);
}

#[test]
fn a_photo_that_the_office_knows_of_since_the_last_reply_is_tried_again_before_the_device_is_emptied() {
    let (world, mut wang) = with_a_last_photo();
    world.office.borrow_mut().knows_photos = false;
    let office = Rc::clone(&world.office);
    is_emptied_but(&mut wang, move |wang| {
        office.borrow_mut().knows_photos = true;
        wang.door("101");
    });
    assert_eq!(whole(&world), 1);
}

#[test]
fn too_much_said_by_somebody_on_the_way_costs_no_photo_of_a_device_that_is_emptied() {
    let (world, mut wang) = with_a_last_photo();
    wang.line.patient = true;
    for fault in [Fault::None, Fault::TooManyOnTheWay] {
        wang.line.fault(fault);
    }
    assert!(matches!(wang.try_sync(), Err(SyncError::Wiped)));
    assert_eq!((whole(&world), wang.line.waited_ms), (1, 1_000));
}

/// A phone with a photo of several pieces.
fn with_a_large_photo() -> (World, Phone) {
    let world = World::new();
    let mut wang = world.ready("王");
    let large = shrink(&jpeg(1_400, 1_400, true), PhotoStage::Before).unwrap();
    wang.device.report_with_photos(report(), &[large]).unwrap();
    (world, wang)
}

#[test]
fn an_office_that_goes_on_as_another_life_between_two_pieces_is_asked_for_the_text_first() {
    let (world, mut wang) = with_a_large_photo();
    let (office, before) = (Rc::clone(&world.office), wang.line.requests.len());
    wang.line.after = Some(Box::new(move |requests| {
        if requests == before + 2 {
            let mut office = office.borrow_mut();
            let all = office.log.len();
            office.goes_on_from(all);
            office.photos.clear();
        }
    }));
    let report = wang.sync();
    assert!(report.complete && whole(&world) == 1);
    let requests = wang.line.requests.len() - before;
    assert!(requests < 40, "{requests}");
}

#[test]
fn a_photo_that_always_comes_out_damaged_ends_the_sync_and_waits() {
    let (world, mut wang) = with_a_large_photo();
    world.office.borrow_mut().damages_photos = true;
    let before = wang.line.requests.len();
    let report = wang.sync();
    assert_eq!((report.complete, report.photos_left), (false, 1));
    let requests = wang.line.requests.len() - before;
    assert!(requests < 40, "{requests}");
    world.office.borrow_mut().damages_photos = false;
    assert!(wang.sync().complete);
}

#[test]
fn a_sync_that_is_stopped_between_two_pieces_is_not_complete() {
    let (_world, mut wang) = with_a_large_photo();
    let stop = Arc::new(AtomicBool::new(false));
    let (stopped, before) = (Arc::clone(&stop), wang.line.requests.len());
    wang.line.after = Some(Box::new(move |requests| stopped.store(requests >= before + 2, Ordering::Relaxed)));
    let report = wang.device.sync(&mut wang.line, &mut |_| {}, &stop).unwrap();
    assert!(!report.complete && !wang.device.status().unwrap().complete);
}

#[test]
fn a_device_that_is_enrolled_anew_is_not_complete_before_it_has_synced() {
    let world = World::new();
    let mut wang = world.ready("王");
    assert!(wang.device.status().unwrap().complete);
    wang.enrol("王");
    assert!(!wang.device.status().unwrap().complete);
    assert!(wang.sync().complete && wang.device.status().unwrap().complete);
}

#[test]
fn wherever_a_device_ends_while_it_takes_a_reply_it_does_not_say_that_all_is_there() {
    for writes in 0..6 {
        let world = World::new();
        let disk = MemoryDisk::new(&format!("reply-{writes}")).unwrap();
        let (mut device, mut line) = world.on(&disk);
        assert!(device.status().unwrap().complete);
        device.report_with_photos(report(), &[photo(PhotoStage::Before)]).unwrap();
        let mut session = Session::default();
        let Effect::Post { path, auth, body } = device.sync_step(&mut session, Event::Go).unwrap() else { panic!() };
        let reply = line.post(path, Some(&auth), &body).unwrap();
        disk.fail_after(Some(writes));
        let _ = device.sync_step(&mut session, Event::Answered(reply));
        drop(device);
        disk.fail_after(None);
        let device = opened(&disk);
        assert!(!device.status().unwrap().complete, "after {writes} writes: the photo has not gone");
    }
}

#[test]
fn a_photo_of_a_refused_command_goes_nowhere_and_keeps_no_device_from_being_complete() {
    let world = World::new();
    let mut wang = world.ready("王");
    world.office.borrow_mut().say = Some(Box::new(|_| Some((Outcome::Rejected, Code::ValueBounds))));
    wang.device.report_with_photos(report(), &[photo(PhotoStage::Before)]).unwrap();
    assert!(wang.sync().complete && wang.device.status().unwrap().complete);
    assert_eq!(whole(&world), 0);
}
