//! Everything that people read, by language. The words stand in `texts/`; a page names a key.
//!
//! What the device itself says (why an edit was not made, what a step is called) comes from client-core as a sentence
//! that is Chinese and has a key. In Chinese it is shown as it is; `texts/device.en.ftl` says the same in English, and
//! `texts/book.en.ftl` the words of the book.

use crate::book::{is_in_words, key_of};
use crate::settings::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use qiaomen_client::query::{CommandWords, InPlace, Said};
use qiaomen_proto::entity::value::SEPARATORS;
use qiaomen_proto::sentence::{Sentence, Value};
use std::sync::OnceLock;

const CHINESE: &str = include_str!("../texts/zh-CN.ftl");
const ENGLISH: &str = include_str!("../texts/en.ftl");
const DEVICE_IN_ENGLISH: &str = include_str!("../texts/device.en.ftl");
const BOOK_IN_ENGLISH: &str = include_str!("../texts/book.en.ftl");

type Bundle = FluentBundle<FluentResource>;

/// The words of one language.
#[derive(Clone, Copy)]
pub(crate) struct Texts {
    bundle: &'static Bundle,
}

fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: [OnceLock<Bundle>; 2] = [OnceLock::new(), OnceLock::new()];
    let (place, sources) = match language {
        Language::Chinese => (&BUNDLES[0], &[CHINESE][..]),
        Language::English => (&BUNDLES[1], &[ENGLISH, DEVICE_IN_ENGLISH, BOOK_IN_ENGLISH][..]),
    };
    place.get_or_init(|| {
        let mut bundle = Bundle::new_concurrent(language.code().parse().into_iter().collect());
        // Both languages run from left to right: marks between a sentence and its values would only be copied along.
        bundle.set_use_isolating(false);
        for source in sources {
            // What cannot be read is left out; the tests see to it that everything can.
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partly, _)| partly);
            bundle.add_resource_overriding(resource);
        }
        bundle
    })
}

impl Texts {
    /// The words of this language.
    pub(crate) fn of(language: Language) -> Self {
        Self { bundle: bundle(language) }
    }
    fn find(self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        Some(self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned())
    }
    /// The text of this key; the key itself if there is none, which a test would have found.
    pub(crate) fn say(self, key: &str) -> String {
        self.find(key, None).unwrap_or_else(|| key.to_owned())
    }
    /// The text of this key, if there is one; else what the device calls it.
    pub(crate) fn or(self, key: &str, otherwise: &str) -> String {
        self.find(&key.replace('_', "-"), None).unwrap_or_else(|| otherwise.to_owned())
    }
    /// What the device says.
    pub(crate) fn said(self, sentence: &Sentence) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in sentence.values() {
            let value: FluentValue<'_> = match value {
                Value::Number(n) => i64::try_from(*n).unwrap_or(i64::MAX).into(),
                // How a door is held is a word of the book; other words are somebody's own.
                Value::Words(words) => self.of_book(name, words).into(),
                Value::Said(inner) => self.said(inner).into(),
            };
            args.set(name.to_owned(), value);
        }
        self.find(sentence.key(), Some(&args)).unwrap_or_else(|| self.word(sentence.text()))
    }
    /// What was answered to a field: its value, or in words what stands in place of one.
    pub(crate) fn answer(self, field: &str, said: &Said) -> String {
        self.or(&format!("said-{}", said.state), &self.of_book(field, &said.text))
    }
    /// A word of the book in this language; anything else stays as it is.
    fn word(self, text: &str) -> String {
        key_of(text).and_then(|key| self.find(key, None)).unwrap_or_else(|| text.to_owned())
    }
    /// What stands in a field, in this language as far as it is words of the book. What people wrote stays as it is.
    pub(crate) fn of_book(self, field: &str, value: &str) -> String {
        let spoken = |word: &str| key_of(word).and_then(|key| self.find(key, None));
        let words = || value.split(SEPARATORS).map(str::trim).filter(|word| !word.is_empty());
        if !is_in_words(field) || !words().any(|word| spoken(word).is_some()) {
            return value.to_owned();
        }
        let words: Vec<String> = words().map(|word| spoken(word).unwrap_or_else(|| word.to_owned())).collect();
        words.join(&self.or("book-between", ""))
    }
    /// How a visit, a call or a round ended.
    pub(crate) fn ended(self, kind: &str, outcome: &str, otherwise: &str) -> String {
        let of_any = self.or(&format!("outcome-{outcome}"), otherwise);
        self.or(&format!("outcome-{kind}-{outcome}"), &of_any)
    }
    /// A name, or what stands in its place.
    pub(crate) fn named(self, name: &str) -> String {
        let with = |key: &str, name: &'static str, word: &str| self.with(key, &[(name, word)]);
        match InPlace::of(name) {
            None => name.to_owned(),
            Some(InPlace::Unnamed) => self.say("in-place-unnamed"),
            Some(InPlace::Answer(state)) => self.or(&format!("in-place-{state}"), name),
            Some(InPlace::NoWords) => self.say("in-place-no-words"),
            Some(InPlace::Office) => self.say("in-place-office"),
            Some(InPlace::NotHere(end)) => with("in-place-not-here", "end", end),
            Some(InPlace::NoBuilding(rest)) => with("in-place-no-building", "rest", rest),
            Some(InPlace::Staff(role, end)) => {
                let post = role.map_or_else(|| self.say("in-place-post"), |role| self.said(&role.called()));
                self.with("in-place-staff", &[("post", &post), ("end", end)])
            }
        }
    }
    /// What a matter is about, or what stands in its place: of what people wrote nothing is changed.
    pub(crate) fn matter(self, text: &str) -> String {
        let nothing = matches!(InPlace::of(text), Some(InPlace::NoWords | InPlace::NotHere(_)));
        if nothing { self.named(text) } else { text.to_owned() }
    }
    /// Where something was done, and to whom.
    pub(crate) fn about(self, words: &CommandWords) -> String {
        let pieces = [words.place.as_deref(), words.about.as_deref()];
        pieces.into_iter().flatten().map(|piece| self.named(piece)).collect::<Vec<_>>().join(" ")
    }
    /// What a command did, and to what.
    pub(crate) fn command(self, words: &CommandWords) -> String {
        let (about, what) = (self.about(words), self.said(&words.what));
        if about.is_empty() { what } else { self.with("outbox-told", &[("about", &about), ("what", &what)]) }
    }
    /// A text with a number.
    pub(crate) fn count(self, key: &str, n: impl TryInto<i64>) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n.try_into().unwrap_or(i64::MAX));
        self.find(key, Some(&args)).unwrap_or_else(|| key.to_owned())
    }
    /// A text with several numbers.
    pub(crate) fn counts(self, key: &str, numbers: &[(&'static str, u64)]) -> String {
        let mut args = FluentArgs::new();
        for (name, n) in numbers {
            args.set(*name, i64::try_from(*n).unwrap_or(i64::MAX));
        }
        self.find(key, Some(&args)).unwrap_or_else(|| key.to_owned())
    }
    /// A text with words in it.
    pub(crate) fn with(self, key: &str, words: &[(&'static str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, word) in words {
            args.set(*name, *word);
        }
        self.find(key, Some(&args)).unwrap_or_else(|| key.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(source: &str) -> BTreeSet<&str> {
        source.lines().filter_map(|l| l.split_once(" =")).map(|(key, _)| key).filter(|k| !k.starts_with(' ')).collect()
    }

    #[test]
    fn both_languages_say_the_same_things_and_every_line_can_be_read() {
        assert_eq!(keys(CHINESE), keys(ENGLISH));
        for source in [CHINESE, ENGLISH, DEVICE_IN_ENGLISH, BOOK_IN_ENGLISH] {
            let read = FluentResource::try_new(source.to_owned());
            assert!(read.is_ok(), "{:?}", read.err().map(|(_, e)| e));
        }
    }

    #[test]
    fn words_of_the_book_are_said_in_english_and_stay_as_they_are_in_chinese_and_where_people_wrote_them() {
        let (chinese, english) = (Texts::of(Language::Chinese), Texts::of(Language::English));
        for (field, value, said) in [
            ("use", "自住", "Owner-occupied"),
            ("categories", "独居老人、党员", "Elderly living alone, Party member"),
            ("categories", "党员、会修锁", "Party member, 会修锁"),
            ("categories", "会修锁；会理发", "会修锁；会理发"),
            ("employer", "其他", "其他"),
        ] {
            assert_eq!((english.of_book(field, value).as_str(), chinese.of_book(field, value).as_str()), (said, value));
        }
        for key in keys(BOOK_IN_ENGLISH) {
            assert_eq!(chinese.find(key, None), None, "{key}");
        }
        for line in include_str!("book.rs").lines().filter(|line| line.contains(", \"book-")) {
            let key = line.split('"').nth(3).unwrap();
            assert!(keys(BOOK_IN_ENGLISH).contains(key), "{key}");
        }
    }

    #[test]
    fn every_key_that_a_page_names_has_a_text() {
        let known = keys(CHINESE);
        for (path, text) in sources() {
            for call in [".say(\"", ".count(\"", ".counts(\"", ".with(\""] {
                for (at, _) in text.match_indices(call) {
                    let key = text[at + call.len()..].split('"').next().unwrap_or_default();
                    assert!(known.contains(key), "{path}: no text {key}");
                }
            }
        }
    }

    #[test]
    fn no_chinese_word_stands_in_the_code_of_a_page() {
        for (path, text) in sources().into_iter().filter(|(path, _)| !path.ends_with("book.rs")) {
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            for line in product.lines().filter(|l| !l.trim_start().starts_with("//")) {
                let found = line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                assert!(!found, "{path}: {line}");
            }
        }
    }

    fn sources() -> Vec<(String, String)> {
        fn read(folder: &std::path::Path, into: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, into);
                } else {
                    into.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let mut all = Vec::new();
        read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
        all
    }
}
