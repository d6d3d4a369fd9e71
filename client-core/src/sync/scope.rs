//! Which documents are this device's: what came into its streams, what left them, and fetching
//! everything again where the two sides do not agree.

use super::pull::Feed;
use crate::error::SyncError;
use crate::store::meta::name;
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::DocId;
use qiaomen_proto::wire::heal::AgainReason;
use qiaomen_proto::wire::pull::{Membership, SyncReply};
use std::collections::BTreeSet;

/// Fetching everything again costs the office as much as a new device: not more often a day.
const REFETCHES_PER_DAY_MAX: u64 = 3;
const DAY_MS: u64 = 24 * 3600 * 1000;

/// Writes down what came and what left. Returns whether anything did.
pub(crate) fn take(tx: &Tx<'_>, feed: &Feed, answer: &SyncReply) -> Result<bool, SyncError> {
    let generation = tx.number(name::GENERATION)?;
    let streams: Vec<(String, [u8; 16])> = answer.streams.iter().map(|s| (s.stream.clone(), s.digest)).collect();
    let mut left: BTreeSet<DocId> = tx.set_streams(&streams)?.into_iter().collect();
    for (stream, doc) in members(&answer.departed, feed, &streams)? {
        tx.remove_member(stream, doc)?;
        left.insert(doc);
    }
    let mut moved = !left.is_empty();
    for (stream, doc) in members(&answer.arrived, feed, &streams)? {
        tx.put_member(stream, doc, generation)?;
        tx.set_leaving(doc, false)?;
        left.remove(&doc);
        moved = true;
    }
    if !answer.more && tx.number(name::REFETCHING)? == 1 {
        left.extend(tx.remove_stale_members(generation)?);
        tx.put_number(name::REFETCHING, 0)?;
    }
    for doc in left {
        if !tx.is_member(doc)? {
            tx.set_leaving(doc, true)?;
        }
    }
    if !answer.more {
        // What was brought to the office and stands in none of these streams is somebody else's by now.
        moved |= tx.strays_leave()? > 0;
    }
    Ok(moved)
}

fn members<'s>(
    list: &[Membership],
    feed: &Feed,
    streams: &'s [(String, [u8; 16])],
) -> Result<Vec<(&'s str, DocId)>, SyncError> {
    let mut members = Vec::new();
    for membership in list {
        let stream = usize::try_from(membership.stream).ok().and_then(|n| streams.get(n));
        let (stream, _) = stream.ok_or(SyncError::ReadReply("stream out of table"))?;
        for doc in &membership.docs {
            let doc = usize::try_from(*doc).ok().and_then(|n| feed.docs.get(n));
            members.push((stream.as_str(), *doc.ok_or(SyncError::ReadReply("document out of table"))?));
        }
    }
    Ok(members)
}

/// Begins to fetch everything again, if today's number of times is not used up. The outbox is not touched.
pub(crate) fn refetch(tx: &Tx<'_>, why: AgainReason, now_ms: u64) -> Result<bool, StoreError> {
    let day = now_ms / DAY_MS;
    let today = if tx.number(name::REFETCH_DAY)? == day { tx.number(name::REFETCH_ON_DAY)? } else { 0 };
    if today >= REFETCHES_PER_DAY_MAX {
        return Ok(false);
    }
    tx.put_number(name::REFETCH_DAY, day)?;
    tx.put_number(name::REFETCH_ON_DAY, today + 1)?;
    tx.put_number(name::REFETCH_COUNT, tx.number(name::REFETCH_COUNT)? + 1)?;
    tx.begin_refetch(why)?;
    Ok(true)
}
