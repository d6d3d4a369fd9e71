//! The way of a matter, step by step.

use crate::{HOUR_MS, K, NINE, after, at, whys};
use chrono::NaiveDate;
use qiaomen_proto::ids::Role;
use qiaomen_proto::merge::fold::{Stage, TicketEvent, TicketState, WhyNot, fold, next_steps};
use uuid::Uuid;

#[test]
fn a_matter_goes_its_whole_way() {
    let way = [K::Report, K::Accept, K::Assign, K::Start, K::Extend, K::Feedback, K::Check, K::Close, K::Rate];
    let state = after(&way);
    let stages: Vec<Stage> = state.steps.iter().map(|step| step.stage).collect();
    assert_eq!(
        stages,
        [
            Stage::Reported,
            Stage::Accepted,
            Stage::Assigned,
            Stage::InProgress,
            Stage::InProgress,
            Stage::FedBack,
            Stage::Checked,
            Stage::Closed,
            Stage::Rated,
        ]
    );
    assert_eq!(state.flags, []);
    assert_eq!(state.opened_at, Some(NINE));
    assert_eq!(state.closed_at, Some(NINE + 7 * HOUR_MS));
    assert_eq!(state.party.as_deref(), Some("wuye"));
    assert_eq!(state.due_on, NaiveDate::from_ymd_opt(2023, 3, 5));
    assert_eq!(state.satisfaction, Some(3));
}

#[test]
fn a_matter_from_the_books_is_report_feedback_check_and_close() {
    let state = after(&[K::Report, K::Feedback, K::Check, K::Close]);
    assert_eq!((state.stage, state.flags.len()), (Stage::Closed, 0));
}

#[test]
fn nothing_has_happened_before_the_report() {
    assert_eq!(fold(&[]), TicketState::default());
    let state = after(&[K::Accept]);
    assert_eq!((state.stage, whys(&state)), (Stage::Draft, vec![(K::Accept, WhyNot::NotReported)]));
}

#[test]
fn a_responsible_party_returns_a_matter_and_a_failed_check_gives_it_back() {
    let returned = after(&[K::Report, K::Assign, K::SendBack]);
    assert_eq!((returned.stage, returned.party), (Stage::SentBack, None));
    let failed = after(&[K::Report, K::Assign, K::Start, K::Feedback, K::SendBack]);
    assert_eq!((failed.stage, failed.party.as_deref(), failed.has_feedback), (Stage::SentBack, Some("wuye"), false));
}

#[test]
fn a_matter_belongs_to_the_department_beside_the_party_and_goes_with_it() {
    let given = |n: u64, party: &str, department: Option<&str>| {
        let mut event = at(n, K::Assign);
        event.payload.party = Some(party.to_owned());
        event.payload.department = department.map(str::to_owned);
        event
    };
    let first = given(1, "wuye", Some("zhujian"));
    let whose = |more: &[TicketEvent]| {
        let mut events = vec![at(0, K::Report), first.clone()];
        events.extend_from_slice(more);
        fold(&events).whose().map(str::to_owned)
    };
    assert_eq!(whose(&[]).as_deref(), Some("zhujian"));
    assert_eq!(whose(&[at(2, K::Start)]).as_deref(), Some("zhujian"), "a step that names nobody moves nothing");
    assert_eq!(whose(&[given(2, "chengguan", None)]).as_deref(), Some("chengguan"), "the old department goes");
    assert_eq!(whose(&[at(2, K::SendBack)]), None, "what was returned is nobody's");
}

#[test]
fn a_step_that_comes_after_a_later_one_is_kept_and_shown() {
    let state =
        after(&[K::Report, K::Start, K::Accept, K::Feedback, K::Start, K::Assign, K::Feedback, K::Check, K::Check]);
    assert_eq!(state.stage, Stage::Checked);
    assert_eq!(
        whys(&state),
        [
            (K::Accept, WhyNot::TooLate),
            (K::Start, WhyNot::TooLate),
            (K::Assign, WhyNot::TooLate),
            (K::Feedback, WhyNot::SecondCompletion),
            (K::Check, WhyNot::AlreadyDone),
        ]
    );
    assert_eq!(state.supplements.len(), 2);
}

#[test]
fn a_void_or_duplicate_matter_takes_no_step_until_it_is_reopened() {
    let state = after(&[K::Report, K::Void, K::Start, K::Close, K::Supplement]);
    assert_eq!((state.stage, state.supplements.len()), (Stage::Void, 1));
    assert_eq!(whys(&state), [(K::Start, WhyNot::AlreadyOver), (K::Close, WhyNot::AlreadyOver)]);
    let state = after(&[K::Report, K::Duplicate]);
    assert_eq!((state.stage, state.duplicate_of), (Stage::Duplicate, Some(Uuid::from_u128(7))));
    let state = after(&[K::Report, K::Duplicate, K::Reopen]);
    assert_eq!((state.stage, state.duplicate_of), (Stage::Accepted, None));
}

#[test]
fn each_role_is_offered_its_own_next_steps() {
    let fresh = after(&[K::Report]);
    assert_eq!(
        next_steps(&fresh, Role::GridWorker),
        [K::Start, K::Feedback, K::Check, K::SendBack, K::Escalate, K::CloseOnSpot, K::Supplement,]
    );
    assert_eq!(next_steps(&fresh, Role::BuildingHead), [K::Feedback, K::Supplement]);
    let checked = after(&[K::Report, K::Feedback, K::Check]);
    assert!(next_steps(&checked, Role::Office).contains(&K::Close));
    assert!(!next_steps(&checked, Role::GridWorker).contains(&K::Close));
    let closed = after(&[K::Report, K::Feedback, K::Check, K::Close]);
    assert_eq!(next_steps(&closed, Role::Office), [K::Rate, K::Reopen, K::Supplement]);
    assert_eq!(next_steps(&closed, Role::Coordinator), [K::Supplement]);
    assert_eq!(next_steps(&TicketState::default(), Role::GridWorker), [K::Report]);
}
