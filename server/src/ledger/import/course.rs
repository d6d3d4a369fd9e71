//! What a row of the matters says happened, and when.
//!
//! A book has one line for a whole life of a matter: reported on a day, closed on another. Here it
//! becomes events with their days. Nothing is made up to please the rules: a close without feedback is
//! written as the book says it, the fold keeps it and does not count it, and the row is listed.

use super::super::book::{Column, TicketRow};
use super::remark::Notice;
use crate::office::UTC_OFFSET_S;
use chrono::NaiveDate;
use qiaomen_proto::change::{Author, Hlc, Stamp};
use qiaomen_proto::ids::{CommandId, DeviceId, Role, WorkerId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, TicketEvent, TicketState, fold, satisfaction_from_title};
use uuid::Uuid;

/// The hour at which a matter of the book is taken to have been reported, and closed: a book has days,
/// an event has an instant, and what was closed on the day of its report was closed after it.
const REPORTED_HOUR: u64 = 9;
const CLOSED_HOUR: u64 = 17;
const HOUR_MS: u64 = 60 * 60 * 1000;

/// One event to write; who writes it and when stands in the step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EventPlan {
    pub(super) kind: EventKind,
    pub(super) large: Option<bool>,
    pub(super) satisfaction: Option<u8>,
    /// In the clear; sealed when it is written.
    pub(super) text: Option<String>,
}

impl EventPlan {
    fn new(kind: EventKind) -> Self {
        Self { kind, large: None, satisfaction: None, text: None }
    }
}

/// What happened at one instant: one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StepPlan {
    pub(super) at: Hlc,
    pub(super) events: Vec<EventPlan>,
}

/// A matter's life as the row tells it.
#[derive(Debug, Default)]
pub(super) struct Course {
    pub(super) steps: Vec<StepPlan>,
    /// What the row says and no event can.
    pub(super) notes: Vec<String>,
    /// What has to be said about the row.
    pub(super) notices: Vec<(Notice, Column)>,
}

/// How far the book says a matter has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Reported,
    Accepted,
    InProgress,
    JointMeeting,
    FedBack,
    SentBack,
    Void,
    Closed,
    OnSpot,
    Unknown,
}

impl Said {
    /// A matter of the joint meeting is closed where a day is told; the word for it stays.
    fn closes(self, row: &TicketRow) -> bool {
        matches!(self, Said::Closed | Said::OnSpot) || (self == Said::JointMeeting && row.closed_on.is_some())
    }
}

/// The words of the books, without blanks.
const WORDS: [(Said, &[&str]); 9] = [
    (
        Said::Reported,
        &[
            "已上报",
            "上报",
            "新上报",
            "待受理",
            "未受理",
            "待办",
            "待办理",
            "未办理",
            "未办",
            "未办结",
            "未处理",
            "待处理",
            "已登记",
        ],
    ),
    (Said::OnSpot, &["当场办结", "当场解决", "现场办结", "现场解决", "即时办结"]),
    (
        Said::Closed,
        &["已办结", "办结", "已办毕", "办毕", "已完成", "完成", "已解决", "解决", "已处理", "已结案", "结案", "已评价"],
    ),
    (Said::JointMeeting, &["联席会议", "提交联席会议", "已上联席会议", "联席会议研究", "待联席会议", "联席会议办理中"]),
    (Said::FedBack, &["已反馈"]),
    (Said::InProgress, &["办理中", "处理中", "正在办理", "正在处理", "跟进中", "推进中", "整改中", "在办"]),
    (Said::Accepted, &["已受理", "受理", "已派遣", "已派单", "已转办", "转办"]),
    (Said::SentBack, &["已退回", "退回"]),
    (Said::Void, &["已作废", "作废", "已撤销", "撤销"]),
];

fn said(row: &TicketRow) -> Said {
    let Some(state) = &row.state else {
        return if row.closed_on.is_some() { Said::Closed } else { Said::Reported };
    };
    let word: String = state.chars().filter(|c| !c.is_whitespace()).collect();
    WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map_or(Said::Unknown, |(said, _)| *said)
}

/// Whether the book says that a matter is done.
pub(super) fn is_over(row: &TicketRow) -> bool {
    fold_of(&course(row, u64::MAX)).stage.is_over()
}

/// The state of a matter with this course.
fn fold_of(course: &Course) -> TicketState {
    let nobody = Author { worker: WorkerId(Uuid::nil()), role: Role::Office, device: DeviceId(Uuid::nil()) };
    let events = course.steps.iter().flat_map(|step| step.events.iter().map(move |event| (step.at, event)));
    let events: Vec<TicketEvent> = (0u32..)
        .zip(events)
        .map(|(number, (at, event))| {
            let stamp = Stamp { at, by: nobody, command: CommandId(Uuid::nil()) };
            let mut payload = EventPayload::new(event.kind);
            (payload.large, payload.satisfaction) = (event.large, event.satisfaction);
            TicketEvent::new(format!("{number:04}"), &stamp, payload)
        })
        .collect();
    fold(&events)
}

/// The course of a matter. Nothing is written as if it had happened later than `now_ms`.
pub(super) fn course(row: &TicketRow, now_ms: u64) -> Course {
    let mut course = Course::default();
    let said = said(row);
    if said == Said::Unknown {
        course.notices.push((Notice::StateUnknown, Column::State));
        course.notes.extend(row.state.iter().map(|state| format!("办理情况:{state}")));
    }
    let report = EventPlan {
        large: Some(row.big),
        text: short(row.place.as_ref().map(|place| format!("地点:{place}")), &mut course.notes),
        ..EventPlan::new(EventKind::Report)
    };
    let mut first = vec![report];
    first.extend(between(said, row).into_iter().map(EventPlan::new));
    let closes = said.closes(row);
    let mut last = if closes { closing(said, row) } else { Vec::new() };
    let opinion = opinion(row, &mut course);
    (if closes { &mut last } else { &mut first }).extend(opinion);
    let reported = instant(row.reported_on, REPORTED_HOUR, now_ms, &mut course, Column::ReportedOn);
    course.steps.push(StepPlan { at: Hlc { wall_ms: reported, counter: 0 }, events: first });
    if closes {
        let on = closed_on(row, &mut course);
        let closed = instant(on, CLOSED_HOUR, now_ms, &mut course, Column::ClosedOn);
        course.steps.push(StepPlan { at: Hlc { wall_ms: closed.max(reported), counter: 1 }, events: last });
        let state = fold_of(&course);
        if !state.stage.is_over() {
            let why = state.flags.first().map_or("过程不全", |flag| flag.why.sentence());
            course.notices.push((Notice::NotClosedByRule(why), Column::State));
        }
    } else if let Some(on) = row.closed_on {
        course.notices.push((Notice::DayWithoutClose, Column::ClosedOn));
        course.notes.push(format!("办结时间:{on}"));
    }
    course
}

/// What happened between the report and the close.
fn between(said: Said, row: &TicketRow) -> Vec<EventKind> {
    use EventKind as K;
    let mut kinds = match said {
        Said::Reported | Said::Closed | Said::OnSpot | Said::Unknown => Vec::new(),
        Said::Accepted => vec![K::Accept],
        Said::InProgress => vec![K::Accept, K::Start],
        Said::JointMeeting => vec![K::Escalate],
        Said::FedBack => vec![K::Feedback],
        Said::SentBack => vec![K::SendBack],
        Said::Void => vec![K::Void],
    };
    if row.fed_back && !said.closes(row) && said != Said::FedBack {
        // Before a voiding, after everything else: where the rules let it count.
        let at = if said == Said::Void { 0 } else { kinds.len() };
        kinds.insert(at, K::Feedback);
    }
    kinds
}

/// What closes a matter: feedback only where the book tells of it. The office's word that a matter is
/// done is its check.
fn closing(said: Said, row: &TicketRow) -> Vec<EventPlan> {
    use EventKind as K;
    let kinds = match said {
        Said::OnSpot => vec![K::CloseOnSpot],
        _ if row.fed_back => vec![K::Feedback, K::Check, K::Close],
        _ => vec![K::Check, K::Close],
    };
    kinds.into_iter().map(EventPlan::new).collect()
}

fn opinion(row: &TicketRow, course: &mut Course) -> Option<EventPlan> {
    let title = row.satisfaction.as_deref()?;
    let number = satisfaction_from_title(title);
    Some(match number {
        Some(_) => EventPlan { satisfaction: number, ..EventPlan::new(EventKind::Rate) },
        None => {
            course.notices.push((Notice::SatisfactionUnknown, Column::Satisfaction));
            let text = short(Some(format!("满意度:{title}")), &mut course.notes);
            EventPlan { text, ..EventPlan::new(EventKind::Supplement) }
        }
    })
}

/// The text, if it is short enough to stand in an event; else it goes into the notes.
fn short(text: Option<String>, notes: &mut Vec<String>) -> Option<String> {
    const BYTES_MAX: usize = 1024;
    let (short, long): (Vec<_>, Vec<_>) = text.into_iter().partition(|text| text.len() <= BYTES_MAX);
    notes.extend(long);
    short.into_iter().next()
}

fn closed_on(row: &TicketRow, course: &mut Course) -> NaiveDate {
    match row.closed_on {
        Some(on) if on >= row.reported_on => return on,
        Some(on) => {
            course.notices.push((Notice::ClosedBeforeReport, Column::ClosedOn));
            course.notes.push(format!("办结时间:{on}"));
        }
        None => course.notices.push((Notice::ClosedWithoutDay, Column::ClosedOn)),
    }
    row.reported_on
}

/// An hour of a day at the office, at most now.
fn instant(on: NaiveDate, hour: u64, now_ms: u64, course: &mut Course, column: Column) -> u64 {
    let at = day_start_ms(on).saturating_add(hour * HOUR_MS);
    if day_start_ms(on) > now_ms {
        course.notices.push((Notice::InFuture, column));
    }
    at.min(now_ms)
}

/// The first instant of a day at the office; 0 for days before 1970.
pub(super) fn day_start_ms(on: NaiveDate) -> u64 {
    let utc = on.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    u64::try_from(utc - i64::from(UTC_OFFSET_S) * 1000).unwrap_or(0)
}
