//! Chinese numerals as digits.

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Whether this character belongs to a Chinese numeral.
pub(super) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || matches!(c, '十' | '百')
}

/// The number that is said: 一, 十二, 二十, 一百零三. Not a row of digits like 三八 (that is a name).
pub(super) fn spoken(numeral: &str) -> Option<u32> {
    let (hundreds, rest) = match numeral.split_once('百') {
        Some((head, rest)) => (one_digit(head).filter(|d| *d > 0)?, rest),
        None => (0, numeral),
    };
    let after_hundreds = hundreds > 0;
    if rest.is_empty() {
        return after_hundreds.then_some(hundreds * 100);
    }
    let (zero, rest) = match rest.strip_prefix(['零', '〇']) {
        Some(rest) if after_hundreds => (true, rest),
        _ => (false, rest),
    };
    let below = match rest.split_once('十') {
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { one_digit(tens).filter(|d| *d > 0)? };
            let ones = if ones.is_empty() { 0 } else { one_digit(ones).filter(|d| *d > 0)? };
            tens * 10 + ones
        }
        // 一百五 is 150 when spoken, but nobody numbers houses so: refuse it.
        None if after_hundreds && !zero => return None,
        None => one_digit(rest)?,
    };
    Some(hundreds * 100 + below)
}

/// The digits of a row of digits: 三零一 is 301, 一二〇三 is 1203. At least three, as rooms have.
pub(super) fn row(numeral: &str) -> Option<String> {
    let digits: Option<String> = numeral.chars().map(|c| digit(c).and_then(|d| char::from_digit(d, 10))).collect();
    digits.filter(|d| d.len() >= 3)
}

fn one_digit(text: &str) -> Option<u32> {
    let mut chars = text.chars();
    let first = digit(chars.next()?)?;
    chars.next().is_none().then_some(first)
}

/// Every run of Chinese numerals in `text` that is a number, as digits; other runs stay.
pub(super) fn as_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_numeral) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_numeral(c)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        out.push_str(before);
        // Invariant: a run next to a digit is not a number of its own ("3十" is no spelling of 310).
        let alone = !before.ends_with(|c: char| c.is_ascii_digit()) && !after.starts_with(|c: char| c.is_ascii_digit());
        match spoken(run).map(|n| n.to_string()).or_else(|| row(run)) {
            Some(digits) if alone => out.push_str(&digits),
            _ => out.push_str(run),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
