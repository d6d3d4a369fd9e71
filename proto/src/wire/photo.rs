//! How a photo travels: in pieces, each in a request of its own, after the text. The office says each time how far it
//! has it, so that whatever broke off goes on from there.

use minicbor::{Decode, Encode};

/// Where a device sends a piece.
pub const PHOTO_PATH: &str = "/v1/photo";

/// One piece of a photo; without bytes, the question how far the office has it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default)]
#[cbor(map)]
pub struct PhotoRequest {
    /// [`super::WIRE_VERSION`].
    #[n(0)]
    pub wire_version: u16,
    /// BLAKE3 of the whole ciphertext, as the photo's record has it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: [u8; 32],
    /// Bytes of the whole ciphertext, as the record has it.
    #[n(2)]
    pub size: u32,
    /// Where this piece begins.
    #[n(3)]
    pub offset: u32,
    /// The piece.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// How far the office has it, durably.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default)]
#[cbor(map)]
pub struct PhotoReply {
    /// [`super::WIRE_VERSION`].
    #[n(0)]
    pub wire_version: u16,
    /// Which life of the office has it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub incarnation: [u8; 16],
    /// Bytes that it has from the front: the next piece begins there.
    #[n(2)]
    pub have: u32,
    /// True if it has the whole photo and the hash is right.
    #[n(3)]
    pub whole: bool,
    /// How far the log has come: a backup that has more than this has the photo, if it is whole.
    #[n(4)]
    pub position: u64,
}
