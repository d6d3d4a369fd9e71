use crate::harness::page::{all, field, line, person};
use crate::harness::pocket::{Pocket, now_ms};
use crate::harness::{Office, settle};
use qiaomen_client::Intent;
use qiaomen_proto::entity::record::Outcome;
use serde_json::json;

#[test]
fn what_is_done_without_signal_stands_in_the_book_at_once_and_at_the_office_in_the_evening() {
    let mut office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    wang.syncs();
    office.kill();
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "身体都好"]);
    wang.does(["resident", "correct", "1-1-202 何志刚", "电话", "139 0999 0000"]);
    wang.does(["resident", "add", "--door", "1-1-101", "--name", "乌仁图雅", "--phone", "拒绝"]);
    wang.does(["household", "refuse", "1-1-302", "--people", "2"]);
    wang.does(["ticket", "report", "--category", "环境卫生", "--door", "1-1-202", "楼道里堆了旧家具"]);
    let (code, sentence) = wang.fails(5, ["sync"]);
    assert_eq!(code, "no_connection");
    assert!(sentence.contains("没送出的都还在") || sentence.contains("没确认的都还在"), "{sentence}");
    let outbox = json!(wang.outbox());
    assert_eq!(all(&outbox, "state"), ["pending"; 5]);
    assert!(all(&outbox, "sentence").contains(&"1号楼1单元202 何志刚：改联系电话"), "{outbox:#}");

    let shown = |door: &serde_json::Value, pending: bool| {
        let phone = field(person(door, "何志刚"), "phone");
        assert_eq!((&phone["value"], &phone["pending"]), (&json!("13909990000"), &json!(pending)), "{phone:#}");
        assert_eq!(door["visits"][0]["note"], "身体都好");
        assert_eq!(door["tickets"][0]["text"], "楼道里堆了旧家具");
    };
    shown(&wang.door("1-1-202"), true);
    office.serve();
    settle(&office, &[&wang, &li]);
    assert!(wang.outbox().is_empty());
    for phone in [&wang, &li] {
        shown(&phone.door("1-1-202"), false);
        assert_eq!(field(person(&phone.door("1-1-101"), "乌仁图雅"), "phone")["state"], "refused");
        assert_eq!(phone.door("1-1-302")["refusal"]["people_count"], 2);
    }
}

#[test]
fn an_edit_that_cannot_be_is_refused_in_words_and_leaves_nothing() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    let before = wang.door("1-1-202");
    let refused = [
        (vec!["resident", "correct", "1-1-202 何志刚", "电话", "12"], "value", "请填 11 位手机号"),
        (vec!["household", "correct", "1-1-202", "常住人数", "很多"], "value", "请填 0 到 99 的数"),
        (vec!["household", "correct", "1-1-202", "居住情况", "自住"], "nothing_to_change", "本来就是这样"),
        (vec!["household", "correct", "1-1-202", "房号", "203"], "not_possible", "门牌不能改"),
        (vec!["visit", "9-9-909", "--outcome", "met"], "not_found", "9-9-909"),
        (vec!["resident", "correct", "没有这人", "电话", "13909990000"], "not_found", "没有这人"),
    ];
    for (typed, code, words) in refused {
        let said = wang.fails(1, typed);
        assert_eq!(said.0, code, "{said:?}");
        assert!(said.1.contains(words), "{said:?}");
    }
    assert!(wang.outbox().is_empty());
    assert_eq!(wang.door("1-1-202"), before);
    settle(&office, &[&wang]);
}

#[test]
fn a_phone_whose_clock_is_three_days_ahead_writes_right_times_once_it_is_enrolled() {
    const THREE_DAYS_MS: u64 = 3 * 24 * 3600 * 1000;
    let office = Office::with_ledger();
    let li = office.phone("谢建");
    li.syncs();
    let mut wang = Pocket::enrolled(&office, "马桂", THREE_DAYS_MS);
    wang.syncs();
    let door = li.door("1-1-202")["door"]["household"].as_str().unwrap().parse().unwrap();
    let before_ms = now_ms();
    wang.device
        .edit(Intent::Visit { household: door, outcome: Outcome::Met, note: Some("准时到访".to_owned()) })
        .unwrap();
    wang.syncs();
    settle(&office, &[&li]);
    let door = li.door("1-1-202");
    let at_ms = line(&door["visits"], "note", "准时到访")["at_ms"].as_u64().unwrap();
    assert!(at_ms.abs_diff(before_ms) < 60_000, "written {at_ms}, done {before_ms}");
    let status = wang.device.status().unwrap();
    assert!(status.clock_skew.unwrap().text().contains("快了 3 天"));
    assert_eq!(wang.device.date().unwrap(), li.does(["today"])["date"]);
    wang.syncs();
}
