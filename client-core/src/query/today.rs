//! Today: where to knock again, whom to look in at, which matters are due, whose birthday it is, and what was done.

use super::care;
use super::door::EntryLine;
use super::doors::DoorLine;
use super::order::door_order;
use super::outbox::{CommandWords, Words, intent_name};
use super::sight::Sight;
use super::tickets::TicketLine;
use crate::edit::Intent;
use crate::outbox::{Intended, OutboxRow};
use crate::store::StoreError;
use chrono::{Datelike as _, NaiveDate};
use qiaomen_proto::ids::CommandId;
use serde::Serialize;
use std::collections::HashSet;

/// A door where nobody was met is tried again within this time; after it, the plan of care visits asks.
const RETRY_MS: u64 = 30 * 24 * 3600 * 1000;
/// Matters that are due within so many days are looked after.
const DUE_SOON_DAYS: i64 = 3;

/// The day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TodayPage {
    /// What waits.
    #[serde(flatten)]
    pub waits: WaitsPage,
    /// What I did today.
    pub done: Done,
}

/// What waits today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitsPage {
    /// The office's date.
    pub date: String,
    /// Doors where the last try met nobody, as people count them.
    pub retries: Vec<RetryLine>,
    /// Doors where a care visit is due, the most pressing [`care::CARE_DOORS_MAX`] of them, in the order of a walk;
    /// without those that are tried again anyway.
    pub care: Vec<DoorLine>,
    /// How many are due in all.
    pub care_count: usize,
    /// Open matters past their day, the latest first.
    pub overdue: Vec<TicketLine>,
    /// Open matters that are due today or soon.
    pub due: Vec<TicketLine>,
    /// Whose birthday it is.
    pub birthdays: Vec<BirthdayLine>,
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

/// What I did today, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
pub struct Figures {
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
}

/// What I did today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Done {
    /// How much.
    #[serde(flatten)]
    pub figures: Figures,
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
    Ok(TodayPage { waits: waits(sight)?, done: done(sight, sight.today())? })
}

/// What waits today, as far as this device sees it.
pub(crate) fn waits(sight: &Sight<'_>) -> Result<WaitsPage, StoreError> {
    let date = sight.today();
    let (overdue, due) = matters(sight)?;
    let plan = care::plan(sight)?;
    let (retries, birthdays) = (retries(sight, &plan)?, birthdays(sight, date)?);
    let anyway: HashSet<&str> = retries.iter().map(|line| line.door.household.as_str()).collect();
    let (care, care_count) = care::due(sight, &plan, &anyway)?;
    Ok(WaitsPage { date: date.to_string(), retries, care, care_count, overdue, due, birthdays })
}

fn retries(sight: &Sight<'_>, plan: &care::Plan) -> Result<Vec<RetryLine>, StoreError> {
    let mut lines = Vec::new();
    let since_ms = sight.now_ms.saturating_sub(RETRY_MS);
    let all_tries = sight.tx.tries_not_met(since_ms)?;
    for row in sight.tx.doors_not_met(since_ms)? {
        let tries = all_tries.get(&row.household).copied().unwrap_or(0);
        let care = plan.get(&row.household).copied();
        lines.push(RetryLine { door: DoorLine::of(sight, row, care), tries });
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

/// What was done on a day, in words.
pub(crate) fn done(sight: &Sight<'_>, date: NaiveDate) -> Result<Done, StoreError> {
    let Some(me) = sight.me else { return Ok(Done::default()) };
    let entries = sight.tx.entries_on(&me.worker.to_string(), &date.to_string())?;
    let entries = entries.into_iter().map(|e| EntryLine::of(sight, e)).collect::<Result<Vec<_>, _>>()?;
    let rows = sight.tx.outbox()?;
    let words = Words::new(sight, &rows);
    let on_the_day = commands(sight, date, &rows)?;
    let figures = figures(entries.iter().map(|e| (e.kind.as_str(), e.outcome.as_str())), &on_the_day);
    let commands = on_the_day.iter().map(|command| line(sight, &words, command)).collect::<Result<_, _>>()?;
    Ok(Done { figures, entries, commands })
}

/// How much was done today: the figures alone, where a page needs no words.
pub(crate) fn done_in_figures(sight: &Sight<'_>) -> Result<Figures, StoreError> {
    let Some(me) = sight.me else { return Ok(Figures::default()) };
    let date = sight.today();
    let entries = sight.tx.entries_on(&me.worker.to_string(), &date.to_string())?;
    let rows = sight.tx.outbox()?;
    let on_the_day = commands(sight, date, &rows)?;
    Ok(figures(entries.iter().map(|e| (e.kind.as_str(), e.outcome.as_str())), &on_the_day))
}

pub(super) fn figures<'e>(entries: impl Iterator<Item = (&'e str, &'e str)> + Clone, commands: &[Command]) -> Figures {
    let of_kind = |kind: &str| entries.clone().filter(|(k, _)| *k == kind).count();
    let count = |is: fn(&Intent) -> bool| commands.iter().filter(|c| c.intent.known().is_some_and(is)).count();
    let reported = count(|intent| matches!(intent, Intent::ReportTicket { .. }));
    let steps = count(|intent| matches!(intent, Intent::AdvanceTicket { .. }));
    // A taking back is seen in what is not counted any more.
    let in_diary = count(|i| {
        matches!(i, Intent::Visit { .. } | Intent::Call { .. } | Intent::Patrol { .. } | Intent::TakeBack { .. })
    });
    Figures {
        visits: of_kind("visit"),
        met: entries.clone().filter(|(kind, outcome)| *kind == "visit" && *outcome == "met").count(),
        calls: of_kind("call"),
        patrols: of_kind("patrol"),
        tickets_reported: reported,
        ticket_steps: steps,
        edits: commands.len() - reported - steps - in_diary,
    }
}

/// One command of a day, before it is told in words.
pub(super) struct Command {
    id: CommandId,
    intent: Intended,
    at_ms: u64,
    at_office: bool,
}

/// This device's commands of a day, in their order.
pub(super) fn commands(sight: &Sight<'_>, date: NaiveDate, outbox: &[OutboxRow]) -> Result<Vec<Command>, StoreError> {
    let next_day = date.succ_opt().unwrap_or(date);
    let receipts = sight.tx.receipts_done_between(sight.begins_ms(date), sight.begins_ms(next_day))?;
    let unsent = outbox.iter().filter(|r| r.state.is_unconfirmed()).map(|r| (r.command, r.intent.clone(), false));
    let sent = receipts.into_iter().map(|r| (r.command, r.intent, true));
    let mut commands: Vec<Command> = sent
        .chain(unsent)
        .map(|(id, intent, at_office)| (id, intent, made_at_ms(id), at_office))
        .filter(|(_, _, at_ms, _)| sight.day(*at_ms) == date)
        .map(|(id, intent, at_ms, at_office)| Command { id, intent, at_ms, at_office })
        .collect();
    commands.sort_by_cached_key(|c| (c.at_ms, c.id.to_string()));
    Ok(commands)
}

/// One of them in words.
pub(super) fn line(sight: &Sight<'_>, words: &Words<'_>, command: &Command) -> Result<DoneLine, StoreError> {
    Ok(DoneLine {
        command: command.id.to_string(),
        what: intent_name(&command.intent),
        said: words.of(command.id, &command.intent)?,
        at_ms: command.at_ms,
        at: sight.time(command.at_ms),
        at_office: command.at_office,
    })
}

/// One command of this device in words: what the office has, or what waits in the outbox. `None` if it is neither.
pub(crate) fn one(sight: &Sight<'_>, id: CommandId) -> Result<Option<DoneLine>, StoreError> {
    let known = match sight.tx.receipt(id)? {
        Some(receipt) => Some((receipt.intent, true)),
        None => sight.tx.outbox_row(id)?.map(|row| (row.intent, false)),
    };
    let Some((intent, at_office)) = known else { return Ok(None) };
    let words = Words::new(sight, &sight.tx.outbox()?);
    line(sight, &words, &Command { id, intent, at_ms: made_at_ms(id), at_office }).map(Some)
}

/// The time that stands in a command's id.
fn made_at_ms(command: CommandId) -> u64 {
    let b = command.as_bytes();
    u64::from_be_bytes([0, 0, b[0], b[1], b[2], b[3], b[4], b[5]])
}
