use crate::desk::Desk;
use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use std::sync::OnceLock;

const STYLE: &str = include_str!("../assets/console.css");
const SCRIPT: &str = include_str!("../assets/console.js");
const ICON: &str = include_str!("../assets/icon.svg");
/// A name that changes with its content may be kept for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

fn named(stem: &str, content: &str, ending: &str) -> String {
    let hash = blake3::hash(content.as_bytes()).to_hex();
    format!("/assets/{stem}-{}.{ending}", &hash[..12])
}

/// Where the style is.
pub(crate) fn style() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| named("console", STYLE, "css"))
}
/// Where the script is.
pub(crate) fn script() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| named("console", SCRIPT, "js"))
}
/// Where the icon is.
pub(crate) fn icon() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| named("icon", ICON, "svg"))
}

pub(crate) fn routes() -> Router<Desk> {
    let file = |content: &'static str, kind: &'static str| {
        get(async move || ([(CONTENT_TYPE, kind), (CACHE_CONTROL, FOR_EVER)], content).into_response())
    };
    Router::new()
        .route(style(), file(STYLE, "text/css; charset=utf-8"))
        .route(script(), file(SCRIPT, "text/javascript; charset=utf-8"))
        .route(icon(), file(ICON, "image/svg+xml"))
        .route("/favicon.ico", file(ICON, "image/svg+xml"))
}
