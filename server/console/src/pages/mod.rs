//! The pages, each in a file of its own.

/// The first person of a new office makes her own account.
pub(crate) mod first;
/// What is held back.
mod quarantine;
/// Coming and going.
mod sign_in;
/// Matters: the list and the board.
mod tickets;
/// One matter.
mod ticket;
/// The forms by which a matter goes on.
mod ticket_forms;
/// Its work order on paper.
mod ticket_slip;
/// The list of the joint meeting.
mod ticket_joint;
/// Writing down a new one.
mod ticket_new;
/// What a matter can be, and how long it may take.
mod ticket_terms;

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
        .route("/quarantine", get(quarantine::list))
        .route("/quarantine/{id}/release", post(quarantine::release))
        .route("/quarantine/{id}/discard", post(quarantine::discard))
        .route("/tickets", get(tickets::list))
        .route("/tickets/new", get(ticket_new::show).post(ticket_new::add))
        .route("/tickets/joint", get(ticket_joint::list))
        .route("/tickets/terms", get(ticket_terms::show).post(ticket_terms::set))
        .route("/tickets/{id}", get(ticket::show))
        .route("/tickets/{id}/slip", get(ticket_slip::slip))
        .route("/tickets/{id}/steps/{step}", post(ticket::step))
}
