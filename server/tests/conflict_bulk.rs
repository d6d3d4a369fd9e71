//! Many conflicts decided at once by a rule: shown first, decided exactly as shown, taken back as one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::dispute::{Dispute, visit};
use qiaomen_proto::change::{Answer, Edit, Path, Scalar};
use qiaomen_proto::entity::household;
use qiaomen_proto::ids::{ResidentId, Role};
use qiaomen_server::review::{
    Asked, Choice, Preview, ReviewError, Rule, conflict, decide, decide_by_rule, find_conflicts, preview, undo,
    undo_bulk,
};
use std::sync::atomic::Ordering;

const HOUR: u64 = 3_600_000;

fn phones() -> Asked {
    Asked { field: Some("联系电话".to_owned()), ..Asked::default() }
}
/// A resident of the one door with two numbers: Wang's ends in `wang`, Li's in `li`.
fn two_numbers(d: &mut Dispute, number: u8, wang: u8, li: u8) -> ResidentId {
    let resident = d.wang.register_resident(number, d.door, &format!("居民{number}"), "13900000001");
    d.everyone_syncs();
    d.wang.set_phone(resident, &format!("139000000{wang:02}"));
    d.li.set_phone(resident, &format!("139000000{li:02}"));
    resident
}
/// Three residents with two numbers each, and one disagreement about how the door is lived in.
fn four() -> Dispute {
    let mut d = Dispute::none_yet();
    for number in 61..64 {
        two_numbers(&mut d, number, number, number + 20);
    }
    let put = |text: &str| Edit { path: Path::new(household::FIELDS, "use"), value: Scalar::Str(text.to_owned()) };
    d.wang.write(vec![(d.door.into(), vec![put("自住")])]);
    d.li.write(vec![(d.door.into(), vec![put("出租")])]);
    d.everyone_syncs();
    assert_eq!(d.open().len(), 4);
    d
}
fn show(d: &Dispute, rule: Rule, asked: &Asked) -> Preview {
    preview(&d.town.office, rule, asked, d.clerk).unwrap()
}

#[test]
fn what_was_shown_is_decided_exactly_and_taken_back_as_one() {
    let mut d = four();
    let shown = show(&d, Rule::HighestRole, &phones());
    assert_eq!((shown.decides.len(), shown.leaves.len(), d.open().len()), (3, 0, 4), "showing decides nothing");
    assert!(shown.decides.iter().all(|l| l.worker_name == "李秀英" && l.instead_of.len() == 1));
    let token = shown.token.unwrap();
    let done = decide_by_rule(&d.town.office, &token.to_uppercase(), None, d.clerk).unwrap();
    assert_eq!((done.decided.len(), done.skipped.len(), done.newer.len()), (3, 0, 0));
    let texts = |done: &[qiaomen_server::review::Decided]| done.iter().map(|d| d.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&done.decided), shown.decides.iter().map(|l| l.text.clone()).collect::<Vec<_>>());
    assert_eq!(d.open().iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["use"]);
    let one = conflict(&d.town.office, done.decided[0].id).unwrap().unwrap();
    assert_eq!((one.bulk, one.decided_by.as_deref()), (Some(done.bulk), Some("zhaomin")));
    let again = decide_by_rule(&d.town.office, &token, None, d.clerk).unwrap_err();
    assert!(matches!(again, ReviewError::PreviewUsed { bulk } if bulk == done.bulk), "{again}");

    let back = undo_bulk(&d.town.office, done.bulk, d.clerk).unwrap();
    assert_eq!((back.undone.len(), back.left.len(), d.open().len()), (3, 0, 4));
    d.everyone_syncs();
    let twice = undo_bulk(&d.town.office, done.bulk, d.clerk).unwrap();
    assert_eq!((twice.undone.len(), twice.left.len()), (0, 3));
    assert!(twice.left.iter().all(|l| l.reason == "已经撤销过"));
    assert!(matches!(undo_bulk(&d.town.office, 99, d.clerk), Err(ReviewError::NoSuchBulk { bulk: 99 })));
    // The same is shown under the same token, and can be gone through with again.
    let shown = show(&d, Rule::HighestRole, &phones());
    assert_eq!(shown.token.as_deref(), Some(token.as_str()));
    let done = decide_by_rule(&d.town.office, &token, Some((Rule::HighestRole, phones())), d.clerk).unwrap();
    assert_eq!(done.decided.len(), 3);
    let (rows, broken) = d.town.office.store().read(|tx| tx.check_audit()).unwrap();
    assert!(rows >= 12 && broken.is_none());
}

#[test]
fn where_something_changed_since_it_was_shown_nothing_is_decided_and_it_is_said() {
    let mut d = four();
    let shown = show(&d, Rule::HighestRole, &phones());
    let (joined, decided) = (shown.decides[0].id, shown.decides[1].id);
    // A third joins one, another is decided by hand, and a new one turns up.
    let resident = ResidentId::from_bytes([61; 16]);
    let mut third = d.town.phone(3, Role::GridWorker, 0);
    third.sync(&d.town.office);
    third.set_phone(resident, "13900000009");
    third.sync(&d.town.office);
    decide(&d.town.office, decided, Choice::Take("A".to_owned()), None, d.clerk).unwrap();
    d.everyone_syncs();
    two_numbers(&mut d, 64, 64, 84);
    d.everyone_syncs();
    let done = decide_by_rule(&d.town.office, &shown.token.unwrap(), None, d.clerk).unwrap();
    assert_eq!(done.decided.iter().map(|d| d.id).collect::<Vec<_>>(), [shown.decides[2].id]);
    let skipped: Vec<_> = done.skipped.iter().map(|l| (l.id, l.reason.as_str())).collect();
    assert_eq!(skipped, [(joined, "预览之后说法有变，请重新看"), (decided, "已经不在等着裁定的里面了")]);
    assert!(done.skipped.iter().all(|l| !l.place.is_empty() && l.field_label == "联系电话"));
    assert_eq!(done.newer.len(), 1, "what was not shown is not decided: {:?}", done.newer);
    assert_eq!(d.open().len(), 3);
}

#[test]
fn what_was_corrected_or_decided_again_since_is_left_when_the_bulk_is_taken_back() {
    let mut d = four();
    let shown = show(&d, Rule::HighestRole, &phones());
    let mut late = d.town.phone(3, Role::GridWorker, 0);
    late.sync(&d.town.office);
    let done = decide_by_rule(&d.town.office, &shown.token.unwrap(), None, d.clerk).unwrap();
    let [corrected, again, plain] = [0, 1, 2].map(|n| done.decided[n].id);
    // Wang has seen the first decision and corrects it.
    d.everyone_syncs();
    d.wang.set_phone(ResidentId::from_bytes([61; 16]), "13900000004");
    d.wang.sync(&d.town.office);
    // About the second a late edit came, and the clerk decided again.
    late.set_phone(ResidentId::from_bytes([62; 16]), "13900000005");
    late.sync(&d.town.office);
    let item = d.open().into_iter().find(|c| c.earlier.contains(&again)).unwrap();
    decide(&d.town.office, item.id, Choice::Value("13900000006".to_owned()), None, d.clerk).unwrap();
    let back = undo_bulk(&d.town.office, done.bulk, d.clerk).unwrap();
    assert_eq!(back.undone.iter().map(|d| d.id).collect::<Vec<_>>(), [plain]);
    let left: Vec<_> = back.left.iter().map(|l| (l.id, l.reason.as_str())).collect();
    assert_eq!(left, [(corrected, "裁定之后有人看到并更正过"), (again, "同一项后来又裁定过")]);
    assert_eq!(conflict(&d.town.office, again).unwrap().unwrap().state, "decided");
    // One by one they can still be taken back: first what came last.
    undo(&d.town.office, item.id, d.clerk).unwrap();
    let back = undo_bulk(&d.town.office, done.bulk, d.clerk).unwrap();
    assert_eq!(back.undone.iter().map(|d| d.id).collect::<Vec<_>>(), [again]);
}

#[test]
fn the_later_visit_wins_and_who_was_at_no_door_leaves_it_to_the_clerk() {
    let mut d = Dispute::none_yet();
    let start = d.town.around.now_ms.load(Ordering::SeqCst) - 10 * HOUR;
    let mut second = two_numbers(&mut d, 61, 61, 81);
    d.wang.outbox.clear();
    d.li.outbox.clear();
    (d.wang.over, d.li.over) = (d.wang.base.clone(), d.li.base.clone());
    // Li was there first but wrote it down last.
    d.li.at_ms = start;
    visit(&mut d.li, &d.town, d.door);
    d.wang.at_ms = start + HOUR;
    visit(&mut d.wang, &d.town, d.door);
    d.wang.set_phone(second, "13900000061");
    d.li.at_ms = start + 2 * HOUR;
    d.li.set_phone(second, "13900000081");
    d.everyone_syncs();
    let shown = show(&d, Rule::LaterVisit, &Asked::default());
    assert_eq!(shown.decides.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), ["13900000061"]);
    let later = show(&d, Rule::Later, &Asked::default());
    assert_eq!(later.decides.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), ["13900000081"]);
    // A visit that comes in after it was shown turns the answer: that is not decided unseen.
    d.li.at_ms = start + 90 * 60_000;
    visit(&mut d.li, &d.town, d.door);
    d.li.sync(&d.town.office);
    let done = decide_by_rule(&d.town.office, &shown.token.unwrap(), None, d.clerk).unwrap();
    assert_eq!((done.decided.len(), done.skipped[0].reason.as_str()), (0, "预览之后依据有变，请重新预览"));
    // Somebody else has no visit at that door at all.
    second = two_numbers(&mut d, 62, 62, 82);
    d.wang.outbox.clear();
    d.everyone_syncs();
    let mut third = d.town.phone(3, Role::GridWorker, 0);
    third.sync(&d.town.office);
    d.li.set_phone(second, "13900000083");
    third.set_phone(second, "13900000009");
    third.sync(&d.town.office);
    d.everyone_syncs();
    let shown = show(&d, Rule::LaterVisit, &Asked::default());
    assert_eq!(shown.leaves.iter().map(|l| l.reason.as_str()).collect::<Vec<_>>(), ["有的说法没有对应的走访或电话"]);
}

#[test]
fn a_rule_without_a_clear_answer_leaves_it_and_says_why() {
    let mut d = Dispute::none_yet();
    let by_refusal = two_numbers(&mut d, 61, 61, 81);
    let refused = Edit { path: Path::new(0, "phone"), value: Answer::Refused.into_scalar() };
    d.li.write(vec![(by_refusal.into(), vec![refused])]);
    let plain = two_numbers(&mut d, 62, 62, 82);
    d.everyone_syncs();
    let of = |shown: &Preview| {
        (
            shown.decides.iter().map(|l| l.text.clone()).collect::<Vec<_>>(),
            shown.leaves.iter().map(|l| l.reason.clone()).collect::<Vec<_>>(),
        )
    };
    let (taken, left) = of(&show(&d, Rule::Refusal, &Asked::default()));
    assert_eq!((taken, left), (vec!["拒绝提供".to_owned()], vec!["没有人拒绝提供".to_owned()]));
    // Two of one role say different things.
    let mut third = d.town.phone(3, Role::GridLeader, 0);
    third.sync(&d.town.office);
    third.set_phone(plain, "13900000009");
    third.sync(&d.town.office);
    let (_, left) = of(&show(&d, Rule::HighestRole, &Asked { label: Some("冲突".to_owned()), ..phones() }));
    assert_eq!(left, ["职务最高的人说法也不一样"]);
    // Nothing to decide, nothing to go through with.
    let nothing = show(&d, Rule::Refusal, &Asked { field: Some("use".to_owned()), ..Asked::default() });
    assert_eq!((nothing.token, nothing.decides.len()), (None, 0));
    assert!(matches!(decide_by_rule(&d.town.office, "0000000000", None, d.clerk), Err(ReviewError::NoPreview)));
}

#[test]
fn of_two_who_wrote_apart_by_clocks_that_cannot_be_compared_the_later_is_not_guessed() {
    let mut d = Dispute::none_yet();
    let resident = two_numbers(&mut d, 61, 61, 81);
    d.li.outbox.clear();
    d.li.over = d.li.base.clone();
    d.li.at_ms = d.town.around.now_ms.load(Ordering::SeqCst) + 3 * HOUR;
    d.li.set_phone(resident, "13900000081");
    d.everyone_syncs();
    let shown = show(&d, Rule::Later, &Asked::default());
    assert_eq!(
        shown.leaves.iter().map(|l| l.reason.as_str()).collect::<Vec<_>>(),
        ["有的终端当时时间偏快，先后说不准"]
    );
    // Who had seen both is later, whatever the clocks say.
    let mut third = d.town.phone(3, Role::GridWorker, 0);
    third.sync(&d.town.office);
    third.set_phone(resident, "13900000009");
    third.sync(&d.town.office);
    let shown = show(&d, Rule::Later, &Asked::default());
    assert_eq!(shown.decides.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), ["13900000009"]);
}

#[test]
fn a_preview_is_for_what_was_asked_and_is_forgotten_after_a_while() {
    let d = four();
    let shown = show(&d, Rule::HighestRole, &phones());
    let token = shown.token.unwrap();
    for expected in [(Rule::Later, phones()), (Rule::HighestRole, Asked::default())] {
        let refused = decide_by_rule(&d.town.office, &token, Some(expected), d.clerk).unwrap_err();
        assert!(matches!(refused, ReviewError::PreviewDiffers), "{refused}");
    }
    d.town.around.now_ms.fetch_add(8 * 24 * HOUR, Ordering::SeqCst);
    show(&d, Rule::Later, &Asked::default());
    assert!(matches!(decide_by_rule(&d.town.office, &token, None, d.clerk), Err(ReviewError::NoPreview)));
}

#[test]
fn a_list_is_narrowed_by_field_door_grid_worker_kind_age_and_label_and_counted() {
    let d = four();
    let count = |asked: Asked| find_conflicts(&d.town.office, &asked).unwrap().0.len();
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(count(phones()), 3);
    assert_eq!(count(Asked { kind: said("户"), ..Asked::default() }), 1);
    assert_eq!(count(Asked { door: said("1-1-101"), ..Asked::default() }), 4);
    assert_eq!(count(Asked { door: said("1号楼"), ..Asked::default() }), 4);
    assert_eq!(count(Asked { door: said("2号楼"), ..Asked::default() }), 0);
    assert_eq!(count(Asked { grid: said("第1网格"), ..Asked::default() }), 4);
    assert_eq!(count(Asked { worker: said("李秀英"), ..phones() }), 3);
    assert_eq!(count(Asked { label: said("离线更新"), ..Asked::default() }), 0);
    assert_eq!(count(Asked { older_than: said("3天"), ..Asked::default() }), 0);
    d.town.around.now_ms.fetch_add(73 * HOUR, Ordering::SeqCst);
    assert_eq!(count(Asked { older_than: said("3d"), state: said("open"), ..Asked::default() }), 4);
    let (_, counts) = find_conflicts(&d.town.office, &Asked::default()).unwrap();
    assert_eq!(
        counts.by_field.iter().map(|c| (c.of.as_str(), c.count)).collect::<Vec<_>>(),
        [("联系电话", 3), ("居住情况", 1)]
    );
    for (wrong, sentence) in [
        (Asked { field: said("血型"), ..Asked::default() }, "项目里没有“血型”。"),
        (Asked { worker: said("谁"), ..Asked::default() }, "工作人员里没有“谁”。"),
        (Asked { door: said("9号楼"), ..Asked::default() }, "楼栋或户里没有“9号楼”。"),
        (Asked { grid: said("x"), ..Asked::default() }, "网格里没有“x”。"),
        (Asked { older_than: said("很久"), ..Asked::default() }, "时长里没有“很久”。"),
    ] {
        assert_eq!(find_conflicts(&d.town.office, &wrong).unwrap_err().to_string(), sentence);
    }
}
