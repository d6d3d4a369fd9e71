//! Honest bytes to begin with: the published bytes of `proto/tests/golden`, each where it belongs, and what
//! people type.

use std::collections::BTreeMap;

/// The published bytes, as `name hexadecimal` in each line.
const GOLDEN: [&str; 3] = [
    include_str!("../../../proto/tests/golden/messages.txt"),
    include_str!("../../../proto/tests/golden/evening.txt"),
    include_str!("../../../proto/tests/golden/sealed.txt"),
];
/// Published spellings: kind, and between brackets what is written and what it becomes.
const SPELLINGS: &str = include_str!("../../../proto/tests/golden/normalise-v1.txt");
/// Published texts of stamps, keys, streams.
const NAMES: &str = include_str!("../../../proto/tests/golden/names.txt");

/// What people type into fields, in the styles of the books. Nobody has these numbers.
const TYPED: [&str; 22] = [
    "138-0000-0000",
    "+86 138 0000 0000",
    "0477-8000000",
    "(0477)8000000",
    "400-800-0000",
    "8000000",
    "000000000000000000",
    "00000019000101000x",
    "000000000000000",
    "1978/2/16",
    "1997年11月4日",
    "19720517",
    "1992.06.19",
    "28000",
    "1988-11-06T08:00:00",
    "拒绝提供",
    "居民不愿意透露",
    "是",
    "不同意",
    "300",
    "志愿者,党员;楼长、党员",
    "6e0c2a1e-5c0f-4f5d-9a37-000000000001",
];

/// Every seed: its target, and the bytes.
///
/// # Panics
/// Where a published line is not `name hexadecimal`.
pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let golden = golden();
    let of = |name: &str| golden.get(name).cloned().unwrap_or_default();
    let mut seeds = Vec::new();
    let mut sow = |target: &'static str, bytes: &[u8]| seeds.push((target, bytes.to_vec()));
    for (target, message) in [
        ("request", "sync_request"),
        ("reply", "sync_reply"),
        ("enrolment", "enrol_request"),
        ("enrolment", "enrol_reply"),
    ] {
        for plain in of(message) {
            sow(target, &plain);
            sow("envelope", &zstd::bulk::compress(&plain, 19).expect("memory to compress in"));
        }
    }
    for batch in of("batch_short").iter().chain(&of("batch_in_full")) {
        sow("batch", batch);
        sow("admission", batch);
        // Eight reads, from a byte to a text, at the head of a batch.
        sow("columns", &[&[8, 3, 2, 3, 2, 0, 2, 3, 251][..], batch].concat());
    }
    sow("columns", &[&[8, 0, 33, 2, 3, 4, 253, 102, 111][..], &[1; 40]].concat());
    for (kind, name) in [(0, "entry"), (1, "note"), (2, "tag"), (3, "refusal"), (4, "link"), (5, "event")] {
        of(name).iter().for_each(|record| sow("records", &[&[kind], &record[..]].concat()));
    }
    // Two candidates seen, one taken: as `docs/flow/6-conflict.md` says it.
    sow("records", &[&[6, 0xa6, 0, 0, 1, 0x65][..], b"phone", &[2, 0x80, 3, 0x80, 4, 0xf4, 5, 1]].concat());
    // A matter: reported, assigned, told, checked, closed, opened again.
    let steps = [(1, 0), (3, 2), (6, 4), (7, 6), (8, 8), (11, 9)];
    let matter: Vec<u8> = steps.iter().flat_map(|(kind, id)| [3, 0, *id, 0xa1, 0, *kind]).collect();
    sow("records", &[&[7], &matter[..]].concat());
    for name in ["key_bundle", "keys_up", "keys_down"] {
        of(name).iter().for_each(|bytes| sow("sealed", bytes));
    }
    of("rescue_record").iter().for_each(|record| sow("rescue", record));
    sow("rescue", &[&[0xa3, 0, 0x42, 1, 1, 1, 0x41, 2, 2, 0x62][..], b"{}"].concat());
    of("reference").iter().chain(&of("reference_signed")).for_each(|bytes| sow("reference", bytes));
    of("header").iter().for_each(|header| sow("texts", header));
    for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
        let (name, text) = line.split_once(' ').expect("a name and a text");
        sow("texts", text.as_bytes());
        if name == "document_key" {
            sow("texts", &unhex(text));
        }
    }
    for line in SPELLINGS.lines().filter(|line| !line.starts_with('#')) {
        let (_, text) = line.split_once('[').expect("a spelling in brackets");
        sow("places", text.split(']').next().unwrap_or_default().as_bytes());
    }
    // A cursor in no stream, in one that is up to date, in two of which one is being loaded.
    let life = [&[0x82, 0x50][..], &[7; 16]].concat();
    let (home, loading) = (b"\x84\x63g:a\x01\x18\x2a\xf6", b"\x84\x65d:\xe9\x97\xa8\x02\x19\x01\x00\x18\x63");
    sow("cursor", &[&life[..], &[0x80]].concat());
    sow("cursor", &[&life[..], &[0x81], home].concat());
    sow("cursor", &[&life[..], &[0x82], home, loading].concat());
    TYPED.iter().for_each(|text| sow("people", text.as_bytes()));
    for row in of("stored_change").iter().chain(&of("stored_register")) {
        (0..4).for_each(|kind| sow("stored", &[&[kind], &row[..]].concat()));
    }
    seeds.sort_unstable();
    seeds.dedup();
    seeds
}

fn golden() -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    let mut golden: BTreeMap<&str, Vec<Vec<u8>>> = BTreeMap::new();
    for line in GOLDEN.iter().flat_map(|text| text.lines()) {
        let (name, digits) = line.split_once(' ').expect("a name and its bytes");
        golden.entry(name).or_default().push(unhex(digits));
    }
    golden
}

fn unhex(digits: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}
