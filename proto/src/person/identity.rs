//! Identity numbers 身份证号 (GB 11643).

use chrono::NaiveDate;
use std::fmt;

/// A resident identity number in its normal form: 17 digits and a check character, or the old 15
/// digits.
///
/// A number with a wrong check digit is still what the card or the book says: it is kept, and
/// [`IdentityNumber::check_digit_ok`] tells that somebody should look at it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityNumber(String);

/// This text is no identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identity number: neither 18 characters nor the old 15 digits")]
pub struct NotAnIdentityNumber;

impl IdentityNumber {
    /// Reads a number as written: blanks and dashes removed, full-width folded, `x` as `X`.
    pub fn parse(text: &str) -> Result<Self, NotAnIdentityNumber> {
        let mut text = crate::normalise::folded(text);
        text.retain(|c| c != '-');
        // Spreadsheets mark a number kept as text with an apostrophe.
        let text = text.trim_start_matches(['\'', '’']).to_ascii_uppercase();
        let is_number = match text.as_bytes() {
            [body @ .., last] if body.len() == 17 => all_digits(body) && (last.is_ascii_digit() || *last == b'X'),
            old if old.len() == 15 => all_digits(old),
            _ => false,
        };
        if is_number { Ok(Self(text)) } else { Err(NotAnIdentityNumber) }
    }

    /// Whether the check digit is the right one. An old number of 15 digits has none to be wrong.
    pub fn check_digit_ok(&self) -> bool {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        const CHECKS: &[u8; 11] = b"10X98765432";
        let bytes = self.0.as_bytes();
        let Some(check) = bytes.get(17) else {
            return true;
        };
        let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        CHECKS.get(sum as usize % 11) == Some(check)
    }

    /// The date of birth that the number tells, if there is such a date.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        let (year, rest) = match self.0.len() {
            18 => (self.0.get(6..10)?.parse().ok()?, self.0.get(10..14)?),
            _ => (1900 + self.0.get(6..8)?.parse::<i32>().ok()?, self.0.get(8..12)?),
        };
        NaiveDate::from_ymd_opt(year, rest.get(..2)?.parse().ok()?, rest.get(2..)?.parse().ok()?)
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four characters, by which people ask for a person.
    pub fn last4(&self) -> &str {
        self.0.get(self.0.len() - 4..).unwrap_or_default()
    }
}

fn all_digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityNumber(…)")
    }
}
