use crate::harness::Office;
use crate::harness::pocket::Pocket;
use crate::restless::Restless;
use qiaomen_client::query::DoorFilter;
use qiaomen_proto::ids::CommandId;
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_server::ingest::number_of;
use qiaomen_server::office::Office as Book;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that stands at the office, as a stranger sees it who has just been enrolled: each visit, note
/// and matter, by its text, and how often.
#[track_caller]
pub(crate) fn texts_at_the_office(office: &Office, stranger: &str) -> BTreeMap<String, usize> {
    let mut pocket = Pocket::enrolled(office, stranger, 0);
    pocket.syncs();
    let mut texts: BTreeMap<String, usize> = BTreeMap::new();
    for line in pocket.device.doors(&DoorFilter::default()).unwrap() {
        let page = pocket.device.door(line.household.parse().unwrap()).unwrap();
        let visits = page.visits.into_iter().filter_map(|v| v.note);
        let notes = page.notes.into_iter().map(|n| serde_json::to_value(n).unwrap());
        let tickets = page.tickets.into_iter().map(|t| serde_json::to_value(t).unwrap());
        let said = notes.chain(tickets).map(|line| line["text"].as_str().unwrap_or_default().to_owned());
        visits.chain(said).for_each(|text| *texts.entry(text).or_default() += 1);
    }
    texts
}

/// Each command of these is in the office's book.
#[track_caller]
pub(crate) fn are_at_the_office<'c>(office: &Office, commands: impl IntoIterator<Item = &'c String>) {
    are_in_the_book(&office.data(), commands);
}

/// Each command of these is in the book that lies there, once.
#[track_caller]
pub(crate) fn are_in_the_book<'c>(data: &Path, commands: impl IntoIterator<Item = &'c String>) {
    let book = Book::open(data).unwrap();
    let mut lost = Vec::new();
    for command in commands {
        let id: CommandId = command.parse().unwrap();
        let fates = book.store().read(|tx| tx.command_fates(id)).unwrap();
        let applied = fates.iter().filter(|fate| fate.outcome == number_of(Outcome::Applied));
        if applied.count() != 1 {
            lost.push((command, fates));
        }
    }
    assert!(lost.is_empty(), "not in the book, or more than once: {lost:?}");
}

/// The promises of a phone, held against its outbox and the office. The office is whole.
#[track_caller]
pub(crate) fn promises_are_kept(office: &Office, phone: &Restless) {
    are_at_the_office(office, phone.held.iter().chain(&phone.sent));
}

/// The rescue file is read by the office without the PIN, and says of nothing that it is damaged.
#[track_caller]
pub(crate) fn rescue_file_is_readable(office: &Office, phone: &Restless) {
    let file = phone.phone.home().join("rescue.qmr");
    if file.exists() {
        let found = office.does(["rescue", &file.to_string_lossy()]);
        assert_eq!((&found["damaged_bytes"], &found["unreadable"]), (&json!(0), &json!([])), "{found:#}");
    }
}

/// Nothing else lies in the folder than what belongs there: no half-written file that grows in number.
#[track_caller]
pub(crate) fn folder_is_tidy(phone: &Restless) {
    let known = ["field.db", "field.db-wal", "field.db-shm", "field.lock", "key.check", "keystore.json", "rescue.qmr"];
    for entry in std::fs::read_dir(phone.phone.home()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let half = name.strip_suffix(".new").is_some_and(|whole| known.contains(&whole));
        assert!(half || known.contains(&name.as_str()), "{name} lies in {}", phone.phone.home().display());
    }
}
