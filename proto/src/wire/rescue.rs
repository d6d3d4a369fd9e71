//! What a device keeps for the office, in case it cannot send: the rescue file.
//!
//! Beside its database, a device appends one record for each command that is not confirmed: the command
//! in full, the keys that it needs, and what was meant by it, boxed to the office. The office reads the
//! file without the PIN and without the database. A record that was cut or damaged hides none of the
//! others: each begins with a mark, and a reader goes on at the next.
//!
//! One command may have several records (it was done again on another base): the last one holds.

use super::envelope::is_definite;
use super::push::RESCUE_INFO;
use crate::ids::CommandId;
use crate::limits::BODY_BYTES_MAX;
use crate::seal::{BoxError, BoxPublic, BoxSecret, open_with, seal_to};
use minicbor::{Decode, Encode};

/// What every record begins with.
const MARK: [u8; 4] = *b"QMR1";
/// Mark, length of what follows the check, check, command.
const HEAD_BYTES: usize = 4 + 4 + 4 + 16;

/// How often a file is checked over on average at most; an honest one is checked once.
const CHECKS_PER_BYTE_MAX: usize = 8;

/// What the office finds in a record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rescued {
    /// A batch of one command, in full (see [`super::batch`]).
    #[cbor(n(0), with = "minicbor::bytes")]
    pub batch: Vec<u8>,
    /// Keys that the office may not have (see [`crate::seal::KeyBundle`]).
    #[cbor(n(1), with = "minicbor::bytes")]
    pub keys: Vec<u8>,
    /// What was meant, as JSON, for a person to read if all else fails.
    #[n(2)]
    pub intent: String,
}

/// One record as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// The command; in the open, so that the device can trim its own file.
    pub command: CommandId,
    /// The box.
    pub boxed: &'a [u8],
    /// The whole record.
    pub whole: &'a [u8],
}

/// A record that does not open or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RescueError {
    /// Not for this office, or changed.
    #[error("the record does not open")]
    Open(#[from] BoxError),
    /// Not a record of this version.
    #[error("the record cannot be read")]
    Read(#[from] minicbor::decode::Error),
}

/// The bytes of one record. `seed` is 32 fresh random bytes.
pub fn seal_record(
    office: &BoxPublic,
    command: CommandId,
    rescued: &Rescued,
    seed: [u8; 32],
) -> Result<Vec<u8>, BoxError> {
    let plain = zeroize::Zeroizing::new(minicbor::to_vec(rescued).unwrap_or_default());
    let boxed = seal_to(office, RESCUE_INFO, command.as_bytes(), &plain, seed)?;
    let mut record = Vec::with_capacity(HEAD_BYTES + boxed.len());
    record.extend_from_slice(&MARK);
    record.extend_from_slice(&u32::try_from(boxed.len()).unwrap_or(u32::MAX).to_be_bytes());
    record.extend_from_slice(&check(command, &boxed));
    record.extend_from_slice(command.as_bytes());
    record.extend_from_slice(&boxed);
    Ok(record)
}

/// Opens one record with the office's secret.
pub fn open_record(secret: &BoxSecret, record: &Record<'_>) -> Result<Rescued, RescueError> {
    let plain = open_with(secret, RESCUE_INFO, record.command.as_bytes(), record.boxed)?;
    let unreadable = |why| RescueError::Read(minicbor::decode::Error::message(why));
    if !is_definite(&plain) {
        return Err(unreadable("of no stated length"));
    }
    let mut cbor = minicbor::Decoder::new(&plain);
    let rescued = cbor.decode()?;
    if cbor.position() != plain.len() {
        return Err(unreadable("bytes left over"));
    }
    Ok(rescued)
}

/// Every whole record of a file, and how many bytes belong to none.
pub fn read_records(file: &[u8]) -> (Vec<Record<'_>>, usize) {
    let (mut records, mut damaged, mut at) = (Vec::new(), 0, 0);
    // A file that is full of marks with large lengths would have us check the same bytes over and over.
    let mut to_check = file.len().saturating_mul(CHECKS_PER_BYTE_MAX);
    while at < file.len() {
        if let Some(record) = record_at(&file[at..], &mut to_check) {
            at += record.whole.len();
            records.push(record);
        } else {
            let next = file[at + 1..].windows(MARK.len()).position(|w| w == MARK).map_or(file.len(), |p| at + 1 + p);
            damaged += next - at;
            at = next;
        }
    }
    (records, damaged)
}

fn record_at<'f>(bytes: &'f [u8], to_check: &mut usize) -> Option<Record<'f>> {
    let rest = bytes.strip_prefix(&MARK)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (stated, rest) = rest.split_first_chunk::<4>()?;
    let (command, rest) = rest.split_first_chunk::<16>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok().filter(|n| *n <= BODY_BYTES_MAX)?;
    let boxed = rest.get(..length)?;
    *to_check = to_check.checked_sub(length)?;
    let command = CommandId::from_bytes(*command);
    (check(command, boxed) == *stated).then_some(Record { command, boxed, whole: &bytes[..HEAD_BYTES + length] })
}

/// Tells a whole record from a cut one. It proves nothing: the box does.
fn check(command: CommandId, boxed: &[u8]) -> [u8; 4] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(command.as_bytes()).update(boxed);
    let mut check = [0; 4];
    hasher.finalize_xof().fill(&mut check);
    check
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file_of_three(secret: &BoxSecret) -> Vec<Vec<u8>> {
        (1..=3u8)
            .map(|n| {
                let rescued = Rescued { batch: vec![n; 100], keys: vec![n; 48], intent: format!("{n}") };
                seal_record(&secret.public(), CommandId::from_bytes([n; 16]), &rescued, [n; 32]).unwrap()
            })
            .collect()
    }

    #[test]
    fn the_office_reads_what_a_device_kept() {
        let secret = BoxSecret::from_bytes([7; 32]);
        let file = file_of_three(&secret).concat();
        let (records, damaged) = read_records(&file);
        assert_eq!((records.len(), damaged), (3, 0));
        assert_eq!(open_record(&secret, &records[1]).unwrap().intent, "2");
        assert!(open_record(&BoxSecret::from_bytes([8; 32]), &records[1]).is_err());
    }

    #[test]
    fn what_states_no_length_or_goes_on_after_its_end_is_not_read() {
        let secret = BoxSecret::from_bytes([7; 32]);
        let opens = |plain: &[u8]| {
            let command = CommandId::from_bytes([1; 16]);
            let boxed = seal_to(&secret.public(), RESCUE_INFO, command.as_bytes(), plain, [1; 32]).unwrap();
            open_record(&secret, &Record { command, boxed: &boxed, whole: &boxed }).is_ok()
        };
        let rescued = Rescued { batch: vec![1; 5], keys: Vec::new(), intent: "{}".to_owned() };
        let plain = minicbor::to_vec(&rescued).unwrap();
        assert!(opens(&plain));
        assert!(!opens(&[&plain[..], &[0]].concat()));
        // Under a key that nobody knows: it would be skipped, which takes memory for each list in a list.
        let with = |key: u8, more: &[u8]| [&[0xa4], &plain[1..], &[key], more].concat();
        assert!(opens(&with(9, &[0x80])));
        assert!(!opens(&with(9, &[0x82, 0x9f, 0x82, 0x9f, 0xff, 0, 0xff, 0])));
    }

    #[test]
    fn a_file_full_of_false_marks_is_not_checked_for_ever() {
        let mut file = Vec::new();
        while file.len() < 1 << 20 {
            file.extend_from_slice(&MARK);
            file.extend_from_slice(&500_000u32.to_be_bytes());
            file.extend_from_slice(&[0; 20]);
        }
        assert_eq!(read_records(&file), (Vec::new(), file.len()));
    }

    proptest! {
        #[test]
        fn a_damaged_record_hides_none_of_the_others(at in 0usize..200, byte: u8, cut in 0usize..100) {
            let secret = BoxSecret::from_bytes([7; 32]);
            let mut records = file_of_three(&secret);
            let second = &mut records[1];
            let at = at % second.len();
            second[at] ^= byte;
            second.truncate(second.len() - cut);
            let file = records.concat();
            let (found, _) = read_records(&file);
            prop_assert_eq!(found.first().unwrap().command, CommandId::from_bytes([1; 16]));
            prop_assert_eq!(found.last().unwrap().command, CommandId::from_bytes([3; 16]));
        }
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = read_records(&bytes);
        }
    }
}
