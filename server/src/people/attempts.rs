//! How often somebody may be wrong before they have to wait. Pure, but for the places that were wrong of late: those
//! are remembered in memory, by address, and never written down.

use super::source::Source;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Wrong one-time codes from one place within [`CODE_WINDOW_MS`] before that place has to wait. A roomful of workers
/// who enrol on one morning share one address, and each types one wrong twice.
pub const WRONG_CODES_PER_SOURCE_MAX: u32 = 30;
/// Wrong one-time codes from everywhere within [`CODE_WINDOW_MS`] before the office takes none at all.
///
/// It is large, because whoever reaches it shuts everybody out: it takes more than three hundred places at once. And it
/// is small enough: a code is 12 of 32 letters, 2^60 or 1.15 × 10^18 of them, and good for a day. On a day 1.44 million
/// guesses go through; with a thousand codes waiting to be used the chance that one is hit is 1.3 in a thousand million.
pub const WRONG_CODES_MAX: u32 = 10_000;
/// In which time wrong codes are counted.
pub const CODE_WINDOW_MS: u64 = 10 * 60 * 1000;
/// Wrong passwords in a row before the sign-in name is locked.
pub const WRONG_PASSWORDS_MAX: u32 = 5;
/// The first lock.
const LOCK_MS_MIN: u64 = 60 * 1000;
/// The longest lock.
const LOCK_MS_MAX: u64 = 60 * 60 * 1000;

/// Wrong codes in the window that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WrongCodes {
    /// When the window began.
    pub since_ms: u64,
    /// How many.
    pub count: u32,
}

impl WrongCodes {
    /// How long nobody may try who may be wrong so often, if so.
    pub fn wait_ms(self, wrong_max: u32, now_ms: u64) -> Option<u64> {
        let over_at = self.since_ms.saturating_add(CODE_WINDOW_MS);
        (self.count >= wrong_max && self.runs(now_ms)).then(|| over_at - now_ms)
    }
    fn runs(self, now_ms: u64) -> bool {
        now_ms >= self.since_ms && now_ms - self.since_ms < CODE_WINDOW_MS && self.count > 0
    }
    /// After one more.
    #[must_use]
    pub fn and_one(self, now_ms: u64) -> Self {
        if self.runs(now_ms) {
            Self { count: self.count.saturating_add(1), ..self }
        } else {
            Self { since_ms: now_ms, count: 1 }
        }
    }
    /// As the database keeps it.
    pub fn to_bytes(self) -> Vec<u8> {
        [&self.since_ms.to_be_bytes()[..], &self.count.to_be_bytes()[..]].concat()
    }
    /// Back from [`WrongCodes::to_bytes`]; anything else is none.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let read = || {
            let (since, count) = bytes.split_first_chunk::<8>()?;
            Some(Self { since_ms: u64::from_be_bytes(*since), count: u32::from_be_bytes(count.try_into().ok()?) })
        };
        read().unwrap_or_default()
    }
}

/// The places from which wrong codes came of late. There are never more than wrong codes in two windows.
#[derive(Debug, Default)]
pub struct WrongSources {
    by: Mutex<HashMap<Source, WrongCodes>>,
}

impl WrongSources {
    /// How long this place has to wait, if so.
    pub fn wait_ms(&self, source: Source, now_ms: u64) -> Option<u64> {
        let by = self.by.lock().unwrap_or_else(PoisonError::into_inner);
        by.get(&source)?.wait_ms(WRONG_CODES_PER_SOURCE_MAX, now_ms)
    }
    /// A wrong code came from there.
    pub fn and_one(&self, source: Source, now_ms: u64) {
        let mut by = self.by.lock().unwrap_or_else(PoisonError::into_inner);
        if !by.contains_key(&source) {
            by.retain(|_, wrong| wrong.runs(now_ms));
        }
        let wrong = by.entry(source).or_default();
        *wrong = wrong.and_one(now_ms);
    }
}

/// Until when a sign-in name is locked after this many wrong passwords in a row; 0 if it is not.
pub fn locked_until(failed_count: u32, now_ms: u64) -> u64 {
    match failed_count.checked_sub(WRONG_PASSWORDS_MAX) {
        None => 0,
        Some(beyond) => {
            let lock = LOCK_MS_MIN.checked_shl(beyond).filter(|ms| *ms >= LOCK_MS_MIN).unwrap_or(LOCK_MS_MAX);
            now_ms.saturating_add(lock.min(LOCK_MS_MAX))
        }
    }
}

/// Whole seconds to wait, never 0.
pub fn seconds(ms: u64) -> u64 {
    ms.div_ceil(1000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_wrong_code_closes_the_door_until_the_window_is_over() {
        let mut wrong = WrongCodes::default();
        for i in 1..=10 {
            assert_eq!(wrong.wait_ms(10, 1_000), None, "before attempt {i}");
            wrong = wrong.and_one(1_000);
        }
        assert_eq!(wrong.wait_ms(10, 1_000), Some(CODE_WINDOW_MS));
        assert_eq!(wrong.wait_ms(11, 1_000), None);
        assert_eq!(wrong.wait_ms(10, 1_000 + CODE_WINDOW_MS), None);
        assert_eq!(wrong.wait_ms(10, 500), None, "a clock that was set back keeps nobody out for longer");
        assert_eq!(wrong.and_one(1_000 + CODE_WINDOW_MS).count, 1);
        assert_eq!(WrongCodes::from_bytes(&wrong.to_bytes()), wrong);
        assert_eq!(WrongCodes::from_bytes(b"?"), WrongCodes::default());
    }

    #[test]
    fn one_place_waits_and_another_does_not_and_those_of_yesterday_are_forgotten() {
        let place = |n: u8| Source::of(std::net::IpAddr::from([10, 0, 0, n]));
        let wrong = WrongSources::default();
        for _ in 0..WRONG_CODES_PER_SOURCE_MAX {
            assert_eq!(wrong.wait_ms(place(1), 1_000), None);
            wrong.and_one(place(1), 1_000);
        }
        assert_eq!(wrong.wait_ms(place(1), 2_000), Some(CODE_WINDOW_MS - 1_000));
        assert_eq!(wrong.wait_ms(place(2), 2_000), None);
        wrong.and_one(place(3), 1_000 + CODE_WINDOW_MS);
        assert_eq!(wrong.by.lock().unwrap().len(), 1);
    }

    #[test]
    fn a_lock_grows_with_every_wrong_password_up_to_an_hour() {
        assert_eq!(locked_until(WRONG_PASSWORDS_MAX - 1, 7), 0);
        assert_eq!(locked_until(WRONG_PASSWORDS_MAX, 7), 7 + 60_000);
        assert_eq!(locked_until(WRONG_PASSWORDS_MAX + 1, 7), 7 + 120_000);
        for failed in WRONG_PASSWORDS_MAX + 6..WRONG_PASSWORDS_MAX + 200 {
            assert_eq!(locked_until(failed, 7), 7 + LOCK_MS_MAX, "{failed}");
        }
    }
}
