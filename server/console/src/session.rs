//! Who is asking. The session's token stands in a cookie that no script reads and no other site sends; a form
//! carries a second token that is made from it, so that a page from elsewhere cannot send one either.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use qiaomen_server::people::SignedIn;

/// Name of the cookie.
const COOKIE: &str = "qiaomen";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) signed_in: SignedIn,
    token: String,
}

impl Who {
    pub(crate) fn new(signed_in: SignedIn, token: String) -> Self {
        Self { signed_in, token }
    }
    /// What a form of this session carries.
    pub(crate) fn form_token(&self) -> String {
        let key = blake3::derive_key("qiaomen 2026 console form", self.token.as_bytes());
        URL_SAFE_NO_PAD.encode(key)
    }
    /// The session's token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}

/// The token in a request's cookies.
pub(crate) fn token_in(cookies: &str) -> Option<&str> {
    cookies.split(';').find_map(|c| c.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The cookie of a session that begins. `Secure` is the proxy's matter: on this machine there is no TLS.
pub(crate) fn cookie(token: &str, life_s: u64) -> String {
    format!("{COOKIE}={token}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Strict")
}

/// The cookie of a session that ends.
pub(crate) fn no_cookie() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_only_under_its_own_name() {
        assert_eq!(token_in("a=1; qiaomen=xyz; b=2"), Some("xyz"));
        assert_eq!(token_in("qiaomen=xyz"), Some("xyz"));
        assert_eq!(token_in("xqiaomen=1; qiaomenx=2"), None);
        assert_eq!(token_in(""), None);
    }
}
