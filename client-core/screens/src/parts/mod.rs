/// A door in a list, and its state at a glance.
pub(crate) mod door;
/// A question beside which stand "would not say" and "does not know".
pub(crate) mod answer;
/// Characters of a note that are kept at most, as far as they are Chinese.
pub(crate) const WORDS_MAX: usize = 2_600;
/// Those of what a matter is about, as its field has it.
pub(crate) const MATTER_WORDS_MAX: usize = 2_000;

/// The buildings that somebody may choose from.
pub(crate) mod building;
/// Choosing pictures.
pub(crate) mod file;
/// A matter in a list.
pub(crate) mod matter;

use maud::{Markup, html};

/// A symbol of the sprite. It says nothing to a screen reader: a word stands beside it.
pub(crate) fn symbol(name: &str) -> Markup {
    html! { svg.symbol aria-hidden="true" focusable="false" { use href={ "#s-" (name) } {} } }
}

/// What a list says that has nothing in it.
pub(crate) fn nothing(sentence: &str) -> Markup {
    html! { p.nothing { (sentence) } }
}

/// The time of day of an instant as people read it, or its day if that was not today.
pub(crate) fn when(at: &str, today: &str) -> String {
    match at.split_once(' ') {
        Some((day, time)) if day == today => time.to_owned(),
        Some((day, time)) if day.get(..4) == today.get(..4) => format!("{} {time}", day.get(5..).unwrap_or(day)),
        _ => at.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_instant_only_what_is_not_obvious_is_said() {
        assert_eq!(when("2026-05-06 09:10", "2026-05-06"), "09:10");
        assert_eq!(when("2026-05-05 09:10", "2026-05-06"), "05-05 09:10");
        assert_eq!(when("2025-05-05 09:10", "2026-05-06"), "2025-05-05 09:10");
    }
}
