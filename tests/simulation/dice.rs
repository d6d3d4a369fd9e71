//! The only randomness of a world: a seed in, choices out.

use fastrand::Rng;

/// Dice of one world, or of one part of it.
#[derive(Debug, Clone)]
pub struct Dice(Rng);

impl Dice {
    /// The same seed gives the same throws.
    pub fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }
    /// Dice of their own for a part, so that one more throw there changes nothing here.
    pub fn branch(&mut self) -> Self {
        Self(self.0.fork())
    }
    /// True this often in a hundred.
    pub fn percent(&mut self, n: u32) -> bool {
        self.0.u32(0..100) < n
    }
    /// From `from` up to, not including, `to`.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        self.0.u64(from..to.max(from + 1))
    }
    /// An index below `n`; 0 where there is none.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.usize(0..n.max(1))
    }
    /// One of these, if there is any.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
    /// Bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
    /// A number.
    pub fn number(&mut self) -> u64 {
        self.0.u64(..)
    }
    /// By weight: the index of what was thrown.
    pub fn weighed(&mut self, weights: &[u32]) -> usize {
        let mut left = self.0.u32(0..weights.iter().sum::<u32>().max(1));
        for (i, weight) in weights.iter().enumerate() {
            if left < *weight {
                return i;
            }
            left -= weight;
        }
        0
    }
}
