use crate::support::line::Fault;
use crate::support::office::Office;
use crate::support::{World, building, opened};
use image::{Rgb, RgbImage};
use qiaomen_client::edit::ticket_of;
use qiaomen_client::photo::{NewPhoto, PhotoError, PhotoState, shrink};
use qiaomen_client::{EditError, Intent, MemoryDisk};
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::ids::TicketId;
use std::io::Cursor;

pub(crate) fn jpeg(width: u32, height: u32, noise: bool) -> Vec<u8> {
    let mut state = 7u32;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        let shade = |n: u32| u8::try_from(n % 200).unwrap();
        if noise { Rgb([a, b, c]) } else { Rgb([shade(x), shade(y), a / 8]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

pub(crate) fn photo(stage: PhotoStage) -> NewPhoto {
    shrink(&jpeg(900, 600, false), stage).unwrap()
}

pub(crate) fn report() -> Intent {
    Intent::ReportTicket {
        category: "环境卫生".into(),
        size: "小事".into(),
        source: "巡查".into(),
        household: None,
        building: Some(building()),
        unit: None,
        text: "楼道里堆了旧家具".into(),
        reporter: None,
    }
}

#[test]
fn photos_come_whole_after_the_text_and_the_phone_shows_what_it_sent() {
    let world = World::new();
    let mut wang = world.ready("王");
    let photos = [photo(PhotoStage::Before), photo(PhotoStage::After)];
    let ticket = ticket_of(wang.device.report_with_photos(report(), &photos).unwrap());
    assert_eq!(wang.unsent(), 2, "the matter, and the command that names its photos");
    let before = wang.device.photos(ticket).unwrap();
    assert!(before.iter().all(|p| p.state == PhotoState::Unsent && p.here));

    let sync = wang.sync();
    assert_eq!((sync.photos_sent, sync.photos_left, sync.complete), (2, 0, true));
    let after = wang.device.photos(ticket).unwrap();
    assert!(after.iter().all(|p| p.state == PhotoState::Sent && p.percent == 100), "{after:?}");
    for line in &after {
        let shown = wang.device.photo(&line.hash).unwrap().unwrap();
        assert!(photos.iter().any(|photo| photo.jpeg == shown));
        assert_eq!(world.office.borrow().photo_named(&line.hash).unwrap(), shown, "as the office opens it");
    }
    world.assert_same(&wang);
    assert!(wang.device.status().unwrap().complete);
}

#[test]
fn a_photo_never_delays_text_that_is_written_while_it_goes() {
    let world = World::new();
    let mut wang = world.ready("王");
    let large = shrink(&jpeg(1_400, 1_400, true), PhotoStage::Before).unwrap();
    assert!(large.jpeg.len() > 100_000, "several pieces");
    let ticket = ticket_of(wang.device.report_with_photos(report(), &[large]).unwrap());
    let mut session = qiaomen_client::sync::Session::default();
    let mut event = qiaomen_client::sync::Event::Go;
    let mut paths = Vec::new();
    loop {
        let effect = wang.device.sync_step(&mut session, event).unwrap();
        let qiaomen_client::sync::Effect::Post { path, auth, body } = effect else { break };
        paths.push(path);
        let reply = qiaomen_client::Transport::post(&mut wang.line, path, Some(&auth), &body).unwrap();
        event = qiaomen_client::sync::Event::Answered(reply);
        if paths.iter().filter(|p| **p == "/v1/photo").count() == 2 && wang.unsent() == 0 && paths.len() < 6 {
            let doc = ticket.into();
            wang.device.edit(Intent::Note { doc, text: "住户白天不在家".into() }).unwrap();
        }
    }
    let first_photo = paths.iter().position(|p| *p == "/v1/photo").unwrap();
    assert!(first_photo > 0, "text first: {paths:?}");
    let pieces: Vec<_> = paths[first_photo..].to_vec();
    assert_eq!(pieces[..3], ["/v1/photo", "/v1/photo", "/v1/sync"], "the note goes before the third piece");
    assert!(session.report().complete);
}

#[test]
fn a_lost_answer_costs_one_piece_and_a_break_goes_on_from_there() {
    let world = World::new();
    let mut wang = world.ready("王");
    let large = shrink(&jpeg(1_400, 1_400, true), PhotoStage::Before).unwrap();
    wang.device.report_with_photos(report(), std::slice::from_ref(&large)).unwrap();
    for fault in [Fault::None, Fault::None, Fault::LoseReply] {
        wang.line.fault(fault);
    }
    wang.try_sync().unwrap_err();
    let going = wang.device.photos_to_go().unwrap();
    assert!(going.len() == 1 && going[0].percent > 0, "{going:?}");
    assert!(!wang.device.status().unwrap().complete);
    let before = wang.line.requests.len();
    let report = wang.sync();
    assert!(report.complete && report.photos_sent == 1);
    let pieces = wang.line.requests.len() - before - 1;
    assert!(pieces <= large.jpeg.len() / (32 * 1024), "{pieces}");
}

#[test]
fn whatever_fails_while_photos_are_attached_leaves_command_and_bytes_or_neither() {
    for writes in 0..8 {
        let world = World::new();
        let disk = MemoryDisk::new(&format!("attach-{writes}")).unwrap();
        let (mut device, _line) = world.on(&disk);
        disk.fail_after(Some(writes));
        let done = device.report_with_photos(report(), &[photo(PhotoStage::Before)]);
        drop(device);
        disk.fail_after(None);
        let device = opened(&disk);
        let commands = device.unacknowledged().unwrap().len();
        assert!(commands == 0 || commands == 2, "{commands}");
        assert!(done.is_err() || commands == 2, "what was said to be kept is kept");
        let going = device.photos_to_go().unwrap();
        assert_eq!(going.len(), commands / 2, "bytes with their command: {writes}");
        if let Ok(command) = done {
            let photos = device.photos(ticket_of(command)).unwrap();
            assert!(device.photo(&photos[0].hash).unwrap().is_some());
        }
    }
}

#[test]
fn photos_stay_until_a_backup_of_the_office_has_them_and_a_restored_office_gets_them_again() {
    let world = World::new();
    let mut wang = world.ready("王");
    let ticket = ticket_of(wang.device.report_with_photos(report(), &[photo(PhotoStage::Before)]).unwrap());
    wang.sync();
    let hash = wang.device.photos(ticket).unwrap()[0].hash.clone();
    // The office loses the picture with its disk, and goes on as another life.
    world.office.borrow_mut().photos.clear();
    let life = world.office.borrow().incarnation[0] + 1;
    world.office.borrow_mut().incarnation = [life; 16];
    wang.sync();
    let report = wang.sync();
    assert!(report.complete, "{report:?}");
    assert!(world.office.borrow().photo_named(&hash).is_some(), "it came again");
    // A backup has it now, and a week has passed: the phone lets go of it.
    wang.device.edit(Intent::Note { doc: ticket.into(), text: "已清".into() }).unwrap();
    wang.sync();
    world.office.borrow_mut().backed_up = u64::MAX >> 1;
    world.pass_minutes(8 * 24 * 60, &[&wang]);
    wang.sync();
    let photos = wang.device.photos(ticket).unwrap();
    assert_eq!(photos[0].state, PhotoState::Elsewhere, "named, and not here");
    assert_eq!(wang.device.photo(&hash).unwrap(), None);
}

#[test]
fn a_photo_that_the_office_does_not_know_waits_and_keeps_nothing_else_from_going() {
    let world = World::new();
    let mut wang = world.ready("王");
    wang.device.report_with_photos(report(), &[photo(PhotoStage::Before)]).unwrap();
    world.office.borrow_mut().knows_photos = false;
    let first = wang.sync();
    assert_eq!((first.complete, first.photos_left), (false, 1), "{first:?}");
    assert_eq!(wang.unsent(), 0, "the text is there");
    world.office.borrow_mut().knows_photos = true;
    assert!(wang.sync().complete);
}

#[test]
fn a_picture_is_made_small_and_what_is_none_is_said() {
    let large = shrink(&jpeg(2_400, 1_800, false), PhotoStage::Before).unwrap();
    assert_eq!((large.width, large.height), (1_600, 1_200));
    assert!(large.jpeg.len() <= 300 * 1024);
    let noise = shrink(&jpeg(1_700, 1_700, true), PhotoStage::Before).unwrap();
    assert!(noise.jpeg.len() <= 512 * 1024 - 16, "{noise:?}");
    let again = shrink(&jpeg(2_400, 1_800, false), PhotoStage::Before).unwrap();
    assert!(again == large, "the same every time");
    for none in [&b""[..], b"GIF89a", b"\xff\xd8\xff\xe0 no picture", &jpeg(40, 40, true)[..200]] {
        assert_eq!(shrink(none, PhotoStage::Before), Err(PhotoError::NotAPicture), "{}", none.len());
    }
    assert_eq!(shrink(&vec![0xff; 24 * 1024 * 1024 + 1], PhotoStage::Before), Err(PhotoError::TooLarge));
    // A small file that claims to be a large picture.
    let mut png = Cursor::new(Vec::new());
    RgbImage::new(1, 1).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut png = png.into_inner();
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    assert!(shrink(&png, PhotoStage::Before).is_err());
}

#[test]
fn photos_of_a_matter_that_is_not_here_or_too_many_at_a_time_are_not_kept() {
    let world = World::new();
    let mut wang = world.ready("王");
    let nowhere = TicketId::from_bytes([9; 16]);
    let one = photo(PhotoStage::Before);
    assert!(matches!(wang.device.attach_photos(nowhere, std::slice::from_ref(&one)), Err(EditError::Unknown(_))));
    let ticket = ticket_of(wang.device.edit(report()).unwrap());
    assert!(matches!(wang.device.attach_photos(ticket, &[]), Err(EditError::NothingToChange(_))));
    assert!(matches!(wang.device.attach_photos(ticket, &vec![one.clone(); 10]), Err(EditError::NotPossible(_))));
    assert!(wang.device.photos_to_go().unwrap().is_empty(), "nothing of it was kept");
    wang.device.attach_photos(ticket, &[one]).unwrap();
    assert!(wang.sync().complete);
    let _: &Office = &world.office.borrow();
}

#[test]
fn a_photo_that_goes_too_fast_waits_and_goes_on_instead_of_being_given_up() {
    let world = World::new();
    let mut wang = world.ready("王");
    wang.device.report_with_photos(report(), &[photo(PhotoStage::Before)]).unwrap();
    wang.line.patient = true;
    // The text goes, then the first piece is told to wait.
    wang.line.fault(Fault::None);
    wang.line.fault(Fault::TooOften(1));
    let sync = wang.sync();
    assert_eq!((sync.photos_sent, sync.photos_left, sync.complete), (1, 0, true), "{sync:?}");
    assert_eq!(wang.line.waited_ms, 1_000);
}
