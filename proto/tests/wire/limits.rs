//! At the maximum and one past it.

use crate::town::{Store, docs};
use qiaomen_proto::change::{ChangeHash, Command, Edit, OpId, Path, Scalar, TypedChange, TypedOp};
use qiaomen_proto::ids::{Actor, DocId, Kind};
use qiaomen_proto::limits::{
    BODY_BYTES_MAX, CHANGES_PER_COMMAND_MAX, COMMANDS_PER_PUSH_MAX, DEPS_PER_CHANGE_MAX, KEY_BYTES_MAX,
    OPS_PER_CHANGE_MAX, PREDS_PER_OP_MAX, VALUE_BYTES_MAX,
};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::columns::Malformed;
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::push::{Manifest, SyncRequest};
use qiaomen_proto::wire::unbatch::DraftBatch;
use std::collections::HashSet;

fn doc() -> DocId {
    docs().into_iter().find(|d| d.kind == Kind::Resident).unwrap()
}

/// One change of one command of Wang's; the writer writes whatever it is given.
fn change(ops: usize, spoil: impl FnOnce(&mut TypedChange)) -> Command {
    let mut wang = Store::new(1);
    let stamp = wang.stamp();
    let edits = (0..ops).map(|n| Edit { path: Path::new(0, format!("k{n}")), value: Scalar::Null }).collect();
    let register = wang.register(doc());
    let mut change = register.make_change(Actor([1; 16]), stamp, edits);
    spoil(&mut change);
    Command { stamp, changes: vec![change] }
}

fn travels(commands: &[Command], form: Form) -> Result<(), Malformed> {
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    for command in commands {
        writer.push(command, form).unwrap();
    }
    let bytes = writer.finish();
    let read = DraftBatch::read(&bytes, COMMANDS_PER_PUSH_MAX)?;
    assert_eq!(read.commands.len(), commands.len());
    Ok(())
}

fn one(command: &Command) -> Result<(), Malformed> {
    let (short, full) =
        (travels(std::slice::from_ref(command), Form::Short), travels(std::slice::from_ref(command), Form::InFull));
    assert_eq!(short, full);
    short
}

const PAST: Result<(), Malformed> = Err(Malformed("count out of bounds"));

#[test]
fn operations_of_a_change() {
    assert_eq!(one(&change(OPS_PER_CHANGE_MAX, |_| {})), Ok(()));
    assert_eq!(one(&change(OPS_PER_CHANGE_MAX + 1, |_| {})), PAST);
}

#[test]
fn changes_of_a_command() {
    let with = |n: usize| {
        let mut command = change(1, |_| {});
        command.changes = vec![command.changes[0].clone(); n];
        command
    };
    assert_eq!(one(&with(CHANGES_PER_COMMAND_MAX)), Ok(()));
    assert_eq!(one(&with(CHANGES_PER_COMMAND_MAX + 1)), PAST);
    assert_eq!(one(&with(0)), Err(Malformed("a command without changes")));
}

#[test]
fn commands_of_a_batch() {
    let many = |n: usize| vec![change(1, |_| {}); n];
    assert_eq!(travels(&many(COMMANDS_PER_PUSH_MAX), Form::Short), Ok(()));
    assert_eq!(travels(&many(COMMANDS_PER_PUSH_MAX + 1), Form::Short), PAST);
}

#[test]
fn operations_of_a_batch() {
    let full = |changes: usize| {
        let mut command = change(OPS_PER_CHANGE_MAX, |_| {});
        command.changes = vec![command.changes[0].clone(); changes];
        command
    };
    // One full command always travels, whatever the number of commands that may.
    let nobody = HashSet::new();
    let mut writer = BatchWriter::new(&nobody);
    writer.push(&full(CHANGES_PER_COMMAND_MAX), Form::InFull).unwrap();
    assert!(DraftBatch::read(&writer.finish(), 1).is_ok());
    let commands = COMMANDS_PER_PUSH_MAX / CHANGES_PER_COMMAND_MAX;
    let mut batch = vec![full(CHANGES_PER_COMMAND_MAX); commands];
    assert_eq!(travels(&batch, Form::Short), Ok(()));
    batch.push(change(1, |_| {}));
    assert_eq!(travels(&batch, Form::Short), Err(Malformed("too many operations")));
}

#[test]
fn dependencies_of_a_change() {
    let many = |n: usize| change(1, |c| c.deps = (0..n).map(|i| ChangeHash([u8::try_from(i).unwrap(); 32])).collect());
    assert_eq!(one(&many(DEPS_PER_CHANGE_MAX)), Ok(()));
    assert_eq!(one(&many(DEPS_PER_CHANGE_MAX + 1)), PAST);
}

#[test]
fn predecessors_of_an_operation() {
    let many = |n: u64| {
        change(1, |c| {
            c.ops[0].preds = (1..=n).map(|counter| OpId { counter, actor: Actor([3; 16]) }).collect();
            c.ops[0].preds_implied = false;
        })
    };
    let max = u64::try_from(PREDS_PER_OP_MAX).unwrap();
    assert_eq!(one(&many(max)), Ok(()));
    assert_eq!(one(&many(max + 1)), PAST);
}

#[test]
fn keys_and_values() {
    let put = |key: String, value: Scalar| {
        change(1, |c| {
            c.ops[0] = TypedOp { path: Path::new(0, key), value, preds: Vec::new(), preds_implied: true };
        })
    };
    assert_eq!(one(&put("k".repeat(KEY_BYTES_MAX), Scalar::Null)), Ok(()));
    assert_eq!(one(&put("k".repeat(KEY_BYTES_MAX + 1), Scalar::Null)), PAST);
    let key = || "k".to_owned();
    assert_eq!(one(&put(key(), Scalar::Bytes(vec![0; VALUE_BYTES_MAX]))), Ok(()));
    assert_eq!(one(&put(key(), Scalar::Bytes(vec![0; VALUE_BYTES_MAX + 1]))), PAST);
    assert_eq!(one(&put(key(), Scalar::Str("k".repeat(VALUE_BYTES_MAX)))), Ok(()));
    assert_eq!(one(&put(key(), Scalar::Str("k".repeat(VALUE_BYTES_MAX + 1)))), PAST);
    for number in [i64::MIN, -1, 0, i64::MAX] {
        assert_eq!(one(&put(key(), Scalar::Int(number))), Ok(()));
    }
    for number in [0, u64::MAX] {
        assert_eq!(one(&put(key(), Scalar::Uint(number))), Ok(()));
    }
}

fn request(batch: Vec<u8>) -> SyncRequest {
    SyncRequest {
        wire_version: 1,
        policy_version: 1,
        capabilities: 0,
        manifest: Manifest::default(),
        cursor: Vec::new(),
        batch,
        keys: Vec::new(),
        reference_version: 0,
        wants_feed: true,
        held: None,
        ..SyncRequest::default()
    }
}

#[test]
fn a_body_unpacks_up_to_its_bound_and_not_a_byte_beyond() {
    let message = request(vec![7; 10_000]);
    let plain = minicbor::to_vec(&message).unwrap().len();
    let packed = pack(&message);
    assert_eq!(unpack::<SyncRequest>(&packed, plain).unwrap(), message);
    assert_eq!(unpack::<SyncRequest>(&packed, plain - 1), Err(Malformed("larger than a body may be")));
}

#[test]
fn the_largest_body_of_bytes_that_do_not_compress_unpacks() {
    let mut noise = vec![0; BODY_BYTES_MAX - 100];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    let message = request(noise);
    // Level 1 here: what matters is the window, and the highest level takes its time.
    let plain = minicbor::to_vec(&message).unwrap();
    for level in [1, 19] {
        let packed = zstd::bulk::compress(&plain[..], level).unwrap();
        assert!(unpack::<SyncRequest>(&packed, BODY_BYTES_MAX).unwrap() == message);
    }
}
