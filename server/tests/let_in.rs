//! What a clerk lets in may stand in a grid that no phone has. With the word that it is in the book its device gets what
//! it needs to bring it again, should the office lose its disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{Phone, Town};
use qiaomen_proto::change::Command;
use qiaomen_proto::ids::{DocId, ResidentId, Role};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::heal::{GiveBack, GivenFate, GivenProof, KeysPutAway, LetIn, Part};
use qiaomen_proto::wire::pull::SyncReply;
use qiaomen_server::backup::begin_life;
use qiaomen_server::ingest::{Sender, given};
use qiaomen_server::office::{DATABASE_NAME, Office, OfficeError};
use qiaomen_server::review::release;
use qiaomen_server::secrets::FILE_NAME;
use std::collections::HashSet;
use std::fs;
use std::path::Path;

/// Commands as their phone gives them back, with nothing but what it was told.
fn give_back(commands: &[Command], let_in: &LetIn, incarnation: [u8; 16]) -> GiveBack {
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    let mut parts = Vec::new();
    for command in commands {
        writer.push(command, Form::InFull).unwrap();
        let pairs = command.changes.iter().flat_map(|c| [&c.doc.key()[..], &c.hash().unwrap().0].concat()).collect();
        parts.push(Part { proof: 0, pairs });
    }
    let proof = GivenProof {
        incarnation: incarnation.into(),
        digests: let_in.commands.iter().map(|c| c.digest).collect(),
        signature: let_in.signature.clone(),
    };
    let docs = commands.iter().flat_map(|c| &c.changes).map(|c| c.doc.key().into());
    let boxes = let_in.commands.iter().flat_map(|c| &c.keys).map(|keys| keys.to_vec());
    let put_away = Some(docs.zip(boxes).map(|(doc, keys)| KeysPutAway { doc, keys }).collect());
    GiveBack { batch: writer.finish(), parts, proofs: vec![proof], put_away, ..GiveBack::default() }
}

/// Two commands of 王 that are held, since their door is in another grid, with the person who was written down.
fn held(town: &Town, wang: &mut Phone) -> (ResidentId, Vec<Command>) {
    let door = wang.register_door(town, 1, "101");
    let person = wang.register_resident(50, door, "张三", "13900000001");
    let commands = wang.outbox.clone();
    wang.ask(&town.office).unwrap();
    wang.outbox.clear();
    wang.held = commands.iter().map(|c| c.stamp.command).collect();
    (person, commands)
}

/// A backup of the office, as it is restored: another life.
fn restored(town: &Town, folder: &Path) -> Office {
    fs::copy(town.dir.path().join(FILE_NAME), folder.join(FILE_NAME)).unwrap();
    let office = Office::open_with(folder, town.around.clone()).unwrap();
    begin_life(office.store(), town.around.as_ref()).unwrap();
    drop(office);
    Office::open_with(folder, town.around.clone()).unwrap()
}

fn lets_both_in(town: &Town) {
    for id in [1, 2] {
        release(&town.office, id, town.office.own_worker()).unwrap();
    }
}

/// What became of each command that is given back.
fn takes(office: &Office, by: &Phone, gives: GiveBack) -> Vec<GivenFate> {
    let device = office.store().read(|tx| tx.device(by.by.device)).unwrap().unwrap();
    let sender = Sender { device, now_ms: office.now_ms(), offline_since_ms: None, by_hand: false };
    let inner = office.clone();
    office.store().write::<_, OfficeError, _>(move |tx| given::take(&inner, tx, &sender, &gives)).unwrap()
}

#[test]
fn what_was_let_in_into_another_grid_comes_back_from_its_phone_when_the_office_lost_it() {
    let town = Town::new();
    let folder = tempfile::tempdir().unwrap();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    town.office.backup(&folder.path().join(DATABASE_NAME)).unwrap();
    let (person, commands) = held(&town, &mut wang);
    lets_both_in(&town);
    let let_in = wang.ask(&town.office).unwrap().let_in.unwrap();
    let ids: Vec<_> = let_in.commands.iter().map(|c| *c.command).collect();
    assert_eq!(ids, commands.iter().map(|c| *c.stamp.command.as_bytes()).collect::<Vec<_>>());

    let office = restored(&town, folder.path());
    assert!(office.store().read(|tx| tx.register(DocId::from(person))).unwrap().is_none(), "it is lost");
    let gives = give_back(&commands, &let_in, town.office.identity().incarnation);
    assert_eq!(takes(&office, &wang, gives), [GivenFate::Has; 2]);
    let opens = wang.ring.keys_of(&person.0).map(|(_, key)| key.clone()).next().unwrap();
    let ring = office.store().read(|tx| office.ring(tx, [person.0])).unwrap();
    assert!(ring.keys_of(&person.0).any(|(_, key)| *key == opens), "and can be read");
}

#[test]
fn what_lay_on_the_desk_in_the_backup_and_comes_back_as_let_in_lies_there_no_more() {
    let town = Town::new();
    let folder = tempfile::tempdir().unwrap();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let (_, commands) = held(&town, &mut wang);
    town.office.backup(&folder.path().join(DATABASE_NAME)).unwrap();
    lets_both_in(&town);
    let let_in = wang.ask(&town.office).unwrap().let_in.unwrap();
    let office = restored(&town, folder.path());
    let on_the_desk = || office.store().read(|tx| tx.quarantine(Some("held"))).unwrap().len();
    assert_eq!(on_the_desk(), 2);
    let gives = give_back(&commands, &let_in, town.office.identity().incarnation);
    assert_eq!(takes(&office, &wang, gives), [GivenFate::Has; 2]);
    assert_eq!(on_the_desk(), 0);
}

#[test]
fn a_key_that_is_damaged_keeps_no_phone_from_hearing_what_became_of_its_work() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let (person, _) = held(&town, &mut wang);
    lets_both_in(&town);
    let boxed = |reply: SyncReply| -> Vec<bool> {
        reply.let_in.unwrap().commands.iter().flat_map(|c| &c.keys).map(|keys| !keys.is_empty()).collect()
    };
    assert_eq!(boxed(wang.ask(&town.office).unwrap()), [false, true], "the door has no key, the person has one");
    let db = rusqlite::Connection::open(town.dir.path().join(DATABASE_NAME)).unwrap();
    let damaged = db.execute("UPDATE subject_key SET wrapped = zeroblob(48) WHERE subject = ?1", [person.0.as_bytes()]);
    assert!(damaged.unwrap() > 0);
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(reply.fates.as_ref().map(Vec::len), Some(2));
    assert_eq!(boxed(reply), [false, false]);
}

#[test]
fn only_of_what_a_person_let_in_it_is_signed_that_it_is_in_the_book() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let (_, commands) = held(&town, &mut wang);
    let reason = qiaomen_server::review::Reason::ALL[0];
    qiaomen_server::review::discard(&town.office, 2, reason, town.office.own_worker()).unwrap();
    // Another phone's work, whose id everybody in its grid knows.
    let mut li = town.phone(2, Role::GridWorker, 0);
    li.register_door(&town, 0, "102");
    wang.held.push(li.outbox[0].stamp.command);
    li.sync(&town.office);
    let reply = wang.ask(&town.office).unwrap();
    let told: Vec<_> = reply.fates.unwrap().iter().map(|fate| *fate.command).collect();
    assert_eq!(told, [*commands[1].stamp.command.as_bytes(), *wang.held[2].as_bytes()], "the first is still held");
    assert_eq!(reply.let_in, None);
}
