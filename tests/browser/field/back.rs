use super::app::App;
use super::screens::{opens_a_door, unlocks};
use crate::chromium::PHONE;
use crate::harness::Office;

#[test]
fn after_a_form_was_refused_and_then_done_going_back_and_loading_again_show_a_page_and_send_nothing() {
    let mut office = Office::with_ledger();
    let mut app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    office.kill();
    let door = opens_a_door(&mut hand);
    hand.clicks("a[href$='/new-resident']");
    hand.fills("[name=name]", "钱小满");
    hand.fills("[name=phone]", "12");
    hand.clicks("main button[type=submit]");
    hand.waits_for("[role=alert]", "没有办成");
    // Loaded again it is the same page, with what was typed.
    hand.reloads();
    hand.waits_for("[role=alert]", "没有办成");
    assert_eq!(hand.value("[name=name]"), "钱小满");
    hand.fits_a_thumb("a refused form, loaded again");
    hand.fills("[name=phone]", "13909990000");
    hand.clicks("main button.wide[type=submit]");
    hand.waits_for("#people, main", "钱小满");
    // Back is the door, where it is done; and back once more the empty form.
    hand.goes_back();
    hand.waits_for("main", "已登记。");
    hand.reloads();
    hand.waits_for("main", "已登记。");
    hand.goes_back();
    assert!(hand.url().ends_with("/new-resident"), "{}", hand.url());
    assert_eq!(hand.value("[name=name]"), "");
    hand.goes_back();
    assert_eq!(hand.url(), door);
    assert_eq!(hand.count(".person h3:has-text('钱小满')"), 1, "once");

    // The PIN, wrong and then right: back is the app, and not the form that was sent.
    app.starts();
    let mut hand = app.browser(PHONE);
    hand.fills("[name=pin]", "000000");
    hand.clicks("button[type=submit]");
    hand.waits_for("[role=alert]", "解锁码不对");
    unlocks(&mut hand);
    hand.opens("/grid");
    hand.goes_back();
    hand.waits_for("h1", "今天");
    hand.goes_back();
    hand.waits_for("h1", "今天");
}

#[test]
fn somebody_of_the_same_name_at_the_same_door_is_shown_before_anything_is_saved() {
    let office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    hand.opens("/search?q=w");
    hand.clicks("a.row[href^='/resident/']");
    let (name, person) = (hand.text("h1"), hand.url());
    hand.clicks("header a.icon");
    hand.clicks("a[href$='/new-resident']");
    let form = hand.url();
    hand.fills("[name=name]", &name);
    hand.fills("[name=phone]", "13909990000");
    hand.clicks("main button[type=submit]");
    hand.waits_for("main", "就是这个人");
    hand.fits_a_thumb("somebody of the same name");
    hand.picture("field-namesake");
    hand.glimpse("field-namesake-glimpse");
    hand.clicks("a:has-text('就是这个人')");
    assert!(hand.url().starts_with(&person));
    // Back, the words are there still.
    hand.goes_back();
    assert_eq!(hand.value("[name=phone]"), "13909990000");
    hand.clicks("button[name=another]");
    hand.waits_for("main", "已登记。");
    assert!(!hand.url().starts_with(&form));
    assert_eq!(hand.count(&format!(".person h3:has-text('{name}')")), 2);
}

#[test]
fn going_back_after_a_visit_and_touching_again_is_asked_about_and_makes_no_second_one() {
    const MET: &str = "section[aria-labelledby=visits] li:has-text('见到了')";
    let office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    let door = opens_a_door(&mut hand);
    let before = hand.count(MET);
    hand.clicks("button.deed.first");
    hand.waits_for("[role=status]", "已记下：见到了");
    hand.goes_back();
    assert_eq!(hand.url(), door);
    hand.clicks("button.deed.first");
    hand.waits_for("[role=alert]", "已经记过一次");
    hand.fits_a_thumb("the same visit once more");
    hand.picture("field-visit-again");
    hand.glimpse("field-visit-again-glimpse");
    hand.clicks("a.button:has-text('不用再记')");
    assert_eq!((hand.url(), hand.count(MET)), (door.clone(), before + 1));

    // Words that were meant for it are kept without a second one.
    hand.clicks("a.deed[href$='/visit']");
    hand.fills("textarea[name=note]", "约好周五再来看看");
    hand.clicks("button[name=outcome][value=met]");
    hand.waits_for("[role=alert]", "已经记过一次");
    hand.picture("field-visit-again-words");
    hand.clicks("button[name=only_words]");
    hand.waits_for("[role=status]", "备注已记下");
    hand.waits_for("main", "约好周五再来看看");
    assert_eq!(hand.count(MET), before + 1);
}

#[test]
fn a_touch_at_the_wrong_door_is_taken_back_with_two_more() {
    let mut office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    office.kill();
    let door = opens_a_door(&mut hand);
    hand.clicks("form.deed:first-of-type button");
    hand.waits_for("main", "撤回刚才这一条");
    hand.fits_a_thumb("a visit that can be taken back");
    hand.glimpse("field-visited");
    hand.clicks("a:has-text('撤回刚才这一条')");
    hand.waits_for("h1", "撤回这一条");
    hand.fits_a_thumb("what is taken back");
    hand.glimpse("field-take-back");
    hand.clicks("main button[type=submit]");
    hand.waits_for("[role=status]", "已撤回");
    assert!(hand.url().starts_with(&door), "{}", hand.url());
    // Going back, and loading again, take nothing more back and bring nothing again.
    hand.reloads();
    hand.goes_back();
    hand.opens("/diary");
    hand.waits_for("main", "今天走访 0 次");
    hand.glimpse("field-diary-taken-back");
    office.serve();
    hand.opens("/sync");
    hand.clicks("main button[type=submit]");
    hand.waits_for("#strip", "全部送到");
    office.verifies();
}

#[test]
fn whoever_fills_in_an_answer_gives_it_and_the_enter_key_notes_no_refusal_of_a_door() {
    let office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    let door = opens_a_door(&mut hand);
    hand.opens(&format!("{door}/new-resident"));
    hand.clicks("label:has(> [name='phone.how'][value=refused])");
    assert_eq!(hand.count("[name='phone.how'][value=refused]:checked"), 1);
    hand.fills("[name=phone]", "13911119999");
    assert_eq!(hand.count("[name='phone.how'][value=value]:checked"), 1, "the resident has changed his mind");

    hand.opens(&format!("{door}/more"));
    hand.fills("[name=people]", "2");
    hand.presses("Enter");
    hand.opens(&door);
    assert!(!hand.text("main").contains("整户拒访（"), "{}", hand.text("main"));
}
