//! Photos of matters: made small and plain, sealed, kept until the office and its backup have them, shown.

/// From what a camera gives to what is kept: small, upright, and without a word about where or by whom.
mod shrink;
/// A code in a picture.
mod scan;
/// Attaching: a command that names them and their bytes, both or neither.
mod attach;
/// What is here of a matter's photos.
mod shown;

pub use attach::PHOTOS_PER_COMMAND_MAX;
pub use scan::read_code;
pub use shown::{PhotoLine, PhotoState, PhotosToGo};
pub use shrink::{NewPhoto, PhotoError, SOURCE_BYTES_MAX, shrink};

use qiaomen_proto::entity::record::{PhotoPayload, PhotoStage};
use qiaomen_proto::ids::{CommandId, TicketId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the command of a photo says of it. Its JSON is for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoMeant {
    /// Its id.
    pub id: Uuid,
    /// BLAKE3 of its sealed bytes, in hexadecimal digits.
    pub hash: String,
    /// How many they are.
    pub size: u32,
    /// Before or after the work.
    pub stage: PhotoStage,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// When it was taken, where that was said.
    #[serde(default)]
    pub taken_ms: Option<u64>,
}

impl PhotoMeant {
    /// As it stands in the matter's document.
    pub(crate) fn payload(&self) -> Option<PhotoPayload> {
        Some(PhotoPayload {
            id: *self.id.as_bytes(),
            hash: *blake3::Hash::from_hex(&self.hash).ok()?.as_bytes(),
            size: self.size,
            stage: self.stage.number(),
            width: self.width,
            height: self.height,
            taken_ms: self.taken_ms,
        })
    }
}

/// A photo that is kept here, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) hash: [u8; 32],
    pub(crate) id: [u8; 16],
    pub(crate) ticket: TicketId,
    /// The command that names it.
    pub(crate) command: CommandId,
    pub(crate) size: u32,
    pub(crate) at_ms: u64,
    /// So many bytes this life of the office has.
    pub(crate) have: u32,
    /// True if it has all of them.
    pub(crate) whole: bool,
    /// True if an earlier life had some: this one is asked before anything is sent.
    pub(crate) asked_elsewhere: bool,
}
