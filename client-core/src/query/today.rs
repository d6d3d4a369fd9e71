//! Today: where to knock again, which matters are due, whose birthday it is, and what was done.

use super::door::EntryLine;
use super::doors::DoorLine;
use super::order::door_order;
use super::outbox::{CommandWords, Words, intent_name};
use super::sight::Sight;
use super::tickets::TicketLine;
use crate::outbox::Intended;
use crate::store::StoreError;
use chrono::{Datelike as _, NaiveDate};
use qiaomen_proto::ids::CommandId;
use serde::Serialize;

/// A door where nobody was met is tried again within this time; after it, the plan of visits asks.
const RETRY_MS: u64 = 30 * 24 * 3600 * 1000;
/// Matters that are due within so many days are looked after.
const DUE_SOON_DAYS: i64 = 3;
/// What was done today was done since then, in every zone.
const TWO_DAYS_MS: u64 = 2 * 24 * 3600 * 1000;

/// The day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TodayPage {
    /// The office's date.
    pub date: String,
    /// Doors where the last try met nobody, as people count them.
    pub retries: Vec<RetryLine>,
    /// Open matters past their day, the latest first.
    pub overdue: Vec<TicketLine>,
    /// Open matters that are due today or soon.
    pub due: Vec<TicketLine>,
    /// Whose birthday it is.
    pub birthdays: Vec<BirthdayLine>,
    /// What I did today.
    pub done: Done,
}

/// A door to be tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetryLine {
    /// The door.
    #[serde(flatten)]
    pub door: DoorLine,
    /// How many times in a row nobody was met.
    pub tries: usize,
}

/// A birthday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BirthdayLine {
    /// Id.
    pub resident: String,
    /// The name.
    pub name: String,
    /// How old they become.
    pub turns: Option<i32>,
    /// Id of the door.
    pub household: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Categories that ask for care.
    pub categories: Vec<String>,
}

/// What I did today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Done {
    /// Visits.
    pub visits: usize,
    /// Those at which somebody was met.
    pub met: usize,
    /// Calls.
    pub calls: usize,
    /// Patrols.
    pub patrols: usize,
    /// Matters reported.
    pub tickets_reported: usize,
    /// Steps of matters.
    pub ticket_steps: usize,
    /// Answers, registrations and other edits of the book.
    pub edits: usize,
    /// Entries of my diary, in their order.
    pub entries: Vec<EntryLine>,
    /// Every command of today, in its order.
    pub commands: Vec<DoneLine>,
}

/// One command of today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoneLine {
    /// Its id.
    pub command: String,
    /// The permanent name of what it is.
    pub what: String,
    /// In words.
    #[serde(flatten)]
    pub said: CommandWords,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// When, as people read it.
    pub at: String,
    /// True if the office has it.
    pub at_office: bool,
}

/// The day, as far as this device sees it.
pub(crate) fn today(sight: &Sight<'_>) -> Result<TodayPage, StoreError> {
    let date = sight.today();
    let (overdue, due) = matters(sight)?;
    Ok(TodayPage {
        date: date.to_string(),
        retries: retries(sight)?,
        overdue,
        due,
        birthdays: birthdays(sight, date)?,
        done: done(sight, date)?,
    })
}

fn retries(sight: &Sight<'_>) -> Result<Vec<RetryLine>, StoreError> {
    let mut lines = Vec::new();
    let since_ms = sight.now_ms.saturating_sub(RETRY_MS);
    let all_tries = sight.tx.tries_not_met(since_ms)?;
    for row in sight.tx.doors_not_met(since_ms)? {
        let tries = all_tries.get(&row.household).copied().unwrap_or(0);
        lines.push(RetryLine { door: DoorLine::of(sight, row), tries });
    }
    lines.sort_by_cached_key(|l| door_order(&l.door.building_name, &l.door.unit, l.door.floor, &l.door.room));
    Ok(lines)
}

fn matters(sight: &Sight<'_>) -> Result<(Vec<TicketLine>, Vec<TicketLine>), StoreError> {
    let open = sight.tx.open_tickets()?;
    let mut lines = open.into_iter().map(|t| TicketLine::of(sight, t)).collect::<Result<Vec<_>, _>>()?;
    lines.sort_by_key(|l| (l.due_in_days.unwrap_or(i64::MAX), l.opened_ms));
    let (overdue, rest): (Vec<_>, Vec<_>) = lines.into_iter().partition(|l| l.overdue);
    let due = rest.into_iter().filter(|l| l.due_in_days.is_some_and(|days| days <= DUE_SOON_DAYS)).collect();
    Ok((overdue, due))
}

fn birthdays(sight: &Sight<'_>, date: NaiveDate) -> Result<Vec<BirthdayLine>, StoreError> {
    let mut born = sight.tx.residents_born_on(&date.format("-%m-%d").to_string())?;
    // Who was born on a leap day has a birthday every year.
    if (date.month(), date.day()) == (3, 1) && !date.leap_year() {
        born.extend(sight.tx.residents_born_on("-02-29")?);
    }
    born.into_iter()
        .map(|row| {
            let birth: Option<NaiveDate> = row.birth.as_deref().and_then(|b| b.parse().ok());
            Ok(BirthdayLine {
                name: row.called().to_owned(),
                turns: birth.map(|b| date.year() - b.year()),
                address: row.household.as_deref().map(|h| sight.address(h)).transpose()?.flatten(),
                categories: row
                    .categories
                    .as_deref()
                    .into_iter()
                    .flat_map(|c| c.split(','))
                    .map(str::to_owned)
                    .collect(),
                resident: row.resident,
                household: row.household,
            })
        })
        .collect()
}

pub(crate) fn done(sight: &Sight<'_>, date: NaiveDate) -> Result<Done, StoreError> {
    let Some(me) = sight.me else { return Ok(Done::default()) };
    let entries = sight.tx.entries_on(&me.worker.to_string(), &date.to_string())?;
    let entries = entries.into_iter().map(|e| EntryLine::of(sight, e)).collect::<Result<Vec<_>, _>>()?;
    let commands = commands(sight, date)?;
    let of_kind = |kind: &str| entries.iter().filter(|e| e.kind == kind).count();
    let contacts = ["visit", "call", "patrol"];
    let reported = commands.iter().filter(|(_, c)| c.what == "report_ticket").count();
    let steps = commands.iter().filter(|(step, _)| *step).count();
    let in_diary = commands.iter().filter(|(_, c)| contacts.contains(&c.what.as_str())).count();
    Ok(Done {
        visits: of_kind("visit"),
        met: entries.iter().filter(|e| e.kind == "visit" && e.outcome == "met").count(),
        calls: of_kind("call"),
        patrols: of_kind("patrol"),
        tickets_reported: reported,
        ticket_steps: steps,
        edits: commands.len() - reported - steps - in_diary,
        entries,
        commands: commands.into_iter().map(|(_, c)| c).collect(),
    })
}

/// Today's commands of this device, and whether each is a step of a matter.
fn commands(sight: &Sight<'_>, date: NaiveDate) -> Result<Vec<(bool, DoneLine)>, StoreError> {
    let rows = sight.tx.outbox()?;
    let words = Words::new(sight, &rows);
    let receipts = sight.tx.receipts_done_since(sight.now_ms.saturating_sub(TWO_DAYS_MS))?;
    let unsent = rows.iter().filter(|r| r.state.is_unconfirmed()).map(|r| (r.command, &r.intent, false));
    let sent = receipts.iter().map(|r| (r.command, &r.intent, true));
    let mut lines = Vec::new();
    for (command, intent, at_office) in sent.chain(unsent) {
        let at_ms = made_at_ms(command);
        if sight.day(at_ms) == date {
            lines.push((is_step(intent), line(sight, &words, command, intent, at_ms, at_office)?));
        }
    }
    lines.sort_by(|(_, a), (_, b)| (a.at_ms, &a.command).cmp(&(b.at_ms, &b.command)));
    Ok(lines)
}

fn line(
    sight: &Sight<'_>,
    words: &Words<'_>,
    command: CommandId,
    intent: &Intended,
    at_ms: u64,
    at_office: bool,
) -> Result<DoneLine, StoreError> {
    Ok(DoneLine {
        command: command.to_string(),
        what: intent_name(intent),
        said: words.of(command, intent)?,
        at_ms,
        at: sight.time(at_ms),
        at_office,
    })
}

fn is_step(intent: &Intended) -> bool {
    matches!(intent.known(), Some(crate::edit::Intent::AdvanceTicket { .. }))
}

/// The time that stands in a command's id.
fn made_at_ms(command: CommandId) -> u64 {
    let b = command.as_bytes();
    u64::from_be_bytes([0, 0, b[0], b[1], b[2], b[3], b[4], b[5]])
}
