use super::app::App;
use crate::chromium::{Chromium, PHONE, SMALL_TABLET};
use crate::harness::Office;
use crate::harness::office::ledger;
use crate::harness::phone::PIN;

/// Looks at every screen that links lead to.
pub(super) fn looks_at_all(hand: &mut Chromium, prefix: &str) {
    for (path, name) in [
        ("/", "today"),
        ("/grid", "grid"),
        ("/grid?only=matters", "grid-matters"),
        ("/grid?only=conflicts", "grid-none"),
        ("/search?q=w", "search"),
        ("/search?q=qqqq", "search-none"),
        ("/tickets?heap=open", "tickets"),
        ("/tickets?heap=over", "tickets-over"),
        ("/ticket/new", "ticket-new"),
        ("/new-door", "new-door"),
        ("/outbox", "outbox"),
        ("/sync", "sync"),
        ("/conflicts", "conflicts"),
        ("/grid?only=care", "grid-care"),
        ("/diary", "diary"),
        ("/diary?on=2026-01-05", "diary-earlier"),
        ("/patrol", "patrol"),
        ("/me", "me"),
    ] {
        assert_eq!(hand.opens(path), 200, "{path}");
        hand.fits_a_thumb(path);
        hand.picture(&format!("field-{prefix}-{name}"));
    }
}

/// Goes into a door and looks at everything there.
fn looks_into_a_door(hand: &mut Chromium, prefix: &str) {
    hand.opens("/search?q=w");
    hand.clicks("a.row[href^='/resident/']");
    let person = hand.url();
    hand.fits_a_thumb("a person");
    hand.picture(&format!("field-{prefix}-person"));
    hand.opens(&format!("{person}/field/phone"));
    hand.fits_a_thumb("a question");
    hand.picture(&format!("field-{prefix}-question"));
    for (page, name) in [("move?q=1", "move"), ("out", "out")] {
        assert_eq!(hand.opens(&format!("{person}/{page}")), 200);
        hand.fits_a_thumb(name);
        hand.picture(&format!("field-{prefix}-{name}"));
    }
    hand.opens(&person);
    hand.clicks("a.icon[href^='/door/']");
    let door = hand.url();
    hand.fits_a_thumb("a door");
    hand.picture(&format!("field-{prefix}-door"));
    for (page, name) in [
        ("visit", "visit"),
        ("call", "call"),
        ("more", "more"),
        ("new-resident", "new-resident"),
        ("occupancy", "occupancy"),
    ] {
        assert_eq!(hand.opens(&format!("{door}/{page}")), 200);
        hand.fits_a_thumb(name);
        hand.picture(&format!("field-{prefix}-{name}"));
    }
    hand.opens(&door);
    if hand.count(".person a[href*='?show=']") > 0 {
        hand.clicks(".person a[href*='?show=']");
        hand.fits_a_thumb("a person shown");
        hand.picture(&format!("field-{prefix}-shown"));
    }
}

#[test]
fn every_screen_of_a_whole_grid_fits_a_thumb_on_a_phone_a_tablet_and_in_large_letters() {
    let office = Office::with(&ledger("community"));
    let app = App::new();
    let mut hand = app.browser(PHONE);
    let worker = office.does(["staff"]);
    let name = worker_with_a_grid(&worker);
    app.begins(&mut hand, &office, &name);
    looks_at_all(&mut hand, "phone");
    looks_into_a_door(&mut hand, "phone");
    hand.opens("/me");
    hand.clicks("label.way:has([value=large])");
    hand.clicks("form[action='/settings'] button");
    hand.waits_for("[role=status]", "已换好");
    looks_at_all(&mut hand, "large");
    looks_into_a_door(&mut hand, "large");
    hand.opens("/me");
    hand.clicks("label.way:has([value=en])");
    hand.clicks("label.way:has([value=normal])");
    hand.clicks("form[action='/settings'] button");
    looks_at_all(&mut hand, "english");
    looks_into_a_door(&mut hand, "english");
}

#[test]
fn every_screen_of_a_small_grid_fits_a_tablet() {
    let office = Office::with_ledger();
    let app = App::new();
    let mut hand = app.browser(SMALL_TABLET);
    hand.fits_a_thumb("the first start");
    app.begins(&mut hand, &office, "马桂");
    looks_at_all(&mut hand, "tablet");
    looks_into_a_door(&mut hand, "tablet");
}

#[test]
fn a_device_with_nothing_on_it_says_so_on_every_screen_and_what_to_do() {
    let office = Office::with_ledger();
    // A department's coordinator to whom nothing was handed yet: no grid, no door, no matter.
    let staff = office.does(["staff"]);
    let list = staff.as_array().or_else(|| staff["staff"].as_array()).expect("a list of staff");
    let name = list.iter().find(|w| w["role"] == "coordinator").expect("a coordinator")["name"].clone();
    let mut app = App::new();
    let mut hand = app.browser(PHONE);
    app.begins(&mut hand, &office, name.as_str().expect("a name"));
    looks_at_all(&mut hand, "bare");
    app.starts();
    let mut hand = app.browser(SMALL_TABLET);
    unlocks(&mut hand);
    looks_at_all(&mut hand, "bare-tablet");
}

/// A building of the grid, as it is touched.
pub(super) const BUILDING: &str = "a[href^='/grid?building=']";

/// Goes to the first door of the first building; its address.
pub(super) fn opens_a_door(hand: &mut Chromium) -> String {
    hand.opens("/grid");
    hand.clicks(BUILDING);
    hand.clicks("a.cell");
    hand.url()
}

/// Gives the PIN.
pub(super) fn unlocks(hand: &mut Chromium) {
    hand.fills("[name=pin]", PIN);
    hand.clicks("button[type=submit]");
    hand.waits_for("nav.bar", "今天");
}

/// A member of staff who has a grid.
fn worker_with_a_grid(told: &serde_json::Value) -> String {
    let list = told.as_array().or_else(|| told["staff"].as_array()).expect("a list of staff");
    let of = |w: &serde_json::Value| w["grids"].as_array().is_some_and(|grids| !grids.is_empty());
    let worker = list.iter().find(|w| of(w)).unwrap_or_else(|| panic!("nobody has a grid: {told}"));
    worker["name"].as_str().expect("a name").to_owned()
}
