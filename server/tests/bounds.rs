//! One device that asks in a circle, or is doubted without end, takes nothing away from the others; and nothing that was
//! done on it is lost for that.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{Phone, Town};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Role;
use qiaomen_proto::limits::{COMMANDS_PER_PUSH_MAX, HELD_PER_DEVICE_MAX, REQUESTS_PER_DEVICE_AND_MINUTE_MAX};
use qiaomen_proto::wire::pull::{Outcome, SyncReply};
use qiaomen_proto::wire::push::SYNC_PATH;
use qiaomen_server::review::{HeldAsked, PutAway, Reason, discard, find_quarantine};
use qiaomen_server::store::StoreError;
use std::sync::atomic::Ordering;

#[test]
fn a_device_that_asks_in_a_circle_is_told_to_wait_and_the_others_are_not() {
    let town = Town::new();
    let (mut wild, mut calm) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 1));
    wild.register_door(&town, 0, "101");
    for n in 1..REQUESTS_PER_DEVICE_AND_MINUTE_MAX {
        let (signed, body) = wild.request_with(Vec::new());
        town.office.sync(&signed, SYNC_PATH, &body).unwrap_or_else(|e| panic!("request {n}: {e:?}"));
    }
    // A copy of a request is told so, and uses none of the device's time up.
    let (signed, body) = wild.request_with(Vec::new());
    town.office.sync(&signed, SYNC_PATH, &body).unwrap();
    assert_eq!(town.office.sync(&signed, SYNC_PATH, &body).unwrap_err().code, Code::Replayed);
    let refused = wild.ask(&town.office).unwrap_err();
    assert_eq!((refused.code, refused.retry_after_s), (Code::TooOften, Some(1)));
    assert!(refused.code.retry_helps());
    calm.register_door(&town, 1, "101");
    assert_eq!(calm.sync(&town.office).verdicts[0].outcome, Outcome::Applied);
    // A second later it goes on, and what it had to bring arrives.
    town.around.now_ms.fetch_add(1_000, Ordering::SeqCst);
    assert_eq!(wild.sync(&town.office).verdicts[0].outcome, Outcome::Applied);
    assert_eq!(town.office.store().read::<_, StoreError>(|tx| tx.counts()).unwrap()[0], 2);
}

/// Sends these doors of a grid that is not the phone's, and nothing else.
fn brings(town: &Town, phone: &mut Phone, building: usize, rooms: std::ops::Range<u64>) -> SyncReply {
    phone.outbox.clear();
    for room in rooms {
        phone.register_door(town, building, &room.to_string());
    }
    let reply = phone.ask(&town.office).unwrap();
    assert_eq!(reply.verdicts.len(), phone.outbox.len());
    reply
}

fn said(reply: &SyncReply) -> Vec<(Outcome, u16)> {
    reply.verdicts.iter().map(|v| (v.outcome, v.code)).collect()
}

#[test]
fn beyond_what_is_held_of_one_device_its_work_stays_on_it_until_somebody_has_looked() {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 1));
    let (held, full) = ((Outcome::Quarantined, Code::OutOfScope.number()), (Outcome::Waiting, Code::HeldFull.number()));
    let step = u64::try_from(COMMANDS_PER_PUSH_MAX).unwrap();
    let mut room = 1000;
    while room < 1000 + HELD_PER_DEVICE_MAX {
        let to = (room + step).min(1000 + HELD_PER_DEVICE_MAX);
        let reply = brings(&town, &mut wang, 1, room..to);
        assert!(said(&reply).iter().all(|v| *v == held), "{:?}", reply.verdicts);
        room = to;
    }
    let beyond = brings(&town, &mut wang, 1, room..room + 2);
    assert_eq!(said(&beyond), [full, full]);
    let count = |office: &qiaomen_server::office::Office| {
        office.store().read::<_, StoreError>(|tx| tx.quarantine_count("held")).unwrap()
    };
    assert_eq!(count(&town.office), HELD_PER_DEVICE_MAX);
    // It is the device's own bound: what it may do is taken, and of others is held what has to be.
    let kept = std::mem::take(&mut wang.outbox);
    assert_eq!(said(&brings(&town, &mut wang, 0, 101..102)), [(Outcome::Applied, 0)]);
    assert_eq!(said(&brings(&town, &mut li, 0, 201..202)), [held]);
    // Somebody looks at two of them: then there is room, and what was kept comes in full.
    let clerk = town.office.own_worker();
    let why = PutAway { reason: Reason::Mistake, note: None };
    let oldest = HeldAsked { state: Some("held".to_owned()), limit: Some(2), ..HeldAsked::default() };
    for row in find_quarantine(&town.office, &oldest).unwrap() {
        discard(&town.office, row.id, why.clone(), clerk).unwrap();
    }
    wang.outbox = kept;
    assert_eq!(said(&wang.ask(&town.office).unwrap()), [held, held]);
    assert_eq!(said(&wang.ask(&town.office).unwrap()), [held, held], "held once");
    assert_eq!(count(&town.office), HELD_PER_DEVICE_MAX + 1);
}
