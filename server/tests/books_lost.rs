//! Books that were lost: an empty file is no new office, a damaged one says so, and a restore goes through whole or
//! leaves nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::books::{COMMUNITY, new_office};
use crate::phone::Town;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Role;
use qiaomen_server::backup::{BackupError, restore};
use qiaomen_server::clock::{Machine, Surroundings};
use qiaomen_server::office::{DATABASE_NAME, Office, OfficeError};
use qiaomen_server::secrets::FILE_NAME;
use qiaomen_server::store::{Store, StoreError, Trouble};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn machine() -> Arc<dyn Surroundings> {
    Arc::new(Machine)
}

/// An office that nobody has open, with a backup beside it.
fn closed_office() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let (dir, office) = new_office();
    let backup = dir.path().join("backup.db");
    office.backup(&backup).unwrap();
    let folder = office.dir().to_owned();
    drop(office);
    (dir, folder, backup)
}

/// Every file of a folder, with what is in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

#[test]
fn a_key_whose_database_is_gone_or_empty_is_neither_opened_nor_founded_anew() {
    for empty in [false, true] {
        let (_dir, folder, _) = closed_office();
        let database = folder.join(DATABASE_NAME);
        fs::remove_file(&database).unwrap();
        if empty {
            fs::write(&database, b"").unwrap();
        }
        let before = files(&folder);
        let opened = Office::open(&folder).unwrap_err();
        assert!(matches!(opened, OfficeError::DatabaseGone { .. }), "{opened:?}");
        let founded = Office::init(&folder, "另一个社区", "150602001002", machine()).unwrap_err();
        assert!(matches!(founded, OfficeError::DatabaseGone { .. }), "{founded:?}");
        assert_eq!(files(&folder), before, "and nothing was written");
    }
}

#[test]
fn an_empty_database_without_a_key_is_a_founding_that_was_cut_short() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(DATABASE_NAME), b"").unwrap();
    assert!(matches!(Office::open(dir.path()), Err(OfficeError::NotInitialised { .. })));
    Office::init(dir.path(), COMMUNITY, "150602001001", machine()).unwrap();
    assert_eq!(Office::open(dir.path()).unwrap().identity().community, COMMUNITY);
}

#[test]
fn a_file_that_is_not_an_office_s_database_is_left_as_it_is() {
    let (_dir, folder, _) = closed_office();
    let database = folder.join(DATABASE_NAME);
    fs::remove_file(&database).unwrap();
    let other = Connection::open(&database).unwrap();
    other.execute_batch("CREATE TABLE picture (name TEXT); INSERT INTO picture VALUES ('cat')").unwrap();
    drop(other);
    let text = b"this is a letter, and quite a long one, so that it has more bytes than a header".repeat(20);
    for foreign in [fs::read(&database).unwrap(), text] {
        fs::write(&database, &foreign).unwrap();
        for error in [
            Office::open(&folder).unwrap_err(),
            Office::init(&folder, COMMUNITY, "150602001001", machine()).unwrap_err(),
        ] {
            assert!(matches!(&error, OfficeError::Store(e) if e.trouble() == Trouble::NotOurs), "{error:?}");
            assert_eq!(error.code(), Code::OfficeDamaged);
        }
        assert!(fs::read(&database).unwrap() == foreign, "not one byte was changed");
    }
}

#[test]
fn a_device_is_told_that_the_office_s_database_is_damaged_and_keeps_its_work() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    let database = town.dir.path().join(DATABASE_NAME);
    {
        // Everything into the file, so that it can be spoilt there.
        let conn = Connection::open(&database).unwrap();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    }
    let Town { dir, office, around, grids, buildings } = town;
    drop(office);
    let pages = pages_of(&database, "device");
    let mut bytes = fs::read(&database).unwrap();
    for page in pages {
        bytes[page * 4096..(page + 1) * 4096].fill(0x5a);
    }
    fs::write(&database, &bytes).unwrap();
    let store = Store::open(&database, false).unwrap();
    let read = store.read(|tx| tx.devices()).unwrap_err();
    assert_eq!(read.trouble(), Trouble::Damaged, "{read:?}");
    drop(store);
    let office = Office::open_with(dir.path(), around.clone()).unwrap();
    let town = Town { dir, office, around, grids, buildings };
    wang.register_door(&town, 0, "102");
    let refused = wang.ask(&town.office).unwrap_err();
    assert_eq!(refused.code, Code::OfficeDamaged);
    assert!(refused.code.retry_helps() && refused.retry_after_s.is_some(), "it comes again when that is mended");
}

/// The pages of a table, from zero.
fn pages_of(database: &Path, table: &str) -> Vec<usize> {
    let conn = Connection::open(database).unwrap();
    let root: i64 =
        conn.query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table], |r| r.get(0)).unwrap();
    vec![usize::try_from(root).unwrap() - 1]
}

#[test]
fn a_restore_that_fails_leaves_nothing_and_the_next_one_goes_through() {
    let (dir, folder, backup) = closed_office();
    let key = folder.join(FILE_NAME);
    let (_other_dir, other, _) = closed_office();
    let half = dir.path().join("half.db");
    let bytes = fs::read(&backup).unwrap();
    fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let letter = dir.path().join("letter.db");
    fs::write(&letter, b"Dear office, ").unwrap();
    let empty = dir.path().join("empty.db");
    fs::write(&empty, b"").unwrap();
    let to = dir.path().join("new");
    for bad in [&half, &letter, &empty] {
        let error = restore(bad, &key, &to, &machine()).unwrap_err();
        assert!(matches!(&error, BackupError::Damaged { path, .. } if path == bad), "{error:?}");
        assert_eq!(files(&to), BTreeMap::new());
    }
    let error = restore(&backup, &other.join(FILE_NAME), &to, &machine()).unwrap_err();
    assert!(matches!(error, BackupError::Office(OfficeError::WrongKeyFile)), "{error:?}");
    let error = restore(&backup, &letter, &to, &machine()).unwrap_err();
    let named = format!("{error:?}");
    assert!(named.contains("Damaged") && named.contains("letter.db"), "the file that was given is named: {named}");
    assert_eq!((files(&to), fs::read_dir(&to).unwrap().count()), (BTreeMap::new(), 0));
    restore(&backup, &key, &to, &machine()).unwrap();
    assert_eq!(Office::open(&to).unwrap().identity().community, COMMUNITY);
    let again = restore(&backup, &key, &to, &machine()).unwrap_err();
    assert!(matches!(again, BackupError::Office(OfficeError::AlreadyInitialised { .. })), "{again:?}");
}

#[test]
fn a_lost_database_is_restored_into_its_own_folder_beside_its_key_and_not_into_another_community_s() {
    let (_dir, folder, backup) = closed_office();
    let (_other_dir, other, _) = closed_office();
    let (key, database) = (folder.join(FILE_NAME), folder.join(DATABASE_NAME));
    let before = fs::read(&key).unwrap();
    fs::remove_file(other.join(DATABASE_NAME)).unwrap();
    let refused = restore(&backup, &key, &other, &machine()).unwrap_err();
    assert!(matches!(refused, BackupError::Office(OfficeError::AlreadyInitialised { .. })), "{refused:?}");
    // The journal of a database that is gone belongs to no other.
    fs::remove_file(&database).unwrap();
    fs::write(folder.join("office.db-wal"), b"what was left of it").unwrap();
    restore(&backup, &key, &folder, &machine()).unwrap();
    let office = Office::open(&folder).unwrap();
    assert_eq!((office.identity().community.as_str(), fs::read(&key).unwrap()), (COMMUNITY, before));
    assert_eq!(fs::read(folder.join("office.db-wal.lost0")).unwrap(), b"what was left of it");
    assert_eq!(office.store().integrity().unwrap(), Vec::<String>::new());
}

#[test]
fn what_is_the_matter_is_told_by_what_failed() {
    let trouble = |error: &StoreError| error.trouble();
    assert_eq!(trouble(&StoreError::Damaged("meta")), Trouble::Damaged);
    assert_eq!(trouble(&StoreError::Commit { why: Some(rusqlite::ErrorCode::DiskFull) }), Trouble::Full);
    assert_eq!(trouble(&StoreError::Commit { why: Some(rusqlite::ErrorCode::DatabaseBusy) }), Trouble::Busy);
    assert_eq!(trouble(&StoreError::Commit { why: None }), Trouble::Other);
    assert_eq!(
        OfficeError::from(StoreError::Commit { why: Some(rusqlite::ErrorCode::DiskFull) }).code(),
        Code::OfficeFull
    );
}
