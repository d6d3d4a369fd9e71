//! A door, or some doors, as people name them: "3号楼2单元502", "3-2-502", "3号楼502", "2单元502", "502室".
//!
//! What is not said may be anything; what can be meant in two ways gives two readings. The spellings of
//! each part are those of the documents (`qiaomen_proto::normalise`).

use qiaomen_proto::normalise::{RoomKey, UnitKey, building_name};

/// A place as asked for: a part that was not said is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The building's normal name.
    pub building: Option<String>,
    /// The unit.
    pub unit: Option<UnitKey>,
    /// The room.
    pub room: Option<RoomKey>,
}

/// Buildings have at most three digits, units two: so a date or a phone number is no address.
const BUILDING_DIGITS_MAX: usize = 3;
const UNIT_DIGITS_MAX: usize = 2;
/// "1203", "101A", "B1".
const SHORT_ROOM_CHARS_MAX: usize = 5;
/// What follows a building's number, the longest first; the last only where nothing but a room follows.
const BUILDING_MARKS: [&str; 8] = ["号住宅楼", "#号楼", "号楼", "#楼", "栋", "幢", "#", "楼"];
const UNIT_MARK: &str = "单元";

/// Every way in which the text can name a place; none if it is no address.
pub fn addresses(text: &str) -> Vec<Address> {
    let text = folded(text);
    let joined: String = text.split(' ').collect();
    let spoken = by_words(&joined);
    if spoken.is_empty() { by_dashes(&text) } else { spoken }
}

impl Address {
    /// Whether a building of this normal name is meant: the same, or the same within a named estate.
    pub fn names_building(&self, name: &str) -> bool {
        self.building.as_deref().is_none_or(|asked| {
            name.strip_suffix(asked).is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_alphanumeric()))
        })
    }
    /// Whether a door with these parts is meant.
    pub fn names_door(&self, building: &str, unit: &str, room: &str) -> bool {
        self.names_building(building)
            && self.unit.as_ref().is_none_or(|u| u.as_str() == unit)
            && self.room.as_ref().is_none_or(|r| r.as_str() == room)
    }
    /// Whether building and room are said, so that one door is meant.
    pub fn is_whole(&self) -> bool {
        self.building.is_some() && self.room.is_some()
    }
}

/// With 号楼 or 单元 in it.
fn by_words(text: &str) -> Vec<Address> {
    let (building, rest) = match split_building(text) {
        Some((building, rest)) => (Some(building_name(building)), rest),
        None => (None, text),
    };
    if let Some((unit, room)) = rest.split_once(UNIT_MARK) {
        // "3-2单元502": the building stands before the dash.
        let (building, unit) = match (building, unit.rsplit_once('-')) {
            (None, Some((building, unit))) => match short_number(building) {
                true => (Some(building_name(building)), unit),
                false => return Vec::new(),
            },
            (building, _) => (building, unit),
        };
        let Ok(unit) = UnitKey::parse(unit) else { return Vec::new() };
        return match optional_room(room.trim_start_matches('-')) {
            Some(room) if !unit.is_none() => vec![Address { building, unit: Some(unit), room }],
            _ => Vec::new(),
        };
    }
    if building.is_none() {
        return Vec::new();
    }
    let rest = rest.trim_start_matches('-');
    let mut found = Vec::new();
    // "3号楼2-502", and a room that is called "2-502".
    if let Some((unit, room)) = rest.split_once('-')
        && let (Some(unit), Some(room)) = (short_unit(unit), optional_room(room))
    {
        found.push(Address { building: building.clone(), unit: Some(unit), room });
    }
    if let Some(room) = optional_room(rest) {
        found.push(Address { building, unit: None, room });
    }
    found
}

/// Only parts between dashes, strokes or blanks.
fn by_dashes(text: &str) -> Vec<Address> {
    let parts: Vec<&str> = text.split(['-', '/', ' ', '、', ',', '\u{ff0c}']).filter(|p| !p.is_empty()).collect();
    let mut found = Vec::new();
    let mut push = |building: Option<&str>, unit: Option<&str>, room: &str| {
        let unit = match unit {
            Some(unit) => match short_unit(unit) {
                Some(unit) => Some(unit),
                None => return,
            },
            None => None,
        };
        if building.is_none_or(short_number)
            && let Some(room) = optional_room(room).flatten()
            && room.as_str().chars().count() <= SHORT_ROOM_CHARS_MAX
        {
            found.push(Address { building: building.map(building_name), unit, room: Some(room) });
        }
    };
    match parts.as_slice() {
        [building, unit, room] => push(Some(building), Some(unit), room),
        [building, unit, room, part] => push(Some(building), Some(unit), &format!("{room}-{part}")),
        [first, room] => {
            push(Some(first), None, room);
            push(None, Some(first), room);
            if first.bytes().all(|b| b.is_ascii_alphanumeric()) {
                push(None, None, &format!("{first}-{room}"));
            }
        }
        [room] if room.ends_with(['室', '户']) || room.starts_with("底商") => push(None, None, room),
        _ => {}
    }
    found
}

/// The building with its mark, and what follows. A number has to stand before the mark.
fn split_building(text: &str) -> Option<(&str, &str)> {
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    BUILDING_MARKS.iter().find_map(|mark| {
        let at = text.find(mark).filter(|at| text[..*at].ends_with(is_number))?;
        Some(text.split_at(at + mark.len()))
    })
}

/// A room; said to be any if there is nothing. A room without a digit is no room here: "3号楼漏水" asks
/// for a matter.
fn optional_room(text: &str) -> Option<Option<RoomKey>> {
    if text.is_empty() {
        return Some(None);
    }
    let room = RoomKey::parse(text).ok()?;
    room.as_str().contains(|c: char| c.is_ascii_digit()).then_some(Some(room))
}

fn short_unit(text: &str) -> Option<UnitKey> {
    let unit = UnitKey::parse(text).ok().filter(|u| !u.is_none())?;
    let name = unit.as_str();
    let short = name.len() <= UNIT_DIGITS_MAX && name.bytes().all(|b| b.is_ascii_alphanumeric());
    (short || matches!(name, "东" | "西" | "南" | "北" | "中")).then_some(unit)
}

fn short_number(text: &str) -> bool {
    (1..=BUILDING_DIGITS_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Full-width characters as ASCII ones, one kind of dash, capitals, one blank between words.
pub(super) fn folded(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '~' | '_' => '-',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            c if c.is_whitespace() || c.is_control() => ' ',
            c => c.to_ascii_uppercase(),
        })
        .collect();
    text.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Readings as `building/unit/room`, `*` for what was not said.
    fn read(text: &str) -> Vec<String> {
        addresses(text)
            .iter()
            .map(|a| {
                format!(
                    "{}/{}/{}",
                    a.building.as_deref().unwrap_or("*"),
                    a.unit.as_ref().map_or("*", UnitKey::as_str),
                    a.room.as_ref().map_or("*", RoomKey::as_str)
                )
            })
            .collect()
    }

    #[test]
    fn a_whole_address_is_read_however_it_is_written() {
        for text in [
            "3号楼2单元502",
            "3-2-502",
            "3#2单元502室",
            "三号楼二单元502",
            "3栋2单元-502",
            "3号楼2-502",
            "3 号楼 2 单元 502",
            "3 2 502",
            "3-2单元502",
        ] {
            assert_eq!(read(text).first().map(String::as_str), Some("3号楼/2/502"), "{text}");
        }
    }

    #[test]
    fn what_is_not_said_may_be_anything() {
        assert_eq!(read("3号楼"), ["3号楼/*/*"]);
        assert_eq!(read("3号楼2单元"), ["3号楼/2/*"]);
        assert_eq!(read("2单元502"), ["*/2/502"]);
        assert_eq!(read("3号楼502"), ["3号楼/*/502"]);
        assert_eq!(read("502室"), ["*/*/502"]);
        assert_eq!(read("底商3"), ["*/*/底商3"]);
        assert_eq!(read("安居小区3号楼底商3"), ["安居小区3号楼/*/底商3"]);
    }

    #[test]
    fn two_numbers_are_read_in_every_way_in_which_they_can_be_meant() {
        assert_eq!(read("3-502"), ["3号楼/*/502", "*/3/502", "*/*/3-502"]);
        assert_eq!(read("3-2-101-1"), ["3号楼/2/101-1"]);
    }

    #[test]
    fn a_date_a_phone_and_a_matter_are_no_addresses() {
        for text in
            ["2026-5-6", "138-3778-3533", "0477-8581234", "楼道灯不亮", "3号楼漏水", "王建国", "502", "楼", "王 502"]
        {
            assert_eq!(read(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn building_3_is_not_building_13_but_may_stand_in_an_estate() {
        let asked = &addresses("3号楼502")[0];
        assert!(asked.names_building("3号楼") && asked.names_building("安居小区3号楼"));
        assert!(!asked.names_building("13号楼"));
        assert!(asked.names_door("3号楼", "2", "502") && !asked.names_door("3号楼", "2", "1502"));
        assert!(asked.is_whole());
    }
}
