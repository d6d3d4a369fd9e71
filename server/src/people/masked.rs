//! Personal values as a list may show them: enough to know one again who is known, too little to tell anybody else.

/// What stands for what is not shown of a name, whatever its length.
const STARS: &str = "**";
/// What stands for a value of which nothing is shown, whatever its length.
pub const HIDDEN: &str = "******";
/// Digits of a telephone number that stay at its front and at its end.
const PHONE_SHOWN: (usize, usize) = (3, 4);
/// Digits of an identity number that stay.
const IDENTITY_SHOWN: (usize, usize) = (4, 4);
/// Where fewer than these would be hidden, nothing is shown: the ends would be most of it.
const HIDDEN_MIN: usize = 2;

/// 张建国 → 张**
pub fn name(name: &str) -> String {
    name.chars().next().map(|first| format!("{first}{STARS}")).unwrap_or_default()
}

/// 13900000002 → 139****0002
pub fn number(number: &str) -> String {
    ends(number, PHONE_SHOWN)
}

/// 150782195203041234 → 1507**********1234
pub fn identity(number: &str) -> String {
    ends(number, IDENTITY_SHOWN)
}

/// 1952-03-04 → 1952 年
pub fn birth(date: &str) -> String {
    date.split_once('-').map_or_else(|| HIDDEN.to_owned(), |(year, _)| format!("{year} 年"))
}

/// Front and end of a number; of one that is too short for both, nothing.
fn ends(text: &str, (front, end): (usize, usize)) -> String {
    let letters: Vec<char> = text.chars().collect();
    let hidden = letters.len().saturating_sub(front + end);
    if hidden < HIDDEN_MIN {
        return HIDDEN.to_owned();
    }
    let part = |from: usize, n: usize| letters.iter().skip(from).take(n).collect::<String>();
    format!("{}{}{}", part(0, front), "*".repeat(hidden), part(front + hidden, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_value_shows_its_ends_and_nothing_between() {
        assert_eq!(name("张建国"), "张**");
        assert_eq!(name("张"), "张**", "nor how long it is");
        assert_eq!(name(""), "");
        assert_eq!(number("13900000002"), "139****0002");
        for short in ["110", "6212345", "62123456"] {
            assert_eq!(number(short), HIDDEN, "{short}");
        }
        assert_eq!(identity("150782195203041234"), "1507**********1234");
        assert_eq!(birth("1952-03-04"), "1952 年");
        assert_eq!(birth("?"), HIDDEN);
    }
}
