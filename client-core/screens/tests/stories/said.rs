//! Each sentence of the device has its English, with the same values in it.

use qiaomen_client::error::What;
use qiaomen_client::search::MatchedBy;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Kind, Role};
use qiaomen_proto::merge::fold::{EventKind, Stage, WhyNot};
use qiaomen_proto::sentence::Sentence;
use qiaomen_screens::settings::{Language, Settings};
use std::collections::BTreeSet;
use std::path::Path;

const MACRO: &str = "sentence!(";
const ENGLISH: &str = include_str!("../../texts/en.ftl");
const DEVICE_IN_ENGLISH: &str = include_str!("../../texts/device.en.ftl");

/// What the app says for it in a language.
fn said(language: Language, sentence: &Sentence) -> String {
    Settings { language, ..Settings::default() }.says(sentence)
}

fn keys(source: &str) -> BTreeSet<&str> {
    source.lines().filter_map(|l| l.split_once(" =")).map(|(key, _)| key).filter(|k| !k.starts_with(' ')).collect()
}

/// What the device says in Chinese although it is none of its sentences: how people write, and words of the book.
const OF_THE_BOOK: [&str; 17] = [
    "src/search/",
    "src/query/care.rs",
    "src/store/query_",
    // Titles of permanent names; the pages say them by the name.
    "src/query/field.rs",
    "src/query/history.rs",
    "src/query/doors.rs",
    "src/edit/intent.rs",
    "src/outbox/mod.rs",
    "src/outbox/intended.rs",
    "src/error/edit.rs",
    // How the command line calls a field.
    "src/query/find.rs",
    // What stands in place of a name that is not known; the pages know it again.
    "src/query/in_place.rs",
    "src/query/sight.rs",
    "src/query/conflicts.rs",
    "src/query/tickets.rs",
    "src/query/door.rs",
    "src/edit/plan_ticket.rs",
];

/// Every source of a crate beside this one, with what stands after its tests left out.
fn sources(of: &str) -> Vec<(String, String)> {
    fn read(folder: &Path, into: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, into);
            } else if path.file_name().is_some_and(|name| name != "tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let product = text.split("#[cfg(test)]").next().unwrap().to_owned();
                into.push((path.display().to_string(), product));
            }
        }
    }
    let mut all = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(of), &mut all);
    all
}

/// Key and Chinese words of every sentence that is written there.
fn written(text: &str) -> Vec<(String, String)> {
    text.match_indices(MACRO)
        .filter_map(|(at, _)| {
            let mut pieces = text[at + MACRO.len()..].split('"');
            let (before, key, comma, words) = (pieces.next()?, pieces.next()?, pieces.next()?, pieces.next()?);
            (before.trim().is_empty() && comma.trim() == ",").then(|| (key.to_owned(), words.to_owned()))
        })
        .collect()
}

/// Names in braces, each once.
fn values(text: &str, opens: &str) -> BTreeSet<String> {
    let name = |piece: &str| {
        piece
            .trim_start_matches(['$', ' '])
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    text.split(opens).skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

/// The text of a key with what stands below it.
fn english(key: &str) -> String {
    let start = DEVICE_IN_ENGLISH.find(&format!("\n{key} =")).unwrap_or_else(|| panic!("no English for {key}"));
    let rest = &DEVICE_IN_ENGLISH[start + 1..];
    let lines = rest.lines().enumerate().take_while(|(n, line)| *n == 0 || line.starts_with(' '));
    lines.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_sentence_of_the_device_is_said_in_english_with_the_same_values() {
    let mut count = 0;
    for (path, text) in sources("../src").into_iter().chain(sources("../../proto/src")) {
        if path.ends_with("sentence.rs") {
            continue;
        }
        assert_eq!(text.matches(MACRO).count(), written(&text).len(), "{path}: a sentence that cannot be read");
        for (key, chinese) in written(&text) {
            count += 1;
            assert_eq!(values(&chinese, "{"), values(&english(&key), "$"), "{path}: {key}");
        }
    }
    assert!(count > 100, "only {count} sentences were found");
}

#[test]
fn what_stands_in_tables_is_said_in_english() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut all: Vec<Sentence> = Code::ALL.iter().map(|code| (*code).into()).collect();
    all.extend(Stage::ALL.map(Sentence::from));
    all.extend(WhyNot::ALL.map(Sentence::from));
    all.extend(Role::ALL.map(Role::called));
    all.extend(EventKind::ALL.into_iter().map(|kind| Sentence::of("step", kind.name(), kind.title())));
    for kind in Kind::ALL {
        for container in kind_spec(kind).containers {
            all.push(Sentence::of("field", container.name, container.label));
            all.extend(container.fields.iter().map(|field| Sentence::of("field", field.name, field.label)));
        }
    }
    for what in What::ALL {
        all.push(Sentence::of("what", what.name(), what.label()));
    }
    for by in MatchedBy::ALL {
        all.push(Sentence::of("by", by.name(), by.label()));
    }
    for sentence in all {
        let english = said(Language::English, &sentence);
        assert!(!chinese(&english), "{}: {english}", sentence.key());
    }
}

#[test]
fn the_device_says_nothing_in_chinese_that_has_no_key() {
    for (path, text) in sources("../src") {
        if OF_THE_BOOK.iter().any(|of| path.contains(of)) {
            continue;
        }
        let said: Vec<String> = written(&text).into_iter().map(|(_, words)| words).collect();
        for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for literal in line.split('"').skip(1).step_by(2) {
                let chinese = literal.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                assert!(!chinese || said.iter().any(|words| words == literal), "{path}:{}: {literal}", n + 1);
            }
        }
    }
}

#[test]
fn no_key_of_the_device_stands_in_the_texts_of_the_app_as_well() {
    let both: Vec<&str> = keys(DEVICE_IN_ENGLISH).intersection(&keys(ENGLISH)).copied().collect();
    assert_eq!(both, [""; 0]);
}

#[test]
fn a_sentence_within_a_sentence_is_said_in_the_same_language() {
    let inner = Code::ValueForm;
    let outer = qiaomen_proto::sentence!("edit-not-possible", "没有存：{why}。", why = Sentence::from(inner));
    assert!(said(Language::English, &outer).starts_with("Not saved: What was filled in"));
    assert_eq!(said(Language::Chinese, &outer), outer.text());
}
