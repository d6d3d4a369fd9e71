//! Clerks, their passwords and sessions. Of a password Argon2id is kept, of a session's token a hash.

use super::attempts;
use super::audit::{self, Deed};
use super::posts::{Post, Sight};
use crate::office::{Office, OfficeError};
use crate::store::sqlite::ClerkRow;
use crate::store::{StoreError, Tx};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use qiaomen_proto::ids::WorkerId;
use std::sync::OnceLock;

/// How long a session lasts: a working day and its evening.
pub const SESSION_LIFE_MS: u64 = 12 * 3600 * 1000;
/// Characters of a password at least.
pub const PASSWORD_CHARACTERS_MIN: usize = 8;
/// Bytes of a password at most: hashing is slow on purpose, and by length too.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Characters of a sign-in name at most.
pub const LOGIN_CHARACTERS_MAX: usize = 32;

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown name or wrong password; which of the two is not said.
    #[error("用户名或密码不对。")]
    Wrong,
    /// Locked after wrong passwords.
    #[error("密码错的次数太多，请过 {retry_after_s} 秒再试。")]
    Locked {
        /// When to try again.
        retry_after_s: u64,
    },
    /// Not a sign-in name.
    #[error("用户名要 1 到 {LOGIN_CHARACTERS_MAX} 个字，不能有空格。")]
    Login,
    /// Not a password.
    #[error("密码至少 {PASSWORD_CHARACTERS_MIN} 个字符，最多 {PASSWORD_BYTES_MAX} 个字节。")]
    Password,
    /// The post belongs to somebody of the roster, and nobody of that role was named.
    #[error("{}要先在花名册上，岗位也要是{}。", post.title(), post.title())]
    NotOnRoster {
        /// Which post.
        post: Post,
    },
    /// A password could not be hashed or a hash not read.
    #[error("could not hash a password")]
    Hash {
        /// Why.
        #[source]
        source: argon2::password_hash::Error,
    },
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for SignInError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

/// A session that has just been opened. The token is given out once.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// What the clerk shows with every request.
    pub token: String,
    /// Until when.
    pub expires_ms: u64,
    /// Who.
    pub clerk: WorkerId,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("clerk", &self.clerk)
            .field("expires_ms", &self.expires_ms)
            .finish_non_exhaustive()
    }
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Id under which decisions stand.
    pub clerk: WorkerId,
    /// Sign-in name.
    pub login: String,
    /// What this person is at the console.
    pub post: Post,
    /// How far this person sees.
    pub sight: Sight,
}

/// Adds a clerk, or gives one a new password. The clerk's id.
pub fn add_clerk(office: &Office, login: &str, password: &str) -> Result<WorkerId, SignInError> {
    add(office, login, password, Added { post: None, by: None })
}

/// Adds somebody in a post, or gives somebody another post and a new password. Who works at doors too keeps the
/// id of the roster.
pub fn add_in_post(
    office: &Office,
    login: &str,
    password: &str,
    post: Post,
    worker: Option<WorkerId>,
    by: Option<WorkerId>,
) -> Result<WorkerId, SignInError> {
    office.store().read(|tx| fits_roster(tx, post, worker))?;
    add(office, login, password, Added { post: Some((post, worker)), by })
}

/// Whether the roster knows this worker in the role that the post belongs to, if it belongs to one.
pub(super) fn fits_roster(tx: &Tx<'_>, post: Post, worker: Option<WorkerId>) -> Result<(), SignInError> {
    let Some(role) = post.worker_role() else { return Ok(()) };
    let row = match worker {
        Some(worker) => tx.worker(worker)?,
        None => None,
    };
    if row.is_some_and(|w| w.role == role) { Ok(()) } else { Err(SignInError::NotOnRoster { post }) }
}

struct Added {
    post: Option<(Post, Option<WorkerId>)>,
    by: Option<WorkerId>,
}

fn add(office: &Office, login: &str, password: &str, added: Added) -> Result<WorkerId, SignInError> {
    let login = login_new(login)?;
    let hash = hash_new(office, password)?;
    let id = WorkerId::at(office.now_ms(), office.random().map_err(OfficeError::from)?);
    let inner = office.clone();
    office.store().write(move |tx| {
        let worker = added.post.and_then(|(_, worker)| worker);
        let id = tx.clerk(&login)?.map_or(worker.unwrap_or(id), |c| c.id);
        tx.put_clerk(&login, id, &hash, inner.now_ms())?;
        if let Some((post, _)) = added.post {
            tx.set_post(&login, post.word())?;
        }
        audit::note(&inner, tx, added.by.unwrap_or(id), Deed::ClerkPut, Some(id.as_bytes()))?;
        Ok(id)
    })
}

/// The clerk of this name.
pub fn clerk(office: &Office, login: &str) -> Result<Option<WorkerId>, OfficeError> {
    Ok(office.store().read(|tx| tx.clerk(login.trim()))?.map(|c| c.id))
}

/// A sign-in name that somebody has chosen, if it may be one.
pub(super) fn login_new(login: &str) -> Result<String, SignInError> {
    let login = login.trim().to_owned();
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if login.is_empty() || login.chars().count() > LOGIN_CHARACTERS_MAX || login.chars().any(odd) {
        return Err(SignInError::Login);
    }
    Ok(login)
}

/// The hash of a password that somebody has chosen, if it may be one.
pub(super) fn hash_new(office: &Office, password: &str) -> Result<String, SignInError> {
    if password.chars().count() < PASSWORD_CHARACTERS_MIN || password.len() > PASSWORD_BYTES_MAX {
        return Err(SignInError::Password);
    }
    let salt: [u8; 16] = office.random().map_err(OfficeError::from)?;
    hash(password, &salt)
}

/// Signs a clerk in.
pub fn login(office: &Office, login: &str, password: &str) -> Result<Session, SignInError> {
    let token: [u8; 32] = office.random().map_err(OfficeError::from)?;
    let inner = office.clone();
    with_password(office, login, password, move |tx, row| {
        let now_ms = inner.now_ms();
        let expires_ms = now_ms.saturating_add(SESSION_LIFE_MS);
        tx.add_session(hash_of(&token), &row.login, expires_ms)?;
        audit::note(&inner, tx, row.id, Deed::SignedIn, Some(row.id.as_bytes()))?;
        Ok(Session { token: URL_SAFE_NO_PAD.encode(token), expires_ms, clerk: row.id })
    })
}

/// Does something for whoever knows the password. Wrong ones are counted, and lock the name for a while.
pub(super) fn with_password<T: Send + 'static>(
    office: &Office,
    login: &str,
    password: &str,
    then: impl FnOnce(&Tx<'_>, &ClerkRow) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, SignInError> {
    let login = login.trim().to_owned();
    let row = office.store().read(|tx| tx.clerk(&login))?;
    if let Some(row) = &row {
        not_locked(row, office.now_ms())?;
    }
    // An unknown name takes as long as a known one.
    let stored = match &row {
        Some(row) => row.password_hash.clone(),
        None => decoy()?.to_owned(),
    };
    let right = password.len() <= PASSWORD_BYTES_MAX
        && Argon2::default().verify_password(password.as_bytes(), stored.as_str()).is_ok();
    if row.is_none() {
        return Err(SignInError::Wrong);
    }
    let inner = office.clone();
    // The refusal stands inside, so that what is noted about a wrong password stays.
    let done = office.store().write(move |tx| -> Result<_, SignInError> {
        let now_ms = inner.now_ms();
        let row = tx.clerk(&login)?.ok_or(SignInError::Wrong)?;
        // Looked at again: many guesses at once must not each find the name unlocked.
        not_locked(&row, now_ms)?;
        if !right {
            let failed = row.failed_count.saturating_add(1);
            tx.note_attempt(&login, failed, attempts::locked_until(failed, now_ms))?;
            audit::note(&inner, tx, row.id, Deed::SignInFailed, Some(row.id.as_bytes()))?;
            return Ok(None);
        }
        tx.note_attempt(&login, 0, 0)?;
        Ok(Some(then(tx, &row)?))
    })?;
    done.ok_or(SignInError::Wrong)
}

fn not_locked(row: &ClerkRow, now_ms: u64) -> Result<(), SignInError> {
    match row.locked_until_ms.checked_sub(now_ms).filter(|ms| *ms > 0) {
        Some(ms) => Err(SignInError::Locked { retry_after_s: attempts::seconds(ms) }),
        None => Ok(()),
    }
}

/// Whose session this is, if it is one.
pub fn session(office: &Office, token: &str) -> Result<Option<SignedIn>, OfficeError> {
    let Some(hash) = token_hash(token) else { return Ok(None) };
    let now_ms = office.now_ms();
    office.store().read(|tx| {
        let Some(login) = tx.session(hash, now_ms)? else { return Ok(None) };
        let Some(row) = tx.clerk(&login)? else { return Ok(None) };
        let post = Post::parse(&row.post).ok_or(StoreError::Damaged("a clerk's post"))?;
        let sight = Sight::of(tx, post, row.id, now_ms)?;
        Ok(Some(SignedIn { clerk: row.id, login, post, sight }))
    })
}

/// Ends a session.
pub fn logout(office: &Office, token: &str) -> Result<(), OfficeError> {
    let Some(hash) = token_hash(token) else { return Ok(()) };
    let inner = office.clone();
    office.store().write(move |tx| {
        let now_ms = inner.now_ms();
        if let Some(login) = tx.session(hash, now_ms)?
            && let Some(row) = tx.clerk(&login)?
        {
            audit::note(&inner, tx, row.id, Deed::SignedOut, Some(row.id.as_bytes()))?;
        }
        Ok(tx.end_session(hash, now_ms)?)
    })
}

fn hash(password: &str, salt: &[u8]) -> Result<String, SignInError> {
    let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    Ok(hashed.map_err(|source| SignInError::Hash { source })?.to_string())
}

/// A hash that no password has, so far as anybody knows.
fn decoy() -> Result<&'static str, SignInError> {
    static DECOY: OnceLock<String> = OnceLock::new();
    if let Some(decoy) = DECOY.get() {
        return Ok(decoy);
    }
    let made = hash("nobody signs in with this", b"not secret at all")?;
    Ok(DECOY.get_or_init(|| made))
}

pub(super) fn token_hash(token: &str) -> Option<[u8; 32]> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    Some(hash_of(&bytes))
}

fn hash_of(token: &[u8; 32]) -> [u8; 32] {
    blake3::derive_key("qiaomen 2026 session token", token)
}
