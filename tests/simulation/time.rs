//! Virtual time and seeded randomness for both sides. Nothing here asks the machine for either.

use super::dice::Dice;
use qiaomen_client::Host;
use qiaomen_client::clock::NoRandomness as NoneHere;
use qiaomen_server::clock::{NoRandomness, Surroundings};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// When every world begins: a working day in September.
pub const MORNING_MS: u64 = 1_790_000_000_000;

/// The world's clock, which is the office's.
#[derive(Debug, Clone)]
pub struct WorldClock(Arc<AtomicU64>);

impl Default for WorldClock {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(MORNING_MS)))
    }
}

impl WorldClock {
    /// Now.
    pub fn now_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
    /// Time passes; it never goes back.
    pub fn advance_to(&self, ms: u64) {
        self.0.fetch_max(ms, Ordering::Relaxed);
    }
}

/// What a phone's clock is off by; jumps.
#[derive(Debug, Clone, Default)]
pub struct Skew(Arc<AtomicI64>);

impl Skew {
    /// Sets it.
    pub fn set(&self, ms: i64) {
        self.0.store(ms, Ordering::Relaxed);
    }
    /// As it is.
    pub fn ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A phone's machine.
#[derive(Debug)]
pub struct PhoneHost {
    /// The world's time.
    pub clock: WorldClock,
    /// How far this phone is off.
    pub skew: Skew,
    /// This phone's randomness.
    pub dice: Arc<Mutex<Dice>>,
}

impl Host for PhoneHost {
    fn now_ms(&self) -> u64 {
        self.clock.now_ms().saturating_add_signed(self.skew.ms())
    }
    fn random(&self, buf: &mut [u8]) -> Result<(), NoneHere> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).fill(buf);
        Ok(())
    }
}

/// The office's machine.
#[derive(Debug)]
pub struct OfficeHost {
    /// The world's time.
    pub clock: WorldClock,
    /// The office's randomness.
    pub dice: Mutex<Dice>,
}

impl Surroundings for OfficeHost {
    fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }
    fn random(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
        Ok(())
    }
}
