//! A server beside the test and a client of nothing but a socket, so that a test says exactly what
//! goes over the wire.
#![allow(dead_code, clippy::unwrap_used, reason = "used by several tests, in part")]

use qiaomen_server::http::{Bounds, Serving, serve_on_within};
use qiaomen_server::office::Office;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A server that stops when this is dropped.
pub(crate) struct Served {
    pub(crate) runtime: tokio::runtime::Runtime,
    pub(crate) serving: Option<Serving>,
    pub(crate) addr: SocketAddr,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|l| l.split_once(": "));
        lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v).next()
    }
    /// Code and status of a problem, after looking that it is one.
    pub(crate) fn problem(&self) -> (u16, String) {
        let json = self.json();
        assert!(json["number"].is_u64() && json["retry"].is_boolean(), "{json}");
        assert!(json["sentence"].as_str().is_some_and(|s| s.ends_with('。')), "{json}");
        (self.status, json["code"].as_str().unwrap().to_owned())
    }
}

impl Served {
    pub(crate) fn new(office: &Office, bounds: Bounds) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (addr, serving) = runtime.block_on(serve_on_within(office.clone(), "127.0.0.1:0", bounds)).unwrap();
        Self { runtime, serving: Some(serving), addr }
    }
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }
    /// One request on a connection of its own.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A body that is too long is refused before its end, and then nobody reads the rest: what counts is the answer.
        let _ = stream.write_all(&request(method, path, headers, body));
        answer(&mut stream)
    }
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Answer {
        self.ask("POST", path, &[], body)
    }
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text =
        format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}

pub(crate) fn answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A server that refuses a body may close before it has read it all; what it said counts.
    let _ = stream.read_to_end(&mut bytes);
    let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: bytes[at + 4..].to_vec() }
}
