//! Time and randomness come in through [`Host`], so that a day can be replayed.

/// What a device asks of the machine that it runs on.
pub trait Host: Send {
    /// The wall clock, in milliseconds since 1970. May be wrong, may jump.
    fn now_ms(&self) -> u64;
    /// Fills the buffer with randomness that nobody can guess.
    fn random(&self, buf: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The system gives no randomness: nothing that needs a key can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no randomness")]
pub struct NoRandomness;

/// The machine itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemHost;

impl Host for SystemHost {
    fn now_ms(&self) -> u64 {
        #[allow(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
        let now = std::time::SystemTime::now();
        now.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX))
    }
    fn random(&self, buf: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(buf).map_err(|_| NoRandomness)
    }
}

/// This many random bytes.
pub(crate) fn random<const N: usize>(host: &dyn Host) -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    host.random(&mut bytes)?;
    Ok(bytes)
}
