//! Personal values as a list may show them: enough to know one again who is known, too little to tell anybody else.

/// What stands for what is not shown.
const STARS: &str = "**";
/// Digits of a number that stay at either end.
const ENDS: (usize, usize) = (3, 4);
/// A number this short is hidden whole: its ends would be most of it.
const SHORT: usize = 7;

/// 张建国 → 张**
pub fn name(name: &str) -> String {
    name.chars().next().map(|first| format!("{first}{STARS}")).unwrap_or_default()
}

/// 13900000002 → 139****0002
pub fn number(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    if characters.len() <= SHORT {
        return "*".repeat(characters.len());
    }
    let hidden = characters.len() - ENDS.0 - ENDS.1;
    characters
        .iter()
        .enumerate()
        .map(|(at, c)| if (ENDS.0..ENDS.0 + hidden).contains(&at) { '*' } else { *c })
        .collect()
}

/// 1952-03-04 → 1952 年
pub fn birth(date: &str) -> String {
    date.split_once('-').map_or_else(|| STARS.to_owned(), |(year, _)| format!("{year} 年"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_value_shows_its_ends_and_nothing_between() {
        assert_eq!(name("张建国"), "张**");
        assert_eq!(name(""), "");
        assert_eq!(number("13900000002"), "139****0002");
        assert_eq!(number("110"), "***");
        assert_eq!(number("6212345"), "*******");
        assert_eq!(birth("1952-03-04"), "1952 年");
        assert_eq!(birth("?"), "**");
    }
}
