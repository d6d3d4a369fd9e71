/// Before the device is open: a new one, the PIN.
pub mod gate;
/// A device that is open and nobody's yet.
pub(crate) mod enrolling;
/// The office's code by camera.
pub(crate) mod scan;
/// What is to be done today.
pub(crate) mod today;
/// My grid, as the stairwells are.
pub(crate) mod grid;
/// Finding a door, a person, a matter.
pub(crate) mod search;
/// One door.
pub(crate) mod door;
/// What one does rarely at a door.
pub(crate) mod door_more;
/// Who lives at a door.
pub(crate) mod door_people;
/// Visits and calls.
pub(crate) mod visit;
/// Who holds a door.
pub(crate) mod occupancy;
/// A door that is not in the list.
pub(crate) mod new_door;
/// A person is written down.
pub(crate) mod new_person;
/// One person.
pub(crate) mod person;
/// Somebody leaves a door, or moves to another.
pub(crate) mod moving;
/// The matters.
pub(crate) mod tickets;
/// A matter is reported.
pub(crate) mod new_ticket;
/// One matter.
pub(crate) mod ticket;
/// Photos of a matter.
pub(crate) mod photo;
/// What is not at the office yet.
pub(crate) mod outbox;
pub(crate) mod patrol;
/// How the sync stands.
pub(crate) mod sync;
/// Where my answer stands against another's.
pub(crate) mod conflicts;
/// The diary of the day.
pub(crate) mod diary;
/// An entry of it that was a mistake.
pub(crate) mod take_back;
/// What my work led to; device and settings.
pub(crate) mod me;

use crate::refusal::Refusal;
use qiaomen_client::QueryError;
use qiaomen_client::error::What;

/// An id in an address; what is none leads to nothing that is here.
fn id<T: std::str::FromStr>(text: &str, what: What) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::from(QueryError::Unknown(what)))
}
