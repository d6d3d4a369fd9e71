//! Looks of devices: which stand in the audit, and how many a device told on one day.

use super::numbers::unsigned;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{DeviceId, WorkerId};
use rusqlite::{OptionalExtension as _, params};

impl Tx<'_> {
    /// Whether a look of this worker stands in the audit.
    pub fn look_stands(&self, worker: WorkerId, id: &[u8; 16]) -> Result<bool, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT 1 FROM look WHERE worker = ?1 AND id = ?2").map_err(sql("look"))?;
        s.exists(params![worker.as_bytes(), id]).map_err(sql("look"))
    }

    /// Remembers that it does.
    pub fn put_look(&self, worker: WorkerId, id: &[u8; 16]) -> Result<(), StoreError> {
        let mut s =
            self.conn.prepare_cached("INSERT INTO look (worker, id) VALUES (?1, ?2)").map_err(sql("put look"))?;
        s.execute(params![worker.as_bytes(), id]).map(drop).map_err(sql("put look"))
    }

    /// Looks that a device told on a day: those that were written down, and those that were only counted.
    pub fn looks_of_day(&self, device: DeviceId, day: &str) -> Result<(u64, u64), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT noted, beyond FROM look_day WHERE device = ?1 AND day = ?2")
            .map_err(sql("looks of a day"))?;
        let found = s
            .query_row(params![device.as_bytes(), day], |r| Ok((unsigned(r.get(0)?), unsigned(r.get(1)?))))
            .optional()
            .map_err(sql("looks of a day"))?;
        Ok(found.unwrap_or_default())
    }

    /// Counts one more.
    pub fn count_look(&self, device: DeviceId, day: &str, beyond: bool) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO look_day (device, day, noted, beyond) VALUES (?1, ?2, 1 - ?3, ?3)
                 ON CONFLICT (device, day) DO UPDATE SET noted = noted + 1 - ?3, beyond = beyond + ?3",
            )
            .map_err(sql("count look"))?;
        s.execute(params![device.as_bytes(), day, i64::from(beyond)]).map(drop).map_err(sql("count look"))
    }
}
