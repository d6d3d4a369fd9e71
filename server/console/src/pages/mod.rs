//! The pages, each in a file of its own.

/// The inbox of conflicts.
mod conflicts;
/// One conflict, side by side.
mod conflict;
/// Many conflicts by a rule.
mod conflict_rule;
/// The day close.
mod day;
/// The record of a closed day.
mod day_record;
/// The first person of a new office makes her own account.
pub(crate) mod first;
/// Doors, filtered.
mod ledger;
/// One door.
mod ledger_door;
/// How it came about.
mod ledger_history;
/// Views, and the workbook.
mod ledger_out;
/// Residents, and looking for one.
mod ledger_residents;
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
        .route("/day", get(day::today))
        .route("/day/{day}", get(day::show))
        .route("/day/{day}/sign", post(day::sign))
        .route("/day/{day}/reopen", post(day::reopen))
        .route("/day/{day}/record", get(day_record::show))
        .route("/day/{day}/record.json", get(day_record::export))
        .route("/days", get(day_record::list))
        .route("/conflicts", get(conflicts::list))
        .route("/conflicts/parallel", get(conflicts::parallel))
        .route("/conflicts/rule", get(conflict_rule::choose).post(conflict_rule::preview))
        .route("/conflicts/rule/decide", post(conflict_rule::decide))
        .route("/conflicts/rule/{id}/undo", post(conflict_rule::undo))
        .route("/conflicts/{id}", get(conflict::show))
        .route("/conflicts/{id}/decide", post(conflict::decide))
        .route("/conflicts/{id}/undo", post(conflict::undo))
        .route("/ledger", get(ledger::list))
        .route("/ledger/export", post(ledger_out::export))
        .route("/ledger/views", post(ledger_out::keep_view))
        .route("/ledger/views/{id}/delete", post(ledger_out::drop_view))
        .route("/ledger/residents", get(ledger_residents::list).post(ledger_residents::find))
        .route("/ledger/doors/{id}", get(ledger_door::show))
        .route("/ledger/doors/{id}/reveal", post(ledger_door::reveal))
        .route("/quarantine", get(quarantine::list))
        .route("/quarantine/{id}/release", post(quarantine::release))
        .route("/quarantine/{id}/discard", post(quarantine::discard))
}
