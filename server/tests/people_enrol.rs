//! How a device becomes one of the office's, and how it does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::phone::Town;
use crate::staff::{hire, request};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, DeviceId, Role};
use qiaomen_server::office::{DATABASE_NAME, Office, OfficeError};
use qiaomen_server::people::attempts::{CODE_WINDOW_MS, WRONG_CODES_MAX, WRONG_CODES_PER_SOURCE_MAX, WrongCodes};
use qiaomen_server::people::code::OneTimeCode;
use qiaomen_server::people::devices::{devices, revoke};
use qiaomen_server::people::enrol::{CODE_LIFE_MS, MadeCode};
use qiaomen_server::people::source::Source;
use qiaomen_server::people::{EnrolCodeError, EnrolRefusal, enrol_code, enrol_device, enrol_device_from};
use qiaomen_server::store::{StoreError, Tx};
use std::net::IpAddr;
use std::sync::atomic::Ordering;

fn made(town: &Town, worker: &str, grid: Option<&str>) -> MadeCode {
    enrol_code(&town.office, worker, grid, town.office.own_worker()).unwrap()
}

#[test]
fn a_code_makes_one_device_of_its_worker_and_no_second() {
    let town = Town::new();
    let wang = hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let made = made(&town, "王建国", Some("第1网格"));
    assert!(!made.grid_given);
    let code = made.code.to_string().to_lowercase().replace('-', " ");
    let reply = enrol_device(&town.office, request(&code, 7)).unwrap();
    assert_eq!((reply.worker, reply.role), (*wang.as_bytes(), Role::GridWorker.number()));
    assert_eq!(reply.office_verify_key, town.office.secrets().signing.verify_key().0);
    let second = enrol_device(&town.office, request(&code, 8)).unwrap_err();
    assert_eq!(second.code, Code::EnrolCode);
    let list = devices(&town.office).unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].id.as_bytes(), list[0].worker_name.as_str()), (&reply.device, "王建国"));
    let bound = town.office.store().read(|tx| tx.device_of_actor(&Actor([7; 16]))).unwrap();
    assert_eq!(bound, Some(DeviceId::from_bytes(reply.device)));
}

#[test]
fn an_answer_that_was_lost_can_be_asked_for_again_by_the_same_device_only() {
    let town = Town::new();
    hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let code = made(&town, "王建国", None).code.to_string();
    let first = enrol_device(&town.office, request(&code, 7)).unwrap();
    town.around.now_ms.fetch_add(60_000, Ordering::SeqCst);
    let again = enrol_device(&town.office, request(&code, 7)).unwrap();
    assert_eq!(again.device, first.device);
    let mut copied = request(&code, 7);
    copied.box_key = [9; 32];
    assert!(enrol_device(&town.office, copied).is_err());
    assert_eq!(devices(&town.office).unwrap().len(), 1);
}

#[test]
fn a_copy_of_another_device_s_store_is_not_enrolled_as_a_second_device() {
    let town = Town::new();
    hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let first = made(&town, "王建国", None).code.to_string();
    enrol_device(&town.office, request(&first, 7)).unwrap();
    let second = made(&town, "王建国", None).code.to_string();
    assert_eq!(enrol_device(&town.office, request(&second, 7)).unwrap_err().code, Code::Structure);
    let mut same_actor = request(&second, 8);
    same_actor.actor = [7; 16];
    assert_eq!(enrol_device(&town.office, same_actor).unwrap_err().code, Code::Structure);
    let mut the_office = request(&second, 8);
    the_office.actor = town.office.identity().incarnation;
    assert_eq!(enrol_device(&town.office, the_office).unwrap_err().code, Code::Structure);
    // The code is still good for a device of its own.
    enrol_device(&town.office, request(&second, 8)).unwrap();
}

#[test]
fn a_code_is_good_for_a_day_and_not_a_moment_longer() {
    let town = Town::new();
    hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let (early, late) = (made(&town, "王建国", None), made(&town, "王建国", None));
    town.around.now_ms.fetch_add(CODE_LIFE_MS - 1, Ordering::SeqCst);
    enrol_device(&town.office, request(&early.code.to_string(), 7)).unwrap();
    town.around.now_ms.fetch_add(1, Ordering::SeqCst);
    let refused = enrol_device(&town.office, request(&late.code.to_string(), 8)).unwrap_err();
    assert_eq!(refused.code, Code::EnrolCode);
}

/// Wrong codes until this place has to wait.
fn guesses(town: &Town, from: Source) {
    for n in 0..WRONG_CODES_PER_SOURCE_MAX {
        let guess = if n % 2 == 0 { "7F3K-9QXM-2B4C" } else { "不是登记码" };
        let refused = enrol_device_from(&town.office, request(guess, 9), Some(from)).unwrap_err();
        assert_eq!(refused, EnrolRefusal::from(Code::EnrolCode), "guess {n}");
    }
}

#[test]
fn who_guesses_codes_has_to_wait_and_nobody_else_has() {
    let town = Town::new();
    hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let [right, other, later] = [(); 3].map(|()| made(&town, "王建国", None).code.to_string());
    let place = |n: u8| Source::of(IpAddr::from([10, 0, 0, n]));
    guesses(&town, place(1));
    // Not even the true code goes through from there: else the wait would say which guess is right.
    let refused = enrol_device_from(&town.office, request(&right, 7), Some(place(1))).unwrap_err();
    assert_eq!((refused.code, refused.retry_after_s), (Code::TooMany, Some(CODE_WINDOW_MS / 1000)));
    enrol_device_from(&town.office, request(&other, 8), Some(place(2))).unwrap();
    enrol_device(&town.office, request(&later, 6)).unwrap();
    town.around.now_ms.fetch_add(CODE_WINDOW_MS, Ordering::SeqCst);
    enrol_device_from(&town.office, request(&right, 7), Some(place(1))).unwrap();
}

#[test]
fn guesses_from_everywhere_are_bounded_together_also_over_a_restart() {
    let town = Town::new();
    hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let right = made(&town, "王建国", None).code.to_string();
    let almost = WrongCodes { since_ms: town.office.now_ms(), count: WRONG_CODES_MAX - 1 };
    let note = move |tx: &Tx<'_>| tx.set_meta("wrong_enrol_codes", &almost.to_bytes());
    town.office.store().write::<_, StoreError, _>(note).unwrap();
    let reopened = Office::open_with(town.dir.path(), town.around.clone()).unwrap();
    assert_eq!(enrol_device(&reopened, request("7F3K-9QXM-2B4C", 9)).unwrap_err().code, Code::EnrolCode);
    assert_eq!(enrol_device(&reopened, request(&right, 7)).unwrap_err().code, Code::TooMany);
    town.around.now_ms.fetch_add(CODE_WINDOW_MS, Ordering::SeqCst);
    enrol_device(&reopened, request(&right, 7)).unwrap();
}

#[test]
fn the_office_s_own_role_can_never_be_enrolled_from_outside() {
    let town = Town::new();
    let clerk = hire(&town, 1, "赵敏", Role::Office, &[]);
    let refused = enrol_code(&town.office, "赵敏", None, town.office.own_worker());
    assert!(matches!(refused, Err(EnrolCodeError::OfficeRole)));
    // Not even with a code that somebody put into the database.
    let code = OneTimeCode::from_random([3; 8]);
    let (hash, now_ms) = (code.hash(), town.office.now_ms());
    let put = move |tx: &Tx<'_>| tx.add_enrol_code(hash, clerk, now_ms, now_ms + CODE_LIFE_MS);
    town.office.store().write::<_, StoreError, _>(put).unwrap();
    assert_eq!(enrol_device(&town.office, request(&code.to_string(), 7)).unwrap_err().code, Code::EnrolCode);
    assert!(devices(&town.office).unwrap().is_empty());
}

#[test]
fn of_two_with_one_name_the_grid_tells_which_and_without_it_both_are_listed() {
    let town = Town::new();
    let first = hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    hire(&town, 2, "王建国", Role::GridLeader, &[1]);
    let by = town.office.own_worker();
    let Err(EnrolCodeError::Several { found }) = enrol_code(&town.office, "王建国", None, by) else { panic!() };
    assert_eq!(found.len(), 2);
    let sentence = EnrolCodeError::Several { found }.to_string();
    assert!(sentence.contains("网格长（第2网格") && sentence.contains("网格员（第1网格"), "{sentence}");
    assert_eq!(made(&town, "王建国", Some("第1网格")).worker.id, first);
    assert_eq!(made(&town, &first.to_string(), None).worker.id, first);
}

#[test]
fn a_worker_who_does_not_have_the_grid_is_given_it_from_now_on() {
    let town = Town::new();
    let li = hire(&town, 1, "李秀英", Role::GridWorker, &[0]);
    let before = town.office.store().read(|tx| town.office.versions(tx)).unwrap();
    let made = made(&town, "李秀英", Some("第2网格"));
    assert!(made.grid_given);
    assert_eq!(made.worker.grids, ["第1网格", "第2网格"]);
    let (then, now) = (crate::phone::EVENING_MS - 1, crate::phone::EVENING_MS);
    let grids = |at| town.office.store().read(|tx| tx.grids_at(li, at)).unwrap();
    assert_eq!(grids(then), [town.grids[0]]);
    assert_eq!(grids(now).len(), 2);
    let after = town.office.store().read(|tx| town.office.versions(tx)).unwrap();
    assert!(after.0 > before.0 && after.1 > before.1);
}

#[test]
fn a_name_is_found_however_its_blanks_and_dots_are_written_and_nobody_is_said_so() {
    let town = Town::new();
    let id = hire(&town, 1, "乌云·其其格", Role::GridWorker, &[0]);
    assert_eq!(made(&town, "乌云 其其格", None).worker.id, id);
    let by = town.office.own_worker();
    assert!(matches!(enrol_code(&town.office, "乌云", None, by), Err(EnrolCodeError::Nobody { .. })));
    let Err(EnrolCodeError::NoGrid { known, .. }) = enrol_code(&town.office, "乌云其其格", Some("第9网格"), by)
    else {
        panic!()
    };
    assert_eq!(known, ["第1网格", "第2网格"]);
}

#[test]
fn neither_code_nor_name_is_readable_in_the_database() {
    let town = Town::new();
    hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let code = made(&town, "王建国", None).code.to_string();
    enrol_device(&town.office, request(&code, 7)).unwrap();
    for file in [DATABASE_NAME.to_owned(), format!("{DATABASE_NAME}-wal")] {
        let bytes = std::fs::read(town.dir.path().join(&file)).unwrap();
        for secret in [code.as_str(), &code.replace('-', ""), "王建国"] {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} in {file}");
        }
    }
}

#[test]
fn a_device_is_revoked_once_and_the_list_says_so() {
    let town = Town::new();
    hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let code = made(&town, "王建国", None).code.to_string();
    let id = DeviceId::from_bytes(enrol_device(&town.office, request(&code, 7)).unwrap().device);
    let by = town.office.own_worker();
    assert!(revoke(&town.office, id, by).unwrap());
    assert!(!revoke(&town.office, id, by).unwrap());
    assert!(!revoke(&town.office, DeviceId::from_bytes([1; 16]), by).unwrap());
    assert_eq!(devices(&town.office).unwrap()[0].revoked_ms, Some(crate::phone::EVENING_MS));
    // A device whose access was taken back does not come back by asking for its answer again.
    assert!(enrol_device(&town.office, request(&code, 7)).is_err());
    let (rows, broken) = town.office.store().read(|tx| tx.check_audit().map_err(OfficeError::from)).unwrap();
    assert_eq!((rows, broken), (3, None));
}
