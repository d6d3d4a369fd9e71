//! The day close: what a day comes to, the chain of signed records, and what comes late.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::counted::{door, entry};
use crate::dispute::{take_back, visit, visit_that};
use crate::phone::{EVENING_MS, Phone, Town};
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::ids::Role;
use qiaomen_server::close::{self, CloseError, Day, Figures, Left, Whether};
use qiaomen_server::office::DATABASE_NAME;
use qiaomen_server::people::Sight;
use qiaomen_server::verify::{ProblemCode, verify};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

fn today() -> Day {
    Day::of(EVENING_MS)
}
fn figures(town: &Town, sight: &Sight) -> Figures {
    town.office.store().read(|tx| close::figures(&town.office, tx, today(), sight)).unwrap()
}
fn late(town: &Town) -> Vec<close::Late> {
    town.office.store().read(|tx| close::addendum(&town.office, tx, today(), &Sight::default())).unwrap()
}
/// Signs as a clerk would who gives one reason for everything that is left.
fn sign(town: &Town) -> Result<u64, CloseError> {
    let all = figures(town, &Sight::default()).all;
    let whether = Left::ALL.into_iter().map(|left| {
        let seen = left.count(&all);
        let why = if seen > 0 { "tomorrow" } else { "" };
        Whether { left, seen, why: why.to_owned(), note: String::new() }
    });
    close::sign(&town.office, today(), whether.collect(), town.office.own_worker())
}
/// A worker of each grid; 王 has been in touch, 李 has not.
fn a_day() -> (Town, Phone, Phone) {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 1));
    wang.register_door(&town, 0, "101");
    wang.register_door(&town, 0, "102");
    li.register_door(&town, 1, "201");
    wang.sync(&town.office);
    // The phone says that nothing is left.
    wang.sync(&town.office);
    (town, wang, li)
}

#[test]
fn each_grid_has_its_own_figures_and_the_community_counts_each_thing_once() {
    let (town, _, mut li) = a_day();
    let before = figures(&town, &Sight::default());
    assert_eq!((before.all.home, before.all.silent, before.all.arrived), (1, 1, 2));
    assert_eq!((before.grids[0].home, before.grids[0].arrived), (1, 2));
    assert_eq!((before.grids[1].silent, before.grids[1].arrived), (1, 0));
    li.register_door(&town, 0, "103");
    li.sync(&town.office);
    let now = figures(&town, &Sight::default());
    // One of its two is held, for it lies in another's grid; nothing is left on the phone.
    assert_eq!((now.all.home, now.all.pending, now.all.held, now.all.arrived), (2, 0, 1, 3));
    assert_eq!(
        (now.grids[0].held, now.grids[1].held),
        (0, 1),
        "a door that is not in the book lies where its author works"
    );
}

#[test]
fn a_leader_sees_her_grids_and_their_sum() {
    let (town, ..) = a_day();
    let sight = Sight { grids: Some(BTreeSet::from([town.grids[0]])), department: None };
    let seen = figures(&town, &sight);
    assert_eq!((seen.grids.len(), seen.all.home, seen.all.silent, seen.all.arrived), (1, 1, 0, 2));
}

#[test]
fn a_day_is_not_closed_while_something_is_left_without_a_reason() {
    let (town, ..) = a_day();
    let clerk = town.office.own_worker();
    let silent = close::sign(&town.office, today(), Vec::new(), clerk).unwrap_err();
    assert_eq!(silent.to_string(), "“终端没有全部回来”还有 1 项，请写明为什么留着。");
    let said = |seen, why: &str, note: &str| {
        vec![Whether { left: Left::Devices, seen, why: why.to_owned(), note: note.to_owned() }]
    };
    for (why, note) in [("because", ""), ("other", ""), ("other", "…"), ("tomorrow", &*"长".repeat(201))] {
        let refused = close::sign(&town.office, today(), said(1, why, note), clerk).unwrap_err();
        assert!(matches!(refused, CloseError::Reason), "{why} {note}: {refused}");
    }
    let moved = close::sign(&town.office, today(), said(0, "tomorrow", ""), clerk).unwrap_err();
    assert_eq!(moved.to_string(), "刚才又有变化：“终端没有全部回来”由 0 变为 1。请再看一遍再签。");
    assert_eq!(close::sign(&town.office, today(), said(1, "other", "李月手机没电"), clerk).unwrap(), 1);
    let record = town.office.store().read(|tx| close::records(tx, None)).unwrap().remove(0);
    assert_eq!(record.notes(&town.office), [Some("李月手机没电".to_owned())]);
    let bytes = record.record.to_bytes();
    assert!(!bytes.windows("李月".len()).any(|w| w == "李月".as_bytes()), "what is signed names nobody");
}

#[test]
fn what_comes_after_the_signature_stands_in_the_addendum_and_changes_nothing_that_was_signed() {
    let (town, _, mut li) = a_day();
    assert_eq!(sign(&town).unwrap(), 1);
    let signed = town.office.store().read(|tx| close::records(tx, None)).unwrap().remove(0);
    assert!(late(&town).is_empty());
    town.around.now_ms.fetch_add(3_600_000, Ordering::SeqCst);
    li.sync(&town.office);
    let late = late(&town);
    assert_eq!(late.len(), 1);
    assert_eq!(late[0].places, ["2号楼1单元201"]);
    let after = town.office.store().read(|tx| close::records(tx, None)).unwrap().remove(0);
    assert_eq!(after, signed);
    // The next day's record counts it.
    let next = today().next();
    town.around.now_ms.store(next.from_ms() + 3_600_000, Ordering::SeqCst);
    let all = town.office.store().read(|tx| close::figures(&town.office, tx, next, &Sight::default())).unwrap().all;
    let why = |left: Left| Whether { left, seen: left.count(&all), why: "tomorrow".to_owned(), note: String::new() };
    close::sign(&town.office, next, Left::ALL.into_iter().map(why).collect(), town.office.own_worker()).unwrap();
    let second = town.office.store().read(|tx| close::records(tx, Some(next))).unwrap().remove(0);
    assert_eq!((second.record.late.len(), second.record.late[0].count), (1, 1));
    assert_eq!(second.record.previous, signed.hash);
}

#[test]
fn a_closed_day_is_opened_again_with_a_reason_and_both_signatures_stay() {
    let (town, ..) = a_day();
    let clerk = town.office.own_worker();
    let open = close::reopen(&town.office, today(), "tomorrow", "", clerk).unwrap_err();
    assert!(matches!(open, CloseError::Open { .. }), "{open}");
    sign(&town).unwrap();
    assert!(matches!(sign(&town).unwrap_err(), CloseError::Closed { .. }));
    assert!(matches!(close::reopen(&town.office, today(), "", "", clerk).unwrap_err(), CloseError::Reason));
    assert_eq!(close::reopen(&town.office, today(), "other", "漏了一户", clerk).unwrap(), 2);
    assert_eq!(sign(&town).unwrap(), 3);
    let records = town.office.store().read(|tx| close::records(tx, Some(today()))).unwrap();
    let said: Vec<_> = records.iter().map(|r| (r.record.closes, r.record.revision)).collect();
    assert_eq!(said, [(true, 1), (false, 1), (true, 2)]);
    assert_eq!(town.office.store().read(|tx| close::check_chain(&town.office, tx)).unwrap(), (3, None));
}

#[test]
fn a_day_that_has_not_come_or_is_long_past_is_not_closed() {
    let (town, ..) = a_day();
    let clerk = town.office.own_worker();
    let future = close::sign(&town.office, today().next(), Vec::new(), clerk).unwrap_err();
    assert!(matches!(future, CloseError::Future { .. }), "{future}");
    let past = close::sign(&town.office, Day::parse("2020-01-01").unwrap(), Vec::new(), clerk).unwrap_err();
    assert!(matches!(past, CloseError::TooLongAgo { .. }), "{past}");
}

#[test]
fn a_record_that_somebody_has_touched_is_found() {
    for touch in [
        "UPDATE day_record SET record = x'00' WHERE number = 1",
        "UPDATE day_record SET signature = zeroblob(64) WHERE number = 2",
        "UPDATE day_record SET day = '2020-01-01' WHERE number = 1",
        "UPDATE day_record SET signed_by = zeroblob(16) WHERE number = 2",
        "DELETE FROM day_record WHERE number = 1",
    ] {
        let (town, ..) = a_day();
        sign(&town).unwrap();
        close::reopen(&town.office, today(), "tomorrow", "", town.office.own_worker()).unwrap();
        assert!(verify(&town.office, &mut |_, _| {}).is_clean());
        let past_the_office = rusqlite::Connection::open(town.office.dir().join(DATABASE_NAME)).unwrap();
        past_the_office.execute_batch(touch).unwrap();
        let found: Vec<_> = verify(&town.office, &mut |_, _| {}).problems.into_iter().map(|p| p.code).collect();
        assert_eq!(found, [ProblemCode::DayChain], "{touch}");
    }
}

#[test]
fn a_call_is_no_visit_in_the_figures_that_are_signed() {
    let town = Town::new();
    let home = door(&town, 0, "101");
    entry(&town, home, EntryKind::Visit, Outcome::NotHome, 3_000);
    entry(&town, home, EntryKind::Call, Outcome::Met, 2_000);
    entry(&town, home, EntryKind::Call, Outcome::NotHome, 1_000);
    let all = figures(&town, &Sight::default());
    for f in [&all.all, &all.grids[0]] {
        assert_eq!((f.met, f.not_home, f.calls), (0, 1, Some(2)));
    }
    assert_eq!(all.grids[1].calls, Some(0), "where nobody called it says so");
}

#[test]
fn a_visit_that_was_taken_back_is_in_no_figure_and_in_the_book_for_whoever_looks() {
    let (town, mut wang, _) = a_day();
    let home = town.door(0, "101");
    visit(&mut wang, &town, home);
    let entry = wang.outbox[0].stamp.command;
    wang.sync(&town.office);
    assert_eq!(figures(&town, &Sight::default()).all.met, 1);
    take_back(&mut wang, &town, entry);
    visit_that(&mut wang, &town, town.door(0, "102"), Outcome::NotHome);
    wang.sync(&town.office);
    let all = figures(&town, &Sight::default()).all;
    assert_eq!((all.met, all.not_home), (0, 1));
    assert_eq!(all.arrived, 5, "both are work that arrived");
    let found = verify(&town.office, &mut |_, _| {}).problems;
    assert!(found.is_empty(), "{found:?}");
    // What is taken back after the signature changes nothing signed, and the addendum says what it is.
    visit(&mut wang, &town, home);
    let entry = wang.outbox[0].stamp.command;
    wang.sync(&town.office);
    sign(&town).unwrap();
    town.around.now_ms.fetch_add(1_000, Ordering::SeqCst);
    take_back(&mut wang, &town, entry);
    wang.sync(&town.office);
    let late = late(&town);
    assert!(late.len() == 1 && late[0].places[0].ends_with("撤回一条走访、电话或巡查"), "{late:?}");
    let at_the_door = town.office.store().read(|tx| tx.entries_at(home, 0, u64::MAX)).unwrap();
    assert!(at_the_door.is_empty(), "nobody was there");
}
