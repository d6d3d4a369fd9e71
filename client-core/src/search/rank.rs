//! Which row is likeliest meant. The database gave what can be meant; here each row is read again,
//! closely, and gets its place.

use super::pinyin::syllables_of;
use super::question::Question;
use crate::query::stored::{StoredDoor, StoredResident, StoredTicket};
use serde::Serialize;

/// What of a row matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The name.
    Name,
    /// First letters of the name.
    Initials,
    /// The name in letters.
    Pinyin,
    /// The phone number, or its end.
    Phone,
    /// The identity number, or its end.
    Identity,
    /// The address.
    Address,
    /// The room.
    Room,
    /// The building.
    Building,
    /// What is written about a matter.
    Text,
    /// A category of a person or of a matter.
    Category,
    /// Who told of a matter.
    Reporter,
}

impl MatchedBy {
    /// Every one.
    pub const ALL: [MatchedBy; 11] = [
        MatchedBy::Name,
        MatchedBy::Initials,
        MatchedBy::Pinyin,
        MatchedBy::Phone,
        MatchedBy::Identity,
        MatchedBy::Address,
        MatchedBy::Room,
        MatchedBy::Building,
        MatchedBy::Text,
        MatchedBy::Category,
        MatchedBy::Reporter,
    ];
    /// The permanent name.
    pub fn name(self) -> &'static str {
        match self {
            MatchedBy::Name => "name",
            MatchedBy::Initials => "initials",
            MatchedBy::Pinyin => "pinyin",
            MatchedBy::Phone => "phone",
            MatchedBy::Identity => "identity",
            MatchedBy::Address => "address",
            MatchedBy::Room => "room",
            MatchedBy::Building => "building",
            MatchedBy::Text => "text",
            MatchedBy::Category => "category",
            MatchedBy::Reporter => "reporter",
        }
    }
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            MatchedBy::Name => "姓名",
            MatchedBy::Initials => "拼音首字母",
            MatchedBy::Pinyin => "拼音",
            MatchedBy::Phone => "电话",
            MatchedBy::Identity => "身份证号",
            MatchedBy::Address => "地址",
            MatchedBy::Room => "房号",
            MatchedBy::Building => "楼栋",
            MatchedBy::Text => "事由",
            MatchedBy::Category => "类别",
            MatchedBy::Reporter => "反映人",
        }
    }
}

/// How well a row matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// More is likelier.
    pub(super) score: u32,
    /// By what.
    pub(super) by: MatchedBy,
}

fn at(score: u32, by: MatchedBy) -> Option<Match> {
    Some(Match { score, by })
}

/// Fewer digits than this are not the end of anybody's number.
pub(crate) const NUMBER_END_DIGITS_MIN: usize = 3;
/// Whoever moved out is asked for less.
const MOVED_OUT: u32 = 40;
/// What is over is asked for less.
const OVER: u32 = 20;

pub(super) fn match_resident(question: &Question, row: &StoredResident, address: &str) -> Option<Match> {
    let found = match question {
        Question::Nothing | Question::Place(_) => None,
        Question::Digits(digits) => by_number(digits, row),
        Question::Letters(letters) => by_letters(letters, row),
        Question::Words(words) => by_words(words, row, address),
    }?;
    let less = if row.until.is_some() { MOVED_OUT } else { 0 };
    Some(Match { score: found.score.saturating_sub(less), ..found })
}

fn by_number(digits: &str, row: &StoredResident) -> Option<Match> {
    let is = |number: &Option<String>| number.as_deref() == Some(digits);
    let ends = |number: &Option<String>| {
        digits.len() >= NUMBER_END_DIGITS_MIN && number.as_deref().is_some_and(|n| n.ends_with(digits))
    };
    match () {
        () if is(&row.phone) => at(100, MatchedBy::Phone),
        () if is(&row.identity) => at(100, MatchedBy::Identity),
        () if ends(&row.phone) => at(84, MatchedBy::Phone),
        () if ends(&row.identity) => at(82, MatchedBy::Identity),
        () => None,
    }
}

fn by_letters(letters: &str, row: &StoredResident) -> Option<Match> {
    let any = |readings: &str, is: &dyn Fn(&str) -> bool| readings.split(' ').any(is);
    let begins = |reading: &str| reading.starts_with(letters);
    match () {
        () if any(&row.initials, &|r| r == letters) => at(92, MatchedBy::Initials),
        () if any(&row.pinyin, &|r| r == letters) => at(92, MatchedBy::Pinyin),
        () if any(&row.pinyin, &begins) => at(80, MatchedBy::Pinyin),
        () if any(&row.initials, &begins) => at(78, MatchedBy::Initials),
        // The given name alone: "jg", "jianguo"; or mixed: "wangjg", "wjianguo".
        () if letters.len() > 1 => {
            let readings = syllables_of(&row.name);
            let from = |start: usize| readings.iter().any(|r| r.get(start..).is_some_and(|s| spells(letters, s)));
            if from(0) {
                return at(76, MatchedBy::Pinyin);
            }
            (1..readings.first().map_or(0, Vec::len)).any(from).then_some(Match { score: 60, by: MatchedBy::Pinyin })
        }
        () => None,
    }
}

/// Whether the letters are beginnings of these syllables, one after the other; the last may be cut.
fn spells(letters: &str, syllables: &[String]) -> bool {
    if letters.is_empty() {
        return true;
    }
    let Some((first, rest)) = syllables.split_first() else { return false };
    let common = letters.bytes().zip(first.bytes()).take_while(|(a, b)| a == b).count();
    // Either the whole syllable or its beginning was typed: try the longest first.
    (1..=common).rev().any(|n| letters.is_char_boundary(n) && spells(&letters[n..], rest))
}

fn by_words(words: &[String], row: &StoredResident, address: &str) -> Option<Match> {
    let name = row.name.to_uppercase();
    let categories = row.categories.as_deref().unwrap_or_default();
    let mut by = None;
    for word in words {
        let here = if name.contains(word.as_str()) {
            MatchedBy::Name
        } else if categories.contains(word.as_str()) {
            MatchedBy::Category
        } else if address.contains(word.as_str()) {
            MatchedBy::Address
        } else {
            return None;
        };
        by = Some(by.filter(|b| *b == MatchedBy::Name).unwrap_or(here));
    }
    match by? {
        MatchedBy::Name if words.contains(&name) => at(100, MatchedBy::Name),
        MatchedBy::Name if words.iter().any(|w| name.starts_with(w.as_str())) => at(90, MatchedBy::Name),
        MatchedBy::Name => at(80, MatchedBy::Name),
        // An address alone asks for the door, not for everybody behind it.
        MatchedBy::Address => None,
        by => at(50, by),
    }
}

pub(super) fn match_door(question: &Question, row: &StoredDoor) -> Option<Match> {
    match question {
        Question::Nothing | Question::Letters(_) => None,
        Question::Place(places) => places
            .iter()
            .filter(|p| p.names_door(&row.building_name, &row.unit, &row.room))
            .map(|p| match (p.is_whole(), p.unit.is_some(), p.room.is_some()) {
                (true, true, _) => Match { score: 100, by: MatchedBy::Address },
                (true, false, _) => Match { score: 95, by: MatchedBy::Address },
                (false, true, true) => Match { score: 90, by: MatchedBy::Address },
                (false, false, true) => Match { score: 86, by: MatchedBy::Room },
                _ => Match { score: 70, by: MatchedBy::Building },
            })
            .max_by_key(|m| m.score),
        Question::Digits(digits) if row.room == *digits => at(86, MatchedBy::Room),
        Question::Digits(digits) if row.building_name == format!("{digits}号楼") => at(40, MatchedBy::Building),
        Question::Digits(_) => None,
        Question::Words(words) => {
            let address = crate::query::sight::address(&row.building_name, &row.unit, &row.room);
            let told = row.occupied_as.as_deref().unwrap_or_default();
            let all = words.iter().all(|w| address.contains(w.as_str()) || told.contains(w.as_str()));
            let by_address = words.iter().any(|w| address.contains(w.as_str()));
            match (all, by_address) {
                (true, true) => at(66, MatchedBy::Address),
                (true, false) => at(45, MatchedBy::Category),
                (false, _) => None,
            }
        }
    }
}

pub(super) fn match_ticket(question: &Question, row: &StoredTicket, address: &str) -> Option<Match> {
    let Question::Words(words) = question else { return None };
    let text = row.text.as_deref().unwrap_or_default().to_uppercase();
    let category = row.category.as_deref().unwrap_or_default();
    let reporter = row.reporter.as_deref().unwrap_or_default();
    let mut by = None;
    for word in words.iter().map(String::as_str) {
        let here = if text.contains(word) {
            MatchedBy::Text
        } else if category.contains(word) {
            MatchedBy::Category
        } else if reporter.contains(word) {
            MatchedBy::Reporter
        } else if address.contains(word) {
            MatchedBy::Address
        } else {
            return None;
        };
        by = Some(by.filter(|b| *b == MatchedBy::Text).unwrap_or(here));
    }
    let score = match by? {
        MatchedBy::Text => 74,
        MatchedBy::Reporter => 64,
        MatchedBy::Category => 56,
        _ => return None,
    };
    Some(Match { score: score - if row.is_open { 0 } else { OVER }, by: by? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::pinyin_of;

    fn resident(name: &str) -> StoredResident {
        let pinyin = pinyin_of(name);
        StoredResident {
            resident: String::new(),
            household: None,
            name: name.to_owned(),
            initials: pinyin.initials,
            pinyin: pinyin.full,
            phone: Some("13837783533".to_owned()),
            identity: Some("15270119800131031X".to_owned()),
            birth: None,
            relation: None,
            categories: Some("低保,独居老人".to_owned()),
            until: None,
            conflicts: 0,
            pending: false,
        }
    }
    fn score(typed: &str, name: &str) -> Option<(u32, MatchedBy)> {
        match_resident(&Question::read(typed), &resident(name), "3号楼2单元502").map(|m| (m.score, m.by))
    }

    fn points(typed: &str, name: &str) -> u32 {
        score(typed, name).map_or(0, |(points, _)| points)
    }

    #[test]
    fn a_name_is_found_by_letters_however_many_are_typed() {
        for typed in
            ["w", "wjg", "wj", "wang", "wangj", "wangjg", "wjianguo", "wangjianguo", "jg", "jianguo", "jianguo", "guo"]
        {
            assert!(score(typed, "王建国").is_some(), "{typed}");
        }
        for typed in ["g", "wg", "wangg", "wjgx", "ang", "anjian"] {
            assert_eq!(score(typed, "王建国"), None, "{typed}");
        }
        assert!(score("thy", "覃海燕").is_some() && score("qinhai", "覃海燕").is_some());
    }

    #[test]
    fn more_of_a_name_is_likelier_than_less() {
        assert!(points("wjg", "王建国") > points("wj", "王建国"));
        assert!(points("wj", "王建国") > points("jg", "王建国"));
        assert!(points("王建国", "王建国") > points("王", "王建国"));
        assert!(points("王", "王建国") > points("建国", "王建国"));
    }

    #[test]
    fn the_end_of_a_number_finds_and_its_middle_does_not() {
        assert_eq!(score("3533", "王建国").map(|s| s.1), Some(MatchedBy::Phone));
        assert_eq!(score("138 3778 3533", "王建国"), Some((100, MatchedBy::Phone)));
        assert_eq!(score("031x", "王建国").map(|s| s.1), Some(MatchedBy::Identity));
        assert_eq!(score("3778", "王建国"), None);
        assert_eq!(score("33", "王建国"), None);
    }

    #[test]
    fn a_person_is_found_by_name_and_address_together_but_not_by_address_alone() {
        assert_eq!(score("王 502", "王建国").map(|s| s.1), Some(MatchedBy::Name));
        assert_eq!(score("低保", "王建国"), Some((50, MatchedBy::Category)));
        assert_eq!(score("单元", "王建国"), None);
    }

    #[test]
    fn whoever_moved_out_comes_later() {
        let mut gone = resident("王建国");
        gone.until = Some("2026-01-01".to_owned());
        let here = match_resident(&Question::read("wjg"), &resident("王建国"), "").map(|m| m.score);
        assert!(match_resident(&Question::read("wjg"), &gone, "").map(|m| m.score) < here);
    }
}
