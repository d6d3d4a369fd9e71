//! How bytes get to the office. Blocking, one request at a time; tests use one in memory.

/// Over HTTP.
pub mod http;

pub use http::HttpTransport;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The office's signature over the body, if the reply had one.
    pub signature: Option<String>,
    /// Seconds after which to try again, if the office said so.
    pub retry_after_s: Option<u64>,
    /// The body.
    pub body: Vec<u8>,
    /// Bytes of the request beside its body: request line and headers.
    pub head_bytes_up: u64,
    /// Bytes of the reply beside its body: status line and headers.
    pub head_bytes_down: u64,
}

/// No answer, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The office could not be reached: no network, a wrong address, nobody there.
    #[error("the office cannot be reached")]
    Unreachable {
        /// Why.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The connection broke while the reply came in, or took too long.
    #[error("the connection broke off")]
    BrokenOff {
        /// Why.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The reply is larger than any honest one.
    #[error("the reply is larger than a reply may be")]
    TooLarge,
}

/// Carries one request to the office and its reply back.
pub trait Transport {
    /// Sends `body` to `path`, signed by `auth` where given.
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError>;

    /// Waits this long before the next attempt. False where this transport does not wait: then a
    /// failed attempt is the last one, and whoever asked tries again when they see fit.
    fn pause(&mut self, wait_ms: u64) -> bool {
        let _ = wait_ms;
        false
    }
}
