//! The office console: what the community looks at all day, and above all in the evening.
//!
//! Pages are rendered here from what the office's core says; nothing is decided here. Each page is one file in
//! `pages`, each piece that several pages share one function in `parts`. Who may open or do what stands in one
//! table, [`rights::PLACES`], and every request passes through it.

/// Style, script, icon: in the program itself, under names that change with their content.
mod assets;
/// A table as a file.
mod csv;
/// What every handler has at hand.
mod desk;
/// What a form sends: bounded, and with the token of its session.
mod fields;
/// What a form with a file sends.
mod upload;
/// The frame around every page.
mod frame;
/// The page that moves by itself.
mod live;
/// The pages.
mod pages;
/// Pieces that several pages share.
mod parts;
/// When something came to the office.
mod came;
/// Plots as SVG.
mod plot;
/// A text as a picture for a camera.
mod qr;
/// What is said when something is not there, or not for this person.
mod refusal;
/// Who may open or do what.
pub mod rights;
/// Who is asking.
mod session;
/// What is kept for somebody between two requests.
mod tray;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS};
use axum::response::Response;
use desk::Desk;
use qiaomen_server::http::{Edge, Pages};

/// Where the one-time page for the first person stands; the code follows.
pub use pages::first::{FIRST_PATH, first_code};

/// No script and no style but the console's own; nothing from elsewhere; in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The pages, to be served beside the interface for programs.
pub fn pages(edge: Edge) -> Pages {
    let desk = Desk::new(edge);
    let router = pages::routes()
        .route_layer(axum::middleware::from_fn_with_state(desk.clone(), rights::guard))
        .merge(assets::routes())
        .layer(axum::middleware::map_response(strict))
        .with_state(desk);
    Pages { router, not_found: refusal::not_found }
}

async fn strict(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
