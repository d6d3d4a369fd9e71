//! What somebody who typed this is looking for. Decided from the text alone, before any data is seen.

use super::address::{Address, addresses, folded};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Nothing was typed.
    Nothing,
    /// A place, in every reading.
    Place(Vec<Address>),
    /// Digits: the end of a phone or identity number (perhaps with its X), or a room.
    Digits(String),
    /// Letters: initials or the beginning of a name in pinyin. Small, without blanks.
    Letters(String),
    /// Words of any writing, all of which have to be there.
    Words(Vec<String>),
}

/// The end of an identity number with its X needs this many digits before it.
const DIGITS_BEFORE_X_MIN: usize = 2;

impl Question {
    /// Reads what was typed.
    pub fn read(typed: &str) -> Self {
        let text = folded(typed);
        if text.is_empty() {
            return Self::Nothing;
        }
        let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\'' | '’')).collect();
        if is_digits(&bare) {
            // "3-2-502" and "3 2 502" are places, "138 3778 3533" is not.
            let places = addresses(&text);
            return if places.is_empty() { Self::Digits(bare) } else { Self::Place(places) };
        }
        if bare.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, 'Ü' | 'ü')) {
            return Self::Letters(bare.to_lowercase().replace('ü', "v"));
        }
        let places = addresses(&text);
        if !places.is_empty() {
            return Self::Place(places);
        }
        Self::words(typed)
    }

    /// The same text as words, where it names no place that exists.
    pub fn words(typed: &str) -> Self {
        let words: Vec<String> = folded(typed).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
        if words.is_empty() { Self::Nothing } else { Self::Words(words) }
    }
}

fn is_digits(text: &str) -> bool {
    let digits = match text.strip_suffix('X') {
        Some(digits) if digits.len() >= DIGITS_BEFORE_X_MIN => digits,
        _ => text,
    };
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_the_end_of_a_number_or_a_room() {
        for (typed, digits) in
            [("3533", "3533"), ("502", "502"), ("138 3778 3533", "13837783533"), ("031x", "031X"), ("5023", "5023")]
        {
            assert_eq!(Question::read(typed), Question::Digits(digits.to_owned()), "{typed}");
        }
    }

    #[test]
    fn letters_are_pinyin() {
        for (typed, letters) in [("wjg", "wjg"), ("Wang Jian", "wangjian"), ("lü", "lv"), ("x", "x")] {
            assert_eq!(Question::read(typed), Question::Letters(letters.to_owned()), "{typed}");
        }
    }

    #[test]
    fn a_place_is_a_place() {
        assert!(matches!(Question::read("3号楼2单元502"), Question::Place(p) if p.len() == 1));
        assert!(matches!(Question::read("3-2-502"), Question::Place(p) if p.len() == 1));
    }

    #[test]
    fn everything_else_is_words_and_two_characters_are_enough() {
        for (typed, words) in [
            ("漏水", vec!["漏水"]),
            ("王", vec!["王"]),
            ("王建国 3号楼东", vec!["王建国", "3号楼东"]),
            ("楼道 灯", vec!["楼道", "灯"]),
        ] {
            assert_eq!(
                Question::read(typed),
                Question::Words(words.iter().map(|w| (*w).to_owned()).collect()),
                "{typed}"
            );
        }
        assert_eq!(Question::read(" \n"), Question::Nothing);
    }
}
