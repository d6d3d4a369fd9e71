//! A device that tells of another's work, before its author comes or after, does that author no harm.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::ledger::damage;
use crate::phone::{EVENING_MS, Phone, Town};
use qiaomen_proto::change::{Command, Edit, Path, Scalar};
use qiaomen_proto::entity::household;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Role;
use qiaomen_proto::seal::{KeyBundle, SubjectKey};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::envelope::unpack;
use qiaomen_proto::wire::pull::{Outcome, SyncReply, Verdict};
use qiaomen_proto::wire::push::SYNC_PATH;
use qiaomen_server::people::devices::revoke;
use qiaomen_server::review::{list_quarantine, release};
use qiaomen_server::store::sqlite::QuarantineRow;
use std::collections::HashSet;
use std::sync::atomic::Ordering;

const HOUR_MS: u64 = 3_600_000;

/// Wang, who has registered a door and then corrected it, and Li, who has heard of it.
fn wang_and_li() -> (Town, Phone, Phone) {
    let town = Town::new();
    let (mut wang, li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    let door = wang.register_door(&town, 0, "101");
    let edit = Edit { path: Path::new(household::FIELDS, "use"), value: Scalar::Str("出租".to_owned()) };
    wang.write(vec![(door.into(), vec![edit])]);
    (town, wang, li)
}

/// Somebody sends this command, whoever made it.
fn tells(by: &mut Phone, town: &Town, command: &Command) -> Verdict {
    tells_with(by, town, command, &KeyBundle::default())
}

fn tells_with(by: &mut Phone, town: &Town, command: &Command, keys: &KeyBundle) -> Verdict {
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    writer.push(command, Form::InFull).unwrap();
    let (signed, body) = by.ask_for(writer.finish(), keys);
    let answer = town.office.sync(&signed, SYNC_PATH, &body).unwrap();
    unpack::<SyncReply>(&answer.body, usize::MAX - 1).unwrap().verdicts[0].clone()
}

fn held(town: &Town) -> Vec<QuarantineRow> {
    town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap()
}

#[test]
fn what_waited_because_another_told_of_it_first_stands_in_its_author_s_name_when_it_is_taken() {
    let (town, mut wang, mut li) = wang_and_li();
    let correction = wang.outbox[1].clone();
    assert_eq!(tells(&mut li, &town, &correction).outcome, Outcome::Waiting);
    town.around.now_ms.store(EVENING_MS + HOUR_MS, Ordering::SeqCst);
    let verdicts = wang.ask(&town.office).unwrap().verdicts;
    assert!(verdicts.iter().all(|v| v.outcome == Outcome::Applied), "{verdicts:?}");
    let (id, device) = (correction.stamp.command, wang.by.device);
    let (author, arrival) = town
        .office
        .store()
        .read(|tx| Ok::<_, qiaomen_server::store::StoreError>((tx.applied_by(id)?, tx.command_arrival(id, device)?)))
        .unwrap();
    assert_eq!(author, Some(wang.by.worker));
    assert_eq!(arrival.map(|(at, _)| at), Some(EVENING_MS + HOUR_MS), "it came when its author brought it");
}

#[test]
fn work_that_another_told_of_as_its_own_is_taken_from_its_author_all_the_same() {
    let (town, mut wang, mut li) = wang_and_li();
    let registration = wang.outbox[0].clone();
    let verdict = tells(&mut li, &town, &registration);
    assert_eq!((verdict.outcome, verdict.code), (Outcome::Quarantined, Code::NotTheAuthor.number()));
    let verdicts = wang.ask(&town.office).unwrap().verdicts;
    assert!(verdicts.iter().all(|v| v.outcome == Outcome::Applied), "{verdicts:?}");
    // What Li told stays on the desk for somebody to put away; it cannot be let in beside the true one.
    let [told] = held(&town).try_into().unwrap();
    assert_eq!((told.command, told.device), (registration.stamp.command, li.by.device));
    assert!(release(&town.office, told.id, town.office.own_worker()).is_err());
    assert_eq!(town.office.store().read(|tx| tx.applied_by(told.command)).unwrap(), Some(wang.by.worker));
}

#[test]
fn work_of_which_another_has_told_is_held_in_its_author_s_name_and_can_be_let_in() {
    let (town, mut wang, mut li) = wang_and_li();
    wang.outbox.truncate(1);
    tells(&mut li, &town, &wang.outbox[0].clone());
    revoke(&town.office, wang.by.device, town.office.own_worker()).unwrap();
    let verdict = wang.ask(&town.office).unwrap().verdicts[0].clone();
    assert_eq!((verdict.outcome, verdict.code), (Outcome::Quarantined, Code::Revoked.number()));
    let [one] = held(&town).try_into().unwrap();
    assert_eq!((one.device, one.worker, one.code), (wang.by.device, wang.by.worker, Code::Revoked.number()));
    release(&town.office, one.id, town.office.own_worker()).unwrap();
    assert_eq!(town.office.store().read(|tx| tx.applied_by(one.command)).unwrap(), Some(wang.by.worker));
}

#[test]
fn work_that_was_put_away_when_another_told_of_it_is_looked_at_again_when_its_author_brings_it() {
    let (town, mut wang, mut li) = wang_and_li();
    wang.outbox.truncate(1);
    tells(&mut li, &town, &wang.outbox[0].clone());
    let [told] = held(&town).try_into().unwrap();
    let why = qiaomen_server::review::discard::Reason::ALL[0];
    qiaomen_server::review::discard(&town.office, told.id, why, town.office.own_worker()).unwrap();
    revoke(&town.office, wang.by.device, town.office.own_worker()).unwrap();
    wang.ask(&town.office).unwrap();
    let [one] = held(&town).try_into().unwrap();
    assert_eq!((one.device, one.settled), (wang.by.device, None));
}

#[test]
fn what_its_author_waits_with_keeps_its_day_whoever_tells_of_it_meanwhile() {
    let (town, mut wang, mut li) = wang_and_li();
    let correction = wang.outbox[1].clone();
    assert_eq!(tells(&mut wang, &town, &correction).outcome, Outcome::Waiting);
    town.around.now_ms.store(EVENING_MS + HOUR_MS, Ordering::SeqCst);
    assert_eq!(tells(&mut li, &town, &correction).outcome, Outcome::Waiting);
    let pairs: Vec<_> = correction.changes.iter().map(|c| (c.doc, c.hash().unwrap())).collect();
    let check = qiaomen_proto::change::command::check_of(&pairs);
    let since = town.office.store().read(|tx| tx.waiting_since(correction.stamp.command, check)).unwrap();
    assert_eq!(since, Some(EVENING_MS));
}

#[test]
fn work_of_which_another_has_told_without_its_keys_can_be_read_once_somebody_brings_them() {
    let (town, mut wang, mut li) = wang_and_li();
    wang.sync(&town.office);
    let door = wang.register_door(&town, 0, "102");
    wang.sync(&town.office);
    let person = wang.register_resident(1, door, "王建国", "13800000000");
    let registration = wang.outbox[0].clone();
    // Li has heard of it and has keys of her own making for it. Wang's phone is Zhao's by now, and still has the true one.
    let wrong = (0..3).map(|n| (person.0, SubjectKey::from_bytes([n; 32])));
    let verdict = tells_with(&mut li, &town, &registration, &wrong.collect());
    assert_eq!((verdict.outcome, verdict.code), (Outcome::Quarantined, Code::NotTheAuthor.number()));
    let reads =
        || list_quarantine(&town.office, Some("held")).unwrap().iter().any(|h| h.what.join(" ").contains("王建国"));
    assert!(!reads(), "nothing opens it");
    let mut zhao = town.phone(3, Role::GridWorker, 0);
    let keys: KeyBundle = wang.ring.keys_of(&person.0).map(|(_, key)| (person.0, key.clone())).collect();
    assert_eq!(tells_with(&mut zhao, &town, &registration, &keys).outcome, Outcome::Quarantined);
    assert!(reads(), "the clerk sees whom it is about");
    assert_eq!(held(&town).len(), 1);
}

/// What the office would be if it had been restored from a backup of before this phone was enrolled.
fn forgets(town: &Town, phone: &Phone) {
    let id = phone.by.device.as_bytes().iter().map(|b| format!("{b:02x}")).collect::<String>();
    damage(&town.office, &format!("DELETE FROM device WHERE id = x'{id}'; DELETE FROM actor WHERE device = x'{id}'"));
}

#[test]
fn work_of_a_device_that_the_office_forgot_can_be_let_in_in_its_author_s_name() {
    let (town, wang, _) = wang_and_li();
    forgets(&town, &wang);
    // The phone is Zhao's by now, who brings what Wang had left on it.
    let mut zhao = town.phone(3, Role::GridWorker, 0);
    let (registration, correction) = (wang.outbox[0].clone(), wang.outbox[1].clone());
    assert_eq!(tells(&mut zhao, &town, &registration).code, Code::NotTheAuthor.number());
    let [one] = list_quarantine(&town.office, Some("held")).unwrap().try_into().unwrap();
    assert!(one.fits && one.why.contains("没有登记") && one.signed_by.is_some(), "{one:?}");
    release(&town.office, one.id, town.office.own_worker()).unwrap();
    let author = |id| town.office.store().read(|tx| tx.applied_by(id)).unwrap();
    assert_eq!(author(registration.stamp.command), Some(wang.by.worker));
    // So with what builds on it.
    tells(&mut zhao, &town, &correction);
    let [two] = list_quarantine(&town.office, Some("held")).unwrap().try_into().unwrap();
    release(&town.office, two.id, town.office.own_worker()).unwrap();
    assert_eq!(author(correction.stamp.command), Some(wang.by.worker));
    let report = qiaomen_server::verify::verify(&town.office, &mut |_, _| {});
    assert!(report.is_clean(), "{:?}", report.problems);
}

#[test]
fn work_that_claims_to_be_of_nobody_on_the_roster_or_of_a_device_that_can_bring_it_is_not_let_in() {
    let (town, wang, mut li) = wang_and_li();
    let registration = wang.outbox[0].clone();
    tells(&mut li, &town, &registration);
    let [of_wang] = held(&town).try_into().unwrap();
    assert!(release(&town.office, of_wang.id, town.office.own_worker()).is_err(), "Wang's phone can bring it");
    forgets(&town, &wang);
    damage(&town.office, &format!("DELETE FROM worker WHERE id = x'{}'", "01".repeat(16)));
    assert!(release(&town.office, of_wang.id, town.office.own_worker()).is_err(), "and there is no such person");
}
