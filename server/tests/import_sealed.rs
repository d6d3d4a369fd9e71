//! No name, phone or identity number of a book can be read in any file of the office, and search still
//! finds them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::books::{example, import, new_office};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, ResidentId};
use qiaomen_proto::reference::WORKER_NAME_FIELD;
use qiaomen_proto::seal::BlindKind;
use qiaomen_server::ledger::book::Book;
use qiaomen_server::office::{Office, OfficeError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What must not be readable: what people told, staff included, in every spelling that a file could have.
fn secrets(book: &Book) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    let people = book.doors.iter().flat_map(|door| &door.people);
    for person in people {
        secrets.extend(person.name.value().cloned());
        secrets.extend(person.identity.value().map(|i| i.as_str().to_owned()));
        secrets.extend(person.phone.value().map(|p| p.as_str().to_owned()));
        secrets.extend(person.note.clone());
    }
    for one in &book.staff {
        secrets.insert(one.name.clone());
        secrets.extend(one.phone.as_ref().map(|p| p.as_str().to_owned()));
    }
    secrets.extend(book.tickets.iter().map(|ticket| ticket.text.clone()));
    secrets.retain(|secret| secret.chars().count() >= 2);
    secrets
}

/// The secrets that stand in a file of the folder as UTF-8 or UTF-16.
fn readable(dir: &Path, secrets: &BTreeSet<String>) -> Vec<String> {
    // By their first four bytes, so that a file is passed over once for all of them.
    let mut by_start: BTreeMap<[u8; 4], Vec<(Vec<u8>, &String)>> = BTreeMap::new();
    for secret in secrets {
        let wide = |order: fn(u16) -> [u8; 2]| secret.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        // Four bytes (a name of two characters in UTF-16) stand in megabytes of ciphertext by chance.
        let spellings = [secret.as_bytes().to_vec(), wide(u16::to_le_bytes), wide(u16::to_be_bytes)];
        for bytes in spellings.into_iter().filter(|b| b.len() >= 6) {
            by_start.entry(bytes[..4].try_into().unwrap()).or_default().push((bytes, secret));
        }
    }
    let mut found = Vec::new();
    let mut files = 0;
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if entry.file_name() == "community.key" {
            continue;
        }
        files += 1;
        let bytes = std::fs::read(entry.path()).unwrap();
        for (at, start) in bytes.windows(4).enumerate() {
            for (secret, said) in by_start.get(start).into_iter().flatten() {
                if bytes[at..].starts_with(secret) {
                    found.push(format!("{said} in {:?} at {at}", entry.file_name()));
                }
            }
        }
    }
    assert!(files > 0);
    found
}

#[test]
fn no_file_of_the_office_tells_what_the_book_says_about_people() {
    for name in ["small", "community"] {
        let (dir, office) = new_office();
        let book = example(name);
        let secrets = secrets(&book);
        assert!(secrets.len() > 300);
        import(&office, &book);
        let folder = dir.path().join("office");
        assert!(folder.join("office.db-wal").exists(), "the log of the database is looked at too");
        assert_eq!(readable(&folder, &secrets), Vec::<String>::new(), "{name}: while it is open");
        drop(office);
        assert_eq!(readable(&folder, &secrets), Vec::<String>::new(), "{name}: when it is closed");
    }
}

#[test]
fn the_look_for_secrets_finds_what_is_not_sealed() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a"), "…其木格·乌云…").unwrap();
    let wide: Vec<u8> = "巴特尔".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(dir.path().join("b"), wide).unwrap();
    let secrets = BTreeSet::from(["其木格·乌云".to_owned(), "巴特尔".to_owned(), "王芳".to_owned()]);
    assert_eq!(readable(dir.path(), &secrets).len(), 2);
}

/// Residents with this blind index who really have this value.
fn found_by(office: &Office, kind: BlindKind, text: &str, field: &str) -> usize {
    let blind = office.secrets().blind.blind(kind, text);
    office
        .store()
        .read(|tx| -> Result<usize, OfficeError> {
            let subjects = tx.by_blind(kind.number(), &blind)?;
            for subject in &subjects {
                let doc = DocId::from(ResidentId(*subject));
                let (register, ring) = (tx.register(doc)?.unwrap(), office.ring(tx, [*subject])?);
                let value = View::new(&register, &ring).text(field).unwrap();
                assert!(value.ends_with(text), "the index leads to somebody else");
            }
            Ok(subjects.len())
        })
        .unwrap()
}

#[test]
fn residents_are_found_by_number_phone_last_digits_and_name() {
    let (_dir, office) = new_office();
    let book = example("small");
    import(&office, &book);
    for person in book.doors.iter().flat_map(|door| &door.people) {
        if let Some(name) = person.name.value() {
            assert!(found_by(&office, BlindKind::Name, name, "name") >= 1);
        }
        if let Some(identity) = person.identity.value() {
            assert_eq!(found_by(&office, BlindKind::Identity, identity.as_str(), "identity"), 1);
            assert!(found_by(&office, BlindKind::IdentityLast4, identity.last4(), "identity") >= 1);
        }
        if let Some(phone) = person.phone.value() {
            assert!(found_by(&office, BlindKind::Phone, phone.as_str(), "phone") >= 1);
            assert!(found_by(&office, BlindKind::PhoneLast4, phone.last4(), "phone") >= 1);
        }
    }
    assert_eq!(found_by(&office, BlindKind::Name, "没有这个人", "name"), 0);
}

#[test]
fn staff_are_found_by_name_and_only_the_key_file_opens_it() {
    let (_dir, office) = new_office();
    let book = example("small");
    import(&office, &book);
    office
        .store()
        .read(|tx| -> Result<(), OfficeError> {
            let workers = tx.workers()?;
            for one in &book.staff {
                let blind = office.secrets().blind.blind(BlindKind::StaffName, &one.name);
                let row = workers.iter().find(|row| row.name_blind == blind && row.role.title() == one.role).unwrap();
                let ring = office.ring(tx, [row.id.0])?;
                assert_eq!(ring.open(&row.id.0, WORKER_NAME_FIELD, &row.name).unwrap(), one.name.as_bytes());
                assert_eq!(row.phone.is_some(), one.phone.is_some());
                assert_eq!(row.appointed_on, one.appointed_on.map(|day| day.to_string()));
            }
            Ok(())
        })
        .unwrap();
}
