//! Choosing pictures, in our own words: a browser's own box speaks the browser's language. The box is there all the same,
//! without being seen: keyboard, screen reader and a phone's camera find it where they always do.

use super::symbol;
use crate::texts::Texts;
use maud::{Markup, html};

/// A box for pictures with these words on it; beside them stands how many were chosen.
pub(crate) fn pictures(t: Texts, key: &str, input: &Markup) -> Markup {
    html! {
        label.file {
            (input)
            span.button.second { (symbol("camera")) (t.say(key)) }
            // The script puts the number in.
            span.chosen aria-live="polite" data-said=(t.say("file-chosen")) {}
        }
    }
}
