//! Identity numbers, phones, dates and refusals.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use chrono::NaiveDate;
use proptest::prelude::*;
use qiaomen_proto::person::{IdentityNumber, Phone, date_of_serial, is_refusal, parse_date};

// Numbers of no one: no region's code begins with 999.
const RIGHT: &str = "999161199001012376";

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn with_check_digit(body: &str) -> String {
    "0123456789X"
        .chars()
        .map(|c| format!("{body}{c}"))
        .find(|n| IdentityNumber::parse(n).unwrap().check_digit_ok())
        .unwrap()
}

#[test]
fn the_check_digit_is_that_of_the_standard() {
    // The example number of GB 11643.
    assert!(IdentityNumber::parse("11010519491231002X").unwrap().check_digit_ok());
    assert!(!IdentityNumber::parse("110105194912310021").unwrap().check_digit_ok());
}

#[test]
fn an_identity_number_is_kept_as_written_even_with_a_wrong_check_digit() {
    let number = IdentityNumber::parse(" 999222 19700607 096x ").unwrap();
    assert_eq!(number.as_str(), "99922219700607096X");
    assert_eq!(number.last4(), "096X");
    assert_eq!(number.birth_date(), day(1970, 6, 7));
    let right = with_check_digit(&RIGHT[..17]);
    let wrong = format!("{}{}", &right[..17], if right.ends_with('0') { '1' } else { '0' });
    assert!(!IdentityNumber::parse(&wrong).unwrap().check_digit_ok());
}

#[test]
fn full_width_digits_and_a_spreadsheet_apostrophe_are_read() {
    assert_eq!(IdentityNumber::parse("'１１０１０５19491231002ｘ").unwrap().as_str(), "11010519491231002X");
}

#[test]
fn an_old_number_of_15_digits_tells_its_date_and_has_no_check_digit_to_be_wrong() {
    let old = IdentityNumber::parse("110105491231002").unwrap();
    assert_eq!(old.birth_date(), day(1949, 12, 31));
    assert!(old.check_digit_ok());
}

#[test]
fn what_is_no_identity_number_is_refused() {
    for text in [
        "",
        "不是身份证",
        "123",
        "9991611990010123",
        "99916119900101237XX",
        "X99161199001012376",
        "99916119900101237Ａ",
    ] {
        assert!(IdentityNumber::parse(text).is_err(), "{text}");
    }
    assert_eq!(IdentityNumber::parse("999161199013452376").unwrap().birth_date(), None);
}

#[test]
fn a_phone_is_its_digits_however_people_write_it() {
    for (text, digits) in [
        ("13669074391", "13669074391"),
        ("138-3778-3533", "13837783533"),
        ("177 4890 6828", "17748906828"),
        ("13889957903 ", "13889957903"),
        ("+86 13889957903", "13889957903"),
        ("0086-13889957903", "13889957903"),
        ("8613889957903", "13889957903"),
        ("013889957903", "13889957903"),
        ("１３８８９９５７９０３", "13889957903"),
        ("0477-8581234", "04778581234"),
        ("(0477)8581234", "04778581234"),
        ("010-65001234", "01065001234"),
        ("8581234", "8581234"),
        ("400-810-1234", "4008101234"),
    ] {
        assert_eq!(Phone::parse(text).map(|phone| phone.as_str().to_owned()).as_deref(), Ok(digits), "{text}");
    }
    assert_eq!(Phone::parse("138-3778-3533").unwrap().last4(), "3533");
    assert!(!Phone::parse("0477-8581234").unwrap().is_mobile());
}

#[test]
fn what_is_no_phone_is_refused() {
    for text in
        ["", "123", "12345", "无", "拒绝", "1366907439", "136690743911", "138-3778-353X", "11112345678", "00778581234"]
    {
        assert!(Phone::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_log_never_shows_the_digits() {
    let shown = format!("{:?} {:?}", IdentityNumber::parse(RIGHT).unwrap(), Phone::parse("13669074391").unwrap());
    assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{shown}");
}

#[test]
fn a_date_is_read_in_every_style_of_the_books() {
    for (text, date) in [
        ("1978/2/16", day(1978, 2, 16)),
        ("1997年11月4日", day(1997, 11, 4)),
        ("1997年11月4号", day(1997, 11, 4)),
        ("1988-11-06", day(1988, 11, 6)),
        ("1992.06.19", day(1992, 6, 19)),
        ("19720517", day(1972, 5, 17)),
        ("1972-05-17T00:00:00", day(1972, 5, 17)),
        ("1972-05-17T08:30:00Z", day(1972, 5, 17)),
        ("1972-05-17 00:00:00", day(1972, 5, 17)),
        ("1972/5/17 8:30", day(1972, 5, 17)),
        (" １９７２年 5 月 17 日 ", day(1972, 5, 17)),
        ("36222", day(1999, 3, 3)),
        ("44562", day(2022, 1, 1)),
        ("2000-02-29", day(2000, 2, 29)),
    ] {
        assert_eq!(parse_date(text), date, "{text}");
        assert!(date.is_some());
    }
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "",
        "2023-13-45",
        "1999-02-29",
        "72/5/17",
        "1972年5月",
        "5月17日",
        "1234",
        "123456789",
        "拒绝",
        "1972-05-17-1",
        "1500-01-01",
        "99999999",
    ] {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

#[test]
fn day_numbers_of_spreadsheets_begin_where_they_are_sure() {
    assert_eq!(date_of_serial(60), None);
    assert_eq!(date_of_serial(61), day(1900, 3, 1));
    assert_eq!(date_of_serial(109_939), day(2200, 12, 31));
    assert_eq!(date_of_serial(109_940), None);
    assert_eq!(date_of_serial(-1), None);
}

#[test]
fn a_refusal_is_an_answer_and_an_empty_field_is_none() {
    for text in
        ["拒绝", "不愿提供", "保密", "拒绝提供", "不提供", " 拒绝 提供 ", "（拒绝）", "拒绝。", "本人不愿意提供"]
    {
        assert!(is_refusal(text), "{text}");
    }
    for text in ["", "无", "未提供", "不详", "13669074391", "保密局", "-"] {
        assert!(!is_refusal(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_a_panic_and_a_normal_form_is_its_own(text in "\\PC{0,24}") {
        if let Ok(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
        }
        if let Ok(number) = IdentityNumber::parse(&text) {
            let _ = (number.birth_date(), number.check_digit_ok(), number.last4());
            prop_assert_eq!(IdentityNumber::parse(number.as_str()), Ok(number));
        }
        let _ = (parse_date(&text), is_refusal(&text));
    }

    #[test]
    fn every_day_is_read_back_from_every_style(serial in 61i64..109_940) {
        let date = date_of_serial(serial).unwrap();
        for style in ["%Y/%-m/%-d", "%Y年%-m月%-d日", "%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%dT00:00:00"] {
            prop_assert_eq!(parse_date(&date.format(style).to_string()), Some(date));
        }
    }

    #[test]
    fn any_eighteen_digits_are_kept_as_written(text in "[0-9]{17}[0-9X]") {
        let number = IdentityNumber::parse(&text).unwrap();
        let _ = number.birth_date();
        prop_assert_eq!(number.as_str(), text.as_str());
    }
}
