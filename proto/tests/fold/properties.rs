//! What holds for any events.

use crate::{K, at};
use proptest::prelude::*;
use qiaomen_proto::ids::Role;
use qiaomen_proto::merge::fold::{EventKind, EventPayload, Stage, TicketEvent, fold, may, next_steps};
use std::collections::BTreeSet;

/// Any events at all: within two days, some sharing their instants, some their ids.
fn events() -> impl Strategy<Value = Vec<TicketEvent>> {
    let event = (1u8..=17, 0u64..48, 0u32..2, 0u8..12, prop::option::of(any::<bool>()), any::<bool>()).prop_map(
        |(kind, hour, counter, id, large, bare)| {
            let mut event = at(hour, K::from_number(kind));
            event.at.counter = counter;
            event.place.at = event.at;
            if bare {
                event.payload = EventPayload::new(event.payload.kind);
            }
            event.payload.large = large;
            if id < 3 {
                event.id = format!("shared-{id}");
            }
            event
        },
    );
    prop::collection::vec(event, 0..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_repetition_of_the_events_gives_one_state(
        (events, shuffled) in events().prop_flat_map(|events| {
            let twice: Vec<_> = events.iter().cloned().chain(events.iter().step_by(2).cloned()).collect();
            (Just(events), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(fold(&events), fold(&shuffled));
    }

    #[test]
    fn every_event_is_a_step_or_has_its_reason(events in events()) {
        let state = fold(&events);
        let all: BTreeSet<(&str, EventKind)> = events.iter().map(|e| (e.id.as_str(), e.payload.kind)).collect();
        let steps: Vec<(&str, EventKind)> = state.steps.iter().map(|s| (s.event.as_str(), s.kind)).collect();
        let flagged: BTreeSet<(&str, EventKind)> = state.flags.iter().map(|f| (f.event.as_str(), f.kind)).collect();
        let shown: BTreeSet<(&str, EventKind)> = steps.iter().copied().chain(flagged).collect();
        prop_assert_eq!(shown, all);
        // No step is taken twice.
        prop_assert_eq!(steps.iter().collect::<BTreeSet<_>>().len(), steps.len());
    }

    #[test]
    fn nothing_is_closed_without_feedback_and_check_in_its_last_round(events in events()) {
        let state = fold(&events);
        if matches!(state.stage, Stage::Closed) {
            prop_assert!(state.has_feedback && state.has_check);
        }
        let reopened = state.steps.iter().rposition(|step| matches!(step.kind, K::Reopen | K::Escalate));
        let completed = state.steps.iter().rposition(|step| matches!(step.kind, K::Close | K::CloseOnSpot));
        let fed_back = state.steps.iter().rposition(|step| step.kind == K::Feedback);
        if let (Some(reopened), Some(completed)) = (reopened, completed) && reopened < completed {
            prop_assert!(fed_back.is_some_and(|fed_back| reopened < fed_back && fed_back < completed));
        }
        prop_assert_eq!(state.closed_at.is_some(), state.stage.is_completed());
    }

    #[test]
    fn what_is_offered_is_taken(events in events(), role in prop::sample::select(Role::ALL.to_vec())) {
        let mut state = fold(&events);
        state.large = false;
        for kind in next_steps(&state, role) {
            prop_assert!(may(role, kind));
            if kind == K::CloseOnSpot {
                continue;
            }
            let next = TicketEvent { id: "next".to_owned(), ..at(200, kind) };
            let after = fold(&[events.clone(), vec![next]].concat());
            prop_assert!(after.steps.iter().any(|step| step.event == "next"), "{:?} after {:?}", kind, state.stage);
        }
    }
}
