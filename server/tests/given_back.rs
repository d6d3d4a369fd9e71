//! What comes back after a restore is taken on the office's own signature, and on nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{Phone, Town};
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::change::{Command, Edit, Path, Scalar, Stamp};
use qiaomen_proto::entity::household;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, CommandId, Role};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::SigningSecret;
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::heal::{GiveBack, GivenFate, GivenProof, PROOF_CONTEXT, Part, proof_message};
use qiaomen_proto::wire::pull::{Directive, Outcome};
use qiaomen_server::backup::begin_life;
use qiaomen_server::ingest::{Sender, given};
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::review::release;
use std::collections::HashSet;

const EARLIER: [u8; 16] = [9; 16];

/// A command as a phone gives it back: `signed` is what somebody signed, `brought` what it brings.
fn give_back(signed: &Command, brought: &Command, by: &SigningSecret) -> GiveBack {
    let pairs: Vec<_> = signed.changes.iter().map(|c| (c.doc, c.hash().unwrap())).collect();
    let digest = digest_of(&pairs);
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    writer.push(brought, Form::InFull).unwrap();
    GiveBack {
        batch: writer.finish(),
        parts: vec![Part { proof: 0, pairs: pairs.iter().flat_map(|(d, h)| [&d.key()[..], &h.0].concat()).collect() }],
        proofs: vec![GivenProof {
            incarnation: EARLIER.into(),
            digests: vec![digest.into()],
            signature: by.sign(PROOF_CONTEXT, &proof_message(&EARLIER, [digest])).to_vec(),
        }],
        keys: Vec::new(),
        finished: Vec::new(),
        last: None,
        put_away: None,
    }
}

/// Several commands as a phone gives them back together.
fn give_back_all(commands: &[&Command], by: &SigningSecret) -> GiveBack {
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    let mut all = GiveBack::default();
    for (number, command) in (0..).zip(commands) {
        writer.push(command, Form::InFull).unwrap();
        let one = give_back(command, command, by);
        all.parts.extend(one.parts.into_iter().map(|part| Part { proof: number, ..part }));
        all.proofs.extend(one.proofs);
    }
    GiveBack { batch: writer.finish(), ..all }
}

/// The next command on the document of this one, by the same hand.
fn use_of(first: &Command, id: CommandId) -> Command {
    let stamp = Stamp { command: id, ..first.stamp };
    let mut register = Register::genesis(first.changes[0].doc);
    register.apply(&first.changes[0], first.changes[0].hash().unwrap());
    let put = Edit { path: Path::new(household::FIELDS, "use"), value: Scalar::Str("出租".to_owned()) };
    Command { stamp, changes: vec![register.make_change(first.changes[0].actor, stamp, vec![put])] }
}

fn takes(town: &Town, from: &Phone, given: GiveBack) -> Vec<GivenFate> {
    let (office, device) = (town.office.clone(), from.by.device);
    let done = town.office.store().write(move |tx| -> Result<_, OfficeError> {
        let device = tx.device(device)?.unwrap();
        let sender = Sender { device, now_ms: office.now_ms(), offline_since_ms: None, by_hand: false };
        given::take(&office, tx, &sender, &given)
    });
    done.unwrap()
}

fn doors(town: &Town) -> u64 {
    town.office.store().read(|tx| tx.counts()).unwrap()[0]
}

/// 王 has written down two doors, and 李's phone is to give back what is hers.
fn two_doors() -> (Town, Phone, Phone, Command, Command) {
    let town = Town::new();
    let (mut wang, li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 1));
    wang.register_door(&town, 0, "101");
    wang.register_door(&town, 0, "102");
    let (first, second) = (wang.outbox[0].clone(), wang.outbox[1].clone());
    (town, wang, li, first, second)
}

#[test]
fn what_the_office_had_signed_is_taken_from_anybody_s_phone_and_once() {
    let (town, _, li, first, _) = two_doors();
    let given = give_back(&first, &first, &town.office.secrets().signing);
    assert_eq!(takes(&town, &li, given.clone()), [GivenFate::Has]);
    assert_eq!(takes(&town, &li, given), [GivenFate::Has], "it is there");
    assert_eq!(doors(&town), 1);
    let report = qiaomen_server::verify::verify(&town.office, &mut |_, _| {});
    assert!(report.is_clean(), "{:?}", report.problems);
}

#[test]
fn what_somebody_else_has_signed_is_not_taken() {
    let (town, _, li, first, _) = two_doors();
    assert_eq!(takes(&town, &li, give_back(&first, &first, &SigningSecret::from_bytes([5; 32]))), [GivenFate::NotYet]);
    assert_eq!(doors(&town), 0);
}

#[test]
fn a_signature_over_one_command_brings_in_no_other() {
    let (town, _, li, first, second) = two_doors();
    let signing = &town.office.secrets().signing;
    assert_eq!(takes(&town, &li, give_back(&first, &second, signing)), [GivenFate::NotYet]);
    let mut other_pairs = give_back(&first, &second, signing);
    other_pairs.parts = give_back(&second, &second, signing).parts;
    assert_eq!(takes(&town, &li, other_pairs), [GivenFate::NotYet], "these pairs are not among what was signed");
    assert_eq!(doors(&town), 0);
}

#[test]
fn an_act_that_its_phone_has_done_again_meanwhile_is_not_done_twice() {
    let (town, _, li, first, _) = two_doors();
    // The office has lost it, and the phone, which had no receipt, did it again under another name.
    let mut again = first.clone();
    again.changes[0].actor = Actor([77; 16]);
    let signing = &town.office.secrets().signing;
    assert_eq!(takes(&town, &li, give_back(&again, &again, signing)), [GivenFate::Has]);
    assert_eq!(takes(&town, &li, give_back(&first, &first, signing)), [GivenFate::Otherwise]);
    let changes = town.office.store().read(|tx| tx.changes(first.changes[0].doc)).unwrap();
    assert_eq!(changes.len(), 1, "once");
}

#[test]
fn an_act_that_its_phone_has_done_again_in_another_document_is_not_done_twice() {
    let (town, _, li, first, second) = two_doors();
    // Its door went to another grid meanwhile: a visit that is done again then stands in another diary.
    let mut again = second;
    again.stamp = first.stamp;
    again.changes[0].stamp = first.stamp;
    again.changes[0].actor = Actor([77; 16]);
    let signing = &town.office.secrets().signing;
    assert_eq!(takes(&town, &li, give_back(&again, &again, signing)), [GivenFate::Has]);
    assert_eq!(takes(&town, &li, give_back(&first, &first, signing)), [GivenFate::Otherwise]);
    assert_eq!(doors(&town), 1, "once");
}

/// 李 writes down a door of her own under the id of this act of 王's.
fn uses_up(town: &Town, li: &mut Phone, act: &Command) {
    li.register_door(town, 1, "901");
    li.outbox[0].stamp.command = act.stamp.command;
    li.outbox[0].changes[0].stamp.command = act.stamp.command;
    assert_eq!(li.ask(&town.office).unwrap().verdicts[0].outcome, Outcome::Applied);
}

#[test]
fn what_is_given_back_is_held_where_somebody_else_has_used_its_id_up() {
    let (town, _, mut li, first, _) = two_doors();
    uses_up(&town, &mut li, &first);
    let given = give_back(&first, &first, &town.office.secrets().signing);
    assert_eq!(takes(&town, &li, given), [GivenFate::Otherwise]);
    let held = town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap();
    assert_eq!(
        held.iter().map(|h| (h.command, h.worker)).collect::<Vec<_>>(),
        [(first.stamp.command, first.stamp.by.worker)]
    );
}

#[test]
fn an_act_whose_id_somebody_else_has_used_up_is_held_and_its_phone_is_not_told_that_it_is_done() {
    let (town, mut wang, mut li, first, _) = two_doors();
    uses_up(&town, &mut li, &first);
    wang.outbox.truncate(1);
    let verdict = wang.ask(&town.office).unwrap().verdicts[0].clone();
    assert_eq!((verdict.outcome, verdict.code), (Outcome::Quarantined, Code::NotTheAuthor.number()));
    wang.outbox.clear();
    wang.held = vec![first.stamp.command];
    assert_eq!(wang.ask(&town.office).unwrap().fates, None, "it waits for a person");
}

#[test]
fn nobody_writes_under_the_actor_of_an_earlier_life_of_the_office() {
    let town = Town::new();
    let earlier = Actor(town.office.identity().incarnation);
    let mut li = town.phone(2, Role::GridWorker, 0);
    begin_life(town.office.store(), town.around.as_ref()).unwrap();
    let office = Office::open_with(town.dir.path(), town.around.clone()).unwrap();
    assert_ne!(Actor(office.identity().incarnation), earlier);
    li.actor = earlier;
    li.register_door(&town, 0, "101");
    let verdict = li.ask(&office).unwrap().verdicts[0].clone();
    assert_eq!((verdict.outcome, verdict.code), (Outcome::Quarantined, Code::NotTheActor.number()));
}

#[test]
fn a_revoked_phone_that_was_half_way_through_an_earlier_life_has_to_compare_all_that_it_has() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    begin_life(town.office.store(), town.around.as_ref()).unwrap();
    let office = Office::open_with(town.dir.path(), town.around.clone()).unwrap();
    let device = wang.by.device;
    office.store().write::<_, OfficeError, _>(move |tx| Ok(tx.revoke_device(device, 1).map(drop)?)).unwrap();
    // It says what the earlier life had not named to it yet: of the rest this one would never hear.
    wang.compares = true;
    let reply = wang.ask(&office).unwrap();
    assert_eq!(reply.directives, [Directive::Wipe, Directive::FetchAgain]);
    wang.cursor = reply.cursor;
    assert_eq!(wang.ask(&office).unwrap().directives, [Directive::Wipe]);
}

#[test]
fn what_a_copy_of_its_phone_has_taken_the_place_of_is_held_for_a_person() {
    let (town, _, li, first, _) = two_doors();
    let mut other = first.clone();
    other.stamp.command = CommandId::from_bytes([44; 16]);
    other.changes[0].stamp = other.stamp;
    let signing = &town.office.secrets().signing;
    assert_eq!(takes(&town, &li, give_back(&other, &other, signing)), [GivenFate::Has]);
    assert_eq!(takes(&town, &li, give_back(&first, &first, signing)), [GivenFate::Otherwise]);
    let held = town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].command, held[0].code), (first.stamp.command, Code::GivenBack.number()));
}

#[test]
fn what_builds_on_work_whose_place_was_taken_is_held_with_it() {
    let (town, _, li, first, _) = two_doors();
    let later = use_of(&first, CommandId::from_bytes([45; 16]));
    let mut other = first.clone();
    other.stamp.command = CommandId::from_bytes([44; 16]);
    other.changes[0].stamp = other.stamp;
    let signing = &town.office.secrets().signing;
    assert_eq!(takes(&town, &li, give_back(&other, &other, signing)), [GivenFate::Has]);
    let both = give_back_all(&[&first, &later], signing);
    assert_eq!(takes(&town, &li, both), [GivenFate::Otherwise; 2], "it will never fit");
    let held = town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap();
    let held: Vec<_> = held.iter().map(|row| row.command).collect();
    assert_eq!(held, [first.stamp.command, later.stamp.command]);
}

#[test]
fn what_waits_for_something_that_nobody_brings_is_held_for_a_person_at_the_last_try() {
    let (town, _, li, first, _) = two_doors();
    // Its predecessor stands on a phone that is lost.
    let later = use_of(&first, CommandId::from_bytes([45; 16]));
    let doc = later.changes[0].doc;
    let mut given = give_back(&later, &later, &town.office.secrets().signing);
    assert_eq!(takes(&town, &li, given.clone()), [GivenFate::NotYet], "it may come from another phone");
    given.last = Some(vec![doc.key().into()]);
    assert_eq!(takes(&town, &li, given), [GivenFate::Otherwise]);
    let held = town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].command, held[0].device), (later.stamp.command, later.stamp.by.device), "its author's work");

    let clerk = town.office.own_worker();
    assert!(release(&town.office, held[0].id, clerk).is_err(), "what it builds on is not there");
    let signing = &town.office.secrets().signing;
    assert_eq!(takes(&town, &li, give_back(&first, &first, signing)), [GivenFate::Has]);
    release(&town.office, held[0].id, clerk).unwrap();
    let changes = town.office.store().read(|tx| tx.changes(doc)).unwrap();
    assert_eq!(changes.len(), 2, "both are in the book");
}

#[test]
fn nobody_writes_under_a_life_of_the_office_that_no_backup_knows_once_its_signature_has_come_back() {
    let (town, mut wang, li, first, _) = two_doors();
    // He has seen it in a reply of that life.
    let mut liar = town.phone(3, Role::GridWorker, 0);
    liar.actor = Actor(EARLIER);
    liar.register_door(&town, 0, "105");
    assert_eq!(liar.sync(&town.office).verdicts[0].outcome, Outcome::Applied, "nobody can know yet");
    assert_eq!(takes(&town, &li, give_back(&first, &first, &town.office.secrets().signing)), [GivenFate::Has]);
    liar.register_door(&town, 0, "106");
    let refused = liar.ask(&town.office).unwrap().verdicts.remove(0);
    assert_eq!((refused.outcome, refused.code), (Outcome::Quarantined, Code::NotTheActor.number()));
    // A signature that is nobody's makes no life the office's.
    let other = [8; 16];
    let mut forged = give_back(&first, &first, &SigningSecret::from_bytes([5; 32]));
    forged.proofs[0].incarnation = other.into();
    takes(&town, &li, forged);
    wang.actor = Actor(other);
    wang.outbox.clear();
    wang.register_door(&town, 0, "107");
    assert_eq!(wang.ask(&town.office).unwrap().verdicts[0].outcome, Outcome::Applied);
}
