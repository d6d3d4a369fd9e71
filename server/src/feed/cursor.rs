//! Where a device stands: for each of its streams a number, or how far its first load has come. Fenced
//! by the server's incarnation and the stream's epoch; opaque to the device; never a time.

use minicbor::{Decode, Encode};
use qiaomen_proto::limits::STREAMS_PER_DEVICE_MAX;

/// The longest cursor: that of a device with all the streams that it may have, each with the longest code of
/// a department and the largest numbers, is 10 KB. A longer one is not looked into: what nobody knows in it is
/// skipped, and 8 MB of small open lists take 130 MB of memory to skip.
pub const CURSOR_BYTES_MAX: usize = 16 * 1024;

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
        if bytes.len() > CURSOR_BYTES_MAX {
            return None;
        }
        let cursor: Self = minicbor::decode(bytes).ok()?;
        (cursor.streams.len() <= STREAMS_PER_DEVICE_MAX).then_some(cursor)
    }
    /// Where it stands in this stream, if the epoch is still the same.
    pub fn at(&self, stream: &str, epoch: u64) -> Option<&StreamCursor> {
        self.streams.iter().find(|s| s.stream == stream && s.epoch == epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_proto::limits::DEPARTMENT_CODE_BYTES_MAX;

    fn longest(streams: usize) -> Cursor {
        let stream = StreamCursor {
            stream: format!("d:{}", "d".repeat(DEPARTMENT_CODE_BYTES_MAX)),
            epoch: u64::MAX,
            seq: u64::MAX,
            loaded_to: Some(i64::MAX),
        };
        Cursor { incarnation: [7; 16], streams: vec![stream; streams] }
    }

    #[test]
    fn the_longest_cursor_of_an_honest_device_is_read_and_one_with_a_stream_more_is_none() {
        let cursor = longest(STREAMS_PER_DEVICE_MAX);
        assert_eq!(Cursor::from_bytes(&cursor.to_bytes()), Some(cursor));
        assert_eq!(Cursor::from_bytes(&longest(STREAMS_PER_DEVICE_MAX + 1).to_bytes()), None);
    }

    #[test]
    fn a_cursor_that_would_be_skipped_for_megabytes_is_not_looked_into() {
        // An honest cursor with a third part, which is passed over; at the limit, and one byte past it.
        let mut bytes = longest(0).to_bytes();
        assert_eq!(bytes[0], 0x82);
        bytes[0] = 0x83;
        let note = CURSOR_BYTES_MAX - bytes.len() - 3;
        bytes.extend([&[0x59][..], &u16::try_from(note).expect("less than a cursor").to_be_bytes()].concat());
        bytes.resize(CURSOR_BYTES_MAX, 0);
        assert_eq!(Cursor::from_bytes(&bytes), Some(longest(0)));
        bytes.push(0);
        assert_eq!(Cursor::from_bytes(&bytes), None);
    }
}
