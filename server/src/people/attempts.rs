//! How often somebody may be wrong before everybody has to wait. Pure: the numbers come in, the
//! numbers go out.

/// Wrong one-time codes within [`CODE_WINDOW_MS`] before the office takes none for a while. A worker
/// types one wrong twice; a program that guesses is stopped. A code has 60 bits: this is a second wall.
pub const WRONG_CODES_MAX: u32 = 10;
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
    /// How long nobody may try, if so.
    pub fn wait_ms(self, now_ms: u64) -> Option<u64> {
        let over_at = self.since_ms.saturating_add(CODE_WINDOW_MS);
        (self.count >= WRONG_CODES_MAX && now_ms < over_at).then(|| over_at - now_ms)
    }
    /// After one more.
    #[must_use]
    pub fn and_one(self, now_ms: u64) -> Self {
        let runs = now_ms >= self.since_ms && now_ms - self.since_ms < CODE_WINDOW_MS && self.count > 0;
        if runs { Self { count: self.count.saturating_add(1), ..self } } else { Self { since_ms: now_ms, count: 1 } }
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
    fn the_tenth_wrong_code_closes_the_door_until_the_window_is_over() {
        let mut wrong = WrongCodes::default();
        for i in 1..=WRONG_CODES_MAX {
            assert_eq!(wrong.wait_ms(1_000), None, "before attempt {i}");
            wrong = wrong.and_one(1_000);
        }
        assert_eq!(wrong.wait_ms(1_000), Some(CODE_WINDOW_MS));
        assert_eq!(wrong.wait_ms(1_000 + CODE_WINDOW_MS), None);
        assert_eq!(wrong.and_one(1_000 + CODE_WINDOW_MS).count, 1);
        assert_eq!(WrongCodes::from_bytes(&wrong.to_bytes()), wrong);
        assert_eq!(WrongCodes::from_bytes(b"?"), WrongCodes::default());
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
