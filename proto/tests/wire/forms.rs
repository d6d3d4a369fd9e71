//! One command at a time: what is left out, and what is not.

use crate::town::{Arrived, Store, docs, random, sent};
use crate::world::Dice;
use qiaomen_proto::change::{Command, Edit, Path, Scalar, Stamp, TypedChange, TypedOp, keys};
use qiaomen_proto::entity::genesis::genesis_hash;
use qiaomen_proto::entity::{diary, household, resident};
use qiaomen_proto::ids::{Actor, CommandId, DocId, Kind};
use qiaomen_proto::limits::COMMANDS_PER_PUSH_MAX;
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch, DraftDeps, DraftOp};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

fn doc(kind: Kind) -> DocId {
    docs().into_iter().find(|d| d.kind == kind).unwrap()
}

fn phone() -> Path {
    Path::new(resident::FIELDS, "phone")
}

fn put(container: u8, key: &str, value: impl Into<Scalar>) -> Edit {
    Edit { path: Path::new(container, key), value: value.into() }
}

fn text(text: &str) -> Scalar {
    Scalar::Str(text.to_owned())
}

/// One command of Wang's to one document, as it travels.
fn draft(store: &Store, command: &Command, form: Form) -> DraftBatch {
    DraftBatch::read(&sent(std::slice::from_ref(command), form, store), COMMANDS_PER_PUSH_MAX).unwrap()
}

fn first_op(batch: &DraftBatch) -> &DraftOp {
    &batch.commands[0].changes[0].ops[0]
}

#[test]
fn an_edit_of_one_phone_number_is_its_ciphertext_and_little_more() {
    let (mut wang, doc) = (Store::new(1), doc(Kind::Resident));
    let stamp = wang.stamp();
    wang.write(stamp, vec![(doc, vec![put(resident::FIELDS, "name", Scalar::Bytes(vec![1; 25]))])]);
    let mut office = wang.clone();
    let stamp = wang.stamp();
    let sealed = Scalar::Bytes(vec![7; 27]);
    let command = wang.write(stamp, vec![(doc, vec![put(resident::FIELDS, "phone", sealed)])]);
    let one = sent(std::slice::from_ref(&command), Form::Short, &office);
    let two = sent(&[command.clone(), command.clone()], Form::Short, &office);
    // Id 10, check 8, dependency 4, sealed value 28; the rest is alike from edit to edit and packs well.
    assert!(two.len() - one.len() <= 64, "{}", two.len() - one.len());
    assert_eq!(office.receive(&one), [Arrived::Taken(Box::new(command))]);
}

#[test]
fn dependencies_are_the_genesis_or_the_change_before_or_four_bytes_each_or_whole() {
    let (mut wang, mut li, doc) = (Store::new(1), Store::new(2), doc(Kind::Resident));
    let next = |store: &mut Store, value: &str| {
        let stamp = store.stamp();
        store.write(stamp, vec![(doc, vec![put(resident::FIELDS, "sex", text(value))])])
    };
    let first = next(&mut wang, "男");
    let second = next(&mut wang, "女");
    let apart = next(&mut li, "男");
    assert!(matches!(wang.receive(&sent(std::slice::from_ref(&apart), Form::Short, &wang))[..], [Arrived::Taken(_)]));
    let merged = next(&mut wang, "不详");
    let batch = sent(&[first, second.clone(), apart, merged.clone()], Form::Short, &li);
    let read = DraftBatch::read(&batch, 4).unwrap();
    let deps: Vec<&DraftDeps> = read.commands.iter().map(|c| &c.changes[0].deps).collect();
    assert_eq!((deps[0], deps[1], deps[2]), (&DraftDeps::Genesis, &DraftDeps::Previous, &DraftDeps::Genesis));
    let heads: Vec<[u8; 4]> = merged.changes[0].deps.iter().map(|h| h.0[..4].try_into().unwrap()).collect();
    assert_eq!(deps[3], &DraftDeps::Prefixes(heads));
    assert_eq!(merged.changes[0].deps.len(), 2);
    let taken = li.receive(&batch);
    assert!(matches!(taken[..], [Arrived::Taken(_), Arrived::Taken(_), Arrived::Known, Arrived::Taken(_)]));
    let full = draft(&li, &second, Form::InFull);
    assert_eq!(full.commands[0].changes[0].deps, DraftDeps::Full(second.changes[0].deps.clone()));
    assert_eq!(full.commands[0].changes[0].explicit, Some((2, second.changes[0].start_op)));
}

#[test]
fn what_follows_a_change_that_is_not_here_waits_and_is_rebuilt_when_it_comes() {
    let (mut wang, mut office, doc) = (Store::new(1), Store::new(3), doc(Kind::Resident));
    let commands: Vec<Command> = (0..3)
        .map(|n| {
            let stamp = wang.stamp();
            wang.write(stamp, vec![(doc, vec![put(resident::FIELDS, "sex", text(&n.to_string()))])])
        })
        .collect();
    // In short, nobody can tell what the change before was; in full, it is clear what is missing.
    for form in [Form::Short, Form::InFull] {
        assert_eq!(office.receive(&sent(&commands[1..], form, &office)), [Arrived::Missing, Arrived::Missing]);
    }
    assert!(matches!(office.receive(&sent(&commands[..1], Form::Short, &office))[..], [Arrived::Taken(_)]));
    let late = office.receive(&sent(&commands[1..], Form::InFull, &office));
    assert!(matches!(late[..], [Arrived::Taken(_), Arrived::Taken(_)]));
}

#[test]
fn keys_of_ones_own_records_and_rows_and_fields_of_the_table_are_left_out_and_others_travel_as_text() {
    let mut wang = Store::new(1);
    let stamp = wang.stamp();
    let own = |n| keys::record_key(stamp.command, n);
    let other = keys::record_key(CommandId(random(&mut Dice(5))), 0);
    let door = doc(Kind::Household);
    let entry = |key: String| (doc(Kind::Diary), put(diary::ENTRIES, &key, Scalar::Bytes(vec![0xa0; 30])));
    let field = |key: &str| (door, put(household::FIELDS, key, text("自住")));
    let row = |key: String| (door, put(household::OCCUPANCIES, &key, text("自住")));
    let lengths: Vec<usize> = [
        field("use"),
        field("of_the_future"),
        row(keys::row_key(&own(0), "kind")),
        row(keys::row_key(&own(1), "of_the_future")),
        row(keys::row_key(&other, "kind")),
        entry(own(0)),
        entry(own(255)),
        entry(other.clone()),
        entry("~".to_owned()),
    ]
    .into_iter()
    .map(|(doc, edit)| {
        let mut sender = wang.clone();
        let command = sender.write(stamp, vec![(doc, vec![edit])]);
        let mut office = Store::new(4);
        let bytes = sent(std::slice::from_ref(&command), Form::Short, &office);
        assert_eq!(office.receive(&bytes), [Arrived::Taken(Box::new(command))]);
        bytes.len()
    })
    .collect();
    let [field, ..] = lengths[..] else { panic!() };
    // A name costs its length and one; an own row one byte more than a field.
    assert_eq!(lengths[1] - field, "of_the_future".len());
    assert_eq!(lengths[2] - field, 1);
    assert_eq!(lengths[3] - field, "xxxxxxxxxxxxxxxxxxxxxx~1.of_the_future".len());
    assert_eq!(lengths[4] - field, "xxxxxxxxxxxxxxxxxxxxxx.kind".len());
    assert_eq!((lengths[6], lengths[7] - lengths[5], lengths[8]), (lengths[5], 22, lengths[5] + 1));
}

#[test]
fn ids_travel_as_sixteen_bytes_and_texts_that_only_look_like_ids_as_they_are() {
    let id = "6e0c2a1e-5c0f-4f5d-9a37-3a1f0c9d8b21";
    for (value, short) in [
        (id.to_owned(), true),
        (id.to_uppercase(), false),
        (id.replace('-', ""), false),
        (format!("{{{id}}}"), false),
        (format!("urn:uuid:{id}"), false),
        (String::new(), false),
    ] {
        let mut wang = Store::new(1);
        let stamp = wang.stamp();
        let command =
            wang.write(stamp, vec![(doc(Kind::Resident), vec![put(resident::FIELDS, "household", text(&value))])]);
        let mut office = Store::new(2);
        let bytes = sent(std::slice::from_ref(&command), Form::Short, &office);
        assert_eq!(!value.is_empty() && !bytes.windows(value.len()).any(|w| w == value.as_bytes()), short, "{value}");
        assert_eq!(first_op(&DraftBatch::read(&bytes, 1).unwrap()).value, text(&value));
        assert_eq!(office.receive(&bytes), [Arrived::Taken(Box::new(command))]);
    }
}

#[test]
fn a_command_done_again_later_keeps_its_first_id() {
    let mut wang = Store::new(1);
    let first = wang.stamp();
    let mut again = wang.stamp();
    again.at.wall_ms += 3_600_000;
    again.command = first.command;
    wang.actor = Actor([8; 16]);
    let mut clone = wang.clone();
    let edits = vec![(doc(Kind::Resident), vec![put(resident::FIELDS, "sex", text("女"))])];
    let (short, long) = (clone.write(first, edits.clone()), wang.write(again, edits));
    let office = Store::new(2);
    let [short_len, long_len] = [&short, &long].map(|c| sent(std::slice::from_ref(c), Form::Short, &office).len());
    assert_eq!(long_len - short_len, 6, "the six bytes of its time");
    assert_eq!(draft(&office, &long, Form::Short).commands[0].stamp, again);
    assert_eq!(
        { office }.receive(&sent(std::slice::from_ref(&long), Form::Short, &Store::new(2))),
        [Arrived::Taken(Box::new(long))]
    );
}

#[test]
fn a_document_that_the_receiver_has_is_named_by_five_bytes_and_a_new_one_whole() {
    let mut wang = Store::new(1);
    let stamp = wang.stamp();
    let all = docs();
    let command = wang.write(stamp, all.iter().map(|d| (*d, vec![put(0, "sex", Scalar::Null)])).collect());
    let known: HashSet<DocId> = all.iter().copied().step_by(2).collect();
    let mut writer = BatchWriter::new(&known);
    writer.push(&command, Form::Short).unwrap();
    // A list beside the batch names documents by their numbers in it, new ones too.
    let beside = DocId::new(Kind::Ticket, random(&mut Dice(3)));
    assert_eq!((writer.doc_number(all[3]), writer.doc_number(beside)), (3, all.len()));
    let read = DraftBatch::read(&writer.finish(), 1).unwrap();
    let expected: Vec<DocRef> = all
        .iter()
        .map(|d| if known.contains(d) { DocRef::Suffix(d.kind, d.suffix()) } else { DocRef::Whole(*d) })
        .chain([DocRef::Whole(beside)])
        .collect();
    assert_eq!(read.docs, expected);
    assert_eq!(read.commands[0].changes.iter().map(|c| c.doc).collect::<Vec<_>>(), (0..all.len()).collect::<Vec<_>>());
}

#[test]
fn of_a_command_a_receiver_may_get_the_part_that_it_may_see() {
    let mut wang = Store::new(1);
    let stamp = wang.stamp();
    let mut whole = wang.write(stamp, docs().into_iter().map(|d| (d, vec![put(0, "sex", Scalar::Null)])).collect());
    whole.changes.retain(|c| c.doc.kind == Kind::Ticket);
    let mut li = Store::new(2);
    assert_eq!(li.receive(&sent(std::slice::from_ref(&whole), Form::Short, &li)), [Arrived::Taken(Box::new(whole))]);
}

/// Two first changes of one document, by two authors, whose hashes begin with the same four bytes.
fn alike(doc: DocId, stamp: Stamp) -> (Command, Command) {
    let mut seen: HashMap<[u8; 4], Command> = HashMap::new();
    // About one in 30,000 pairs of values meets another; the authors take turns.
    for value in 0u64.. {
        let op = TypedOp { path: phone(), value: Scalar::Uint(value), preds: Vec::new(), preds_implied: true };
        let actor = Actor([u8::try_from(value % 2).unwrap(); 16]);
        let deps = vec![genesis_hash(doc.kind)];
        let change = TypedChange { doc, actor, seq: 1, start_op: 5, deps, stamp, ops: vec![op] };
        let begins = change.hash().unwrap().0[..4].try_into().unwrap();
        let command = Command { stamp, changes: vec![change] };
        match seen.entry(begins) {
            Entry::Occupied(other) if other.get().changes[0].actor != actor => return (other.remove(), command),
            Entry::Occupied(_) => {}
            Entry::Vacant(place) => drop(place.insert(command)),
        }
    }
    unreachable!()
}

#[test]
fn two_changes_whose_hashes_begin_alike_are_told_apart_in_full() {
    let (mut wang, mut office, doc) = (Store::new(1), Store::new(2), doc(Kind::Resident));
    let (a, b) = alike(doc, wang.stamp());
    let [hash_a, hash_b] = [&a, &b].map(|c| c.changes[0].hash().unwrap());
    assert!(hash_a != hash_b && hash_a.0[..4] == hash_b.0[..4]);
    assert!(
        office.receive(&sent(&[a.clone(), b], Form::Short, &office)).iter().all(|t| matches!(t, Arrived::Taken(_)))
    );
    wang.receive(&sent(&[a], Form::Short, &wang));
    let stamp = wang.stamp();
    let next = wang.write(stamp, vec![(doc, vec![put(resident::FIELDS, "sex", text("女"))])]);
    assert_eq!(next.changes[0].deps, [hash_a]);
    let next = [next];
    assert_eq!(office.receive(&sent(&next, Form::Short, &office)), [Arrived::Ambiguous]);
    let [next_again] = next.clone();
    assert_eq!(office.receive(&sent(&next, Form::InFull, &office)), [Arrived::Taken(Box::new(next_again))]);
}

#[test]
fn no_bytes_are_a_batch_of_nothing_and_so_is_an_empty_writer() {
    assert_eq!(DraftBatch::read(&[], 0), Ok(DraftBatch::default()));
    let nobody = HashSet::new();
    let writer = BatchWriter::new(&nobody);
    assert!(writer.is_empty());
    assert_eq!(DraftBatch::read(&writer.finish(), 0), Ok(DraftBatch::default()));
}
