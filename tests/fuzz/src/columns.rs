//! Columns of numbers, and the batch made of them.

use super::footprint::footprint;
use qiaomen_proto::limits::{
    CHANGES_PER_COMMAND_MAX, COMMANDS_PER_PUSH_MAX, DEPS_PER_CHANGE_MAX, OPS_PER_CHANGE_MAX, PREDS_PER_OP_MAX,
    VALUE_BYTES_MAX,
};
use qiaomen_proto::wire::columns::{Malformed, Reader, Writer};
use qiaomen_proto::wire::unbatch::{DraftBatch, DraftChange, DraftDeps};

/// The first byte says how many reads there are, the next ones which, the rest is read. One meaning has one
/// form: what was read, written again, is the bytes that were read.
pub(crate) fn columns(bytes: &[u8]) {
    let Some((count, rest)) = bytes.split_first() else { return };
    let (reads, column) = rest.split_at(usize::from(count % 16).min(rest.len()));
    let (mut reader, mut writer) = (Reader::new(column), Writer::default());
    for read in reads {
        // A read that fails may have gone on into the number that it refused.
        let Ok(()) = read_one(*read, &mut reader, &mut writer) else { return };
        assert_eq!(writer.0.len() + reader.left(), column.len());
    }
    assert_eq!(writer.0, column[..writer.0.len()]);
    assert_eq!(reader.end().is_ok(), reader.left() == 0);
}

fn read_one(which: u8, reader: &mut Reader<'_>, writer: &mut Writer) -> Result<(), Malformed> {
    let max = usize::from(which / 8);
    match which % 8 {
        0 => writer.byte(reader.byte()?),
        1 => writer.bytes(reader.bytes(max)?),
        2 => writer.bytes(&reader.array::<16>()?),
        3 => writer.uint(reader.uint()?),
        4 => writer.int(reader.int()?),
        5 => {
            let count = reader.count(max)?;
            assert!(count <= max);
            writer.count(count);
        }
        6 => {
            let chunk = reader.chunk(max)?;
            assert!(chunk.len() <= max);
            writer.chunk(chunk);
        }
        _ => writer.chunk(reader.text(max)?.as_bytes()),
    }
    Ok(())
}

/// A batch of one command, as a rescue file has it, and one of many.
pub(crate) fn batch(bytes: &[u8]) {
    let one = read(bytes, 1);
    let many = read(bytes, COMMANDS_PER_PUSH_MAX);
    if let Some(one) = one {
        assert_eq!(Some(one), many, "a batch does not say something else to who takes more");
    }
}

/// Reads a batch and holds it to its limits.
pub(crate) fn read(bytes: &[u8], commands_max: usize) -> Option<DraftBatch> {
    let batch = DraftBatch::read(bytes, commands_max).ok()?;
    assert!(batch.commands.len() <= commands_max);
    for command in &batch.commands {
        assert!((1..=CHANGES_PER_COMMAND_MAX).contains(&command.changes.len()));
        command.changes.iter().for_each(|change| is_bounded(change, batch.docs.len()));
    }
    // An operation takes thirty times the memory that the shortest takes on the way, a whole batch forty.
    let footprint = footprint(&batch);
    assert!(footprint <= 64 * bytes.len() + 4096, "{footprint} bytes of memory for {}", bytes.len());
    Some(batch)
}

fn is_bounded(change: &DraftChange, docs: usize) {
    assert!(change.doc < docs);
    assert!((1..=OPS_PER_CHANGE_MAX).contains(&change.ops.len()));
    let deps = match &change.deps {
        DraftDeps::Prefixes(prefixes) => prefixes.len(),
        DraftDeps::Full(hashes) => hashes.len(),
        DraftDeps::Genesis | DraftDeps::Previous => 1,
    };
    assert!(deps <= DEPS_PER_CHANGE_MAX);
    for op in &change.ops {
        assert!(op.value.len() <= VALUE_BYTES_MAX);
        assert!(op.preds.as_ref().is_none_or(|preds| preds.len() <= PREDS_PER_OP_MAX));
    }
}
