//! What the clerk sees, and what happens when she decides.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::dispute::{Dispute, visit};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Role;
use qiaomen_server::review::{Choice, ReviewError, conflict, decide, list_conflicts, undo};
use std::sync::atomic::Ordering;

fn take(label: &str) -> Choice {
    Choice::Take(label.to_owned())
}

#[test]
fn the_clerk_sees_every_value_with_who_when_where_and_how_long_without_signal() {
    let mut d = Dispute::none_yet();
    d.town.around.now_ms.fetch_add(9 * 3_600_000, Ordering::SeqCst);
    visit(&mut d.wang, &d.town, d.door);
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.set_phone(d.zhang, "13900000003");
    d.everyone_syncs();
    let open = d.open();
    assert_eq!(open.len(), 1);
    let c = &open[0];
    assert_eq!((c.kind_label, c.state_label, c.document_label), ("冲突", "待裁定", "居民"));
    assert_eq!((c.place.as_str(), c.door.as_deref()), ("1号楼1单元101 张三", Some("1号楼1单元101")));
    assert_eq!((c.field.as_str(), c.field_label.as_str(), c.several), ("phone", "联系电话", false));
    let mut said: Vec<_> =
        c.candidates.iter().map(|c| (c.text.as_str(), c.worker_name.as_str(), c.worker_title.as_str())).collect();
    said.sort_unstable();
    assert_eq!(said, [("13900000002", "王建国", "网格员"), ("13900000003", "李秀英", "网格长")]);
    let labels: Vec<_> = c.candidates.iter().map(|c| c.label.as_str()).collect();
    assert_eq!(labels, ["A", "B"]);
    for candidate in &c.candidates {
        assert!(candidate.offline.as_deref().unwrap().starts_with("离线 9 小时（自 "), "{:?}", candidate.offline);
        assert!(!candidate.at.is_empty() && candidate.device.is_some());
    }
    let of = |name: &str| c.candidates.iter().find(|c| c.worker_name == name).unwrap();
    assert!(of("王建国").visit.as_deref().unwrap().ends_with("走访 见到"));
    assert_eq!(of("李秀英").visit, None);
    assert_eq!(c.candidates.iter().filter(|c| c.holds).count(), 1);
    assert_eq!((c.why_label, c.policy, c.policy_version), ("暂按最新的", "review", 1));
    assert_eq!(c.life.iter().map(|e| e.label).collect::<Vec<_>>(), ["发现冲突"]);
}

#[test]
fn a_decision_reaches_both_phones_and_undo_brings_both_values_back() {
    let mut d = Dispute::about_a_phone();
    let c = &d.open()[0];
    let other = c.candidates.iter().find(|c| !c.holds).unwrap().clone();
    let decided = decide(&d.town.office, c.id, take(&other.label), Some(&c.seen), d.clerk).unwrap();
    assert_eq!((decided.text.as_str(), decided.field_label.as_str()), (other.text.as_str(), "联系电话"));
    assert!(d.open().is_empty());
    d.everyone_syncs();
    assert_eq!((d.number_on(&d.wang), d.number_on(&d.li)), (other.text.clone(), other.text.clone()));
    let after = conflict(&d.town.office, c.id).unwrap().unwrap();
    assert_eq!(
        (after.state.as_str(), after.decided_by.as_deref(), after.why_label),
        ("decided", Some("zhaomin"), "社区已裁定")
    );
    assert_eq!(after.candidates.len(), 2, "what was not taken stays readable");

    undo(&d.town.office, c.id, d.clerk).unwrap();
    let again = d.open();
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].id, &again[0].seen, again[0].decided_by.as_ref()), (c.id, &c.seen, None));
    d.everyone_syncs();
    assert_ne!(d.number_on(&d.wang), other.text);
    // And decided again, for the other.
    let first = c.candidates.iter().find(|c| c.holds).unwrap();
    decide(&d.town.office, c.id, take(&first.label), None, d.clerk).unwrap();
    d.everyone_syncs();
    assert_eq!(d.number_on(&d.li), first.text);
    let life = conflict(&d.town.office, c.id).unwrap().unwrap().life;
    assert_eq!(life.iter().map(|e| e.label).collect::<Vec<_>>(), ["发现冲突", "裁定", "撤销裁定", "裁定"]);
    assert_eq!(life[2].who.as_deref(), Some("zhaomin"));
}

#[test]
fn if_somebody_joins_while_she_looks_she_is_asked_again() {
    let d = Dispute::about_a_phone();
    let shown = d.open().remove(0);
    let mut third = d.town.phone(3, Role::GridWorker, 0);
    third.sync(&d.town.office);
    third.set_phone(d.zhang, "13900000009");
    third.sync(&d.town.office);
    let refused = decide(&d.town.office, shown.id, take("A"), Some(&shown.seen), d.clerk).unwrap_err();
    assert_eq!(refused.code(), Code::CandidatesChanged);
    let now = d.open().remove(0);
    assert_eq!((now.id, now.candidates.len()), (shown.id, 3));
    let ReviewError::CandidatesChanged { now: token } = refused else { panic!() };
    assert_eq!(token, now.seen);
    decide(&d.town.office, now.id, take("C"), Some(&now.seen.to_uppercase()), d.clerk).unwrap();
    assert!(d.open().is_empty());
}

#[test]
fn both_is_possible_for_categories_and_not_for_a_telephone_number() {
    let d = Dispute::about_a_phone();
    let c = d.open().remove(0);
    let refused = decide(&d.town.office, c.id, Choice::Both, None, d.clerk).unwrap_err();
    assert_eq!(
        (refused.code(), refused.to_string().as_str()),
        (Code::ChoiceNotPossible, "联系电话只能有一个，不能两个都要。")
    );

    let mut d = Dispute::about_categories();
    let c = d.open().remove(0);
    assert!(c.several);
    let decided = decide(&d.town.office, c.id, Choice::Both, None, d.clerk).unwrap();
    assert_eq!(decided.text.split('、').count(), 3, "{}", decided.text);
    d.everyone_syncs();
    let register = &d.li.base[&d.zhang.into()];
    let shown = qiaomen_proto::entity::view::View::new(register, &d.li.ring).text("categories").unwrap();
    assert_eq!(shown.replace(',', "、"), decided.text);
}

#[test]
fn another_value_is_brought_into_its_one_spelling_and_nonsense_is_refused() {
    let mut d = Dispute::about_a_phone();
    let id = d.open()[0].id;
    let typed = |text: &str| Choice::Value(text.to_owned());
    for nonsense in ["十二楼", "", "  "] {
        let refused = decide(&d.town.office, id, typed(nonsense), None, d.clerk).unwrap_err();
        assert_eq!(refused.code(), Code::ValueForm, "{nonsense}");
    }
    let decided = decide(&d.town.office, id, typed(" 139-0000 0004 "), None, d.clerk).unwrap();
    assert_eq!(decided.text, "13900000004");
    d.everyone_syncs();
    assert_eq!(d.number_on(&d.wang), "13900000004");
}

#[test]
fn a_refusal_and_nothing_at_all_can_be_decided_too() {
    for (choice, text) in [(Choice::Refused, "拒绝提供"), (Choice::Cleared, "已清除")] {
        let d = Dispute::about_a_phone();
        let decided = decide(&d.town.office, d.open()[0].id, choice, None, d.clerk).unwrap();
        assert_eq!(decided.text, text);
        assert!(d.open().is_empty());
    }
}

#[test]
fn what_is_decided_gone_or_unknown_cannot_be_decided_and_is_said_so_in_words() {
    let d = Dispute::about_a_phone();
    let id = d.open()[0].id;
    let refused = decide(&d.town.office, id, take("Q"), None, d.clerk).unwrap_err();
    assert_eq!(refused.to_string(), "没有“Q”这个说法。可以选：A、B。");
    assert_eq!(undo(&d.town.office, id, d.clerk).unwrap_err().to_string(), format!("{id} 号没有可以撤销的裁定。"));
    decide(&d.town.office, id, take("a"), None, d.clerk).unwrap();
    let again = decide(&d.town.office, id, take("B"), None, d.clerk).unwrap_err();
    assert!(again.to_string().starts_with(&format!("{id} 号已由zhaomin在 2026-")), "{again}");
    let unknown = decide(&d.town.office, 99, take("A"), None, d.clerk).unwrap_err();
    assert_eq!((unknown.code(), unknown.to_string().as_str()), (Code::NotFound, "没有 99 号。"));
    assert!(undo(&d.town.office, 99, d.clerk).is_err());
}

#[test]
fn a_late_edit_by_somebody_who_had_not_seen_the_decision_is_a_review_item_and_the_decision_stands() {
    let mut d = Dispute::about_a_phone();
    let mut late = d.town.phone(3, Role::GridWorker, 0);
    late.sync(&d.town.office);
    late.set_phone(d.zhang, "13900000009");
    let first = d.open().remove(0);
    let decided = decide(&d.town.office, first.id, take("A"), None, d.clerk).unwrap();
    late.sync(&d.town.office);
    let item = d.open().remove(0);
    assert_ne!(item.id, first.id);
    assert_eq!(
        (item.kind_label, item.shown.as_str(), item.why_label),
        ("离线更新", decided.text.as_str(), "社区已裁定")
    );
    assert_eq!(item.candidates.iter().filter(|c| c.decided && c.holds).count(), 1);
    d.everyone_syncs();
    assert_eq!(d.number_on(&d.wang), decided.text);

    // Undone while the late edit waits, everything stands in the one record that is open.
    undo(&d.town.office, first.id, d.clerk).unwrap();
    let open = d.open();
    assert_eq!((open.len(), open[0].id), (1, item.id));
    assert_eq!(open[0].candidates.len(), 3);
    assert_eq!(conflict(&d.town.office, first.id).unwrap().unwrap().state_label, "已撤销");
}

#[test]
fn of_two_decisions_about_one_place_the_later_is_undone_first() {
    let mut d = Dispute::about_a_phone();
    let mut late = d.town.phone(3, Role::GridWorker, 0);
    late.sync(&d.town.office);
    late.set_phone(d.zhang, "13900000009");
    let first = d.open()[0].id;
    decide(&d.town.office, first, take("A"), None, d.clerk).unwrap();
    late.sync(&d.town.office);
    let second = d.open()[0].id;
    decide(&d.town.office, second, Choice::Value("13900000008".to_owned()), None, d.clerk).unwrap();
    assert!(
        matches!(undo(&d.town.office, first, d.clerk), Err(ReviewError::DecidedAgain { later }) if later == second)
    );
    undo(&d.town.office, second, d.clerk).unwrap();
    assert_eq!(d.open().len(), 1);
    undo(&d.town.office, first, d.clerk).unwrap();
    assert_eq!(d.open()[0].candidates.len(), 3);
    d.everyone_syncs();
    let all = list_conflicts(&d.town.office, None).unwrap();
    assert_eq!(all.iter().map(|c| c.state.as_str()).collect::<Vec<_>>(), ["undone", "open"]);
}

#[test]
fn no_value_and_no_name_stands_in_the_database_after_all_that() {
    let d = Dispute::about_a_phone();
    decide(&d.town.office, d.open()[0].id, Choice::Value("13900000004".to_owned()), None, d.clerk).unwrap();
    let mut bytes = std::fs::read(d.town.dir.path().join("office.db")).unwrap();
    bytes.extend(std::fs::read(d.town.dir.path().join("office.db-wal")).unwrap());
    for secret in ["13900000001", "13900000002", "13900000004", "张三", "王建国"] {
        assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret}");
    }
}
