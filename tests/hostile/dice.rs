//! Chance from a seed: the same seed makes the same lies.

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// Of this seed and this one of several that share it.
    pub(crate) fn of(seed: u64, which: u64) -> Self {
        let mut dice = Self(seed ^ which.wrapping_mul(0xd6e8_feb8_6659_fd93));
        dice.roll();
        dice
    }
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// Below `n`; 0 if there is nothing below.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }
    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.roll().to_be_bytes()[0])
    }
    pub(crate) fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.roll().to_be_bytes()[0]).collect()
    }
    /// A number of the sort that breaks things.
    pub(crate) fn odd_number(&mut self) -> u64 {
        let n: u64 = *self.pick(&[0, 1, 0x7f, 0x80, 0xff, 0xffff, 1 << 31, 1 << 32, 1 << 40, (1 << 40) + 1, 1 << 63]);
        match self.below(4) {
            0 => n.wrapping_sub(1),
            1 => u64::MAX - n,
            _ => n,
        }
    }

    /// Breaks bytes in one to four places: a bit turned, a byte set, added or taken, an end cut off, a
    /// piece said twice.
    pub(crate) fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            if bytes.is_empty() {
                bytes.push(0);
            }
            let at = self.below(bytes.len());
            match self.below(7) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = *self.pick(&[0, 1, 0x7f, 0x80, 0xff]),
                2 => bytes.insert(at, self.array::<1>()[0]),
                3 => drop(bytes.remove(at)),
                4 => bytes.truncate(at),
                5 => {
                    let piece = bytes[at..(at + self.below(40)).min(bytes.len())].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
                _ => bytes[at] = bytes[at].wrapping_add(1),
            }
        }
    }
}
