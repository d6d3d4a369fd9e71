//! Is this the office's reply, and what does its batch hold?

use super::bases::Bases;
use super::push::Sent;
use crate::enrol::Identity;
use crate::error::SyncError;
use crate::store::proof::Pairs;
use crate::store::{StoreError, Tx};
use crate::transport::Reply;
use qiaomen_proto::change::Hlc;
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::ids::{CommandId, DocId, WorkerId};
use qiaomen_proto::limits::{BODY_BYTES_MAX, REPLY_BYTES_MAX};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{RECEIPT_CONTEXT, REPLY_CONTEXT, reply_message, signature_from_text};
use qiaomen_proto::wire::envelope::unpack;
use qiaomen_proto::wire::pull::{SyncReply, receipt_message};
use qiaomen_proto::wire::rebuild::{Unbuildable, rebuild};
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch, DraftCommand};
use std::collections::HashMap;

/// Commands in one reply: far more than an honest one holds; the body's own limit is the real one.
const COMMANDS_MAX: usize = 1 << 16;

/// Checks that the office said this, and in answer to this request: before anything in it is read.
pub(super) fn is_the_office_s(reply: &Reply, identity: &Identity, counter: u64) -> Result<(), SyncError> {
    let signature = reply.signature.as_deref().and_then(signature_from_text).ok_or(SyncError::NotTheOffice)?;
    identity
        .office_key()
        .verify(REPLY_CONTEXT, &reply_message(identity.device(), counter, &reply.body), &signature)
        .map_err(|_| SyncError::NotTheOffice)
}

/// Reads a reply, after its signature was checked.
pub(crate) fn read(reply: &Reply, identity: &Identity, sent: &Sent) -> Result<SyncReply, SyncError> {
    if reply.body.len() > REPLY_BYTES_MAX {
        return Err(SyncError::ReadReply("too large"));
    }
    is_the_office_s(reply, identity, sent.counter)?;
    let answer: SyncReply = unpack(&reply.body, BODY_BYTES_MAX).map_err(|e| SyncError::ReadReply(e.0))?;
    if answer.wire_version != WIRE_VERSION {
        return Err(SyncError::ReadReply("wire version"));
    }
    if answer.verdicts.len() != sent.commands.len() {
        return Err(SyncError::ReadReply("number of verdicts"));
    }
    Ok(answer)
}

/// The checks of the commands that a reply acknowledges, if its receipt is good.
pub(crate) fn receipt(answer: &SyncReply, identity: &Identity, sent: &Sent) -> Result<Vec<[u8; 8]>, SyncError> {
    let checks: Vec<[u8; 8]> = sent
        .commands
        .iter()
        .zip(&answer.verdicts)
        .filter(|(_, verdict)| verdict.outcome.is_acknowledged())
        .map(|(command, _)| command.check)
        .collect();
    if checks.is_empty() {
        return Ok(checks);
    }
    let wrong = || SyncError::ReadReply("receipt");
    let signature: [u8; 64] = answer.receipt.as_slice().try_into().map_err(|_| wrong())?;
    let message = receipt_message(&answer.incarnation, identity.device(), sent.counter, &checks);
    identity.office_key().verify(RECEIPT_CONTEXT, &message, &signature).map_err(|_| wrong())?;
    Ok(checks)
}

/// What a batch held.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    /// The documents of its table, by number.
    pub(crate) docs: Vec<DocId>,
    /// Its commands, and whose they are.
    pub(crate) commands: Vec<(CommandId, WorkerId)>,
    /// The latest stamp in it.
    pub(crate) latest: Option<Hlc>,
    /// Changes that were not here.
    pub(crate) new_count: u64,
    /// The pairs of each command, in order.
    pub(crate) parts: Vec<Pairs>,
}

/// A batch that did not come out as it was meant.
#[derive(Debug)]
pub(crate) enum FeedError {
    /// The database failed.
    Store(StoreError),
    /// These documents here are not what the office thinks they are.
    NotAsMeant(Vec<DocId>),
}

impl From<StoreError> for FeedError {
    fn from(e: StoreError) -> Self {
        FeedError::Store(e)
    }
}

/// Rebuilds a batch on the bases. The caller has begun a trial.
pub(crate) fn read_feed(tx: &Tx<'_>, bases: &mut Bases<'_, '_>, batch: &[u8]) -> Result<Feed, FeedError> {
    let draft = DraftBatch::read(batch, COMMANDS_MAX).map_err(|_| FeedError::NotAsMeant(Vec::new()))?;
    let mut feed = Feed::default();
    for reference in &draft.docs {
        feed.docs.push(match *reference {
            DocRef::Whole(doc) => doc,
            DocRef::Suffix(kind, suffix) => match tx.by_suffix(kind, suffix)?.as_slice() {
                [doc] => *doc,
                _ => return Err(FeedError::NotAsMeant(Vec::new())),
            },
        });
    }
    let mut previous = HashMap::new();
    for command in draft.commands {
        let id = (command.stamp.command, command.stamp.by.worker);
        let at = command.stamp.at;
        let (new_count, pairs) = read_command(bases, &feed.docs, command, &mut previous)?;
        feed.new_count += new_count;
        feed.parts.push(pairs);
        feed.commands.push(id);
        feed.latest = feed.latest.max(Some(at));
    }
    Ok(feed)
}

fn read_command(
    bases: &mut Bases<'_, '_>,
    docs: &[DocId],
    command: DraftCommand,
    previous: &mut HashMap<DocId, qiaomen_proto::change::ChangeHash>,
) -> Result<(u64, Pairs), FeedError> {
    let of = |n: usize| docs.get(n).copied().ok_or(FeedError::NotAsMeant(Vec::new()));
    let touched = command.changes.iter().map(|c| of(c.doc)).collect::<Result<Vec<_>, _>>()?;
    let wrong = || FeedError::NotAsMeant(touched.clone());
    let mut pairs = Vec::with_capacity(command.changes.len());
    let mut new_count = 0;
    for (draft, doc) in command.changes.into_iter().zip(&touched) {
        let register = bases.register(*doc)?;
        let change =
            rebuild(draft, command.stamp, register, previous.get(doc).copied()).map_err(|_: Unbuildable| wrong())?;
        let hash = change.hash().map_err(|_| wrong())?;
        previous.insert(*doc, hash);
        pairs.push((*doc, hash));
        if bases.add(change, hash)?.map_err(|_| wrong())? {
            new_count += 1;
        }
    }
    if check_of(&pairs) == command.check { Ok((new_count, pairs)) } else { Err(wrong()) }
}
