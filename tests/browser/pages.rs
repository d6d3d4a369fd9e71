use crate::chromium::{DESKTOP, TABLET};
use crate::harness::Office;
use crate::harness::office::ledger;
use crate::{Chromium, desk};
use qiaomen_console::rights::{For, PLACES, Place};
use std::collections::BTreeMap;

/// The place that a path leads to.
fn place(path: &str) -> Option<&'static Place> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |place: &&Place| {
        let pattern: Vec<&str> = place.path.split('/').collect();
        place.method == "GET"
            && pattern.len() == parts.len()
            && pattern.iter().zip(&parts).all(|(p, part)| p == part || p.starts_with('{') && !part.is_empty())
    };
    // A path of its own comes before one with a part that can be anything.
    PLACES.iter().filter(fits).min_by_key(|p| p.path.matches('{').count())
}

/// Opens one page of each place that can be come to from the beginning by following links.
fn walk(clerk: &mut Chromium, look: &mut dyn FnMut(&mut Chromium, &Place, &str)) -> BTreeMap<&'static str, String> {
    let mut seen: BTreeMap<&'static str, String> = BTreeMap::new();
    let mut todo = vec!["/day".to_owned()];
    while let Some(path) = todo.pop() {
        let Some(place) = place(&path) else { panic!("{path} leads nowhere") };
        // What is handed over as a file is no page.
        let file = place.path.contains("export") || place.path.ends_with(".json") || place.path.ends_with(".csv");
        if place.open_to == For::Anybody || file || seen.contains_key(place.path) {
            continue;
        }
        seen.insert(place.path, path.clone());
        assert_eq!(clerk.opens(&path), 200, "{path}");
        look(clerk, place, &path);
        todo.extend(clerk.links().into_iter().filter(|to| !to.starts_with("/assets/")));
    }
    seen
}

/// A name for a picture of a place.
fn name(prefix: &str, place: &Place) -> String {
    let said = place.path.trim_matches('/').replace('/', "-").replace(['{', '}'], "");
    format!("{prefix}-{said}")
}

#[test]
fn every_page_of_a_whole_community_can_be_used_by_everybody_and_fits_its_window() {
    let office = Office::with(&ledger("community"));
    let mut clerk = desk(&office, DESKTOP);
    let seen = walk(&mut clerk, &mut |clerk, place, path| {
        clerk.is_sound(path);
        clerk.picture(&name("full", place));
    });
    // What no link leads to nobody finds.
    for place in PLACES.iter().filter(|p| p.method == "GET" && !p.path.contains('{')) {
        // The last shows a file that was just brought, which the tests of the map do.
        let hidden = ["/", "/live", "/sign-in", "/map/import/check"].contains(&place.path);
        let file = place.path.contains("export") || place.path.ends_with(".json") || place.path.ends_with(".csv");
        assert!(hidden || file || seen.contains_key(place.path), "no link leads to {}", place.path);
    }
}

#[test]
fn every_page_of_an_office_with_nothing_in_it_says_what_to_do_and_fits_a_tablet() {
    let mut office = Office::empty();
    office.serve();
    let mut clerk = desk(&office, TABLET);
    walk(&mut clerk, &mut |clerk, place, path| {
        clerk.is_sound(path);
        clerk.picture(&name("empty", place));
    });
}

#[test]
fn what_is_not_there_and_what_is_not_allowed_is_said_on_a_page_that_leads_back() {
    let mut office = Office::empty();
    office.serve();
    let mut clerk = desk(&office, DESKTOP);
    assert_eq!(clerk.opens("/conflicts/77"), 404);
    clerk.waits_for("main", "没有第 77 号冲突");
    clerk.is_sound("not found");
    clerk.picture("error-not-found");
    clerk.clicks("main a.button");
    assert!(clerk.url().ends_with("/conflicts"));
    crate::adds(&office, "ducha", "supervisor");
    let mut supervisor = Chromium::at(&office.wire.url(), DESKTOP);
    supervisor.signs_in("ducha", crate::PASSWORD);
    assert_eq!(supervisor.opens("/conflicts/rule"), 403);
    supervisor.is_sound("not allowed");
    supervisor.picture("error-not-allowed");
    supervisor.size(DESKTOP);
    supervisor.opens("/conflicts");
    assert!(supervisor.url().contains("/sign-in?next="), "a new window knows nobody");
    supervisor.fills("[name=login]", "ducha");
    supervisor.fills("[name=password]", "not the password");
    supervisor.clicks("button[type=submit]");
    supervisor.waits_for("main", "用户名或密码不对");
    supervisor.is_sound("a wrong password");
    supervisor.picture("error-sign-in");
}

#[test]
fn at_the_console_a_refused_form_can_be_loaded_again_and_gone_back_to() {
    let mut office = Office::empty();
    office.serve();
    let mut clerk = desk(&office, TABLET);
    clerk.opens("/accounts");
    for (again, said) in [("something else", "两遍密码不一样"), (crate::PASSWORD, "账号开好了")] {
        clerk.fills("[name=login]", "xiaoli");
        clerk.chooses("[name=as]", "clerk");
        clerk.fills("[name=password]", crate::PASSWORD);
        clerk.fills("[name=again]", again);
        clerk.clicks("main form[action='/accounts'] button[type=submit]");
        clerk.waits_for("main", said);
        clerk.is_sound(said);
    }
    clerk.goes_back();
    assert!(clerk.url().ends_with("/accounts"), "{}", clerk.url());
    clerk.waits_for("h1", "账号");
    clerk.reloads();
    clerk.waits_for("h1", "账号");
}
