//! Ids, keys and digests by the order in which they appear: a snapshot shows which are the same, and
//! stays as it is when one more of them is drawn somewhere.

use std::collections::HashMap;

/// Names for what is random, kept from one text to the next.
#[derive(Default)]
pub(super) struct Redact {
    names: HashMap<String, usize>,
}

impl Redact {
    /// The text with names in place of ids.
    pub(super) fn text(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut word = String::new();
        for c in text.chars().chain(['\n']) {
            if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                word.push(c);
                continue;
            }
            out.push_str(&self.word(&std::mem::take(&mut word)));
            out.push(c);
        }
        out.pop();
        out
    }

    fn word(&mut self, word: &str) -> String {
        let hexadecimal = word.bytes().all(|b| b.is_ascii_hexdigit());
        if word.len() == 36 && uuid::Uuid::try_parse(word).is_ok() {
            // The short name of an id is its end: both have one number.
            return format!("<id {}>", self.number(&word[28..]));
        }
        match word.len() {
            8 if hexadecimal && !word.starts_with("2025") => format!("<short {}>", self.number(word)),
            32 if hexadecimal => format!("<digest {}>", self.number(word)),
            22 if word.bytes().any(|b| b.is_ascii_uppercase()) => format!("<key {}>", self.number(word)),
            _ => word.to_owned(),
        }
    }

    fn number(&mut self, of: &str) -> usize {
        let next = self.names.len() + 1;
        *self.names.entry(of.to_owned()).or_insert(next)
    }
}
