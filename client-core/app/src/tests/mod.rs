//! What people read and what programs read, on one made-up day.

mod redact;
mod story;
#[path = "../../../tests/support/mod.rs"]
pub(crate) mod support;

use crate::failure::{Failure, PROBLEM, USAGE};
use redact::Redact;
use story::{day, json, typed};

/// Every question that is asked of the day.
const QUESTIONS: [(&str, &[&str]); 22] = [
    ("today", &["today"]),
    ("doors", &["doors"]),
    ("doors_not_home", &["doors", "--not-home"]),
    ("door", &["door", "1号楼1单元101"]),
    ("door_refused", &["door", "1-1-1001"]),
    ("resident", &["resident", "show", "王建国"]),
    ("tickets", &["ticket", "list", "--which", "all"]),
    ("ticket", &["ticket", "show", "漏水"]),
    ("outbox", &["outbox"]),
    ("status", &["status"]),
    ("history_phone", &["history", "王建国", "电话"]),
    ("history_residency", &["history", "王建国", "户籍情况"]),
    ("history_head", &["history", "1-1-101", "户主"]),
    ("conflicts", &["conflicts"]),
    ("tickets_mine", &["ticket", "list", "--which", "mine"]),
    ("search_name", &["search", "王"]),
    ("search_initials", &["search", "sxl"]),
    ("search_digits", &["search", "0002"]),
    ("search_room", &["search", "202"]),
    ("search_address", &["search", "1-1-101"]),
    ("search_matter", &["search", "漏水"]),
    ("search_nothing", &["search", "不存在的人"]),
];

#[test]
fn every_question_is_answered_to_people_and_to_programs() {
    let mut day = day();
    let mut redact = Redact::default();
    for (name, line) in QUESTIONS {
        let answer = typed(&mut day.wang, line).unwrap_or_else(|f| panic!("{name}: {}", f.to_text()));
        let json = serde_json::to_string_pretty(&json(&answer)).unwrap();
        let page = format!("$ {}\n{}\n", line.join(" "), redact.text(&answer.text));
        insta::assert_snapshot!(format!("{name}_text"), page);
        insta::assert_snapshot!(format!("{name}_json"), redact.text(&json));
    }
    assert!(day.world.office.borrow().log.len() > 10);
}

#[test]
fn an_edit_is_answered_with_its_words_and_its_ids() {
    let mut day = day();
    let answer = typed(&mut day.wang, &["resident", "correct", "单秀兰", "电话", "0477-8581234"]).unwrap();
    assert_eq!(json(&answer)["sentence"], "1号楼1单元101 单秀兰：改联系电话");
    assert!(answer.text.starts_with("已记下：1号楼1单元101 单秀兰：改联系电话\n"), "{}", answer.text);
    let answer =
        typed(&mut day.wang, &["household", "add", "--building", "1#", "--unit", "一单元", "--room", "303室"]).unwrap();
    assert_eq!(json(&answer)["household"], support::door_at("303").to_string());
}

fn failure(phone: &mut support::Phone, line: &[&str]) -> Failure {
    typed(phone, line).unwrap_err()
}

#[test]
fn what_does_not_go_through_says_what_it_was_and_the_way_out() {
    let mut day = day();
    let wang = &mut day.wang;
    let same = failure(wang, &["resident", "correct", "王建国", "姓名", "王建国"]);
    assert_eq!((same.exit, same.code.as_str()), (PROBLEM, "nothing_to_change"));
    assert!(same.sentence.starts_with("1号楼1单元101 王建国 姓名："), "{}", same.sentence);
    let odd = failure(wang, &["resident", "correct", "王建国", "电话", "12"]);
    assert_eq!(odd.code, "value");
    let nobody = failure(wang, &["door", "9-9-999"]);
    assert_eq!(nobody.code, "not_found");
    assert!(nobody.sentence.contains("search"), "{}", nobody.sentence);
    let field = failure(wang, &["history", "王建国", "鞋码"]);
    assert_eq!(field.code, "no_such_field");
    let step = failure(wang, &["ticket", "advance", "漏水", "喝茶"]);
    assert_eq!(step.exit, USAGE);
    let early = failure(wang, &["ticket", "advance", "漏水", "评价", "--satisfaction", "满意"]);
    assert_eq!(early.code, "not_possible");
}

#[test]
fn of_two_that_fit_none_is_guessed() {
    let mut day = day();
    let wang = &mut day.wang;
    typed(wang, &["resident", "add", "--door", "1-1-202", "--name", "王建国"]).unwrap();
    let both = failure(wang, &["resident", "out", "王建国"]);
    assert_eq!(both.code, "ambiguous");
    let words: Vec<&str> = both.choices.iter().map(|c| c.words.as_str()).collect();
    assert_eq!(words, ["1号楼1单元101 王建国", "1号楼1单元202 王建国"]);
    assert_eq!(both.to_json()["error"]["choices"].as_array().map(Vec::len), Some(2));
    // The address tells one from the other; so does the whole id, its beginning, and its end.
    typed(wang, &["resident", "show", "1-1-202 王建国"]).unwrap();
    let id = both.choices[1].id.to_string();
    typed(wang, &["resident", "show", &id]).unwrap();
    typed(wang, &["resident", "show", &id[28..]]).unwrap();
    assert_eq!(failure(wang, &["door", "1号楼"]).code, "ambiguous");
}

#[test]
fn what_the_office_refused_can_be_read_and_dropped() {
    let mut day = day();
    let wang = &mut day.wang;
    let lines = wang.device.outbox().unwrap();
    let refused = lines.iter().find(|l| l.state.name() == "rejected").unwrap();
    let unsent = lines.iter().find(|l| l.state.name() == "pending").unwrap();
    assert_eq!(failure(wang, &["outbox", "--discard", &unsent.command]).code, "not_possible");
    typed(wang, &["outbox", "--discard", &refused.command]).unwrap();
    assert!(wang.device.outbox().unwrap().iter().all(|l| l.state.name() != "rejected"));
    assert_eq!(day.li.device.outbox().unwrap(), []);
}

#[test]
fn the_rescue_file_is_where_it_is_said_to_be() {
    let mut day = day();
    let answer = typed(&mut day.wang, &["outbox", "--rescue"]).unwrap();
    let rescue = &json(&answer)["rescue"];
    let file = day.wang.folder.path().join("rescue.qmr");
    assert_eq!(rescue["path"], file.to_str().unwrap());
    assert_eq!(rescue["bytes"], std::fs::metadata(&file).unwrap().len());
    assert_eq!(rescue["commands"], day.wang.device.outbox().unwrap().len());
    assert!(answer.text.contains("只有社区打得开"));
}

#[test]
fn documents_are_exported_with_what_is_not_confirmed() {
    let mut day = day();
    let out = tempfile::tempdir().unwrap();
    let answer = typed(&mut day.wang, &["export", "--documents", out.path().to_str().unwrap()]).unwrap();
    let count = |kind: &str| std::fs::read_dir(out.path().join(kind)).unwrap().count();
    // The door that the office keeps and the matter that is not sent yet: one is not here, one is.
    assert_eq!((count("household"), count("resident"), count("ticket"), count("diary")), (4, 3, 2, 1));
    assert_eq!(json(&answer)["documents"], 10);
}
