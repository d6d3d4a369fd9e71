//! The office's core, asked by honest phones made of nothing but the shared language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::phone::Town;
use qiaomen_proto::change::{Command, Edit, Path, Scalar};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, Role};
use qiaomen_proto::merge::conflict::conflicts;
use qiaomen_proto::seal::KeyRing;
use qiaomen_proto::wire::auth::RECEIPT_CONTEXT;
use qiaomen_proto::wire::batch::Form;
use qiaomen_proto::wire::pull::{Directive, Outcome, receipt_message};
use qiaomen_proto::wire::unbatch::DraftBatch;
use qiaomen_server::office::OfficeError;
use qiaomen_server::store::StoreError;
use std::sync::atomic::Ordering;

fn outcomes(reply: &qiaomen_proto::wire::pull::SyncReply) -> Vec<(Outcome, u16)> {
    reply.verdicts.iter().map(|v| (v.outcome, v.code)).collect()
}

#[test]
fn what_one_phone_registers_another_of_the_grid_sees_and_a_third_elsewhere_does_not() {
    let town = Town::new();
    let (mut wang, mut li, mut other) =
        (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridLeader, 0), town.phone(3, Role::GridWorker, 1));
    let door = wang.register_door(&town, 0, "101");
    let zhang = wang.register_resident(50, door, "张三", "13900000001");
    let reply = wang.sync(&town.office);
    assert_eq!(outcomes(&reply), vec![(Outcome::Applied, 0); 2]);
    li.sync(&town.office);
    other.sync(&town.office);
    assert!(li.base.contains_key(&door.into()) && li.base.contains_key(&zhang.into()));
    assert!(other.base.is_empty());
    let sealed = li.base[&zhang.into()].visible(&Path::new(0, "name"))[0].value.clone();
    assert_eq!(li.ring.open(&zhang.0, "name", sealed.as_bytes().unwrap()).unwrap(), "张三".as_bytes());
    assert!(other.ring.is_empty());
}

#[test]
fn a_reply_that_was_lost_makes_duplicates_and_nothing_else() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    wang.register_resident(50, door, "张三", "13900000001");
    let lost = wang.ask(&town.office).unwrap();
    assert_eq!(outcomes(&lost), vec![(Outcome::Applied, 0); 2]);
    let again = wang.sync(&town.office);
    assert_eq!(outcomes(&again), vec![(Outcome::Duplicate, 0); 2]);
    assert!(wang.outbox.is_empty());
}

#[test]
fn the_receipt_proves_what_the_office_has() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(&town, 0, "101");
    let pairs: Vec<_> = wang.outbox[0].changes.iter().map(|c| (c.doc, c.hash().unwrap())).collect();
    let check = qiaomen_proto::change::command::check_of(&pairs);
    let reply = wang.ask(&town.office).unwrap();
    let message = receipt_message(&reply.incarnation, wang.by.device, wang.counter, &[check]);
    let signature: [u8; 64] = reply.receipt.try_into().unwrap();
    town.office.secrets().signing.verify_key().verify(RECEIPT_CONTEXT, &message, &signature).unwrap();
}

#[test]
fn two_workers_change_one_phone_number_and_the_office_has_one_conflict_with_both() {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    let door = wang.register_door(&town, 0, "101");
    let zhang = wang.register_resident(50, door, "张三", "13900000001");
    wang.sync(&town.office);
    li.sync(&town.office);
    wang.set_phone(zhang, "13900000002");
    li.set_phone(zhang, "13900000003");
    wang.sync(&town.office);
    li.sync(&town.office);
    wang.sync(&town.office);
    let rows = town.office.store().read(|tx| tx.conflicts(Some("open"))).unwrap();
    assert_eq!(rows.len(), 1);
    let (a, b) = (conflicts(&wang.base[&zhang.into()], &wang.ring), conflicts(&li.base[&zhang.into()], &li.ring));
    assert_eq!(a, b);
    assert_eq!(a[0].reading.candidates.len(), 2);
    let office = town.office.store().read(|tx| tx.register(zhang.into())).unwrap().unwrap();
    assert_eq!(conflicts(&office, &wang.ring), a);
}

#[test]
fn what_builds_on_a_held_command_waits_and_the_rest_goes_through() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    let put = |key: &str, value: Scalar| Edit { path: Path::new(0, key), value };
    wang.write(vec![(door.into(), vec![put("people_count", Scalar::Uint(1_000))])]);
    wang.write(vec![(door.into(), vec![put("use", Scalar::Str("自住".into()))])]);
    wang.register_door(&town, 0, "102");
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(reply.verdicts[0].outcome, Outcome::Quarantined);
    assert_eq!(reply.verdicts[0].code, Code::ValueBounds.number());
    assert_eq!((reply.verdicts[1].outcome, reply.verdicts[1].waits_for), (Outcome::Waiting, Some(0)));
    assert_eq!(reply.verdicts[2].outcome, Outcome::Applied);
}

#[test]
fn a_door_of_another_grid_is_held_whole_for_a_person_to_look_at() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(&town, 1, "101");
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(outcomes(&reply), vec![(Outcome::Quarantined, Code::OutOfScope.number())]);
    let again = wang.ask(&town.office).unwrap();
    assert_eq!(outcomes(&again), outcomes(&reply));
    let held = town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap();
    assert_eq!(held.len(), 1);
    assert!(!held[0].command_stored.is_empty());
}

#[test]
fn a_cloned_phone_is_told_to_take_a_new_actor_and_its_command_is_held() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    let put =
        |value: &str| vec![(door.into(), vec![Edit { path: Path::new(0, "use"), value: Scalar::Str(value.into()) }])];
    wang.write(put("自住"));
    let first = wang.outbox.clone();
    wang.sync(&town.office);
    // The clone stands where the phone stood before, under the same actor.
    wang.over = wang.base.clone();
    let register = wang.over.get_mut(&door.into()).unwrap();
    *register = qiaomen_proto::merge::Register::genesis(door.into());
    let changes = town.office.store().read(|tx| tx.changes(door.into())).unwrap();
    register.apply(&changes[0].1, changes[0].1.hash().unwrap());
    wang.write(put("出租"));
    assert_eq!(wang.outbox[0].changes[0].seq, first[0].changes[0].seq);
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(outcomes(&reply), vec![(Outcome::Quarantined, Code::Fork.number())]);
    assert!(reply.directives.contains(&Directive::RenewActor));
}

#[test]
fn an_act_that_a_copy_of_the_phone_has_brought_is_taken_once_and_its_sibling_is_told_so() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    let put = |key: &str, value: Scalar| vec![Edit { path: Path::new(0, key), value }];
    let used = || put("use", Scalar::Str("自住".into()));
    // Both phones have this unsent when one becomes two.
    wang.write(vec![(door.into(), used())]);
    let act = wang.outbox.remove(0);
    let copy = wang.base[&door.into()].clone();
    // The copy's other work has used up the number that the act has here; the act itself it has done again.
    wang.over = wang.base.clone();
    wang.write(vec![(door.into(), put("people_count", Scalar::Uint(3)))]);
    wang.sync(&town.office);
    let again = copy.make_change(Actor([77; 16]), act.stamp, used());
    wang.outbox = vec![Command { stamp: act.stamp, changes: vec![again] }];
    assert_eq!(outcomes(&wang.sync(&town.office)), [(Outcome::Applied, 0)]);

    wang.outbox = vec![act.clone()];
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(outcomes(&reply), [(Outcome::Rejected, Code::TakenBefore.number())]);
    assert!(reply.directives.contains(&Directive::RenewActor), "it works on a copy");
    let (changes, held) =
        town.office.store().read(|tx| Ok::<_, StoreError>((tx.changes(door.into())?, tx.quarantine(None)?))).unwrap();
    assert_eq!(changes.iter().filter(|(_, c)| c.stamp.command == act.stamp.command).count(), 1);
    assert!(held.is_empty(), "there is nothing to decide");
}

#[test]
fn a_copied_request_is_refused_and_says_where_the_count_stands() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(&town, 0, "101");
    let (signed, body) = wang.request();
    let path = qiaomen_proto::wire::push::SYNC_PATH;
    town.office.sync(&signed, path, &body).unwrap();
    let refusal = town.office.sync(&signed, path, &body).unwrap_err();
    assert_eq!((refusal.code, refusal.counter), (Code::Replayed, Some(1)));
    let mut forged = signed.clone();
    forged.counter = 7;
    assert_eq!(town.office.sync(&forged, path, &body).unwrap_err().code, Code::NotSigned);
}

#[test]
fn somebody_elses_actor_or_name_is_never_taken_at_its_word() {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    li.actor = wang.actor;
    li.register_door(&town, 0, "102");
    assert_eq!(outcomes(&li.ask(&town.office).unwrap()), vec![(Outcome::Quarantined, Code::NotTheActor.number())]);
    li.outbox.clear();
    li.over.clear();
    (li.actor, li.by.role) = (Actor([77; 16]), Role::Office);
    li.register_door(&town, 0, "103");
    assert_eq!(outcomes(&li.ask(&town.office).unwrap()), vec![(Outcome::Quarantined, Code::NotTheAuthor.number())]);
}

#[test]
fn a_person_who_moves_leaves_one_grid_and_comes_into_the_other_with_her_key() {
    let town = Town::new();
    let (mut wang, mut zhao) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 1));
    let (door, there) = (wang.register_door(&town, 0, "101"), zhao.register_door(&town, 1, "201"));
    let zhang = wang.register_resident(50, door, "张三", "13900000001");
    wang.sync(&town.office);
    zhao.sync(&town.office);
    assert!(!zhao.base.contains_key(&zhang.into()));
    wang.write(vec![(
        zhang.into(),
        vec![Edit { path: Path::new(0, "household"), value: Scalar::Str(there.to_string()) }],
    )]);
    wang.sync(&town.office);
    zhao.sync(&town.office);
    assert!(!wang.base.contains_key(&zhang.into()), "she left the grid");
    assert!(zhao.base.contains_key(&zhang.into()));
    assert!(zhao.ring.sealing_key(&zhang.0).is_some());
    zhao.set_phone(zhang, "13900000009");
    assert_eq!(outcomes(&zhao.sync(&town.office)), vec![(Outcome::Applied, 0)]);
}

#[test]
fn a_person_is_held_while_her_door_is_not_at_the_office() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridLeader, 0);
    wang.register_resident(50, town.door(0, "101"), "张三", "13900000001");
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), vec![(Outcome::Quarantined, Code::UnknownDoor.number())]);
    wang.outbox.clear();
    wang.over.clear();
    // Behind a door that is held, she is held as well.
    let door = wang.register_door(&town, 1, "101");
    wang.register_resident(51, door, "李四", "13900000002");
    let held = [Code::OutOfScope, Code::UnknownDoor].map(|code| (Outcome::Quarantined, code.number()));
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), held);
}

#[test]
fn a_visit_dated_into_a_grid_that_was_not_the_workers_is_held() {
    use qiaomen_proto::ids::DiaryId;
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let on = chrono::NaiveDate::from_ymd_opt(2026, 9, 21).unwrap();
    let diary = DiaryId::of(wang.by.worker, town.grids[1], on);
    let put = |key: &str, value: String| Edit { path: Path::new(0, key), value: Scalar::Str(value) };
    let (worker, grid) = (wang.by.worker.to_string(), town.grids[1].to_string());
    wang.write(vec![(diary.into(), vec![put("worker", worker), put("grid", grid), put("on", on.to_string())])]);
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), vec![(Outcome::Quarantined, Code::OutOfScope.number())]);
}

#[test]
fn a_first_load_comes_in_pages_and_what_happened_meanwhile_follows() {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    for chunk in 0..3u32 {
        for n in 0..200u32 {
            wang.register_door(&town, 0, &format!("{}", 1000 + chunk * 200 + n));
        }
        wang.at_ms += 1;
        wang.sync(&town.office);
    }
    let first = li.ask(&town.office).unwrap();
    assert!(first.more);
    let progress = first.progress.unwrap();
    assert_eq!((progress.done, progress.total), (256, 600));
    li.apply(&first);
    assert_eq!(li.base.len(), 256, "usable before it is complete");
    let door = town.door(0, "1000");
    wang.write(vec![(door.into(), vec![Edit { path: Path::new(0, "use"), value: Scalar::Str("自住".into()) }])]);
    wang.sync(&town.office);
    li.sync(&town.office);
    assert_eq!(li.base.len(), 600);
    assert_eq!(li.base[&door.into()].heads(), wang.base[&door.into()].heads());
}

#[test]
fn a_phone_that_compares_is_given_the_keys_of_what_it_has_just_as_the_office() {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    let door = wang.register_door(&town, 0, "101");
    let zhang = wang.register_resident(50, door, "张三", "13900000001");
    wang.sync(&town.office);
    li.sync(&town.office);
    // This key has come since, with what somebody gave back to a restored office; it opens what is yet to come.
    li.ring = KeyRing::new();
    (li.cursor, li.compares) = (Vec::new(), true);
    let reply = li.sync(&town.office);
    assert_eq!((reply.arrived[0].docs.len(), reply.progress.unwrap().done, reply.more), (2, 2, false));
    assert!(DraftBatch::read(&reply.batch, 512).unwrap().commands.is_empty(), "no change travels");
    assert!(li.ring.sealing_key(&zhang.0).is_some());
    wang.set_phone(zhang, "13900000002");
    wang.sync(&town.office);
    li.compares = false;
    li.sync(&town.office);
    let sealed = li.base[&zhang.into()].visible(&Path::new(0, "phone"))[0].value.clone();
    assert_eq!(li.ring.open(&zhang.0, "phone", sealed.as_bytes().unwrap()).unwrap(), "13900000002".as_bytes());
}

#[test]
fn nothing_left_out_says_the_same_as_everything_left_out() {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    wang.form = Form::InFull;
    let door = wang.register_door(&town, 0, "101");
    wang.register_resident(50, door, "张三", "13900000001");
    assert_eq!(outcomes(&wang.sync(&town.office)), vec![(Outcome::Applied, 0); 2]);
    li.sync(&town.office);
    assert_eq!(li.base[&door.into()].heads(), wang.base[&door.into()].heads());
}

#[test]
fn a_revoked_phone_hands_over_what_it_holds_and_is_told_to_wipe() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(&town, 0, "101");
    let device = wang.by.device;
    town.office.store().write(move |tx| tx.revoke_device(device, 1).map_err(OfficeError::from)).unwrap();
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(outcomes(&reply), vec![(Outcome::Quarantined, Code::Revoked.number())]);
    assert_eq!(reply.directives, vec![Directive::Wipe]);
    assert!(reply.batch.is_empty() && reply.keys.is_empty());
}

#[test]
fn what_builds_on_held_work_of_a_revoked_phone_is_held_with_it_and_waits_for_nothing() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    for used in ["自住", "出租"] {
        let put = Edit { path: Path::new(0, "use"), value: Scalar::Str(used.into()) };
        wang.write(vec![(door.into(), vec![put])]);
    }
    let device = wang.by.device;
    town.office.store().write(move |tx| tx.revoke_device(device, 1).map_err(OfficeError::from)).unwrap();
    let revoked = (Outcome::Quarantined, Code::Revoked.number());
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), [revoked, (Outcome::SendInFull, 0)]);
    wang.form = Form::InFull;
    assert_eq!(outcomes(&wang.ask(&town.office).unwrap()), [revoked; 2], "nothing is left on it");
    assert_eq!(town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap().len(), 2);
}

#[test]
fn a_sealed_value_without_its_key_is_held_until_the_key_comes() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    wang.register_resident(50, door, "张三", "13900000001");
    let ring = std::mem::take(&mut wang.ring);
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(reply.verdicts[1].code, Code::KeyMissing.number());
    wang.ring = ring;
    town.around.now_ms.fetch_add(1000, Ordering::SeqCst);
    assert_eq!(wang.ask(&town.office).unwrap().verdicts[1].outcome, Outcome::Quarantined, "a person is looking at it");
}

#[test]
fn a_command_that_breaks_inside_the_office_stays_in_the_outbox_and_the_others_go_through() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    let key = qiaomen_proto::ids::DocId::from(door).key();
    let db = rusqlite::Connection::open(town.dir.path().join("office.db")).unwrap();
    db.execute("UPDATE document SET register = x'00' WHERE doc = ?1", [key]).unwrap();
    wang.write(vec![(door.into(), vec![Edit { path: Path::new(0, "use"), value: Scalar::Str("自住".into()) }])]);
    wang.register_door(&town, 0, "102");
    let (signed, body) = wang.request();
    let request = qiaomen_proto::wire::push::SYNC_PATH;
    assert!(town.office.sync(&signed, request, &body).is_ok());
    let doors = town.office.store().read(|tx| tx.counts()).unwrap()[0];
    assert_eq!(doors, 2, "the door behind the damaged one came through");
}

#[test]
fn a_phone_that_asks_learns_what_the_clerk_did_with_what_was_held() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(&town, 1, "101");
    wang.register_door(&town, 1, "102");
    let ids: Vec<_> = wang.outbox.iter().map(|c| c.stamp.command).collect();
    wang.ask(&town.office).unwrap();
    let clerk = town.office.own_worker();
    qiaomen_server::review::release(&town.office, 1, clerk).unwrap();
    let reason = qiaomen_server::review::Reason::ALL[0];
    qiaomen_server::review::discard(&town.office, 2, reason, clerk).unwrap();
    wang.outbox.clear();
    wang.held = ids.clone();
    let fates = wang.ask(&town.office).unwrap().fates.unwrap();
    let fates: Vec<_> = fates.iter().map(|f| (*f.command, f.outcome, f.code)).collect();
    let expected = [(Outcome::Applied, 0), (Outcome::Rejected, Code::PutAwayDoneAgain.number())];
    let expected: Vec<_> = ids.iter().zip(expected).map(|(id, (o, c))| (*id.as_bytes(), o, c)).collect();
    assert_eq!(fates, expected);
    // The same phone may be enrolled anew meanwhile, even for somebody else: whoever has the id may ask,
    // and nobody guesses one.
    let mut anew = town.phone(2, Role::GridWorker, 0);
    anew.held = ids;
    assert_eq!(anew.ask(&town.office).unwrap().fates.map(|f| f.len()), Some(2));
}
