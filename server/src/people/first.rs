//! The first account of a new office. Whoever started the office reads a code that works once; of the code a hash
//! is kept.

use super::clerks::{self, SignInError};
use super::posts::Post;
use crate::office::{Office, OfficeError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Key of [`crate::store::Tx::meta`].
const META: &str = "first_code";

fn hash_of(code: &str) -> [u8; 32] {
    blake3::derive_key("qiaomen 2026 first account", code.as_bytes())
}

/// A new code, if nobody can sign in yet. An earlier one no longer works.
pub fn code(office: &Office) -> Result<Option<String>, OfficeError> {
    let random: [u8; 16] = office.random()?;
    let code = URL_SAFE_NO_PAD.encode(random);
    let hash = hash_of(&code);
    office.store().write(move |tx| {
        if tx.clerk_count()? > 0 {
            return Ok(None);
        }
        tx.set_meta(META, &hash)?;
        Ok(Some(code))
    })
}

/// Whether this is the code, and nobody can sign in yet.
pub fn is_code(office: &Office, code: &str) -> Result<bool, OfficeError> {
    let hash = hash_of(code);
    office.store().read(|tx| {
        let told = tx.meta(META)?;
        Ok(tx.clerk_count()? == 0 && told.is_some_and(|told| blake3::hash(&told) == blake3::hash(&hash)))
    })
}

/// Makes the first account, an administrator's. False if this is not the code.
pub fn found(office: &Office, code: &str, login: &str, password: &str) -> Result<bool, SignInError> {
    if !is_code(office, code)? {
        return Ok(false);
    }
    clerks::add_in_post(office, login, password, Post::Admin, None, None)?;
    Ok(true)
}
