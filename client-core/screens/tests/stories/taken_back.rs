//! A touch at the wrong door is taken back: right after it, or later from the door or the diary.

use crate::hand::Hand;
use qiaomen_screens::Method;
use qiaomen_screens::settings::Language;

/// Where the link with these words leads.
fn linked(html: &str, words: &str) -> String {
    let before = html.split(words).next().unwrap();
    let link = before.rsplit("<a ").next().unwrap();
    link.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_visit_at_the_wrong_door_is_taken_back_with_two_touches() {
    let (mut hand, door) = Hand::at_a_door();
    let home = format!("/door/{door}");
    let form = hand.opens(&home);
    let done = hand.does(&form, &format!("{home}/visit"), &[("outcome", "met")]);
    assert!(done.says("点错了？撤回刚才这一条"), "{}", done.html);
    let there = linked(&done.html, "点错了？");
    let asked = hand.opens(&there);
    assert!(asked.says("1号楼1单元502") && asked.says("走访 · 见到了") && asked.says("不撤回"), "{}", asked.html);
    assert_eq!(hand.phone.unsent(), 1, "looking takes nothing back");
    let done = hand.does(&asked, &there, &[]);
    assert!(done.says("已撤回，不算了。") && done.says("还没有去过。") && !done.says("点错了？"), "{}", done.html);
    assert!(hand.opens("/diary").says("今天走访 0 次"));
    assert!(hand.opens("/outbox").says("撤回走访"), "told by its door until the office has it");

    // Sent again by a second window, going back, or loading again: nothing more.
    assert_eq!(hand.asks(Method::Post, &there, &asked.form(&there, &[])).response.status, 303);
    assert_eq!(hand.phone.unsent(), 2);
    let gone = hand.asks(Method::Get, &there, "");
    assert!(gone.response.status == 404 && gone.says("已经撤回了"), "{}", gone.html);
}

#[test]
fn of_two_windows_that_take_the_same_back_the_second_is_told_so() {
    let (mut hand, door) = Hand::at_a_door();
    let entry = hand.phone.visit(door, "");
    let there = format!("/entry/{entry}");
    let windows = [hand.opens(&there), hand.opens(&there)];
    hand.does(&windows[0], &there, &[]);
    let second = hand.sends(&windows[1], &there, &[]);
    assert!(second.response.status == 404 && second.says("已经撤回了"), "{}", second.html);
    assert_eq!(hand.phone.unsent(), 2);
}

#[test]
fn the_door_and_the_diary_lead_to_what_i_wrote_today_and_to_nothing_else() {
    let (mut hand, door) = Hand::at_a_door();
    let mut other = hand.world.ready("李");
    other.visit(door, "");
    other.sync();
    hand.phone.sync();
    let home = format!("/door/{door}");
    assert!(!hand.opens(&home).says("记错了"), "another's stands");
    let entry = hand.phone.visit(door, "周五再来");
    for page in [&home, "/diary"] {
        let page = hand.opens(page);
        assert_eq!(linked(&page.html, "记错了"), format!("/entry/{entry}"));
        assert_eq!(page.html.matches("记错了").count(), 1);
    }
    hand.settings.language = Language::English;
    let english = hand.opens(&format!("/entry/{entry}"));
    assert!(english.says("Take this one back") && english.says("Visit · met"), "{}", english.html);
    hand.settings.language = Language::Chinese;
    hand.world.pass_minutes(24 * 60, &[&hand.phone]);
    let later = hand.opens(&home);
    assert!(later.says("周五再来") && !later.says("记错了"));
    assert!(!hand.opens("/diary?on=2025-03-10").says("记错了"));
    for none in ["x", "00000000-0000-7000-8000-000000000000"] {
        assert_eq!(hand.asks(Method::Get, &format!("/entry/{none}"), "").response.status, 404);
    }
}
