//! The diary of today and of earlier days; a long day is turned like a book.

use crate::hand::Hand;
use qiaomen_client::query::diary::PART_LINES_MAX;
use qiaomen_screens::Method;

const DAY_MINUTES: u64 = 24 * 60;

/// 2025-03-10, the day on which each story begins, and its neighbours.
const BEFORE: &str = "2025-03-09";
const FIRST: &str = "2025-03-10";
const SECOND: &str = "2025-03-11";

#[test]
fn yesterday_s_diary_is_read_today_with_its_receipts_and_turned_back_to_today() {
    let (mut hand, door) = Hand::at_a_door();
    hand.phone.visit(door, "周五再来");
    hand.phone.sync();
    hand.world.pass_minutes(DAY_MINUTES, &[&hand.phone]);
    let today = hand.opens("/diary");
    assert!(today.says(SECOND) && today.says("今天还没有记。") && !today.says("周五再来"));
    assert!(today.says(&format!("href=\"/diary?on={FIRST}\"")), "a day back");
    assert!(!today.says("后一天"), "there is no day after today");
    assert!(today.says("上一次记是 2025-03-10"));

    let page = hand.opens(&format!("/diary?on={FIRST}"));
    assert!(page.says("周五再来") && page.says("这一天走访 1 次，见到 1 次"));
    assert!(page.says("后一天") && page.says(&format!("href=\"/diary?on={SECOND}\"")));
    assert!(!page.says("记一次巡查"), "what is written now is of today");
    let receipt = page.html.split("href=\"/outbox/receipt/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let receipt = hand.opens(&format!("/outbox/receipt/{receipt}"));
    assert!(receipt.says("社区已收到") && receipt.says("1号楼1单元502"), "told in words on later days as well");
    assert!(receipt.says(&format!("href=\"/diary?on={FIRST}\"")), "and leads back to its day");
}

#[test]
fn an_empty_day_says_so_and_leads_to_the_last_that_is_not() {
    let (mut hand, door) = Hand::at_a_door();
    hand.phone.visit(door, "");
    hand.world.pass_minutes(5 * DAY_MINUTES, &[&hand.phone]);
    let page = hand.opens("/diary?on=2025-03-13");
    assert!(page.says("这一天没有记。") && page.says("上一次记是 2025-03-10"));
    let page = hand.opens(&format!("/diary?on={BEFORE}"));
    assert!(page.says("这一天没有记。") && !page.says("上一次记是"));
}

#[test]
fn a_day_that_has_not_come_is_refused_in_words_and_one_that_is_none_is_no_page() {
    let mut hand = Hand::new();
    let page = hand.asks(Method::Get, &format!("/diary?on={SECOND}"), "");
    assert!(page.response.status == 404 && page.says("那一天还没到"));
    for none in ["2025-02-30", "today", "2025-3", "99999999-01-01"] {
        let page = hand.asks(Method::Get, &format!("/diary?on={none}"), "");
        assert!(page.response.status == 404 && page.says("没有这一页"), "{none}: {}", page.html);
    }
    assert!(hand.opens("/diary?on=0001-01-01").says("这一天没有记。"));
    assert!(hand.opens("/diary?on=&part=x").says("今天还没有记。"));
}

#[test]
fn a_long_day_is_shown_in_parts_and_no_line_is_missing_or_twice() {
    let (mut hand, door) = Hand::at_a_door();
    // The door itself was one command; a part more than two parts full.
    for n in 0..2 * PART_LINES_MAX {
        hand.phone.visit(door, &format!("第{n}句。"));
    }
    let parts: Vec<_> = (1..=3).map(|n| hand.opens(&format!("/diary?on={FIRST}&part={n}"))).collect();
    let whole: String = parts.iter().map(|page| page.html.as_str()).collect();
    for n in 0..2 * PART_LINES_MAX {
        assert_eq!(whole.matches(&format!("<p class=\"words\">第{n}句。</p>")).count(), 1, "{n}");
    }
    assert_eq!(whole.matches("href=\"/outbox/receipt/").count(), 2 * PART_LINES_MAX + 1);
    assert!(parts[0].says("第 1 页，共 3 页") && parts[2].says("第 3 页，共 3 页"));
    assert!(parts[0].says("走访 100 次"), "the sum is of the whole day");
    assert!(!parts[2].says("没有记"), "a part without entries is no empty day");
    assert!(!parts[0].says("上一页") && parts[1].says("上一页") && !parts[2].says("下一页"));
    assert!(hand.opens(&format!("/diary?on={FIRST}&part=99")).says("第 3 页，共 3 页"));
    assert!(hand.opens(&format!("/diary?on={FIRST}&part=0")).says("第 1 页，共 3 页"));
}
