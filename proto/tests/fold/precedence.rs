//! What stands when people did not know of each other.

use crate::{HOUR_MS, K, NINE, after, at, hourly, whys};
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::merge::fold::{Stage, TicketEvent, WhyNot, fold};
use qiaomen_proto::merge::order::Place;
use uuid::Uuid;

#[test]
fn a_close_without_feedback_and_check_is_kept_and_shown_and_closes_nothing() {
    let state = after(&[K::Report, K::Start, K::Close]);
    assert_eq!(state.stage, Stage::InProgress);
    assert_eq!(whys(&state), [(K::Close, WhyNot::CloseWithoutFeedback), (K::Close, WhyNot::CloseWithoutCheck)]);
    let state = after(&[K::Report, K::Feedback, K::Close]);
    assert_eq!((state.stage, whys(&state)), (Stage::FedBack, vec![(K::Close, WhyNot::CloseWithoutCheck)]));
}

#[test]
fn the_check_may_come_before_the_feedback() {
    let state = after(&[K::Report, K::Start, K::Check]);
    assert_eq!((state.stage, state.has_check), (Stage::InProgress, true));
    assert_eq!(after(&[K::Report, K::Start, K::Check, K::Feedback]).stage, Stage::Checked);
    assert_eq!(after(&[K::Report, K::Start, K::Check, K::Feedback, K::Close]).stage, Stage::Closed);
}

#[test]
fn two_workers_close_offline_and_the_first_stands() {
    let mut events = hourly(&[K::Report, K::Feedback, K::Check, K::Close]);
    let mut second = at(5, K::Close);
    second.by = WorkerId(Uuid::from_u128(2));
    events.push(second.clone());
    let state = fold(&events);
    assert_eq!((state.stage, state.closed_at), (Stage::Closed, Some(NINE + 3 * HOUR_MS)));
    assert_eq!(state.supplements, [second.id]);
    assert_eq!(whys(&state), [(K::Close, WhyNot::SecondCompletion)]);
}

#[test]
fn a_reopening_beats_the_close_that_did_not_know_of_it() {
    // Li closes, the resident complains, Wang reopens; Zhao, offline since the check, closes too.
    let state = after(&[K::Report, K::Feedback, K::Check, K::Close, K::Reopen, K::Close]);
    assert_eq!((state.stage, state.closed_at, state.reopened_count), (Stage::Accepted, None, 1));
    assert_eq!(whys(&state), [(K::Close, WhyNot::CloseWithoutFeedback), (K::Close, WhyNot::CloseWithoutCheck)]);
    // The same with a reopening whose phone was slow, so that it stands before the close it answers.
    assert_eq!(after(&[K::Report, K::Feedback, K::Check, K::Reopen, K::Close]).stage, Stage::Accepted);
    // And it takes a new feedback and check to close it again.
    let again = [K::Report, K::Feedback, K::Check, K::Close, K::Reopen, K::Feedback, K::Check, K::Close];
    assert_eq!((after(&again).stage, after(&again).flags.len()), (Stage::Closed, 0));
}

#[test]
fn a_reopening_is_not_closed_on_the_spot_without_new_feedback() {
    let state = after(&[K::Report, K::CloseOnSpot, K::Reopen, K::CloseOnSpot]);
    assert_eq!((state.stage, whys(&state)), (Stage::Accepted, vec![(K::CloseOnSpot, WhyNot::CloseWithoutFeedback)]));
    assert_eq!(after(&[K::Report, K::CloseOnSpot, K::Reopen, K::Feedback, K::CloseOnSpot]).stage, Stage::ClosedOnSpot);
}

#[test]
fn an_escalation_is_never_lost() {
    for over in [&[K::Feedback, K::Check, K::Close][..], &[K::CloseOnSpot], &[K::Void], &[K::Duplicate]] {
        let before = [&[K::Report], over, &[K::Escalate]].concat();
        assert_eq!(after(&before).stage, Stage::JointMeeting, "{before:?}");
        let behind = [&[K::Report, K::Escalate], over].concat();
        let state = after(&behind);
        if over.contains(&K::Close) {
            // Its own round was closed properly.
            assert_eq!((state.stage, state.escalated_at), (Stage::Closed, Some(NINE + HOUR_MS)));
        } else {
            assert_eq!(state.stage, Stage::JointMeeting, "{behind:?}");
            assert!(whys(&state).iter().any(|(_, why)| *why == WhyNot::EscalationStands));
        }
    }
}

#[test]
fn a_close_that_did_not_know_of_the_escalation_does_not_end_it() {
    let state = after(&[K::Report, K::Feedback, K::Check, K::Escalate, K::Close]);
    assert_eq!((state.stage, state.escalation_stands), (Stage::JointMeeting, true));
    let state = after(&[K::Report, K::Escalate, K::Escalate, K::Assign, K::Start, K::Feedback, K::Check, K::Close]);
    assert_eq!((state.stage, state.escalation_stands), (Stage::Closed, false));
    assert_eq!(whys(&state), [(K::Escalate, WhyNot::AlreadyDone)]);
}

#[test]
fn a_small_matter_is_closed_on_the_spot_on_its_day() {
    assert_eq!(after(&[K::Report, K::CloseOnSpot]).stage, Stage::ClosedOnSpot);
    // 14 hours after nine it is still the same day at the office; 15 hours after, it is midnight.
    assert_eq!(fold(&[at(0, K::Report), at(14, K::CloseOnSpot)]).stage, Stage::ClosedOnSpot);
    let late = fold(&[at(0, K::Report), at(15, K::CloseOnSpot)]);
    assert_eq!((late.stage, whys(&late)), (Stage::Reported, vec![(K::CloseOnSpot, WhyNot::CloseWithoutFeedback)]));
    assert_eq!(fold(&[at(0, K::Report), at(14, K::Feedback), at(15, K::CloseOnSpot)]).stage, Stage::ClosedOnSpot);
}

#[test]
fn a_large_matter_is_not_closed_on_the_spot() {
    let mut report = at(0, K::Report);
    report.payload.large = Some(true);
    let state = fold(&[report.clone(), at(1, K::CloseOnSpot)]);
    assert_eq!((state.stage, whys(&state)), (Stage::Reported, vec![(K::CloseOnSpot, WhyNot::NotSmall)]));
    // Whoever closes it had come to see it as small.
    let mut close = at(1, K::CloseOnSpot);
    close.payload.large = Some(false);
    assert_eq!(fold(&[report, close]).stage, Stage::ClosedOnSpot);
}

#[test]
fn a_report_from_a_phone_days_ahead_still_comes_first() {
    let state = fold(&[at(100, K::Report), at(1, K::Accept), at(2, K::Feedback), at(3, K::Check), at(4, K::Close)]);
    assert_eq!((state.stage, state.flags.len()), (Stage::Closed, 0));
}

#[test]
fn two_records_under_one_id_have_one_order() {
    let mut twin = at(1, K::Accept);
    twin.payload.text = Some(vec![1]);
    let events = [at(0, K::Report), at(1, K::Accept), twin];
    let mut backwards = events.clone();
    backwards.reverse();
    assert_eq!(fold(&events), fold(&backwards));
    assert_eq!(whys(&fold(&events)), [(K::Accept, WhyNot::SameId)]);
}

#[test]
fn nobody_silences_a_step_by_writing_something_else_under_its_id() {
    let mut other = at(1, K::Supplement);
    let escalation = at(2, K::Escalate);
    other.id.clone_from(&escalation.id);
    let state = fold(&[at(0, K::Report), other, escalation.clone()]);
    assert_eq!((state.stage, whys(&state)), (Stage::JointMeeting, vec![]));
    // Nor by the same step without what it needs.
    let (mut bare, assigned) = (at(1, K::Assign), at(2, K::Assign));
    bare.payload.party = None;
    bare.id.clone_from(&assigned.id);
    let state = fold(&[at(0, K::Report), bare, assigned]);
    assert_eq!((state.stage, whys(&state)), (Stage::Assigned, vec![(K::Assign, WhyNot::NoParty)]));
}

#[test]
fn a_command_that_was_done_again_on_another_base_counts_once_wherever_it_stands() {
    let mut again = at(3, K::Reopen);
    again.place = Place::following(again.at, Place::of(at(9, K::Check).at));
    assert_ne!(again, at(3, K::Reopen));
    let events = [at(0, K::Report), at(3, K::Reopen), again, at(9, K::Check)];
    let state = fold(&events);
    assert_eq!((state.reopened_count, state.has_check, state.flags.len()), (1, true, 0));
}

#[test]
fn whoever_had_seen_the_closing_opens_the_matter_again_however_far_the_phone_lags() {
    let closed = hourly(&[K::Report, K::Feedback, K::Check, K::Close]);
    let mut reopened = at(0, K::Reopen);
    reopened.at.wall_ms -= 30 * 24 * HOUR_MS;
    let reopened = reopened.after(&closed);
    let state = fold(&[closed, vec![reopened]].concat());
    assert_eq!((state.stage, state.reopened_count, whys(&state)), (Stage::Accepted, 1, vec![]));
}

#[test]
fn what_its_author_had_not_seen_is_ordered_by_the_clock() {
    let events = [at(0, K::Report), at(5, K::Feedback), at(6, K::Check)];
    // Before both, and before only the check.
    assert_eq!(fold(&[&events[..], &[at(4, K::Reopen)]].concat()).stage, Stage::Checked);
    let between = fold(&[&events[..], &[TicketEvent { id: "again".to_owned(), ..at(5, K::Reopen) }]].concat());
    assert_eq!((between.has_feedback, between.has_check), (false, true));
}
