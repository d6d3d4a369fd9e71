//! What the overview counts, against days and weeks that can be counted by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::counted::{DAY_MS, Matter, door, entry};
use crate::dispute::Dispute;
use crate::phone::Town;
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::ids::{GridId, Role};
use qiaomen_proto::merge::fold::Stage;
use qiaomen_server::desk::overview::{Overview, Span, overview};
use qiaomen_server::people::Sight;
use qiaomen_server::review::{Choice, decide, undo};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

fn seen(town: &Town, grid: Option<GridId>, span: Span) -> Overview {
    overview(&town.office, &Sight::default(), grid, span).unwrap().unwrap()
}
fn later(town: &Town, ms: u64) {
    town.around.now_ms.fetch_add(ms, Ordering::SeqCst);
}

#[test]
fn what_came_stands_at_the_hour_in_which_it_came_and_what_is_held_does_not() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let mut li = town.phone(2, Role::GridWorker, 1);
    // 22:13: three doors of the first grid, and one of the second, which is not Wang's and is held.
    for room in ["101", "102", "103"] {
        wang.register_door(&town, 0, room);
    }
    wang.register_door(&town, 1, "901");
    wang.ask(&town.office).unwrap();
    let view = seen(&town, None, Span::default());
    assert_eq!(
        (view.today.on.as_str(), view.today.hours[22], view.today.hours.iter().sum::<u64>()),
        ("2026-09-21", 3, 3)
    );
    // 00:13 of the next day: one door of the second grid. Sent twice it came once.
    later(&town, 2 * 3_600_000);
    li.register_door(&town, 1, "101");
    li.ask(&town.office).unwrap();
    li.ask(&town.office).unwrap();
    let view = seen(&town, None, Span::default());
    assert_eq!(
        (view.today.on.as_str(), view.today.hours[0], view.today.hours.iter().sum::<u64>()),
        ("2026-09-22", 1, 1)
    );
    assert_eq!((view.before.len(), view.before[0].on.as_str(), view.before[0].hours[22]), (7, "2026-09-21", 3));
    let first = seen(&town, Some(town.grids[0]), Span::default());
    assert_eq!((first.today.hours.iter().sum::<u64>(), first.before[0].hours[22]), (0, 3));
    let second = seen(&town, Some(town.grids[1]), Span::default());
    assert_eq!((second.today.hours[0], second.before[0].hours.iter().sum::<u64>()), (1, 0));
    // Seven days later it is just there; a day after that no more.
    later(&town, 6 * DAY_MS);
    assert_eq!(seen(&town, None, Span::default()).before[6].hours[22], 3);
    later(&town, DAY_MS);
    let view = seen(&town, None, Span::default());
    assert_eq!(view.before.iter().flat_map(|d| d.hours).sum::<u64>(), 1);
}

#[test]
fn matters_are_counted_by_what_they_are_about_and_by_how_long_they_are_open() {
    let town = Town::new();
    let here = Some(town.buildings[0]);
    let there = Some(town.grids[1]);
    // The evening is that of 21 September 2026; 12 weeks begin on 30 June.
    Matter { building: here, ..Matter::open() }.put(&town, 1);
    Matter { building: here, days: Some(3), due_by: Some("2026-09-21"), ..Matter::open() }.put(&town, 2);
    Matter { building: here, days: Some(4), due_by: Some("2026-09-20"), ..Matter::open() }.put(&town, 3);
    Matter { building: here, days: Some(83), stage: Stage::Rated, ..Matter::open() }.put(&town, 4);
    Matter { building: here, days: Some(84), stage: Stage::Closed, ..Matter::open() }.put(&town, 5);
    Matter { grid: there, category: Some("道路"), days: Some(31), ..Matter::open() }.put(&town, 6);
    Matter { grid: there, category: None, days: None, ..Matter::open() }.put(&town, 7);
    Matter { building: here, stage: Stage::Void, ..Matter::open() }.put(&town, 8);
    Matter { building: here, stage: Stage::Duplicate, ..Matter::open() }.put(&town, 9);
    Matter { building: here, stage: Stage::Draft, ..Matter::open() }.put(&town, 10);
    let view = seen(&town, None, Span::Quarter);
    let said =
        |view: &Overview| view.categories.iter().map(|c| (c.name.clone(), c.open, c.completed)).collect::<Vec<_>>();
    assert_eq!(view.since.as_deref(), Some("2026-06-30"));
    assert_eq!(said(&view), [("管网".to_owned(), 3, 1), ("道路".to_owned(), 1, 0)]);
    assert_eq!(view.older, 2, "one of 84 days ago, one of nobody knows when");
    let all = seen(&town, None, Span::All);
    assert_eq!(said(&all), [("管网".to_owned(), 3, 2), ("没写类别".to_owned(), 1, 0), ("道路".to_owned(), 1, 0)]);
    assert_eq!((all.older, all.since), (0, None));
    let ages = |view: &Overview| {
        view.ages
            .iter()
            .map(|a| (a.label, a.overdue, a.due_later, a.not_set))
            .filter(|a| a.1 + a.2 + a.3 > 0)
            .collect::<Vec<_>>()
    };
    let expected =
        [("今天", 0, 0, 1), ("1–3 天", 0, 1, 0), ("4–7 天", 1, 0, 0), ("30 天以上", 0, 0, 1), ("日期不详", 0, 0, 1)];
    assert_eq!(ages(&view), expected);
    let second = seen(&town, Some(town.grids[1]), Span::Quarter);
    assert_eq!(said(&second), [("道路".to_owned(), 1, 0)]);
    assert_eq!((ages(&second).len(), second.older), (2, 1));
}

#[test]
fn the_share_of_doors_is_that_of_each_grid_in_the_office_s_order() {
    let town = Town::new();
    let [one, two] = ["101", "102"].map(|room| door(&town, 0, room));
    let three = door(&town, 1, "101");
    entry(&town, one, EntryKind::Visit, Outcome::Met, 30 * DAY_MS);
    entry(&town, two, EntryKind::Visit, Outcome::Met, 31 * DAY_MS);
    entry(&town, three, EntryKind::Visit, Outcome::NotHome, 0);
    let view = seen(&town, None, Span::default());
    let said: Vec<_> = view.coverage.iter().map(|l| (l.grid.as_str(), l.doors, l.in_30, l.in_90)).collect();
    assert_eq!(said, [("第1网格", 2, 1, 2), ("第2网格", 1, 0, 0)]);
}

#[test]
fn a_conflict_stands_in_the_week_in_which_it_was_found_and_in_which_its_decision_was_made() {
    let d = Dispute::about_a_phone();
    let counted = |grid| {
        let view = seen(&d.town, grid, Span::Quarter);
        assert_eq!(view.weeks.len(), 12);
        let of_use = view.weeks.iter().filter(|w| w.opened + w.decided > 0);
        of_use.map(|w| (w.from.clone(), w.opened, w.decided)).collect::<Vec<_>>()
    };
    // 21 September 2026 is a Monday.
    let monday = |n: u64| if n == 0 { "2026-09-21".to_owned() } else { "2026-09-28".to_owned() };
    assert_eq!(counted(None), [(monday(0), 1, 0)]);
    later(&d.town, 8 * DAY_MS);
    let open = &d.open()[0];
    decide(&d.town.office, open.id, Choice::Take("A".to_owned()), Some(&open.seen), d.clerk).unwrap();
    let both = [(monday(0), 1, 0), (monday(1), 0, 1)];
    assert_eq!(counted(None), both);
    assert_eq!(counted(Some(d.town.grids[0])), both);
    assert_eq!(counted(Some(d.town.grids[1])), []);
    undo(&d.town.office, open.id, d.clerk).unwrap();
    assert_eq!(counted(None), [(monday(0), 1, 0)], "a decision that was taken back is none");
}

#[test]
fn a_grid_leader_sees_the_figures_of_her_grid_alone() {
    let town = Town::new();
    door(&town, 0, "101");
    door(&town, 1, "101");
    Matter { grid: Some(town.grids[1]), ..Matter::open() }.put(&town, 1);
    Matter::open().put(&town, 2);
    let sight = Sight { grids: Some(BTreeSet::from([town.grids[0]])), department: None };
    let view = overview(&town.office, &sight, None, Span::All).unwrap().unwrap();
    assert_eq!((view.coverage.len(), view.categories.len(), view.choices.len()), (1, 0, 1));
    assert!(overview(&town.office, &sight, Some(town.grids[1]), Span::All).unwrap().is_none());
}

#[test]
fn spans_have_words_of_their_own_and_whole_weeks() {
    for span in Span::ALL {
        assert_eq!(Span::parse(span.word()), Some(span));
    }
    assert_eq!(Span::ALL.map(Span::weeks), [5, 12, 52, 52]);
    assert_eq!(Span::parse("everything"), None);
}
