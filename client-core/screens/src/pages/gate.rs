//! Before the device is open: a new one, the PIN. The host opens it; these are the pages that it shows meanwhile.

use super::scan;
use crate::frame::bare;
use crate::parts::symbol;
use crate::request::Request;
use crate::response::Response;
use crate::settings::Settings;
use crate::texts::Texts;
use maud::{Markup, html};

/// Where the PIN is sent to.
pub const UNLOCK_PATH: &str = "/unlock";
/// Where a new device's code and PIN are sent to.
pub const BEGIN_PATH: &str = "/begin";

/// Where a picture of the office's code is sent to.
pub const SCAN_PATH: &str = "/scan";

/// What the host has found wrong before there is a device to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// What was pasted is no code of an office.
    BadLink,
    /// In a picture there is no code that can be read.
    NoCode,
    /// In a picture there is a code, and it is no office's.
    OtherCode,
    /// The PIN was typed in two ways.
    PinsDiffer,
    /// The office took the phone's access back.
    Wiped,
}

impl Problem {
    /// What a person reads.
    pub fn sentence(self, settings: Settings) -> String {
        let t = Texts::of(settings.language);
        match self {
            Problem::BadLink => t.say("gate-bad-link"),
            Problem::NoCode => t.say("gate-no-code"),
            Problem::OtherCode => t.say("gate-other-code"),
            Problem::PinsDiffer => t.say("gate-pins-differ"),
            Problem::Wiped => t.say("gate-wiped"),
        }
    }
}

fn problem_box(problem: Option<&str>) -> Markup {
    html! { @if let Some(problem) = problem { div.refusal role="alert" { p { (problem) } } } }
}

fn head(t: Texts, sentence: &str) -> Markup {
    html! {
        div.gate-head {
            span.gate-picture { (symbol("door")) }
            h1 { (t.say("app-name")) }
            p.soft { (sentence) }
        }
    }
}

/// The fields that ask for the office's code. `read` if it was read from a picture a moment ago.
pub(crate) fn code_fields(t: Texts, link: &str, read: bool) -> Markup {
    html! {
        @if read { p.notice role="status" { (symbol("tick")) span { (t.say("gate-link-there")) } } }
        label.big { (t.say("gate-link")) textarea name="link" rows="3" autocomplete="off" autocapitalize="off" spellcheck="false" { (link) } }
        p.soft { (t.say("gate-link-how")) }
        details {
            summary { (t.say("gate-by-hand")) }
            label { (t.say("gate-server")) input type="url" name="server" placeholder="http://192.168.1.10:8420" autocomplete="off"; }
            label { (t.say("gate-code")) input type="text" name="code" placeholder="7F3K-9QXM" autocomplete="off"; }
        }
    }
}

/// A device that is none yet: the office's code, and a PIN.
pub fn begin(settings: Settings, problem: Option<&str>, link: &str) -> Response {
    first(settings, problem, link, false)
}

fn first(settings: Settings, problem: Option<&str>, link: &str, read: bool) -> Response {
    let t = Texts::of(settings.language);
    let body = html! {
        (head(t, &t.say("gate-welcome")))
        (problem_box(problem))
        @if !read { (scan::form(t)) }
        form.card method="post" action=(BEGIN_PATH) {
            (code_fields(t, link, read))
            label.big { (t.say("gate-new-pin")) input type="password" name="pin" inputmode="numeric" autocomplete="new-password" required; }
            label.big { (t.say("gate-pin-again")) input type="password" name="again" inputmode="numeric" autocomplete="new-password" required; }
            p.soft { (t.say("gate-pin-how")) }
            button.wide type="submit" { (t.say("gate-begin")) }
        }
    };
    Response::page(if problem.is_some() { 422 } else { 200 }, bare(t, settings, &t.say("gate-begin"), &body))
}

/// A picture of the office's code was sent before there is a device: what it says stands in the form.
pub fn scanned(request: &Request) -> Response {
    match scan::read(request) {
        Ok(link) => first(request.settings, None, &link, true),
        Err(problem) => first(request.settings, Some(&problem), "", false),
    }
}

/// The device is closed: the PIN.
pub fn unlock(settings: Settings, problem: Option<&str>, waiting: bool) -> Response {
    let t = Texts::of(settings.language);
    let body = html! {
        (head(t, &t.say("gate-locked")))
        (problem_box(problem))
        @if waiting { p.notice { (symbol("clock")) span { (t.say("gate-waiting")) } } }
        form.card method="post" action=(UNLOCK_PATH) {
            label.big { (t.say("gate-pin")) input.pin type="password" name="pin" inputmode="numeric" autocomplete="current-password" required autofocus; }
            button.wide type="submit" { (t.say("gate-unlock")) }
        }
        p.soft.center { (t.say("gate-forgotten")) }
    };
    Response::page(if problem.is_some() { 401 } else { 200 }, bare(t, settings, &t.say("gate-unlock"), &body))
}

/// Nobody has come through the address that was printed, or somebody else's page is asking.
pub fn stranger(settings: Settings) -> Response {
    let t = Texts::of(settings.language);
    let body =
        html! { (head(t, &t.say("gate-stranger-title"))) div.refusal role="alert" { p { (t.say("gate-stranger")) } } };
    Response::page(403, bare(t, settings, &t.say("gate-stranger-title"), &body))
}
