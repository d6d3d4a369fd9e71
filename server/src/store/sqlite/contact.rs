//! When a device was in touch. Requests that follow each other at once are one session: what its author
//! could not know when writing is judged by the silence before it, not by the request before.

use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::DeviceId;
use rusqlite::{OptionalExtension as _, params};

/// Requests of a device that follow each other within this time are one run: it had signal.
pub const RUN_GAP_MS: u64 = 10 * 60 * 1000;

/// What a device says of itself with a request.
#[derive(Debug, Clone, Default)]
pub struct SaidOfItself {
    /// Commands that it has to send.
    pub pending_count: u32,
    /// Its app's version.
    pub app_version: String,
    /// Its clock minus the office's.
    pub skew_ms: i64,
    /// How often it has fetched everything again.
    pub refetch_count: u32,
    /// Why it fetches everything again; 0 if it does not.
    pub refetch_reason: u8,
    /// Version of its table of policies; none if it did not say.
    pub policy_version: Option<u32>,
}

impl Tx<'_> {
    /// Notes what a device said of itself, and that it was in touch.
    pub fn note_contact(&self, device: DeviceId, now_ms: u64, said: &SaidOfItself) -> Result<(), StoreError> {
        // Right sides see the row as it was before.
        let mut s = self
            .conn
            .prepare_cached(
                "UPDATE device SET
                   previous_contact_ms = CASE WHEN run_started_ms IS NOT NULL AND ?2 - last_contact_ms < ?7
                                         THEN previous_contact_ms ELSE last_contact_ms END,
                   run_started_ms = CASE WHEN run_started_ms IS NOT NULL AND ?2 - last_contact_ms < ?7
                                    THEN run_started_ms ELSE ?2 END,
                   last_contact_ms = ?2, pending_count = ?3, app_version = ?4, skew_ms = ?5, refetch_count = ?6,
                   refetch_reason = CASE WHEN ?8 = 0 THEN refetch_reason ELSE ?8 END,
                   policy_version = coalesce(?9, policy_version)
                 WHERE id = ?1",
            )
            .map_err(sql("contact"))?;
        let gap = signed(RUN_GAP_MS);
        s.execute(params![
            device.as_bytes(),
            signed(now_ms),
            said.pending_count,
            said.app_version,
            said.skew_ms,
            said.refetch_count,
            gap,
            said.refetch_reason,
            said.policy_version
        ])
        .map(drop)
        .map_err(sql("contact"))
    }

    /// Notes how many commands a device has left after what became of those that it sent.
    pub fn note_pending(&self, device: DeviceId, pending: u32) -> Result<(), StoreError> {
        let mut s =
            self.conn.prepare_cached("UPDATE device SET pending_count = ?2 WHERE id = ?1").map_err(sql("pending"))?;
        s.execute(params![device.as_bytes(), pending]).map(drop).map_err(sql("pending"))
    }

    /// The last time before this moment at which a device was in touch; none if never.
    pub fn silent_since(&self, device: DeviceId, at_ms: u64) -> Result<Option<u64>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT previous_contact_ms, run_started_ms, last_contact_ms FROM device WHERE id = ?1")
            .map_err(sql("silent since"))?;
        type Contacts = (Option<i64>, Option<i64>, Option<i64>);
        let row: Option<Contacts> = s
            .query_row([device.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()
            .map_err(sql("silent since"))?;
        let Some((previous, run, last)) = row else { return Ok(None) };
        let (run, last) = (run.or(last).map(unsigned), last.map(unsigned));
        Ok(match (run, last) {
            (Some(run), Some(last)) if at_ms > run => Some(at_ms.min(last)),
            (Some(_), _) => previous.map(unsigned),
            _ => None,
        })
    }
}
