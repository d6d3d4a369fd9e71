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
/// The map of grids.
mod map;
/// The map as it lies.
mod map_draw;
/// A map file comes in.
mod map_import;
/// What the drawings of the map have in common.
mod map_marks;
/// The map as a schematic.
mod map_tiles;
/// Figures by time and grid.
mod overview;
/// One pair that is likely one thing.
mod duplicate;
/// What is likely one thing twice.
mod duplicates;
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
/// The roster.
mod people;
/// A book of the office becomes the ledger.
pub(crate) mod import;
/// Which sheet and which column is what.
mod import_columns;
/// One member of staff.
mod person;
/// Trainings, and who was there.
mod trainings;
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
/// How the community's books are kept.
mod settings;
/// Coming and going.
mod sign_in;
/// Matters: the list and the board.
mod tickets;
/// One matter.
mod ticket;
/// The forms by which a matter goes on.
mod ticket_forms;
/// Its photos.
mod ticket_photos;
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
        .route("/map", get(map::show))
        .route("/map/export", get(map::export))
        .route("/map/import", get(map_import::ask).post(map_import::take))
        .route("/map/import/check", get(map_import::check))
        .route("/map/import/put", post(map_import::put))
        .route("/map/import/drop", post(map_import::put_away))
        .route("/map/clear", post(map_import::clear))
        .route("/overview", get(overview::show))
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
        .route("/duplicates", get(duplicates::list))
        .route("/duplicates/done", get(duplicates::history))
        .route("/duplicates/{kind}/{a}/{b}", get(duplicate::show))
        .route("/duplicates/{kind}/{a}/{b}/reveal", post(duplicate::reveal))
        .route("/duplicates/{kind}/{a}/{b}/link", post(duplicate::link))
        .route("/duplicates/{kind}/{a}/{b}/unlink", post(duplicate::unlink))
        .route("/duplicates/{kind}/{a}/{b}/dismiss", post(duplicate::dismiss))
        .route("/duplicates/{kind}/{a}/{b}/reconsider", post(duplicate::reconsider))
        .route("/duplicates/{kind}/{a}/{b}/reopen", post(duplicate::reopen))
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
        .route("/trainings", get(trainings::list).post(trainings::add))
        .route("/trainings/new", get(trainings::blank))
        .route("/trainings/{id}", get(trainings::show).post(trainings::change))
        .route("/trainings/{id}/remove", post(trainings::take_away))
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
        .route("/tickets", get(tickets::list))
        .route("/tickets/new", get(ticket_new::show).post(ticket_new::add))
        .route("/tickets/joint", get(ticket_joint::list))
        .route("/tickets/terms", get(ticket_terms::show).post(ticket_terms::set))
        .route("/tickets/{id}", get(ticket::show))
        .route("/tickets/{id}/slip", get(ticket_slip::slip))
        .route("/tickets/{id}/photos/{hash}", get(ticket_photos::show))
        .route("/tickets/{id}/steps/{step}", post(ticket::step))
}
