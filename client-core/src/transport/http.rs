//! Over HTTP/1.1, blocking, every step with a limit of time and size.

use super::{Reply, Transport, TransportError};
use qiaomen_proto::limits::REPLY_BYTES_MAX;
use qiaomen_proto::wire::auth::{HEADER, REPLY_HEADER};
use std::io::Read as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;
use ureq::config::AutoHeaderValue;

/// To reach the office: longer than this is no signal.
const CONNECT: Duration = Duration::from_secs(10);
/// For a whole exchange: a megabyte at 20 KB a second.
const WHOLE: Duration = Duration::from_secs(90);

/// Talks to one office.
#[derive(Debug)]
pub struct HttpTransport {
    agent: ureq::Agent,
    base: String,
    /// Nobody ever sends: receiving is waiting.
    never: (Sender<()>, Receiver<()>),
}

impl HttpTransport {
    /// To the office at this address, like `https://office.example:8443`.
    pub fn new(base: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .http_status_as_error(false)
            .max_redirects(0)
            // What nobody reads is not sent: a few bytes each on a slow link, and the count stays ours.
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .build()
            .into();
        Self { agent, base: base.trim().trim_end_matches('/').to_owned(), never: channel() }
    }
}

impl Transport for HttpTransport {
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError> {
        let url = format!("{}{path}", self.base);
        let mut request = self.agent.post(&url).header("content-type", "application/octet-stream");
        if let Some(auth) = auth {
            request = request.header(HEADER, auth);
        }
        let head_bytes_up = head_up(&self.base, path, auth, body.len());
        let mut response = request.send(body).map_err(failed)?;
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let signature = header(REPLY_HEADER);
        let retry_after_s = header("retry-after").and_then(|s| s.trim().parse().ok());
        let status = response.status().as_u16();
        // Status line, header lines, empty line.
        let head_bytes_down = "HTTP/1.1 200 ".len()
            + response.status().canonical_reason().map_or(0, str::len)
            + 4
            + response.headers().iter().map(|(n, v)| n.as_str().len() + v.len() + 4).sum::<usize>();
        let limit = u64::try_from(REPLY_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
        let mut body = Vec::new();
        response
            .body_mut()
            .as_reader()
            .take(limit)
            .read_to_end(&mut body)
            .map_err(|e| TransportError::BrokenOff { source: Some(Box::new(e)) })?;
        if body.len() > REPLY_BYTES_MAX {
            return Err(TransportError::TooLarge);
        }
        let head_bytes_down = u64::try_from(head_bytes_down).unwrap_or(0);
        Ok(Reply { status, signature, retry_after_s, body, head_bytes_up, head_bytes_down })
    }

    fn pause(&mut self, wait_ms: u64) -> bool {
        matches!(self.never.1.recv_timeout(Duration::from_millis(wait_ms)), Err(RecvTimeoutError::Timeout))
    }
}

/// The request's head as it is written: request line, host, length, our headers, an empty line.
fn head_up(base: &str, path: &str, auth: Option<&str>, body: usize) -> u64 {
    let host = base.split_once("://").map_or(base, |(_, rest)| rest);
    let lines = [
        "POST  HTTP/1.1".len() + path.len(),
        "host: ".len() + host.len(),
        "content-length: ".len() + body.to_string().len(),
        "content-type: application/octet-stream".len(),
    ];
    let signed = auth.map_or(0, |a| HEADER.len() + 2 + a.len() + 2);
    u64::try_from(lines.iter().map(|l| l + 2).sum::<usize>() + signed + 2).unwrap_or(0)
}

fn failed(e: ureq::Error) -> TransportError {
    match e {
        ureq::Error::Io(ref io)
            if matches!(
                io.kind(),
                std::io::ErrorKind::UnexpectedEof
                    | std::io::ErrorKind::ConnectionReset
                    | std::io::ErrorKind::BrokenPipe
                    | std::io::ErrorKind::TimedOut
            ) =>
        {
            TransportError::BrokenOff { source: Some(Box::new(e)) }
        }
        ureq::Error::Timeout(_) => TransportError::BrokenOff { source: Some(Box::new(e)) },
        e => TransportError::Unreachable { source: Some(Box::new(e)) },
    }
}
