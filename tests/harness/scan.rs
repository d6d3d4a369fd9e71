use super::folder::files;
use super::wire::Carried;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io::Read as _;
use std::path::Path;

/// So many first bytes of a value are looked at before the rest is.
const BEGIN: usize = 4;
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Looks for values in bytes.
#[derive(Debug)]
pub(crate) struct Scan<'v> {
    by_begin: HashMap<[u8; BEGIN], Vec<&'v str>>,
}

/// A value that can be read where it must not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Readable {
    place: String,
    value: String,
}

impl fmt::Display for Readable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n  {} in {}", self.value, self.place)
    }
}

impl<'v> Scan<'v> {
    pub(crate) fn of(values: &'v BTreeSet<String>) -> Self {
        let mut by_begin: HashMap<[u8; BEGIN], Vec<&str>> = HashMap::new();
        for value in values {
            let begin = value.as_bytes().first_chunk().expect("a value of at least four bytes");
            by_begin.entry(*begin).or_default().push(value);
        }
        Self { by_begin }
    }

    /// The values that can be read in these bytes.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> BTreeSet<&'v str> {
        let hits = bytes.windows(BEGIN).enumerate().filter_map(|(at, begin)| Some((at, self.by_begin.get(begin)?)));
        hits.flat_map(|(at, values)| values.iter().filter(move |v| bytes[at..].starts_with(v.as_bytes())))
            .copied()
            .collect()
    }

    /// The values that can be read in any file of a folder but one of this name.
    pub(crate) fn folder(&self, folder: &Path, but: &str) -> Vec<Readable> {
        let mut found = Vec::new();
        let files: Vec<_> =
            files(folder).into_iter().filter(|f| f.file_name().is_none_or(|name| name != but)).collect();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        for file in files {
            let bytes = std::fs::read(&file).expect("a file that can be read");
            found.extend(self.readable(&file.display().to_string(), &bytes));
        }
        found
    }

    /// The values that can be read on the wire, as it is and unpacked.
    pub(crate) fn wire(&self, carried: &[Carried]) -> Vec<Readable> {
        let mut found = Vec::new();
        for (number, one) in carried.iter().enumerate() {
            for (way, bytes) in [("up", &one.up), ("down", &one.down)] {
                found.extend(self.readable(&format!("connection {number} {way}"), bytes));
                for packed in unpacked(bytes) {
                    found.extend(self.readable(&format!("connection {number} {way}, unpacked"), &packed));
                }
            }
        }
        found
    }

    /// The same with the place where they can be read.
    pub(crate) fn readable(&self, place: &str, bytes: &[u8]) -> Vec<Readable> {
        self.bytes(bytes).into_iter().map(|v| Readable { place: place.to_owned(), value: v.to_owned() }).collect()
    }
}

/// Everything in these bytes that was compressed.
pub(crate) fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    let begins = bytes.windows(ZSTD.len()).enumerate().filter(|(_, w)| *w == ZSTD).map(|(at, _)| at);
    begins
        .filter_map(|at| {
            let mut plain = Vec::new();
            zstd::stream::read::Decoder::new(&bytes[at..]).ok()?.single_frame().read_to_end(&mut plain).ok()?;
            Some(plain)
        })
        .collect()
}
