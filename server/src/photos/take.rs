//! One piece of a photo. The office takes bytes only of what a record names, in the book or in a command that is held
//! back: the text is first, so the record is here. It answers how far it has the photo from this device, durably; a piece
//! that came twice, or out of turn, changes nothing.

use super::abandoned::{clear_abandoned, clear_parts};
use super::store::{Came, PhotoStoreError};
use crate::office::{Office, OfficeError};
use crate::store::sqlite::DeviceRow;
use crate::store::{StoreError, Tx};
use crate::sync::{SyncAnswer, SyncRefusal};
use qiaomen_proto::change::{Command, Scalar};
use qiaomen_proto::entity::record::{self, PhotoPayload};
use qiaomen_proto::entity::ticket::PHOTOS;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Kind;
use qiaomen_proto::limits::{
    PHOTO_BYTES_MAX, PHOTO_CHUNK_BYTES_MAX, PHOTO_PARTS_PER_DEVICE_MAX, PHOTOS_PER_TICKET_MAX,
};
use qiaomen_proto::seal::VerifyKey;
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{REPLY_CONTEXT, REQUEST_CONTEXT, SignedBy, reply_message, request_message};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::photo::{PhotoReply, PhotoRequest};
use qiaomen_proto::wire::unbatch::DraftBatch;

/// A request as it arrives: a piece, and a few numbers.
pub const REQUEST_BYTES_MAX: usize = PHOTO_CHUNK_BYTES_MAX + 4 * 1024;

/// How a piece ends that is no failure of the office.
enum Ended {
    Refused(SyncRefusal),
    Failed(Failure),
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Office(#[from] OfficeError),
    #[error(transparent)]
    Photo(#[from] PhotoStoreError),
}

impl Failure {
    fn code(&self) -> Code {
        match self {
            Self::Office(error) => error.code(),
            Self::Photo(error) => error.code(),
        }
    }
}

impl From<Code> for Ended {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}
impl From<SyncRefusal> for Ended {
    fn from(refusal: SyncRefusal) -> Self {
        Self::Refused(refusal)
    }
}
impl From<StoreError> for Ended {
    fn from(e: StoreError) -> Self {
        Self::Failed(OfficeError::from(e).into())
    }
}
impl From<PhotoStoreError> for Ended {
    fn from(e: PhotoStoreError) -> Self {
        Self::Failed(e.into())
    }
}

impl Office {
    /// Answers one piece.
    pub fn photo_piece(&self, signed: &SignedBy, path: &str, body: &[u8]) -> Result<SyncAnswer, SyncRefusal> {
        self.piece_inner(signed, path, body).map_err(|ended| match ended {
            Ended::Refused(refusal) => refusal,
            Ended::Failed(error) => {
                tracing::error!(device = %signed.device, %error, "a piece of a photo could not be taken");
                SyncRefusal { retry_after_s: Some(5), ..error.code().into() }
            }
        })
    }

    fn piece_inner(&self, signed: &SignedBy, path: &str, body: &[u8]) -> Result<SyncAnswer, Ended> {
        if body.len() > REQUEST_BYTES_MAX {
            return Err(Code::TooLarge.into());
        }
        let device = self.store().read(|tx| tx.device(signed.device))?.ok_or(Code::NotSigned)?;
        VerifyKey(device.verify_key)
            .verify(REQUEST_CONTEXT, &request_message(path, signed.counter, body), &signed.signature)
            .map_err(|_| Code::NotSigned)?;
        self.in_pace(signed, &device)?;
        let request: PhotoRequest = unpack(body, REQUEST_BYTES_MAX).map_err(|_| Code::Malformed)?;
        if request.wire_version != WIRE_VERSION {
            return Err(Code::WireVersion.into());
        }
        let size = usize::try_from(request.size).unwrap_or(usize::MAX);
        if request.bytes.len() > PHOTO_CHUNK_BYTES_MAX || size > PHOTO_BYTES_MAX {
            return Err(Code::TooLarge.into());
        }
        let offset = usize::try_from(request.offset).unwrap_or(usize::MAX);
        if size == 0 || offset.saturating_add(request.bytes.len()) > size {
            return Err(Code::Malformed.into());
        }
        let begun = self.store().read(|tx| tx.photo_parts_of(device.id))?;
        if begun >= PHOTO_PARTS_PER_DEVICE_MAX {
            clear_abandoned(self)?;
        }
        self.admit_piece(signed, &device, &request)?;
        // Outside of the writer's transaction: nobody's text waits for this disk.
        let came = self.photos().append(&request.hash, device.id, request.size, request.offset, &request.bytes)?;
        let (have, whole) = match came {
            Came::Part(have) => (have, false),
            Came::Whole => (request.size, true),
            Came::Damaged => return Err(Code::PhotoDamaged.into()),
        };
        if whole {
            let (hash, now_ms) = (request.hash, self.now_ms());
            self.store().write::<_, StoreError, _>(move |tx| tx.set_photo_whole(&hash, Some(now_ms)))?;
            clear_parts(self, hash)?;
        }
        let position = self.store().read(|tx| tx.last_change())?;
        let reply = PhotoReply {
            wire_version: WIRE_VERSION,
            incarnation: self.identity().incarnation,
            have,
            whole,
            position: u64::try_from(position).unwrap_or(0),
        };
        let body = pack(&reply);
        let signature = self.secrets().signing.sign(REPLY_CONTEXT, &reply_message(device.id, signed.counter, &body));
        Ok(SyncAnswer { body, signature })
    }

    /// Uses the request's count up, and says whether this device may bring this photo.
    fn admit_piece(&self, signed: &SignedBy, device: &DeviceRow, request: &PhotoRequest) -> Result<(), Ended> {
        let office = self.clone();
        let (id, counter, hash, size) = (device.id, signed.counter, request.hash, request.size);
        self.store().write(move |tx| {
            let device = tx.device(id)?.ok_or(Code::NotSigned)?;
            if !tx.use_counter(device.id, counter)? {
                let counter = Some(device.counter);
                return Err(Ended::Refused(SyncRefusal { counter, ..Code::Replayed.into() }));
            }
            let now_ms = office.now_ms();
            // One true record suffices: somebody else's that lies about the size keeps nothing out. Whoever knows the hash
            // of the sealed bytes has them, or had the record: so the phone may bring a photo whose worker handed it on,
            // or lost the grid; what comes is held against the hash.
            let named = tx.names_photo(&hash, size, PHOTOS_PER_TICKET_MAX)?
                // Its command may be held back, and its photos with it: somebody may let it in.
                || tx.holds_photo(&hash, size)?
                || held_by_earlier_program(tx, &device, &hash)? == Some(size);
            if !named {
                return Err(if tx.knows_photo(&hash)? { Code::Malformed } else { Code::PhotoUnknown }.into());
            }
            if !tx.has_begun_photo(&hash, device.id)? && tx.photo_parts_of(device.id)? >= PHOTO_PARTS_PER_DEVICE_MAX {
                return Err(Code::TooMany.into());
            }
            Ok(tx.begin_photo(&hash, device.id, now_ms)?)
        })
    }
}

/// What a command of this device says of a photo's size that was held by an earlier program: of those nothing is noted.
fn held_by_earlier_program(tx: &Tx<'_>, device: &DeviceRow, hash: &[u8; 32]) -> Result<Option<u32>, StoreError> {
    for (_, stored) in tx.held_of(device.id)? {
        let Ok(batch) = DraftBatch::read(&stored, 1) else { continue };
        let ops = batch.commands.iter().flat_map(|c| &c.changes).flat_map(|change| &change.ops);
        let mut photos = ops.filter(|op| op.path.container == PHOTOS).filter_map(|op| photo_in(&op.value));
        if let Some(photo) = photos.find(|photo| photo.hash == *hash) {
            return Ok(Some(photo.size));
        }
    }
    Ok(None)
}

fn photo_in(value: &Scalar) -> Option<PhotoPayload> {
    let Scalar::Bytes(bytes) = value else { return None };
    record::from_bytes::<PhotoPayload>(bytes).ok()
}

/// Notes the photos that a command names which is to be held.
pub(crate) fn hold_photos(tx: &Tx<'_>, command: &Command) -> Result<(), StoreError> {
    let ops = command.changes.iter().filter(|change| change.doc.kind == Kind::Ticket).flat_map(|change| &change.ops);
    for photo in ops.filter(|op| op.path.container == PHOTOS).filter_map(|op| photo_in(&op.value)) {
        tx.hold_photo(&photo.hash, command.stamp.command, photo.size)?;
    }
    Ok(())
}
