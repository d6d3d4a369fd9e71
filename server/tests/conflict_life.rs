//! The life of a conflict, one story for each turn that it can take.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::dispute::Dispute;
use crate::phone::Phone;
use qiaomen_proto::change::keys::{record_key, row_key};
use qiaomen_proto::change::{Answer, Edit, Path, Scalar};
use qiaomen_proto::entity::household;
use qiaomen_proto::ids::{CommandId, Role};
use qiaomen_server::ledger::regrid;

use qiaomen_server::review::{Asked, Choice, ConflictView, ReviewError, conflict, decide, find_conflicts, undo};
use std::sync::atomic::Ordering;

fn take(label: &str) -> Choice {
    Choice::Take(label.to_owned())
}
/// The letter under which a text is shown.
fn letter(c: &ConflictView, text: &str) -> String {
    c.candidates.iter().find(|c| c.text == text).unwrap().label.clone()
}
fn life(d: &Dispute, id: i64) -> Vec<String> {
    one(d, id).life.into_iter().map(|e| e.what).collect()
}
fn one(d: &Dispute, id: i64) -> ConflictView {
    conflict(&d.town.office, id).unwrap().unwrap()
}
/// A third grid worker, who is home now and will be without signal from here on.
fn third(d: &Dispute) -> Phone {
    let mut third = d.town.phone(3, Role::GridWorker, 0);
    third.sync(&d.town.office);
    third
}

#[test]
fn two_who_write_apart_open_one_conflict_and_a_third_joins_it() {
    let mut d = Dispute::none_yet();
    let mut late = third(&d);
    late.set_phone(d.zhang, "13900000009");
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.set_phone(d.zhang, "13900000003");
    d.wang.sync(&d.town.office);
    assert!(d.open().is_empty(), "one voice is no conflict");
    d.li.sync(&d.town.office);
    let opened = d.open().remove(0);
    assert_eq!((opened.candidates.len(), opened.kind), (2, "conflict"));
    late.sync(&d.town.office);
    let joined = d.open();
    assert_eq!((joined.len(), joined[0].id, joined[0].candidates.len()), (1, opened.id, 3));
    assert_ne!(joined[0].seen, opened.seen);
    assert_eq!(life(&d, opened.id), ["opened", "joined"]);
}

#[test]
fn a_conflict_is_gone_by_itself_when_the_parties_agree_and_a_new_one_is_a_new_record() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.set_phone(d.zhang, "13900000003");
    // Li, still without signal, finds out that it was the other number: her first note has come already.
    d.li.set_phone(d.zhang, "13900000002");
    let second = d.li.outbox.pop().unwrap();
    d.wang.ask(&d.town.office).unwrap();
    d.li.ask(&d.town.office).unwrap();
    let first = d.open()[0].id;
    d.li.outbox = vec![second];
    d.li.ask(&d.town.office).unwrap();
    assert!(d.open().is_empty());
    assert_eq!(
        (one(&d, first).state.as_str(), life(&d, first)),
        ("gone", vec!["opened".to_owned(), "gone".to_owned()])
    );
    let gone = decide(&d.town.office, first, take("A"), None, d.clerk).unwrap_err();
    assert!(matches!(gone, ReviewError::Gone { .. }), "{gone}");
    // A new disagreement at the same place is a new question, and knows of the old one.
    (d.wang.outbox, d.li.outbox) = (Vec::new(), Vec::new());
    d.everyone_syncs();
    d.wang.set_phone(d.zhang, "13900000007");
    d.li.set_phone(d.zhang, "13900000008");
    d.everyone_syncs();
    let again = d.open().remove(0);
    assert_ne!(again.id, first);
    assert_eq!((again.earlier.as_slice(), life(&d, again.id)), (&[first][..], vec!["opened".to_owned()]));
}

#[test]
fn a_correction_that_leaves_the_others_apart_is_told_as_a_correction() {
    let mut d = Dispute::none_yet();
    let mut late = third(&d);
    late.set_phone(d.zhang, "13900000009");
    late.set_phone(d.zhang, "13900000010");
    // The phone sends one command, then the other.
    let second = late.outbox.pop().unwrap();
    d.wang.set_phone(d.zhang, "13900000002");
    d.wang.sync(&d.town.office);
    late.ask(&d.town.office).unwrap();
    let id = d.open()[0].id;
    late.outbox = vec![second];
    late.ask(&d.town.office).unwrap();
    let open = d.open().remove(0);
    assert_eq!(open.id, id);
    assert_eq!(open.candidates.iter().map(|c| c.text.as_str()).collect::<Vec<_>>(), ["13900000002", "13900000010"]);
    assert_eq!(life(&d, id), ["opened", "corrected"]);
}

#[test]
fn a_conflict_is_decided_once_and_may_be_taken_back_and_decided_again() {
    let d = Dispute::about_a_phone();
    let id = d.open()[0].id;
    decide(&d.town.office, id, take("A"), None, d.clerk).unwrap();
    let twice = decide(&d.town.office, id, take("A"), None, d.clerk).unwrap_err();
    assert!(matches!(twice, ReviewError::AlreadyDecided { .. }), "{twice}");
    undo(&d.town.office, id, d.clerk).unwrap();
    let open = one(&d, id);
    assert_eq!((open.state.as_str(), open.decided_by, open.decided_at), ("open", None, None));
    let row = d.town.office.store().read(|tx| tx.conflict(id)).unwrap().unwrap();
    assert_eq!((row.decided_by, row.decided_ms, row.decision_key), (None, None, None), "nobody decided what is open");
    assert!(matches!(undo(&d.town.office, id, d.clerk), Err(ReviewError::NothingToUndo { .. })));
    decide(&d.town.office, id, take("B"), None, d.clerk).unwrap();
    assert_eq!(life(&d, id), ["opened", "decided", "open", "decided"]);
}

#[test]
fn a_stale_edit_after_the_decision_reopens_the_question_in_a_record_of_its_own() {
    let mut d = Dispute::none_yet();
    let mut late = third(&d);
    late.set_phone(d.zhang, "13900000009");
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.set_phone(d.zhang, "13900000003");
    d.everyone_syncs();
    let first = d.open().remove(0);
    let decided = decide(&d.town.office, first.id, take("A"), None, d.clerk).unwrap();
    late.sync(&d.town.office);
    let item = d.open().remove(0);
    assert_eq!((item.kind, item.shown.as_str(), item.why), ("late_update", decided.text.as_str(), "decided"));
    assert_eq!((life(&d, item.id), item.earlier), (vec!["reopened".to_owned()], vec![first.id]));
    let by_late = item.candidates.iter().find(|c| c.text == "13900000009").unwrap();
    assert!(by_late.late && !by_late.decided);
    assert_eq!(one(&d, first.id).state, "decided", "the decision stands meanwhile");
}

#[test]
fn a_stale_edit_against_a_correction_of_the_decision_is_a_late_update_too() {
    let mut d = Dispute::none_yet();
    let mut late = third(&d);
    late.set_phone(d.zhang, "13900000009");
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.set_phone(d.zhang, "13900000003");
    d.everyone_syncs();
    decide(&d.town.office, d.open()[0].id, take("A"), None, d.clerk).unwrap();
    d.everyone_syncs();
    d.wang.set_phone(d.zhang, "13900000004");
    d.wang.sync(&d.town.office);
    assert!(d.open().is_empty(), "who has seen the decision and knows better corrects it");
    late.sync(&d.town.office);
    let item = d.open().remove(0);
    assert_eq!(item.candidates.iter().map(|c| (c.text.as_str(), c.late)).collect::<Vec<_>>().len(), 2);
    assert_eq!((item.kind, life(&d, item.id)), ("late_update", vec!["reopened".to_owned()]));
    assert!(item.candidates.iter().all(|c| c.late == (c.text == "13900000009")));
}

#[test]
fn a_decision_taken_back_while_a_late_edit_waits_goes_on_in_the_record_that_is_open() {
    let mut d = Dispute::none_yet();
    let mut late = third(&d);
    late.set_phone(d.zhang, "13900000009");
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.set_phone(d.zhang, "13900000003");
    d.everyone_syncs();
    let first = d.open()[0].id;
    decide(&d.town.office, first, take("A"), None, d.clerk).unwrap();
    late.sync(&d.town.office);
    let second = d.open()[0].id;
    undo(&d.town.office, first, d.clerk).unwrap();
    assert_eq!(d.open().iter().map(|c| c.id).collect::<Vec<_>>(), [second]);
    assert_eq!(one(&d, first).goes_on_in, Some(second));
    assert_eq!(
        (life(&d, first), life(&d, second)),
        (
            ["opened", "decided", "undone"].map(str::to_owned).to_vec(),
            ["reopened", "merged"].map(str::to_owned).to_vec()
        )
    );
    // Whoever still has the old number in mind is sent on.
    for refused in [
        decide(&d.town.office, first, take("A"), None, d.clerk).unwrap_err(),
        undo(&d.town.office, first, d.clerk).unwrap_err(),
    ] {
        assert!(matches!(refused, ReviewError::MovedOn { into, .. } if into == second), "{refused}");
    }
    decide(&d.town.office, second, take("C"), None, d.clerk).unwrap();
    assert!(d.open().is_empty());
}

#[test]
fn a_decision_taken_back_when_the_parties_agree_by_now_leaves_nothing_open() {
    let mut d = Dispute::none_yet();
    // Wang writes 2, then 3 without signal: only the first has come when the clerk decides.
    d.wang.set_phone(d.zhang, "13900000002");
    d.wang.set_phone(d.zhang, "13900000003");
    let second = d.wang.outbox.pop().unwrap();
    d.wang.ask(&d.town.office).unwrap();
    d.li.set_phone(d.zhang, "13900000003");
    d.li.ask(&d.town.office).unwrap();
    let first = d.open().remove(0);
    decide(&d.town.office, first.id, take(&letter(&first, "13900000003")), None, d.clerk).unwrap();
    d.wang.outbox = vec![second];
    d.wang.ask(&d.town.office).unwrap();
    assert!(d.open().is_empty(), "what came late says what was decided");
    let undone = undo(&d.town.office, first.id, d.clerk).unwrap();
    assert_eq!(undone.text, "13900000003");
    assert_eq!(
        (one(&d, first.id).state.as_str(), life(&d, first.id)),
        ("gone", ["opened", "decided", "open", "gone"].map(str::to_owned).to_vec())
    );
}

#[test]
fn two_heads_of_one_occupancy_are_a_conflict_of_that_row() {
    let mut d = Dispute::none_yet();
    let row = record_key(CommandId::from_bytes([7; 16]), 0);
    let other = d.wang.register_resident(51, d.door, "李四", "13900000008");
    d.everyone_syncs();
    let head = |who: &str| Edit {
        path: Path::new(household::OCCUPANCIES, row_key(&row, "head")),
        value: Scalar::Str(who.to_owned()),
    };
    d.wang.write(vec![(d.door.into(), vec![head(&d.zhang.to_string())])]);
    d.li.write(vec![(d.door.into(), vec![head(&other.to_string())])]);
    d.everyone_syncs();
    let c = d.open().remove(0);
    assert_eq!((c.field.as_str(), c.field_label.as_str(), c.place.as_str()), ("head", "住户·户主", "1号楼1单元101"));
    let mut said: Vec<_> = c.candidates.iter().map(|c| c.text.as_str()).collect();
    said.sort_unstable();
    assert_eq!(said, ["张三", "李四"]);
    decide(&d.town.office, c.id, take(&letter(&c, "李四")), Some(&c.seen), d.clerk).unwrap();
    assert!(d.open().is_empty());
    d.everyone_syncs();
    let view = &d.wang.base[&d.door.into()];
    let ring = &d.wang.ring;
    let rows = qiaomen_proto::entity::view::View::new(view, ring).rows(household::OCCUPANCIES);
    assert_eq!(rows[&row]["head"].shown.text(), Some(other.to_string().as_str()));
}

#[test]
fn a_conflict_of_a_door_that_goes_to_another_grid_stays_and_is_found_there() {
    let d = Dispute::about_a_phone();
    let id = d.open()[0].id;
    regrid::move_building(&d.town.office, "1号楼", "第2网格", d.clerk).unwrap();
    let of = |grid: &str| {
        let asked = Asked { grid: Some(grid.to_owned()), ..Asked::default() };
        find_conflicts(&d.town.office, &asked).unwrap().0.iter().map(|c| c.id).collect::<Vec<_>>()
    };
    assert_eq!((of("第1网格"), of("第2网格")), (vec![], vec![id]));
    decide(&d.town.office, id, take("B"), None, d.clerk).unwrap();
    assert_eq!(life(&d, id), ["opened", "decided"]);
}

#[test]
fn an_equal_value_written_apart_and_a_refusal_twice_are_no_conflict() {
    let mut d = Dispute::none_yet();
    let refused = || Edit { path: Path::new(0, "phone"), value: Answer::Refused.into_scalar() };
    d.wang.write(vec![(d.zhang.into(), vec![refused()])]);
    d.li.write(vec![(d.zhang.into(), vec![refused()])]);
    d.everyone_syncs();
    assert!(d.open().is_empty());
    d.wang.set_phone(d.zhang, "13900000005");
    d.li.set_phone(d.zhang, "13900000005");
    d.everyone_syncs();
    assert!(qiaomen_server::review::list_conflicts(&d.town.office, None).unwrap().is_empty());
}

#[test]
fn what_was_written_without_signal_while_another_stood_at_the_office_is_an_offline_update() {
    let mut d = Dispute::none_yet();
    // Li goes out without signal. An hour later Wang's number is at the office; two hours later Li writes.
    let hour = 3_600_000;
    d.town.around.now_ms.fetch_add(hour, Ordering::SeqCst);
    d.wang.at_ms = d.town.around.now_ms.load(Ordering::SeqCst);
    d.wang.set_phone(d.zhang, "13900000002");
    d.wang.sync(&d.town.office);
    d.town.around.now_ms.fetch_add(hour, Ordering::SeqCst);
    d.li.at_ms = d.town.around.now_ms.load(Ordering::SeqCst);
    d.li.set_phone(d.zhang, "13900000003");
    d.town.around.now_ms.fetch_add(hour, Ordering::SeqCst);
    d.li.sync(&d.town.office);
    let c = d.open().remove(0);
    assert_eq!((c.kind, c.kind_label), ("late_update", "离线更新"));
    let li = c.candidates.iter().find(|c| c.text == "13900000003").unwrap();
    let wang = c.candidates.iter().find(|c| c.text == "13900000002").unwrap();
    assert_eq!((li.unseen, li.late, wang.unseen), (true, false, false));
    assert!(li.offline.as_ref().is_some_and(|o| o.starts_with("离线 3 小时")), "{:?}", li.offline);
    assert_eq!(life(&d, c.id), ["opened"]);
}
