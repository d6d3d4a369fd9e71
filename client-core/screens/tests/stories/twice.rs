use crate::hand::Hand;
use qiaomen_screens::{Method, Request, State};

#[test]
fn two_touches_are_one_visit_and_the_second_shows_what_came_of_the_first() {
    let (mut hand, door) = Hand::at_a_door();
    let visit = format!("/door/{door}/visit");
    let page = hand.opens(&format!("/door/{door}"));
    let body = page.form(&visit, &[("outcome", "met")]);
    let first = hand.asks(Method::Post, &visit, &body);
    let second = hand.asks(Method::Post, &visit, &body);
    assert_eq!(first.leads_to(), second.leads_to());
    assert!(second.response.wishes.is_empty());
    assert_eq!(hand.phone.unsent(), 1);
}

#[test]
fn going_back_and_touching_again_is_asked_about_and_nothing_is_written_down_until_it_is_answered() {
    let (mut hand, door) = Hand::at_a_door();
    for (way, ended, other) in [("visit", "走访 · 见到了", "又去了一次"), ("call", "电话 · 通了", "又打了一次")]
    {
        let (home, action) = (format!("/door/{door}"), format!("/door/{door}/{way}"));
        let before = hand.phone.unsent();
        // The window that was open before, and the page as it is loaded after it: both carry forms of their own.
        let windows = [hand.opens(&action), hand.opens(&action)];
        hand.does(&windows[0], &action, &[("outcome", "met")]);
        let asked = hand.sends(&windows[1], &action, &[("outcome", "met")]);
        assert_eq!(asked.response.status, 422);
        assert!(asked.says(ended) && asked.says("已经记过一次") && !asked.says("没有办成"), "{}", asked.html);
        assert!(asked.says(&format!("href=\"{home}\"")) && asked.says(other), "{}", asked.html);
        assert!(
            !asked.says("只加上这几句") && !asked.says("<textarea"),
            "no place for words that an answer would lose"
        );
        assert_eq!(hand.phone.unsent(), before + 1, "nothing more was written down");

        // Another ending is another visit; and whoever says that it is another one is believed.
        let form = hand.opens(&action);
        hand.does(&form, &action, &[("outcome", "not_home")]);
        hand.does(&asked, &action, &[("outcome", "met"), ("another", "met")]);
        assert_eq!(hand.phone.unsent(), before + 3);

        // Whoever comes later is not asked.
        hand.world.pass_minutes(11, &[&hand.phone]);
        let form = hand.opens(&action);
        hand.does(&form, &action, &[("outcome", "met")]);
        assert_eq!(hand.phone.unsent(), before + 4);
    }
}

#[test]
fn words_for_a_visit_that_is_written_down_already_are_kept_without_a_second_visit() {
    let (mut hand, door) = Hand::at_a_door();
    let visit = format!("/door/{door}/visit");
    let form = hand.opens(&format!("/door/{door}"));
    hand.does(&form, &visit, &[("outcome", "met")]);
    let form = hand.opens(&visit);
    let words = [("outcome", "met"), ("phrase", "家里都好"), ("note", "周五再来")];
    let asked = hand.sends(&form, &visit, &words);
    assert!(asked.says("只加上这几句") && asked.says("周五再来</textarea>"), "{}", asked.html);
    // Whoever takes them away again writes nothing down, however late: it is no answer that it was another visit.
    hand.world.pass_minutes(11, &[&hand.phone]);
    let none = hand.sends(&asked, &visit, &[words[0], ("only_words", "yes")]);
    assert_eq!((none.response.status, hand.phone.unsent()), (422, 1), "{}", none.html);
    let page = hand.does(&asked, &visit, &[words[0], words[1], words[2], ("only_words", "yes")]);
    assert!(page.says("备注已记下。") && page.says("家里都好") && page.says("周五再来"), "{}", page.html);
    let visits = hand.phone.device.door(door).unwrap().visits;
    assert_eq!((visits.len(), visits[0].note.as_deref()), (1, None));
}

#[test]
fn what_another_worker_wrote_down_a_moment_ago_is_no_reason_to_ask() {
    let (mut hand, door) = Hand::at_a_door();
    let mut other = hand.world.ready("李");
    other.visit(door, "");
    other.sync();
    hand.phone.sync();
    let form = hand.opens(&format!("/door/{door}"));
    hand.does(&form, &format!("/door/{door}/visit"), &[("outcome", "met")]);
    assert_eq!(hand.phone.device.door(door).unwrap().visits.len(), 2);
}

#[test]
fn two_tabs_each_with_its_own_form_do_not_disturb_each_other() {
    let (mut hand, door) = Hand::at_a_door();
    let action = format!("/door/{door}/note");
    let (one, other) = (hand.opens(&format!("/door/{door}/more")), hand.opens(&format!("/door/{door}/more")));
    let said = hand.does(&other, &action, &[("text", "第二个窗口写的")]);
    assert!(said.says("第二个窗口写的"));
    let said = hand.does(&one, &action, &[("text", "第一个窗口写的")]);
    assert!(said.says("第一个窗口写的") && said.says("第二个窗口写的"));
}

#[test]
fn a_form_from_before_the_app_was_opened_again_is_not_done_and_gives_back_what_was_typed() {
    let (mut hand, door) = Hand::at_a_door();
    let action = format!("/door/{door}/note");
    let page = hand.opens(&format!("/door/{door}/more"));
    hand.state = State::new("second");
    let refused = hand.sends(&page, &action, &[("text", "写了很久的一段话")]);
    assert_eq!(refused.response.status, 409);
    assert!(refused.says("没有重复记") && refused.says("写了很久的一段话"));
    assert_eq!(hand.phone.unsent(), 0);
}

#[test]
fn what_was_not_done_can_be_sent_again_after_it_was_mended() {
    let (mut hand, door) = Hand::at_a_door();
    let new = format!("/door/{door}/new-resident");
    let form = hand.opens(&new);
    let refused = hand.sends(&form, &new, &[("name", "张三"), ("birth", "去年的某一天")]);
    assert_eq!(refused.response.status, 422);
    assert!(refused.says("去年的某一天") && refused.says("没有办成"));
    let page = hand.does(&form, &new, &[("name", "张三"), ("birth", "1950-05-06")]);
    assert!(page.says("张三"));
    assert_eq!(hand.phone.unsent(), 1);
}

#[test]
fn a_script_in_any_field_is_shown_as_text() {
    const SCRIPT: &str = "<script>alert(1)</script>\"'&";
    let (mut hand, door) = Hand::at_a_door();
    let is_text = |html: &str| !html.contains("<script>alert") && html.contains("&lt;script&gt;");
    let new = format!("/door/{door}/new-resident");
    let form = hand.opens(&new);
    let fields = [("name", SCRIPT), ("relation", SCRIPT), ("residency", SCRIPT), ("employer", SCRIPT)];
    let page = hand.does(&form, &new, &fields);
    assert!(is_text(&page.html));
    let person = page.html.split("href=\"/resident/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(is_text(&hand.opens(&format!("/resident/{person}?show=all")).html));
    assert!(is_text(&hand.opens(&format!("/resident/{person}/field/employer")).html));
    let note = format!("/door/{door}/note");
    let form = hand.opens(&format!("/door/{door}/more"));
    assert!(is_text(&hand.does(&form, &note, &[("text", SCRIPT)]).html));
    let visit = format!("/door/{door}/visit");
    let form = hand.opens(&visit);
    hand.does(&form, &visit, &[("outcome", "met"), ("note", SCRIPT)]);
    assert!(is_text(&hand.opens("/diary").html));
    let form = hand.opens(&format!("/ticket/new?door={door}&category=x"));
    let fields = [("category", SCRIPT), ("door", &door.to_string()), ("text", SCRIPT), ("reporter", SCRIPT)];
    assert!(is_text(&hand.does(&form, "/ticket/new", &fields).html));
    for path in ["/", "/tickets?heap=open", "/outbox", "/search?q=%3Cscript%3E", "/grid?building=%3Cscript%3Ealert"] {
        assert!(!hand.opens(path).html.contains("<script>alert"), "{path}");
    }
}

#[test]
fn addresses_that_lead_nowhere_say_so_and_never_panic() {
    let (mut hand, door) = Hand::at_a_door();
    for path in ["/door/x", "/ticket/1/2/3", "/resident/00000000-0000-0000-0000-000000000001", "/nowhere"] {
        let page = hand.asks(Method::Get, path, "");
        assert_eq!(page.response.status, 404, "{path}");
        assert!(page.says("没有办成") && page.says("href=\"/\""), "{path}");
    }
    for path in ["/", "/door/x/visit", &format!("/door/{door}/visit")] {
        assert_eq!(hand.asks(Method::Post, path, "outcome=met").response.status, 409, "{path}");
    }
    assert!(Request::post("/", "%FF%FE=%00").is_some_and(|r| r.typed("x").is_none()));
    assert_eq!(hand.phone.unsent(), 0);
}

#[test]
fn a_matter_that_was_reported_a_moment_ago_in_the_same_words_is_asked_about() {
    let (mut hand, door) = Hand::at_a_door();
    let form = format!("/ticket/new?door={door}&category=x");
    let door = door.to_string();
    let fields = [("category", "环境卫生"), ("door", &*door), ("size", "小事"), ("text", "路灯不亮")];
    let windows = [hand.opens(&form), hand.opens(&form)];
    let first = hand.does(&windows[0], "/ticket/new", &fields);
    assert!(first.says("已上报。"));
    let before = hand.phone.unsent();
    let asked = hand.sends(&windows[1], "/ticket/new", &fields);
    assert!(asked.response.status == 422 && asked.says("已经报过一件一样的"), "{}", asked.html);
    let twin = asked.html.split("name=\"another\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(asked.says(&format!("href=\"/ticket/{twin}\"")) && asked.says("路灯不亮</textarea>"), "{}", asked.html);
    assert_eq!(hand.phone.unsent(), before);
    // In other words it is another one; and whoever says so is believed.
    let other = [fields[0], fields[1], fields[2], ("text", "二楼路灯不亮")];
    let page = hand.opens(&form);
    hand.does(&page, "/ticket/new", &other);
    let sure = [fields[0], fields[1], fields[2], fields[3], ("another", &*twin)];
    hand.does(&asked, "/ticket/new", &sure);
    assert_eq!(hand.phone.unsent(), before + 2);
    hand.world.pass_minutes(11, &[&hand.phone]);
    let page = hand.opens(&form);
    hand.does(&page, "/ticket/new", &fields);
    assert_eq!(hand.phone.unsent(), before + 3);
}

#[test]
fn a_note_that_was_written_a_moment_ago_is_said_to_be_there_and_not_written_twice() {
    let (mut hand, door) = Hand::at_a_door();
    let action = format!("/door/{door}/note");
    let mut notes = |text: &str| {
        let form = hand.opens(&format!("/door/{door}/more"));
        let page = hand.does(&form, &action, &[("text", text)]);
        (page.says("备注已记下。"), page.says("没有再记一遍"), hand.phone.unsent())
    };
    assert_eq!(notes("门铃坏了"), (true, false, 1));
    assert_eq!(notes(" 门铃坏了 "), (false, true, 1));
    assert_eq!(notes("门铃修好了"), (true, false, 2));
    hand.world.pass_minutes(11, &[&hand.phone]);
    let form = hand.opens(&format!("/door/{door}/more"));
    assert!(hand.does(&form, &action, &[("text", "门铃坏了")]).says("备注已记下。"));
}

#[test]
fn a_round_that_was_noted_a_moment_ago_is_asked_about() {
    let mut hand = Hand::new();
    let (clear, found) = ([("outcome", "clear")], [("outcome", "found")]);
    let windows = [hand.opens("/patrol"), hand.opens("/patrol"), hand.opens("/patrol")];
    hand.does(&windows[0], "/patrol", &clear);
    let asked = hand.sends(&windows[1], "/patrol", &[clear[0], ("note", "都好")]);
    assert!(asked.response.status == 422 && asked.says("已经记过一次巡查，无异常"), "{}", asked.html);
    assert!(asked.says("又巡查了一次") && asked.says("都好</textarea>") && asked.says("href=\"/diary\""));
    hand.does(&windows[2], "/patrol", &found);
    assert_eq!(hand.phone.unsent(), 2);
    hand.does(&asked, "/patrol", &[clear[0], ("another", "clear")]);
    assert_eq!(hand.phone.unsent(), 3);
}
