//! Which event is a step, and what it does. See [`super`] for the rules in words.

use super::{EventKind, FoldFlag, Stage, Step, TicketEvent, TicketState, WhyNot};
use crate::ids::Role;

/// The office keeps one time zone, China's.
const OFFICE_OFFSET_MS: u64 = 8 * 60 * 60 * 1000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn office_day(at_ms: u64) -> u64 {
    at_ms.saturating_add(OFFICE_OFFSET_MS) / DAY_MS
}

/// Every reason why this event is not a step now; none if it is.
pub(super) fn why_not(state: &TicketState, event: &TicketEvent) -> Vec<WhyNot> {
    let whys = why_not_kind(state, event.payload.kind, Some(event));
    if !whys.is_empty() {
        return whys;
    }
    let payload = &event.payload;
    let missing = match payload.kind {
        EventKind::Assign if payload.party.is_none() => WhyNot::NoParty,
        EventKind::Extend if payload.due_on.is_none() => WhyNot::NoDate,
        EventKind::Rate if event.satisfaction().is_none() => WhyNot::NoSatisfaction,
        EventKind::Duplicate if payload.other.is_none() => WhyNot::NoOther,
        _ => return Vec::new(),
    };
    vec![missing]
}

/// Whether a form for this step makes sense now.
pub(super) fn offered(state: &TicketState, kind: EventKind) -> bool {
    // The fold believes a reopening and an escalation at any time; nobody is offered a useless one.
    match kind {
        EventKind::Reopen => state.stage.is_over(),
        EventKind::Escalate if state.stage.is_over() => false,
        EventKind::Supplement => state.stage != Stage::Draft,
        kind => why_not_kind(state, kind, None).is_empty(),
    }
}

fn why_not_kind(state: &TicketState, kind: EventKind, event: Option<&TicketEvent>) -> Vec<WhyNot> {
    use EventKind as K;
    let stage = state.stage;
    // What needs no report, or comes before everything.
    match kind {
        K::Unknown(_) => return vec![WhyNot::UnknownKind],
        K::Supplement => return Vec::new(),
        K::Report => return one_if(stage != Stage::Draft, WhyNot::AlreadyReported),
        _ if stage == Stage::Draft => return vec![WhyNot::NotReported],
        _ => {}
    }
    // What is heard even when the matter is over.
    match kind {
        K::Reopen => return Vec::new(),
        K::Escalate => return one_if(state.escalation_stands, WhyNot::AlreadyDone),
        K::Rate if stage == Stage::Rated => return vec![WhyNot::AlreadyDone],
        K::Rate => return one_if(!stage.is_completed(), WhyNot::RateBeforeClose),
        K::Close | K::CloseOnSpot if stage.is_completed() => return vec![WhyNot::SecondCompletion],
        _ if stage.is_over() => return vec![WhyNot::AlreadyOver],
        _ => {}
    }
    // The matter is open.
    let result_known = state.has_feedback;
    match kind {
        K::Accept => match stage {
            Stage::Reported | Stage::SentBack => Vec::new(),
            Stage::Accepted => vec![WhyNot::AlreadyDone],
            _ => vec![WhyNot::TooLate],
        },
        K::Start if stage == Stage::InProgress => vec![WhyNot::AlreadyDone],
        K::Assign | K::Start | K::Extend => one_if(result_known, WhyNot::TooLate),
        K::Feedback => one_if(state.has_feedback, WhyNot::SecondCompletion),
        K::Check => one_if(state.has_check, WhyNot::AlreadyDone),
        K::Close => {
            let mut whys = one_if(!state.has_feedback, WhyNot::CloseWithoutFeedback);
            whys.extend(one_if(!state.has_check, WhyNot::CloseWithoutCheck));
            whys
        }
        K::CloseOnSpot => {
            let mut whys = one_if(state.escalation_stands, WhyNot::EscalationStands);
            let large = event.and_then(|event| event.payload.large).unwrap_or(state.large);
            whys.extend(one_if(large, WhyNot::NotSmall));
            whys.extend(one_if(!state.has_feedback && !at_once(state, event), WhyNot::CloseWithoutFeedback));
            whys
        }
        K::Void | K::Duplicate => one_if(state.escalation_stands, WhyNot::EscalationStands),
        K::SendBack => one_if(stage == Stage::SentBack, WhyNot::AlreadyDone),
        K::Report | K::Rate | K::Reopen | K::Escalate | K::Supplement | K::Unknown(_) => Vec::new(),
    }
}

/// Whether a close on the spot is itself the feedback and the check: first round, day of the report.
fn at_once(state: &TicketState, event: Option<&TicketEvent>) -> bool {
    let same_day = match (event, state.opened_at) {
        // Without an event somebody asks what could be done, and we do not know today's date here.
        (None, _) => true,
        (Some(event), Some(opened_at)) => office_day(event.at_ms()) == office_day(opened_at),
        (Some(_), None) => false,
    };
    state.first_round && same_day
}

fn one_if(wrong: bool, why: WhyNot) -> Vec<WhyNot> {
    if wrong { vec![why] } else { Vec::new() }
}

/// Takes the event as a step, or keeps it with the reasons why not.
pub(super) fn take(state: &mut TicketState, event: &TicketEvent, whys: &[WhyNot]) {
    let kind = event.payload.kind;
    if whys.is_empty() {
        step(state, event);
        state.steps.push(Step { event: event.id.clone(), kind, at: event.at, stage: state.stage });
        return;
    }
    // A second feedback, close, check or rating adds something even though the first one stands.
    let adds = matches!(kind, EventKind::Feedback | EventKind::Check | EventKind::Rate)
        && whys.iter().any(|why| matches!(why, WhyNot::AlreadyDone | WhyNot::AlreadyOver));
    if adds || whys.contains(&WhyNot::SecondCompletion) {
        state.supplements.push(event.id.clone());
    }
    state.flags.extend(whys.iter().map(|why| FoldFlag { event: event.id.clone(), kind, why: *why }));
}

fn step(state: &mut TicketState, event: &TicketEvent) {
    use EventKind as K;
    let payload = &event.payload;
    let at = event.at_ms();
    match payload.kind {
        K::Report => {
            state.stage = Stage::Reported;
            state.opened_at = Some(at);
            state.first_round = true;
        }
        K::Accept => state.stage = Stage::Accepted,
        K::Assign => state.stage = Stage::Assigned,
        K::Start => state.stage = Stage::InProgress,
        K::Extend | K::Unknown(_) => {}
        K::Feedback => {
            state.has_feedback = true;
            state.stage = if state.has_check { Stage::Checked } else { Stage::FedBack };
        }
        K::Check => {
            state.has_check = true;
            if state.has_feedback {
                state.stage = Stage::Checked;
            }
        }
        K::Close => complete(state, Stage::Closed, at),
        K::CloseOnSpot => complete(state, Stage::ClosedOnSpot, at),
        K::Rate => state.stage = Stage::Rated,
        K::SendBack => {
            // Without a result the responsible party returns it; with one, it has to try again.
            if !state.has_feedback {
                state.party = None;
                state.department = None;
            }
            new_round(state, Stage::SentBack);
        }
        K::Reopen => {
            state.reopened_count += 1;
            new_round(state, Stage::Accepted);
        }
        K::Escalate => {
            state.escalated_at.get_or_insert(at);
            state.escalation_stands = true;
            new_round(state, Stage::JointMeeting);
        }
        K::Void => state.stage = Stage::Void,
        K::Duplicate => {
            state.stage = Stage::Duplicate;
            state.duplicate_of = payload.other;
        }
        K::Supplement => state.supplements.push(event.id.clone()),
    }
    if payload.kind == K::Supplement {
        return;
    }
    if payload.party.is_some() {
        state.party.clone_from(&payload.party);
        // With another party the department is the other's too, or none.
        state.department.clone_from(&payload.department);
    }
    state.due_on = payload.due_on.or(state.due_on);
    state.satisfaction = event.satisfaction().or(state.satisfaction);
    state.large = payload.large.unwrap_or(state.large);
}

fn complete(state: &mut TicketState, stage: Stage, at: u64) {
    state.stage = stage;
    state.closed_at = Some(at);
    state.escalation_stands = false;
}

fn new_round(state: &mut TicketState, stage: Stage) {
    state.stage = stage;
    state.closed_at = None;
    state.satisfaction = None;
    state.duplicate_of = None;
    state.has_feedback = false;
    state.has_check = false;
    state.first_round = false;
}

/// Whether somebody in this role may add an event of this kind at all.
pub fn may(role: Role, kind: EventKind) -> bool {
    use EventKind as K;
    match role {
        Role::Office => !matches!(kind, K::Unknown(_)),
        Role::GridLeader | Role::Assistant => !matches!(kind, K::Void | K::Unknown(_)),
        Role::GridWorker => matches!(
            kind,
            K::Report
                | K::Start
                | K::Feedback
                | K::Check
                | K::Rate
                | K::SendBack
                | K::Reopen
                | K::Escalate
                | K::CloseOnSpot
                | K::Supplement
        ),
        // The responsible party works and answers; it does not extend its own time or close.
        Role::Coordinator | Role::Liaison => {
            matches!(kind, K::Report | K::Start | K::Feedback | K::SendBack | K::Supplement)
        }
        Role::BuildingHead => matches!(kind, K::Report | K::Feedback | K::Rate | K::Supplement),
        Role::Supervisor => {
            matches!(kind, K::Report | K::Check | K::SendBack | K::Reopen | K::Escalate | K::Supplement)
        }
    }
}
