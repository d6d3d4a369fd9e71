//! What is HTTP and still nothing that anybody may ask: methods, routes, heads. And what is not even
//! HTTP: the office may say so without words, and has to live.

use crate::judge;
use crate::liar::Liar;
use crate::line::{in_pieces, request};

/// Everything that is served, and what is near it.
const PATHS: [&str; 22] = [
    "/v1/sync",
    "/v1/enrol",
    "/v1/health",
    "/v1/office/login",
    "/v1/office/logout",
    "/v1/office/status",
    "/v1/office/conflicts",
    "/v1/office/conflicts/1/decide",
    "/v1/office/quarantine",
    "/v1/office/devices",
    "/v1/office/doors/1-1-101",
    "/",
    "/v1",
    "/v1/",
    "/v1/sync/",
    "//v1/sync",
    "/v1/office",
    "/v2/sync",
    "/v1/office/../../etc/passwd",
    "/v1/%73ync",
    "/v1/sync?x=%00",
    "/favicon.ico",
];
const METHODS: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "敲门"];

impl Liar<'_> {
    /// A method or a route that is not served.
    pub(crate) fn asks_what_nobody_may(&mut self) -> Result<(), String> {
        let (method, path) = (*self.dice.pick(&METHODS[..8]), *self.dice.pick(&PATHS));
        let body = if self.dice.once_in(3) { vec![b'x'; self.dice.below(200)] } else { Vec::new() };
        let whole = self.dice.once_in(4);
        let bytes = if whole { in_pieces(method, path, &[], &body) } else { request(method, path, &[], &body) };
        let answer = self.say(&bytes)?;
        if method == "HEAD" {
            return if answer.status < 500 { Ok(()) } else { Err(format!("HEAD {path}: {}", answer.status)) };
        }
        judge::in_json(&answer).map_err(|e| format!("{method} {path}: {e}"))
    }

    /// Bytes that are no request of HTTP: answered or not, but the office lives.
    pub(crate) fn speaks_no_http(&mut self) -> Result<(), String> {
        let heads: String = (0..self.dice.below(300)).map(|n| format!("x-{n}: y\r\n")).collect();
        let bytes = match self.dice.below(9) {
            0 => self.dice.bytes(200),
            1 => b"GET\r\n\r\n".to_vec(),
            2 => format!("{} /v1/health HTTP/1.1\r\n\r\n", METHODS[8]).into_bytes(),
            3 => b"GET /v1/health HTTP/9.9\r\n\r\n".to_vec(),
            4 => b"POST /v1/sync HTTP/1.1\r\nContent-Length: -1\r\n\r\n".to_vec(),
            5 => b"POST /v1/sync HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_vec(),
            6 => b"POST /v1/sync HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n".to_vec(),
            7 => format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(70_000)).into_bytes(),
            _ => format!("GET /v1/health HTTP/1.1\r\n{heads}\r\n").into_bytes(),
        };
        self.requests += 1;
        let mut line = crate::line::Line::new(self.scene.at);
        // It does not end with an empty line in every case: nobody has to answer, so nobody is waited for.
        match line.tell_and_leave(&bytes) {
            Some(status) if status >= 500 && status != 505 => Err(format!("{status} for what is no request")),
            _ => Ok(()),
        }
    }
}
