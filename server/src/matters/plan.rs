//! From what is asked to what is written: pure. Whatever no rule allows is refused here, with the reason.

use super::error::MatterError;
use super::step::Step;
use crate::ingest::project::{LARGE, SMALL};
use crate::store::sqlite::{CategoryRow, TermRow};
use chrono::{Days, NaiveDate};
use qiaomen_proto::change::{Stamp, keys};
use qiaomen_proto::limits::DEPARTMENT_CODE_BYTES_MAX;
use qiaomen_proto::merge::fold::{EventKind, EventPayload, TicketEvent, fold, may};
use qiaomen_proto::person::parse_date;

/// Characters of what is said with a step: a page of typing, with room for what the office adds.
pub const TEXT_CHARACTERS_MAX: usize = 1_000;
/// Characters of a department's or a party's name: three bytes each, as streams are named.
pub const PARTY_CHARACTERS_MAX: usize = DEPARTMENT_CODE_BYTES_MAX / 3;
/// The latest day that a matter may be given: a year. Beyond, somebody has mistyped the year.
pub const DUE_DAYS_MAX: u32 = 366;

/// The matter, and what the office goes by.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'s> {
    /// What happened.
    pub events: &'s [TicketEvent],
    /// The stamp under which the step would be written.
    pub stamp: Stamp,
    /// The office's day.
    pub today: NaiveDate,
    /// Its category as it stands.
    pub category: Option<&'s str>,
    /// Its size as it stands.
    pub size: Option<&'s str>,
    /// What a matter can be.
    pub categories: &'s [CategoryRow],
    /// How long it may take.
    pub terms: &'s [TermRow],
}

/// What is to be written. The text is in the clear yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepPlan {
    /// The event, but for its text.
    pub payload: EventPayload,
    /// Its text.
    pub text: Option<String>,
    /// Fields of the head that change with it.
    pub puts: Vec<(&'static str, String)>,
}

/// What people call the text of a step.
pub fn text_label(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Extend => "延期原因",
        EventKind::SendBack => "退回原因",
        EventKind::Reopen => "重新办理的原因",
        EventKind::Escalate => "提交联席会议的原因",
        EventKind::Void => "作废原因",
        EventKind::Feedback => "怎样答复居民",
        EventKind::CloseOnSpot => "办理结果",
        EventKind::Supplement => "补充内容",
        EventKind::Check => "核查情况",
        EventKind::Assign => "办理要求",
        _ => "说明",
    }
}

/// Whether a step without a text says too little: somebody will ask why.
pub fn needs_text(kind: EventKind) -> bool {
    use EventKind as K;
    matches!(
        kind,
        K::Extend | K::SendBack | K::Reopen | K::Escalate | K::Void | K::Feedback | K::CloseOnSpot | K::Supplement
    )
}

/// Plans a step.
pub fn plan(now: &Situation<'_>, step: &Step) -> Result<StepPlan, MatterError> {
    if !may(now.stamp.by.role, step.kind) {
        return Err(MatterError::NotForPost { step: step.kind });
    }
    let mut payload = EventPayload::new(step.kind);
    let mut text = said(step.kind, step.text.as_deref())?;
    let mut puts = Vec::new();
    match step.kind {
        EventKind::Assign => {
            sort(now, step, &mut payload, &mut puts)?;
            assign(now, step, &mut payload, &mut text)?;
        }
        EventKind::Accept => sort(now, step, &mut payload, &mut puts)?,
        EventKind::Extend => payload.due_on = Some(later(now, step.due_on.as_deref())?),
        EventKind::Rate => payload.satisfaction = step.satisfaction,
        EventKind::Duplicate | EventKind::Report => return Err(MatterError::Elsewhere { step: step.kind }),
        _ => {}
    }
    // Whatever the form lacks is said before the rules are asked: a step that cannot be is refused all the same.
    would_stand(now, &payload)?;
    if text.is_none() && needs_text(step.kind) {
        return Err(MatterError::Missing { label: text_label(step.kind) });
    }
    Ok(StepPlan { payload, text, puts })
}

/// Asks the fold: what it would keep and not take is not written.
fn would_stand(now: &Situation<'_>, payload: &EventPayload) -> Result<(), MatterError> {
    let key = keys::record_key(now.stamp.command, 0);
    let trial = TicketEvent::new(key.clone(), &now.stamp, payload.clone()).after(now.events);
    let mut events = now.events.to_vec();
    events.push(trial);
    match fold(&events).flags.into_iter().find(|flag| flag.event == key) {
        Some(flag) => Err(MatterError::NotNow { step: payload.kind, why: flag.why }),
        None => Ok(()),
    }
}

/// What was typed, none where nothing was.
pub(super) fn said(kind: EventKind, typed: Option<&str>) -> Result<Option<String>, MatterError> {
    let text = typed.map(lines).filter(|t| !t.is_empty());
    match text {
        Some(text) if text.chars().count() > TEXT_CHARACTERS_MAX => {
            Err(MatterError::TooLong { label: text_label(kind), characters_max: TEXT_CHARACTERS_MAX })
        }
        text => Ok(text),
    }
}

/// What was typed, its lines ending as a phone ends them: a browser sends two characters for each.
pub(super) fn lines(typed: &str) -> String {
    typed.trim().replace("\r\n", "\n")
}

fn name(label: &'static str, typed: Option<&str>) -> Result<Option<String>, MatterError> {
    let Some(name) = typed.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    if name.chars().any(char::is_control) {
        return Err(MatterError::Unreadable { label });
    }
    if name.len() > DEPARTMENT_CODE_BYTES_MAX {
        return Err(MatterError::TooLong { label, characters_max: PARTY_CHARACTERS_MAX });
    }
    Ok(Some(name.to_owned()))
}

/// To whom, and by when. The department is whose matter it is from now on; where somebody else does the work, that
/// one is the party and the department stands beside.
fn assign(
    now: &Situation<'_>,
    step: &Step,
    payload: &mut EventPayload,
    text: &mut Option<String>,
) -> Result<(), MatterError> {
    let department =
        name("主管部门", step.department.as_deref())?.ok_or(MatterError::Missing { label: "主管部门" })?;
    let party = name("责任单位", step.party.as_deref())?.filter(|party| *party != department);
    match party {
        Some(party) => (payload.party, payload.department) = (Some(party), Some(department)),
        None => payload.party = Some(department),
    }
    let days = step.term.ok_or(MatterError::Missing { label: "办理期限" })?;
    let term = now.terms.iter().find(|t| t.days == days).ok_or(MatterError::NotListed { label: "办理期限" })?;
    if term.consent {
        if !step.consent {
            return Err(MatterError::NoConsent { term: term.label.clone() });
        }
        let consent = format!("期限 {}，已征得居民同意。", term.label);
        *text = Some(text.take().map_or_else(|| consent.clone(), |text| format!("{consent}{text}")));
    }
    payload.due_on = now.today.checked_add_days(Days::new(u64::from(days)));
    Ok(())
}

/// What kind of matter the office takes it for.
fn sort(
    now: &Situation<'_>,
    step: &Step,
    payload: &mut EventPayload,
    puts: &mut Vec<(&'static str, String)>,
) -> Result<(), MatterError> {
    if let Some(category) = step.category.as_deref().filter(|c| Some(*c) != now.category) {
        known(now.categories, category)?;
        puts.push(("category", category.to_owned()));
    }
    if let Some(large) = step.large {
        payload.large = Some(large);
        let size = if large { LARGE } else { SMALL };
        if now.size != Some(size) {
            puts.push(("size", size.to_owned()));
        }
    }
    Ok(())
}

/// Whether the office has such a category.
pub(super) fn known(categories: &[CategoryRow], category: &str) -> Result<(), MatterError> {
    let known = categories.iter().any(|c| c.name == category);
    known.then_some(()).ok_or(MatterError::NotListed { label: "类别" })
}

/// A day that is later than the one that stands, and not behind us.
fn later(now: &Situation<'_>, typed: Option<&str>) -> Result<NaiveDate, MatterError> {
    let typed =
        typed.map(str::trim).filter(|t| !t.is_empty()).ok_or(MatterError::Missing { label: "延期到哪一天" })?;
    let day = parse_date(typed).ok_or(MatterError::Unreadable { label: "日期" })?;
    let stands = fold(now.events).due_on;
    if day < now.today || stands.is_some_and(|stands| day <= stands) {
        return Err(MatterError::NotLater { stands });
    }
    let last = now.today.checked_add_days(Days::new(u64::from(DUE_DAYS_MAX)));
    if last.is_some_and(|last| day > last) {
        return Err(MatterError::TooLate { days_max: DUE_DAYS_MAX });
    }
    Ok(day)
}
