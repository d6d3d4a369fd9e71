//! Bytes that mean harm: nothing panics, nothing allocates much more than came, nothing wrong is taken.

use crate::footprint::footprint;
use crate::town::{Store, docs, sent};
use crate::world::Dice;
use proptest::prelude::*;
use qiaomen_proto::change::Scalar;
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::ids::{Actor, DocId};
use qiaomen_proto::limits::COMMANDS_PER_PUSH_MAX;
use qiaomen_proto::merge::Register;
use qiaomen_proto::wire::batch::Form;
use qiaomen_proto::wire::columns::Writer;
use qiaomen_proto::wire::rebuild::rebuild;
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use std::collections::HashMap;

/// What an office does with whatever a batch says, up to the point where it would store it.
fn look_through(store: &Store, bytes: &[u8]) -> usize {
    let Ok(batch) = DraftBatch::read(bytes, COMMANDS_PER_PUSH_MAX) else { return 0 };
    assert!(footprint(&batch) <= 64 * bytes.len() + 4096, "{} for {}", footprint(&batch), bytes.len());
    let mut registers: HashMap<DocId, Register> = store.registers.clone().into_iter().collect();
    let mut previous = HashMap::new();
    let mut taken = 0;
    for command in batch.commands {
        let mut after = registers.clone();
        let mut pairs = Vec::new();
        let fits = command.changes.into_iter().all(|change| {
            let doc = match batch.docs[change.doc] {
                DocRef::Whole(doc) => Some(doc),
                DocRef::Suffix(kind, suffix) => {
                    registers.keys().find(|d| d.kind == kind && d.suffix() == suffix).copied()
                }
            };
            let Some(doc) = doc else { return false };
            let register = after.entry(doc).or_insert_with(|| Register::genesis(doc));
            let Ok(built) = rebuild(change, command.stamp, register, previous.get(&doc).copied()) else { return false };
            let Ok(hash) = built.hash() else { return false };
            if register.fit(&built, &hash).is_err() {
                return false;
            }
            register.apply(&built, hash);
            previous.insert(doc, hash);
            pairs.push((doc, hash));
            true
        });
        if fits && check_of(&pairs) == command.check {
            registers = after;
            taken += 1;
        }
    }
    taken
}

/// A store with a past, and an honest batch of what it wrote last.
fn honest(seed: u64) -> (Store, Vec<u8>, usize) {
    let docs = docs();
    let mut wang = Store::new(seed);
    for n in 0..4 {
        wang.write_anything(&docs[..5], seed ^ n);
    }
    let office = wang.clone();
    let commands: Vec<_> = (4..10).map(|n| wang.write_anything(&docs, seed ^ n)).collect();
    let form = if seed.is_multiple_of(2) { Form::Short } else { Form::InFull };
    let bytes = sent(&commands, form, &office);
    (office, bytes, commands.len())
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len().max(1));
        match dice.below(6) {
            _ if bytes.is_empty() => bytes.push(0),
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][dice.below(5)],
            2 => bytes.insert(at, dice.roll().to_be_bytes()[0]),
            3 => drop(bytes.remove(at)),
            4 => bytes.truncate(at),
            _ => {
                let piece = bytes[at..(at + dice.below(40)).min(bytes.len())].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn honest_batches_changed_on_the_way_do_no_harm(seed: u64) {
        let (office, bytes, commands) = honest(seed);
        prop_assert_eq!(look_through(&office, &bytes), commands, "unchanged, all are taken");
        let mut dice = Dice(seed);
        for _ in 0..48 {
            let mut changed = bytes.clone();
            mutate(&mut changed, &mut dice);
            look_through(&office, &changed);
        }
    }

    #[test]
    fn a_command_of_which_one_byte_was_changed_is_never_taken_for_what_was_meant(seed: u64) {
        // One command alone: one byte of it changed, at any place, and its check does not fit any more.
        let docs = docs();
        let mut wang = Store::new(seed);
        wang.write_anything(&docs, seed);
        let office = wang.clone();
        let command = wang.write_anything(&docs, !seed);
        let form = if seed.is_multiple_of(2) { Form::Short } else { Form::InFull };
        let bytes = sent(std::slice::from_ref(&command), form, &office);
        let mut dice = Dice(seed);
        for _ in 0..48 {
            let mut changed = bytes.clone();
            let at = dice.below(changed.len());
            changed[at] ^= 1 << dice.below(8);
            prop_assert_eq!(look_through(&office, &changed), 0, "byte {}", at);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(batch) = DraftBatch::read(&bytes, COMMANDS_PER_PUSH_MAX) {
            prop_assert!(footprint(&batch) <= 64 * bytes.len() + 4096);
        }
    }
}

/// A batch of columns with what their heads say; everything else stays empty.
fn claims(actors: u64, authors: u64, docs: u64, commands: u64, meta: &[u64]) -> Vec<u8> {
    let mut w = Writer::default();
    for count in [actors, authors, docs, commands] {
        w.uint(count);
    }
    let mut column = Writer::default();
    meta.iter().for_each(|n| column.uint(*n));
    for bytes in [&column.0[..], &[0; 18], &[], &[], &[]] {
        w.chunk(bytes);
    }
    w.0
}

#[test]
fn counts_that_nothing_stands_behind_are_refused() {
    for huge in [1, 255, u64::from(u32::MAX), u64::MAX >> 1, u64::MAX] {
        assert!(DraftBatch::read(&claims(huge, 0, 0, 0, &[]), COMMANDS_PER_PUSH_MAX).is_err());
        assert!(DraftBatch::read(&claims(0, huge, 0, 0, &[]), COMMANDS_PER_PUSH_MAX).is_err());
        assert!(DraftBatch::read(&claims(0, 0, huge, 0, &[]), COMMANDS_PER_PUSH_MAX).is_err());
        assert!(DraftBatch::read(&claims(0, 0, 0, huge, &[]), COMMANDS_PER_PUSH_MAX).is_err());
    }
    // An author that the table does not have.
    assert!(DraftBatch::read(&claims(0, 0, 0, 1, &[0, 0, 0, 1, 1]), COMMANDS_PER_PUSH_MAX).is_err());
}

#[test]
fn the_dearest_batch_for_its_bytes_takes_forty_times_its_bytes_in_memory_at_most() {
    // Operations of four bytes each, under names of one's own that are made here.
    let mut wang = Store::new(1);
    let stamp = wang.stamp();
    let doc = docs()[6];
    let edits = (0..=255u8)
        .map(|n| qiaomen_proto::change::Edit {
            path: qiaomen_proto::change::Path::new(1, qiaomen_proto::change::keys::record_key(stamp.command, n)),
            value: Scalar::Null,
        })
        .collect();
    wang.actor = Actor([1; 16]);
    let mut command = wang.write(stamp, vec![(doc, edits)]);
    command.changes = vec![command.changes[0].clone(); 16];
    let bytes = sent(&vec![command; 32], Form::Short, &Store::new(2));
    let batch = DraftBatch::read(&bytes, COMMANDS_PER_PUSH_MAX).unwrap();
    assert!(footprint(&batch) <= 40 * bytes.len(), "{} for {}", footprint(&batch), bytes.len());
    assert!(footprint(&batch) <= 24 * 1024 * 1024, "{}", footprint(&batch));
}
