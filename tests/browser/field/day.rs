use super::app::App;
use super::screens::{BUILDING, opens_a_door};
use crate::chromium::PHONE;
use crate::harness::Office;
use crate::harness::phone::PIN;

#[test]
fn a_worker_begins_visits_in_three_touches_works_without_signal_and_brings_it_home() {
    let mut office = Office::with_ledger();
    let mut app = App::new();
    let mut hand = app.browser(PHONE);
    hand.fits_a_thumb("the first start");
    hand.glimpse("field-begin");

    // What is no code of an office is said so, and what was typed stays.
    hand.fills("[name=link]", "https://example.org/code");
    hand.fills("[name=pin]", PIN);
    hand.fills("[name=again]", PIN);
    hand.clicks("form[action='/begin'] button[type=submit]");
    hand.waits_for("[role=alert]", "这不像社区给的登记码");
    app.begins(&mut hand, &office, "马桂");
    hand.fits_a_thumb("the sync");
    hand.glimpse("field-sync-complete");

    // From the building: one, the door; two, met. Three would be a phrase.
    hand.opens("/grid");
    hand.clicks(BUILDING);
    hand.fits_a_thumb("a stairwell");
    hand.glimpse("field-stairwell");
    hand.clicks("a.cell");
    let door = hand.url();
    hand.clicks("button.deed.first");
    hand.waits_for("[role=status]", "已记下：见到了");
    hand.fits_a_thumb("a door right after a visit");
    hand.glimpse("field-door");
    hand.clicks(".phrases button");
    hand.waits_for("#notes", "备注");
    hand.fits_a_thumb("a door after a visit");
    hand.waits_for("#strip", "全部送到");
    office.verifies();

    // Back and reload do nothing a second time.
    hand.goes_back();
    hand.reloads();
    hand.opens("/diary");
    assert_eq!(hand.count(".paper .past li"), 1, "one visit");

    // Without signal: two touches are one visit, and everything is kept.
    office.kill();
    hand.opens(&door);
    hand.touches_twice("form.deed:nth-of-type(2) button");
    hand.waits_for("[role=status]", "没人在家");
    hand.waits_for("#strip", "没有信号");
    hand.opens("/diary");
    assert_eq!(hand.count(".paper .past li"), 2, "two taps are one visit");
    hand.fits_a_thumb("the diary");
    hand.glimpse("field-diary");
    hand.opens("/outbox");
    hand.waits_for("main", "等着送");
    hand.fits_a_thumb("the outbox without signal");
    hand.glimpse("field-outbox-offline");
    hand.opens("/sync");
    hand.fits_a_thumb("the sync without signal");
    hand.glimpse("field-sync-offline");

    // The battery is taken out: what the screen had confirmed is there.
    app.starts();
    let mut hand = app.browser(PHONE);
    hand.fits_a_thumb("locked");
    hand.glimpse("field-locked");
    hand.fills("[name=pin]", "000000");
    hand.clicks("button[type=submit]");
    hand.waits_for("[role=alert]", "解锁码不对，还可以试 9 次");
    hand.fills("[name=pin]", PIN);
    hand.clicks("button[type=submit]");
    hand.opens("/diary");
    assert_eq!(hand.count(".paper .past li"), 2, "both visits are there");
    hand.opens("/");
    hand.waits_for("main", "再去敲门");
    hand.fits_a_thumb("today");
    hand.glimpse("field-today");

    // The signal is back.
    office.serve();
    hand.opens("/sync");
    hand.clicks("main button[type=submit]");
    hand.waits_for("#strip", "全部送到");
    hand.opens("/outbox");
    hand.waits_for("main", "社区和手机一致");
    hand.fits_a_thumb("the outbox, empty");
    hand.glimpse("field-outbox-empty");
    office.verifies();
}

#[test]
fn a_matter_is_reported_by_picture_taken_a_step_on_and_seen_at_the_office() {
    let office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    opens_a_door(&mut hand);
    hand.clicks("a.deed[href^='/ticket/new']");
    hand.fits_a_thumb("the categories");
    hand.glimpse("field-ticket-categories");
    hand.clicks("a.picture-button");
    hand.fills("[name=text]", "三楼楼道的灯不亮，晚上老人上下楼看不清");
    hand.fits_a_thumb("a new matter");
    hand.glimpse("field-ticket-new");
    hand.clicks("main button[type=submit]");
    hand.waits_for("[role=status]", "已上报");
    hand.fits_a_thumb("a matter");
    hand.glimpse("field-ticket");
    let matter = hand.url();
    hand.clicks("a[href$='/feedback']");
    hand.fills("[name=text]", "灯泡换好了，当面告诉了住户");
    hand.fits_a_thumb("a step");
    hand.glimpse("field-ticket-step");
    hand.clicks("main button[type=submit]");
    hand.waits_for("[role=status]", "已记下这一步");
    // The same matter again is offered before it is written twice.
    hand.goes_back();
    opens_a_door(&mut hand);
    hand.clicks("a.deed[href^='/ticket/new']");
    hand.clicks("a.picture-button");
    hand.waits_for("main", "是不是这一件");
    hand.fits_a_thumb("likely duplicates");
    hand.glimpse("field-ticket-alike");
    hand.opens(&matter);
    hand.waits_for("#strip", "全部送到");
    office.verifies();
}
