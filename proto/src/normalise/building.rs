//! Buildings: 楼栋.

use super::{folded_upper, numeral, settled, strip_decimal, without_leading_zeros};

/// What people write after a building's number, the longest first.
const SUFFIXES: [&str; 9] = ["号住宅楼", "#号楼", "号楼", "#楼", "栋", "幢", "#", "号", "楼"];

/// A building's name in its normal form: "1号楼", "1 号楼", "１号楼", "1#", "1#楼", "1栋", "一号楼" and
/// "1" are "1号楼"; a named building keeps its name without blanks and full-width characters.
pub fn building_name(text: &str) -> String {
    settled(folded_upper(text), step)
}

fn step(text: &str) -> String {
    let text = strip_decimal(text);
    let (stem, suffix) =
        SUFFIXES.iter().find_map(|suffix| text.strip_suffix(suffix).map(|stem| (stem, *suffix))).unwrap_or((text, ""));
    let number_at = trailing_number_at(stem);
    let (name, number) = stem.split_at(number_at);
    let number = if number.bytes().all(|b| b.is_ascii_digit()) {
        without_leading_zeros(number).to_owned()
    } else {
        // 五一楼 is a name, 十一号楼 a number.
        match numeral::spoken(number) {
            Some(said) => said.to_string(),
            None => return text.to_owned(),
        }
    };
    let name = name.strip_suffix('第').unwrap_or(name);
    // "安居小区1" may be a building or not: only a suffix says so. A bare number can be nothing else.
    if number.is_empty() || (suffix.is_empty() && !name.is_empty()) {
        return text.to_owned();
    }
    format!("{name}{number}号楼")
}

/// Where the number at the end of `stem` begins: all ASCII digits or all Chinese numerals.
fn trailing_number_at(stem: &str) -> usize {
    let digits = stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if digits < stem.len() { digits } else { stem.trim_end_matches(numeral::is_numeral).len() }
}
