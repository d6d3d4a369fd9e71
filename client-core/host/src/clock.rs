use std::time::{Duration, Instant};

/// A phone that lies on a table for so long is locked: whoever picks it up may be somebody else.
pub(crate) const LOCK_AFTER: Duration = Duration::from_secs(5 * 60);

/// How long the app has been running. It does not go back when the date is changed.
pub(crate) trait Clock: std::fmt::Debug + Send + Sync {
    /// Since some moment that stays the same.
    fn elapsed(&self) -> Duration;
}

/// The machine's.
#[derive(Debug)]
pub(crate) struct Machine(Instant);

impl Machine {
    pub(crate) fn start() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the one place of the app that reads a clock")]
        let now = Instant::now();
        Self(now)
    }
}

impl Clock for Machine {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
