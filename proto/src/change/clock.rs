//! The corrected hybrid clock.
//!
//! A stamp is the device's wall time plus the last measured distance to the office's clock, made
//! strictly increasing by a counter. A phone that is three days off writes stamps that are right
//! as soon as it has once heard the office. A remote stamp never drags the clock further ahead
//! than five minutes beyond corrected now: one phone with a wrong date cannot poison the others.

use crate::limits::CLOCK_AHEAD_MS_MAX;
use minicbor::{Decode, Encode};
use std::fmt;

/// A stamp of the hybrid logical clock. Ordered by time, then counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct Hlc {
    /// Milliseconds since 1970, corrected by the office offset.
    #[n(0)]
    pub wall_ms: u64,
    /// Counts stamps within one millisecond, or while the wall clock stood behind.
    #[n(1)]
    pub counter: u32,
}

impl fmt::Display for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{:x}", self.wall_ms, self.counter)
    }
}

impl Hlc {
    /// Back from its text.
    pub fn parse(text: &str) -> Option<Self> {
        let (wall, counter) = text.split_once('.')?;
        let hlc =
            Self { wall_ms: u64::from_str_radix(wall, 16).ok()?, counter: u32::from_str_radix(counter, 16).ok()? };
        // One stamp has one text: a leading zero or capital would be another hash of the same.
        (hlc.to_string() == text).then_some(hlc)
    }
}

/// The clock of one store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Clock {
    /// The last stamp given or accepted.
    #[n(0)]
    pub latest: Hlc,
    /// Office clock minus own wall clock, in milliseconds, as last measured.
    #[n(1)]
    pub offset_ms: i64,
}

impl Clock {
    /// Own wall time corrected to the office's.
    pub fn corrected_ms(&self, wall_ms: u64) -> u64 {
        wall_ms.saturating_add_signed(self.offset_ms)
    }

    /// The next stamp: after every stamp given or accepted before.
    pub fn tick(&mut self, wall_ms: u64) -> Hlc {
        let now = self.corrected_ms(wall_ms);
        self.latest = if now > self.latest.wall_ms {
            Hlc { wall_ms: now, counter: 0 }
        } else if let Some(counter) = self.latest.counter.checked_add(1) {
            Hlc { wall_ms: self.latest.wall_ms, counter }
        } else {
            Hlc { wall_ms: self.latest.wall_ms + 1, counter: 0 }
        };
        self.latest
    }

    /// Takes note of a stamp from elsewhere, if it is not too far ahead.
    pub fn observe(&mut self, remote: Hlc, wall_ms: u64) {
        let ceiling = self.corrected_ms(wall_ms).saturating_add(CLOCK_AHEAD_MS_MAX);
        if remote > self.latest && remote.wall_ms <= ceiling {
            self.latest = remote;
        }
    }

    /// Measures the offset from one exchange: own time when asking and when answered, and the
    /// office's time between. Stamps given under a wrong offset that lie in the future no longer hold
    /// the clock there.
    pub fn measure(&mut self, asked_ms: u64, answered_ms: u64, office_ms: u64) {
        let middle = asked_ms / 2 + answered_ms / 2;
        self.offset_ms =
            i64::try_from(office_ms).unwrap_or(i64::MAX).saturating_sub(i64::try_from(middle).unwrap_or(i64::MAX));
        let ceiling = self.corrected_ms(answered_ms).saturating_add(CLOCK_AHEAD_MS_MAX);
        if self.latest.wall_ms > ceiling {
            self.latest = Hlc { wall_ms: self.corrected_ms(answered_ms), counter: 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_increase_even_when_the_wall_clock_stands_or_goes_back() {
        let mut clock = Clock::default();
        let a = clock.tick(1_000);
        let b = clock.tick(1_000);
        let c = clock.tick(10);
        assert!(a < b && b < c);
    }

    #[test]
    fn a_stamp_from_the_far_future_does_not_drag_the_clock_along() {
        let mut clock = Clock::default();
        clock.observe(Hlc { wall_ms: 1_000 + CLOCK_AHEAD_MS_MAX + 1, counter: 0 }, 1_000);
        assert_eq!(clock.tick(1_000).wall_ms, 1_000);
        clock.observe(Hlc { wall_ms: 1_000 + CLOCK_AHEAD_MS_MAX, counter: 7 }, 1_000);
        assert_eq!(clock.tick(1_000), Hlc { wall_ms: 1_000 + CLOCK_AHEAD_MS_MAX, counter: 8 });
    }

    #[test]
    fn a_phone_three_days_fast_writes_office_time_after_one_exchange() {
        let day = 24 * 3600 * 1000;
        let mut clock = Clock::default();
        clock.tick(10 * day + 3 * day);
        clock.measure(13 * day, 13 * day + 200, 10 * day + 100);
        assert_eq!(clock.offset_ms, -(3 * i64::try_from(day).unwrap()));
        assert_eq!(clock.tick(13 * day + 5_000).wall_ms, 10 * day + 5_000);
    }

    #[test]
    fn a_stamp_has_exactly_one_text() {
        let hlc = Hlc { wall_ms: 1_700_000_000_000, counter: 10 };
        assert_eq!(Hlc::parse(&hlc.to_string()), Some(hlc));
        assert_eq!(Hlc::parse("0A.1"), None);
        assert_eq!(Hlc::parse("0a.1"), None);
    }
}
