//! The kept corpus of the fuzz targets, and damaged copies of it, through the same bodies: in every ordinary
//! `cargo test`, without nightly. What fuzzing once found stays found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that breaks off has failed")]

/// What is asked of each decoder; shared with the fuzz targets.
#[allow(unreachable_pub, reason = "it is the library of the fuzz targets as well")]
#[path = "../fuzz/src/lib.rs"]
mod fuzz;
/// Cut, flipped, doubled: from a seed.
mod damage;
/// The office's reader of workbooks.
mod office;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// Damaged copies of each file.
const COPIES: usize = 24;
/// The whole corpus, in bytes: small enough to be cloned with the project.
const CORPUS_BYTES_MAX: u64 = 200 * 1024;

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The kept files of one target, in the order of their names.
fn kept(target: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(fuzz_folder().join("corpus").join(target)).expect("each target has a corpus");
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort_unstable();
    files
}

/// Runs a body; where it breaks, says with which bytes and how to see it again.
fn holds(target: &str, origin: &str, bytes: &[u8], body: impl Fn(&[u8]) + std::panic::RefUnwindSafe) {
    if catch_unwind(|| body(bytes)).is_err() {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        panic!(
            "{target} breaks on a copy of {origin}: keep these bytes as tests/fuzz/corpus/{target}/found-<what> \
             (echo {digits} | xxd -r -p), then cargo test -p qiaomen-tests --test replay"
        );
    }
}

/// Runs a body over files, and over damaged copies of each.
fn replay(target: &str, files: &[(String, Vec<u8>)], copies: usize, body: fn(&[u8])) {
    for (number, (name, bytes)) in (0u64..).zip(files) {
        holds(target, name, bytes, body);
        let mut dice = fastrand::Rng::with_seed(number);
        for _ in 0..copies {
            holds(target, name, &damage::of(bytes, &mut dice), body);
        }
    }
}

#[test]
fn every_kept_file_and_its_damaged_copies_keep_the_promises() {
    for (target, body) in fuzz::TARGETS {
        replay(target, &kept(target), COPIES, body);
    }
}

#[test]
fn honest_bytes_keep_the_promises_from_the_first_to_any_later_one() {
    for (target, seed) in fuzz::seeds::seeds() {
        for end in (0..=seed.len()).rev().take(512) {
            holds(target, "a seed, cut", &seed[..end], |bytes| fuzz::run(target, bytes));
        }
    }
}

#[test]
fn each_body_has_a_program_a_corpus_and_seeds() {
    let names: BTreeSet<&str> = fuzz::TARGETS.iter().map(|(name, _)| *name).collect();
    let seeds: BTreeSet<&str> = fuzz::seeds::seeds().into_iter().map(|(target, _)| target).collect();
    assert_eq!(seeds, names);
    let manifest = fs::read_to_string(fuzz_folder().join("Cargo.toml")).unwrap();
    for name in &names {
        assert!(manifest.contains(&format!("[[bin]]\nname = \"{name}\"\npath = \"targets/{name}.rs\"\n")), "{name}");
        let program = fs::read_to_string(fuzz_folder().join(format!("targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("qiaomen_fuzz::run(\"{name}\", bytes)")), "{name}");
        assert!(!kept(name).is_empty(), "{name}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), names.len());
    assert_eq!(fs::read_dir(fuzz_folder().join("targets")).unwrap().count(), names.len());
    assert_eq!(fs::read_dir(fuzz_folder().join("corpus")).unwrap().count(), names.len());
}

#[test]
fn the_corpus_stays_small() {
    let bytes: usize = fuzz::TARGETS.iter().flat_map(|(target, _)| kept(target)).map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes as u64 <= CORPUS_BYTES_MAX, "{bytes} bytes: cargo fuzz cmin, see docs/contribute/fuzzing.md");
}
