//! The workbook has no fuzz target: the library that reads the format panics on some hostile files, which the office
//! contains, and libFuzzer cannot. It is damaged here instead.

use crate::replay;
use qiaomen_server::ledger::workbook::read_workbook;
use std::fs;
use std::path::Path;

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
