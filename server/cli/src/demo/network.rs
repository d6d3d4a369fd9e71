//! The evening's network: real HTTP, and one place where it breaks.

use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Host, Reply, SystemHost, Transport, TransportError};

/// Real HTTP that loses the reply of some requests after the office has taken them.
pub(crate) struct Link {
    http: HttpTransport,
    lose: u32,
}

impl Link {
    /// A link that loses its first `lose` replies.
    pub(crate) fn new(http: HttpTransport, lose: u32) -> Self {
        Self { http, lose }
    }
}

impl Transport for Link {
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError> {
        let reply = self.http.post(path, auth, body)?;
        if self.lose > 0 {
            self.lose -= 1;
            return Err(TransportError::BrokenOff { source: None });
        }
        Ok(reply)
    }
}

/// This machine with another date.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WrongDate {
    /// How far ahead, in milliseconds.
    pub(crate) ahead_ms: u64,
}

impl Host for WrongDate {
    fn now_ms(&self) -> u64 {
        SystemHost.now_ms() + self.ahead_ms
    }
    fn random(&self, buf: &mut [u8]) -> Result<(), qiaomen_client::clock::NoRandomness> {
        SystemHost.random(buf)
    }
}
