//! The fold once more, as plainly as the rules in words allow: no state is carried along; whatever is
//! asked of a matter is answered by looking back over the steps that were taken. Written from
//! docs/protocol/merge-rules.md, for comparison only.

use crate::{HOUR_MS, K};
use chrono::NaiveDate;
use qiaomen_proto::merge::fold::{EventKind, FoldFlag, Stage, Step, TicketEvent, TicketState, WhyNot};
use std::collections::BTreeSet;

/// The steps that were taken, in order; supplements are kept apart.
#[derive(Default)]
struct Course<'a>(Vec<&'a TicketEvent>);

fn opens_a_round(kind: EventKind) -> bool {
    matches!(kind, K::Report | K::Reopen | K::SendBack | K::Escalate)
}

fn completes(kind: EventKind) -> bool {
    matches!(kind, K::Close | K::CloseOnSpot)
}

fn day_at_the_office(event: &TicketEvent) -> u64 {
    (event.at.wall_ms + 8 * HOUR_MS) / (24 * HOUR_MS)
}

impl<'a> Course<'a> {
    fn kinds(&self) -> Vec<EventKind> {
        self.0.iter().map(|e| e.payload.kind).collect()
    }
    fn is_reported(&self) -> bool {
        self.kinds().contains(&K::Report)
    }
    /// The steps of the present round, the one that opened it first.
    fn round(&self) -> &[&'a TicketEvent] {
        let start = self.0.iter().rposition(|e| opens_a_round(e.payload.kind)).unwrap_or(0);
        &self.0[start..]
    }
    fn in_round(&self, kind: EventKind) -> Option<&'a TicketEvent> {
        self.round().iter().find(|e| e.payload.kind == kind).copied()
    }
    fn has(&self, kind: EventKind) -> bool {
        self.in_round(kind).is_some()
    }
    fn is_first_round(&self) -> bool {
        self.0.iter().filter(|e| opens_a_round(e.payload.kind)).count() == 1
    }
    fn completion(&self) -> Option<&'a TicketEvent> {
        self.round().iter().find(|e| completes(e.payload.kind)).copied()
    }
    fn is_over(&self) -> bool {
        self.completion().is_some() || self.has(K::Void) || self.has(K::Duplicate)
    }
    /// Taken to the joint meeting, and not completed since.
    fn escalation_stands(&self) -> bool {
        let escalated = self.0.iter().rposition(|e| e.payload.kind == K::Escalate);
        escalated.is_some_and(|at| !self.0[at..].iter().any(|e| completes(e.payload.kind)))
    }
    fn is_large(&self) -> bool {
        self.0.iter().rev().find_map(|e| e.payload.large).unwrap_or(false)
    }

    fn stage(&self) -> Stage {
        if !self.is_reported() {
            return Stage::Draft;
        }
        let ends = [
            (K::Rate, Stage::Rated),
            (K::Close, Stage::Closed),
            (K::CloseOnSpot, Stage::ClosedOnSpot),
            (K::Void, Stage::Void),
            (K::Duplicate, Stage::Duplicate),
        ];
        if let Some((_, stage)) = ends.into_iter().find(|(kind, _)| self.has(*kind)) {
            return stage;
        }
        if self.has(K::Feedback) {
            return if self.has(K::Check) { Stage::Checked } else { Stage::FedBack };
        }
        let moves = self.round().iter().rev().find_map(|e| match e.payload.kind {
            K::Report => Some(Stage::Reported),
            K::Accept | K::Reopen => Some(Stage::Accepted),
            K::Assign => Some(Stage::Assigned),
            K::Start => Some(Stage::InProgress),
            K::SendBack => Some(Stage::SentBack),
            K::Escalate => Some(Stage::JointMeeting),
            _ => None,
        });
        moves.unwrap()
    }

    /// Why an event is not a step now.
    fn reasons(&self, event: &TicketEvent) -> Vec<WhyNot> {
        let payload = &event.payload;
        let mut reasons = self.reasons_of_time(event);
        if reasons.is_empty() {
            let lacks = match payload.kind {
                K::Assign if payload.party.is_none() => Some(WhyNot::NoParty),
                K::Extend if payload.due_on.is_none() => Some(WhyNot::NoDate),
                K::Rate if event.satisfaction().is_none() => Some(WhyNot::NoSatisfaction),
                K::Duplicate if payload.other.is_none() => Some(WhyNot::NoOther),
                _ => None,
            };
            reasons.extend(lacks);
        }
        reasons
    }

    fn reasons_of_time(&self, event: &TicketEvent) -> Vec<WhyNot> {
        let kind = event.payload.kind;
        if matches!(kind, K::Unknown(_)) {
            return vec![WhyNot::UnknownKind];
        }
        if kind == K::Supplement {
            return vec![];
        }
        match (kind == K::Report, self.is_reported()) {
            (true, true) => return vec![WhyNot::AlreadyReported],
            (true, false) => return vec![],
            (false, false) => return vec![WhyNot::NotReported],
            (false, true) => {}
        }
        let mut reasons = Vec::new();
        let mut unless = |fine: bool, why: WhyNot| {
            if !fine {
                reasons.push(why)
            }
        };
        let completed = self.completion().is_some();
        match kind {
            K::Reopen => {}
            K::Escalate => unless(!self.escalation_stands(), WhyNot::AlreadyDone),
            K::Rate if self.has(K::Rate) => unless(false, WhyNot::AlreadyDone),
            K::Rate => unless(completed, WhyNot::RateBeforeClose),
            K::Close | K::CloseOnSpot if completed => unless(false, WhyNot::SecondCompletion),
            _ if self.is_over() => unless(false, WhyNot::AlreadyOver),
            K::Accept => match self.stage() {
                Stage::Reported | Stage::SentBack => {}
                Stage::Accepted => unless(false, WhyNot::AlreadyDone),
                _ => unless(false, WhyNot::TooLate),
            },
            K::Start if self.stage() == Stage::InProgress => unless(false, WhyNot::AlreadyDone),
            K::Assign | K::Start | K::Extend => unless(!self.has(K::Feedback), WhyNot::TooLate),
            K::Feedback => unless(!self.has(K::Feedback), WhyNot::SecondCompletion),
            K::Check => unless(!self.has(K::Check), WhyNot::AlreadyDone),
            K::SendBack => unless(self.stage() != Stage::SentBack, WhyNot::AlreadyDone),
            K::Void | K::Duplicate => unless(!self.escalation_stands(), WhyNot::EscalationStands),
            K::Close => {
                unless(self.has(K::Feedback), WhyNot::CloseWithoutFeedback);
                unless(self.has(K::Check), WhyNot::CloseWithoutCheck);
            }
            K::CloseOnSpot => {
                unless(!self.escalation_stands(), WhyNot::EscalationStands);
                unless(!event.payload.large.unwrap_or(self.is_large()), WhyNot::NotSmall);
                let report = self.0.iter().find(|e| e.payload.kind == K::Report).unwrap();
                let at_once = self.is_first_round() && day_at_the_office(report) == day_at_the_office(event);
                unless(self.has(K::Feedback) || at_once, WhyNot::CloseWithoutFeedback);
            }
            K::Report | K::Supplement | K::Unknown(_) => {}
        }
        reasons
    }

    /// Whoever is responsible: the last one named; nobody after it was returned without a result.
    fn party(&self) -> Option<String> {
        let mut party = None;
        for (n, event) in self.0.iter().enumerate() {
            let before = Course(self.0[..n].to_vec());
            if event.payload.kind == K::SendBack && !before.has(K::Feedback) {
                party = None;
            }
            party = event.payload.party.clone().or(party);
        }
        party
    }
    /// The department that stands beside that party.
    fn department(&self) -> Option<String> {
        let party = self.party()?;
        let named = self.0.iter().rev().find(|e| e.payload.party.as_ref() == Some(&party))?;
        named.payload.department.clone()
    }
    fn due_on(&self) -> Option<NaiveDate> {
        self.0.iter().rev().find_map(|e| e.payload.due_on)
    }
    fn first(&self, kind: EventKind) -> Option<u64> {
        self.0.iter().find(|e| e.payload.kind == kind).map(|e| e.at.wall_ms)
    }
}

/// Folds by looking back.
pub(crate) fn by_the_page(events: &[TicketEvent]) -> TicketState {
    // Each record once; the report first, then by place, then by id, then by what else they say.
    let mut ordered: Vec<&TicketEvent> = events.iter().collect();
    ordered.sort_by(|a, b| {
        let report = |e: &TicketEvent| e.payload.kind != K::Report;
        (report(a), a.place, a.at, &a.id, a.by, a.role, &a.payload).cmp(&(
            report(b),
            b.place,
            b.at,
            &b.id,
            b.by,
            b.role,
            &b.payload,
        ))
    });
    let mut course = Course::default();
    let mut heard: BTreeSet<&TicketEvent> = BTreeSet::new();
    let (mut steps, mut flags, mut supplements) = (Vec::new(), Vec::new(), Vec::new());
    for (n, event) in ordered.iter().enumerate() {
        let twins: Vec<_> = ordered[..n].iter().filter(|e| e.id == event.id).collect();
        if twins.iter().any(|e| (e.at, e.by, e.role, &e.payload) == (event.at, event.by, event.role, &event.payload)) {
            continue;
        }
        let kind = event.payload.kind;
        let again = twins.iter().any(|e| e.payload.kind == kind && heard.contains(*e));
        let reasons = if again { vec![WhyNot::SameId] } else { course.reasons(event) };
        if reasons.is_empty() {
            heard.insert(event);
            if kind == K::Supplement {
                supplements.push(event.id.clone());
            } else {
                course.0.push(event);
            }
            steps.push(Step { event: event.id.clone(), kind, at: event.at, stage: course.stage() });
            continue;
        }
        let tells_more = matches!(kind, K::Feedback | K::Check | K::Rate)
            && (reasons.contains(&WhyNot::AlreadyDone) || reasons.contains(&WhyNot::AlreadyOver));
        if tells_more || reasons.contains(&WhyNot::SecondCompletion) {
            supplements.push(event.id.clone());
        }
        flags.extend(reasons.into_iter().map(|why| FoldFlag { event: event.id.clone(), kind, why }));
    }
    TicketState {
        stage: course.stage(),
        opened_at: course.first(K::Report),
        due_on: course.due_on(),
        party: course.party(),
        department: course.department(),
        closed_at: course.completion().map(|e| e.at.wall_ms),
        satisfaction: course.round().iter().rev().find_map(|e| e.satisfaction()),
        large: course.is_large(),
        escalated_at: course.first(K::Escalate),
        escalation_stands: course.escalation_stands(),
        reopened_count: u32::try_from(course.kinds().iter().filter(|k| **k == K::Reopen).count()).unwrap(),
        duplicate_of: course.in_round(K::Duplicate).and_then(|e| e.payload.other),
        has_feedback: course.has(K::Feedback),
        has_check: course.has(K::Check),
        first_round: course.is_first_round(),
        steps,
        flags,
        supplements,
    }
}
