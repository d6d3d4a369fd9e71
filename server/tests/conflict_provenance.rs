//! Where each candidate comes from, and that it is right over time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::dispute::{Dispute, visit, visit_that};
use crate::phone::EVENING_MS;
use qiaomen_proto::change::{Command, Edit, Path, Scalar, Stamp};
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_proto::wire::pull::Outcome as Verdict;
use qiaomen_server::review::CandidateView;
use std::sync::atomic::Ordering;

const HOUR: u64 = 3_600_000;

fn of(d: &Dispute, worker: WorkerId) -> CandidateView {
    d.open().remove(0).candidates.into_iter().find(|c| c.worker == Some(worker)).unwrap()
}
fn later(d: &Dispute, ms: u64) -> u64 {
    d.town.around.now_ms.fetch_add(ms, Ordering::SeqCst) + ms
}

#[test]
fn a_session_of_several_requests_does_not_make_an_author_look_as_if_he_had_had_signal() {
    let mut d = Dispute::none_yet();
    d.li.set_phone(d.zhang, "13900000003");
    d.li.sync(&d.town.office);
    let now = later(&d, 9 * HOUR);
    d.wang.at_ms = now - 2 * HOUR;
    d.wang.set_phone(d.zhang, "13900000002");
    // The first request of the evening carries something else; the number comes with the second.
    let number = std::mem::take(&mut d.wang.outbox);
    d.wang.ask(&d.town.office).unwrap();
    d.town.around.now_ms.fetch_add(2_000, Ordering::SeqCst);
    d.wang.outbox = number;
    d.wang.ask(&d.town.office).unwrap();
    let said = of(&d, d.wang.by.worker);
    assert_eq!(said.offline_since_ms, Some(EVENING_MS));
    assert!(said.offline.as_ref().is_some_and(|o| o.starts_with("离线 9 小时")), "{:?}", said.offline);
}

#[test]
fn what_is_written_while_a_phone_is_in_touch_is_written_online() {
    let mut d = Dispute::none_yet();
    d.li.set_phone(d.zhang, "13900000003");
    d.li.sync(&d.town.office);
    for _ in 0..30 {
        later(&d, 5 * 60_000);
        d.wang.sync(&d.town.office);
    }
    let now = later(&d, 4 * 60_000);
    d.wang.at_ms = now - 60_000;
    d.wang.set_phone(d.zhang, "13900000002");
    d.wang.ask(&d.town.office).unwrap();
    // She had seen Li's number by then and corrected it: no conflict, and her arrival is noted as online.
    let (received, since) = d
        .town
        .office
        .store()
        .read(|tx| tx.command_arrival(d.wang.outbox[0].stamp.command, d.wang.by.device))
        .unwrap()
        .unwrap();
    assert!(received - since.unwrap() < 10 * 60_000, "{received} {since:?}");
}

#[test]
fn a_command_that_another_device_sent_under_the_same_id_says_nothing_about_this_one() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    let id = d.wang.outbox[0].stamp.command;
    // Somebody claims the office's role under Wang's id: held back, a day before Wang comes home.
    let edit = d.li.sealed(d.zhang, "phone", "13900000009");
    let stamp =
        Stamp { command: id, by: qiaomen_proto::change::Author { role: Role::Office, ..d.li.by }, ..d.li.stamp() };
    let change = d.li.over[&d.zhang.into()].make_change(d.li.actor, stamp, vec![edit]);
    d.li.outbox.push(Command { stamp, changes: vec![change] });
    assert_eq!(d.li.ask(&d.town.office).unwrap().verdicts[0].outcome, Verdict::Quarantined);
    d.li.outbox.clear();
    d.li.over = d.li.base.clone();
    let came = later(&d, 24 * HOUR);
    d.li.set_phone(d.zhang, "13900000003");
    d.everyone_syncs();
    assert_eq!(of(&d, d.wang.by.worker).received_ms, Some(came));
}

#[test]
fn the_first_arrival_counts_when_a_command_is_turned_away_and_comes_again() {
    let mut d = Dispute::none_yet();
    let device = d.wang.by.device;
    let (id, worker) = (d.wang.set_phone(d.zhang, "13900000002"), d.wang.by.worker);
    let first = d
        .town
        .office
        .store()
        .write(move |tx| -> Result<_, qiaomen_server::store::StoreError> {
            tx.put_command(id, [1; 8], Some(device), worker, 4, 27, 10, 2 * HOUR, Some(HOUR))?;
            tx.put_command(id, [1; 8], Some(device), worker, 1, 0, 10, 26 * HOUR, Some(25 * HOUR))?;
            tx.command_arrival(id, device)
        })
        .unwrap();
    assert_eq!(first, Some((2 * HOUR, Some(HOUR))), "when it came and since when it was silent belong together");
}

#[test]
fn an_edit_in_the_evening_comes_from_the_visit_of_that_day_and_not_from_yesterday_s_or_another_s() {
    let mut d = Dispute::none_yet();
    // It is 22:13 in Beijing. Yesterday's visit, this morning's, and a colleague's a moment before.
    d.wang.at_ms = EVENING_MS - 30 * HOUR;
    visit(&mut d.wang, &d.town, d.door);
    d.wang.at_ms = EVENING_MS - 12 * HOUR;
    visit(&mut d.wang, &d.town, d.door);
    let morning = d.wang.at_ms;
    visit(&mut d.li, &d.town, d.door);
    let evening = EVENING_MS - 60_000;
    d.wang.at_ms = evening;
    d.wang.set_phone(d.zhang, "13900000002");
    let mut third = d.town.phone(3, Role::GridWorker, 0);
    third.sync(&d.town.office);
    third.at_ms = evening;
    third.set_phone(d.zhang, "13900000009");
    third.sync(&d.town.office);
    d.everyone_syncs();
    let said = of(&d, d.wang.by.worker);
    assert_eq!((said.visit.as_deref(), said.visit_ms), (Some("2026-09-21 10:13 走访 见到"), Some(morning)));
    let other = of(&d, third.by.worker);
    assert_eq!((other.visit, other.visit_ms), (None, None), "somebody else's visit is not hers");
}

#[test]
fn nobody_home_is_shown_as_the_visit_but_no_value_is_said_to_come_from_it() {
    let mut d = Dispute::none_yet();
    visit_that(&mut d.wang, &d.town, d.door, Outcome::NotHome);
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.set_phone(d.zhang, "13900000003");
    d.everyone_syncs();
    let said = of(&d, d.wang.by.worker);
    assert!(said.visit.as_ref().is_some_and(|v| v.ends_with("走访 没人")), "{:?}", said.visit);
    assert_eq!(said.visit_ms, None);
}

#[test]
fn who_has_moved_since_was_visited_at_the_old_door() {
    let mut d = Dispute::none_yet();
    visit(&mut d.wang, &d.town, d.door);
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.set_phone(d.zhang, "13900000003");
    d.everyone_syncs();
    assert!(of(&d, d.wang.by.worker).visit.is_some());
    let home = d.li.register_door(&d.town, 0, "202");
    let moved = Edit { path: Path::new(0, "household"), value: Scalar::Str(home.to_string()) };
    d.li.write(vec![(d.zhang.into(), vec![moved])]);
    d.everyone_syncs();
    assert_eq!(d.open()[0].door.as_deref(), Some("1号楼1单元202"));
    assert!(of(&d, d.wang.by.worker).visit.is_some(), "the visit was at the door of that day");
}

#[test]
fn each_candidate_says_which_of_the_others_its_author_had_seen() {
    let d = Dispute::about_a_phone();
    let mut third = d.town.phone(3, Role::GridWorker, 0);
    third.sync(&d.town.office);
    third.set_phone(d.zhang, "13900000009");
    third.sync(&d.town.office);
    let c = d.open().remove(0);
    let knew: Vec<_> = c.candidates.iter().map(|c| c.knew.len()).collect();
    assert_eq!(knew, [0, 0, 2], "{knew:?}");
    assert_eq!(c.kind, "conflict", "she had seen them: that is no offline update");
}
