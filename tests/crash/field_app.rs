//! The field app as a process and a hand that touches its pages over HTTP, without a browser: what is killed here is
//! killed between two bytes.

use crate::harness::Phone;
use crate::harness::clerk::Heard;
use crate::harness::phone::PIN;
use crate::harness::program::{DEADLINE, command, ours, typed};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;
use std::time::Duration;

/// The app on a phone's folder, running.
pub(crate) struct FieldApp {
    serving: Child,
    at: String,
    cookie: String,
}

/// Whether a form was done: one that was not leads to the address at which it stands to be sent again.
fn was_done(head: &str) -> bool {
    head.starts_with("HTTP/1.1 303") && !head.contains("?again=")
}

/// A form of a page: where it goes to, and the number that makes it good once.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    action: String,
    once: String,
}

impl Form {
    /// The form of a page that goes to this address.
    #[track_caller]
    pub(crate) fn in_page(page: &str, action: &str) -> Self {
        let from =
            page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form to {action} in {page}"));
        let once = page[from..].split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        Self { action: action.to_owned(), once: once.expect("a number of its own").to_owned() }
    }
}

impl FieldApp {
    /// Starts the app; it is locked, or asks for a code.
    pub(crate) fn on(phone: &Phone) -> Self {
        let home = phone.home();
        let mut command = command(
            &ours("qiaomen-field"),
            [OsStr::new("--home"), home.as_os_str(), OsStr::new("--json"), OsStr::new("app")],
        );
        let typed = typed(&command);
        let mut serving = command.spawn().unwrap_or_else(|e| panic!("{typed}: {e}"));
        let mut line = String::new();
        BufReader::new(serving.stdout.take().expect("output is caught")).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{typed}: {e}: {line}"));
        let url = told["url"].as_str().expect("an address").strip_prefix("http://").expect("an address").to_owned();
        let (at, entrance) = url.split_once('/').expect("a path");
        let mut app = Self { serving, at: at.to_owned(), cookie: String::new() };
        let head = app.looks(&format!("/{entrance}")).head;
        let cookie = head.split("set-cookie: ").nth(1).and_then(|c| c.split(';').next());
        app.cookie = cookie.expect("a cookie").to_owned();
        app
    }
    /// Starts the app and gives the PIN.
    pub(crate) fn open_on(phone: &Phone) -> Self {
        let app = Self::on(phone);
        assert_eq!(app.sends("/unlock", &format!("pin={PIN}")).status, 303);
        app
    }
    /// Ends as when a battery is taken out.
    pub(crate) fn gets_killed(mut self) {
        self.kills();
    }
    fn kills(&mut self) {
        self.serving.kill().and_then(|()| self.serving.wait()).expect("a program that can be killed");
    }

    fn begins_to_say(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.at).expect("a connection");
        stream.set_read_timeout(Some(DEADLINE)).expect("a deadline");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {at}\r\norigin: http://{at}\r\nconnection: close\r\ncookie: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.cookie,
            body.len(),
            at = self.at,
        );
        stream.write_all(request.as_bytes()).expect("a request");
        stream
    }
    fn says(&self, method: &str, path: &str, body: &str) -> Heard {
        let mut answer = Vec::new();
        self.begins_to_say(method, path, body).read_to_end(&mut answer).expect("an answer");
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("a head") + 4;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        Heard { status, head, body: answer.split_off(end) }
    }
    /// What a page answers.
    pub(crate) fn looks(&self, path: &str) -> Heard {
        self.says("GET", path, "")
    }
    /// A page that is there.
    #[track_caller]
    pub(crate) fn page(&self, path: &str) -> String {
        let heard = self.looks(path);
        assert_eq!(heard.status, 200, "{path}: {}", heard.head);
        String::from_utf8(heard.body).expect("text")
    }
    /// Sends a form that has no number.
    pub(crate) fn sends(&self, path: &str, body: &str) -> Heard {
        self.says("POST", path, body)
    }
    /// Sends a form of a page; whether it was done, and where the answer leads.
    #[track_caller]
    pub(crate) fn fills(&self, form: &Form, fields: &str) -> (bool, String) {
        let head = self.sends(&form.action, &format!("once={}&{fields}", form.once)).head;
        let to = head.split("location: ").nth(1).and_then(|to| to.split('\r').next());
        let to = to.unwrap_or_else(|| panic!("it leads nowhere: {head}")).to_owned();
        (was_done(&head), to)
    }
    /// Sends a form that has no number and is killed after a moment, if it has not answered by then; whether it had.
    pub(crate) fn sends_and_dies(mut self, path: &str, body: &str, after: Duration) -> bool {
        let mut stream = self.begins_to_say("POST", path, body);
        stream.set_read_timeout(Some(after.max(Duration::from_micros(1)))).expect("a deadline");
        let mut head = Vec::new();
        let mut bytes = [0; 512];
        let whole = |head: &[u8]| head.windows(4).any(|end| end == b"\r\n\r\n");
        while !whole(&head) {
            match stream.read(&mut bytes) {
                Ok(n) if n > 0 => head.extend_from_slice(&bytes[..n]),
                // What has not come whole by then has confirmed nothing.
                _ => break,
            }
        }
        self.kills();
        whole(&head) && was_done(&String::from_utf8_lossy(&head))
    }
    /// The same with a form of a page.
    pub(crate) fn fills_and_dies(self, form: &Form, fields: &str, after: Duration) -> bool {
        let body = format!("once={}&{fields}", form.once);
        self.sends_and_dies(&form.action, &body, after)
    }
}

impl Drop for FieldApp {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.serving.kill();
        let _ = self.serving.wait();
    }
}
