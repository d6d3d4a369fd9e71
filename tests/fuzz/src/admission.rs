//! From a batch to documents, as far as the office goes before it asks who may do what; and from there on to
//! the next reader, who has to see the same.
//!
//! The check of a command is not compared: whoever writes hostile bytes can compute it as well.

use qiaomen_proto::change::{ChangeHash, Command, TypedChange};
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind, Subject};
use qiaomen_proto::limits::CHANGES_PER_COMMAND_MAX;
use qiaomen_proto::merge::document::{compare, materialise};
use qiaomen_proto::merge::{Misfit, Register};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::rebuild::rebuild;
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Commands of one input: enough for forks and long pasts, few enough for speed.
const COMMANDS_MAX: usize = 12;

type Registers = BTreeMap<DocId, Register>;

/// Documents that are known by the end of their id, those of the published evening; every other begins when
/// it is named whole.
fn known() -> Registers {
    let number = |kind| match kind {
        Kind::Household => 1,
        Kind::Resident => 2,
        Kind::Diary => 3,
        Kind::Ticket => 4,
    };
    let id = |kind| Subject::from_u128(0x6e0c_2a1e_5c0f_4f5d_9a37_0000_0000_0000 + number(kind));
    Kind::ALL.into_iter().map(|kind| DocId::new(kind, id(kind))).map(|doc| (doc, Register::genesis(doc))).collect()
}

/// A batch, read, rebuilt and admitted.
pub(crate) fn admission(bytes: &[u8]) {
    let Ok(batch) = DraftBatch::read(bytes, COMMANDS_MAX) else { return };
    let (registers, taken) = take(batch);
    for register in registers.values() {
        shows_itself(register);
        let changes: Vec<&TypedChange> =
            taken.iter().flat_map(|c| &c.changes).filter(|c| c.doc == register.doc()).collect();
        agrees_with_automerge(register, &changes);
        is_the_same_in_another_order(register, &changes);
    }
    for form in [Form::Short, Form::InFull] {
        let nobody = HashSet::new();
        let mut writer = BatchWriter::new(&nobody);
        for command in &taken {
            writer.push(command, form).expect("what was taken can be written");
        }
        let sent = DraftBatch::read(&writer.finish(), COMMANDS_MAX).expect("what was written can be read");
        let (there, arrived) = take(sent);
        assert_eq!(arrived, taken, "{form:?}: the next reader rebuilds the same");
        for (doc, register) in registers.iter().filter(|(_, register)| !register.is_blank()) {
            assert_eq!(there[doc].canonical(), register.canonical(), "{form:?}");
        }
    }
}

/// Takes what fits, command by command, each whole or not at all.
fn take(batch: DraftBatch) -> (Registers, Vec<Command>) {
    let mut registers = known();
    let mut taken = Vec::new();
    let mut previous = HashMap::new();
    for draft in batch.commands {
        let mut after = registers.clone();
        let mut changes = Vec::new();
        let whole = draft.changes.into_iter().all(|change| {
            let doc = match batch.docs[change.doc] {
                DocRef::Whole(doc) => Some(doc),
                DocRef::Suffix(kind, suffix) => {
                    registers.keys().find(|doc| doc.kind == kind && doc.suffix() == suffix).copied()
                }
            };
            let Some(doc) = doc else { return false };
            let register = after.entry(doc).or_insert_with(|| Register::genesis(doc));
            let Ok(built) = rebuild(change, draft.stamp, register, previous.get(&doc).copied()) else { return false };
            // What has no automerge form has no hash, and goes no further.
            let Ok(hash) = built.hash() else { return false };
            previous.insert(doc, hash);
            if register.fit(&built, &hash).is_err() {
                return false;
            }
            register.apply(&built, hash);
            changes.push(built);
            true
        });
        if whole {
            assert!(changes.len() <= CHANGES_PER_COMMAND_MAX);
            registers = after;
            taken.push(Command { stamp: draft.stamp, changes });
        }
    }
    (registers, taken)
}

/// Everything that somebody sees of it, with its key and without; and as it stands in a database.
pub(crate) fn shows_itself(register: &Register) {
    let mut with = KeyRing::new();
    with.insert(register.doc().uuid, SubjectKey::from_bytes([1; 32]));
    for ring in [&with, &KeyRing::new()] {
        let view = View::new(register, ring);
        assert_eq!(view.conflicts().len(), view.conflict_count());
        for path in register.paths() {
            view.at(path);
        }
        view.head();
        for (container, _) in (0u8..).zip(kind_spec(register.doc().kind).containers) {
            view.rows(container);
            view.records(container);
            view.notes(container);
        }
        view.door_refusal();
        view.entries();
        view.ticket_state();
        view.households();
    }
    let bytes = register.to_stored();
    let back = Register::from_stored(register.doc(), &bytes).expect("what was stored can be read");
    assert_eq!(back.to_stored(), bytes);
    assert_eq!(back.canonical(), register.canonical());
}

/// Invariants I3 and I4: automerge takes the same changes, and says the same.
fn agrees_with_automerge(register: &Register, changes: &[&TypedChange]) {
    let document = materialise(register.doc(), changes.iter().copied()).expect("what fits applies");
    compare(register, &document).expect("register and document say the same");
}

/// Invariant I2: backwards, and as often as it takes, it ends the same.
fn is_the_same_in_another_order(register: &Register, changes: &[&TypedChange]) {
    let mut other = Register::genesis(register.doc());
    let mut waiting: Vec<(&TypedChange, ChangeHash)> =
        changes.iter().rev().map(|change| (*change, change.hash().expect("it had a hash"))).collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|(change, hash)| match other.fit(change, hash) {
            Ok(()) => {
                other.apply(change, *hash);
                false
            }
            Err(Misfit::Missing(_)) => true,
            Err(misfit) => panic!("it fitted in another order: {misfit}"),
        });
        assert!(waiting.len() < before, "what was taken can be taken in any order");
    }
    assert_eq!(other.canonical(), register.canonical());
    assert_eq!(other.heads(), register.heads());
}
