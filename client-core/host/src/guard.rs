//! Who may ask. Any page in the same browser can send requests to a loopback address, and any program on the machine
//! can open it: so the address carries a token that is exchanged once for a cookie, and the names that a browser adds
//! to a request have to be ours.

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use qiaomen_client::clock::NoRandomness;
use qiaomen_client::{Host as _, SystemHost};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the token is handed in.
const ENTRANCE: &str = "/start/";

/// What lets a request in.
#[derive(Debug)]
pub(crate) struct Guard {
    /// What a browser calls us.
    host: String,
    /// In the address that was printed; good once.
    token: String,
    /// In the cookie.
    session: String,
    entered: AtomicBool,
}

/// What a request is to be answered with, before it is looked at any closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It comes from where it should.
    In,
    /// The token was handed in: the session begins.
    Begins,
    /// It does not.
    Stranger,
}

/// Text that nobody can guess.
pub(crate) fn secret() -> Result<String, NoRandomness> {
    let mut bytes = [0; 16];
    SystemHost.random(&mut bytes)?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

impl Guard {
    pub(crate) fn at(address: SocketAddr) -> Result<Self, NoRandomness> {
        let (token, session) = (secret()?, secret()?);
        Ok(Self { host: address.to_string(), token, session, entered: AtomicBool::new(false) })
    }
    /// The address to be opened.
    pub(crate) fn entrance(&self) -> String {
        format!("http://{}{ENTRANCE}{}", self.host, self.token)
    }
    /// Name of the cookie: with the port, because two apps on one machine share their cookies.
    fn cookie_name(&self) -> String {
        format!("qiaomen-field-{}", self.host.rsplit_once(':').map_or("", |(_, port)| port))
    }
    /// The cookie of the session that begins.
    pub(crate) fn cookie(&self) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie_name(), self.session)
    }

    /// Whether the request names us: a page whose name was made to lead here says its own name.
    pub(crate) fn is_called_so(&self, headers: &HeaderMap) -> bool {
        text(headers, HOST.as_str()) == Some(&self.host)
    }

    /// Lets in or not.
    pub(crate) fn admits(&self, method: &Method, path: &str, headers: &HeaderMap) -> Admission {
        if !self.is_called_so(headers) {
            return Admission::Stranger;
        }
        if let Some(token) = path.strip_prefix(ENTRANCE) {
            let right = same(token, &self.token) && !self.entered.swap(true, Ordering::SeqCst);
            return if right { Admission::Begins } else { Admission::Stranger };
        }
        let session = text(headers, COOKIE.as_str()).and_then(|cookies| cookie_in(cookies, &self.cookie_name()));
        let known = session.is_some_and(|session| same(session, &self.session));
        if known && (method == Method::GET || self.is_own_page(headers)) { Admission::In } else { Admission::Stranger }
    }

    /// Whether one of our own pages sent a form.
    fn is_own_page(&self, headers: &HeaderMap) -> bool {
        match text(headers, ORIGIN.as_str()) {
            Some(origin) => origin.strip_prefix("http://") == Some(&self.host),
            None => text(headers, "sec-fetch-site") == Some("same-origin"),
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The value of a cookie.
pub(crate) fn cookie_in<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split(';').find_map(|c| c.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Whether two secrets are the same; how long it takes says nothing about where they differ.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard::at(([127, 0, 0, 1], 4711).into()).unwrap()
    }
    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        list.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap())).collect()
    }
    const US: (&str, &str) = ("host", "127.0.0.1:4711");

    #[test]
    fn the_token_of_the_address_is_good_once() {
        let guard = guard();
        let path = guard.entrance().split_once(":4711").unwrap().1.to_owned();
        assert_eq!(guard.admits(&Method::GET, "/start/0", &headers(&[US])), Admission::Stranger);
        assert_eq!(guard.admits(&Method::GET, &path, &headers(&[("host", "evil.example")])), Admission::Stranger);
        assert_eq!(guard.admits(&Method::GET, &path, &headers(&[US])), Admission::Begins);
        assert_eq!(guard.admits(&Method::GET, &path, &headers(&[US])), Admission::Stranger);
    }

    #[test]
    fn a_request_without_the_session_under_a_foreign_name_or_from_a_foreign_page_stays_outside() {
        let guard = guard();
        let cookie = guard.cookie().split(';').next().unwrap().to_owned();
        let known = ("cookie", cookie.as_str());
        let at = |method: &Method, list: &[(&'static str, &str)]| guard.admits(method, "/", &headers(list));
        assert_eq!(at(&Method::GET, &[US, known]), Admission::In);
        assert_eq!(at(&Method::GET, &[US]), Admission::Stranger);
        assert_eq!(at(&Method::GET, &[known]), Admission::Stranger);
        assert_eq!(at(&Method::GET, &[("host", "127.0.0.1:80"), known]), Admission::Stranger);
        assert_eq!(at(&Method::GET, &[US, ("cookie", "qiaomen-field-4711=0")]), Admission::Stranger);
        assert_eq!(at(&Method::POST, &[US, known, ("origin", "http://127.0.0.1:4711")]), Admission::In);
        assert_eq!(at(&Method::POST, &[US, known, ("sec-fetch-site", "same-origin")]), Admission::In);
        for elsewhere in ["http://evil.example", "null", "https://127.0.0.1:4711", "http://127.0.0.1:80"] {
            assert_eq!(at(&Method::POST, &[US, known, ("origin", elsewhere)]), Admission::Stranger, "{elsewhere}");
        }
        assert_eq!(at(&Method::POST, &[US, known]), Admission::Stranger);
    }
}
