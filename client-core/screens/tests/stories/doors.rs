use crate::hand::Hand;
use qiaomen_screens::settings::Language;
use qiaomen_screens::{Settings, Wish};

#[test]
fn a_visit_takes_three_touches_and_no_typing() {
    let (mut hand, door) = Hand::at_a_door();
    // One: the building's page is open; the door is touched.
    let grid = hand.opens("/grid?building=1%E5%8F%B7%E6%A5%BC");
    assert!(grid.says(&format!("/door/{door}")) && grid.says("5 层"));
    let page = hand.opens(&format!("/door/{door}"));
    // Two: met. It is saved.
    let answer = hand.sends(&page, &format!("/door/{door}/visit"), &[("outcome", "met")]);
    assert!(answer.response.wishes.contains(&Wish::Sync));
    let page = hand.opens(&answer.leads_to());
    assert!(page.says("已记下：见到了。"));
    assert_eq!(hand.phone.unsent(), 1);
    // Three: a phrase, if there is something to say.
    let page = hand.does(&page, &format!("/door/{door}/note"), &[("text", "家里都好")]);
    assert!(page.says("家里都好") && page.says("没送到"));
}

#[test]
fn a_person_is_written_down_masked_until_touched_and_moves_out() {
    let (mut hand, door) = Hand::at_a_door();
    let new = format!("/door/{door}/new-resident");
    let form = hand.opens(&new);
    assert!(form.says("停水停电、紧急情况时能联系上"), "it says what it is asked for");
    let page = hand.does(&form, &new, &[("name", "张三"), ("phone", "13837783533"), ("relation.how", "unknown")]);
    assert!(page.says("张三") && !page.says("13837783533") && page.says("••••3533"));
    let person = page.html.split("href=\"/resident/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(hand.opens(&format!("/door/{door}?show={person}")).says("13837783533"));
    assert!(!hand.opens(&format!("/resident/{person}")).says("13837783533"));
    // Found by the letters of the name, and by the end of the number.
    for words in ["zs", "3533", "1-1-502"] {
        assert!(hand.opens(&format!("/search?q={words}")).says("张三") || words == "1-1-502", "{words}");
    }
    let out = format!("/resident/{person}/out");
    let form = hand.opens(&out);
    let page = hand.does(&form, &out, &[("on", "2025-03-10")]);
    assert!(page.says("2025-03-10 搬走"));
}

#[test]
fn who_would_not_say_is_not_asked_again() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "李四", "13800000000");
    let field = format!("/resident/{person}/field/phone");
    let form = hand.opens(&field);
    assert!(form.says("先说清楚") && form.says("停水停电") && !form.says("不要再问"));
    let page = hand.does(&form, &field, &[("answer", "refused")]);
    assert!(page.says("不愿说"));
    assert!(hand.opens(&field).says("不要再问"));
    let form = hand.opens(&format!("/door/{door}/more"));
    let page = hand.does(&form, &format!("/door/{door}/refusal"), &[("people", "4")]);
    assert!(page.says("整户拒访"));
    let form = hand.opens(&format!("/door/{door}/more"));
    let page = hand.does(&form, &format!("/door/{door}/refusal"), &[("withdrawn", "true")]);
    assert!(!page.says("不用再敲门"));
}

#[test]
fn nobody_home_is_due_again_and_a_call_is_in_the_diary() {
    let (mut hand, door) = Hand::at_a_door();
    let page = hand.opens(&format!("/door/{door}"));
    hand.does(&page, &format!("/door/{door}/visit"), &[("outcome", "not_home")]);
    let today = hand.opens("/");
    assert!(today.says("再去敲门") && today.says(&format!("/door/{door}")));
    let call = format!("/door/{door}/call");
    let form = hand.opens(&call);
    assert!(form.says("没有登记电话"));
    hand.does(&form, &call, &[("outcome", "met"), ("phrase", "家里都好"), ("note", "周五再来")]);
    let diary = hand.opens("/diary");
    assert!(diary.says("家里都好；周五再来") && diary.says("1号楼1单元502") && diary.says("打电话 1 次"));
}

#[test]
fn every_page_is_there_in_both_languages_and_in_large_letters() {
    let (mut hand, door) = Hand::at_a_door();
    let person = hand.phone.resident(door, "李四", "13800000000");
    let pages = [
        "/".to_owned(),
        "/grid".to_owned(),
        "/grid?only=never".to_owned(),
        "/search?q=nobody".to_owned(),
        format!("/door/{door}"),
        format!("/door/{door}/visit"),
        format!("/door/{door}/call"),
        format!("/door/{door}/more"),
        format!("/door/{door}/occupancy"),
        format!("/resident/{person}/out"),
        format!("/resident/{person}/move"),
        format!("/resident/{person}/move?to={door}"),
        "/new-door".to_owned(),
        format!("/door/{door}/field/use"),
        format!("/resident/{person}"),
        "/tickets?heap=over".to_owned(),
        "/ticket/new".to_owned(),
        "/outbox".to_owned(),
        "/sync".to_owned(),
        "/sync/strip".to_owned(),
        "/conflicts".to_owned(),
        "/diary".to_owned(),
        "/me".to_owned(),
    ];
    for language in Language::ALL {
        hand.settings = Settings { language, large: true };
        for path in &pages {
            let page = hand.opens(path);
            let strip_only = path.ends_with("strip");
            assert!(strip_only || page.says(&format!("<html lang=\"{}\" class=\"large\"", language.code())), "{path}");
            assert!(!page.says("style=") && !page.says("onclick"), "{path}: the policy would not allow it");
        }
    }
    let me = hand.opens("/me");
    let answer = hand.sends(&me, "/settings", &[("language", "zh-CN"), ("size", "large")]);
    assert!(answer.response.wishes.contains(&Wish::Keep(Settings { language: Language::Chinese, large: true })));
}

#[test]
fn filters_of_the_grid_hold_together_and_a_second_touch_takes_one_away() {
    let (mut hand, door) = Hand::at_a_door();
    hand.phone.door("503");
    // Nobody lives at either; only 503 is still to be sent.
    let both = hand.opens("/grid?only=empty,unsent");
    assert!(!both.says(&format!("/door/{door}")) && both.says("503"));
    assert!(both.says("href=\"/grid?only=empty\"") && both.says("href=\"/grid?only=unsent\""));
    let one = hand.opens("/grid?only=empty");
    assert!(one.says(&format!("/door/{door}")) && one.says("503"));
    assert!(one.says("href=\"/grid?only=empty,conflicts\""), "a second one is added");
    // What is no filter is passed over.
    assert!(hand.opens("/grid?only=nonsense").says("1号楼"));
}

#[test]
fn a_round_through_the_grid_is_an_entry_of_the_diary() {
    let (mut hand, _) = Hand::at_a_door();
    assert!(hand.opens("/diary").says("href=\"/patrol\""));
    let form = hand.opens("/patrol");
    let page = hand.does(&form, "/patrol", &[("note", "楼道里堆了纸箱"), ("outcome", "found")]);
    assert!(page.says("楼道里堆了纸箱") && page.says("已记下这次巡查"));
    let form = hand.opens("/patrol");
    let refused = hand.sends(&form, "/patrol", &[("note", "没选结果")]);
    assert_eq!(refused.response.status, 422);
}

#[test]
fn a_call_does_not_say_how_a_door_was_found() {
    let (mut hand, door) = Hand::at_a_door();
    let (page, call) = (format!("/door/{door}"), format!("/door/{door}/call"));
    let form = hand.opens(&call);
    hand.does(&form, &call, &[("outcome", "met")]);
    assert!(hand.opens(&page).says("没去过"), "nobody was ever there");
    let shown = hand.opens(&page);
    hand.does(&shown, &format!("/door/{door}/visit"), &[("outcome", "met")]);
    let form = hand.opens(&call);
    hand.does(&form, &call, &[("outcome", "not_home")]);
    assert!(hand.opens(&page).says("见到过"));
    assert!(!hand.opens("/").says("再去敲门"), "somebody was met there today");
}

#[test]
fn words_are_asked_for_where_somebody_was_met_and_nowhere_else() {
    let (mut hand, door) = Hand::at_a_door();
    let visit = format!("/door/{door}/visit");
    let page = hand.opens(&format!("/door/{door}"));
    assert!(hand.does(&page, &visit, &[("outcome", "met")]).says("要加一句吗"));
    let page = hand.opens(&format!("/door/{door}"));
    assert!(!hand.does(&page, &visit, &[("outcome", "not_home")]).says("要加一句吗"));
    let call = format!("/door/{door}/call");
    let form = hand.opens(&call);
    assert!(!hand.does(&form, &call, &[("outcome", "not_home")]).says("要加一句吗"));
}
