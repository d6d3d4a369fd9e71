use super::app::App;
use super::screens::{opens_a_door, unlocks};
use crate::chromium::{Chromium, PHONE, SMALL_TABLET};
use crate::harness::Office;
use crate::harness::phone::PIN;
use crate::harness::wire::Moment;
use qiaomen_proto::wire::enrol_link::EnrolLink;

/// Forty letters without a place to break.
const FORTY_LATIN: &str = "Wolfeschlegelsteinhausenbergerdorffwelch";
/// Forty characters.
const FORTY_CHINESE: &str = "阿不都热合曼买买提吐尔逊江艾合买提库尔班穆罕默德依布拉音司马义沙吾提热依木玉素甫";
/// More than anybody writes on a phone.
const LONG: &str = "三楼到五楼的楼道灯都不亮，晚上老人上下楼看不清，已经跟物业说过两次，一直没有人来修；";

/// Looks at these pages on a phone and on a tablet.
fn looks_at(hand: &mut Chromium, prefix: &str, pages: &[(String, &str)]) {
    for (path, name) in pages {
        hand.opens(path);
        hand.fits_a_thumb(&format!("{prefix} {path}"));
        hand.picture(&format!("field-{prefix}-{name}"));
    }
}

#[test]
fn names_of_forty_letters_and_a_matter_of_a_whole_page_break_no_screen() {
    let mut office = Office::with_ledger();
    let mut app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    office.kill();
    let door = opens_a_door(&mut hand);
    for name in [FORTY_LATIN, FORTY_CHINESE] {
        hand.opens(&format!("{door}/new-resident"));
        hand.fills("[name=name]", name);
        hand.fills("[name=phone]", "13909990000");
        hand.clicks("main button[type=submit]");
        hand.waits_for("#people, main", name);
    }
    hand.clicks(&format!(".person:has-text('{FORTY_LATIN}') a[href^='/resident/']"));
    let person = hand.url().split('?').next().unwrap_or_default().to_owned();
    hand.opens(&format!("{door}/visit"));
    hand.fills("[name=note]", &format!("{FORTY_LATIN}{FORTY_LATIN}{}", LONG.repeat(3)));
    hand.clicks("main button[value=met]");
    hand.opens(&format!("{door}/more"));
    hand.fills("[name=text]", &LONG.repeat(8));
    hand.clicks("form[action$='/note'] button[type=submit]");
    hand.opens(&format!("/ticket/new?door={}", door.rsplit('/').next().unwrap_or_default()));
    hand.clicks("a.picture-button");
    hand.fills("[name=text]", &format!("{FORTY_LATIN}{FORTY_LATIN}{FORTY_LATIN}{}", LONG.repeat(12)));
    hand.fills("[name=reporter]", FORTY_CHINESE);
    hand.clicks("main button[type=submit]");
    hand.waits_for("[role=status]", "已上报");
    let matter = hand.url().split('?').next().unwrap_or_default().to_owned();
    let mut pages: Vec<(String, &str)> =
        [("/", "today"), ("/outbox", "outbox"), ("/diary", "diary"), ("/grid?only=unsent", "grid"), ("/me", "me")]
            .map(|(path, name)| (path.to_owned(), name))
            .into();
    pages.extend([
        ("/search?q=wolf".to_owned(), "search"),
        (format!("/search?q={}", "WolfeschlegelsteinhausenbergerdorffwelchX"), "search-none"),
        ("/tickets?heap=open".to_owned(), "tickets"),
        (matter.clone(), "matter"),
        (format!("{matter}?show=reporter"), "matter-reporter"),
        (format!("{matter}/feedback"), "matter-step"),
        (door.clone(), "door"),
        (format!("{door}/occupancy"), "occupancy"),
        (person.clone(), "person"),
        (format!("{person}?show=all"), "person-shown"),
        (format!("{person}/field/name"), "question"),
        (format!("{person}/out"), "out"),
        (format!("{person}/move?q=1"), "move"),
    ]);
    looks_at(&mut hand, "long", &pages);
    app.starts();
    let mut hand = app.browser(SMALL_TABLET);
    unlocks(&mut hand);
    let base = app.base();
    let same: Vec<(String, &str)> = pages.into_iter().map(|(path, name)| (moved(&path, &base), name)).collect();
    looks_at(&mut hand, "long-tablet", &same);
}

/// The same page after the program was started again, on another port.
fn moved(url: &str, base: &str) -> String {
    match url.strip_prefix("http://").and_then(|rest| rest.split_once('/')) {
        Some((_, path)) => format!("{base}/{path}"),
        None => url.to_owned(),
    }
}

#[test]
fn every_page_that_says_what_went_wrong_fits_a_phone_and_a_tablet() {
    let mut office = Office::with_ledger();
    let mut app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, "马桂");
    hand.opens("/search?q=w");
    hand.clicks("a.row[href^='/resident/']");
    let person = hand.url();
    office.kill();
    for (size, prefix) in [(PHONE, "error"), (SMALL_TABLET, "error-tablet")] {
        app.starts();
        let mut hand = app.browser(size);
        hand.fills("[name=pin]", "000000");
        hand.clicks("button[type=submit]");
        hand.waits_for("[role=alert]", "解锁码不对");
        hand.fits_a_thumb("a wrong PIN");
        hand.picture(&format!("field-{prefix}-pin"));
        unlocks(&mut hand);
        let person = moved(&person, &app.base());
        for (path, name) in [("/no-such-page", "no-page"), ("/diary?on=2999-01-01", "no-day")] {
            assert_eq!(hand.opens(path), 404);
            hand.fits_a_thumb(path);
            hand.picture(&format!("field-{prefix}-{name}"));
        }
        // A form that is not done comes back with what was typed.
        hand.opens(&format!("{person}/field/since"));
        hand.fills("#value", "");
        hand.clicks("main button[value=value]");
        hand.waits_for("[role=alert]", "没有办成");
        hand.fits_a_thumb("a form that is not done");
        hand.picture(&format!("field-{prefix}-form"));
        // A page that was left open over a start of the app.
        hand.opens(&format!("{person}/field/since"));
        hand.brings("main [name=once]", "another-start-1");
        hand.fills("#value", "2001-02-03");
        hand.clicks("main button[value=value]");
        hand.waits_for("[role=alert]", "这一页放得太久");
        hand.fits_a_thumb("a form of an old page");
        hand.picture(&format!("field-{prefix}-old-form"));
        hand.opens("/sync");
        hand.clicks("main button[type=submit]");
        hand.waits_for("#strip", "连不上社区");
        hand.opens("/sync");
        hand.fits_a_thumb("the sync that cannot");
        hand.picture(&format!("field-{prefix}-sync"));
    }
}

#[test]
fn while_the_office_thinks_about_the_code_another_tab_says_that_it_is_on_its_way() {
    let office = Office::with_ledger();
    for (size, name) in [(PHONE, "phone"), (SMALL_TABLET, "tablet")] {
        let app = App::new();
        let mut hand = app.browser(size);
        let link = EnrolLink { server: office.wire.url(), code: office.code("马桂") };
        hand.fills("[name=link]", &link.to_string());
        hand.fills("[name=pin]", PIN);
        hand.fills("[name=again]", PIN);
        office.wire.lets_through(0);
        hand.presses("Enter");
        office.wire.stalled(Moment::AtTheGate);
        hand.another_tab();
        hand.opens("/");
        hand.fits_a_thumb("the code is on its way");
        hand.picture(&format!("field-code-on-its-way-{name}"));
        office.wire.opens();
    }
}
