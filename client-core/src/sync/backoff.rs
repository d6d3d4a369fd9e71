//! How long to wait after a failure: longer each time, and not all devices at once.

/// The first wait.
const FIRST_MS: u64 = 500;
/// The longest wait: somebody who got a signal back does not want to wait longer.
const LONGEST_MS: u64 = 5 * 60 * 1000;

/// What to wait after so many failures in a row. `dice` is any random number: half of the wait is left
/// to it, so that a hundred phones that lost the office together do not come back together.
pub fn delay_ms(failure_count: u32, dice: u64) -> u64 {
    let full = FIRST_MS.saturating_mul(1 << failure_count.saturating_sub(1).min(16)).min(LONGEST_MS);
    full / 2 + dice % (full / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_minutes_and_no_further() {
        assert!((250..=500).contains(&delay_ms(1, 12_345)));
        assert!(delay_ms(3, 0) >= 1_000);
        assert!(delay_ms(u32::MAX, u64::MAX) <= LONGEST_MS);
    }
}
