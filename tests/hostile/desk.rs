//! The clerks' side: without a session nothing, with one whatever a page might send.

use crate::judge;
use crate::liar::Liar;
use crate::line::request;
use qiaomen_proto::error::Code;

/// Numbers and words where an id is expected.
const IDS: [&str; 14] = [
    "1000000000000",
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1e9",
    "1.5",
    "%00",
    "1'%20OR%20'1'='1",
    "1;DROP%20TABLE%20device;--",
    "..%2f..%2fetc%2fpasswd",
    "%E4%BD%A0%E5%A5%BD",
    "00000000-0000-0000-0000-000000000000",
];
const BODIES: [&str; 12] = [
    "",
    "null",
    "[]",
    "{",
    "{\"reason\":\"trial\",\"reason\":\"trial\"}",
    "{\"take\":\"A\",\"seen\":\"0\"}",
    "{\"take\":\"A\",\"both\":true,\"seen\":\"0\"}",
    "{\"value\":\"'; DROP TABLE conflict; --\",\"seen\":\"0\"}",
    "{\"seen\":1e999}",
    "{\"seen\":\"\\ud800\"}",
    "{\"login\":\"' OR 1=1; --\",\"password\":7}",
    "{\"unknown\":{\"unknown\":{}}}",
];
const QUERIES: [&str; 8] =
    ["", "?state=open", "?state=held", "?state=' OR 1=1", "?state=%00", "?state=a&state=b", "?%ff=%fe", "?state[]=x"];

impl Liar<'_> {
    /// Any page of the desk, with or without a session.
    pub(crate) fn comes_to_the_desk(&mut self) -> Result<(), String> {
        let id = *self.dice.pick(&IDS);
        // Spaces end a path: on the wire they are written otherwise.
        let query = self.dice.pick(&QUERIES).replace(' ', "%20");
        let (method, path) = match self.dice.below(11) {
            0 => ("GET", "/v1/office/status".to_owned()),
            1 => ("GET", format!("/v1/office/conflicts{query}")),
            2 => ("GET", format!("/v1/office/conflicts/{id}")),
            3 => ("POST", format!("/v1/office/conflicts/{id}/decide")),
            4 => ("POST", format!("/v1/office/conflicts/{id}/undo")),
            // The list of what is held is long by now, and looked at in the end.
            5 => ("GET", "/v1/office/quarantine?state=released".to_owned()),
            6 => ("POST", format!("/v1/office/quarantine/{id}/release")),
            7 => ("POST", format!("/v1/office/quarantine/{id}/discard")),
            8 => ("GET", "/v1/office/devices".to_owned()),
            9 => ("GET", format!("/v1/office/doors/{id}")),
            _ => ("POST", "/v1/office/logout".to_owned()),
        };
        let body = match self.dice.below(6) {
            0 => "[".repeat(1 + self.dice.below(60_000)),
            1 => "{\"a\":".repeat(1 + self.dice.below(9000)),
            2 => format!("\"{}\"", "长".repeat(self.dice.below(30_000))),
            _ => (*self.dice.pick(&BODIES)).to_owned(),
        };
        let inside = self.dice.once_in(2) && !path.ends_with("logout");
        let token = match self.dice.below(6) {
            _ if inside => format!("Bearer {}", self.scene.token),
            0 => String::new(),
            1 => "Bearer".to_owned(),
            2 => format!("Bearer {}", "A".repeat(43)),
            3 => format!("Basic {}", self.scene.token),
            4 => format!("Bearer {}x", self.scene.token),
            _ => format!("Bearer {}", "'\"%".repeat(self.dice.below(900))),
        };
        let body = if method == "GET" { String::new() } else { body };
        let answer = self.say(&request(method, &path, &[("Authorization", &token)], body.as_bytes()))?;
        judge::in_json(&answer).map_err(|e| format!("{method} {path}: {e}"))?;
        if !inside && (answer.status != 401 || judge::refusal(&answer)? != Code::SignIn) {
            return Err(format!("{method} {path} without a session: {}", answer.status));
        }
        if inside && method == "POST" && answer.status == 200 {
            return Err(format!("{path} did something for {body}"));
        }
        Ok(())
    }

    /// Signs in as somebody who is not there.
    pub(crate) fn signs_in_as_nobody(&mut self) -> Result<(), String> {
        let logins = ["", "nobody", "' OR '1'='1", "admin\u{0}", "赵敏"];
        let login = if self.dice.once_in(5) { "长".repeat(900) } else { (*self.dice.pick(&logins)).to_owned() };
        let password = "密码".repeat(self.dice.below(100));
        let body = serde_json::json!({ "login": login, "password": password }).to_string();
        let answer = self.post("/v1/office/login", &[], body.as_bytes())?;
        match judge::refusal(&answer)? {
            Code::SignIn | Code::TooMany | Code::TooLarge | Code::Busy => Ok(()),
            code => Err(format!("“{login}” is {code:?}")),
        }
    }
}
