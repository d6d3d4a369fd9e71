//! Care visits 看望: which doors somebody has to look in at again, by a plan of days.
//!
//! Nobody writes a plan; it follows from what the book says of the people behind a door, here, on this day. The same
//! book on the same day gives the same doors on every device. Nothing but the interval leaves this room: what makes
//! somebody need care is sealed, and is shown where it is looked at.

use super::doors::DoorLine;
use super::order::door_order;
use super::sight::Sight;
use crate::store::StoreError;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Those who may lie helpless until somebody knocks, and those whom the office helps first: every week.
pub const CARE_WEEKLY_DAYS: u32 = 7;
/// Those who live without the young, or with a handicap, and the very old: every month.
pub const CARE_MONTHLY_DAYS: u32 = 30;
/// Those who live on an allowance: every quarter.
pub const CARE_QUARTERLY_DAYS: u32 = 90;
/// From this age on somebody is very old.
pub const VERY_OLD_YEARS: u32 = 80;
/// Doors of one page: a day's walk.
pub const CARE_DOORS_MAX: usize = 20;

/// Who is looked in at how often: a word of the book, from which age on, and how many days may lie between. Of several
/// that fit, the shortest counts.
const PLAN: [(&str, u32, u32); 8] = [
    ("失能", 0, CARE_WEEKLY_DAYS),
    ("特困", 0, CARE_WEEKLY_DAYS),
    ("独居老人", VERY_OLD_YEARS, CARE_WEEKLY_DAYS),
    ("独居老人", 0, CARE_MONTHLY_DAYS),
    ("空巢老人", 0, CARE_MONTHLY_DAYS),
    ("残疾", 0, CARE_MONTHLY_DAYS),
    ("低保", 0, CARE_QUARTERLY_DAYS),
    // Whoever is very old, whatever else the book says.
    ("", VERY_OLD_YEARS, CARE_MONTHLY_DAYS),
];

/// Between the words of a person's categories.
const BETWEEN: char = ',';

/// How a door stands in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CareLine {
    /// Days that may lie between two visits.
    pub every_days: u32,
    /// Days since somebody was seen at the door; none if nobody ever was.
    pub seen_days_ago: Option<i64>,
    /// True if it is time again.
    pub due: bool,
}

/// Somebody who lives behind a door, as far as the plan asks.
#[derive(Debug, Clone)]
pub(crate) struct CarePerson {
    pub(crate) household: String,
    pub(crate) categories: Option<String>,
    pub(crate) birth: Option<String>,
}

/// A door, as far as the plan asks.
#[derive(Debug, Clone)]
pub(crate) struct CareDoor {
    pub(crate) household: String,
    pub(crate) last_seen_ms: Option<u64>,
    /// Nobody is sent there, whoever lives there.
    pub(crate) nobody_goes: bool,
}

/// How many days may lie between two visits to somebody; none if no plan says so.
fn every_days(person: &CarePerson, today: NaiveDate) -> Option<u32> {
    let birth: Option<NaiveDate> = person.birth.as_deref().and_then(|birth| birth.parse().ok());
    // Of whoever's age nobody knows, only what holds at every age is taken to hold.
    let age = birth.and_then(|birth| today.years_since(birth)).unwrap_or(0);
    let is = |word: &str| word.is_empty() || person.categories.iter().flat_map(|c| c.split(BETWEEN)).any(|c| c == word);
    PLAN.iter().filter(|(word, from, _)| age >= *from && is(word)).map(|(_, _, days)| *days).min()
}

impl CareLine {
    fn of(sight: &Sight<'_>, every_days: u32, seen_ms: Option<u64>) -> Self {
        let seen_days_ago = seen_ms.map(|at| (sight.today() - sight.day(at)).num_days());
        Self { every_days, seen_days_ago, due: seen_days_ago.is_none_or(|days| days >= i64::from(every_days)) }
    }
    /// How much of its time is over, in hundredths: the larger, the sooner somebody goes. Never seen is the largest.
    fn pressing(&self) -> i64 {
        self.seen_days_ago.map_or(i64::MAX, |days| days.saturating_mul(100) / i64::from(self.every_days))
    }
}

/// The plan of every door that has one, by its id.
pub(crate) type Plan = HashMap<String, CareLine>;

/// The plan of every door.
pub(crate) fn plan(sight: &Sight<'_>) -> Result<Plan, StoreError> {
    let today = sight.today();
    let mut every: HashMap<String, u32> = HashMap::new();
    for person in sight.tx.care_people(&very_old_before(today).to_string())? {
        if let Some(days) = every_days(&person, today) {
            every.entry(person.household).and_modify(|least| *least = days.min(*least)).or_insert(days);
        }
    }
    let doors = sight.tx.care_doors()?.into_iter().filter(|door| !door.nobody_goes);
    let lines = doors.filter_map(|door| {
        let days = *every.get(&door.household)?;
        Some((door.household, CareLine::of(sight, days, door.last_seen_ms)))
    });
    Ok(lines.collect())
}

/// The plan of one door.
pub(crate) fn of_door(sight: &Sight<'_>, household: &str) -> Result<Option<CareLine>, StoreError> {
    let today = sight.today();
    let people = sight.tx.care_people_of(household)?;
    let Some(days) = people.iter().filter_map(|person| every_days(person, today)).min() else { return Ok(None) };
    let door = sight.tx.care_door(household)?.filter(|door| !door.nobody_goes);
    Ok(door.map(|door| CareLine::of(sight, days, door.last_seen_ms)))
}

/// Doors that are due, the most pressing of them, in the order of a walk; and how many are due in all. Passed over are
/// those to which somebody goes anyway.
pub(crate) fn due(
    sight: &Sight<'_>,
    plan: &Plan,
    anyway: &HashSet<&str>,
) -> Result<(Vec<DoorLine>, usize), StoreError> {
    let is_due = |(door, care): &(&String, &CareLine)| care.due && !anyway.contains(door.as_str());
    let mut due: Vec<(&String, &CareLine)> = plan.iter().filter(is_due).collect();
    let count = due.len();
    due.sort_by(|(a, care_a), (b, care_b)| care_b.pressing().cmp(&care_a.pressing()).then_with(|| a.cmp(b)));
    due.truncate(CARE_DOORS_MAX);
    let mut lines = Vec::new();
    for (door, care) in due {
        lines.extend(sight.tx.door(door)?.map(|row| DoorLine::of(sight, row, Some(*care))));
    }
    lines.sort_by_cached_key(|line| door_order(&line.building_name, &line.unit, line.floor, &line.room));
    Ok((lines, count))
}

/// Whoever was born on this day or before is very old.
fn very_old_before(today: NaiveDate) -> NaiveDate {
    let years = chrono::Months::new(VERY_OLD_YEARS * 12);
    today.checked_sub_months(years).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn every(categories: &str, birth: &str) -> Option<u32> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let person = CarePerson { household: String::new(), categories: some(categories), birth: some(birth) };
        every_days(&person, day("2026-05-06"))
    }

    #[test]
    fn the_shortest_interval_that_fits_somebody_counts() {
        assert_eq!(every("低保", "1990-01-01"), Some(CARE_QUARTERLY_DAYS));
        assert_eq!(every("低保,残疾", "1990-01-01"), Some(CARE_MONTHLY_DAYS));
        assert_eq!(every("低保,残疾,失能", "1990-01-01"), Some(CARE_WEEKLY_DAYS));
        assert_eq!(every("独居老人", "1950-01-01"), Some(CARE_MONTHLY_DAYS));
        assert_eq!(every("党员,退役军人", "1950-01-01"), None);
        assert_eq!(every("独居老人们", "1950-01-01"), None, "a word is a whole word");
        assert_eq!(every("", ""), None);
    }

    #[test]
    fn somebody_is_very_old_from_the_eightieth_birthday_on() {
        assert_eq!(every("", "1946-05-06"), Some(CARE_MONTHLY_DAYS));
        assert_eq!(every("", "1946-05-07"), None);
        assert_eq!(every("独居老人", "1946-05-06"), Some(CARE_WEEKLY_DAYS));
        assert_eq!(every("独居老人", "1946-05-07"), Some(CARE_MONTHLY_DAYS));
        assert_eq!(every("独居老人", "不清楚"), Some(CARE_MONTHLY_DAYS), "of whom the age is not known");
        for today in ["2026-05-06", "2024-02-29", "2025-03-01"] {
            let before = very_old_before(day(today));
            assert_eq!(day(today).years_since(before), Some(VERY_OLD_YEARS), "{today}");
            assert_eq!(day(today).years_since(before.succ_opt().unwrap()), Some(VERY_OLD_YEARS - 1), "{today}");
        }
    }
}
