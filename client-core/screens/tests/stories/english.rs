//! In English the app speaks English: of Chinese there is only what people wrote.

use crate::hand::{Hand, Page};
use qiaomen_client::Intent;
use qiaomen_proto::change::Answer;
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_screens::Method;
use qiaomen_screens::settings::{Language, Settings};

/// What people wrote, and names as they stand in the book.
const WRITTEN: &[&str] =
    &["号楼", "单元", "张三", "李四", "王秀英", "李建国", "社区", "第一网格", "路灯", "楼道灯不亮", "中文", "样例"];

/// The page as it is read: what a choice sends is the book's word, whatever the page calls it.
fn read(page: &Page) -> String {
    let mut pieces = page.html.split(" value=\"");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |read, piece| read + piece.split_once('"').map_or("", |(_, after)| after))
}

/// Chinese words on a page that nobody wrote. Marks and sources of the page are no words.
fn chinese(page: &Page) -> Vec<String> {
    let mut left = read(page);
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
fn words_of_the_book_are_chosen_and_shown_in_english_and_saved_as_the_book_has_them() {
    let (mut hand, door) = in_english();
    let field = format!("/door/{door}/field/use");
    let form = hand.opens(&field);
    speaks_english(&form);
    assert!(form.says("<option value=\"出租\">Let</option>"), "{}", form.html);
    let page = hand.does(&form, &field, &[("use", "出租"), ("answer", "value")]);
    speaks_english(&page);
    assert!(page.says(">Let<"), "{}", page.html);
    let person = hand.phone.resident(door, "张三", "13837783533");
    let categories = format!("/resident/{person}/field/categories");
    let form = hand.opens(&categories);
    speaks_english(&form);
    hand.does(&form, &categories, &[("categories", "独居老人"), ("categories", "党员"), ("answer", "value")]);
    let form = hand.opens(&categories);
    assert!(form.says("value=\"独居老人\" checked") && form.says("Elderly living alone"), "{}", form.html);
    let page = hand.opens(&format!("/resident/{person}?show=all"));
    assert!(page.says("Party member, Elderly living alone"), "{}", page.html);
    let relation = format!("/resident/{person}/field/relation");
    let form = hand.opens(&relation);
    hand.does(&form, &relation, &[("relation", "户主"), ("answer", "value")]);
    let found = hand.opens("/search?q=3533");
    speaks_english(&found);
    assert!(found.says("Head of household"), "{}", found.html);
    let occupancy = format!("/door/{door}/occupancy");
    let form = hand.opens(&occupancy);
    speaks_english(&form);
    hand.does(&form, &occupancy, &[("kind", "借住"), ("head", &person.to_string()), ("since", "2025-01-01")]);
    for path in ["/outbox", "/diary", &occupancy] {
        let page = hand.opens(path);
        speaks_english(&page);
        assert!(page.says("Lent"), "{path}: {}", page.html);
    }
    hand.settings = Settings::default();
    assert!(hand.opens(&format!("/resident/{person}?show=all")).says("党员、独居老人"));
    let fields = hand.phone.device.door(door).unwrap().fields;
    assert!(fields.iter().any(|f| f.said.value.as_deref() == Some("出租")));
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
