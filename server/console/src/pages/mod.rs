//! The pages, each in a file of its own.

/// The first person of a new office makes her own account.
pub(crate) mod first;
/// Figures by time and grid.
mod overview;
/// What is held back.
mod quarantine;
/// Coming and going.
mod sign_in;

use crate::desk::Desk;
use crate::live;
use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/first/{code}", get(first::show).post(first::found))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/live", get(live::live))
        .route("/", get(async || Redirect::to("/day")))
        .route("/overview", get(overview::show))
        .route("/quarantine", get(quarantine::list))
        .route("/quarantine/{id}/release", post(quarantine::release))
        .route("/quarantine/{id}/discard", post(quarantine::discard))
}
