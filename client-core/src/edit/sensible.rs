//! Days that cannot be: a birth before anybody who lives, a move that is yet to come, somebody who left before they came.
//! What a book brings is kept as it stands; here somebody types, and can look again.

use crate::error::EditError;
use chrono::{Days, NaiveDate};
use qiaomen_proto::entity::FieldSpec;
use qiaomen_proto::entity::value::NotAValue;
use qiaomen_proto::person::parse_date;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;

/// Nobody who lives was born before.
const YEAR_MIN: i32 = 1900;
/// A phone that was never at the office may be a day behind.
const DAYS_AHEAD_MAX: u64 = 1;

/// Refuses a day that cannot be. `text` is in its normal form.
pub(super) fn day(field: &'static FieldSpec, text: &str, today: NaiveDate) -> Result<(), EditError> {
    let Some(day) = parse_date(text) else { return Ok(()) };
    let wrong =
        |sentence: Sentence| Err(EditError::Value(NotAValue { field: field.name, label: field.label, sentence }));
    if chrono::Datelike::year(&day) < YEAR_MIN {
        return wrong(sentence!("value-long-ago", "{day} 太早了。请再核对一遍。", day = text));
    }
    if today.checked_add_days(Days::new(DAYS_AHEAD_MAX)).is_some_and(|last| day > last) {
        return wrong(sentence!(
            "value-not-yet",
            "{day} 还没有到。请再核对一遍；终端的时间不对的，请先校正。",
            day = text
        ));
    }
    Ok(())
}

/// Refuses a leaving before the coming, where both are known.
pub(super) fn not_before(since: Option<&str>, until: &str) -> Result<(), EditError> {
    let days = since.and_then(parse_date).zip(parse_date(until.trim()));
    match days {
        Some((since, until)) if until < since => Err(EditError::NotPossible(sentence!(
            "not-before-coming",
            "搬走的日子早于入住的日子（{since}），请再核对一遍",
            since = since.to_string()
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_proto::entity::kind_spec;
    use qiaomen_proto::ids::Kind;

    #[test]
    fn a_day_before_anybody_lives_and_one_that_is_yet_to_come_are_refused() {
        let birth = kind_spec(Kind::Resident).head_field("birth").unwrap();
        let today = NaiveDate::from_ymd_opt(2025, 3, 10).unwrap();
        for (text, fits) in [
            ("1850-01-01", false),
            ("1899-12-31", false),
            ("1900-01-01", true),
            ("2025-03-11", true),
            ("2025-03-12", false),
        ] {
            assert_eq!(day(birth, text, today).is_ok(), fits, "{text}");
        }
        assert!(not_before(Some("2025-03-01"), "2025-02-28").is_err());
        assert!(not_before(Some("2025-03-01"), "2025-03-01").is_ok() && not_before(None, "1999-01-01").is_ok());
    }
}
