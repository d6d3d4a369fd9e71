//! What is asked of every decoder of foreign bytes: a function for each, which takes any bytes and panics
//! where a promise is broken.
//!
//! The fuzz targets run these under libFuzzer; `tests/replay` runs the same over the kept corpus, in an
//! ordinary `cargo test`. So nothing here knows which of the two calls.

/// The compressed envelope and the messages in it.
mod messages;
/// Columns of numbers, and the batch made of them.
mod columns;
/// How much memory a batch takes.
mod footprint;
/// From a batch to documents, and on to the next reader.
mod admission;
/// Records in documents: facts as CBOR.
mod records;
/// What travels sealed, boxed or signed.
mod sealed;
/// Texts: headers, stamps, keys, ids.
mod texts;
/// Where a device stands.
mod cursor;
/// What people type: places, persons, fields.
mod people;
/// What a damaged database could hand back.
mod stored;
/// Honest bytes to begin with.
pub mod seeds;

/// A target: its name, which is that of its program and of its folder of the corpus; and what it asks.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 16] = [
    ("envelope", messages::envelope),
    ("request", messages::request),
    ("reply", messages::reply),
    ("enrolment", messages::enrolment),
    ("columns", columns::columns),
    ("batch", columns::batch),
    ("admission", admission::admission),
    ("records", records::records),
    ("rescue", sealed::rescue),
    ("sealed", sealed::sealed),
    ("reference", sealed::reference),
    ("texts", texts::texts),
    ("cursor", cursor::cursor),
    ("places", people::places),
    ("people", people::people),
    ("stored", stored::stored),
];

/// Runs one target.
///
/// # Panics
/// Where there is no such target, and where a decoder breaks a promise.
pub fn run(target: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, body) = found.expect("a target of this name");
    body(bytes);
}
