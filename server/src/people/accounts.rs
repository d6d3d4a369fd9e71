//! Accounts of the console: opened by an administrator, given a new password or another post, removed; and
//! everybody's own password. There is always an administrator left.

use super::audit::{self, Deed};
use super::clerks::{self, SignInError};
use super::posts::Post;
use super::staff::Names;
use crate::office::{Office, OfficeError};
use crate::store::sqlite::ClerkRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::WorkerId;
use serde::Serialize;

/// Why an account stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The password, the sign-in name or the post, as when signing in.
    #[error(transparent)]
    SignIn(SignInError),
    /// The own password as it was is not that.
    #[error("原来的密码不对，没有改动。")]
    WrongPassword,
    /// Somebody has this sign-in name.
    #[error("已经有这个用户名，请换一个。")]
    LoginTaken,
    /// This worker has an account.
    #[error("这位已经有账号了。忘了密码，请重设；要换岗位，请先删除原来的账号。")]
    HasOne,
    /// Somebody of the roster has this post by the roster.
    #[error("{}由花名册定：请删除这个账号，再从花名册上给本人开一个。", post.title())]
    OnlyByRoster {
        /// Which post.
        post: Post,
    },
    /// Nobody would be left to look after the accounts.
    #[error("这是最后一个管理员，不能删除也不能换岗位。请先给别人开一个管理员账号。")]
    LastAdmin,
    /// There is no such account.
    #[error("没有这个账号，可能刚被删除。")]
    NoSuch,
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for AccountError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}
impl From<SignInError> for AccountError {
    fn from(e: SignInError) -> Self {
        match e {
            SignInError::Office(e) => Self::Office(e),
            e => Self::SignIn(e),
        }
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Sign-in name.
    pub login: String,
    /// Id under which decisions stand.
    pub id: WorkerId,
    /// What this person is at the console.
    pub post: Post,
    /// What the person is called on the roster, if she is on it.
    pub worker_name: Option<String>,
    /// When it was opened.
    pub created_ms: u64,
    /// Until when it is locked after wrong passwords.
    pub locked_until_ms: Option<u64>,
}

/// Every account, in the order in which they were opened.
pub fn accounts(office: &Office) -> Result<Vec<Account>, OfficeError> {
    let now_ms = office.now_ms();
    office.store().read(|tx| {
        let mut names = Names::default();
        let mut list = Vec::new();
        for row in tx.clerks()? {
            let worker_name = match tx.worker(row.id)? {
                Some(_) => Some(names.of(office, tx, row.id)?),
                None => None,
            };
            list.push(Account {
                post: post_of(&row)?,
                worker_name,
                created_ms: row.created_ms,
                locked_until_ms: Some(row.locked_until_ms).filter(|until| *until > now_ms),
                id: row.id,
                login: row.login,
            });
        }
        Ok(list)
    })
}

/// Opens an account for somebody who has none.
pub fn open(
    office: &Office,
    login: &str,
    password: &str,
    post: Post,
    worker: Option<WorkerId>,
    by: WorkerId,
) -> Result<WorkerId, AccountError> {
    let login = clerks::login_new(login)?;
    let hash = clerks::hash_new(office, password)?;
    let new = WorkerId::at(office.now_ms(), office.random().map_err(OfficeError::from)?);
    // Only a post of the roster's is bound to somebody on it.
    let worker = worker.filter(|_| post.worker_role().is_some());
    let inner = office.clone();
    office.store().write(move |tx| {
        clerks::fits_roster(tx, post, worker)?;
        if tx.clerk(&login)?.is_some() {
            return Err(AccountError::LoginTaken);
        }
        let id = worker.unwrap_or(new);
        if tx.clerk_login(id)?.is_some() {
            return Err(AccountError::HasOne);
        }
        tx.put_clerk(&login, id, &hash, inner.now_ms())?;
        tx.set_post(&login, post.word())?;
        audit::note(&inner, tx, by, Deed::ClerkPut, Some(id.as_bytes()))?;
        Ok(id)
    })
}

/// Gives an account a new password. Whoever is signed in with it is signed out.
pub fn reset_password(office: &Office, id: WorkerId, password: &str, by: WorkerId) -> Result<(), AccountError> {
    let hash = clerks::hash_new(office, password)?;
    change(office, id, by, Deed::PasswordReset, move |tx, row, now_ms| {
        tx.put_clerk(&row.login, row.id, &hash, now_ms)?;
        tx.end_sessions(&row.login, None)?;
        Ok(())
    })
}

/// Gives an account another post of the office's own.
pub fn set_post(office: &Office, id: WorkerId, post: Post, by: WorkerId) -> Result<(), AccountError> {
    change(office, id, by, Deed::PostChanged(post.word()), move |tx, row, _| {
        // What somebody of the roster sees hangs on the roster's id, and an account keeps its id.
        if let Some(post) = [post, post_of(row)?].into_iter().find(|p| p.worker_role().is_some()) {
            return Err(AccountError::OnlyByRoster { post });
        }
        if post != Post::Admin {
            not_the_last(tx, row)?;
        }
        Ok(tx.set_post(&row.login, post.word())?)
    })
}

/// Removes an account. What was done under it keeps its name.
pub fn remove(office: &Office, id: WorkerId, by: WorkerId) -> Result<(), AccountError> {
    change(office, id, by, Deed::AccountRemoved, |tx, row, now_ms| {
        not_the_last(tx, row)?;
        tx.note_gone(row.id, &row.login, now_ms)?;
        Ok(tx.remove_clerk(&row.login)?)
    })
}

/// Gives oneself a new password, knowing the old one. Other sessions of the account end; this one goes on.
pub fn change_own_password(
    office: &Office,
    login: &str,
    old: &str,
    new: &str,
    session: &str,
) -> Result<(), AccountError> {
    let hash = clerks::hash_new(office, new)?;
    let (inner, kept) = (office.clone(), clerks::token_hash(session));
    let done = clerks::with_password(office, login, old, move |tx, row| {
        tx.put_clerk(&row.login, row.id, &hash, inner.now_ms())?;
        tx.end_sessions(&row.login, kept)?;
        audit::note(&inner, tx, row.id, Deed::PasswordChanged, Some(row.id.as_bytes()))
    });
    done.map_err(|e| match e {
        SignInError::Wrong => AccountError::WrongPassword,
        e => e.into(),
    })
}

/// Changes an account that is there, and writes it down.
fn change(
    office: &Office,
    id: WorkerId,
    by: WorkerId,
    deed: Deed,
    job: impl FnOnce(&Tx<'_>, &ClerkRow, u64) -> Result<(), AccountError> + Send + 'static,
) -> Result<(), AccountError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        let row = tx.clerks()?.into_iter().find(|row| row.id == id).ok_or(AccountError::NoSuch)?;
        job(tx, &row, inner.now_ms())?;
        Ok(audit::note(&inner, tx, by, deed, Some(id.as_bytes()))?)
    })
}

fn post_of(row: &ClerkRow) -> Result<Post, StoreError> {
    Post::parse(&row.post).ok_or(StoreError::Damaged("a clerk's post"))
}

fn not_the_last(tx: &Tx<'_>, row: &ClerkRow) -> Result<(), AccountError> {
    let is_admin = |row: &ClerkRow| row.post == Post::Admin.word();
    let others = tx.clerks()?.iter().any(|other| other.login != row.login && is_admin(other));
    if is_admin(row) && !others { Err(AccountError::LastAdmin) } else { Ok(()) }
}
