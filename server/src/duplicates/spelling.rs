//! Spellings of one door, wider than the rules by which its id is made: those are frozen, these may grow.
//!
//! What is equal here is likely the same door, never surely: a clerk looks at it.

use qiaomen_proto::normalise::{RoomKey, UnitKey};

/// The shortest number that names a room by its floor: 101.
const ROOM_DIGITS_MIN: usize = 3;
/// Digits of a floor, and of a room on it, where both are written apart: 5-02.
const FLOOR_DIGITS_MAX: usize = 2;

/// Unit and room in the one spelling that others are brought to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spelled {
    pub(super) unit: String,
    pub(super) room: String,
}

/// Brings a door's unit and room to one spelling: 一单元/1单元, 0502/502, 1-502 without a unit, 5-02 on floor 5,
/// 502室, 五零二.
pub(super) fn spelled(unit: &str, room: &str) -> Spelled {
    let unit = UnitKey::parse(unit).map_or_else(|_| unit.to_uppercase(), String::from);
    let room = RoomKey::parse(room).map_or_else(|_| room.to_uppercase(), String::from);
    let mut unit = zeros_off(&unit);
    let parts: Vec<String> = room.split(['-', '/', '+']).filter(|p| !p.is_empty()).map(zeros_off).collect();
    let written: Vec<&str> = room.split(['-', '/', '+']).filter(|p| !p.is_empty()).collect();
    let room = match (parts.as_slice(), written.as_slice()) {
        // The unit was written into the room.
        ([first, rest @ ..], _) if rest.first().is_some_and(|r| is_room(r)) && (unit.is_empty() || unit == *first) => {
            unit.clone_from(first);
            rest.join("-")
        }
        // Floor and room apart: 5-02 is 502. Only two digits say so; 5-2 may be a part of a room.
        ([floor, number], [_, said])
            if is_number(floor) && floor.len() <= FLOOR_DIGITS_MAX && is_number(number) && said.len() == 2 =>
        {
            format!("{floor}{said}")
        }
        _ => parts.join("-"),
    };
    Spelled { unit, room }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether this names a room by floor and number.
fn is_room(text: &str) -> bool {
    is_number(text) && text.len() >= ROOM_DIGITS_MIN
}

/// Every run of digits without the zeros before it.
fn zeros_off(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_number = false;
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let more = letters.peek().is_some_and(char::is_ascii_digit);
        if c == '0' && !in_number && more {
            continue;
        }
        in_number = c.is_ascii_digit();
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: (&str, &str), b: (&str, &str)) -> bool {
        spelled(a.0, a.1) == spelled(b.0, b.1)
    }

    #[test]
    fn other_spellings_of_a_door_become_one() {
        assert!(same(("1单元", "502"), ("一单元", "0502")));
        assert!(same(("1", "502"), ("", "1-502")));
        assert!(same(("1", "502"), ("1", "1-502")));
        assert!(same(("1", "502"), ("01", "502室")));
        assert!(same(("1", "502"), ("1", "5-02")));
        assert!(same(("1", "502"), ("1", "五零二")));
        assert!(same(("", "底商3"), ("", "底商03")));
        assert!(same(("A座", "1203"), ("a", "01203")));
    }

    #[test]
    fn what_may_be_another_door_stays_another() {
        assert!(!same(("1", "502"), ("2", "502")));
        assert!(!same(("1", "502"), ("", "502")));
        assert!(!same(("1", "502"), ("1", "502-1")));
        assert!(!same(("1", "502-1"), ("1", "502-2")));
        assert!(!same(("1", "502"), ("2", "1-502")));
        assert!(!same(("1", "502"), ("1", "5-2")));
        assert!(!same(("1", "500"), ("1", "5")));
        assert!(!same(("1", "B1"), ("1", "1")));
    }

    #[test]
    fn zeros_within_a_number_stay() {
        assert_eq!(zeros_off("0502"), "502");
        assert_eq!(zeros_off("B002"), "B2");
        assert_eq!(zeros_off("0"), "0");
        assert_eq!(zeros_off("00"), "0");
        assert_eq!(zeros_off("1001"), "1001");
    }
}
