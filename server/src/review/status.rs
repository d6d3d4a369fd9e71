//! The office at a glance.

use super::words;
use crate::office::{Office, OfficeError};
use serde::Serialize;

/// Figures; names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Name of the community.
    pub community: String,
    /// 12-digit region code.
    pub region_code: String,
    /// Grids.
    pub grids: u64,
    /// Doors.
    pub doors: u64,
    /// Residents.
    pub residents: u64,
    /// Matters.
    pub tickets: u64,
    /// Visits, calls, patrols.
    pub contacts: u64,
    /// Conflicts that wait for a person.
    pub conflicts_open: u64,
    /// Commands that are held back.
    pub quarantine_held: u64,
    /// Devices that may sync.
    pub devices: u64,
    /// Devices that last said that something waits.
    pub devices_pending: u64,
    /// The office's time.
    pub now_ms: u64,
    /// The same in words.
    pub now: String,
}

/// How things stand.
pub fn status(office: &Office) -> Result<Status, OfficeError> {
    let now_ms = office.now_ms();
    office.store().read(|tx| {
        let [doors, residents, tickets, contacts] = tx.counts()?;
        let devices: Vec<_> = tx.devices()?.into_iter().filter(|d| d.revoked_ms.is_none()).collect();
        Ok(Status {
            community: office.identity().community.clone(),
            region_code: office.identity().region_code.clone(),
            grids: count(tx.grids()?.len()),
            doors,
            residents,
            tickets,
            contacts,
            conflicts_open: count(tx.conflicts(Some("open"))?.len()),
            quarantine_held: tx.quarantine_count("held")?,
            devices: count(devices.len()),
            devices_pending: count(devices.iter().filter(|d| d.pending_count > 0).count()),
            now_ms,
            now: words::time(now_ms),
        })
    })
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
