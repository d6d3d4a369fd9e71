//! Devices as a day sees them: home, on the way, silent.

use crate::close::Day;
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::people::staff::Names;
use crate::review::words;
use crate::store::Tx;
use qiaomen_proto::ids::{DeviceId, GridId};
use serde::Serialize;
use std::collections::HashMap;

/// A clock that is off by more than this is said: the office's corrections reach that far and no further.
pub const SKEW_MAX_MS: u64 = 5 * 60_000;

/// Where a device is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// It was not in touch since the day began.
    Silent,
    /// It was in touch, and something was left on it.
    OnTheWay,
    /// It was in touch, and nothing was left on it.
    Home,
}

impl Whereabouts {
    /// What people say.
    pub fn label(self) -> &'static str {
        match self {
            Whereabouts::Silent => "没有联系",
            Whereabouts::OnTheWay => "在路上",
            Whereabouts::Home => "已到家",
        }
    }
}

/// One device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayDevice {
    /// Id.
    pub id: DeviceId,
    /// Whose.
    pub worker: String,
    /// What people call the role.
    pub title: &'static str,
    /// Grids of that worker now, by name.
    pub grids: Vec<String>,
    /// Where it is.
    pub at: Whereabouts,
    /// When it was last in touch.
    pub last_contact: Option<String>,
    /// How many commands it last said are left.
    pub pending: u32,
    /// Its clock minus the office's, where that matters.
    pub skew: Option<String>,
    /// Its app's version.
    pub version: String,
}

/// Every device that may sync and is within sight; who is not home first.
pub fn day_devices(office: &Office, tx: &Tx<'_>, day: Day, sight: &Sight) -> Result<Vec<DayDevice>, OfficeError> {
    let names: HashMap<GridId, String> = tx.grids()?.into_iter().map(|g| (GridId::from_bytes(*g.id), g.name)).collect();
    let mut workers = Names::default();
    let mut list = Vec::new();
    for device in tx.devices()?.into_iter().filter(|d| d.revoked_ms.is_none()) {
        let grids = tx.grids_at(device.worker, office.now_ms())?;
        if sight.grids.is_some() && !grids.iter().any(|g| sight.sees(Some(*g))) {
            continue;
        }
        let seen = device.last_contact_ms.is_some_and(|at| at >= day.from_ms());
        list.push(DayDevice {
            id: device.id,
            worker: workers.of(office, tx, device.worker)?,
            title: device.role.title(),
            grids: grids.iter().filter_map(|g| names.get(g).cloned()).collect(),
            at: match (seen, device.pending_count) {
                (true, 0) => Whereabouts::Home,
                (true, _) => Whereabouts::OnTheWay,
                (false, _) => Whereabouts::Silent,
            },
            last_contact: device.last_contact_ms.map(words::time),
            pending: device.pending_count,
            skew: skew(device.skew_ms),
            version: device.app_version,
        });
    }
    list.sort_by(|a, b| (a.at, &a.grids, &a.worker, a.id).cmp(&(b.at, &b.grids, &b.worker, b.id)));
    Ok(list)
}

/// Measured to some milliseconds: three days less a moment are three days.
const ROUND_MS: u64 = 30_000;

fn skew(ms: i64) -> Option<String> {
    let by = ms.unsigned_abs();
    let direction = if ms > 0 { "快" } else { "慢" };
    (by > SKEW_MAX_MS).then(|| format!("钟{direction} {}", words::duration(by.saturating_add(ROUND_MS))))
}

#[cfg(test)]
mod tests {
    use super::skew;

    #[test]
    fn a_clock_is_spoken_of_when_it_is_off_by_more_than_is_corrected() {
        assert_eq!(skew(5 * 60_000), None);
        assert_eq!(skew(6 * 60_000).as_deref(), Some("钟快 6 分钟"));
        assert_eq!(skew(-3 * 86_400_000).as_deref(), Some("钟慢 3 天"));
        assert_eq!(skew(-3 * 86_400_000 + 250).as_deref(), Some("钟慢 3 天"));
    }
}
