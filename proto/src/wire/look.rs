//! Looks: that a worker had a masked value shown on a device. They travel beside the commands, and the office writes
//! them into its audit.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

/// One look. It says what was looked at, and nothing of what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Look {
    /// Drawn at random on the device: by it the office knows a look that comes twice.
    #[n(0)]
    pub id: ByteArray<16>,
    /// Key of the document.
    #[n(1)]
    pub doc: ByteArray<17>,
    /// Permanent names of the fields that were shown.
    #[n(2)]
    pub fields: Vec<String>,
    /// When, as the device says, by the office's clock as far as it knew it.
    #[n(3)]
    pub at_ms: u64,
}
