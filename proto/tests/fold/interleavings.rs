//! Every short course of a matter, legal or impossible, held against the plain reference, and against
//! what may never happen. Events come in every order of arrival.

use crate::model::by_the_page;
use crate::{HOUR_MS, K, NINE, at};
use proptest::prelude::*;
use qiaomen_proto::change::Hlc;
use qiaomen_proto::merge::fold::{EventKind, Stage, TicketEvent, TicketState, WhyNot, fold};
use qiaomen_proto::merge::order::Place;
use std::collections::BTreeSet;

/// A kind of event, and what is different about its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    Plain(EventKind),
    /// Lacks what its kind needs.
    Bare(EventKind),
    /// Judged large or small.
    Judged(EventKind, bool),
    /// Names another party.
    Party(EventKind),
}

/// Every kind of today.
fn kinds() -> Vec<Letter> {
    EventKind::ALL.into_iter().map(Letter::Plain).collect()
}

/// Every kind, and one of the future, with every payload that makes a difference.
fn alphabet() -> Vec<Letter> {
    let bare = [K::Assign, K::Extend, K::Rate, K::Duplicate].map(Letter::Bare);
    let judged = [(K::Report, true), (K::CloseOnSpot, false), (K::CloseOnSpot, true), (K::Accept, true)];
    let more = judged.map(|(kind, large)| Letter::Judged(kind, large));
    let parties = [Letter::Party(K::SendBack), Letter::Party(K::Start), Letter::Plain(K::Unknown(200))];
    [kinds(), bare.to_vec(), more.to_vec(), parties.to_vec()].concat()
}

/// The event that is the `n`-th of its course, `hours` after the one before.
fn event(letter: Letter, n: u64, hours: u64) -> TicketEvent {
    let (Letter::Plain(kind) | Letter::Bare(kind) | Letter::Judged(kind, _) | Letter::Party(kind)) = letter;
    let mut event = at(n * hours, kind);
    event.id = format!("{n}");
    match letter {
        Letter::Plain(_) => {}
        Letter::Bare(_) => event.payload = qiaomen_proto::merge::fold::EventPayload::new(kind),
        Letter::Judged(_, large) => event.payload.large = Some(large),
        Letter::Party(_) => {
            event.payload.party = Some("chengguan".to_owned());
            event.payload.department = Some("zhujian".to_owned());
        }
    }
    event
}

/// Calls `each` with every sequence of this length.
fn sequences(letters: &[Letter], length: usize, each: &mut impl FnMut(&[Letter])) {
    fn go(letters: &[Letter], length: usize, so_far: &mut Vec<Letter>, each: &mut impl FnMut(&[Letter])) {
        if length == 0 {
            return each(so_far);
        }
        for letter in letters {
            so_far.push(*letter);
            go(letters, length - 1, so_far, each);
            so_far.pop();
        }
    }
    go(letters, length, &mut Vec::new(), each);
}

/// Every order of arrival.
fn arrivals<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    if list.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for n in 0..list.len() {
        let mut rest = list.to_vec();
        let first = rest.remove(n);
        all.extend(arrivals(&rest).into_iter().map(|tail| [vec![first.clone()], tail].concat()));
    }
    all
}

/// What may never happen, whatever was added.
fn is_honest(events: &[TicketEvent], state: &TicketState) {
    let said: BTreeSet<(&str, EventKind)> = events.iter().map(|e| (e.id.as_str(), e.payload.kind)).collect();
    let steps: Vec<(&str, EventKind)> = state.steps.iter().map(|s| (s.event.as_str(), s.kind)).collect();
    let flagged: BTreeSet<(&str, EventKind)> = state.flags.iter().map(|f| (f.event.as_str(), f.kind)).collect();
    let shown: BTreeSet<(&str, EventKind)> = steps.iter().copied().chain(flagged.iter().copied()).collect();
    assert_eq!(shown, said, "nothing is dropped, nothing is made up: {events:?}");
    assert_eq!(steps.iter().collect::<BTreeSet<_>>().len(), steps.len(), "no step is taken twice");
    if said.len() == events.len() {
        assert!(steps.iter().all(|id| !flagged.contains(id)), "a step is not flagged");
    }

    let taken = |kind| state.steps.iter().position(|s| s.kind == kind);
    let last = |kind| state.steps.iter().rposition(|s| s.kind == kind);
    // A reopening is always a step once there is a report, and what stands after it was done after it.
    let reported = taken(K::Report).is_some();
    if reported {
        for e in events.iter().filter(|e| e.payload.kind == K::Reopen) {
            assert!(steps.contains(&(e.id.as_str(), K::Reopen)), "a reopening is heard");
        }
    }
    let since = |n: usize, kind: EventKind| state.steps[n..].iter().position(|s| s.kind == kind).map(|at| n + at);
    if let Some(reopened) = last(K::Reopen) {
        if let Some(closed) = since(reopened, K::Close) {
            let fed_back = since(reopened, K::Feedback).is_some_and(|n| n < closed);
            let checked = since(reopened, K::Check).is_some_and(|n| n < closed);
            assert!(fed_back && checked, "a reopening beats a close that did not answer it");
        }
        if let Some(closed) = since(reopened, K::CloseOnSpot) {
            assert!(since(reopened, K::Feedback).is_some_and(|n| n < closed));
        }
    }
    // An escalation is never lost: only a proper close ends it.
    let wanted = reported && events.iter().any(|e| e.payload.kind == K::Escalate);
    assert_eq!(state.escalated_at.is_some(), wanted, "an escalation is never lost");
    if let Some(escalated) = last(K::Escalate) {
        let ended = since(escalated, K::Close);
        assert_eq!(state.escalation_stands, ended.is_none());
        for over in [K::CloseOnSpot, K::Void, K::Duplicate] {
            assert!(since(escalated, over).is_none_or(|n| ended.is_some_and(|closed| closed < n)));
        }
        if ended.is_none() {
            assert!(state.stage.is_open(), "what is before the joint meeting is open");
        }
    }
    // The first completion stands; it had feedback and check, or was done at once.
    for (n, step) in state.steps.iter().enumerate() {
        let round =
            state.steps[..n].iter().rposition(|s| matches!(s.kind, K::Report | K::Reopen | K::SendBack | K::Escalate));
        let round = || &state.steps[round.unwrap()..n];
        let before = |kind| round().iter().any(|s| s.kind == kind);
        match step.kind {
            K::Close => {
                assert!(before(K::Feedback) && before(K::Check) && !before(K::Close) && !before(K::CloseOnSpot));
            }
            K::CloseOnSpot => {
                assert!(!before(K::Close) && !before(K::CloseOnSpot));
                let day = |at: Hlc| (at.wall_ms + 8 * HOUR_MS) / (24 * HOUR_MS);
                let at_once = round()[0].kind == K::Report && day(round()[0].at) == day(step.at);
                assert!(before(K::Feedback) || at_once);
            }
            _ => {}
        }
    }
    for flag in state.flags.iter().filter(|f| f.why == WhyNot::SecondCompletion) {
        assert!(state.supplements.contains(&flag.event), "a second completion is kept as a supplement");
    }
    assert_eq!(state.closed_at.is_some(), state.stage.is_completed());
    assert_eq!(state.stage == Stage::Draft, !reported);
}

fn check(events: &[TicketEvent]) {
    let state = fold(events);
    let page = by_the_page(events);
    assert!(state == page, "the fold and the page differ for\n{events:#?}\nfold {state:#?}\npage {page:#?}");
    is_honest(events, &state);
}

fn course(letters: &[Letter], hours: u64) -> Vec<TicketEvent> {
    letters.iter().zip(0..).map(|(letter, n)| event(*letter, n, hours)).collect()
}

#[test]
fn every_course_of_up_to_three_events_with_every_payload_is_as_the_page_says_in_every_order_of_arrival() {
    let mut courses = 0usize;
    for length in 0..=3 {
        sequences(&alphabet(), length, &mut |letters| {
            courses += 1;
            // An hour apart; and nine hours apart, so that the third comes on another day.
            for hours in [1, 9] {
                let events = course(letters, hours);
                check(&events);
                let state = fold(&events);
                for arrived in arrivals(&events) {
                    assert!(fold(&arrived) == state, "{arrived:?}");
                }
            }
        });
    }
    assert_eq!(courses, 1 + 27 + 27 * 27 + 27 * 27 * 27);
}

#[test]
fn every_course_of_a_report_and_up_to_four_events_with_every_payload_is_as_the_page_says() {
    let mut courses = 0usize;
    sequences(&alphabet(), 4, &mut |letters| {
        courses += 1;
        let letters = [&[Letter::Plain(K::Report)], letters].concat();
        check(&course(&letters, 1));
    });
    assert_eq!(courses, 27 * 27 * 27 * 27);
}

#[test]
fn every_course_of_a_report_and_five_steps_is_as_the_page_says() {
    // The report comes first wherever it stands, and what is said of a second one does not depend on
    // the others: so these are all courses of six kinds with one report.
    let others: Vec<Letter> = kinds().into_iter().filter(|l| *l != Letter::Plain(K::Report)).collect();
    let mut courses = 0usize;
    sequences(&others, 5, &mut |letters| {
        courses += 1;
        let letters = [&[Letter::Plain(K::Report)], letters].concat();
        check(&course(&letters, 1));
    });
    assert_eq!(courses, 15 * 15 * 15 * 15 * 15);
}

/// Long courses: letters, some at one instant, some under one id, some with a place behind their stamp.
fn long() -> impl Strategy<Value = Vec<TicketEvent>> {
    let one = (prop::sample::select(alphabet()), 0u64..40, 0u8..10, 0u64..60);
    prop::collection::vec(one, 0..=12).prop_map(|drawn| {
        let draw = |((letter, hour, id, seen), n): ((Letter, u64, u8, u64), u64)| {
            let mut event = event(letter, n, 0);
            event.at = Hlc { wall_ms: NINE + hour * HOUR_MS, counter: 0 };
            event.place = Place::of(event.at);
            if seen > 40 {
                let latest = Hlc { wall_ms: NINE + seen * HOUR_MS, counter: 0 };
                event.place = Place::following(event.at, Place::of(latest));
            }
            if id == 0 {
                event.id = "shared".to_owned();
            }
            event
        };
        drawn.into_iter().zip(0..).map(draw).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_course_of_up_to_twelve_events_is_as_the_page_says_in_any_order_and_number_of_arrival(
        (events, arrived) in long().prop_flat_map(|events| {
            let twice: Vec<_> = events.iter().cloned().chain(events.iter().step_by(2).cloned()).collect();
            (Just(events), Just(twice).prop_shuffle())
        })
    ) {
        check(&events);
        prop_assert_eq!(fold(&arrived), fold(&events));
    }
}
