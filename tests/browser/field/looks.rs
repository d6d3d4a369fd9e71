use super::app::App;
use super::screens::{opens_a_door, unlocks};
use crate::chromium::{DESKTOP, PHONE};
use crate::desk;
use crate::harness::Office;

#[test]
fn a_look_at_a_masked_number_without_signal_stands_in_the_office_s_audit_after_the_sync() {
    let mut office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    let mut desk = desk(&office, DESKTOP);
    let looked = "tbody tr:has-text('在终端上看了遮住的内容')";
    desk.opens("/audit");
    assert_eq!(desk.count(looked), 0, "nobody has looked yet");

    office.kill();
    opens_a_door(&mut hand);
    let address = hand.text("h1");
    hand.clicks(".person a[href*='?show=']");
    let seen = hand.text(".person dd .value");
    assert!(seen.len() > 6, "a value is shown: {seen}");
    hand.opens("/outbox");
    hand.waits_for("main", "1 次查看记录还没送到");
    hand.fits_a_thumb("a look that waits");
    hand.picture("field-outbox-looks");

    office.serve();
    hand.opens("/sync");
    hand.clicks("main button[type=submit]");
    hand.waits_for("#strip", "全部送到");
    let mut desk = crate::Chromium::at(&office.wire.url(), DESKTOP);
    desk.signs_in(crate::LOGIN, crate::PASSWORD);
    assert_eq!(desk.opens("/audit"), 200);
    assert_eq!(desk.count(looked), 1);
    let audit = desk.text(looked);
    assert!(audit.contains("马桂") && audit.contains(&address), "who, and at which door: {audit}");
    assert!(!audit.contains(&seen), "what was seen is not in it");
    desk.is_sound("the audit with a look from a device");
    desk.picture("console-audit-look");
    office.verifies();
}

#[test]
fn when_the_app_is_locked_no_page_that_is_open_shows_anything_any_more() {
    let office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    opens_a_door(&mut hand);
    hand.clicks(".person a[href*='?show=']");
    let seen = hand.text(".person dd .value");
    let lock = |hand: &mut crate::Chromium| {
        hand.another_tab();
        hand.opens(&format!("{}/me", app.base()));
        hand.clicks("form[action='/lock'] button");
        hand.waits_for("main", "已锁上");
        hand.first_tab();
    };
    lock(&mut hand);
    hand.waits_for("main", "已锁上");
    assert!(!hand.text("body").contains(&seen), "nobody who finds the phone reads the number");

    // What was typed and not sent stays, and is all that is to be seen.
    unlocks(&mut hand);
    let door = opens_a_door(&mut hand);
    let name = hand.text(".person h3");
    hand.opens(&format!("{door}/more"));
    hand.fills("[name=text]", "门铃坏了");
    let address = hand.text("h1");
    lock(&mut hand);
    hand.waits_for("#locked:not([hidden])", "已锁上");
    assert_eq!(hand.value("[name=text]"), "门铃坏了");
    let text = hand.text("body");
    assert!(!text.contains(&name) && !text.contains(&address) && !text.contains("整户拒访"), "{text}");
    hand.picture("field-locked-typed");
    // Sent, it waits for the PIN, and is done with it.
    hand.clicks("main button.wide[type=submit]");
    hand.waits_for("main", "刚才的那一笔还在");
    unlocks(&mut hand);
    hand.opens(&door);
    hand.waits_for("main", "门铃坏了");

    // And what was put out of sight comes back where the PIN was given in another tab.
    hand.opens(&format!("{door}/more"));
    hand.fills("[name=text]", "楼道灯坏了");
    lock(&mut hand);
    hand.waits_for("#locked:not([hidden])", "已锁上");
    hand.another_tab();
    hand.opens(&app.base());
    unlocks(&mut hand);
    hand.first_tab();
    hand.waits_for("h1", &address);
    assert_eq!(hand.value("[name=text]"), "楼道灯坏了");
}
