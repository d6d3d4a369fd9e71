//! One matter, whole: what it is, what happened in which order, and what this person can do with it now.

use super::ticket_choices::roster_departments;
use super::tickets::{TicketLine, line};
use crate::matters::hand::{Hand, sees};
use crate::matters::step::offered;
use crate::matters::terms::default_days;
use crate::office::{Office, OfficeError, day};
use crate::people::posts::Sight;
use crate::review::words::{self, Words};
use crate::store::Tx;
use crate::store::sqlite::{CategoryRow, TermRow};
use chrono::{Days, NaiveDate};
use qiaomen_proto::change::{Author, Hlc, Stamp};
use qiaomen_proto::entity::ticket::NOTES;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{CommandId, DocId, Role, TicketId};
use qiaomen_proto::merge::fold::{EventKind, TicketEvent, TicketState, fold, satisfaction_title};
use uuid::Uuid;

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketView {
    /// As in the list.
    pub line: TicketLine,
    /// What it is, in the clear.
    pub text: String,
    /// Where it was heard.
    pub source: Option<String>,
    /// Who told; masked unless it was asked for.
    pub reporter: Option<String>,
    /// Whether there is more to see of whoever told.
    pub masked: bool,
    /// The resident who told, by name; masked likewise.
    pub resident: Option<String>,
    /// What happened, in order.
    pub events: Vec<EventView>,
    /// Whether it was given to a department of which nobody on the roster hears by herself.
    pub unheard: bool,
    /// Notes, the oldest first: when, who, what.
    pub notes: Vec<(String, String, String)>,
    /// How often it was opened again.
    pub reopened_count: u32,
    /// The resident's opinion.
    pub satisfaction: Option<&'static str>,
    /// The matter that this one repeats.
    pub duplicate_of: Option<TicketId>,
    /// Whether it is before the joint meeting still.
    pub joint: bool,
    /// What this person can do now, the likeliest first.
    pub next: Vec<EventKind>,
    /// What the forms for it offer.
    pub forms: Forms,
    /// What was asked of whoever does it, with the last assignment.
    pub order: Option<EventView>,
}

/// What the forms offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forms {
    /// Categories.
    pub categories: Vec<CategoryRow>,
    /// Terms.
    pub terms: Vec<TermRow>,
    /// The term that the category has.
    pub term: Option<u32>,
    /// Departments of the roster.
    pub departments: Vec<String>,
    /// The first day until which more time can be given.
    pub extend_from: String,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventView {
    /// What.
    pub kind: EventKind,
    /// Who.
    pub by: String,
    /// In which role.
    pub role: &'static str,
    /// When.
    pub at: String,
    /// What was said or done.
    pub text: Option<String>,
    /// To whom it was given.
    pub party: Option<String>,
    /// The department that answers for that party.
    pub department: Option<String>,
    /// By which day.
    pub due_on: Option<String>,
    /// The resident's opinion.
    pub satisfaction: Option<&'static str>,
    /// Where the matter stood after it; none if it was not taken as a step.
    pub stage: Option<&'static str>,
    /// Why it was kept but not taken.
    pub why_not: Vec<&'static str>,
}

/// One matter as somebody sees it; none if it is not there, or not within sight. `open` shows who told.
pub fn ticket(
    office: &Office,
    id: TicketId,
    sight: &Sight,
    hand: Option<&Hand>,
    open: bool,
) -> Result<Option<TicketView>, OfficeError> {
    office.store().read(|tx| ticket_in(office, tx, id, sight, hand, open))
}

fn ticket_in(
    office: &Office,
    tx: &Tx<'_>,
    id: TicketId,
    sight: &Sight,
    hand: Option<&Hand>,
    open: bool,
) -> Result<Option<TicketView>, OfficeError> {
    let Some(row) = tx.ticket(id)? else { return Ok(None) };
    if !sees(tx, sight, &row)? {
        return Ok(None);
    }
    let Some(register) = tx.register(DocId::from(id))? else { return Ok(None) };
    let ring = office.ring(tx, [id.0])?;
    let view = View::new(&register, &ring);
    let mut words = Words::new(office, tx)?;
    let (now_ms, joint) = (office.now_ms(), row.joint);
    let today = day(now_ms);
    let line = line(office, tx, &mut words, row, today)?;
    let stamped = view.stamped_events();
    let folded: Vec<TicketEvent> = stamped.iter().map(|(event, _)| event.clone()).collect();
    let state = fold(&folded);
    let events = events(&view, &mut words, &state, &folded)?;
    let order = events.iter().rev().find(|e| e.kind == EventKind::Assign && e.stage.is_some()).cloned();
    let shown = |name: &str| view.field(name).map(|f| f.shown.label().to_owned());
    let reporter = shown("reporter");
    let resident = match view.text("resident").and_then(|r| r.parse().ok()) {
        Some(resident) => Some(words.resident(resident)?),
        None => None,
    };
    let masked = !open && (reporter.is_some() || resident.is_some());
    let mask = |text: String| if open { text } else { masked_person(&text) };
    let next = hand.map_or_else(Vec::new, |hand| {
        let at = Hlc { wall_ms: now_ms, counter: 0 };
        let by = Author { worker: hand.worker, role: hand.role, device: office.identity().device };
        offered(&folded, hand.role, &Stamp { at, by, command: CommandId(Uuid::nil()) }, today)
    });
    let forms = if next.is_empty() { Forms::default() } else { forms(tx, &line.category, &state, today)? };
    let mut notes = Vec::new();
    for (stamp, text) in view.notes(NOTES) {
        notes.push((words::time(stamp.at.wall_ms), words.worker(stamp.by.worker)?, text.label().to_owned()));
    }
    let unheard = line.stage.is_open() && state.whose().is_some() && !is_heard(tx, state.whose())?;
    Ok(Some(TicketView {
        unheard,
        text: shown("text").unwrap_or_else(|| "（没有写内容）".to_owned()),
        source: view.text("source"),
        reporter: reporter.map(mask),
        resident: resident.map(mask),
        masked,
        events,
        notes,
        reopened_count: state.reopened_count,
        satisfaction: state.satisfaction.and_then(satisfaction_title),
        duplicate_of: state.duplicate_of.map(TicketId),
        joint,
        next,
        forms,
        order,
        line,
    }))
}

/// Whether a coordinator of the roster belongs to this department.
fn is_heard(tx: &Tx<'_>, department: Option<&str>) -> Result<bool, OfficeError> {
    Ok(tx.workers()?.iter().any(|w| w.role == Role::Coordinator && w.department.as_deref() == department))
}

fn forms(tx: &Tx<'_>, category: &str, state: &TicketState, today: NaiveDate) -> Result<Forms, OfficeError> {
    let (categories, terms) = (tx.categories()?, tx.terms()?);
    let after = state.due_on.and_then(|due| due.checked_add_days(Days::new(1))).unwrap_or(today);
    Ok(Forms {
        term: default_days(&categories, &terms, Some(category)),
        departments: roster_departments(tx)?,
        extend_from: after.max(today).to_string(),
        categories,
        terms,
    })
}

fn events(
    view: &View<'_>,
    words: &mut Words<'_, '_>,
    state: &TicketState,
    events: &[TicketEvent],
) -> Result<Vec<EventView>, OfficeError> {
    let mut ordered: Vec<&TicketEvent> = events.iter().collect();
    // As the fold took them: the report may bear a later stamp than the answers to it.
    ordered.sort_by_key(|event| (event.payload.kind != EventKind::Report, *event));
    let mut lines = Vec::with_capacity(ordered.len());
    for event in ordered {
        let kind = event.payload.kind;
        // Two records may wrongly share an id, and one of them be a step.
        let stage = state.steps.iter().find(|s| s.event == event.id && s.kind == kind).map(|s| s.stage.title());
        let flags = state.flags.iter().filter(|f| f.event == event.id && f.kind == kind);
        lines.push(EventView {
            kind,
            by: words.worker(event.by)?,
            role: event.role.title(),
            at: words::time(event.at_ms()),
            text: event.payload.text.as_deref().map(|t| view.sealed_text(t).label().to_owned()),
            party: event.payload.party.clone(),
            department: event.payload.department.clone(),
            due_on: event.payload.due_on.map(|d| d.to_string()),
            satisfaction: event.satisfaction().and_then(satisfaction_title),
            stage,
            why_not: flags.map(|f| f.why.sentence()).collect(),
        });
    }
    Ok(lines)
}

/// Somebody's name and number so that one who knows them recognises them, and nobody else learns them: the first
/// character of each word, and the ends of a long number.
pub fn masked_person(text: &str) -> String {
    let mut runs: Vec<(bool, Vec<char>)> = Vec::new();
    let mut apart = true;
    for c in text.chars() {
        if c.is_whitespace() {
            apart = true;
            continue;
        }
        let digit = c.is_ascii_digit();
        match runs.last_mut() {
            Some((digits, run)) if !apart && *digits == digit => run.push(c),
            _ => runs.push((digit, vec![c])),
        }
        apart = false;
    }
    let said = runs.iter().filter(|(_, run)| run.iter().any(|c| c.is_alphanumeric()));
    said.map(|(digits, run)| masked_run(*digits, run)).collect::<Vec<_>>().join(" ")
}

fn masked_run(digits: bool, run: &[char]) -> String {
    let ends = match (digits, run.len()) {
        (false, _) => return run.first().map(|c| format!("{c}**")).unwrap_or_default(),
        (true, 11..) => (3, 4),
        (true, 7..) => (0, 4),
        (true, _) => (0, 0),
    };
    let (head, tail) = (run.iter().take(ends.0), run.iter().skip(run.len() - ends.1));
    format!("{}****{}", head.collect::<String>(), tail.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::masked_person;

    #[test]
    fn of_a_person_only_what_recalls_her_is_shown() {
        assert_eq!(masked_person("张桂兰 13900000002"), "张** 139****0002");
        assert_eq!(masked_person("王"), "王**");
        assert_eq!(masked_person("0475-8218000"), "**** ****8000");
        assert_eq!(masked_person("李大妈（13900000002）"), "李** 139****0002");
        assert_eq!(masked_person(" "), "");
    }
}
