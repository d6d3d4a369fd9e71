//! A device's rescue file is read without its PIN, and let in as if the device had brought it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::dispute::Dispute;
use crate::phone::Phone;
use qiaomen_proto::seal::{BoxPublic, KeyBundle};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::rescue::{Rescued, seal_record};
use qiaomen_server::review::{apply_rescue, read_rescue};
use std::collections::HashSet;

/// What a device keeps beside its database: one record for each command of its outbox.
fn file_of(phone: &Phone, office: &BoxPublic) -> Vec<u8> {
    let mut file = Vec::new();
    for command in &phone.outbox {
        let nobody = HashSet::new();
        let mut batch = BatchWriter::new(&nobody);
        batch.push(command, Form::InFull).unwrap();
        let subjects = command.changes.iter().map(|c| c.doc.uuid);
        let keys: KeyBundle = subjects
            .flat_map(|s| phone.ring.keys_of(&s).map(move |(_, k)| (s, k.clone())).collect::<Vec<_>>())
            .collect();
        let rescued = Rescued { batch: batch.finish(), keys: keys.encode().unwrap().to_vec(), intent: "{}".to_owned() };
        file.extend(seal_record(office, command.stamp.command, &rescued, [5; 32]).unwrap());
    }
    file
}

#[test]
fn what_had_not_reached_the_office_is_read_in_words_and_let_in_once() {
    let mut d = Dispute::none_yet();
    let chen = d.wang.register_resident(51, d.door, "陈小红", "13900000005");
    d.wang.set_phone(chen, "13900000006");
    d.wang.set_phone(d.zhang, "13900000002");
    let file = file_of(&d.wang, &d.town.office.secrets().boxes.public());

    let seen = read_rescue(&d.town.office, &file, d.clerk).unwrap();
    assert_eq!((seen.commands.len(), seen.unreadable.len(), seen.damaged_bytes), (3, 0, 0));
    assert_eq!(seen.commands[0].what, ["所在户：1号楼1单元101", "姓名：陈小红", "联系电话：13900000005"]);
    assert_eq!(
        seen.commands[1].places,
        ["1号楼1单元101 陈小红"],
        "what builds on an earlier command is shown on top of it"
    );
    assert!(seen.commands.iter().all(|c| c.state == "missing" && c.worker_name == "王建国"));

    let applied = apply_rescue(&d.town.office, &file, d.clerk).unwrap();
    assert!(applied.commands.iter().all(|c| c.state == "applied"), "{applied:?}");
    d.li.sync(&d.town.office);
    assert_eq!(d.number_on(&d.li), "13900000002");
    // Again it changes nothing, and the phone itself is thanked when it comes after all.
    let again = apply_rescue(&d.town.office, &file, d.clerk).unwrap();
    assert!(again.commands.iter().all(|c| c.state == "applied"));
    let reply = d.wang.sync(&d.town.office);
    assert!(reply.verdicts.iter().all(|v| v.outcome.is_acknowledged()));
}

#[test]
fn damage_and_another_office_s_records_are_said_and_hide_nothing_else() {
    let mut d = Dispute::none_yet();
    d.wang.set_phone(d.zhang, "13900000002");
    d.wang.set_phone(d.zhang, "13900000003");
    let file = file_of(&d.wang, &d.town.office.secrets().boxes.public());
    let stranger = qiaomen_proto::seal::BoxSecret::from_bytes([99; 32]).public();
    let mut mixed = file_of(&d.wang, &stranger);
    let half = mixed.len() / 2;
    mixed.truncate(half);
    mixed.extend_from_slice(b"torn");
    mixed.extend_from_slice(&file[file.len() / 2..]);
    let seen = read_rescue(&d.town.office, &mixed, d.clerk).unwrap();
    assert_eq!((seen.commands.len(), seen.unreadable.len(), seen.damaged_bytes), (1, 1, 4));
    // The second builds on the first, which is not there: it is shown, and it waits.
    assert_eq!(seen.commands[0].what, ["联系电话：13900000003"]);
    let applied = apply_rescue(&d.town.office, &mixed, d.clerk).unwrap();
    assert_eq!(applied.commands[0].state, "waiting");
    assert_eq!(apply_rescue(&d.town.office, &file, d.clerk).unwrap().commands[1].state, "applied");
    assert!(read_rescue(&d.town.office, b"not a rescue file", d.clerk).unwrap().commands.is_empty());
}

#[test]
fn a_device_that_nobody_knows_here_brings_nothing_in() {
    let mut d = Dispute::none_yet();
    d.wang.by.device = qiaomen_proto::ids::DeviceId::from_bytes([9; 16]);
    d.wang.set_phone(d.zhang, "13900000002");
    let file = file_of(&d.wang, &d.town.office.secrets().boxes.public());
    let applied = apply_rescue(&d.town.office, &file, d.clerk).unwrap();
    assert_eq!(applied.commands[0].state, "unknown_device");
    d.li.sync(&d.town.office);
    assert_eq!(d.number_on(&d.li), "13900000001");
}
