//! How often a device may ask. A program that asks in a circle, broken or meant, takes its turn and leaves the others
//! theirs. Only requests count that the device signed itself: nobody uses up somebody else's.

use qiaomen_proto::ids::DeviceId;
use qiaomen_proto::limits::REQUESTS_PER_DEVICE_AND_MINUTE_MAX;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const MINUTE_MS: u64 = 60_000;
/// What one request takes of a minute.
const REQUEST_MS: u64 = MINUTE_MS / REQUESTS_PER_DEVICE_AND_MINUTE_MAX as u64;

/// How much of its time each device has used up. In memory: an office that was started anew counts anew.
#[derive(Debug, Default)]
pub struct Paces {
    /// Until when each device's requests have used up its time.
    used_until_ms: Mutex<HashMap<DeviceId, u64>>,
}

impl Paces {
    /// A request of this device, whose signature is good. The wait, if it has to come again later.
    pub fn one(&self, device: DeviceId, now_ms: u64) -> Result<(), u64> {
        // As many as there are devices: nobody else's signature is good.
        let mut all = self.used_until_ms.lock().unwrap_or_else(PoisonError::into_inner);
        let used = all.entry(device).or_default();
        *used = after_one(*used, now_ms)?;
        Ok(())
    }
}

/// Until when the time is used up after one more request, or how long it has to wait.
fn after_one(used_until_ms: u64, now_ms: u64) -> Result<u64, u64> {
    let full = now_ms.saturating_add(MINUTE_MS);
    // Further ahead than anybody gets: the clock was set back, and nobody is kept out for that.
    let used = if used_until_ms > full { now_ms } else { used_until_ms.max(now_ms) };
    let used = used.saturating_add(REQUEST_MS);
    if used <= full { Ok(used) } else { Err(used - full) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_s_requests_go_at_once_and_then_one_at_a_time() {
        let paces = Paces::default();
        let (wild, calm) = (DeviceId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
        for _ in 0..REQUESTS_PER_DEVICE_AND_MINUTE_MAX {
            assert_eq!(paces.one(wild, 5_000), Ok(()));
        }
        assert_eq!(paces.one(wild, 5_000), Err(REQUEST_MS));
        assert_eq!(paces.one(calm, 5_000), Ok(()), "it is nobody else's time");
        assert_eq!(paces.one(wild, 5_000 + REQUEST_MS), Ok(()));
        assert_eq!(paces.one(wild, 5_000 + REQUEST_MS), Err(REQUEST_MS));
        for _ in 0..REQUESTS_PER_DEVICE_AND_MINUTE_MAX {
            assert_eq!(paces.one(wild, 5_000 + REQUEST_MS + MINUTE_MS), Ok(()), "a minute of silence gives all back");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_no_device_out() {
        assert_eq!(after_one(1_000_000_000, 7), Ok(7 + REQUEST_MS));
        assert_eq!(after_one(7 + MINUTE_MS - REQUEST_MS, 7), Ok(7 + MINUTE_MS));
        assert_eq!(after_one(7 + MINUTE_MS, 7), Err(REQUEST_MS));
    }
}
