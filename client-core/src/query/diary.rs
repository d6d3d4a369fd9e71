//! My diary of one day, today's or an earlier one: a part of a long day at a time.

use super::door::EntryLine;
use super::outbox::Words;
use super::sight::Sight;
use super::today::{DoneLine, Figures, commands, figures, line};
use crate::store::StoreError;
use chrono::NaiveDate;
use serde::Serialize;

/// Entries, and commands, of one part: an ordinary day is one part. A day of 500 commands in one piece was a page of
/// 570 KB (measured 2026-11-27).
pub const PART_LINES_MAX: usize = 50;

/// What there is of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Diary {
    /// The day.
    Day(Box<DiaryPage>),
    /// The day has not come yet.
    NotYet,
    /// No day is written like this.
    NoDay,
}

/// A part of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiaryPage {
    /// The day.
    pub on: String,
    /// The day before.
    pub before: Option<String>,
    /// The day after; none after today.
    pub after: Option<String>,
    /// The last day before this one on which I wrote something, as far as this device has it.
    pub last: Option<String>,
    /// How much was done on the whole day.
    pub figures: Figures,
    /// Which part this is: 1 is the first.
    pub part: usize,
    /// How many parts there are; one at least.
    pub parts: usize,
    /// Entries of this part, in their order.
    pub entries: Vec<EntryLine>,
    /// Commands of this part, the newest first.
    pub commands: Vec<DoneLine>,
}

/// My diary of a day; of today where none is named. A part beyond the last is the last.
pub(crate) fn diary(sight: &Sight<'_>, on: Option<&str>, part: usize) -> Result<Diary, StoreError> {
    let today = sight.today();
    let Ok(on) = on.map_or(Ok(today), str::parse::<NaiveDate>) else { return Ok(Diary::NoDay) };
    if on > today {
        return Ok(Diary::NotYet);
    }
    let me = sight.me.map(|me| me.worker.to_string()).unwrap_or_default();
    let day = on.to_string();
    let entries = sight.tx.entries_on(&me, &day)?;
    let outbox = sight.tx.outbox()?;
    let mut done = commands(sight, on, &outbox)?;
    let figures = figures(entries.iter().map(|e| (e.kind.as_str(), e.outcome.as_str())), &done);
    done.reverse();
    let parts = entries.len().max(done.len()).div_ceil(PART_LINES_MAX).max(1);
    let part = part.clamp(1, parts);
    let from = (part - 1) * PART_LINES_MAX;
    let words = Words::new(sight, &outbox);
    let entries = entries.into_iter().skip(from).take(PART_LINES_MAX);
    let done = done.iter().skip(from).take(PART_LINES_MAX);
    Ok(Diary::Day(Box::new(DiaryPage {
        before: on.pred_opt().map(|day| day.to_string()),
        after: on.succ_opt().filter(|day| *day <= today).map(|day| day.to_string()),
        last: sight.tx.last_diary_before(&me, &day)?,
        figures,
        part,
        parts,
        entries: entries.map(|entry| EntryLine::of(sight, entry)).collect::<Result<_, _>>()?,
        commands: done.map(|command| line(sight, &words, command)).collect::<Result<_, _>>()?,
        on: day,
    })))
}
