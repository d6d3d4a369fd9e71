//! Where a device stands, as the office wrote it once. The office brings SQLCipher along, which would have to be built
//! with the sanitizer, so the one file of it that reads a cursor is taken in here as it is.

#[allow(dead_code, reason = "the office uses more of it")]
#[path = "../../../server/src/feed/cursor.rs"]
mod office;

use office::{CURSOR_BYTES_MAX, Cursor};
use qiaomen_proto::limits::STREAMS_PER_DEVICE_MAX;

pub(crate) fn cursor(bytes: &[u8]) {
    let Some(cursor) = Cursor::from_bytes(bytes) else { return };
    assert!(bytes.len() <= CURSOR_BYTES_MAX && cursor.streams.len() <= STREAMS_PER_DEVICE_MAX);
    assert_eq!(Cursor::from_bytes(&cursor.to_bytes()).as_ref(), Some(&cursor), "what was read is written the same");
    if let Some(first) = cursor.streams.first() {
        let found = cursor.at(&first.stream, first.epoch).expect("a stream of it is found in it");
        assert_eq!((found.seq, found.loaded_to), (first.seq, first.loaded_to));
        assert!(cursor.at(&first.stream, first.epoch.wrapping_add(1)).is_none_or(|other| other != first));
    }
}
