//! In English the app speaks English: of Chinese there is only what people wrote and what the book says.

use crate::hand::{Hand, Page};
use qiaomen_client::Intent;
use qiaomen_proto::change::Answer;
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_screens::Method;
use qiaomen_screens::settings::{Language, Settings};

/// What people wrote, and values and names as they stand in the book.
const WRITTEN: &[&str] = &[
    "独居老人",
    "空巢老人",
    "失能",
    "残疾",
    "低保",
    "特困",
    "党员",
    "退役军人",
    "志愿者",
    "常住",
    "流动",
    "人户分离",
    "孙子女",
    "兄弟姐妹",
    "号楼",
    "单元",
    "张三",
    "李四",
    "王秀英",
    "李建国",
    "社区",
    "第一网格",
    "路灯",
    "自住",
    "出租",
    "借住",
    "空置",
    "经营",
    "楼道灯不亮",
    "中文",
    "户主",
    "配偶",
    "子女",
    "父母",
    "租户",
    "其他",
    "样例",
    "男",
    "女",
];

/// Chinese words on a page that nobody wrote. Marks and sources of the page are no words.
fn chinese(page: &Page) -> Vec<String> {
    let mut left = page.html.clone();
    for written in WRITTEN {
        left = left.replace(written, " ");
    }
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    left.split(|c| !is_chinese(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[track_caller]
fn speaks_english(page: &Page) {
    assert_eq!(chinese(page), [""; 0], "{}", page.html);
}

fn in_english() -> (Hand, qiaomen_proto::ids::HouseholdId) {
    let (mut hand, door) = Hand::at_a_door();
    hand.settings = Settings { language: Language::English, ..Settings::default() };
    (hand, door)
}

#[test]
fn what_waits_what_was_refused_and_what_is_kept_is_told_in_english() {
    let (mut hand, door) = in_english();
    let person = hand.phone.resident(door, "张三", "13837783533");
    hand.phone.sync();
    hand.phone.visit(door, "");
    for answer in [Answer::Refused, Answer::Unknown, Answer::Cleared, Answer::Value("13800000001".to_owned())] {
        let intent = Intent::CorrectResident { resident: person, field: "phone".to_owned(), answer };
        hand.phone.device.edit(intent).unwrap();
    }
    let waiting = hand.opens("/outbox");
    speaks_english(&waiting);
    assert!(waiting.says("1号楼1单元502 张三") && waiting.says("Phone changed") && waiting.says("visit, met"));
    for code in Code::ALL {
        for outcome in [Outcome::Rejected, Outcome::Quarantined, Outcome::Waiting] {
            let (mut hand, door) = in_english();
            let code = *code;
            hand.world.office.borrow_mut().say = Some(Box::new(move |_| Some((outcome, code))));
            hand.phone.visit(door, "");
            let _ = hand.phone.try_sync();
            speaks_english(&hand.opens("/outbox"));
        }
    }
}

#[test]
fn the_rooms_of_the_app_are_in_english() {
    let (mut hand, door) = in_english();
    let person = hand.phone.resident(door, "张三", "13837783533");
    hand.phone.sync();
    hand.disagrees_about(person);
    hand.phone.visit(door, "");
    let door_path = format!("/door/{door}");
    let person_path = format!("/resident/{person}");
    for path in [
        "/",
        "/grid",
        "/tickets",
        "/outbox",
        "/me",
        "/sync",
        "/conflicts",
        "/diary",
        "/search?q=502",
        "/search?q=zs",
        "/search?q=13800000001",
        &door_path,
        &person_path,
        &format!("{door_path}/visit"),
        &format!("{door_path}/new-resident"),
        &format!("{person_path}/out"),
    ] {
        speaks_english(&hand.opens(path));
    }
}

#[test]
fn what_is_not_saved_says_why_in_english() {
    let (mut hand, door) = in_english();
    let person = hand.phone.resident(door, "张三", "13837783533");
    for (field, typed) in [("phone", "12"), ("identity", "12"), ("birth", "soon"), ("name", &"张三".repeat(200))] {
        let path = format!("/resident/{person}/field/{field}");
        let page = hand.opens(&path);
        let answer = hand.sends(&page, &path, &[(field, typed), ("answer", "value")]);
        assert_eq!(answer.response.status, 422, "{field}: {}", answer.html);
        assert!(answer.says("was not saved"), "{field}: {}", answer.html);
        speaks_english(&answer);
    }
    for path in ["/door/7", "/nowhere", "/ticket/01890000-0000-7000-8000-000000000000"] {
        let answer = hand.asks(Method::Get, path, "");
        assert_eq!(answer.response.status, 404);
        speaks_english(&answer);
    }
}
