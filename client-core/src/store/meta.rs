//! Small things by name.

use super::{Step as _, StoreError, Tx};
use rusqlite::params;

/// Every name. A name is never used again for something else.
pub(crate) mod name {
    /// Who this device is: see `crate::enrol`.
    pub(crate) const IDENTITY: &str = "identity";
    /// The hybrid clock.
    pub(crate) const CLOCK: &str = "clock";
    /// This store's actor.
    pub(crate) const ACTOR: &str = "actor";
    /// Number of the last signed request.
    pub(crate) const COUNTER: &str = "counter";
    /// Where the last reply left us; opaque.
    pub(crate) const CURSOR: &str = "cursor";
    /// Signed reference data.
    pub(crate) const REFERENCE: &str = "reference";
    /// Number of the present fetch from the beginning.
    pub(crate) const GENERATION: &str = "generation";
    /// Why everything is, or was last, fetched again: number of an `AgainReason`.
    pub(crate) const AGAIN: &str = "again";
    /// The office's incarnation of the last reply.
    pub(crate) const INCARNATION: &str = "incarnation";
    /// 1 while a fetch from the beginning is under way.
    pub(crate) const REFETCHING: &str = "refetching";
    /// How often everything had to be fetched again.
    pub(crate) const REFETCH_COUNT: &str = "refetch_count";
    /// Day number of the last fetch again, and how many on it.
    pub(crate) const REFETCH_DAY: &str = "refetch_day";
    /// How many on that day.
    pub(crate) const REFETCH_ON_DAY: &str = "refetch_on_day";
    /// Own wall time of the last reply.
    pub(crate) const LAST_CONTACT_MS: &str = "last_contact_ms";
    /// Version of the office's table of policies, as it last told it.
    pub(crate) const OFFICE_POLICY: &str = "office_policy";
    /// The trainings of this device's worker, and whose they are.
    pub(crate) const TRAININGS: &str = "trainings";
    /// 1 if at the end of the last sync both sides had the same.
    pub(crate) const COMPLETE: &str = "complete";
}

/// Every table; a test looks that none is forgotten.
const WIPE: &str = "DELETE FROM pending_change; DELETE FROM outbox_words; DELETE FROM outbox; DELETE FROM receipt; DELETE FROM receipt_signature;
    DELETE FROM change; DELETE FROM document; DELETE FROM subject_key; DELETE FROM stream;
    DELETE FROM stream_member; DELETE FROM put_away; DELETE FROM put_by; DELETE FROM proven_change; DELETE FROM proven_part; DELETE FROM proof;
    DELETE FROM give_back; DELETE FROM door_row; DELETE FROM resident_row;
    DELETE FROM look; DELETE FROM photo_sealed; DELETE FROM photo; DELETE FROM ticket_row; DELETE FROM entry_row; DELETE FROM meta;";

impl Tx<'_> {
    /// The bytes under a name.
    pub(crate) fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.one("read a setting", "SELECT value FROM meta WHERE key = ?1", params![key], |r| r.get(0))
    }
    /// Puts bytes under a name.
    pub(crate) fn put_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.run(
            "write a setting",
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            params![key, value],
        )
        .map(|_| ())
    }
    /// Takes what stands under a name away.
    pub(crate) fn remove_meta(&self, key: &str) -> Result<(), StoreError> {
        self.run("drop a setting", "DELETE FROM meta WHERE key = ?1", params![key]).map(|_| ())
    }
    /// A number under a name; 0 if none.
    pub(crate) fn number(&self, key: &str) -> Result<u64, StoreError> {
        match self.meta(key)? {
            None => Ok(0),
            Some(blob) => Ok(u64::from_be_bytes(super::bytes(&blob, "number")?)),
        }
    }
    /// Puts a number under a name.
    pub(crate) fn put_number(&self, key: &str, value: u64) -> Result<(), StoreError> {
        self.put_meta(key, &value.to_be_bytes())
    }
    /// A CBOR value under a name.
    pub(crate) fn cbor<T: for<'b> minicbor::Decode<'b, ()>>(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.meta(key)?
            .map(|blob| minicbor::decode(&blob).map_err(|_| StoreError::Unreadable { what: "setting" }))
            .transpose()
    }
    /// Puts a CBOR value under a name.
    pub(crate) fn put_cbor<T: minicbor::Encode<()>>(&self, key: &str, value: &T) -> Result<(), StoreError> {
        let blob = minicbor::to_vec(value).map_err(|_| StoreError::Unreadable { what: "setting" })?;
        self.put_meta(key, &blob)
    }
    /// Empties every table: the office took this device's access back, and has what was unsent.
    pub(crate) fn wipe(&self) -> Result<(), StoreError> {
        self.conn.execute_batch(WIPE).step("wipe")
    }
}

#[cfg(test)]
mod tests {
    use super::WIPE;
    use crate::store::StoreError;
    use crate::store::memory::MemoryDatabase;

    #[test]
    fn a_device_that_is_emptied_keeps_no_table() {
        let store = MemoryDatabase::new("every-table").and_then(|d| d.open()).expect("a store");
        let tables: Vec<String> = store
            .read::<_, StoreError>(|tx| {
                tx.all(
                    "list tables",
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                    [],
                    |r| r.get(0),
                )
            })
            .expect("tables");
        let kept: Vec<_> = tables.iter().filter(|t| !WIPE.contains(&format!("DELETE FROM {t};"))).collect();
        assert!(!tables.is_empty() && kept.is_empty(), "{kept:?}");
    }
}
