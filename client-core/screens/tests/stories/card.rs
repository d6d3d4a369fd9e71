//! The purpose card: beside every question stands why it is asked, who can see the answer, how long it is kept.

use crate::hand::Hand;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::ids::Kind;
use qiaomen_screens::settings::{Language, Settings};

#[test]
fn the_card_of_a_phone_number_says_why_who_and_how_long_before_the_box() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "张三", "13837783533");
    let page = hand.opens(&format!("/resident/{person}/field/phone"));
    for words in [
        "停水停电、紧急情况时能联系上。",
        "本网格的网格长、助理、网格员、楼栋长；社区工作人员；督导员。",
        "屏幕上平时遮住，看一次记一次。",
        "程序不会自动删",
        "可以不说",
    ] {
        let at = page.html.find(words).unwrap_or_else(|| panic!("{words}"));
        assert!(at < page.html.find("id=\"value\"").unwrap(), "before the box: {words}");
    }
    // A name is not masked: people are greeted by it.
    assert!(!hand.opens(&format!("/resident/{person}/field/name")).says("屏幕上平时遮住"));
    assert!(!hand.opens(&format!("/door/{door}/field/use")).says("屏幕上平时遮住"));
}

#[test]
fn every_question_about_a_new_person_has_its_card_also_in_english() {
    let (mut hand, door) = Hand::at_a_door();
    let path = format!("/door/{door}/new-resident");
    let page = hand.opens(&path);
    let questions = page.html.matches("<fieldset class=\"question\"").count();
    assert_eq!(page.html.matches("为什么问、谁能看、保存多久").count(), questions);
    assert_eq!(page.html.matches("程序不会自动删").count(), questions);
    hand.settings = Settings { language: Language::English, ..Settings::default() };
    let page = hand.opens(&path);
    assert_eq!(page.html.matches("the program deletes nothing by itself").count(), questions);
}

#[test]
fn in_english_no_card_speaks_chinese() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "张三", "13837783533");
    hand.settings = Settings { language: Language::English, ..Settings::default() };
    let asked = |kind: Kind| kind_spec(kind).containers[0].fields.iter().map(|f| f.name);
    let of_person = asked(Kind::Resident).map(|f| format!("/resident/{person}/field/{f}"));
    let of_door = ["use", "people_count"].map(|f| format!("/door/{door}/field/{f}"));
    let own_pages = ["/household", "/until"];
    for path in of_person.chain(of_door).filter(|p| !own_pages.iter().any(|own| p.ends_with(own))) {
        let page = hand.opens(&path);
        let card = page.html.split("purpose-card").nth(1).unwrap().split("</aside>").next().unwrap();
        assert!(!card.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{path}: {card}");
    }
}
