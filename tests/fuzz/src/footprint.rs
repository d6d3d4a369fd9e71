//! Memory that a batch takes once it is read: what bounds it is tried here, and by the tests of the batch itself.

use qiaomen_proto::change::{OpId, Scalar};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch, DraftChange, DraftCommand, DraftDeps, DraftOp};

/// Bytes that a batch takes in memory.
pub(crate) fn footprint(batch: &DraftBatch) -> usize {
    let op = |op: &DraftOp| {
        let value = match &op.value {
            Scalar::Str(text) => text.capacity(),
            Scalar::Bytes(bytes) => bytes.capacity(),
            _ => 0,
        };
        op.path.key.capacity() + value + op.preds.as_ref().map_or(0, |preds| preds.capacity() * size_of::<OpId>())
    };
    let change = |change: &DraftChange| {
        let deps = match &change.deps {
            DraftDeps::Prefixes(prefixes) => prefixes.capacity() * 4,
            DraftDeps::Full(hashes) => hashes.capacity() * 32,
            _ => 0,
        };
        deps + change.ops.capacity() * size_of::<DraftOp>() + change.ops.iter().map(op).sum::<usize>()
    };
    let command = |command: &DraftCommand| {
        command.changes.capacity() * size_of::<DraftChange>() + command.changes.iter().map(change).sum::<usize>()
    };
    batch.docs.capacity() * size_of::<DocRef>()
        + batch.commands.capacity() * size_of::<DraftCommand>()
        + batch.commands.iter().map(command).sum::<usize>()
}
