//! The overview: what came at which hour, what matters are about and how long they have been open, at how many doors
//! somebody was, how many conflicts were found and decided. Grids stand in the office's order and nobody is ranked:
//! a grid is mostly one worker's.

use super::map::visited;
use super::scope::{Scope, date, day, day_starts, id_of};
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::store::Tx;
use qiaomen_proto::ids::{BuildingId, GridId};
use serde::Serialize;
use std::collections::BTreeMap;

/// Days before today that stand behind today's hours.
pub const DAYS_BEFORE: u64 = 7;
/// Hours of a day.
pub const HOURS: usize = 24;
/// Days of a week.
const WEEK: u64 = 7;
/// 1 January 1970 was a Thursday: so many days after a Monday.
const EPOCH_AFTER_MONDAY: u64 = 3;
/// How long matters have been open: up to so many days, and what that is called. The steps are the deadlines'.
const AGES: [(u64, &str); 6] =
    [(0, "今天"), (3, "1–3 天"), (7, "4–7 天"), (15, "8–15 天"), (30, "16–30 天"), (u64::MAX, "30 天以上")];

/// How far back is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Span {
    /// Thirty days.
    Month,
    /// Twelve weeks.
    #[default]
    Quarter,
    /// Fifty-two weeks.
    Year,
    /// Everything; what is counted by week, fifty-two weeks.
    All,
}

impl Span {
    /// Every one.
    pub const ALL: [Span; 4] = [Span::Month, Span::Quarter, Span::Year, Span::All];
    /// Its word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Span::Month => "30d",
            Span::Quarter => "12w",
            Span::Year => "52w",
            Span::All => "all",
        }
    }
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Span::Month => "近 30 天",
            Span::Quarter => "近 12 周",
            Span::Year => "近 52 周",
            Span::All => "全部",
        }
    }
    /// From its word.
    pub fn parse(said: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == said)
    }
    /// Days, today included; none where everything is meant.
    fn days(self) -> Option<u64> {
        match self {
            Span::Month => Some(30),
            Span::Quarter => Some(12 * WEEK),
            Span::Year => Some(52 * WEEK),
            Span::All => None,
        }
    }
    /// Weeks, this one included.
    pub fn weeks(self) -> u64 {
        self.days().unwrap_or(52 * WEEK).div_ceil(WEEK)
    }
}

/// What came in one day, by hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayHours {
    /// The day.
    pub on: String,
    /// Commands that came in each hour.
    pub hours: [u64; HOURS],
}

/// Matters of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryLine {
    /// The category.
    pub name: String,
    /// Still open.
    pub open: u64,
    /// Completed.
    pub completed: u64,
}

/// Open matters of one age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgeLine {
    /// How old.
    pub label: &'static str,
    /// Overdue.
    pub overdue: u64,
    /// Due today or later.
    pub due_later: u64,
    /// Nobody has set a day.
    pub not_set: u64,
}

/// The doors of one grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageLine {
    /// The grid.
    pub grid: String,
    /// Its doors.
    pub doors: u32,
    /// Doors at which somebody was met within 30 days.
    pub in_30: u32,
    /// Within 90 days.
    pub in_90: u32,
}

/// Conflicts of one week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeekLine {
    /// The Monday on which it began.
    pub from: String,
    /// Found.
    pub opened: u64,
    /// Decided, where the decision stands.
    pub decided: u64,
}

/// The overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The grids that may be asked for: id and name.
    pub choices: Vec<(GridId, String)>,
    /// The one that was asked for.
    pub chosen: Option<GridId>,
    /// How far back was looked.
    pub span: Span,
    /// The first day of it; none where everything was asked for.
    pub since: Option<String>,
    /// Today.
    pub today: DayHours,
    /// Now, by the office's clock.
    pub now: String,
    /// The days before, the latest first.
    pub before: Vec<DayHours>,
    /// Matters that were reported within the span, the most first.
    pub categories: Vec<CategoryLine>,
    /// Matters that were reported before it.
    pub older: u64,
    /// Open matters by how long, whenever they were reported.
    pub ages: Vec<AgeLine>,
    /// Doors by grid, in the office's order.
    pub coverage: Vec<CoverageLine>,
    /// Conflicts by week, the oldest first.
    pub weeks: Vec<WeekLine>,
}

/// The overview within sight, of one grid or of all; none if that grid is not within sight.
pub fn overview(
    office: &Office,
    sight: &Sight,
    grid: Option<GridId>,
    span: Span,
) -> Result<Option<Overview>, OfficeError> {
    let now_ms = office.now_ms();
    office.store().read(|tx| {
        let Some(scope) = Scope::of(tx, sight, grid)? else { return Ok(None) };
        let today = day(now_ms);
        let mut days = hours(tx, &scope, today)?;
        let since = span.days().map(|days| today.saturating_sub(days - 1));
        let (categories, older) = categories(tx, &scope, since.map_or(0, day_starts))?;
        let first = if days.is_empty() { empty_day(today) } else { days.remove(0) };
        Ok(Some(Overview {
            choices: scope.choices.iter().map(|g| (id_of(g), g.name.clone())).collect(),
            chosen: scope.chosen,
            span,
            since: since.map(date),
            today: first,
            now: crate::review::words::time(now_ms),
            before: days,
            categories,
            older,
            ages: ages(tx, &scope, today)?,
            coverage: coverage(tx, &scope, now_ms)?,
            weeks: weeks(tx, &scope, today, span.weeks())?,
        }))
    })
}

fn empty_day(day: u64) -> DayHours {
    DayHours { on: date(day), hours: [0; HOURS] }
}

/// Today and the days before, the latest first.
fn hours(tx: &Tx<'_>, scope: &Scope, today: u64) -> Result<Vec<DayHours>, OfficeError> {
    let first = today.saturating_sub(DAYS_BEFORE);
    let rows = tx.arrived_by_hour(day_starts(first), day_starts(today + 1), scope.only().as_deref())?;
    let mut days: Vec<DayHours> = (first..=today).map(empty_day).collect();
    for (hour, count) in rows {
        let Ok(hour) = usize::try_from(hour) else { continue };
        if let Some(slot) = days.get_mut(hour / HOURS).and_then(|d| d.hours.get_mut(hour % HOURS)) {
            *slot += count;
        }
    }
    days.reverse();
    Ok(days)
}

/// Matters since an instant by category, the most first, and how many were reported before it.
fn categories(tx: &Tx<'_>, scope: &Scope, since_ms: u64) -> Result<(Vec<CategoryLine>, u64), OfficeError> {
    let (mut by_name, mut older): (BTreeMap<String, (u64, u64)>, u64) = (BTreeMap::new(), 0);
    for row in tx.matters_by_category(since_ms)? {
        if !scope.shows(scope.grid_at(row.building, row.grid)) {
            continue;
        }
        older += u64::from(row.older);
        if row.open + row.completed == 0 {
            continue;
        }
        let name = row.category.filter(|c| !c.trim().is_empty()).unwrap_or_else(|| "没写类别".to_owned());
        let line = by_name.entry(name).or_default();
        *line = (line.0 + u64::from(row.open), line.1 + u64::from(row.completed));
    }
    let mut lines: Vec<CategoryLine> =
        by_name.into_iter().map(|(name, (open, completed))| CategoryLine { name, open, completed }).collect();
    lines.sort_by_key(|l| std::cmp::Reverse(l.open + l.completed));
    Ok((lines, older))
}

fn ages(tx: &Tx<'_>, scope: &Scope, today: u64) -> Result<Vec<AgeLine>, OfficeError> {
    let empty = |label| AgeLine { label, overdue: 0, due_later: 0, not_set: 0 };
    let mut lines: Vec<AgeLine> = AGES.iter().map(|(_, label)| empty(*label)).collect();
    let mut unknown = empty("日期不详");
    let offset = i64::try_from(super::scope::OFFSET_MS).unwrap_or(0);
    for row in tx.open_by_age(&date(today), offset)? {
        if !scope.shows(scope.grid_at(row.building, row.grid)) {
            continue;
        }
        let age = row.day.map(|d| today.saturating_sub(u64::try_from(d).unwrap_or(0)));
        let step = age.and_then(|age| AGES.iter().position(|(most, _)| age <= *most));
        let line = step.and_then(|step| lines.get_mut(step)).unwrap_or(&mut unknown);
        line.overdue += u64::from(row.overdue);
        line.due_later += u64::from(row.due_later);
        line.not_set += u64::from(row.not_set);
    }
    if unknown.overdue + unknown.due_later + unknown.not_set > 0 {
        lines.push(unknown);
    }
    Ok(lines)
}

fn coverage(tx: &Tx<'_>, scope: &Scope, now_ms: u64) -> Result<Vec<CoverageLine>, OfficeError> {
    let visited = visited(tx, now_ms)?;
    let line = |grid: &qiaomen_proto::reference::GridInfo| {
        let mut line = CoverageLine { grid: grid.name.clone(), doors: 0, in_30: 0, in_90: 0 };
        for building in scope.buildings.iter().filter(|b| b.grid == grid.id) {
            let Some(figures) = visited.get(&BuildingId::from_bytes(*building.id)) else { continue };
            let [_, month, quarter] = figures.within;
            line.doors += figures.doors;
            line.in_30 += month;
            line.in_90 += quarter;
        }
        line
    };
    Ok(scope.grids.iter().map(line).collect())
}

fn weeks(tx: &Tx<'_>, scope: &Scope, today: u64, count: u64) -> Result<Vec<WeekLine>, OfficeError> {
    let monday = today.saturating_sub((today + EPOCH_AFTER_MONDAY) % WEEK);
    let first = monday.saturating_sub((count - 1) * WEEK);
    let mut lines: Vec<WeekLine> =
        (0..count).map(|n| WeekLine { from: date(first + n * WEEK), opened: 0, decided: 0 }).collect();
    let (from_ms, only) = (day_starts(first), scope.only());
    for (week, n) in tx.conflicts_opened_by_week(from_ms, only.as_deref())? {
        if let Some(line) = usize::try_from(week).ok().and_then(|week| lines.get_mut(week)) {
            line.opened += n;
        }
    }
    for (week, n) in tx.conflicts_decided_by_week(from_ms, only.as_deref())? {
        if let Some(line) = usize::try_from(week).ok().and_then(|week| lines.get_mut(week)) {
            line.decided += n;
        }
    }
    Ok(lines)
}
