use super::app::App;
use crate::chromium::PHONE;
use crate::harness::Office;
use crate::harness::office::ledger;
use crate::harness::wire::Moment;
use serde_json::Value;

#[test]
fn a_door_opens_and_a_visit_is_written_while_the_first_sync_is_still_fetching() {
    let office = Office::with(&ledger("community"));
    let staff = office.does(["staff"]);
    let worker = a_grid_worker(&staff);
    let app = App::new();
    let mut hand = app.browser(PHONE);
    // The code and the first page go through; the request for the second waits.
    office.wire.lets_through(2);
    app.enrols(&mut hand, &office, &worker);
    office.wire.stalled(Moment::AtTheGate);

    hand.opens("/grid");
    hand.clicks("a[href^='/grid?building=']");
    hand.clicks("a.cell");
    hand.waits_for("#strip", "第一次同步");
    hand.clicks("button.deed.first");
    hand.waits_for("[role=status]", "已记下：见到了");
    hand.glimpse("field-first-sync-running");

    office.wire.opens();
    hand.waits_for("#strip", "全部送到");
    hand.opens("/diary");
    assert_eq!(hand.count(".paper .past li"), 1, "the visit is there");
    office.verifies();
}

/// Somebody with a grid.
fn a_grid_worker(staff: &Value) -> String {
    let all = staff.as_array().or_else(|| staff["staff"].as_array()).expect("a list of staff");
    let one = all.iter().find(|m| m["role"] == "grid_worker" && m["grids"].as_array().is_some_and(|g| !g.is_empty()));
    one.and_then(|m| m["id"].as_str()).expect("a grid worker").to_owned()
}
