//! A device that is open and nobody's yet: its code did not go through. The host carries the code to the office.

use super::gate::{BEGIN_PATH, Given, code_fields};
use super::scan;
use crate::frame::bare;
use crate::parts::symbol;
use crate::response::Response;
use crate::screen::Screen;
use crate::state::SyncNow;
use maud::{Markup, html};

/// Asks for the code again; says so while one is on its way.
pub(crate) fn page(screen: &Screen<'_>, given: &Given, problem: Option<&str>) -> Markup {
    let t = screen.texts();
    if matches!(screen.state.sync, SyncNow::Running(_)) {
        let body = html! {
            div.gate-head { span.gate-picture { (symbol("door")) } h1 { (t.say("app-name")) } }
            p.notice role="status" { (symbol("clock")) span { (t.say("gate-enrolling")) } }
            p { a.button.wide href="/" { (t.say("gate-look-again")) } }
        };
        return bare(t, screen.request.settings, &t.say("gate-enrol"), &body);
    }
    let body = html! {
        div.gate-head { span.gate-picture { (symbol("door")) } h1 { (t.say("app-name")) } p.soft { (t.say("gate-code-again")) } }
        @if let Some(problem) = problem { div.refusal role="alert" { p { (problem) } } }
        @else if let (SyncNow::Failed { sentence, .. }, true) = (&screen.state.sync, given.link.is_empty()) {
            div.refusal role="alert" { p { (t.said(sentence)) } }
        }
        @if given.link.is_empty() { (scan::form(t)) }
        form.card method="post" action=(BEGIN_PATH) {
            (code_fields(t, given, !given.link.is_empty()))
            button.wide type="submit" { (t.say("gate-enrol")) }
        }
    };
    bare(t, screen.request.settings, &t.say("gate-enrol"), &body)
}

/// A picture of the code was sent: what it says stands in the form.
pub(crate) fn scanned(screen: &Screen<'_>) -> Response {
    match scan::read(screen.request) {
        Ok(link) => Response::page(200, page(screen, &Given::whole(&link), None)),
        Err(problem) => Response::page(422, page(screen, &Given::default(), Some(&problem))),
    }
}
