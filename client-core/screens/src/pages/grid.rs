//! My grid: buildings, then the doors of one building as its stairwells are, floors as rows, the top floor on top.

use super::today::stairwell_name;
use crate::frame::{self, Room};
use crate::parts::door::{Glance, row};
use crate::parts::{nothing, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::query::{DoorFilter, DoorLine};
use std::collections::BTreeMap;

/// A filter's name in the address, and its text.
const FILTERS: [(&str, &str); 8] = [
    ("care", "filter-care"),
    ("not_home", "filter-not-home"),
    ("never", "filter-never"),
    ("matters", "filter-matters"),
    ("refused", "filter-refused"),
    ("empty", "filter-empty"),
    ("conflicts", "filter-conflicts"),
    ("unsent", "filter-unsent"),
];

/// Between the names of filters that hold together.
const AND: &str = ",";

/// The filters of an address, in our order; what is none is passed over.
fn chosen(only: Option<&str>) -> Vec<&'static str> {
    let names: Vec<&str> = only.unwrap_or_default().split(AND).collect();
    FILTERS.iter().map(|(name, _)| *name).filter(|name| names.contains(name)).collect()
}

/// The grid under these filters.
fn address(which: &[&str], building: Option<&str>) -> String {
    let only = (!which.is_empty()).then(|| format!("only={}", which.join(AND)));
    let building = building.map(|b| format!("building={}", escaped(b)));
    let asked: Vec<String> = building.into_iter().chain(only).collect();
    if asked.is_empty() { "/grid".to_owned() } else { format!("/grid?{}", asked.join("&")) }
}

/// Where a door that is not in the list is written down.
fn new_door(building: Option<&str>) -> String {
    let building = building.map(|b| format!("?building={}", escaped(b))).unwrap_or_default();
    format!("{}{building}", super::new_door::PATH)
}

fn filter(which: &[&str], building: Option<&str>) -> DoorFilter {
    let is = |wanted: &str| which.contains(&wanted);
    DoorFilter {
        building: building.map(str::to_owned),
        care_due: is("care"),
        not_home: is("not_home"),
        never_visited: is("never"),
        open_tickets: is("matters"),
        refused: is("refused"),
        empty: is("empty"),
        conflicts: is("conflicts"),
        pending: is("unsent"),
        ..DoorFilter::default()
    }
}

/// Doors of one list; who looks for one more takes its building, or searches.
const LISTED_MAX: usize = 200;

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let which = chosen(screen.request.asks("only"));
    let building = screen.request.asks("building").map(str::to_owned);
    let doors = screen.device.doors(&filter(&which, building.as_deref()))?;
    let today = screen.today()?;
    let body = html! {
        (find_box(t))
        (chips(t, &which, building.as_deref()))
        @if doors.is_empty() {
            (nothing(&t.say(if !which.is_empty() { "grid-none-such" } else { "grid-empty" })))
        } @else if !which.is_empty() {
            p.soft { (t.count("grid-doors", doors.len())) }
            ul.list { @for door in doors.iter().take(LISTED_MAX) { (row(t, door, &door.address, &today, &html! {})) } }
            @if let Some(left @ 1..) = doors.len().checked_sub(LISTED_MAX) { p.soft { (t.count("grid-more", left)) } }
        } @else if building.is_some() {
            (stairwells(t, &doors))
        } @else {
            (buildings(t, &doors))
        }
        p { a.button.second.wide href=(new_door(building.as_deref())) { (symbol("plus")) (t.say("new-door")) } }
    };
    let title = building.clone().unwrap_or_else(|| t.say("grid-title"));
    Ok(frame::page(screen, Room::Grid, &title, building.is_some().then_some("/grid"), &body))
}

/// Each touch adds a filter or takes it away: doors where nobody was home and a matter waits are two touches.
fn chips(t: Texts, which: &[&str], building: Option<&str>) -> Markup {
    html! {
        nav.chips aria-label=(t.say("grid-filters")) {
            a href=(address(&[], building)) aria-current=[which.is_empty().then_some("true")] { (t.say("filter-all")) }
            @for (name, key) in FILTERS {
                @let on = which.contains(&name);
                @let other: Vec<&str> = FILTERS.iter().map(|(n, _)| *n).filter(|n| which.contains(n) != (*n == name)).collect();
                a href=(address(&other, building)) aria-current=[on.then_some("true")] { (t.say(key)) }
            }
        }
    }
}

/// Where somebody is looked for.
pub(crate) fn find_box(t: Texts) -> Markup {
    html! {
        form.find method="get" action="/search" role="search" {
            input type="search" name="q" aria-label=(t.say("frame-search")) placeholder=(t.say("search-how")) autocomplete="off";
            button type="submit" { (t.say("search-go")) }
        }
    }
}

fn buildings(t: Texts, doors: &[DoorLine]) -> Markup {
    html! {
        ul.list {
            @for chunk in doors.chunk_by(|a, b| a.building_name == b.building_name) {
                @if let Some(first) = chunk.first() {
                    li {
                        a.row href={ "/grid?building=" (escaped(&first.building_name)) } {
                            span.badge-picture { (symbol("building")) }
                            span.main {
                                strong { (first.building_name) }
                                span.line {
                                    span.soft { (t.count("grid-doors", chunk.len())) }
                                    @let seen = chunk.iter().filter(|d| d.last_visit_ms.is_some()).count();
                                    span.soft { (t.count("grid-visited", seen)) }
                                    @let matters: u32 = chunk.iter().map(|d| d.open_tickets).sum();
                                    @if matters > 0 { span.mark.matter { (symbol("matter")) (t.count("mark-matters", matters)) } }
                                }
                                progress max=(chunk.len()) value=(seen) aria-label=(t.count("grid-visited", seen)) {}
                            }
                            (symbol("go"))
                        }
                    }
                }
            }
        }
        (legend(t))
    }
}

fn legend(t: Texts) -> Markup {
    html! {
        p.legend {
            @for glance in [Glance::Met, Glance::NotHome, Glance::Declined, Glance::Refuses, Glance::Never] {
                @let (class, picture, key) = glance.shown();
                span class={ "glance " (class) } { (symbol(picture)) (t.say(key)) }
            }
        }
    }
}

fn stairwells(t: Texts, doors: &[DoorLine]) -> Markup {
    html! {
        @for unit in doors.chunk_by(|a, b| a.unit == b.unit) {
            @if let Some(first) = unit.first() {
                section {
                    h2 { (symbol("stairs")) (stairwell_name(t, &first.building_name, &first.unit)) span.n { (unit.len()) } }
                    (stairwell(t, unit))
                }
            }
        }
        (legend(t))
    }
}

/// Floors as rows, the top floor on top, as one sees the house from outside.
fn stairwell(t: Texts, doors: &[DoorLine]) -> Markup {
    let mut floors: BTreeMap<Option<i32>, Vec<&DoorLine>> = BTreeMap::new();
    for door in doors {
        floors.entry(door.floor).or_default().push(door);
    }
    html! {
        ol.stairwell {
            @for (floor, doors) in floors.into_iter().rev() {
                li.floor {
                    span.level { @match floor { Some(floor) => (t.count("grid-floor", floor)), None => (t.say("grid-no-floor")) } }
                    ul { @for door in doors { li { (cell(t, door)) } } }
                }
            }
        }
    }
}

fn cell(t: Texts, door: &DoorLine) -> Markup {
    let (class, picture, key) = Glance::of(door).shown();
    html! {
        a class={ "cell " (class) } href={ "/door/" (door.household) } {
            strong { (door.room) }
            span.state { (symbol(picture)) (t.say(key)) }
            @if door.is_care_due() || door.open_tickets > 0 || door.pending || door.conflicts > 0 {
                span.dots {
                    @if door.is_care_due() { span title=(t.say("mark-care")) { (symbol("care")) } }
                    @if door.open_tickets > 0 { span title=(t.count("mark-matters", door.open_tickets)) { (symbol("matter")) (door.open_tickets) } }
                    @if door.conflicts > 0 { span title=(t.say("mark-conflict")) { (symbol("conflict")) } }
                    @if door.pending { span title=(t.say("mark-unsent")) { (symbol("outbox")) } }
                }
            }
        }
    }
}

/// A word as it may stand in an address.
pub(crate) fn escaped(word: &str) -> String {
    serde_urlencoded::to_string([("", word)]).unwrap_or_default().trim_start_matches('=').to_owned()
}
