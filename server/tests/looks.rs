//! What workers had shown on their devices, in the office's audit: once each, under device and worker, within bounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{EVENING_MS, Phone, Town};
use minicbor::bytes::ByteArray;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, ResidentId, Role};
use qiaomen_proto::limits::{LOOK_FIELDS_MAX, LOOKS_PER_REQUEST_MAX};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::look::Look;
use qiaomen_proto::wire::pull::{Directive, SyncReply};
use qiaomen_proto::wire::push::{SYNC_PATH, SyncRequest};
use qiaomen_server::desk::audit::{Asked, AuditLine, check, page};
use qiaomen_server::office::Office;
use qiaomen_server::people::looks::LOOKS_PER_DEVICE_DAY_MAX;
use qiaomen_server::store::StoreError;
use std::sync::atomic::Ordering;

/// Three hours before the sync.
const LOOKED_MS: u64 = EVENING_MS - 3 * 3_600_000;

fn look(number: u64, doc: DocId, fields: &[&str]) -> Look {
    let mut id = [7; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    let fields = fields.iter().map(|&field| field.to_owned()).collect();
    Look { id: id.into(), doc: doc.key().into(), fields, at_ms: LOOKED_MS }
}

/// A request that tells these looks and nothing else.
fn tells(phone: &mut Phone, office: &Office, looks: Vec<Look>) -> Result<SyncReply, Code> {
    let request = SyncRequest {
        wire_version: WIRE_VERSION,
        policy_version: 1,
        cursor: phone.cursor.clone(),
        looks: Some(looks),
        ..SyncRequest::default()
    };
    let (signed, body) = phone.sign(pack(&request));
    let answer = office.sync(&signed, SYNC_PATH, &body).map_err(|refusal| refusal.code)?;
    Ok(unpack(&answer.body, usize::MAX - 1).unwrap())
}

fn lines(office: &Office, deed: &str) -> Vec<AuditLine> {
    let asked = Asked { deed: Some(deed.to_owned()), ..Asked::default() };
    page(office, &asked, 10_000).unwrap().lines
}

fn with_a_person() -> (Town, Phone, ResidentId) {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "502");
    let person = wang.register_resident(9, door, "张三", "13837783533");
    wang.sync(&town.office);
    (town, wang, person)
}

#[test]
fn a_look_stands_once_in_the_audit_under_its_worker_and_device_however_often_it_is_told() {
    let (town, mut wang, person) = with_a_person();
    let office = &town.office;
    let told = look(1, person.into(), &["phone", "birth"]);
    let ids: Vec<ByteArray<16>> = vec![told.id];
    for _ in 0..2 {
        let reply = tells(&mut wang, office, vec![told.clone()]).unwrap();
        assert_eq!(reply.looks.as_ref(), Some(&ids), "it is thanked for each time");
    }
    let twice_in_one = tells(&mut wang, office, vec![told.clone(), told.clone()]).unwrap();
    assert_eq!(twice_in_one.looks.unwrap().len(), 2);
    let lines = lines(office, "looked");
    assert_eq!(lines.len(), 1, "{lines:?}");
    let device = wang.by.device.to_string();
    let tail = &device[device.len() - 8..];
    let said = format!("在终端上看了遮住的内容：出生日期、联系电话（终端 {tail}，它记的时间 ");
    assert!(lines[0].what.starts_with(&said), "{}", lines[0].what);
    assert!(lines[0].on.contains("502") && lines[0].on.contains("的一位居民"), "{}", lines[0].on);
    assert!(!lines[0].what.contains("13837783533") && !lines[0].on.contains("张三"), "nobody's values");
    // What the device claims stands in the words; when the office heard of it, in the row.
    let day = qiaomen_server::close::Day::of(EVENING_MS).to_string();
    assert!(lines[0].at.starts_with(&day) && !said.contains(&lines[0].at), "{:?}", lines[0]);
    let chain = check(office, wang.by.worker).unwrap();
    assert_eq!(chain.broken_at, None);
    assert!(chain.rows >= 1);
}

#[test]
fn a_look_at_what_is_not_there_or_not_the_device_s_is_noted_as_it_is_claimed() {
    let (town, mut wang, _) = with_a_person();
    let mut li = town.phone(2, Role::GridWorker, 1);
    let elsewhere = li.register_door(&town, 1, "101");
    let neighbour = li.register_resident(8, elsewhere, "李四", "13800000000");
    li.sync(&town.office);
    let nowhere = ResidentId::from_bytes([77; 16]);
    let strange = Look { doc: [200; 17].into(), ..look(3, nowhere.into(), &["张三 13837783533"]) };
    let looks =
        vec![look(1, neighbour.into(), &["phone"]), look(2, nowhere.into(), &["phone", "张三 13837783533"]), strange];
    assert_eq!(tells(&mut wang, &town.office, looks).unwrap().looks.unwrap().len(), 3);
    let lines = lines(&town.office, "looked");
    assert_eq!(lines.len(), 3);
    assert!(lines[2].on.contains("101"), "{lines:?}");
    assert!(lines[1].what.contains("联系电话、别的内容"), "{lines:?}");
    assert_eq!(lines[1].on, "台账里没有的一份资料");
    assert!(lines[0].what.contains("别的内容"), "{lines:?}");
    let everything = format!("{lines:?}");
    assert!(!everything.contains("13837783533"), "what has no name of ours does not get in: {everything}");
}

#[test]
fn two_workers_looks_under_one_id_are_two_looks() {
    let (town, mut wang, person) = with_a_person();
    let mut li = town.phone(2, Role::GridWorker, 0);
    for phone in [&mut wang, &mut li] {
        tells(phone, &town.office, vec![look(1, person.into(), &["phone"])]).unwrap();
    }
    let lines = lines(&town.office, "looked");
    assert_eq!(lines.len(), 2, "nobody can hide another's look by telling its id first");
}

#[test]
fn beyond_what_a_device_may_tell_on_one_day_looks_are_counted_and_one_line_says_so() {
    let (town, mut wang, person) = with_a_person();
    let office = &town.office;
    let device = wang.by.device;
    let of_day = |day_ms: u64| {
        let day = qiaomen_server::close::Day::of(day_ms).to_string();
        office.store().read::<_, StoreError>(|tx| tx.looks_of_day(device, &day)).unwrap()
    };
    let step = u64::try_from(LOOKS_PER_REQUEST_MAX).unwrap();
    let mut told = 0;
    while told < LOOKS_PER_DEVICE_DAY_MAX + 2 {
        let until = (told + step).min(LOOKS_PER_DEVICE_DAY_MAX + 2);
        let looks = (told..until).map(|n| look(n, person.into(), &["phone"])).collect();
        let reply = tells(&mut wang, office, looks).unwrap();
        assert_eq!(u64::try_from(reply.looks.unwrap().len()).unwrap(), until - told, "all are thanked for");
        told = until;
    }
    assert_eq!(of_day(EVENING_MS), (LOOKS_PER_DEVICE_DAY_MAX, 2));
    let noted = |office: &Office| u64::try_from(lines(office, "looked").len()).unwrap();
    assert_eq!(noted(office), LOOKS_PER_DEVICE_DAY_MAX);
    let beyond = lines(office, "looks_beyond");
    assert_eq!(beyond.len(), 1, "{beyond:?}");
    assert_eq!(beyond[0].what, "终端报来的查看太多，当天其余的只计数");
    assert!(beyond[0].on.ends_with("的终端"), "{beyond:?}");
    // Another device is not touched by that, nor is the next day.
    let mut li = town.phone(2, Role::GridWorker, 0);
    tells(&mut li, office, vec![look(1, person.into(), &["phone"])]).unwrap();
    assert_eq!(noted(office), LOOKS_PER_DEVICE_DAY_MAX + 1);
    town.around.now_ms.store(EVENING_MS + 24 * 3_600_000, Ordering::SeqCst);
    tells(&mut wang, office, vec![look(100_000, person.into(), &["phone"])]).unwrap();
    assert_eq!(noted(office), LOOKS_PER_DEVICE_DAY_MAX + 2);
    assert_eq!(check(office, wang.by.worker).unwrap().broken_at, None);
}

#[test]
fn as_many_looks_as_one_request_holds_are_taken_and_one_more_is_refused() {
    let (town, mut wang, person) = with_a_person();
    let most = u64::try_from(LOOKS_PER_REQUEST_MAX).unwrap();
    let looks = |n: u64| (0..n).map(|n| look(n, person.into(), &["phone"])).collect::<Vec<_>>();
    assert_eq!(tells(&mut wang, &town.office, looks(most + 1)).unwrap_err(), Code::TooLarge);
    assert!(lines(&town.office, "looked").is_empty(), "nothing of it was taken");
    assert!(tells(&mut wang, &town.office, looks(most)).is_ok());
    let fields = |n: usize| vec![look(9_000, person.into(), &vec!["phone"; n])];
    assert_eq!(tells(&mut wang, &town.office, fields(LOOK_FIELDS_MAX + 1)).unwrap_err(), Code::TooLarge);
    assert!(tells(&mut wang, &town.office, fields(LOOK_FIELDS_MAX)).is_ok());
}

#[test]
fn a_device_whose_access_was_taken_back_can_still_tell_its_looks() {
    let (town, mut wang, person) = with_a_person();
    let device = wang.by.device;
    town.office.store().write(move |tx| -> Result<(), StoreError> { tx.revoke_device(device, EVENING_MS) }).unwrap();
    let reply = tells(&mut wang, &town.office, vec![look(1, person.into(), &["phone"])]).unwrap();
    assert!(reply.directives.contains(&Directive::Wipe));
    assert_eq!(reply.looks.unwrap().len(), 1);
    assert_eq!(lines(&town.office, "looked").len(), 1);
}
