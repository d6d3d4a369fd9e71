//! One page of the feed.

use super::compare::Heads;
use super::cursor::{Cursor, StreamCursor};
use crate::ingest::admit::Grant;
use crate::office::{Office, OfficeError};
use crate::store::sqlite::EntryKind;
use crate::store::{StoreError, Tx};
use minicbor::bytes::ByteArray;
use qiaomen_proto::change::{Command, TypedChange};
use qiaomen_proto::ids::{CommandId, DocId, StreamId};
use qiaomen_proto::limits::{
    DOCUMENTS_PER_PAGE_MAX, ENTRIES_PER_REPLY_MAX, HEADS_PER_REQUEST_MAX, KEYS_PER_MESSAGE_MAX, STREAMS_PER_DEVICE_MAX,
};
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::seal::KeyBundle;
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::pull::{Membership, Progress, StreamState};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Stored bytes of changes in one page: well below what a device takes in one body, whatever they weigh
/// when they travel. One document or one change always goes, however large.
const PAGE_BYTES_MAX: usize = 1024 * 1024;
/// Keys in one page of documents that the device has already. The others in a message are of what it does not
/// have, and of the workers.
const KEYS_OF_KNOWN_MAX: usize = KEYS_PER_MESSAGE_MAX / 2;

/// What one page says.
#[derive(Debug, Default)]
pub struct Page {
    /// Where the device then stands.
    pub cursor: Vec<u8>,
    /// The commands.
    pub batch: Vec<u8>,
    /// Documents that came into streams.
    pub arrived: Vec<Membership>,
    /// Documents that left streams.
    pub departed: Vec<Membership>,
    /// The streams, with digests.
    pub streams: Vec<StreamState>,
    /// Keys of documents that came.
    pub keys: KeyBundle,
    /// More is to be fetched.
    pub more: bool,
    /// How far a first load is.
    pub progress: Option<Progress>,
    /// Digests of the commands, in their order.
    pub digests: Vec<[u8; 32]>,
    /// Documents that the office asks back.
    pub wanted: Vec<ByteArray<17>>,
}

/// What is gathered before it is written.
#[derive(Debug, Default)]
struct Gathered {
    rows: BTreeSet<i64>,
    /// Stream number → documents whose membership changed.
    moved: BTreeMap<u32, BTreeSet<DocId>>,
    /// Documents that the device gets whole.
    whole: BTreeSet<DocId>,
    /// Documents of which a key came.
    keyed: BTreeSet<DocId>,
    /// Documents that the device has.
    known: HashSet<DocId>,
    documents: usize,
    keys_of_known: usize,
    entries: usize,
    bytes: usize,
    more: bool,
    loaded: u32,
    to_load: u32,
}

impl Gathered {
    /// Takes the room if there is any; the first thing of a page always has room.
    fn has_room_for(&mut self, bytes: usize) -> bool {
        if self.bytes > 0 && self.bytes + bytes > PAGE_BYTES_MAX {
            return false;
        }
        self.bytes += bytes;
        true
    }

    /// Lets go of every document that is in none of the streams by now: what happened to it since, and
    /// its key, are no longer this device's.
    fn keep_within(&mut self, tx: &Tx<'_>, streams: &[StreamState]) -> Result<(), StoreError> {
        let docs: BTreeSet<DocId> = self.whole.iter().chain(&self.keyed).chain(&self.known).copied().collect();
        for doc in docs {
            let inside =
                tx.streams_of(doc)?.iter().any(|s| streams.iter().any(|granted| granted.stream == s.to_text()));
            if !inside {
                self.whole.remove(&doc);
                self.keyed.remove(&doc);
                self.known.remove(&doc);
            }
        }
        Ok(())
    }
}

/// The page after `cursor`, without the commands in `skip` (the device has just sent them).
pub fn page(
    office: &Office,
    tx: &Tx<'_>,
    grant: &Grant,
    cursor: &Cursor,
    skip: &HashSet<CommandId>,
    heads: &Heads<'_>,
) -> Result<Page, OfficeError> {
    let mut gathered = Gathered::default();
    let mut next = Cursor { incarnation: office.identity().incarnation, streams: Vec::new() };
    let mut states = Vec::new();
    for (number, stream) in (0u32..).zip(grant.streams.iter().take(STREAMS_PER_DEVICE_MAX)) {
        let row = tx.stream(stream)?;
        let text = stream.to_text();
        let at = match cursor.at(&text, row.epoch) {
            Some(at) => at.clone(),
            None => StreamCursor { stream: text.clone(), epoch: row.epoch, seq: row.next_seq - 1, loaded_to: Some(0) },
        };
        let at = match at.loaded_to {
            Some(after) => load(tx, stream, number, at, after, &mut gathered, heads)?,
            None => at,
        };
        let at = if at.loaded_to.is_none() { follow(tx, stream, number, at, &mut gathered)? } else { at };
        gathered.more |= at.loaded_to.is_some() || at.seq.saturating_add(1) < row.next_seq;
        states.push(StreamState { stream: text, digest: row.digest.to_bytes() });
        next.streams.push(at);
    }
    let mut page = write(office, tx, gathered, next, states, skip)?;
    if cursor.streams.is_empty() {
        page.wanted = heads.wanted(tx)?.into_iter().map(|doc| doc.key().into()).collect();
    }
    Ok(page)
}

/// The next documents of a stream that the device does not know yet.
fn load(
    tx: &Tx<'_>,
    stream: &StreamId,
    number: u32,
    mut at: StreamCursor,
    after: i64,
    gathered: &mut Gathered,
    heads: &Heads<'_>,
) -> Result<StreamCursor, StoreError> {
    let mut last = after;
    // Of what the device compares, a page can name many more than it can bring.
    let room = DOCUMENTS_PER_PAGE_MAX.saturating_sub(gathered.documents);
    let most = if heads.is_empty() { room } else { HEADS_PER_REQUEST_MAX };
    for member in tx.members(stream, after, most)? {
        if heads.has(member.doc)
            && tx.register(member.doc)?.is_some_and(|r| heads.equal(&r) || planted(Planted::AnyFormIsEqual))
        {
            // It has it already. There is only to say that it is in this stream, and by which keys it opens: with
            // what was given back to a restored office one may have come that this device never heard of.
            let keys = tx.keys(&member.doc.uuid)?.len();
            if gathered.keys_of_known + keys > KEYS_OF_KNOWN_MAX {
                break;
            }
            gathered.keys_of_known += keys;
            gathered.keyed.insert(member.doc);
            gathered.moved.entry(number).or_default().insert(member.doc);
            gathered.known.insert(member.doc);
            last = member.ord;
            continue;
        }
        if gathered.documents >= DOCUMENTS_PER_PAGE_MAX || !gathered.has_room_for(tx.document_bytes(member.doc)?) {
            break;
        }
        gathered.documents += 1;
        gathered.moved.entry(number).or_default().insert(member.doc);
        gathered.whole.insert(member.doc);
        last = member.ord;
    }
    let (total, done) = tx.member_count(stream, last)?;
    gathered.to_load += total;
    gathered.loaded += done;
    at.loaded_to = if done < total { Some(last) } else { None };
    Ok(at)
}

/// What happened in a stream after the device's number.
fn follow(
    tx: &Tx<'_>,
    stream: &StreamId,
    number: u32,
    mut at: StreamCursor,
    gathered: &mut Gathered,
) -> Result<StreamCursor, StoreError> {
    let room = ENTRIES_PER_REPLY_MAX.saturating_sub(gathered.entries);
    for entry in tx.entries(stream, at.seq, room)? {
        let full = gathered.documents >= DOCUMENTS_PER_PAGE_MAX;
        let bytes = match (entry.kind, entry.change) {
            (EntryKind::Change, Some(row)) => tx.change_bytes(row)?,
            (EntryKind::Arrived, _) => tx.document_bytes(entry.doc)?,
            _ => 0,
        };
        if !gathered.has_room_for(bytes) {
            break;
        }
        match entry.kind {
            EntryKind::Change => {
                gathered.rows.extend(entry.change);
                gathered.known.insert(entry.doc);
            }
            EntryKind::Arrived if full => break,
            EntryKind::Arrived => {
                gathered.documents += 1;
                gathered.moved.entry(number).or_default().insert(entry.doc);
                gathered.whole.insert(entry.doc);
            }
            EntryKind::Departed => {
                gathered.moved.entry(number).or_default().insert(entry.doc);
            }
            EntryKind::Key => {
                gathered.keyed.insert(entry.doc);
            }
        }
        gathered.entries += 1;
        at.seq = entry.seq;
    }
    Ok(at)
}

fn write(
    office: &Office,
    tx: &Tx<'_>,
    mut gathered: Gathered,
    cursor: Cursor,
    streams: Vec<StreamState>,
    skip: &HashSet<CommandId>,
) -> Result<Page, OfficeError> {
    gathered.keep_within(tx, &streams)?;
    let stay: HashSet<DocId> = gathered.whole.iter().chain(&gathered.known).copied().collect();
    for doc in &gathered.whole {
        gathered.known.remove(doc);
        gathered.rows.extend(tx.change_rows(*doc)?);
    }
    let mut writer = BatchWriter::new(&gathered.known);
    let mut open: Option<Command> = None;
    // Rows are in the order in which changes were taken, and a command's stand together.
    for row in &gathered.rows {
        let change = tx.change(*row)?;
        if skip.contains(&change.stamp.command) || !stay.contains(&change.doc) {
            continue;
        }
        if let Some(command) = open.as_mut().filter(|c| c.stamp.command == change.stamp.command) {
            command.changes.push(change);
        } else {
            flush(&mut writer, open.replace(Command { stamp: change.stamp, changes: vec![change] }))?;
        }
    }
    flush(&mut writer, open)?;
    let (mut arrived, mut departed) = (Vec::new(), Vec::new());
    for (number, docs) in &gathered.moved {
        let stream =
            streams.get(usize::try_from(*number).unwrap_or(usize::MAX)).and_then(|s| StreamId::from_text(&s.stream));
        let Some(stream) = stream else { continue };
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for doc in docs {
            let n = u32::try_from(writer.doc_number(*doc)).unwrap_or(u32::MAX);
            if tx.member_since(&stream, *doc)?.is_some() { inside.push(n) } else { outside.push(n) }
        }
        if !inside.is_empty() {
            arrived.push(Membership { stream: *number, docs: inside });
        }
        if !outside.is_empty() {
            departed.push(Membership { stream: *number, docs: outside });
        }
    }
    let subjects = gathered.whole.iter().chain(&gathered.keyed).map(|d| d.uuid).collect::<BTreeSet<_>>();
    let keys = office.ring(tx, subjects)?.iter().map(|(subject, key)| (subject, key.clone())).collect();
    let digests = writer.digests().to_vec();
    let batch = if writer.is_empty() { Vec::new() } else { writer.finish() };
    let progress = (gathered.to_load > 0).then_some(Progress { done: gathered.loaded, total: gathered.to_load });
    let (more, wanted) = (gathered.more, Vec::new());
    Ok(Page { cursor: cursor.to_bytes(), batch, arrived, departed, streams, keys, more, progress, digests, wanted })
}

fn flush(writer: &mut BatchWriter<'_>, command: Option<Command>) -> Result<(), StoreError> {
    let Some(command) = command else { return Ok(()) };
    let mut parts: Vec<TypedChange> = command.changes;
    // What is kept has been rebuilt before; a fault here is damage.
    while !parts.is_empty() {
        let rest = parts.split_off(parts.len().min(qiaomen_proto::limits::CHANGES_PER_COMMAND_MAX));
        writer
            .push(&Command { stamp: command.stamp, changes: parts }, Form::Short)
            .map_err(|_| StoreError::Damaged("a change of the log"))?;
        parts = rest;
    }
    Ok(())
}
