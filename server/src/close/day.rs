use crate::office::UTC_OFFSET_S;
use chrono::{DateTime, Days, FixedOffset, NaiveDate, Offset as _, TimeZone as _, Utc};

/// One day of the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

fn zone() -> FixedOffset {
    FixedOffset::east_opt(UTC_OFFSET_S).unwrap_or_else(|| Utc.fix())
}

impl Day {
    /// The day in which an instant lies.
    pub fn of(at_ms: u64) -> Self {
        let at = DateTime::from_timestamp_millis(i64::try_from(at_ms).unwrap_or(i64::MAX)).unwrap_or_default();
        Self(at.with_timezone(&zone()).date_naive())
    }
    /// From `2026-09-21`; nothing else.
    pub fn parse(said: &str) -> Option<Self> {
        let day = NaiveDate::parse_from_str(said, "%Y-%m-%d").ok()?;
        (day.to_string() == said).then_some(Self(day))
    }
    /// Its first millisecond.
    pub fn from_ms(self) -> u64 {
        let at = self.0.and_hms_opt(0, 0, 0).and_then(|at| zone().from_local_datetime(&at).single());
        at.map_or(0, |at| u64::try_from(at.timestamp_millis()).unwrap_or(0))
    }
    /// The first millisecond of the next.
    pub fn until_ms(self) -> u64 {
        self.next().from_ms()
    }
    /// The day after.
    pub fn next(self) -> Self {
        Self(self.0.checked_add_days(Days::new(1)).unwrap_or(self.0))
    }
    /// The day before.
    pub fn before(self) -> Self {
        Self(self.0.checked_sub_days(Days::new(1)).unwrap_or(self.0))
    }
    /// As people at the office say it: 2026年9月21日 星期一.
    pub fn label(self) -> String {
        const NAMES: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
        use chrono::Datelike as _;
        let name = usize::try_from(self.0.weekday().num_days_from_monday()).ok().and_then(|n| NAMES.get(n));
        let (y, m, d) = (self.0.year(), self.0.month(), self.0.day());
        format!("{y}年{m}月{d}日 星期{}", name.unwrap_or(&""))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        let day = Day::parse("2026-09-21").unwrap();
        assert_eq!(day.until_ms() - day.from_ms(), 86_400_000);
        assert_eq!((Day::of(day.from_ms()), Day::of(day.from_ms() - 1)), (day, day.before()));
        assert_eq!(Day::of(day.until_ms() - 1), day);
        assert_eq!(day.label(), "2026年9月21日 星期一");
    }

    #[test]
    fn a_day_has_one_spelling() {
        for other in ["2026-9-21", "2026-09-31", "21.09.2026", "2026-09-21 ", ""] {
            assert_eq!(Day::parse(other), None, "{other}");
        }
    }
}
