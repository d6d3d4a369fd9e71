use crate::hand::Hand;
use qiaomen_proto::ids::{HouseholdId, ResidentId};
use qiaomen_screens::Wish;
use qiaomen_screens::settings::{Language, Settings};

const NUMBER: &str = "13837783533";

fn with_a_person() -> (Hand, HouseholdId, ResidentId) {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "张三", NUMBER);
    hand.phone.sync();
    assert!(hand.opens("/outbox").says("全部送到"));
    (hand, door, person)
}

#[test]
fn nothing_is_shown_and_nothing_written_down_before_the_touch_and_after_it_the_look_waits_in_the_outbox() {
    let (mut hand, door, person) = with_a_person();
    for page in [format!("/door/{door}"), format!("/resident/{person}"), format!("/door/{door}/call")] {
        assert!(!hand.opens(&page).says(NUMBER), "{page}");
    }
    assert!(hand.opens("/outbox").says("全部送到"));
    let shown = hand.opens(&format!("/door/{door}?show={person}"));
    assert!(shown.says(NUMBER));
    assert!(shown.response.wishes.contains(&Wish::Sync), "the office hears of it soon");
    let outbox = hand.opens("/outbox");
    assert!(outbox.says("1 次查看记录还没送到") && !outbox.says("全部送到"));
    assert!(!outbox.says(NUMBER));
    assert!(hand.opens("/sync/strip").says("1 次查看记录还没送到"));
    hand.settings = Settings { language: Language::English, ..Settings::default() };
    assert!(hand.opens("/outbox").says("1 look not at the office yet"));
    hand.settings = Settings::default();
    hand.phone.sync();
    assert!(hand.opens("/outbox").says("全部送到"));
    let looks = hand.world.office.borrow().looks.clone();
    assert_eq!(looks.len(), 1);
    assert_eq!(looks[0].fields, ["phone"], "what was hidden at the door, and nothing else");
}

#[test]
fn every_page_that_shows_a_masked_value_writes_the_look_down_first() {
    let pages = |door: HouseholdId, person: ResidentId| {
        [
            format!("/door/{door}?show={person}"),
            format!("/resident/{person}?show=all"),
            format!("/resident/{person}/field/phone"),
            format!("/door/{door}/call?show={person}"),
        ]
    };
    for n in 0..4 {
        let (mut hand, door, person) = with_a_person();
        let page = &pages(door, person)[n];
        assert!(hand.opens(page).says(NUMBER), "{page}");
        assert_eq!(hand.phone.device.looks_unsent().unwrap(), 1, "{page}");
        let again = hand.opens(page);
        assert!(again.says(NUMBER) && again.response.wishes.is_empty(), "{page}");
        assert_eq!(hand.phone.device.looks_unsent().unwrap(), 1, "loaded again it is the same look: {page}");
    }
}

#[test]
fn a_field_that_hides_nothing_is_opened_without_a_look() {
    let (mut hand, door, person) = with_a_person();
    hand.opens(&format!("/resident/{person}/field/birth"));
    hand.opens(&format!("/resident/{person}/field/name"));
    hand.opens(&format!("/door/{door}?show=nobody"));
    hand.opens(&format!("/door/{door}/field/use"));
    assert_eq!(hand.phone.device.looks_unsent().unwrap(), 0);
}

#[test]
fn what_two_say_differently_is_a_look_for_whoever_reads_it() {
    let (mut hand, _, person) = with_a_person();
    hand.disagrees_about(person);
    assert_eq!(hand.phone.device.looks_unsent().unwrap(), 0);
    assert!(hand.opens("/conflicts").says("13800000002"));
    assert_eq!(hand.phone.device.looks_unsent().unwrap(), 1);
}

#[test]
fn who_told_a_matter_is_masked_until_touched_and_the_touch_is_a_look() {
    let (mut hand, door) = Hand::at_a_door();
    let form = hand.opens(&format!("/ticket/new?door={door}&category=x"));
    let at = door.to_string();
    let fields = [("category", "环境卫生"), ("door", &*at), ("text", "灯不亮"), ("reporter", "张三丰")];
    let matter = hand.sends(&form, "/ticket/new", &fields).leads_to();
    let page = hand.opens(&matter);
    assert!(page.says("反映人") && page.says("••••") && !page.says("张三丰"));
    hand.phone.sync();
    assert_eq!(hand.phone.device.looks_unsent().unwrap(), 0);
    let path = matter.split('?').next().unwrap();
    let shown = hand.opens(&format!("{path}?show=reporter"));
    assert!(shown.says("张三丰") && shown.response.wishes.contains(&Wish::Sync));
    assert_eq!(hand.phone.device.looks_unsent().unwrap(), 1);
    hand.phone.sync();
    let looks = hand.world.office.borrow().looks.clone();
    assert_eq!((looks.len(), &*looks[0].fields), (1, &["reporter".to_owned()][..]));
    assert!(!hand.opens(path).says("张三丰"), "closed again");
}
