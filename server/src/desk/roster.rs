//! The roster as of a day: who was in post, in which role, with which grids.

use crate::office::{Office, OfficeError, UTC_OFFSET_S};
use crate::people::staff::Names;
use crate::people::{Post, Sight};
use crate::store::Tx;
use crate::store::sqlite::{GridTimeRow, WorkerRow};
use chrono::{DateTime, Days, NaiveDate};
use qiaomen_proto::ids::{GridId, Role, WorkerId};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Milliseconds of the office's distance from UTC.
const OFFSET_MS: i64 = UTC_OFFSET_S as i64 * 1000;

/// What is asked of the roster.
#[derive(Debug, Clone, Default)]
pub struct RosterAsked {
    /// As of the end of this day; none: now.
    pub on: Option<NaiveDate>,
    /// Only who had this grid.
    pub grid: Option<GridId>,
    /// Only this role.
    pub role: Option<Role>,
}

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffLine {
    /// Id.
    pub id: WorkerId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// What people call the role.
    pub title: &'static str,
    /// Grids on that day, by name.
    pub grids: Vec<String>,
    /// Department or unit.
    pub department: Option<String>,
    /// Day of appointment.
    pub appointed_on: Option<String>,
    /// Devices that may sync today.
    pub devices: usize,
    /// Post at the console today.
    pub post: Option<&'static str>,
}

/// The roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Roster {
    /// Of which day.
    pub on: NaiveDate,
    /// True if that is today.
    pub is_today: bool,
    /// Who was in post, by role, grid and name.
    pub lines: Vec<StaffLine>,
    /// How many of each role there were, whatever was asked for.
    pub roles: Vec<(Role, usize)>,
    /// The grids that may be asked for: id and name, in the office's order.
    pub grids: Vec<(GridId, String)>,
}

/// The office's day at an instant.
pub fn day_at(at_ms: u64) -> NaiveDate {
    let local = i64::try_from(at_ms).unwrap_or(i64::MAX).saturating_add(OFFSET_MS);
    DateTime::from_timestamp_millis(local).unwrap_or_default().date_naive()
}

/// The first instant of a day of the office's, and the first after it.
pub fn day_bounds(day: NaiveDate) -> (u64, u64) {
    let start = |day: NaiveDate| {
        let utc = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis().saturating_sub(OFFSET_MS);
        u64::try_from(utc).unwrap_or(0)
    };
    (start(day), day.checked_add_days(Days::new(1)).map_or(u64::MAX, start))
}

/// The roster, as far as somebody sees it. A day that is not yet is today.
pub fn roster(office: &Office, sight: &Sight, asked: &RosterAsked) -> Result<Roster, OfficeError> {
    let now_ms = office.now_ms();
    let today = day_at(now_ms);
    let on = asked.on.map_or(today, |on| on.min(today));
    let at_ms = if on == today { now_ms } else { day_bounds(on).1.saturating_sub(1) };
    office.store().read(|tx| {
        let times = times_by_worker(tx)?;
        let all = tx.grids()?;
        let grids: Vec<(GridId, String)> = all
            .into_iter()
            .map(|g| (GridId::from_bytes(*g.id), g.name))
            .filter(|(id, _)| sight.sees(Some(*id)))
            .collect();
        let beside = Beside::read(tx)?;
        let mut names = Names::default();
        let (mut lines, mut roles) = (Vec::new(), BTreeMap::<u8, (Role, usize)>::new());
        let day = on.to_string();
        for row in tx.workers()? {
            // Days are written so that their order is the order of their texts.
            if row.appointed_on.as_ref().is_some_and(|appointed| *appointed > day) {
                continue;
            }
            let held: Vec<GridId> =
                times.get(&row.id).into_iter().flatten().filter(|t| t.holds_at(at_ms)).map(|t| t.grid).collect();
            if sight.grids.is_some() && !held.iter().any(|g| sight.sees(Some(*g))) {
                continue;
            }
            roles.entry(row.role.number()).or_insert((row.role, 0)).1 += 1;
            if asked.role.is_some_and(|role| role != row.role) || asked.grid.is_some_and(|g| !held.contains(&g)) {
                continue;
            }
            let here = grids.iter().filter(|(id, _)| held.contains(id)).map(|(_, name)| name.clone()).collect();
            lines.push(beside.line(names.of(office, tx, row.id)?, row, here));
        }
        let place = |line: &StaffLine| {
            let first = line.grids.first().and_then(|first| grids.iter().position(|(_, name)| name == first));
            first.unwrap_or(usize::MAX)
        };
        lines.sort_by_cached_key(|line| (line.role.number(), place(line), line.name.clone(), line.id));
        Ok(Roster { on, is_today: on == today, lines, roles: roles.into_values().collect(), grids })
    })
}

/// Who had which grid when, by worker.
pub(super) fn times_by_worker(tx: &Tx<'_>) -> Result<HashMap<WorkerId, Vec<GridTimeRow>>, OfficeError> {
    let mut times: HashMap<WorkerId, Vec<GridTimeRow>> = HashMap::new();
    for row in tx.grid_times()? {
        times.entry(row.worker).or_default().push(row);
    }
    Ok(times)
}

/// What stands beside the roster: devices and accounts.
pub(super) struct Beside {
    devices: HashMap<WorkerId, usize>,
    posts: HashMap<WorkerId, &'static str>,
}

impl Beside {
    pub(super) fn read(tx: &Tx<'_>) -> Result<Self, OfficeError> {
        let mut devices = HashMap::new();
        for device in tx.devices()?.into_iter().filter(|d| d.revoked_ms.is_none()) {
            *devices.entry(device.worker).or_default() += 1;
        }
        let post = |word: &str| Post::parse(word).map(Post::title);
        let posts = tx.clerks()?.into_iter().filter_map(|row| Some((row.id, post(&row.post)?))).collect();
        Ok(Self { devices, posts })
    }
    pub(super) fn line(&self, name: String, row: WorkerRow, grids: Vec<String>) -> StaffLine {
        StaffLine {
            name,
            title: row.role.title(),
            role: row.role,
            grids,
            department: row.department,
            appointed_on: row.appointed_on,
            devices: self.devices.get(&row.id).copied().unwrap_or_default(),
            post: self.posts.get(&row.id).copied(),
            id: row.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_office_begins_at_midnight_in_beijing() {
        let day: NaiveDate = "2026-05-06".parse().unwrap();
        let (from, until) = day_bounds(day);
        assert_eq!(until - from, 24 * 3_600_000);
        assert_eq!(
            (day_at(from), day_at(from - 1), day_at(until)),
            (day, day.pred_opt().unwrap(), day.succ_opt().unwrap())
        );
        assert_eq!(day_bounds(NaiveDate::MAX).1, u64::MAX);
    }
}
