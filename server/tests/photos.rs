//! Photos at the office: whose pieces are taken, how far they are said to be there, who sees them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::matter::{Told, report};
use crate::phone::{EVENING_MS, Phone, Town};
use qiaomen_proto::change::{Edit, Path, Scalar, keys};
use qiaomen_proto::entity::record::{self, PhotoPayload};
use qiaomen_proto::entity::ticket::PHOTOS;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DeviceId, Role, TicketId, WorkerId};
use qiaomen_proto::limits::{PHOTO_BYTES_MAX, PHOTO_CHUNK_BYTES_MAX, PHOTO_PARTS_PER_DEVICE_MAX};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::photo::{PHOTO_PATH, PhotoReply, PhotoRequest};
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_server::backup;
use qiaomen_server::clock::Surroundings;
use qiaomen_server::close::{Day, figures};
use qiaomen_server::office::Office;
use qiaomen_server::people::Sight;
use qiaomen_server::photos::{PHOTO_IDLE_MS_MAX, clear_abandoned, look_at, photo, photos};
use qiaomen_server::store::StoreError;
use qiaomen_server::verify::{ProblemCode, verify};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A picture, sealed, and its record.
struct Sealed {
    jpeg: Vec<u8>,
    bytes: Vec<u8>,
    record: PhotoPayload,
}

fn sealed(phone: &Phone, ticket: TicketId, number: u8, len: usize) -> Sealed {
    let jpeg = [&[0xff, 0xd8, 0xff][..], &vec![number; len]].concat();
    let bytes = phone.ring.sealing_key(&ticket.0).unwrap().seal_photo(&ticket.0, &[number; 16], &jpeg);
    let record = PhotoPayload {
        id: [number; 16],
        hash: *blake3::hash(&bytes).as_bytes(),
        size: u32::try_from(bytes.len()).unwrap(),
        stage: 1,
        width: 4,
        height: 3,
        taken_ms: None,
    };
    Sealed { jpeg, bytes, record }
}

/// The command that names it.
fn names(phone: &mut Phone, ticket: TicketId, photo: &Sealed) {
    let key = keys::record_key(phone.next_command(), 0);
    let value = Scalar::Bytes(record::to_bytes(&photo.record));
    phone.write(vec![(ticket.into(), vec![Edit { path: Path::new(PHOTOS, key), value }])]);
}

fn piece(photo: &Sealed, offset: usize, len: usize) -> PhotoRequest {
    let end = (offset + len).min(photo.bytes.len());
    PhotoRequest {
        wire_version: WIRE_VERSION,
        hash: photo.record.hash,
        size: photo.record.size,
        offset: u32::try_from(offset).unwrap(),
        bytes: photo.bytes[offset..end].to_vec(),
    }
}

fn brings(phone: &mut Phone, office: &Office, request: &PhotoRequest) -> Result<PhotoReply, Code> {
    let (signed, body) = phone.sign_for(PHOTO_PATH, pack(request));
    let answer = office.photo_piece(&signed, PHOTO_PATH, &body).map_err(|refusal| refusal.code)?;
    Ok(unpack(&answer.body, 4096).unwrap())
}

/// A town with a matter whose photo is named, and nothing of it come.
fn a_matter_with_a_photo() -> (Town, Phone, TicketId, Sealed) {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let ticket = report(&mut wang, &town, &Told::default());
    let photo = sealed(&wang, ticket, 5, 100_000);
    names(&mut wang, ticket, &photo);
    let reply = wang.sync(&town.office);
    assert!(reply.verdicts.iter().all(|v| v.outcome == Outcome::Applied), "{:?}", reply.verdicts);
    (town, wang, ticket, photo)
}

fn to_come(town: &Town) -> (u64, u64) {
    let read = town.office.store().read::<_, StoreError>(|tx| {
        let day = Day::of(EVENING_MS);
        figures(&town.office, tx, day, &Sight::default())
    });
    let figures = read.unwrap();
    (figures.all.photos_to_come(), figures.grids[0].photos_to_come())
}

#[test]
fn a_photo_comes_in_pieces_after_its_record_and_is_shown_when_it_is_whole() {
    let (town, mut wang, ticket, photo_) = a_matter_with_a_photo();
    let office = &town.office;
    assert_eq!(to_come(&town), (1, 1));
    let asked = brings(&mut wang, office, &piece(&photo_, 0, 0)).unwrap();
    assert_eq!((asked.have, asked.whole, asked.incarnation), (0, false, office.identity().incarnation));
    let first = brings(&mut wang, office, &piece(&photo_, 0, 60_000)).unwrap();
    assert_eq!((first.have, first.whole), (60_000, false));
    let sight = Sight::default();
    let list = photos(office, ticket, &sight).unwrap().unwrap();
    assert!(list.len() == 1 && !list[0].whole);
    assert!(photo(office, ticket, &list[0].hash, &sight).unwrap().is_none(), "half a picture is none");
    // The same again, after an answer that was lost; and one that leaves a hole.
    assert_eq!(brings(&mut wang, office, &piece(&photo_, 0, 60_000)).unwrap().have, 60_000);
    assert_eq!(brings(&mut wang, office, &piece(&photo_, 90_000, 10)).unwrap().have, 60_000);
    let last = brings(&mut wang, office, &piece(&photo_, 60_000, 60_000)).unwrap();
    assert_eq!((last.have, last.whole), (photo_.record.size, true));
    let shown = photo(office, ticket, &list[0].hash, &sight).unwrap().unwrap();
    assert_eq!(shown, photo_.jpeg);
    assert_eq!(to_come(&town), (0, 0));
    let elsewhere = Sight { grids: Some([town.grids[1]].into()), department: None };
    assert!(photos(office, ticket, &elsewhere).unwrap().is_none(), "not for another grid's leader");
    assert!(photo(office, ticket, &list[0].hash, &elsewhere).unwrap().is_none());
    let report = verify(office, &mut |_, _| {});
    assert!(report.is_clean() && report.photos == 1 && report.photos_to_come.is_empty(), "{report:?}");
}

#[test]
fn what_no_record_names_is_not_taken() {
    let (town, mut wang, ticket, photo) = a_matter_with_a_photo();
    let office = &town.office;
    let unnamed = sealed(&wang, ticket, 6, 1_000);
    assert_eq!(brings(&mut wang, office, &piece(&unnamed, 0, 500)), Err(Code::PhotoUnknown), "no record");
    let first = piece(&photo, 0, 500);
    for (request, code) in [
        (PhotoRequest { size: photo.record.size + 1, ..first.clone() }, Code::Malformed),
        (PhotoRequest { size: u32::MAX, ..first.clone() }, Code::TooLarge),
        (PhotoRequest { size: u32::try_from(PHOTO_BYTES_MAX).unwrap() + 1, ..first.clone() }, Code::TooLarge),
        (PhotoRequest { size: 0, bytes: Vec::new(), ..first.clone() }, Code::Malformed),
        (PhotoRequest { offset: u32::MAX, ..first.clone() }, Code::Malformed),
        (PhotoRequest { offset: photo.record.size, ..first.clone() }, Code::Malformed),
        (PhotoRequest { bytes: vec![0; PHOTO_CHUNK_BYTES_MAX + 1], ..first.clone() }, Code::TooLarge),
        (PhotoRequest { wire_version: 9, ..first.clone() }, Code::WireVersion),
    ] {
        assert_eq!(brings(&mut wang, office, &request), Err(code), "{} {}", request.size, request.offset);
    }
    let (signed, body) = wang.sign_for(PHOTO_PATH, pack(&first));
    office.photo_piece(&signed, PHOTO_PATH, &body).unwrap();
    assert_eq!(office.photo_piece(&signed, PHOTO_PATH, &body).unwrap_err().code, Code::Replayed, "copied");
    let (signed, body) = wang.sign_for("/v1/sync", pack(&first));
    assert_eq!(office.photo_piece(&signed, PHOTO_PATH, &body).unwrap_err().code, Code::NotSigned);
    let (signed, _) = wang.sign_for(PHOTO_PATH, vec![0; 10]);
    assert_eq!(office.photo_piece(&signed, PHOTO_PATH, &[0; 10]).unwrap_err().code, Code::Malformed);
}

#[test]
fn a_photo_that_is_not_what_its_record_says_is_dropped_and_comes_again() {
    let (town, mut wang, ticket, photo_) = a_matter_with_a_photo();
    let mut spoilt = piece(&photo_, 0, 60_000);
    spoilt.bytes[7] ^= 1;
    brings(&mut wang, &town.office, &spoilt).unwrap();
    let rest = piece(&photo_, 60_000, 60_000);
    assert_eq!(brings(&mut wang, &town.office, &rest), Err(Code::PhotoDamaged));
    assert_eq!(brings(&mut wang, &town.office, &piece(&photo_, 0, 60_000)).unwrap().have, 60_000, "from the front");
    assert!(brings(&mut wang, &town.office, &rest).unwrap().whole);
    // A record that names somebody else's bytes shows nothing: they were sealed for another matter.
    let other = report(&mut wang, &town, &Told { number: 3, ..Told::default() });
    names(&mut wang, other, &photo_);
    wang.sync(&town.office);
    let list = photos(&town.office, other, &Sight::default()).unwrap().unwrap();
    assert!(photo(&town.office, other, &list[0].hash, &Sight::default()).unwrap().is_none());
    assert!(photo(&town.office, ticket, &list[0].hash, &Sight::default()).unwrap().is_some());
}

#[test]
fn one_device_has_so_many_photos_begun_at_most() {
    let (town, mut wang, ticket, _) = a_matter_with_a_photo();
    let more: Vec<Sealed> = (0..=PHOTO_PARTS_PER_DEVICE_MAX)
        .map(|n| sealed(&wang, ticket, u8::try_from(n + 10).unwrap(), 1_000 + n))
        .collect();
    // Spread over several matters: of one, so many are taken at most.
    for (n, photo) in more.iter().enumerate() {
        if n % 30 == 29 {
            wang.sync(&town.office);
        }
        names(&mut wang, ticket, photo);
    }
    wang.sync(&town.office);
    let said: Vec<_> = more.iter().map(|p| brings(&mut wang, &town.office, &piece(p, 0, 10)).map(|r| r.have)).collect();
    let refused = said.iter().filter(|s| s.is_err()).count();
    assert!(refused > 0 && said.iter().filter(|s| **s == Ok(10)).count() <= PHOTO_PARTS_PER_DEVICE_MAX, "{said:?}");
}

#[test]
fn a_revoked_device_s_last_photos_are_held_with_its_work() {
    let (town, mut wang, ticket, _) = a_matter_with_a_photo();
    let (device, now_ms) = (wang.by.device, EVENING_MS);
    town.office.store().write::<_, StoreError, _>(move |tx| tx.revoke_device(device, now_ms).map(drop)).unwrap();
    let late = sealed(&wang, ticket, 8, 2_000);
    names(&mut wang, ticket, &late);
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(reply.verdicts[0].outcome, Outcome::Quarantined, "{:?}", reply.verdicts);
    assert!(brings(&mut wang, &town.office, &piece(&late, 0, 9_000)).unwrap().whole, "somebody may let it in");
    let unnamed = sealed(&wang, ticket, 9, 2_000);
    assert_eq!(brings(&mut wang, &town.office, &piece(&unnamed, 0, 10)), Err(Code::PhotoUnknown));
    let _: DeviceId = device;
}

#[test]
fn a_look_at_photos_is_written_down_once_for_a_while() {
    let (town, _, ticket, _) = a_matter_with_a_photo();
    let who = WorkerId::from_bytes([77; 16]);
    let looks = || {
        let read = |tx: &qiaomen_server::store::Tx<'_>| tx.audit_count("read_photos");
        town.office.store().read(read).unwrap()
    };
    look_at(&town.office, who, ticket).unwrap();
    look_at(&town.office, who, ticket).unwrap();
    assert_eq!(looks(), 1);
    town.around.now_ms.fetch_add(11 * 60 * 1000, Ordering::SeqCst);
    look_at(&town.office, who, ticket).unwrap();
    assert_eq!(looks(), 2);
}

/// Seed 715014 of the bad days: the phone became an older image of itself and never asked about it again.
#[test]
fn a_photo_whose_last_piece_came_as_the_power_failed_is_noted_as_whole_when_the_office_starts() {
    let (town, mut wang, ticket, photo_) = a_matter_with_a_photo();
    for offset in [0, 60_000] {
        brings(&mut wang, &town.office, &piece(&photo_, offset, 60_000)).unwrap();
    }
    // Its file was there, and the note was not any more.
    let hash = photo_.record.hash;
    town.office.store().write::<_, StoreError, _>(move |tx| tx.set_photo_whole(&hash, None)).unwrap();
    assert_eq!(to_come(&town), (1, 1));
    let Town { dir, office, around, .. } = town;
    drop(office);
    let town_around = around.clone();
    let again = Office::open_with(dir.path(), around).unwrap();
    let sight = Sight::default();
    let list = photos(&again, ticket, &sight).unwrap().unwrap();
    assert!(list[0].whole);
    assert!(photo(&again, ticket, &list[0].hash, &sight).unwrap().is_some());
    // A file that is gone is a loss and no photo to come, however often the office starts.
    let name = blake3::hash(&photo_.bytes).to_hex();
    std::fs::remove_file(dir.path().join("photos").join(&name[..2]).join(name.as_str())).unwrap();
    drop(again);
    let again = Office::open_with(dir.path(), town_around).unwrap();
    let report = verify(&again, &mut |_, _| {});
    assert!(report.photos_to_come.is_empty());
    assert!(report.problems.iter().any(|p| p.code == ProblemCode::PhotoMissing), "{:?}", report.problems);
}

#[test]
fn a_backup_takes_photos_once_and_a_lost_file_is_found() {
    let (town, mut wang, ticket, photo_) = a_matter_with_a_photo();
    let (office, beside) = (&town.office, tempfile::tempdir().unwrap());
    for offset in [0, 60_000] {
        brings(&mut wang, office, &piece(&photo_, offset, 60_000)).unwrap();
    }
    let late = sealed(&wang, ticket, 9, 2_000);
    names(&mut wang, ticket, &late);
    wang.sync(office);
    assert_eq!(office.backup(&beside.path().join("one.db")).unwrap().photos, 1, "those that are whole");
    assert_eq!(office.backup(&beside.path().join("two.db")).unwrap().photos, 0, "each once");
    let report = verify(office, &mut |_, _| {});
    assert_eq!((report.photos, report.photos_to_come.len()), (2, 1));
    assert!(report.is_clean(), "what is to come is no damage");

    let around: Arc<dyn Surroundings> = town.around.clone();
    let again = tempfile::tempdir().unwrap();
    let dir = again.path().join("office");
    backup::restore(&beside.path().join("two.db"), &town.dir.path().join("community.key"), &dir, &around).unwrap();
    let restored = Office::open_with(&dir, around).unwrap();
    assert!(photos(&restored, ticket, &Sight::default()).unwrap().unwrap().iter().filter(|p| p.whole).count() == 1);

    let name = blake3::Hash::from_bytes(photo_.record.hash).to_hex().to_string();
    std::fs::write(dir.join("photos").join(&name[..2]).join(&name), b"other bytes").unwrap();
    let codes = || verify(&restored, &mut |_, _| {}).problems.into_iter().map(|p| p.code).collect::<Vec<_>>();
    assert_eq!(codes(), [ProblemCode::PhotoDamaged]);
    std::fs::remove_file(dir.join("photos").join(&name[..2]).join(&name)).unwrap();
    assert_eq!(codes(), [ProblemCode::PhotoMissing]);
}

#[test]
fn a_photo_that_was_given_up_leaves_no_bytes_behind_and_comes_from_the_front_if_its_phone_comes_after_all() {
    let (town, mut wang, ticket, photo_) = a_matter_with_a_photo();
    let office = &town.office;
    let whole = sealed(&wang, ticket, 6, 1_000);
    names(&mut wang, ticket, &whole);
    wang.sync(office);
    assert!(brings(&mut wang, office, &piece(&whole, 0, 9_000)).unwrap().whole);
    assert_eq!(brings(&mut wang, office, &piece(&photo_, 0, 60_000)).unwrap().have, 60_000);
    let later = |ms| town.around.now_ms.fetch_add(ms, Ordering::SeqCst);
    later(PHOTO_IDLE_MS_MAX - 1_000);
    assert_eq!(clear_abandoned(office).unwrap(), 0, "it may still come");
    // A word about it, and its time begins anew.
    assert_eq!(brings(&mut wang, office, &piece(&photo_, 0, 0)).unwrap().have, 60_000);
    later(PHOTO_IDLE_MS_MAX - 1_000);
    assert_eq!(clear_abandoned(office).unwrap(), 0);
    later(2_000);
    assert_eq!(clear_abandoned(office).unwrap(), 1);
    let (hash, kept) = (photo_.record.hash, whole.record.hash);
    let there = office.store().read(|tx| Ok::<_, StoreError>((tx.photo_come(&hash)?, tx.photo_come(&kept)?))).unwrap();
    assert!(there.0.is_none_or(|come| come.whole_ms.is_none()) && there.1.is_some_and(|come| come.whole_ms.is_some()));
    assert_eq!(office.photos().part(&hash, wang.by.device).unwrap(), 0, "its bytes are gone");
    assert!(office.photos().is_whole(&kept).unwrap(), "what is whole stays");
    assert_eq!(to_come(&town).0, 1, "and the office still says that it is to come");
    assert!(brings(&mut wang, office, &piece(&photo_, 0, 60_000)).is_ok());
    assert!(brings(&mut wang, office, &piece(&photo_, 60_000, 60_000)).unwrap().whole);
    let report = verify(office, &mut |_, _| {});
    assert!(report.is_clean(), "{report:?}");
}

#[test]
fn what_a_device_gave_up_does_not_count_against_what_it_may_begin() {
    let (town, mut wang, _, _) = a_matter_with_a_photo();
    // Of one matter, so many are taken at most.
    let tickets = [11, 12, 13].map(|number| report(&mut wang, &town, &Told { number, ..Told::default() }));
    wang.sync(&town.office);
    let mut begin = |from: usize, many: usize| -> Vec<Result<u32, Code>> {
        let more: Vec<Sealed> = (from..from + many)
            .map(|n| {
                let photo = sealed(&wang, tickets[n % 3], u8::try_from(n).unwrap(), 1_000 + n);
                names(&mut wang, tickets[n % 3], &photo);
                photo
            })
            .collect();
        wang.sync(&town.office);
        more.iter().map(|p| brings(&mut wang, &town.office, &piece(p, 0, 10)).map(|r| r.have)).collect()
    };
    for n in 0..PHOTO_PARTS_PER_DEVICE_MAX {
        assert_eq!(begin(10 + n, 1), [Ok(10)], "{n}");
    }
    assert_eq!(begin(150, 1), [Err(Code::TooMany)]);
    town.around.now_ms.fetch_add(PHOTO_IDLE_MS_MAX + 1_000, Ordering::SeqCst);
    assert_eq!(begin(151, 1), [Ok(10)]);
}

#[test]
fn a_colleague_who_brings_wrong_bytes_of_a_photo_does_not_keep_its_author_from_bringing_the_true_ones() {
    let (town, mut wang, ticket, photo_) = a_matter_with_a_photo();
    // Of the same grid: it sees the matter, and may bring its photos.
    let mut liar = town.phone(2, Role::GridWorker, 0);
    liar.sync(&town.office);
    let lie = |from: usize| {
        let mut piece = piece(&photo_, from, 60_000);
        piece.bytes.fill(0x5a);
        piece
    };
    assert_eq!(brings(&mut liar, &town.office, &lie(0)).unwrap().have, 60_000);
    assert_eq!(brings(&mut wang, &town.office, &piece(&photo_, 0, 60_000)).unwrap().have, 60_000);
    assert_eq!(brings(&mut liar, &town.office, &lie(60_000)), Err(Code::PhotoDamaged));
    assert_eq!(brings(&mut liar, &town.office, &lie(0)).unwrap().have, 60_000);
    assert!(brings(&mut wang, &town.office, &piece(&photo_, 60_000, 60_000)).unwrap().whole);
    let list = photos(&town.office, ticket, &Sight::default()).unwrap().unwrap();
    assert_eq!(photo(&town.office, ticket, &list[0].hash, &Sight::default()).unwrap(), Some(photo_.jpeg));
    let hash = photo_.record.hash;
    assert_eq!(town.office.photos().part(&hash, liar.by.device).unwrap(), 0, "and nothing of the lie lies there");
    assert_eq!(town.office.store().read(|tx| tx.photo_parts(&hash)).unwrap(), Vec::new());
}

#[test]
fn a_phone_that_was_handed_on_still_brings_the_photos_of_the_worker_who_had_it() {
    let (town, wang, ticket, photo_) = a_matter_with_a_photo();
    // The phone is Li's by now, who works in another grid and sees nothing of the matter.
    let mut li = town.phone(2, Role::GridWorker, 1);
    li.sync(&town.office);
    assert!(brings(&mut li, &town.office, &piece(&photo_, 0, 60_000)).is_ok());
    assert!(brings(&mut li, &town.office, &piece(&photo_, 60_000, 60_000)).unwrap().whole);
    let list = photos(&town.office, ticket, &Sight::default()).unwrap().unwrap();
    assert_eq!(photo(&town.office, ticket, &list[0].hash, &Sight::default()).unwrap(), Some(photo_.jpeg));
    drop(wang);
}

#[test]
fn a_photo_whose_command_is_held_comes_from_whichever_device_has_the_phone() {
    let (town, mut wang, ticket, _) = a_matter_with_a_photo();
    let (device, now_ms) = (wang.by.device, EVENING_MS);
    town.office.store().write::<_, StoreError, _>(move |tx| tx.revoke_device(device, now_ms).map(drop)).unwrap();
    let late = sealed(&wang, ticket, 8, 2_000);
    names(&mut wang, ticket, &late);
    assert_eq!(wang.ask(&town.office).unwrap().verdicts[0].outcome, Outcome::Quarantined);
    let mut li = town.phone(2, Role::GridWorker, 1);
    li.sync(&town.office);
    assert!(brings(&mut li, &town.office, &piece(&late, 0, 9_000)).unwrap().whole);
}

#[test]
fn a_record_that_lies_about_the_size_of_somebody_s_photo_does_not_keep_it_out() {
    let (town, mut wang, _, photo_) = a_matter_with_a_photo();
    let mut liar = town.phone(2, Role::GridWorker, 0);
    liar.sync(&town.office);
    for number in [1, 2, 250] {
        let own = report(&mut liar, &town, &Told { number, ..Told::default() });
        let record = PhotoPayload { size: 7, ..photo_.record.clone() };
        names(&mut liar, own, &Sealed { jpeg: Vec::new(), bytes: Vec::new(), record });
    }
    liar.sync(&town.office);
    assert!(brings(&mut wang, &town.office, &piece(&photo_, 0, 60_000)).is_ok());
    assert!(brings(&mut wang, &town.office, &piece(&photo_, 60_000, 60_000)).unwrap().whole);
}
