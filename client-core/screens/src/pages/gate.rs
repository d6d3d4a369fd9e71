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

/// How an office's address looks.
const SERVER_EXAMPLE: &str = "http://192.168.1.10:8420";

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

/// What of the office's code was given already.
#[derive(Clone, Default)]
pub struct Given {
    /// What was scanned or pasted whole.
    pub link: String,
    /// The office's address.
    pub server: String,
    /// The code alone.
    pub code: String,
}

// A code lets a device in: it is not printed by accident.
impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Given").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Given {
    /// The whole, as one text.
    pub(crate) fn whole(link: &str) -> Self {
        Self { link: link.to_owned(), ..Self::default() }
    }
}

/// The fields that ask for the office's code. `read` if it was read from a picture a moment ago.
pub(crate) fn code_fields(t: Texts, given: &Given, read: bool) -> Markup {
    let by_hand = !given.server.is_empty() || !given.code.is_empty();
    // Of a code whose address is missing, only that is asked.
    let only_address = !given.code.is_empty() && given.server.is_empty();
    html! {
        @if only_address {
            p.notice role="status" { (symbol("tick")) span { (t.say("gate-code-there")) } }
            label.big { (t.say("gate-server")) input type="text" inputmode="url" name="server" placeholder=(SERVER_EXAMPLE) autocomplete="off" autocapitalize="off" spellcheck="false" autofocus; }
            p.soft { (t.say("gate-server-how")) }
            label { (t.say("gate-code")) input type="text" name="code" value=(given.code) autocomplete="off" autocapitalize="off" spellcheck="false"; }
        } @else {
            @if read { p.notice role="status" { (symbol("tick")) span { (t.say("gate-link-there")) } } }
            label.big { (t.say("gate-link")) textarea name="link" rows="3" autocomplete="off" autocapitalize="off" spellcheck="false" { (given.link) } }
            p.soft { (t.say("gate-link-how")) }
            details open[by_hand] {
                summary { (t.say("gate-by-hand")) }
                label { (t.say("gate-server")) input type="text" inputmode="url" name="server" value=(given.server) placeholder=(SERVER_EXAMPLE) autocomplete="off" autocapitalize="off" spellcheck="false"; }
                label { (t.say("gate-code")) input type="text" name="code" value=(given.code) placeholder="7F3K-9QXM" autocomplete="off" autocapitalize="off" spellcheck="false"; }
            }
        }
    }
}

/// A device that is none yet: the office's code, and a PIN.
pub fn begin(settings: Settings, problem: Option<&str>, given: &Given) -> Response {
    first(settings, problem, given, false)
}

fn first(settings: Settings, problem: Option<&str>, given: &Given, read: bool) -> Response {
    let t = Texts::of(settings.language);
    let body = html! {
        (head(t, &t.say("gate-welcome")))
        (problem_box(problem))
        @if !read { (scan::form(t)) }
        form.card method="post" action=(BEGIN_PATH) {
            (code_fields(t, given, read))
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
        Ok(link) => first(request.settings, None, &Given::whole(&link), true),
        Err(problem) => first(request.settings, Some(&problem), &Given::default(), false),
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
