//! The pages, each in a file of its own.

/// The own account.
mod account;
/// Accounts of the console.
mod accounts;
/// Who did what.
mod audit;
/// The devices.
mod devices;
/// A device becomes one of ours.
mod enrol;
/// The first person of a new office makes her own account.
pub(crate) mod first;
/// The roster.
mod people;
/// A book of the office becomes the ledger.
pub(crate) mod import;
/// Which sheet and which column is what.
mod import_columns;
/// One member of staff.
mod person;
/// What is held back.
mod quarantine;
/// How the community's books are kept.
mod settings;
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
        .route("/quarantine", get(quarantine::list))
        .route("/quarantine/{id}/release", post(quarantine::release))
        .route("/quarantine/{id}/discard", post(quarantine::discard))
        .route("/people", get(people::list))
        .route("/people/export", get(people::export))
        .route("/people/{id}", get(person::show))
        .route("/people/{id}/reveal", post(person::reveal))
        .route("/people/{id}/give", post(person::give))
        .route("/people/{id}/take", post(person::take))
        .route("/people/{id}/enrol", post(enrol::make))
        .route("/people/{id}/withdraw", post(enrol::withdraw))
        .route("/people/{id}/code/{kept}", get(enrol::code))
        .route("/enrol", get(enrol::choose).post(enrol::chosen))
        .route("/devices", get(devices::list))
        .route("/devices/{id}/revoke", get(devices::ask).post(devices::revoke))
        .route("/accounts", get(accounts::list).post(accounts::open))
        .route("/accounts/{id}", get(accounts::show))
        .route("/accounts/{id}/password", post(accounts::password))
        .route("/accounts/{id}/post", post(accounts::post))
        .route("/accounts/{id}/remove", post(accounts::remove))
        .route("/account", get(account::show).post(account::change))
        .route("/audit", get(audit::list))
        .route("/audit/check", get(audit::check))
        .route("/audit/export", get(audit::export))
        .route("/settings", get(settings::show))
        .route("/import", get(import::start).post(import::read))
        .route("/import/{kept}", get(import::show))
        .route("/import/{kept}/columns", post(import_columns::choose))
        .route("/import/{kept}/run", post(import::run))
        .route("/import/{kept}/drop", post(import::put_away))
}
