use super::float;

/// Units that a wide character takes, and any other.
const WIDE: f64 = 12.0;
const NARROW: f64 = 7.0;
/// Marks on an axis, about.
const MARKS: u64 = 5;
/// Room between two names on an axis.
const GAP: f64 = 6.0;

/// Round numbers from zero to one that is not below the largest value: the marks of an axis.
pub(super) fn marks(largest: u64) -> Vec<u64> {
    let step = round_up(largest.div_ceil(MARKS).max(1));
    let count = largest.div_ceil(step).max(1);
    (0..=count).map(|k| k * step).collect()
}

/// The next of 1, 2, 5, 10, 20, 50 …
fn round_up(n: u64) -> u64 {
    let mut ten = 1_u64;
    loop {
        for step in [1, 2, 5].map(|digit| ten.saturating_mul(digit)) {
            if step >= n {
                return step;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

/// Units that a text takes, about: Chinese characters are square, others half as wide.
pub(crate) fn text_width(text: &str) -> f64 {
    text.chars().map(|c| if u32::from(c) < 0x2e80 { NARROW } else { WIDE }).sum()
}

/// A text that fits into so many units.
pub(crate) fn cut(text: &str, room: f64) -> String {
    if text_width(text) <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        let mut longer = short.clone();
        longer.push(c);
        if text_width(&longer) + NARROW > room {
            break;
        }
        short = longer;
    }
    short.push('…');
    short
}

/// Every how many places a name can stand so that none touches the next.
pub(super) fn stride(labels: &[String], slot: f64) -> usize {
    let widest = labels.iter().map(|l| text_width(l)).fold(0.0, f64::max) + GAP;
    let steps = [1, 2, 3, 4, 6, 8, 12, 24, 48, 96];
    steps.into_iter().find(|k| slot * float(*k) >= widest).and_then(|k| usize::try_from(k).ok()).unwrap_or(labels.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_numbers_and_reaches_the_largest() {
        assert_eq!(marks(0), [0, 1]);
        assert_eq!(marks(1), [0, 1]);
        assert_eq!(marks(4), [0, 1, 2, 3, 4]);
        assert_eq!(marks(5), [0, 1, 2, 3, 4, 5]);
        assert_eq!(marks(6), [0, 2, 4, 6]);
        assert_eq!(marks(97), [0, 20, 40, 60, 80, 100]);
        assert_eq!(marks(100), [0, 20, 40, 60, 80, 100]);
        assert_eq!(marks(101), [0, 50, 100, 150]);
        for largest in 0..5_000 {
            let marks = marks(largest);
            assert!(*marks.last().unwrap() >= largest && marks.len() <= 6, "{largest}: {marks:?}");
        }
        // The largest number there is ends too.
        assert!(marks(u64::MAX / 2).len() >= 2);
    }

    #[test]
    fn names_on_an_axis_never_touch() {
        let hours: Vec<String> = (0..24).map(|h| format!("{h} 时")).collect();
        for slot in [4.0, 18.0, 40.0, 100.0] {
            let k = stride(&hours, slot);
            assert!(float(k as u64) * slot >= text_width("23 时") + GAP, "{slot}: {k}");
        }
        assert_eq!(stride(&hours, 100.0), 1);
    }

    #[test]
    fn a_long_name_is_cut_to_its_room() {
        assert_eq!(cut("疫苗接种协助", 100.0), "疫苗接种协助");
        let short = cut("老旧小区改造和管网更新", 80.0);
        assert!(short.ends_with('…') && text_width(&short) <= 80.0, "{short}");
        assert_eq!(cut("abc", 0.0), "…");
    }
}
