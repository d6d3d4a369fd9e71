//! The office's clock and randomness: the only place that asks the machine for either.

use std::time::{SystemTime, UNIX_EPOCH};

/// Where time and randomness come from.
pub trait Surroundings: Send + Sync + std::fmt::Debug {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> u64;
    /// Fills with unpredictable bytes.
    fn random(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The machine gave no random bytes.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the machine gave no random bytes")]
pub struct NoRandomness;

/// The machine's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine;

impl Surroundings for Machine {
    #[allow(clippy::disallowed_methods, reason = "the one place that asks for the time")]
    fn now_ms(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX))
    }
    fn random(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// An array of unpredictable bytes.
pub fn random_array<const N: usize>(from: &dyn Surroundings) -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    from.random(&mut bytes)?;
    Ok(bytes)
}
