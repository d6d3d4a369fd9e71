//! The field app's screens: what a grid worker holds in one hand, as one pure function.
//!
//! [`handle`] takes a request and answers with a page. It opens no socket and no file, starts no thread, reads no
//! clock and draws no randomness: what it needs of those comes through the [`Device`] or is told by its host. So the
//! host is a choice: a loopback server today, a browser's worker another day. Nothing here decides what an edit
//! means; that is the device's.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

/// What is asked.
pub mod request;
/// A form that is sent in parts, with files.
mod multipart;
/// What is answered, and what the host is asked to do.
pub mod response;
/// How somebody wants to see it: language, size of text.
pub mod settings;
/// What lives from one request to the next.
pub mod state;
/// A form that is sent twice is done once.
pub mod once;
/// Everything that people read, by language.
pub mod texts;
/// Values as they stand in the book, which is Chinese in every language of the app.
mod book;
/// Style, script, pictures: in the program itself.
pub mod assets;
/// Which path is which page.
mod routes;
/// One request while it is answered.
mod screen;
/// Why something is not shown, or not done.
mod refusal;
/// A form that was not done comes back as it was sent.
mod again;
/// Where it stands meanwhile, so that going back and loading again are safe.
mod draft;
/// What a person has to touch before it is shown.
mod mask;
/// The frame around every page.
mod frame;
/// Pieces that several pages share.
mod parts;
/// The pages.
mod pages;

pub use pages::gate;
pub use request::{Method, Request};
pub use response::{Response, Wish};
pub use settings::Settings;
pub use state::{State, SyncNow};

use qiaomen_client::Device;
use screen::Screen;

/// Answers one request.
pub fn handle(device: &mut Device, state: &mut State, request: &Request) -> Response {
    if let Some(again) = draft::page(device, state, request) {
        return again;
    }
    let mut screen = Screen { device, state, request, looked: false, refused: None };
    match (routes::answer(&mut screen), request.method) {
        (Ok(response), _) => response,
        (Err(refusal), Method::Get) => refusal.page(&mut screen),
        (Err(refusal), Method::Post) => draft::put_aside(screen.state, request, refusal),
    }
}
