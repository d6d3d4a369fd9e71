//! What a clerk lets in may stand in a grid that no phone has. With the word that it is in the book its device gets what
//! it needs to bring it again, should the office lose its disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::Town;
use qiaomen_proto::change::Command;
use qiaomen_proto::ids::{DocId, Role};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::heal::{GiveBack, GivenFate, GivenProof, LetIn, Part};
use qiaomen_server::backup::begin_life;
use qiaomen_server::ingest::{Sender, given};
use qiaomen_server::office::{DATABASE_NAME, Office, OfficeError};
use qiaomen_server::review::release;
use qiaomen_server::secrets::FILE_NAME;
use std::collections::HashSet;
use std::fs;

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
        digests: let_in.digests.clone(),
        signature: let_in.signature.clone(),
    };
    let put_away = Some(let_in.keys.clone());
    GiveBack { batch: writer.finish(), parts, proofs: vec![proof], put_away, ..GiveBack::default() }
}

#[test]
fn what_was_let_in_into_another_grid_comes_back_from_its_phone_when_the_office_lost_it() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 1, "101");
    let person = wang.register_resident(50, door, "张三", "13900000001");
    let commands = wang.outbox.clone();
    let lost = tempfile::tempdir().unwrap();
    town.office.backup(&lost.path().join(DATABASE_NAME)).unwrap();
    fs::copy(town.dir.path().join(FILE_NAME), lost.path().join(FILE_NAME)).unwrap();
    wang.ask(&town.office).unwrap();
    for id in [1, 2] {
        release(&town.office, id, town.office.own_worker()).unwrap();
    }
    wang.outbox.clear();
    wang.held = commands.iter().map(|c| c.stamp.command).collect();
    let let_in = wang.ask(&town.office).unwrap().let_in.unwrap();
    let ids: Vec<_> = let_in.commands.iter().map(|id| **id).collect();
    assert_eq!(ids, commands.iter().map(|c| *c.stamp.command.as_bytes()).collect::<Vec<_>>());
    let opens_here = wang.ring.keys_of(&person.0).map(|(_, key)| key.clone()).next().unwrap();

    let life = town.office.identity().incarnation;
    let office = Office::open_with(lost.path(), town.around.clone()).unwrap();
    begin_life(office.store(), town.around.as_ref()).unwrap();
    drop(office);
    let office = Office::open_with(lost.path(), town.around.clone()).unwrap();
    assert!(office.store().read(|tx| tx.register(DocId::from(person))).unwrap().is_none(), "it is lost");
    // Whoever is at hand brings it: the office has signed it.
    let device = office.store().read(|tx| tx.device(wang.by.device)).unwrap().unwrap();
    let sender = Sender { device, now_ms: office.now_ms(), offline_since_ms: None, by_hand: false };
    let gives = give_back(&commands, &let_in, life);
    let inner = office.clone();
    let fates = office.store().write::<_, OfficeError, _>(move |tx| given::take(&inner, tx, &sender, &gives)).unwrap();
    assert_eq!(fates, [GivenFate::Has; 2]);
    let ring = office.store().read(|tx| office.ring(tx, [person.0])).unwrap();
    assert!(ring.keys_of(&person.0).any(|(_, key)| *key == opens_here), "and can be read");
}

#[test]
fn of_what_is_still_held_or_was_put_away_nothing_is_signed() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(&town, 1, "101");
    wang.register_door(&town, 1, "102");
    let held = wang.outbox.iter().map(|c| c.stamp.command).collect();
    wang.ask(&town.office).unwrap();
    let reason = qiaomen_server::review::Reason::ALL[0];
    qiaomen_server::review::discard(&town.office, 2, reason, town.office.own_worker()).unwrap();
    wang.outbox.clear();
    wang.held = held;
    let reply = wang.ask(&town.office).unwrap();
    assert_eq!(reply.fates.map(|fates| fates.len()), Some(1));
    assert_eq!(reply.let_in, None);
}
