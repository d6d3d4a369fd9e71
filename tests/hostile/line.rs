//! A client of nothing but a socket, which keeps its connection: it says whatever it is told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than this no answer takes, even beside many others on a slow machine.
pub(crate) const ANSWER_TIME_MAX: Duration = Duration::from_secs(60);

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or(serde_json::Value::Null)
    }
}

/// A connection, opened when it is needed.
#[derive(Debug)]
pub(crate) struct Line {
    at: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    pub(crate) fn new(at: SocketAddr) -> Self {
        Self { at, stream: None }
    }

    /// Says a whole request and reads the answer. A kept connection that the office has closed in the
    /// meantime is opened anew, once; a new one has to answer.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Answer, String> {
        let kept = self.stream.is_some();
        match self.once(request) {
            Err(Broken { before_a_byte: true, .. }) if kept => self.once(request),
            other => other,
        }
        .map_err(|broken| broken.what)
    }

    /// Says something that ends where nothing more comes, and what the office made of it, if anything.
    pub(crate) fn tell_and_leave(&mut self, bytes: &[u8]) -> Option<u16> {
        let mut stream = connect(self.at).ok()?;
        stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write)).ok()?;
        read(&mut BufReader::new(stream), false).ok().map(|answer| answer.status)
    }

    fn once(&mut self, request: &[u8]) -> Result<Answer, Broken> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => BufReader::new(connect(self.at).map_err(|e| Broken::at("connecting", &e))?),
        };
        // An office that refuses early may close while the rest is still on its way: what it said counts.
        let written = stream.get_mut().write_all(request);
        let head_only = request.starts_with(b"HEAD ");
        let answer = match (read(&mut stream, head_only), written) {
            (Ok(answer), _) => answer,
            (Err(broken), Ok(())) => return Err(broken),
            (Err(broken), Err(e)) => {
                return Err(Broken { what: format!("{} (and writing: {e})", broken.what), ..broken });
            }
        };
        let closes = answer.header("connection").is_some_and(|c| c.eq_ignore_ascii_case("close"));
        self.stream = Some(stream).filter(|_| !closes);
        Ok(answer)
    }
}

pub(crate) fn connect(at: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(at)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ANSWER_TIME_MAX))?;
    stream.set_write_timeout(Some(ANSWER_TIME_MAX))?;
    Ok(stream)
}

struct Broken {
    what: String,
    before_a_byte: bool,
}
impl Broken {
    fn at(step: &str, error: &dyn std::fmt::Display) -> Self {
        Self { what: format!("{step}: {error}"), before_a_byte: true }
    }
}

fn read(stream: &mut BufReader<TcpStream>, head_only: bool) -> Result<Answer, Broken> {
    let mut line = Vec::new();
    let count = stream.read_until(b'\n', &mut line).map_err(|e| Broken::at("no answer", &e))?;
    if count == 0 {
        return Err(Broken::at("no answer", &"the connection was closed"));
    }
    let cut = |step: &str, e: &dyn std::fmt::Display| Broken { before_a_byte: false, ..Broken::at(step, e) };
    let status = String::from_utf8_lossy(&line).split(' ').nth(1).and_then(|s| s.parse().ok());
    let status = status.ok_or_else(|| cut("no status", &String::from_utf8_lossy(&line)))?;
    let mut headers = Vec::new();
    loop {
        let mut line = Vec::new();
        stream.read_until(b'\n', &mut line).map_err(|e| cut("in the head", &e))?;
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    let length = answer.header("content-length").and_then(|n| n.parse().ok());
    if !head_only {
        match length {
            Some(length) => {
                answer.body = vec![0; length];
                stream.read_exact(&mut answer.body).map_err(|e| cut("in the body", &e))?;
            }
            None => drop(stream.read_to_end(&mut answer.body).map_err(|e| cut("in the body", &e))?),
        }
    }
    Ok(answer)
}

/// A request as it goes over the wire.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = head(method, path, headers);
    bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// The same without saying how long the body is: in pieces.
pub(crate) fn in_pieces(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = head(method, path, headers);
    bytes.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
    for piece in body.chunks(16 * 1024) {
        bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        bytes.extend_from_slice(piece);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

fn head(method: &str, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: office\r\n").into_bytes();
    for (name, value) in headers {
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text
}
