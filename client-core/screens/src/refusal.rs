//! Why something is not shown, or not done: what happened and the way out. A form that is not done comes back filled,
//! with the sentence above it; where its page cannot be made any more, a page keeps what was typed.

use crate::frame::{self, Room};
use crate::response::Response;
use crate::routes;
use crate::screen::{ONCE, Screen};
use maud::{Markup, html};
use qiaomen_client::error::LookError;
use qiaomen_client::{EditError, QueryError};
use qiaomen_proto::sentence::Sentence;

/// Why something is not shown, or not done.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    status: u16,
    why: Why,
}

#[derive(Debug, Clone)]
enum Why {
    /// The device says it.
    Said(Sentence),
    /// It stands in the texts of the app.
    Text(String),
    /// Nothing is wrong, but somebody has to say which it is.
    Question(String),
    /// No such page.
    NoPage,
    /// A form from before this start of the app.
    OldForm,
}

impl Refusal {
    /// No such page.
    pub(crate) fn no_page() -> Self {
        Self { status: 404, why: Why::NoPage }
    }
    /// What is asked for is not there, and the sentence says why.
    pub(crate) fn not_there(sentence: String) -> Self {
        Self { status: 404, why: Why::Text(sentence) }
    }
    /// A form whose number is not known.
    pub(crate) fn old_form() -> Self {
        Self { status: 409, why: Why::OldForm }
    }
    /// The device will not have what was given to it.
    pub(crate) fn said(sentence: Sentence) -> Self {
        Self { status: 422, why: Why::Said(sentence) }
    }
    /// Something was not filled in, or cannot be.
    pub(crate) fn missing(sentence: String) -> Self {
        Self { status: 422, why: Why::Text(sentence) }
    }
    /// It can be done, and may not be what was meant: a question comes first.
    pub(crate) fn question(sentence: String) -> Self {
        Self { status: 422, why: Why::Question(sentence) }
    }
    /// The page that says it.
    pub(crate) fn page(&self, screen: &mut Screen<'_>) -> Response {
        let t = screen.texts();
        let sentence = match &self.why {
            Why::Said(sentence) => t.said(sentence),
            Why::Text(sentence) | Why::Question(sentence) => sentence.clone(),
            Why::NoPage => t.say("refused-no-page"),
            Why::OldForm => t.say("refused-old-form"),
        };
        let is_question = matches!(self.why, Why::Question(_));
        if let Some(page) = form_again(screen, &sentence, is_question) {
            return Response::page(self.status, page);
        }
        let typed: Vec<String> = screen
            .request
            .form()
            .all()
            .filter(|(name, value)| *name != ONCE && value.trim().chars().count() > 1)
            .map(|(_, value)| value.to_owned())
            .collect();
        let back = screen.request.path.rsplit_once('/').map_or("/", |(before, _)| before);
        let back = if self.status == 404 || back.is_empty() { "/" } else { back };
        let body = html! {
            div.refusal role="alert" { p { (sentence) } }
            @if !typed.is_empty() {
                section.card {
                    h2 { (t.say("refused-typed")) }
                    @for value in &typed { p.typed { (value) } }
                    p.soft { (t.say("refused-typed-how")) }
                }
            }
            @if back == "/" {
                p { a.button href="/" { (t.say("refused-home")) } }
            } @else {
                div.actions {
                    a.button href=(back) { (t.say("refused-back")) }
                    a.button.second href="/" { (t.say("refused-home")) }
                }
            }
        };
        let page = frame::page(screen, Room::Nowhere, &t.say("refused-title"), Some(back), &body);
        Response::page(self.status, page)
    }
}

/// The page on which the form stands, with what was sent; none if it is not there any more.
fn form_again(screen: &mut Screen<'_>, sentence: &str, is_question: bool) -> Option<Markup> {
    let refused = screen.refused.as_mut()?;
    (refused.sentence, refused.is_question) = (sentence.to_owned(), is_question);
    let page = routes::page_of_form(screen).ok();
    let shown = screen.refused.take().is_some_and(|refused| refused.shown);
    page.filter(|_| shown)
}

impl From<EditError> for Refusal {
    fn from(e: EditError) -> Self {
        let status = if e.is_permanent() { 422 } else { 500 };
        Self { status, why: Why::Said(e.sentence()) }
    }
}

impl From<LookError> for Refusal {
    fn from(e: LookError) -> Self {
        Self { status: 500, why: Why::Said(e.sentence()) }
    }
}

impl From<QueryError> for Refusal {
    fn from(e: QueryError) -> Self {
        let status = if matches!(e, QueryError::Unknown(_)) { 404 } else { 500 };
        Self { status, why: Why::Said(e.sentence()) }
    }
}
