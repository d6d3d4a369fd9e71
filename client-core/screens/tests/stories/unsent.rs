use crate::hand::Hand;
use crate::support::worker;
use qiaomen_proto::change::{Answer, Path, Scalar};
use qiaomen_proto::error::Code;
use qiaomen_proto::merge::OpRecord;
use qiaomen_proto::merge::decision::decide;
use qiaomen_proto::sentence::Sentence;
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_screens::SyncNow;

#[test]
fn what_is_not_at_the_office_is_told_by_door_and_its_receipt_shows_when_it_is() {
    let (mut hand, door) = Hand::at_a_door();
    assert!(hand.opens("/outbox").says("全部送到"));
    hand.world.pass_minutes(1, &[&hand.phone]);
    let page = hand.opens(&format!("/door/{door}"));
    hand.does(&page, &format!("/door/{door}/visit"), &[("outcome", "met")]);
    let outbox = hand.opens("/outbox");
    assert!(outbox.says("1号楼1单元502") && outbox.says("等着送") && !outbox.says("全部送到"));
    assert!(hand.opens("/").says("1 件还没送到"));
    let file = hand.asks(qiaomen_screens::Method::Get, "/outbox/file", "");
    assert_eq!(file.response.save_as.as_deref(), Some("还没送到社区-2025-03-10.qmr"));
    assert!(!file.response.body.is_empty());
    let diary = hand.opens("/diary");
    let receipt = diary.html.split("href=\"/outbox/receipt/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(hand.opens(&format!("/outbox/receipt/{receipt}")).says("还没有回执"));
    hand.phone.sync();
    assert!(hand.opens(&format!("/outbox/receipt/{receipt}")).says("社区已收到"));
    assert!(hand.opens("/sync").says("两边核对一致"));
}

#[test]
fn what_the_office_refused_says_why_and_what_to_do_and_can_be_put_away() {
    let (mut hand, door) = Hand::at_a_door();
    hand.world.office.borrow_mut().say = Some(Box::new(|_| Some((Outcome::Rejected, Code::ValueBounds))));
    hand.phone.visit(door, "");
    hand.phone.sync();
    let outbox = hand.opens("/outbox");
    assert!(outbox.says("社区没有收下") && outbox.says("原因：") && outbox.says("怎么办："));
    assert!(outbox.says("1 件社区没有收下"), "the line on every page says it");
    let action = outbox.html.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let after = hand.does(&outbox, &action, &[]);
    assert!(after.says("已丢掉。") && !after.says("原因："));
}

#[test]
fn the_line_about_the_sync_says_what_is_happening_and_never_more() {
    let (mut hand, door) = Hand::at_a_door();
    assert!(hand.opens("/sync/strip").says("全部送到"));
    hand.phone.visit(door, "");
    assert!(hand.opens("/sync/strip").says("1 件还没送到"));
    hand.state.sync = SyncNow::Failed { sentence: Sentence::plain("连不上社区。"), again: true };
    assert!(hand.opens("/sync/strip").says("没有信号，1 件存在手机里"));
    assert!(hand.opens("/sync").says("过一会儿会自动再试"));
    let progress = qiaomen_client::SyncProgress { documents: Some((3, 9)), ..Default::default() };
    hand.state.sync = SyncNow::Running(progress);
    assert!(hand.opens("/sync/strip").says("第一次同步 3 / 9"));
}

#[test]
fn what_two_say_differently_waits_for_the_office_and_is_told_to_both() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "李四", "13800000000");
    hand.phone.sync();
    let mut other = hand.disagrees_about(person);
    let page = hand.opens("/conflicts");
    assert!(page.says("等社区定") && page.says("13800000001") && page.says("13800000002"));
    assert!(hand.opens(&format!("/door/{door}")).says("说法不一"));
    // The office takes the other's: the one is told what holds now and what she had written, the other that it is as
    // she wrote. It is news on Today for both.
    let register = hand.phone.device.register(person.into()).unwrap();
    let path = Path::new(0, "phone");
    let seen: Vec<_> = register.visible(&path).into_iter().cloned().collect();
    let theirs = |op: &&OpRecord| register.stamp(op).is_some_and(|stamp| stamp.by.worker == worker("李"));
    let taken = seen.iter().find(theirs).unwrap();
    let ids: Vec<_> = seen.iter().map(|op| op.id).collect();
    let edits = decide(&register, &path, &ids, &[taken.id], taken.value.clone());
    hand.world.pass_minutes(1, &[&hand.phone, &other]);
    hand.world.office.borrow_mut().act(vec![(person.into(), edits)]);
    hand.phone.sync();
    other.sync();
    let page = hand.opens("/conflicts");
    assert!(page.says("社区定了的") && page.says("13800000002") && page.says("您写的是：13800000001"), "{}", page.html);
    assert!(hand.opens("/").says("社区已定"));
    hand.phone = other;
    let page = hand.opens("/conflicts");
    assert!(page.says("社区定了的") && page.says("按您写的") && !page.says("13800000001"), "{}", page.html);
    assert!(hand.opens("/").says("社区已定"));
    // Once somebody has written on, what holds is no longer what was decided, and is not told as that.
    hand.phone.correct(person, "phone", "13800000003");
    assert!(!hand.opens("/").says("社区已定") && !hand.opens("/conflicts").says("社区定了的"));
}

#[test]
fn what_i_had_written_is_a_look_also_where_the_office_decided_that_nothing_stands_there() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "李四", "13800000000");
    hand.phone.sync();
    hand.disagrees_about(person);
    let register = hand.phone.device.register(person.into()).unwrap();
    let path = Path::new(0, "phone");
    let ids: Vec<_> = register.visible(&path).iter().map(|op| op.id).collect();
    let edits = decide(&register, &path, &ids, &[], Answer::<Scalar>::Refused.into_scalar());
    hand.world.pass_minutes(1, &[&hand.phone]);
    hand.world.office.borrow_mut().act(vec![(person.into(), edits)]);
    hand.phone.sync();
    let looks = |hand: &Hand| hand.phone.device.standing().unwrap().looks_unsent;
    assert_eq!(looks(&hand), 0);
    assert!(hand.opens("/conflicts").says("您写的是：13800000001"));
    assert_eq!(looks(&hand), 1);
}

#[test]
fn the_file_that_is_carried_by_hand_says_what_is_not_in_it_and_is_not_made_of_nothing() {
    let (mut hand, door) = Hand::at_a_door();
    let file = hand.asks(qiaomen_screens::Method::Get, "/outbox/file", "");
    assert!(file.response.status == 404 && file.says("没有要带去的"), "{}", file.html);
    hand.phone.visit(door, "");
    assert!(!hand.opens("/outbox").says("不在这个文件里"));
    let person = hand.phone.resident(door, "张三", "13837783533");
    hand.opens(&format!("/resident/{person}?show=phone"));
    assert!(hand.opens("/outbox").says("照片和查看记录不在这个文件里"));
}
