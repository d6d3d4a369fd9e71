//! Rows of clerks, their sessions, and the audit.

use super::numbers::signed;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::WorkerId;
use rusqlite::{OptionalExtension as _, Row, params};

/// A person of the office who signs in.
#[derive(Debug, Clone)]
pub struct ClerkRow {
    /// Sign-in name.
    pub login: String,
    /// Id under which decisions stand in documents.
    pub id: WorkerId,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// Wrong passwords in a row.
    pub failed_count: u32,
    /// Until when nobody may try.
    pub locked_until_ms: u64,
    /// Word of the post.
    pub post: String,
    /// When the clerk was added.
    pub created_ms: u64,
}

fn clerk_row(r: &Row<'_>) -> rusqlite::Result<ClerkRow> {
    Ok(ClerkRow {
        login: r.get(0)?,
        id: WorkerId::from_bytes(r.get(1)?),
        password_hash: r.get(2)?,
        failed_count: r.get(3)?,
        locked_until_ms: u64::try_from(r.get::<_, i64>(4)?).unwrap_or(0),
        post: r.get(5)?,
        created_ms: u64::try_from(r.get::<_, i64>(6)?).unwrap_or(0),
    })
}

impl Tx<'_> {
    /// Adds a clerk, or sets a new password.
    pub fn put_clerk(&self, login: &str, id: WorkerId, password_hash: &str, now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT INTO clerk (login, id, password_hash, created_ms) VALUES (?1,?2,?3,?4)
                 ON CONFLICT DO UPDATE SET password_hash = ?3, failed_count = 0, locked_until_ms = 0",
            )
            .map_err(sql("put clerk"))?;
        s.execute(params![login, id.as_bytes(), password_hash, signed(now_ms)]).map(drop).map_err(sql("put clerk"))
    }
    /// A clerk.
    pub fn clerk(&self, login: &str) -> Result<Option<ClerkRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT login, id, password_hash, failed_count, locked_until_ms, post, created_ms
                 FROM clerk WHERE login = ?1",
            )
            .map_err(sql("clerk"))?;
        s.query_row([login], clerk_row).optional().map_err(sql("clerk"))
    }
    /// Every clerk, in the order in which they came.
    pub fn clerks(&self) -> Result<Vec<ClerkRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT login, id, password_hash, failed_count, locked_until_ms, post, created_ms
                 FROM clerk ORDER BY created_ms, login",
            )
            .map_err(sql("clerks"))?;
        let rows = s.query_map([], clerk_row).map_err(sql("clerks"))?;
        rows.collect::<Result<_, _>>().map_err(sql("clerks"))
    }
    /// Gives a clerk a post.
    pub fn set_post(&self, login: &str, post: &str) -> Result<(), StoreError> {
        let mut s = self.conn.prepare_cached("UPDATE clerk SET post = ?2 WHERE login = ?1").map_err(sql("set post"))?;
        s.execute(params![login, post]).map(drop).map_err(sql("set post"))
    }
    /// Takes a clerk's access away, and ends the clerk's sessions. Decisions keep the clerk's id.
    pub fn remove_clerk(&self, login: &str) -> Result<(), StoreError> {
        for statement in ["DELETE FROM session WHERE login = ?1", "DELETE FROM clerk WHERE login = ?1"] {
            let mut s = self.conn.prepare_cached(statement).map_err(sql("remove clerk"))?;
            s.execute([login]).map_err(sql("remove clerk"))?;
        }
        Ok(())
    }
    /// The sign-in name of the clerk with this id.
    pub fn clerk_login(&self, id: WorkerId) -> Result<Option<String>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT login FROM clerk WHERE id = ?1").map_err(sql("clerk login"))?;
        s.query_row([id.as_bytes()], |r| r.get(0)).optional().map_err(sql("clerk login"))
    }
    /// Number of clerks.
    pub fn clerk_count(&self) -> Result<u64, StoreError> {
        let n: i64 =
            self.conn.query_row("SELECT count(*) FROM clerk", [], |r| r.get(0)).map_err(sql("count clerks"))?;
        Ok(u64::try_from(n).unwrap_or(0))
    }
    /// Notes a wrong password (or, with 0, a right one).
    pub fn note_attempt(&self, login: &str, failed_count: u32, locked_until_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("UPDATE clerk SET failed_count = ?2, locked_until_ms = ?3 WHERE login = ?1")
            .map_err(sql("attempt"))?;
        s.execute(params![login, failed_count, signed(locked_until_ms)]).map(drop).map_err(sql("attempt"))
    }
    /// Opens a session; the token itself is not kept.
    pub fn add_session(&self, token_hash: [u8; 32], login: &str, expires_ms: u64) -> Result<(), StoreError> {
        let mut s = self.conn.prepare_cached("INSERT INTO session VALUES (?1,?2,?3)").map_err(sql("add session"))?;
        s.execute(params![token_hash, login, signed(expires_ms)]).map(drop).map_err(sql("add session"))
    }
    /// Whose session this is, if it is one and has not run out.
    pub fn session(&self, token_hash: [u8; 32], now_ms: u64) -> Result<Option<String>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT login FROM session WHERE token_hash = ?1 AND expires_ms > ?2")
            .map_err(sql("session"))?;
        s.query_row(params![token_hash, signed(now_ms)], |r| r.get(0)).optional().map_err(sql("session"))
    }
    /// Ends a session, and all that have run out.
    pub fn end_session(&self, token_hash: [u8; 32], now_ms: u64) -> Result<(), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("DELETE FROM session WHERE token_hash = ?1 OR expires_ms <= ?2")
            .map_err(sql("end session"))?;
        s.execute(params![token_hash, signed(now_ms)]).map(drop).map_err(sql("end session"))
    }

    /// Writes into the audit; each row's hash covers the one before. No names: ids only.
    pub fn audit(&self, at_ms: u64, who: &str, what: &str, subject: Option<&[u8]>) -> Result<(), StoreError> {
        let previous: Option<Vec<u8>> = self
            .conn
            .query_row("SELECT hash FROM audit ORDER BY id DESC LIMIT 1", [], |r| r.get(0))
            .optional()
            .map_err(sql("audit"))?;
        let hash = audit_hash(previous.as_deref().unwrap_or(&[]), at_ms, who, what, subject);
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO audit (at_ms, who, what, subject, hash) VALUES (?1,?2,?3,?4,?5)")
            .map_err(sql("audit"))?;
        s.execute(params![signed(at_ms), who, what, subject, hash]).map(drop).map_err(sql("audit"))
    }
    /// How often this stands in the audit.
    pub fn audit_count(&self, what: &str) -> Result<u64, StoreError> {
        let mut s =
            self.conn.prepare_cached("SELECT count(*) FROM audit WHERE what = ?1").map_err(sql("audit count"))?;
        let n: i64 = s.query_row([what], |r| r.get(0)).map_err(sql("audit count"))?;
        Ok(u64::try_from(n).unwrap_or(0))
    }
    /// Checks the chain of the audit. Number of rows, and the first row that does not follow.
    pub fn check_audit(&self) -> Result<(u64, Option<i64>), StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT id, at_ms, who, what, subject, hash FROM audit ORDER BY id")
            .map_err(sql("check audit"))?;
        let mut rows = s.query([]).map_err(sql("check audit"))?;
        let (mut previous, mut count) = (Vec::new(), 0);
        while let Some(r) = rows.next().map_err(sql("check audit"))? {
            type Line = (i64, i64, String, String, Option<Vec<u8>>, Vec<u8>);
            let get =
                || -> rusqlite::Result<Line> { Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)) };
            let (id, at, who, what, subject, hash) = get().map_err(sql("check audit"))?;
            if hash != audit_hash(&previous, u64::try_from(at).unwrap_or(0), &who, &what, subject.as_deref()) {
                return Ok((count, Some(id)));
            }
            previous = hash;
            count += 1;
        }
        Ok((count, None))
    }
}

pub(super) fn audit_hash(previous: &[u8], at_ms: u64, who: &str, what: &str, subject: Option<&[u8]>) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new_derive_key("qiaomen 2026 audit");
    for part in [previous, &at_ms.to_be_bytes(), who.as_bytes(), what.as_bytes(), subject.unwrap_or(&[])] {
        hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().as_bytes().to_vec()
}
