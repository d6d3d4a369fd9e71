//! Decoders of foreign bytes that stand in the office. They have no fuzz target, because the office carries
//! a whole SQLCipher that would have to be built with the sanitizer; they are damaged here instead.

use crate::replay;
use qiaomen_proto::limits::STREAMS_PER_DEVICE_MAX;
use qiaomen_server::feed::cursor::{CURSOR_BYTES_MAX, Cursor, StreamCursor};
use qiaomen_server::ledger::workbook::read_workbook;
use std::fs;
use std::path::Path;

fn cursor(bytes: &[u8]) {
    let Some(cursor) = Cursor::from_bytes(bytes) else { return };
    assert!(cursor.streams.len() <= STREAMS_PER_DEVICE_MAX);
    assert_eq!(Cursor::from_bytes(&cursor.to_bytes()), Some(cursor));
}

/// A cursor in as many streams.
fn cursor_in(streams: usize) -> Vec<u8> {
    let stream = |n: usize| StreamCursor {
        stream: format!("d:{}", "门".repeat(n % 40 + 1)),
        epoch: n as u64,
        seq: u64::MAX,
        loaded_to: n.is_multiple_of(2).then_some(i64::MAX),
    };
    Cursor { incarnation: [7; 16], streams: (0..streams).map(stream).collect() }.to_bytes()
}

#[test]
fn a_cursor_comes_back_or_is_none_of_the_offices() {
    let files = [0, 1, 3, STREAMS_PER_DEVICE_MAX].map(|n| (format!("a cursor in {n} streams"), cursor_in(n)));
    replay("cursor", &files, 2_000, cursor);
    let largest = cursor_in(STREAMS_PER_DEVICE_MAX);
    assert!(largest.len() <= CURSOR_BYTES_MAX && Cursor::from_bytes(&largest).is_some());
    assert_eq!(Cursor::from_bytes(&cursor_in(STREAMS_PER_DEVICE_MAX + 1)), None);
}

#[test]
fn a_damaged_workbook_is_read_or_refused_in_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/ledger-small.xlsx");
    let files = [("ledger-small.xlsx".to_owned(), fs::read(path).unwrap())];
    replay("workbook", &files, 300, |bytes| {
        if let Err(error) = read_workbook(bytes, &mut |_, _| {}) {
            assert!(!error.to_string().is_empty());
        }
    });
}
