//! How large a workbook may be, decided before anything of it is unpacked.
//!
//! An xlsx is a zip. Its list of contents says how large everything becomes; a small file that
//! promises gigabytes is refused here. A list that lies cannot do worse than the file's own size
//! allows (a zip packs about 1000 to 1), which is why the file's size has a limit of its own.
//!
//! Not held here: a file whose list of shared texts claims to be 10^13 texts long makes the reader of
//! the format ask for that much memory, which ends the process. Only unpacking it first could tell.

use super::WorkbookError;

/// A file as it lies on disk. The book of a community with 6,000 residents has 0.4 MB; the rest is
/// room for what people paste into such books.
pub const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Everything in the file together, unpacked. The same book unpacks to 3 MB.
pub const UNPACKED_BYTES_MAX: usize = 256 * 1024 * 1024;

/// First bytes of an old xls and of an xlsx that is locked with a password.
const OLD_MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Signature and fixed part of the record that ends a zip.
const END: ([u8; 4], usize) = ([b'P', b'K', 5, 6], 22);
/// Signature and fixed part of one entry in the list of contents.
const ENTRY: ([u8; 4], usize) = ([b'P', b'K', 1, 2], 46);
/// A comment at the end of a zip is at most this long.
const COMMENT_BYTES_MAX: usize = 0xffff;

/// Refuses what is too large, is no zip, or is an old or a locked workbook.
pub(super) fn check(bytes: &[u8]) -> Result<(), WorkbookError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(WorkbookError::FileTooLarge { bytes: bytes.len() });
    }
    if bytes.starts_with(&OLD_MAGIC) {
        return Err(WorkbookError::OldOrLocked);
    }
    let unpacked = unpacked_bytes(bytes).ok_or(WorkbookError::NotAWorkbook)?;
    if unpacked > UNPACKED_BYTES_MAX as u64 { Err(WorkbookError::UnpackedTooLarge) } else { Ok(()) }
}

/// What the list of contents promises. A zip64 entry promises 4 GB, and is refused for it.
fn unpacked_bytes(bytes: &[u8]) -> Option<u64> {
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
