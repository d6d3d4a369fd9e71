//! Photos, after the text: which piece goes now, and what the office said of it.
//!
//! A piece is small, and before each the outbox is looked at again: what is written meanwhile goes first.

use super::pull::is_the_office_s;
use crate::enrol::Identity;
use crate::error::SyncError;
use crate::photo::Kept;
use crate::store::meta::name;
use crate::store::{StoreError, Tx};
use crate::transport::Reply;
use qiaomen_proto::limits::REPLY_BYTES_MAX;
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{REQUEST_CONTEXT, SignedBy, request_message};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::photo::{PHOTO_PATH, PhotoReply, PhotoRequest};

/// Bytes of one piece: under a second on 40 kB a second, so that a line of text waits no longer than that.
const PIECE_BYTES: u32 = 32 * 1024;
/// An answer is a few numbers.
const ANSWER_BYTES_MAX: usize = 4 * 1024;
/// How long a photo stays on its phone at least, to be looked at, also where a backup has it.
const SHOWN_MS: u64 = 7 * 24 * 3600 * 1000;

/// A piece that is under way.
#[derive(Debug, Clone)]
pub(crate) struct SentPiece {
    pub(crate) counter: u64,
    pub(crate) photo: Kept,
}

/// A piece, ready to be posted.
pub(crate) struct Piece {
    pub(crate) sent: SentPiece,
    pub(crate) auth: String,
    pub(crate) body: Vec<u8>,
}

/// The next piece of a photo. Its number is in the database before it is sent.
pub(crate) fn piece(tx: &Tx<'_>, identity: &Identity, photo: Kept) -> Result<Piece, StoreError> {
    // Another life of the office may have it from a backup: it is asked before anything goes.
    let len = if photo.asked_elsewhere { 0 } else { PIECE_BYTES };
    let bytes = if len == 0 { Vec::new() } else { tx.photo_piece(&photo.hash, photo.have, len)? };
    let counter = tx.number(name::COUNTER)? + 1;
    tx.put_number(name::COUNTER, counter)?;
    let request =
        PhotoRequest { wire_version: WIRE_VERSION, hash: photo.hash, size: photo.size, offset: photo.have, bytes };
    let body = pack(&request);
    let signature = identity.signing().sign(REQUEST_CONTEXT, &request_message(PHOTO_PATH, counter, &body));
    let auth = SignedBy { device: identity.device(), counter, signature }.to_text();
    Ok(Piece { sent: SentPiece { counter, photo }, auth, body })
}

/// Reads an answer, after its signature was checked.
pub(crate) fn read(reply: &Reply, identity: &Identity, sent: &SentPiece) -> Result<PhotoReply, SyncError> {
    if reply.body.len() > REPLY_BYTES_MAX.min(ANSWER_BYTES_MAX) {
        return Err(SyncError::ReadReply("too large"));
    }
    is_the_office_s(reply, identity, sent.counter)?;
    let answer: PhotoReply = unpack(&reply.body, ANSWER_BYTES_MAX).map_err(|e| SyncError::ReadReply(e.0))?;
    if answer.wire_version != WIRE_VERSION {
        return Err(SyncError::ReadReply("wire version"));
    }
    if answer.have > sent.photo.size || answer.whole && answer.have != sent.photo.size {
        return Err(SyncError::ReadReply("more of a photo than there is"));
    }
    Ok(answer)
}

/// Writes down how far the office has it. True if that is further than before, or the first it says.
pub(crate) fn take(tx: &Tx<'_>, sent: &SentPiece, answer: &PhotoReply) -> Result<bool, StoreError> {
    let photo = &sent.photo;
    tx.photo_is_there(&photo.hash, &answer.incarnation, answer.have, answer.whole, answer.position)?;
    Ok(answer.whole || answer.have > photo.have || photo.asked_elsewhere)
}

/// The office has dropped what it had of a photo: it goes again from the front.
pub(crate) fn dropped(tx: &Tx<'_>, sent: &SentPiece) -> Result<(), StoreError> {
    match tx.meta(name::INCARNATION)?.and_then(|life| <[u8; 16]>::try_from(life).ok()) {
        Some(life) => tx.photo_is_there(&sent.photo.hash, &life, 0, false, 0),
        None => Ok(()),
    }
}

/// Lets go of what the office's backup has.
pub(crate) fn prune(tx: &Tx<'_>, life: &[u8; 16], backed_up: u64, now_ms: u64) -> Result<(), StoreError> {
    tx.prune_photos(life, backed_up, now_ms.saturating_sub(SHOWN_MS))
}
