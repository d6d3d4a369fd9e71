//! Rooms: 房号.

use super::{folded_upper, is_key, key_traits, numeral, settled, strip_after_alnum, strip_decimal};
use serde::{Deserialize, Serialize};

/// Room in a unit, normalised: "101", "101-1", "底商3", "3F", "B1".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomKey(String);

/// This text names no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a room")]
pub struct NotARoom;

key_traits!(RoomKey, NotARoom);

impl RoomKey {
    /// Reads "101", "101室", "１０１", "101-1", "底商三号", "三零一", "3层" (as "3F"), "负一层" (as "B1").
    ///
    /// Leading zeros stay: "0101" can be another door than "101".
    pub fn parse(text: &str) -> Result<Self, NotARoom> {
        let text = settled(folded_upper(text), step);
        // "2单元301" and "1号楼301" are more than a room.
        if !is_key(&text) || ["单元", "号楼"].iter().any(|word| text.contains(word)) {
            return Err(NotARoom);
        }
        Ok(Self(text))
    }
}

fn step(text: &str) -> String {
    let text = numeral::as_digits(strip_decimal(text));
    let text = text.trim_end_matches('-');
    let text = ["室", "号", "房", "户", "#"].iter().find_map(|suffix| strip_after_alnum(text, suffix)).unwrap_or(text);
    let text = text.replace("--", "-");
    let text = match ["负", "地下", "-"].iter().find_map(|below| text.strip_prefix(below)) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => format!("B{rest}"),
        _ => text,
    };
    match ["层", "楼", "F"].iter().find_map(|storey| text.strip_suffix(storey)) {
        Some(rest) if is_basement(rest) => rest.to_owned(),
        Some(rest) if is_digits(rest) => format!("{rest}F"),
        _ => text,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_basement(text: &str) -> bool {
    text.strip_prefix('B').is_some_and(is_digits)
}

/// The floor that the room's name tells, if it tells one: "1203" is on 12, "底商3" on 1, "B1" on -1.
pub fn floor_of(room: &RoomKey) -> Option<i32> {
    let name = room.as_str();
    if name.starts_with("底商") {
        return Some(1);
    }
    if let Some(storey) = name.strip_suffix('F').filter(|s| is_digits(s)) {
        return storey.parse().ok().filter(|floor| *floor > 0);
    }
    if let Some(below) = name.strip_prefix('B').filter(|s| is_digits(s)) {
        let number: i32 = below.parse().ok()?;
        return Some(-(if below.len() >= 3 { number / 100 } else { number })).filter(|floor| *floor < 0);
    }
    // "101-1" is a part of 101; "1-101" names its unit first: the first part with three digits speaks.
    name.split(['-', '/', '+']).find_map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit()).map_or(part, |end| &part[..end]);
        // Five digits and more are somebody's own numbering.
        if !(3..=4).contains(&digits.len()) {
            return None;
        }
        digits.parse::<i32>().ok().map(|number| number / 100).filter(|floor| *floor > 0)
    })
}
