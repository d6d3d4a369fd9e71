//! Dates as people write them.

use chrono::{Days, NaiveDate};

/// Reads a date in the styles of the books: 1978/2/16, 1997年11月4日, 1988-11-06, 1992.06.19,
/// 19720517, an ISO date and time (its written day), and the five digits of a spreadsheet's day
/// number in a text cell (see [`date_of_serial`]).
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    // The time of day goes first, while the blank before it still stands.
    let text = text.trim();
    let day = text.split_once(['T', 't', ' ']).filter(|(_, time)| looks_like_a_time(time)).map_or(text, |(day, _)| day);
    let day = crate::normalise::folded(day);
    if !day.is_empty() && day.bytes().all(|b| b.is_ascii_digit()) {
        return match day.len() {
            8 => date(&day[..4], &day[4..6], &day[6..]),
            5 => date_of_serial(day.parse().ok()?),
            _ => None,
        };
    }
    let unsuffixed = day.trim_end_matches(['日', '号']);
    let mut parts = unsuffixed.split(['/', '-', '.', '年', '月']);
    let (year, month, of_month) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    date(year, month, of_month)
}

/// The day with this number in a spreadsheet: 1 is 1900-01-01, 61 is 1900-03-01.
///
/// Numbers from 1 to 60 are off by one or mean 1900-02-29, a day that never was: they are refused,
/// like what lies after the year 2200.
pub fn date_of_serial(serial: i64) -> Option<NaiveDate> {
    const LAST: i64 = 109_939;
    if !(61..=LAST).contains(&serial) {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(u64::try_from(serial).ok()?))
}

fn looks_like_a_time(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':')
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let number = |text: &str| -> Option<u32> {
        (!text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let year = number(year).filter(|year| (1850..=2200).contains(year))?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month)?, number(day)?)
}
