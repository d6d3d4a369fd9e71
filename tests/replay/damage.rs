//! Cut, flipped, doubled: what a line, a disk or a liar does to bytes, from a seed.

use fastrand::Rng;

/// One to three kinds of damage.
pub(crate) fn of(bytes: &[u8], dice: &mut Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..dice.usize(1..=3) {
        let at = dice.usize(0..bytes.len().max(1));
        match dice.u8(0..7) {
            _ if bytes.is_empty() => bytes.push(dice.u8(..)),
            0 | 1 => bytes[at] ^= 1 << dice.u8(0..8),
            2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][dice.usize(0..5)],
            3 => bytes.insert(at, dice.u8(..)),
            4 => drop(bytes.remove(at)),
            5 => bytes.truncate(at),
            _ => {
                let piece = bytes[at..(at + dice.usize(0..40)).min(bytes.len())].to_vec();
                let to = dice.usize(0..bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
    bytes
}
