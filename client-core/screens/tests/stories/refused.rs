//! A form that is not done comes back as it was sent, with the sentence above it.

use crate::hand::{Hand, Page};
use qiaomen_proto::ids::HouseholdId;
use qiaomen_screens::State;

const TEXT: &str = "三楼楼道的灯不亮，晚上看不清";

/// Sends the form, which is refused, and what comes back is the form itself.
#[track_caller]
fn refused(hand: &mut Hand, page: &str, action: &str, fields: &[(&str, &str)], status: u16) -> Page {
    let form = hand.opens(page);
    let before = hand.phone.unsent();
    let back = hand.sends(&form, action, fields);
    assert_eq!(back.response.status, status, "{action}");
    assert!(back.says("没有办成") && back.says(&format!("action=\"{action}\"")), "{action}: {}", back.html);
    assert_eq!(hand.phone.unsent(), before, "{action}: nothing was done");
    back
}

fn report(hand: &mut Hand, door: HouseholdId) -> String {
    let form = hand.opens(&format!("/ticket/new?door={door}&category=%E7%8E%AF%E5%A2%83%E5%8D%AB%E7%94%9F"));
    let fields = [("category", "环境卫生"), ("door", &door.to_string()), ("size", "小事"), ("text", TEXT)];
    let to = hand.sends(&form, "/ticket/new", &fields).leads_to();
    format!("/ticket/{}", to.split(['/', '?']).nth(2).unwrap())
}

#[test]
fn a_person_who_could_not_be_written_down_stands_in_the_form_again_and_is_mended_there() {
    let (mut hand, door) = Hand::at_a_door();
    let new = format!("/door/{door}/new-resident");
    let fields = [("name", "张三"), ("birth", "去年的某一天"), ("phone.how", "refused"), ("relation", "邻居的侄子")];
    let back = refused(&mut hand, &new, &new, &fields, 422);
    assert!(back.says("value=\"张三\"") && back.says("value=\"去年的某一天\""));
    assert!(back.says("value=\"邻居的侄子\" selected"), "also what is none of the usual words");
    assert!(back.says("name=\"phone.how\" value=\"refused\" checked"));
    assert!(!back.says("name=\"phone.how\" value=\"value\" checked"));
    assert!(back.says("<details class=\"later\" open"), "the part where it is wrong is open");
    let page = hand.does(&back, &new, &[("name", "张三"), ("birth", "1950-05-06")]);
    assert!(page.says("张三"));
    assert_eq!(hand.phone.unsent(), 1);
}

#[test]
fn a_visit_without_an_ending_keeps_its_words_and_phrases() {
    let (mut hand, door) = Hand::at_a_door();
    let visit = format!("/door/{door}/visit");
    let back = refused(&mut hand, &visit, &visit, &[("phrase", "家里都好"), ("note", TEXT)], 422);
    assert!(back.says("value=\"家里都好\" checked") && back.says(TEXT) && back.says("请选一个结果"));
    let call = format!("/door/{door}/call");
    assert!(refused(&mut hand, &call, &call, &[("note", TEXT)], 422).says(TEXT));
    let back = refused(&mut hand, "/patrol", "/patrol", &[("note", TEXT)], 422);
    assert!(back.says(TEXT));
}

#[test]
fn a_matter_comes_back_with_its_door_its_category_its_size_and_who_told_it() {
    let (mut hand, door) = Hand::at_a_door();
    let page = format!("/ticket/new?door={door}&category=%E7%8E%AF%E5%A2%83%E5%8D%AB%E7%94%9F");
    let at = door.to_string();
    let fields = [("category", "环境卫生"), ("door", &*at), ("size", "大事"), ("text", " "), ("reporter", "李四")];
    let back = refused(&mut hand, &page, "/ticket/new", &fields, 422);
    assert!(back.says(&format!("name=\"door\" value=\"{door}\"")) && back.says("环境卫生"));
    assert!(back.says("value=\"大事\" checked") && !back.says("value=\"小事\" checked") && back.says("value=\"李四\""));
    let ticket = report(&mut hand, door);
    let feedback = format!("{ticket}/feedback");
    let back = refused(&mut hand, &feedback, &feedback, &[("text", " ")], 422);
    assert!(back.says("这一步要写几句话"));
    let note = format!("{ticket}/note");
    refused(&mut hand, &ticket, &note, &[("text", " ")], 422);
}

#[test]
fn pictures_that_cannot_be_read_leave_the_words_and_are_asked_for_again() {
    let (mut hand, door) = Hand::at_a_door();
    let form = hand.opens(&format!("/ticket/new?door={door}&category=x"));
    let at = door.to_string();
    let fields = [("category", "环境卫生"), ("door", &*at), ("size", "小事"), ("text", TEXT)];
    let back = hand.sends_file(&form, "/ticket/new", &fields, "photos", b"no picture");
    assert_eq!(back.response.status, 422);
    assert!(back.says("这张图片认不出来") && back.says(TEXT) && back.says("照片请再选一次"));
    assert_eq!(hand.phone.unsent(), 0);
}

#[test]
fn an_answer_that_cannot_stand_is_shown_where_it_was_typed() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "李四", "13800000000");
    let field = format!("/resident/{person}/field/birth");
    // A day that cannot be is looked at again: nobody who lives was born then, and that day has not come.
    for (typed, said) in [("1850-01-01", "太早了"), ("2099-01-01", "还没有到")] {
        let page = hand.opens(&field);
        let back = hand.sends(&page, &field, &[("answer", "value"), ("birth", typed)]);
        assert!(back.response.status == 422 && back.says(said) && back.says(typed), "{}", back.html);
    }
    let back = refused(&mut hand, &field, &field, &[("answer", "value"), ("birth", "不是日期")], 422);
    assert!(back.says("value=\"不是日期\"") && back.says("先说清楚"));
    let field = format!("/door/{door}/field/people_count");
    let back = refused(&mut hand, &field, &field, &[("answer", "value"), ("people_count", "很多")], 422);
    assert!(back.says("value=\"很多\""));
    // Only the form that was sent is filled: the note beside it is not.
    let (more, refusal) = (format!("/door/{door}/more"), format!("/door/{door}/refusal"));
    let back = refused(&mut hand, &more, &refusal, &[("people", "三个半"), ("text", TEXT)], 422);
    assert!(back.says("value=\"三个半\"") && !back.says(TEXT));
}

#[test]
fn a_form_of_an_earlier_start_comes_back_filled_and_can_be_sent_from_there() {
    let (mut hand, door) = Hand::at_a_door();
    let note = format!("/door/{door}/note");
    let page = hand.opens(&format!("/door/{door}/more"));
    hand.state = State::new("second");
    let back = hand.sends(&page, &note, &[("text", TEXT)]);
    assert_eq!(back.response.status, 409);
    assert!(back.says("没有重复记") && back.says(TEXT));
    assert_eq!(hand.phone.unsent(), 0);
    assert!(hand.does(&back, &note, &[("text", TEXT)]).says(TEXT));
    assert_eq!(hand.phone.unsent(), 1);
}

#[test]
fn what_has_no_form_any_more_still_shows_what_was_typed() {
    let (mut hand, door) = Hand::at_a_door();
    let ticket = report(&mut hand, door);
    let feedback = format!("{ticket}/feedback");
    let form = hand.opens(&feedback);
    let other = hand.opens(&feedback);
    hand.does(&form, &feedback, &[("text", "换好了灯泡")]);
    let back = hand.sends(&other, &feedback, &[("text", TEXT)]);
    assert_eq!(back.response.status, 422);
    assert!(back.says(TEXT) && back.says("长按可以复制") && !back.says(&format!("action=\"{feedback}\"")));
}

#[test]
fn what_was_written_beside_would_not_say_is_not_lost_but_asked_about() {
    let (mut hand, door) = Hand::at_a_door();
    let new = format!("/door/{door}/new-resident");
    for how in ["refused", "unknown"] {
        let form = hand.opens(&new);
        let both = [("name", "张三"), ("phone", "13911119999"), ("phone.how", how)];
        let asked = hand.sends(&form, &new, &both);
        assert!(asked.response.status == 422 && asked.says("“联系电话”里写了内容"), "{}", asked.html);
        assert!(asked.says("value=\"13911119999\""));
        assert_eq!(hand.phone.unsent(), 0);
    }
    let form = hand.opens(&new);
    hand.does(&form, &new, &[("name", "张三"), ("phone", "拒绝"), ("phone.how", "refused")]);
    assert_eq!(hand.phone.unsent(), 1, "a refusal in words says the same");
}

#[test]
fn an_identity_number_that_cannot_be_is_said_while_the_card_is_in_the_hand() {
    let (mut hand, door) = Hand::at_a_door();
    let new = format!("/door/{door}/new-resident");
    for (number, odd) in [("110101199001011234", true), ("11010519491231002X", false)] {
        let form = hand.opens(&new);
        let page = hand.does(&form, &new, &[("name", number), ("identity", number)]);
        assert_eq!((page.says("请再看一眼证件"), page.says("已登记。")), (odd, true), "{number}: {}", page.html);
    }
}
