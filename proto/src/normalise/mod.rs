//! Spellings of places made one.
//!
//! A door's id is made from its building, unit and room (see [`crate::ids::HouseholdId::of`]), so
//! these rules are part of the ids. They are versioned and pinned by golden vectors
//! (`tests/golden/normalise-v1.txt`): a new rule adds an alias, never a new id.
//!
//! Promises: every normal form is its own normal form; what is refused is said, never guessed.
//! Never: a clock, a dictionary, anything that the office can change later.

mod building;
mod numeral;
mod room;
mod unit;

pub use building::building_name;
pub use room::{NotARoom, RoomKey, floor_of};
pub use unit::{NotAUnit, UnitKey, unit_label};

/// The version of these rules.
pub const VERSION: u8 = 1;

/// Longest normal form of a unit or a room, in characters: "地下车库东侧12" is 9.
const KEY_CHARS_MAX: usize = 24;

/// Full-width characters as their ASCII ones, one kind of dash, no blanks of any kind.
pub(crate) fn folded(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            // Zero-width characters and the byte order mark come along when people copy from chats.
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
            c if c.is_whitespace() || c.is_control() => None,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '_' | '＿' => Some('-'),
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
            c => Some(c),
        })
        .collect()
}

/// [`folded`], and ASCII letters in capitals.
fn folded_upper(text: &str) -> String {
    folded(text).to_ascii_uppercase()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇')
}

/// Whether these characters can stand in a unit's or a room's normal form.
fn is_key(text: &str) -> bool {
    text.chars().count() <= KEY_CHARS_MAX
        && text.chars().any(|c| c.is_ascii_alphanumeric() || is_han(c))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || is_han(c) || matches!(c, '-' | '/' | '+'))
}

/// Applies `step` until it changes nothing: so a normal form is its own normal form.
fn settled(mut text: String, step: impl Fn(&str) -> String) -> String {
    // Every step makes the text shorter or removes a Chinese numeral, so this ends by itself; the
    // bound is for the reader.
    for _ in 0..text.len() + 1 {
        let next = step(&text);
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// The text without `suffix`, if an ASCII letter or digit stands before it: "101室" but not "地下室".
fn strip_after_alnum<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    text.strip_suffix(suffix).filter(|rest| rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
}

/// "101.0", as spreadsheets write a number into a text cell, is "101".
fn strip_decimal(text: &str) -> &str {
    text.strip_suffix(".0").filter(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())).unwrap_or(text)
}

/// Digits without their leading zeros; "0" stays.
fn without_leading_zeros(digits: &str) -> &str {
    let rest = digits.trim_start_matches('0');
    if rest.is_empty() && !digits.is_empty() { "0" } else { rest }
}

macro_rules! key_traits {
    ($name:ident, $error:ident) => {
        impl $name {
            /// The normal form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::parse(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(key: $name) -> String {
                key.0
            }
        }
    };
}
use key_traits;
