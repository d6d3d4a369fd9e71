//! What was edited in parallel and merged by itself is shown as that, and is no conflict.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::dispute::{Dispute, visit};
use qiaomen_proto::change::{Edit, Path, Scalar};
use qiaomen_proto::entity::household;
use qiaomen_server::review::{Asked, Choice, ParallelView, decide, list_parallel};
use std::sync::atomic::Ordering;

fn plain(key: &str, text: &str) -> Edit {
    Edit { path: Path::new(0, key), value: Scalar::Str(text.to_owned()) }
}
fn listed(d: &Dispute) -> Vec<ParallelView> {
    list_parallel(&d.town.office, 7, &Asked::default()).unwrap()
}

#[test]
fn different_fields_of_one_person_written_apart_are_merged_and_shown_with_who_wrote_what() {
    let mut d = Dispute::none_yet();
    let doc = d.zhang.into();
    d.wang.set_phone(d.zhang, "13900000002");
    d.li.write(vec![(doc, vec![plain("relation", "配偶"), plain("sex", "女")])]);
    d.everyone_syncs();
    assert!(d.open().is_empty());
    let list = listed(&d);
    assert_eq!(list.len(), 1);
    let p = &list[0];
    assert_eq!((p.kind, p.kind_label, p.place.as_str()), ("parallel", "并行修改", "1号楼1单元101 张三"));
    assert_eq!((p.grid.as_deref(), p.document_label), (Some("第1网格"), "居民"));
    let said: Vec<_> = p.edits.iter().map(|e| (e.worker_name.as_str(), e.worker_title, e.what.join("；"))).collect();
    assert_eq!(
        said,
        [
            ("李秀英", "网格长", "性别：女；与户主关系：配偶".to_owned()),
            ("王建国", "网格员", "联系电话：13900000002".to_owned())
        ]
    );
    assert!(p.by_rule.is_empty() && p.conflicts.is_empty());
}

#[test]
fn who_had_seen_the_other_and_what_only_one_wrote_is_not_parallel() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    d.everyone_syncs();
    d.li.write(vec![(d.zhang.into(), vec![plain("sex", "女")])]);
    d.everyone_syncs();
    // One author, two commands, no signal: one after the other.
    d.wang.write(vec![(d.zhang.into(), vec![plain("relation", "配偶")])]);
    d.wang.set_phone(d.zhang, "13900000003");
    // And visits are facts side by side.
    visit(&mut d.wang, &d.town, d.door);
    visit(&mut d.li, &d.town, d.door);
    d.everyone_syncs();
    assert_eq!(listed(&d), []);
}

#[test]
fn a_field_that_both_wrote_is_a_conflict_or_is_said_with_the_rule_that_settled_it() {
    let mut d = Dispute::none_yet();
    d.wang.write(vec![(d.zhang.into(), vec![plain("sex", "女"), plain("residency", "常住")])]);
    d.li.write(vec![(d.zhang.into(), vec![plain("sex", "男"), plain("residency", "流动"), plain("relation", "配偶")])]);
    d.everyone_syncs();
    let open = d.open();
    assert_eq!(open.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["residency"]);
    let p = listed(&d).remove(0);
    assert_eq!(p.by_rule, ["性别：女（暂按最新的）"]);
    assert_eq!(p.conflicts, [open[0].id]);
    // The clerk's decision is no edit beside theirs.
    decide(&d.town.office, open[0].id, Choice::Take("A".to_owned()), None, d.clerk).unwrap();
    assert_eq!(listed(&d).remove(0).edits.len(), 2);
}

#[test]
fn the_list_looks_back_some_days_and_is_narrowed_like_the_other() {
    let mut d = Dispute::none_yet();
    let put = |key: &str, value: Scalar| Edit { path: Path::new(household::FIELDS, key), value };
    d.wang.write(vec![(d.door.into(), vec![put("use", Scalar::Str("自住".to_owned()))])]);
    d.li.write(vec![(d.door.into(), vec![put("people_count", Scalar::Uint(3))])]);
    d.everyone_syncs();
    let of = |asked: Asked| list_parallel(&d.town.office, 7, &asked).unwrap().len();
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(of(Asked { kind: said("户"), grid: said("第1网格"), worker: said("王建国"), ..Asked::default() }), 1);
    assert_eq!(of(Asked { field: said("常住人数"), ..Asked::default() }), 1);
    assert_eq!(of(Asked { field: said("联系电话"), ..Asked::default() }), 0);
    assert_eq!(of(Asked { kind: said("居民"), ..Asked::default() }), 0);
    assert_eq!(of(Asked { grid: said("第2网格"), ..Asked::default() }), 0);
    d.town.around.now_ms.fetch_add(8 * 24 * 3_600_000, Ordering::SeqCst);
    assert_eq!(of(Asked::default()), 0, "eight days ago is not in the last seven");
    assert_eq!(list_parallel(&d.town.office, 30, &Asked::default()).unwrap().len(), 1);
}

#[test]
fn a_late_arrival_is_parallel_to_what_came_long_before_it() {
    let mut d = Dispute::none_yet();
    d.li.write(vec![(d.zhang.into(), vec![plain("sex", "女")])]);
    d.li.sync(&d.town.office);
    d.wang.set_phone(d.zhang, "13900000002");
    d.town.around.now_ms.fetch_add(20 * 24 * 3_600_000, Ordering::SeqCst);
    d.wang.sync(&d.town.office);
    let p = listed(&d).remove(0);
    assert_eq!(p.edits.len(), 2);
    assert!(p.edits[1].offline.as_ref().is_some_and(|o| o.starts_with("离线 20 天")), "{:?}", p.edits[1].offline);
}
