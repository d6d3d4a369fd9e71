//! What is for ever: bytes, ids, texts and tables as they were first published. `UPDATE=1` writes the
//! files anew; whoever does that has read what changed, and why it may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

/// The first change of each kind.
mod genesis;
/// Ids that follow from their parts, and the texts of stamps, keys and streams.
mod names;
/// A few commands of an evening, as changes, on the wire, in databases.
mod evening;
/// Every message with every field, and what is signed, boxed and rescued.
mod messages;
/// Photos, which came later.
mod photos;
/// Looks at masked values, which came later.
mod looks;
/// What a clerk let in, which came later.
mod let_in;
/// The pages that are made from tables.
mod pages;

use std::fs;
use std::path::{Path, PathBuf};

fn updating() -> bool {
    #[allow(clippy::disallowed_methods, reason = "the one switch of this suite")]
    let update = std::env::var_os("UPDATE");
    update.is_some_and(|u| u == "1")
}

/// Compares with what a file says; the file is named from the root of the project.
pub(crate) fn is_as_in(file: &str, now: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if updating() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, now).unwrap();
        return;
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    let differs = published.lines().zip(now.lines()).zip(1..).find(|((a, b), _)| a != b);
    if let Some(((published, now), line)) = differs {
        panic!(
            "{file}:{line} differs:\n  published {published}\n  now       {now}\nUPDATE=1 cargo test -p qiaomen-proto --test golden"
        );
    }
    assert!(published == now, "{file} is longer or shorter now: UPDATE=1 cargo test -p qiaomen-proto --test golden");
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
