use std::time::{Duration, Instant};

/// A phone that lies on a table for so long is locked: whoever picks it up may be somebody else.
pub(super) const LOCK_AFTER: Duration = Duration::from_secs(5 * 60);

/// When somebody last touched something. It does not go back when the date is changed.
#[derive(Debug)]
pub(super) struct Touched(Instant);

impl Touched {
    pub(super) fn now() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the one place of the app that reads a clock")]
        let now = Instant::now();
        Self(now)
    }
    /// Whether that is long ago.
    pub(super) fn is_idle(&self) -> bool {
        self.0.elapsed() >= LOCK_AFTER
    }
}
