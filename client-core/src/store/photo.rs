//! Photos: sealed, and how far the office has each.

use super::{StoreError, Tx, bytes, int, uint};
use crate::photo::Kept;
use qiaomen_proto::ids::CommandId;
use qiaomen_proto::planted::{Planted, planted};
use rusqlite::{Row, params};

/// A row as it is stored.
type Raw = (Vec<u8>, Vec<u8>, String, Vec<u8>, u32, i64, u32, Option<Vec<u8>>, bool);

const COLUMNS: &str = "hash, id, ticket, command, size, at_ms, have, have_in, whole";
/// Those of commands that the office has, or keeps: of no other does it know what a photo is.
const NAMED_THERE: &str =
    "command NOT IN (SELECT command FROM outbox WHERE state IN ('pending', 'waiting', 'rejected'))";

fn raw(r: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?))
}

fn kept(raw: Raw, life: Option<&[u8; 16]>) -> Result<Kept, StoreError> {
    let (hash, id, ticket, command, size, at_ms, have, have_in, whole) = raw;
    // What an earlier life of the office had is not there any more, as far as anybody knows.
    let there = life.is_some() && have_in.as_deref() == life.map(|life| &life[..]);
    let there = there || planted(Planted::PictureOfAnyLife) && have_in.is_some();
    Ok(Kept {
        hash: bytes(&hash, "hash")?,
        id: bytes(&id, "photo id")?,
        ticket: ticket.parse().map_err(|_| StoreError::Unreadable { what: "ticket id" })?,
        command: CommandId::from_bytes(bytes(&command, "command id")?),
        size,
        at_ms: uint(at_ms),
        have: if there { have } else { 0 },
        whole: there && whole,
        asked_elsewhere: have_in.is_some() && !there,
    })
}

impl Tx<'_> {
    /// Keeps a photo. The same one twice is one.
    pub(crate) fn put_photo(&self, photo: &Kept, sealed: &[u8]) -> Result<(), StoreError> {
        self.run(
            "keep a photo",
            "INSERT INTO photo (hash, id, ticket, command, size, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (hash) DO NOTHING",
            params![
                photo.hash,
                photo.id,
                photo.ticket.to_string(),
                photo.command.as_bytes(),
                photo.size,
                int(photo.at_ms)
            ],
        )?;
        self.run(
            "keep a photo's bytes",
            "INSERT INTO photo_sealed (hash, bytes) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING",
            params![photo.hash, sealed],
        )
        .map(|_| ())
    }

    fn photos_where(&self, sql: &str, given: impl rusqlite::Params) -> Result<Vec<Kept>, StoreError> {
        let life = self.life()?;
        let rows = self.all("read photos", sql, given, raw)?;
        rows.into_iter().map(|row| kept(row, life.as_ref())).collect()
    }

    fn life(&self) -> Result<Option<[u8; 16]>, StoreError> {
        self.meta(super::meta::name::INCARNATION)?.map(|life| bytes(&life, "incarnation")).transpose()
    }

    /// The photos of a matter that are here, in the order in which they were attached.
    pub(crate) fn photos_of(&self, ticket: &str) -> Result<Vec<Kept>, StoreError> {
        self.photos_where(&format!("SELECT {COLUMNS} FROM photo WHERE ticket = ?1 ORDER BY n"), params![ticket])
    }

    /// One photo.
    pub(crate) fn photo(&self, hash: &[u8; 32]) -> Result<Option<Kept>, StoreError> {
        Ok(self.photos_where(&format!("SELECT {COLUMNS} FROM photo WHERE hash = ?1"), params![hash])?.pop())
    }

    /// Its bytes, sealed.
    pub(crate) fn photo_sealed(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        self.one("read a photo", "SELECT bytes FROM photo_sealed WHERE hash = ?1", params![hash], |r| r.get(0))
    }

    /// Some of them.
    pub(crate) fn photo_piece(&self, hash: &[u8; 32], offset: u32, len: u32) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT substr(bytes, ?2 + 1, ?3) FROM photo_sealed WHERE hash = ?1";
        let piece = self.one("read a piece of a photo", sql, params![hash, offset, len], |r| r.get(0))?;
        piece.ok_or(StoreError::Unreadable { what: "photo" })
    }

    /// Those that are not whole at the office, in the order in which they go. What waits for its own command is not
    /// among them.
    pub(crate) fn photos_to_send(&self) -> Result<Vec<Kept>, StoreError> {
        let all = self.photos_where(&format!("SELECT {COLUMNS} FROM photo WHERE {NAMED_THERE} ORDER BY n"), [])?;
        Ok(all.into_iter().filter(|photo| !photo.whole).collect())
    }

    /// Those that are not whole at the office, whatever they wait for.
    pub(crate) fn photos_unsent(&self) -> Result<Vec<Kept>, StoreError> {
        let all = self.photos_where(&format!("SELECT {COLUMNS} FROM photo ORDER BY n"), [])?;
        Ok(all.into_iter().filter(|photo| !photo.whole).collect())
    }

    /// The office has said how far it has a photo.
    pub(crate) fn photo_is_there(
        &self,
        hash: &[u8; 32],
        life: &[u8; 16],
        have: u32,
        whole: bool,
        position: u64,
    ) -> Result<(), StoreError> {
        self.run(
            "note how far a photo is there",
            "UPDATE photo SET have = ?3, have_in = ?2, whole = ?4, position = ?5 WHERE hash = ?1",
            params![hash, life, have, whole, int(position)],
        )
        .map(|_| ())
    }

    /// Lets go of photos that a backup of this life of the office has, if they are older than this, or their
    /// matter is no longer here.
    pub(crate) fn prune_photos(&self, life: &[u8; 16], backed_up: u64, before_ms: u64) -> Result<(), StoreError> {
        self.run(
            "let go of photos",
            "DELETE FROM photo WHERE whole = 1 AND have_in = ?1 AND position < ?2
             AND (at_ms < ?3 OR ticket NOT IN (SELECT ticket FROM ticket_row))",
            params![life, int(backed_up), int(before_ms)],
        )
        .map(|_| ())
    }

    /// Lets go of the photos of a command that nobody will have.
    pub(crate) fn drop_photos_of(&self, command: CommandId) -> Result<(), StoreError> {
        self.run("drop photos", "DELETE FROM photo WHERE command = ?1", params![command.as_bytes()]).map(|_| ())
    }
}
