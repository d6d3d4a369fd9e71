//! A clerk who asks the office's interface for programs.

use super::office::Office;
use super::program::{DEADLINE, ours, run};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

const PASSWORD: &str = "chang-mi-ma-2026";

/// A clerk who is signed in.
#[derive(Debug)]
pub(crate) struct Clerk {
    at: String,
    token: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Heard {
    /// As JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

impl Clerk {
    /// A new clerk of this office.
    #[track_caller]
    pub(crate) fn of(office: &Office) -> Self {
        let (file, data) = (office.beside("password"), office.data());
        std::fs::write(&file, PASSWORD).expect("a file for the password");
        let (file, data) = (file.to_string_lossy().into_owned(), data.to_string_lossy().into_owned());
        let words = ["clerk", "add", "liujie", "--data", &data, "--post", "clerk", "--password-file", &file];
        let told = run(&ours("qiaomen"), words);
        assert_eq!(told.exit, 0, "{told}");
        let mut clerk = Self { at: office.wire.url().replace("http://", ""), token: String::new() };
        let login = serde_json::json!({ "login": "liujie", "password": PASSWORD }).to_string();
        let told = clerk.says("POST", "/v1/office/login", login.as_bytes()).json();
        clerk.token = told["token"].as_str().expect("a token").to_owned();
        clerk
    }
    /// Asks for something.
    pub(crate) fn asks(&self, path: &str) -> Heard {
        self.says("GET", path, &[])
    }
    fn says(&self, method: &str, path: &str, body: &[u8]) -> Heard {
        let mut stream = TcpStream::connect(&self.at).expect("a connection");
        stream.set_read_timeout(Some(DEADLINE)).expect("a deadline");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: office\r\nconnection: close\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
            self.token,
            body.len()
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("a head") + 4;
        let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        Heard { status, head, body: answer.split_off(end) }
    }
}
