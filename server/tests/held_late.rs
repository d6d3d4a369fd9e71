//! What is held because it cannot be taken as it is: from a later program, out of bounds, or with nothing to
//! build on. It waits for a person, whole, and what became of it reaches its phone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{Phone, Town};
use qiaomen_proto::change::{Edit, Path, Scalar};
use qiaomen_proto::entity::household;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, Role};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::envelope::unpack;
use qiaomen_proto::wire::pull::{Outcome, SyncReply};
use qiaomen_proto::wire::push::SYNC_PATH;
use qiaomen_server::ingest::plan::PREDECESSOR_WAIT_MS;
use qiaomen_server::review::{Reason, discard, list_quarantine, release};
use std::collections::HashSet;
use std::sync::atomic::Ordering;

fn outcomes(reply: &SyncReply) -> Vec<(Outcome, u16)> {
    reply.verdicts.iter().map(|v| (v.outcome, v.code)).collect()
}
fn put(container: u8, key: &str, value: Scalar) -> Vec<Edit> {
    vec![Edit { path: Path::new(container, key), value }]
}
fn a_door(town: &Town, phone: &mut Phone) -> DocId {
    let door = phone.register_door(town, 0, "101");
    phone.sync(&town.office);
    door.into()
}

#[test]
fn what_a_later_program_writes_is_held_and_what_this_one_knows_goes_through() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = a_door(&town, &mut wang);
    for (what, code) in [
        // A field that has learnt to hold something else.
        (put(household::FIELDS, "people_count", Scalar::Str("三口半".to_owned())), Code::ValueForm),
        (put(household::FIELDS, "people_count", Scalar::Uint(1_000)), Code::ValueBounds),
    ] {
        wang.write(vec![(door, what)]);
        let mut reply = wang.ask(&town.office).unwrap();
        if reply.verdicts[0].outcome == Outcome::SendInFull {
            wang.form = Form::InFull;
            reply = wang.ask(&town.office).unwrap();
            wang.form = Form::Short;
        }
        assert_eq!(outcomes(&reply), [(Outcome::Quarantined, code.number())]);
        wang.outbox.clear();
        wang.over = wang.base.clone();
    }
    assert_eq!(list_quarantine(&town.office, Some("held")).unwrap().len(), 2);
    wang.write(vec![(door, put(household::FIELDS, "use", Scalar::Str("自住".to_owned())))]);
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), [(Outcome::Applied, 0)]);
}

#[test]
fn what_stands_in_a_part_of_a_document_that_this_program_does_not_know_is_kept_as_it_came() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = a_door(&town, &mut wang);
    wang.write(vec![(door, put(household::FIELDS, "use", Scalar::Str("自住".to_owned())))]);
    // As a later program would write it: nothing here can reckon its hash.
    let mut command = wang.outbox.remove(0);
    command.changes[0].ops[0].path = Path::new(200, "solar_panels");
    command.changes[0].ops[0].value = Scalar::Uint(6);
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    writer.push_as_it_came(&command, [7; 8]);
    let batch = writer.finish();
    let (signed, body) = wang.request_with(batch.clone());
    let answer = town.office.sync(&signed, SYNC_PATH, &body).unwrap();
    let reply: SyncReply = unpack(&answer.body, BODY_BYTES_MAX).unwrap();
    assert_eq!(outcomes(&reply), [(Outcome::Quarantined, Code::Structure.number())]);
    let rows = town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap();
    assert_eq!(rows[0].command_stored, batch, "to the byte");
    let line = list_quarantine(&town.office, Some("held")).unwrap().remove(0);
    assert_eq!((line.places[0].as_str(), line.fits), ("1号楼1单元101", false));
    assert_eq!(release(&town.office, line.id, town.office.own_worker()).unwrap_err().code(), Code::Structure);
}

#[test]
fn what_waits_for_something_that_nobody_brings_is_held_after_three_days_and_let_in_once_it_is_there() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = a_door(&town, &mut wang);
    wang.write(vec![(door, put(household::FIELDS, "use", Scalar::Str("自住".to_owned())))]);
    wang.write(vec![(door, put(household::FIELDS, "use", Scalar::Str("出租".to_owned())))]);
    // The first of the two is kept from the office: its place in the outbox was damaged.
    let first = wang.outbox.remove(0);
    wang.form = Form::InFull;
    let waits = [(Outcome::Waiting, Code::Predecessor.number())];
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), waits);
    town.around.now_ms.fetch_add(PREDECESSOR_WAIT_MS - 1, Ordering::SeqCst);
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), waits, "another phone may still bring it");
    town.around.now_ms.fetch_add(1, Ordering::SeqCst);
    let held = [(Outcome::Quarantined, Code::Predecessor.number())];
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), held);
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), held, "and it is held once");
    let clerk = town.office.own_worker();
    assert_eq!(release(&town.office, 1, clerk).unwrap_err().code(), Code::Predecessor);
    wang.outbox = vec![first];
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), [(Outcome::Applied, 0)]);
    release(&town.office, 1, clerk).unwrap();
    let report = qiaomen_server::verify::verify(&town.office, &mut |_, _| {});
    assert!(report.is_clean(), "{:?}", report.problems);
}

#[test]
fn what_came_in_one_request_behind_something_that_is_held_goes_on_waiting_for_its_phone_to_do_it_again() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = a_door(&town, &mut wang);
    wang.write(vec![(door, put(household::FIELDS, "people_count", Scalar::Uint(1_000)))]);
    wang.write(vec![(door, put(household::FIELDS, "use", Scalar::Str("自住".to_owned())))]);
    wang.form = Form::InFull;
    for _ in 0..2 {
        let reply = wang.ask(&town.office).unwrap();
        assert_eq!((reply.verdicts[1].outcome, reply.verdicts[1].waits_for), (Outcome::Waiting, Some(0)));
        town.around.now_ms.fetch_add(PREDECESSOR_WAIT_MS, Ordering::SeqCst);
    }
}

#[test]
fn the_reason_for_which_something_was_put_away_reaches_its_phone() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    for (n, (reason, code)) in [
        (Reason::DoneAgain, Code::PutAwayDoneAgain),
        (Reason::NotTheirs, Code::PutAwayNotTheirs),
        (Reason::Mistake, Code::PutAwayMistake),
        (Reason::Trial, Code::PutAwayTrial),
        (Reason::Other, Code::PutAway),
    ]
    .into_iter()
    .enumerate()
    {
        wang.register_door(&town, 1, &format!("10{n}"));
        let id = wang.outbox[0].stamp.command;
        wang.ask(&town.office).unwrap();
        let number = i64::try_from(n).unwrap() + 1;
        discard(&town.office, number, reason, town.office.own_worker()).unwrap();
        wang.outbox.clear();
        wang.over = wang.base.clone();
        wang.held = vec![id];
        let fates = wang.ask(&town.office).unwrap().fates.unwrap();
        assert_eq!((fates[0].outcome, fates[0].code), (Outcome::Rejected, code.number()));
        assert!(code.sentence().contains(if reason == Reason::Other { "作废" } else { reason.label() }));
        wang.held.clear();
    }
}
