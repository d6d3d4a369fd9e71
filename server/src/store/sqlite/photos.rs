//! Rows of photos: those that documents name, and what has come of them.

use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{CommandId, DeviceId, TicketId, WorkerId};
use rusqlite::{OptionalExtension as _, Params, Row, params};

/// Held commands that are looked through for a photo: those of a day.
const HELD_MAX: i64 = 512;

/// A photo that a document names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoRow {
    /// Of which matter.
    pub ticket: TicketId,
    /// Key of its record.
    pub key: String,
    /// Of its ciphertext.
    pub hash: [u8; 32],
    /// Its id.
    pub photo: [u8; 16],
    /// Bytes of its ciphertext.
    pub size: u32,
    /// Number of its stage.
    pub stage: u8,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// When it was attached.
    pub at_ms: u64,
    /// By whom.
    pub worker: WorkerId,
}

/// What has come of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoCome {
    /// From which device first.
    pub device: DeviceId,
    /// Since when it is whole; none while it is not.
    pub whole_ms: Option<u64>,
}

const COLUMNS: &str = "ticket, key, hash, photo, size, stage, width, height, at_ms, worker";

fn row(r: &Row<'_>) -> rusqlite::Result<PhotoRow> {
    Ok(PhotoRow {
        ticket: TicketId::from_bytes(r.get(0)?),
        key: r.get(1)?,
        hash: r.get(2)?,
        photo: r.get(3)?,
        size: r.get(4)?,
        stage: r.get(5)?,
        width: r.get(6)?,
        height: r.get(7)?,
        at_ms: unsigned(r.get(8)?),
        worker: WorkerId::from_bytes(r.get(9)?),
    })
}

impl Tx<'_> {
    /// Writes the photos that a matter's document names.
    pub fn put_photos(&self, photos: &[PhotoRow]) -> Result<(), StoreError> {
        let text = format!("INSERT OR REPLACE INTO photo ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");
        let mut s = self.conn.prepare_cached(&text).map_err(sql("put photos"))?;
        for p in photos {
            s.execute(params![
                p.ticket.as_bytes(),
                p.key,
                p.hash,
                p.photo,
                p.size,
                p.stage,
                p.width,
                p.height,
                signed(p.at_ms),
                p.worker.as_bytes()
            ])
            .map_err(sql("put photos"))?;
        }
        Ok(())
    }

    fn photo_rows(&self, text: &str, given: impl Params) -> Result<Vec<PhotoRow>, StoreError> {
        let mut s = self.conn.prepare_cached(text).map_err(sql("photos"))?;
        let rows = s.query_map(given, row).map_err(sql("photos"))?;
        rows.collect::<Result<_, _>>().map_err(sql("photos"))
    }
    /// The photos of a matter, in the order of their records' keys.
    pub fn photos_of(&self, ticket: TicketId) -> Result<Vec<PhotoRow>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM photo WHERE ticket = ?1 ORDER BY key");
        self.photo_rows(&text, [ticket.as_bytes()])
    }
    /// Every photo.
    pub fn photo_list(&self) -> Result<Vec<PhotoRow>, StoreError> {
        self.photo_rows(&format!("SELECT {COLUMNS} FROM photo ORDER BY ticket, key"), [])
    }

    /// What has come of a photo.
    pub fn photo_come(&self, hash: &[u8; 32]) -> Result<Option<PhotoCome>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT device, whole_ms FROM photo_come WHERE hash = ?1")
            .map_err(sql("photo come"))?;
        s.query_row([hash], |r| {
            let whole_ms = r.get::<_, Option<i64>>(1)?.map(unsigned);
            Ok(PhotoCome { device: DeviceId::from_bytes(r.get(0)?), whole_ms })
        })
        .optional()
        .map_err(sql("photo come"))
    }
    /// Every photo of which something has come, and whether it is whole.
    pub fn photos_come(&self) -> Result<Vec<([u8; 32], bool)>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT hash, whole_ms IS NOT NULL FROM photo_come ORDER BY hash")
            .map_err(sql("photos come"))?;
        let rows = s.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql("photos come"))?;
        rows.collect::<Result<_, _>>().map_err(sql("photos come"))
    }
    /// A device begins to bring a photo, or goes on with it.
    pub fn begin_photo(&self, hash: &[u8; 32], device: DeviceId, now_ms: u64) -> Result<(), StoreError> {
        let text = "INSERT INTO photo_come (hash, device, begun_ms) VALUES (?1,?2,?3) ON CONFLICT DO NOTHING";
        let mut s = self.conn.prepare_cached(text).map_err(sql("begin photo"))?;
        s.execute(params![hash, device.as_bytes(), signed(now_ms)]).map_err(sql("begin photo"))?;
        let text = "INSERT INTO photo_part (hash, device, moved_ms) VALUES (?1,?2,?3)
                    ON CONFLICT DO UPDATE SET moved_ms = ?3";
        let mut s = self.conn.prepare_cached(text).map_err(sql("begin photo"))?;
        s.execute(params![hash, device.as_bytes(), signed(now_ms)]).map(drop).map_err(sql("begin photo"))
    }
    /// A photo is whole since then; or, with none, no longer: its file is gone.
    pub fn set_photo_whole(&self, hash: &[u8; 32], whole_ms: Option<u64>) -> Result<(), StoreError> {
        let text = "UPDATE photo_come SET whole_ms = ?2 WHERE hash = ?1 AND (whole_ms IS NULL) <> (?2 IS NULL)";
        let mut s = self.conn.prepare_cached(text).map_err(sql("photo whole"))?;
        s.execute(params![hash, whole_ms.map(signed)]).map(drop).map_err(sql("photo whole"))
    }
    /// Whether a device has begun to bring a photo.
    pub fn has_begun_photo(&self, hash: &[u8; 32], device: DeviceId) -> Result<bool, StoreError> {
        let text = "SELECT 1 FROM photo_part WHERE hash = ?1 AND device = ?2";
        let mut s = self.conn.prepare_cached(text).map_err(sql("photo part"))?;
        s.exists(params![hash, device.as_bytes()]).map_err(sql("photo part"))
    }
    /// How many photos a device has begun to bring that are not whole.
    pub fn photo_parts_of(&self, device: DeviceId) -> Result<usize, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT count(*) FROM photo_part WHERE device = ?1")
            .map_err(sql("photo parts"))?;
        let n: i64 = s.query_row([device.as_bytes()], |r| r.get(0)).map_err(sql("photo parts"))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }
    /// Which devices have begun to bring a photo.
    pub fn photo_parts(&self, hash: &[u8; 32]) -> Result<Vec<DeviceId>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT device FROM photo_part WHERE hash = ?1 ORDER BY device")
            .map_err(sql("photo parts"))?;
        let rows = s.query_map([hash], |r| Ok(DeviceId::from_bytes(r.get(0)?))).map_err(sql("photo parts"))?;
        rows.collect::<Result<_, _>>().map_err(sql("photo parts"))
    }
    /// Photos that a device has begun to bring, and of which it has brought nothing since then.
    pub fn photo_parts_idle(&self, since_ms: u64) -> Result<Vec<([u8; 32], DeviceId)>, StoreError> {
        let text = "SELECT hash, device FROM photo_part WHERE moved_ms < ?1 ORDER BY hash, device";
        let mut s = self.conn.prepare_cached(text).map_err(sql("photo parts idle"))?;
        let rows = s
            .query_map([signed(since_ms)], |r| Ok((r.get(0)?, DeviceId::from_bytes(r.get(1)?))))
            .map_err(sql("photo parts idle"))?;
        rows.collect::<Result<_, _>>().map_err(sql("photo parts idle"))
    }
    /// A device has begun nothing of a photo, unless it brought something at this time or later. True if so.
    pub fn forget_photo_part(&self, hash: &[u8; 32], device: DeviceId, before_ms: u64) -> Result<bool, StoreError> {
        let text = "DELETE FROM photo_part WHERE hash = ?1 AND device = ?2 AND moved_ms < ?3";
        let mut s = self.conn.prepare_cached(text).map_err(sql("forget photo part"))?;
        let gone = s.execute(params![hash, device.as_bytes(), signed(before_ms)]).map_err(sql("forget photo part"))?;
        Ok(gone == 1)
    }

    /// Matters with photos that are not whole here, and how many.
    pub fn photos_to_come(&self) -> Result<Vec<(TicketId, u64)>, StoreError> {
        let text = "SELECT p.ticket, count(DISTINCT p.hash) FROM photo p LEFT JOIN photo_come c ON c.hash = p.hash
                    WHERE c.whole_ms IS NULL GROUP BY p.ticket";
        let mut s = self.conn.prepare_cached(text).map_err(sql("photos to come"))?;
        let rows = s
            .query_map([], |r| Ok((TicketId::from_bytes(r.get(0)?), unsigned(r.get(1)?))))
            .map_err(sql("photos to come"))?;
        rows.collect::<Result<_, _>>().map_err(sql("photos to come"))
    }

    /// Whether a record names a photo of this size, one of the first so many of its matter.
    pub fn names_photo(&self, hash: &[u8; 32], size: u32, per_ticket_max: usize) -> Result<bool, StoreError> {
        let text = "SELECT 1 FROM photo p WHERE p.hash = ?1 AND p.size = ?2 AND ?3 > (
                      SELECT count(*) FROM (SELECT 1 FROM photo q WHERE q.ticket = p.ticket AND q.key < p.key LIMIT ?3))";
        let mut s = self.conn.prepare_cached(text).map_err(sql("names photo"))?;
        let max = i64::try_from(per_ticket_max).unwrap_or(i64::MAX);
        s.exists(params![hash, size, max]).map_err(sql("names photo"))
    }
    /// Whether a held command names a photo of this size.
    pub fn holds_photo(&self, hash: &[u8; 32], size: u32) -> Result<bool, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT 1 FROM photo_held WHERE hash = ?1 AND size = ?2")
            .map_err(sql("holds photo"))?;
        s.exists(params![hash, size]).map_err(sql("holds photo"))
    }
    /// Whether anything names a photo, in the book or held, whatever its size.
    pub fn knows_photo(&self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let text = "SELECT 1 WHERE EXISTS (SELECT 1 FROM photo WHERE hash = ?1)
                    OR EXISTS (SELECT 1 FROM photo_held WHERE hash = ?1)";
        let mut s = self.conn.prepare_cached(text).map_err(sql("knows photo"))?;
        s.exists([hash]).map_err(sql("knows photo"))
    }
    /// Notes a photo that a held command names.
    pub fn hold_photo(&self, hash: &[u8; 32], command: CommandId, size: u32) -> Result<(), StoreError> {
        let text = "INSERT INTO photo_held (hash, command, size) VALUES (?1,?2,?3) ON CONFLICT DO NOTHING";
        let mut s = self.conn.prepare_cached(text).map_err(sql("hold photo"))?;
        s.execute(params![hash, command.as_bytes(), size]).map(drop).map_err(sql("hold photo"))
    }
    /// Commands of a device that are held back, as they are stored, the newest first.
    pub fn held_of(&self, device: DeviceId) -> Result<Vec<(CommandId, Vec<u8>)>, StoreError> {
        let text = "SELECT command, command_stored FROM quarantine WHERE device = ?1 AND state = 'held'
                    ORDER BY id DESC LIMIT ?2 + 0";
        let mut s = self.conn.prepare_cached(text).map_err(sql("held of"))?;
        let rows = s
            .query_map(params![device.as_bytes(), HELD_MAX], |r| Ok((CommandId::from_bytes(r.get(0)?), r.get(1)?)))
            .map_err(sql("held of"))?;
        rows.collect::<Result<_, _>>().map_err(sql("held of"))
    }

    /// Whether somebody looked at the photos of a matter since then, by the audit.
    pub fn looked_at_photos(&self, who: &str, subject: &[u8], since_ms: u64) -> Result<bool, StoreError> {
        let text =
            "SELECT 1 FROM audit WHERE what = 'read_photos' AND who = ?1 AND subject = ?2 AND at_ms >= ?3 LIMIT 1";
        let mut s = self.conn.prepare_cached(text).map_err(sql("looked at photos"))?;
        let found = s.query_row(params![who, subject, signed(since_ms)], |_| Ok(())).optional();
        Ok(found.map_err(sql("looked at photos"))?.is_some())
    }
}
