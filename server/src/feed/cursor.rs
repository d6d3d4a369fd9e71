//! Where a device stands: for each of its streams a number, or how far its first load has come. Fenced
//! by the server's incarnation and the stream's epoch; opaque to the device; never a time.

use minicbor::{Decode, Encode};
use qiaomen_proto::limits::STREAMS_PER_DEVICE_MAX;

/// The cursor.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default)]
pub struct Cursor {
    /// Which life of the server gave it.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub incarnation: [u8; 16],
    /// One for each stream.
    #[n(1)]
    pub streams: Vec<StreamCursor>,
}

/// Where a device stands in one stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StreamCursor {
    /// The stream.
    #[n(0)]
    pub stream: String,
    /// Its epoch.
    #[n(1)]
    pub epoch: u64,
    /// Everything up to this number is known (or will be when the load has ended).
    #[n(2)]
    pub seq: u64,
    /// While it loads: the last document loaded.
    #[n(3)]
    pub loaded_to: Option<i64>,
}

impl Cursor {
    /// Bytes for the device.
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }
    /// Back from the device. None if these are not a cursor of ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let cursor: Self = minicbor::decode(bytes).ok()?;
        (cursor.streams.len() <= STREAMS_PER_DEVICE_MAX).then_some(cursor)
    }
    /// Where it stands in this stream, if the epoch is still the same.
    pub fn at(&self, stream: &str, epoch: u64) -> Option<&StreamCursor> {
        self.streams.iter().find(|s| s.stream == stream && s.epoch == epoch)
    }
}
