use crate::dice::Dice;
use crate::harness::folder::Folder;
use crate::harness::page::all;
use crate::harness::phone::PIN;
use crate::harness::pocket::Pocket;
use crate::harness::{Office, settle};
use crate::judge;
use qiaomen_client::query::DoorFilter;
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, Intent, SystemHost};
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{CommandId, HouseholdId};
use qiaomen_proto::wire::rescue::read_records;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What a power cut leaves of a file of which only this much was on the disk: a shorter file, or one of the
/// same length with something else behind.
fn torn(bytes: &[u8], kept: usize, dice: &mut Dice) -> Vec<u8> {
    let mut left = bytes[..kept].to_vec();
    match dice.below(3) {
        0 => {}
        1 => left.resize(bytes.len(), 0),
        _ => left.extend((kept..bytes.len()).map(|_| u8::try_from(dice.below(256)).expect("a byte"))),
    }
    left
}

/// The files of a folder at this moment, in another folder, with one of them replaced.
fn copied(from: &Path, to: &Path, instead: (&str, &[u8])) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        // The index of the log lies in shared memory; after a power cut it is not there.
        if !name.to_string_lossy().ends_with("-shm") {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
    fs::write(to.join(instead.0), instead.1).unwrap();
}

fn length(path: &Path) -> usize {
    usize::try_from(fs::metadata(path).unwrap().len()).unwrap()
}

fn visit(device: &mut Device, door: HouseholdId, note: &str) -> CommandId {
    device.edit(Intent::Visit { household: door, outcome: Outcome::Met, note: Some(note.to_owned()) }).unwrap()
}

#[test]
fn a_rescue_file_that_ends_in_the_middle_hides_none_of_its_whole_records() {
    let mut dice = Dice::of("a_rescue_file_that_ends");
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    for n in 0..5 {
        wang.does(["visit", "1-1-202", "--outcome", "met", "--note", &format!("走访 {n}")]);
    }
    let file = wang.home().join("rescue.qmr");
    let whole = fs::read(&file).unwrap();
    let ends: Vec<usize> = read_records(&whole)
        .0
        .iter()
        .scan(0, |end, record| {
            *end += record.whole.len();
            Some(*end)
        })
        .collect();
    assert_eq!(ends.len(), 5);
    for _ in 0..24 {
        let kept = ends[0] + dice.place(whole.len() - ends[0]);
        fs::write(&file, torn(&whole, kept, &mut dice)).unwrap();
        let found = office.does(["rescue", &file.to_string_lossy()]);
        let there = found["commands"].as_array().unwrap().len();
        assert_eq!(there, ends.iter().filter(|end| **end <= kept).count(), "cut at {kept}");
        assert_eq!(found["unreadable"].as_array().map(Vec::len), Some(0));
    }
    // Behind a torn end the next record is whole, and a sync tidies up.
    fs::write(&file, torn(&whole, ends[2] + 40, &mut dice)).unwrap();
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "走访 5"]);
    let found = office.does(["rescue", &file.to_string_lossy()]);
    assert_eq!(found["commands"].as_array().map(Vec::len), Some(4), "{found:#}");
    assert!(found.to_string().contains("走访 5"));
    settle(&office, &[&wang]);
    assert_eq!(all(&wang.door("1-1-202")["visits"], "note").len(), 6);
    let left = fs::read(&file).unwrap();
    assert!(read_records(&left).0.is_empty());
}

#[test]
fn a_key_store_that_was_being_written_leaves_the_one_that_was_there() {
    let mut dice = Dice::of("a_key_store_that");
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "没送出的走访"]);
    let (file, beside) = (wang.home().join("keystore.json"), wang.home().join("keystore.json.new"));
    let whole = fs::read(&file).unwrap();
    for _ in 0..8 {
        let kept = dice.place(whole.len());
        fs::write(&beside, torn(&whole, kept, &mut dice)).unwrap();
        assert_eq!(wang.outbox().len(), 1);
    }
    // A disk that loses what it had said was written: said apart, and nothing is deleted.
    for _ in 0..8 {
        let kept = dice.place(whole.len() - 2);
        fs::write(&file, &whole[..kept]).unwrap();
        let (code, sentence) = wang.fails(4, ["status"]);
        assert_eq!(code, "keystore_damaged");
        assert!(sentence.contains("救援文件"), "{sentence}");
        assert_eq!(fs::read(&file).unwrap(), &whole[..kept], "nothing was repaired by guessing");
    }
    fs::write(&file, &whole).unwrap();
    settle(&office, &[&wang]);
}

#[test]
fn a_phone_that_loses_power_has_every_edit_that_was_on_the_disk_and_the_rescue_file_has_the_rest() {
    let mut dice = Dice::of("a_phone_that_loses_power");
    let office = Office::with_ledger();
    let (folder, url) = (Folder::new("power"), office.wire.url());
    let home = folder.path().join("home");
    let mut device = Device::create(&home, PIN, Box::new(SystemHost)).unwrap();
    device.enrol(&mut HttpTransport::new(&url), &url, &office.code("马桂")).unwrap();
    let sync = |device: &mut Device| {
        let report = device.sync(&mut HttpTransport::new(&url), &mut |_| {}, &AtomicBool::new(false)).unwrap();
        assert!(report.complete && report.digest == report.office_digest, "{report:?}");
    };
    sync(&mut device);
    drop(device);
    // Opening brings the log home: from here on it holds the edits and nothing else.
    let mut device = Device::open(&home, PIN, Box::new(SystemHost)).unwrap();
    let door: HouseholdId = device.doors(&DoorFilter::default()).unwrap()[0].household.parse().unwrap();
    let log = home.join("field.db-wal");
    // After each edit: its command, and how much of the log its return had promised to be on the disk.
    let promised: Vec<(CommandId, usize)> =
        (0..10).map(|n| (visit(&mut device, door, &format!("走访 {n}")), length(&log))).collect();
    let whole = fs::read(&log).unwrap();
    for round in 0..40 {
        let kept = if round == 0 { whole.len() } else { dice.place(whole.len()) };
        let after = folder.path().join(format!("after-{round}"));
        copied(&home, &after, ("field.db-wal", &torn(&whole, kept, &mut dice)));
        let device = Device::open(&after, PIN, Box::new(SystemHost))
            .unwrap_or_else(|e| panic!("{kept} of {} bytes: {e:?}", whole.len()));
        let there: BTreeSet<CommandId> = device.unacknowledged().unwrap().iter().map(|row| row.command).collect();
        let rescued = device.rescue_file().commands().unwrap();
        for (command, end) in &promised {
            assert!(*end > kept || there.contains(command), "{command} was on the disk: {kept} of {}", whole.len());
            assert!(rescued.contains(command), "{command} is in no rescue file");
        }
        drop(device);
        for name in ["keystore.json", "key.check", "field.db", "rescue.qmr"] {
            assert!(after.join(name).exists(), "{name} is gone");
        }
    }
    // The one whose disk had kept its word goes on, and brings everything home.
    drop(device);
    let mut device = Device::open(&folder.path().join("after-0"), PIN, Box::new(SystemHost)).unwrap();
    sync(&mut device);
    assert_eq!(device.door(door).unwrap().visits.iter().filter(|v| v.note.is_some()).count(), 10);
    judge::are_at_the_office(&office, &promised.iter().map(|(c, _)| c.to_string()).collect::<Vec<_>>());
    office.verifies();
}

#[test]
fn an_office_that_loses_power_has_everything_that_it_had_acknowledged() {
    let mut dice = Dice::of("an_office_that_loses_power");
    let mut office = Office::with_ledger();
    let mut wang = Pocket::enrolled(&office, "马桂", 0);
    wang.syncs();
    let door: HouseholdId = wang.device.doors(&DoorFilter::default()).unwrap()[0].household.parse().unwrap();
    let log = office.data().join("office.db-wal");
    let mut acknowledged = Vec::new();
    for n in 0..8 {
        let command = visit(&mut wang.device, door, &format!("走访 {n}")).to_string();
        wang.syncs();
        acknowledged.push((command, length(&log)));
    }
    let whole = fs::read(&log).unwrap();
    let least = acknowledged[0].1;
    for round in 0..16 {
        let kept = least + dice.place(whole.len() - least);
        let after = office.beside(&format!("after-{round}"));
        copied(&office.data(), &after, ("office.db-wal", &torn(&whole, kept, &mut dice)));
        let there = acknowledged.iter().filter(|(_, end)| *end <= kept).map(|(command, _)| command);
        judge::are_in_the_book(&after, there);
        let verified = crate::harness::program::run(
            &crate::harness::program::ours("qiaomen"),
            ["verify", "--data", &after.to_string_lossy(), "--json"],
        );
        assert_eq!(verified.exit, 0, "{kept} of {} bytes: {verified}", whole.len());
    }
    // Power is back, and what had not been acknowledged was torn: nobody notices.
    let kept = acknowledged.last().unwrap().1;
    office.kill();
    fs::write(&log, torn(&whole, kept, &mut dice)).unwrap();
    office.serve();
    wang.syncs();
    judge::are_at_the_office(&office, acknowledged.iter().map(|(command, _)| command));
    office.verifies();
}

#[test]
fn an_office_whose_database_is_damaged_says_so_and_leaves_it_as_it_is() {
    let mut office = Office::with_ledger();
    office.kill();
    let file = office.data().join("office.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[..4000].fill(0x5a);
    fs::write(&file, &bytes).unwrap();
    let log = office.data().join("office.db-wal");
    if log.exists() {
        fs::write(&log, b"").unwrap();
    }
    let key = fs::read(office.data().join("community.key")).unwrap();
    for command in [vec!["verify"], vec!["conflicts"], vec!["init", "--community", "x", "--region", "150782001001"]] {
        let told = office.told(command);
        assert_eq!(told.exit, 1, "{told}");
        let sentence = told.json["error"]["sentence"].as_str().unwrap_or_default().to_owned();
        assert!(sentence.contains("没有改动") && sentence.contains("office.db"), "{told}");
        assert_eq!(fs::read(&file).unwrap(), bytes, "it is left as it is");
        assert_eq!(fs::read(office.data().join("community.key")).unwrap(), key);
    }
}
