//! How large a workbook may be, decided before its reader sees anything of it.
//!
//! An xlsx is a zip. First its list of contents is asked how large everything becomes, which refuses a
//! small file that promises gigabytes at once. Then everything is unpacked once, into nothing, and
//! counted: a list can lie. What the reader of the format keeps in memory whole (the shared texts, the
//! styles, the list of sheets) has a smaller limit of its own.
//!
//! What two parts make the reader of the format ask for, whatever their own size, is asked of
//! [`claims`](super::claims).

use super::{WorkbookError, claims};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A file as it lies on disk. The book of a community with 6,000 residents has 0.4 MB; the rest is
/// room for what people paste into such books.
pub const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Everything in the file together, unpacked. The same book unpacks to 3 MB.
pub const UNPACKED_BYTES_MAX: usize = 256 * 1024 * 1024;

/// One sheet, unpacked. The sheet of the same residents has 3 MB; one with as many rows as are read, 50.
const SHEET_BYTES_MAX: usize = 96 * 1024 * 1024;
/// The list of shared texts, unpacked. A book of 20,000 residents that writes every cell there has 6 MB.
const SHARED_TEXT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Any other part, unpacked. Styles are the largest of them; a book that has been copied together for
/// years has 3 MB of them.
const PART_BYTES_MAX: usize = 16 * 1024 * 1024;

/// First bytes of an old xls and of an xlsx that is locked with a password.
const OLD_MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Signature and fixed part of the record that ends a zip.
const END: ([u8; 4], usize) = ([b'P', b'K', 5, 6], 22);
/// Signature and fixed part of one entry in the list of contents.
const ENTRY: ([u8; 4], usize) = ([b'P', b'K', 1, 2], 46);
/// A comment at the end of a zip is at most this long.
const COMMENT_BYTES_MAX: usize = 0xffff;

/// Refuses what is too large, is no zip, is an old or a locked workbook, or would end the process.
pub(super) fn check(bytes: &[u8]) -> Result<(), WorkbookError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(WorkbookError::FileTooLarge { bytes: bytes.len() });
    }
    if bytes.starts_with(&OLD_MAGIC) {
        return Err(WorkbookError::OldOrLocked);
    }
    let promised = promised_bytes(bytes).ok_or(WorkbookError::NotAWorkbook)?;
    if promised > UNPACKED_BYTES_MAX as u64 {
        return Err(WorkbookError::UnpackedTooLarge);
    }
    unpack(bytes)
}

/// What the list of contents promises. A zip64 entry promises 4 GB, and is refused for it.
fn promised_bytes(bytes: &[u8]) -> Option<u64> {
    let last = bytes.len().checked_sub(END.1)?;
    let end = (last.saturating_sub(COMMENT_BYTES_MAX)..=last).rev().find(|at| bytes[*at..].starts_with(&END.0))?;
    let mut at = number(bytes, end + 16, 4)? as usize;
    let mut unpacked = 0;
    while bytes.get(at..)?.starts_with(&ENTRY.0) {
        unpacked += number(bytes, at + 24, 4)?;
        let names = number(bytes, at + 28, 2)? + number(bytes, at + 30, 2)? + number(bytes, at + 32, 2)?;
        at += ENTRY.1 + names as usize;
    }
    Some(unpacked)
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(len)?)?;
    Some(digits.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// What a part of the file is to its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    SharedTexts,
    Styles,
    Sheet,
    Other,
}

impl Part {
    /// By the name as the reader looks it up: without regard to case and to the way of slashes.
    fn of(name: &str) -> Self {
        let name = name.replace('\\', "/").to_ascii_lowercase();
        if name.ends_with("sharedstrings.xml") {
            Self::SharedTexts
        } else if name.ends_with("styles.xml") {
            Self::Styles
        } else if name.contains("worksheets/") {
            Self::Sheet
        } else {
            Self::Other
        }
    }

    fn bytes_max(self) -> usize {
        match self {
            Self::SharedTexts => SHARED_TEXT_BYTES_MAX,
            Self::Sheet => SHEET_BYTES_MAX,
            Self::Styles | Self::Other => PART_BYTES_MAX,
        }
    }
}

/// Unpacks everything once.
fn unpack(bytes: &[u8]) -> Result<(), WorkbookError> {
    let damaged = || WorkbookError::Damaged { source: None };
    // The reader of the format opens the file with the same library, and sees the same parts.
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        // What cannot be unpacked here cannot be read later either: then it is said by the reader, and
        // only if it needs the part.
        let Ok(mut file) = archive.by_index(index) else { continue };
        let part = file.name().map(|name| Part::of(&name)).unwrap_or(Part::Other);
        let max = left.min(part.bytes_max());
        let (unpacked, fits) = match part {
            Part::SharedTexts => claim(&mut file, max, claims::counts_its_texts),
            Part::Styles => claim(&mut file, max, claims::formats_are_modest),
            Part::Sheet | Part::Other => (length(&mut file, max), true),
        };
        if !fits {
            return Err(damaged());
        }
        left = left.checked_sub(unpacked).filter(|_| unpacked <= max).ok_or(WorkbookError::UnpackedTooLarge)?;
    }
    Ok(())
}

/// How many bytes there are up to the first that cannot be unpacked, or to one more than `max`; and what
/// is said of them, if they are not too many.
fn claim(file: &mut impl Read, max: usize, fits: impl Fn(&[u8]) -> bool) -> (usize, bool) {
    let mut bytes = Vec::new();
    // What was read before a fault stays in `bytes`, and is all that the reader will get as well.
    let _ = file.take(max as u64 + 1).read_to_end(&mut bytes);
    (bytes.len(), bytes.len() > max || fits(&bytes))
}

/// How many they are, without keeping them.
fn length(file: &mut impl Read, max: usize) -> usize {
    let mut file = file.take(max as u64 + 1);
    let mut buffer = [0; 16 * 1024];
    let mut length = 0;
    while let Ok(count @ 1..) = file.read(&mut buffer) {
        length += count;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_known_by_any_spelling_of_their_name() {
        assert_eq!(Part::of("xl/SharedStrings.xml"), Part::SharedTexts);
        assert_eq!(Part::of("xl\\sharedStrings.xml"), Part::SharedTexts);
        assert_eq!(Part::of("xl/worksheets/sheet1.xml"), Part::Sheet);
        assert_eq!(Part::of("xl/styles.xml"), Part::Styles);
        assert_eq!(Part::of("xl/workbook.xml"), Part::Other);
    }
}
