//! What the map says of each place, against a town that can be counted by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::counted::{DAY_MS, Matter, door, entry};
use crate::phone::{EVENING_MS, Town};
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::merge::fold::Stage;
use qiaomen_server::desk::map::{Figures, MapView, Shade, Step, map};
use qiaomen_server::people::Sight;
use std::collections::BTreeSet;

/// Three doors in the first building, one in the second; visits and matters of every kind.
fn town() -> Town {
    let town = Town::new();
    let [first, second, third] = ["101", "102", "103"].map(|room| door(&town, 0, room));
    let far = door(&town, 1, "101");
    entry(&town, first, EntryKind::Visit, Outcome::Met, 5 * DAY_MS);
    entry(&town, first, EntryKind::Visit, Outcome::Met, 50 * DAY_MS);
    // Nobody home is no visit, and a call is none.
    entry(&town, first, EntryKind::Visit, Outcome::NotHome, 0);
    entry(&town, third, EntryKind::Call, Outcome::Met, 0);
    // Who refuses was met.
    entry(&town, second, EntryKind::Visit, Outcome::Refused, 40 * DAY_MS);
    entry(&town, far, EntryKind::Visit, Outcome::Met, 100 * DAY_MS);
    let building = Some(town.buildings[0]);
    // The evening is that of 21 September 2026.
    Matter { building, due_by: Some("2026-09-20"), ..Matter::open() }.put(&town, 1);
    Matter { household: Some(second), due_by: Some("2026-09-21"), ..Matter::open() }.put(&town, 2);
    Matter { building, stage: Stage::Closed, due_by: Some("2026-09-01"), ..Matter::open() }.put(&town, 3);
    Matter { building, stage: Stage::Draft, ..Matter::open() }.put(&town, 4);
    Matter { building, stage: Stage::Void, ..Matter::open() }.put(&town, 5);
    Matter { grid: Some(town.grids[1]), due_by: Some("2026-09-01"), ..Matter::open() }.put(&town, 6);
    Matter::open().put(&town, 7);
    // Written down in the second grid; its building stands in the first by now.
    Matter { building, grid: Some(town.grids[1]), ..Matter::open() }.put(&town, 8);
    town
}

fn seen(town: &Town) -> MapView {
    map(&town.office, &Sight::default(), None).unwrap().unwrap()
}

#[test]
fn each_place_says_what_was_counted_by_hand() {
    let town = town();
    let view = seen(&town);
    let at = |days: u64| Some(EVENING_MS - days * DAY_MS);
    let [one, two] = view.grids.as_slice() else { panic!("{:?}", view.grids) };
    let first = Figures { doors: 3, within: [1, 1, 2], ever: 2, last_ms: at(5), open: 3, overdue: 1 };
    assert_eq!(one.buildings[0].figures, first);
    assert_eq!((one.figures, one.beside), (first, [0, 0]));
    let far = Figures { doors: 1, within: [0, 0, 0], ever: 1, last_ms: at(100), open: 0, overdue: 0 };
    assert_eq!(two.buildings[0].figures, far);
    assert_eq!((two.figures, two.beside), (Figures { open: 1, overdue: 1, ..far }, [1, 1]));
    assert_eq!(view.nowhere, [1, 0]);
    assert_eq!(view.total, Figures { doors: 4, within: [1, 1, 2], ever: 3, last_ms: at(5), open: 5, overdue: 2 });
    assert_eq!([at(0), at(1), at(5), None].map(|at| view.ago(at)), ["今天", "昨天", "5 天前", "还没走访到"]);
}

#[test]
fn the_shade_is_that_of_the_last_visit_or_of_half_of_the_doors() {
    let town = town();
    let view = seen(&town);
    let steps = |by: Shade| view.grids.iter().map(|g| g.buildings[0].figures.step(by, view.now_ms)).collect::<Vec<_>>();
    assert_eq!(steps(Shade::Last), [Step::Week, Step::Older]);
    // Two of three doors within ninety days, one within thirty.
    assert_eq!(steps(Shade::Half), [Step::Quarter, Step::Older]);
    let never = Figures { doors: 4, ever: 1, last_ms: Some(EVENING_MS), within: [1, 1, 1], ..Figures::default() };
    assert_eq!(never.step(Shade::Last, EVENING_MS), Step::Week);
    assert_eq!(never.step(Shade::Half, EVENING_MS), Step::Never);
    assert_eq!(Figures::default().step(Shade::Last, EVENING_MS), Step::NoDoors);
    assert_eq!(Figures { doors: 1, ..Figures::default() }.step(Shade::Last, EVENING_MS), Step::Never);
}

#[test]
fn days_are_those_of_the_calendar_and_the_figure_and_the_shade_agree_at_midnight() {
    // 22:13 in the evening: the midnight that began the day seven days ago is so long ago.
    let since_midnight = (EVENING_MS + 8 * 3_600_000) % DAY_MS;
    for (before_ms, within, step) in
        [(7 * DAY_MS + since_midnight, 1, Step::Week), (7 * DAY_MS + since_midnight + 1, 0, Step::Month)]
    {
        let town = Town::new();
        let door = door(&town, 0, "101");
        entry(&town, door, EntryKind::Visit, Outcome::Met, before_ms);
        let view = seen(&town);
        let figures = view.grids[0].buildings[0].figures;
        assert_eq!((figures.within[0], figures.step(Shade::Last, view.now_ms)), (within, step));
        assert_eq!(figures.step(Shade::Half, view.now_ms), step);
    }
}

#[test]
fn a_grid_leader_sees_her_grid_and_nothing_of_the_other_even_by_its_id() {
    let town = town();
    let sight = Sight { grids: Some(BTreeSet::from([town.grids[0]])), department: None };
    let view = map(&town.office, &sight, None).unwrap().unwrap();
    assert_eq!(view.grids.iter().map(|g| g.id).collect::<Vec<_>>(), [town.grids[0]]);
    assert_eq!((view.total.open, view.total.doors, view.nowhere), (3, 3, [0, 0]));
    assert!(map(&town.office, &sight, Some(town.grids[1])).unwrap().is_none());
    assert!(map(&town.office, &sight, Some(town.grids[0])).unwrap().is_some());
    let none = Sight { grids: Some(BTreeSet::new()), department: None };
    let view = map(&town.office, &none, None).unwrap().unwrap();
    assert_eq!((view.grids.len(), view.total), (0, Figures::default()));
}

#[test]
fn one_grid_alone_shows_its_own_and_nothing_that_stands_nowhere() {
    let town = town();
    let view = map(&town.office, &Sight::default(), Some(town.grids[1])).unwrap().unwrap();
    assert_eq!((view.grids.len(), view.choices.len(), view.total.open, view.nowhere), (1, 2, 1, [0, 0]));
}
