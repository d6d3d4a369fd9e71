//! Phone numbers.

use std::fmt;

/// A phone number in its normal form, digits only and without the country's code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// This text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number: neither a mobile number, nor a landline with or without its area code")]
pub struct NotAPhone;

impl Phone {
    /// Reads "13669074391", "138-3778-3533", "177 4890 6828", "+86 138…", "0477-8581234",
    /// "(0477)8581234", "8581234", "400-810-1234".
    pub fn parse(text: &str) -> Result<Self, NotAPhone> {
        let mut text = crate::normalise::folded(text);
        text.retain(|c| !matches!(c, '-' | '(' | ')' | '.' | '\'' | '’' | '·'));
        let digits = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(&text);
        let digits = match digits.strip_prefix("86") {
            Some(rest) if is_mobile(rest) => rest,
            _ => digits,
        };
        // 0138… is how landlines once called a mobile of another town.
        let digits = match digits.strip_prefix('0') {
            Some(rest) if is_mobile(rest) => rest,
            _ => digits,
        };
        if is_mobile(digits) || is_landline(digits) { Ok(Self(digits.to_owned())) } else { Err(NotAPhone) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four digits, by which people ask for a person.
    pub fn last4(&self) -> &str {
        self.0.get(self.0.len() - 4..).unwrap_or_default()
    }

    /// Whether it is a mobile number.
    pub fn is_mobile(&self) -> bool {
        is_mobile(&self.0)
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn is_mobile(text: &str) -> bool {
    text.len() == 11 && is_digits(text) && text.starts_with('1') && !text.starts_with("10") && !text.starts_with("11")
}

fn is_landline(text: &str) -> bool {
    if !is_digits(text) {
        return false;
    }
    match text.as_bytes() {
        // Area codes have three or four digits with their zero, numbers in a town seven or eight.
        [b'0', first, ..] => *first != b'0' && (10..=12).contains(&text.len()),
        [b'4' | b'8', b'0', b'0', ..] if text.len() == 10 => true,
        [first, ..] => (b'2'..=b'9').contains(first) && (7..=8).contains(&text.len()),
        [] => false,
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}
