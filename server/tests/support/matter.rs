//! Matters as a phone writes them, for the office's tests. Stands beside [`super::phone`].
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "used by several tests, in part")]

use super::phone::{Phone, Town};
use qiaomen_proto::change::{Edit, Path, Scalar, keys};
use qiaomen_proto::entity::record;
use qiaomen_proto::entity::ticket::{EVENTS, FIELDS};
use qiaomen_proto::entity::view::{NOTE_FIELD, View};
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::ids::{DocId, HouseholdId, ResidentId, TicketId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, TicketState, fold};
use qiaomen_server::matters::Hand;
use qiaomen_server::people::posts::Sight;
use qiaomen_server::people::{Post, SignedIn};

/// What a worker writes down at a door.
pub(crate) struct Told<'t> {
    pub(crate) number: u8,
    pub(crate) door: Option<HouseholdId>,
    pub(crate) category: &'t str,
    pub(crate) large: bool,
    pub(crate) text: &'t str,
    pub(crate) reporter: Option<&'t str>,
}

impl Default for Told<'_> {
    fn default() -> Self {
        Self {
            number: 1, door: None, category: "路灯损坏", large: false, text: "楼门口的灯不亮", reporter: None
        }
    }
}

/// A matter of the first grid, by a phone.
pub(crate) fn report(phone: &mut Phone, town: &Town, told: &Told<'_>) -> TicketId {
    let ticket = TicketId::from_bytes([told.number; 16]);
    let subject = ResidentId(ticket.0);
    let put = |key: &str, value: &str| Edit { path: Path::new(FIELDS, key), value: Scalar::Str(value.into()) };
    let mut edits = vec![
        put("category", told.category),
        put("size", if told.large { "大事" } else { "小事" }),
        put("source", "走访"),
        put("grid", &town.grids[0].to_string()),
        put("reported_on", "2026-09-21"),
        phone.sealed(subject, "text", told.text),
    ];
    edits.extend(told.door.map(|door| put("household", &door.to_string())));
    edits.extend(told.reporter.map(|reporter| phone.sealed(subject, "reporter", reporter)));
    let mut payload = EventPayload::new(EventKind::Report);
    payload.large = Some(told.large);
    write_event(phone, ticket, edits, payload, None);
    ticket
}

/// One more step of a matter, by a phone.
pub(crate) fn step(phone: &mut Phone, ticket: TicketId, payload: EventPayload, text: Option<&str>) {
    write_event(phone, ticket, Vec::new(), payload, text);
}

fn write_event(
    phone: &mut Phone,
    ticket: TicketId,
    mut edits: Vec<Edit>,
    mut payload: EventPayload,
    text: Option<&str>,
) {
    payload.text = text.map(|text| phone.ring.seal(&ticket.0, NOTE_FIELD, text.as_bytes()).unwrap());
    // The key of the record is the command's, and the phone draws the command's id as it writes.
    let command = phone.next_command();
    let path = Path::new(EVENTS, keys::record_key(command, 0));
    edits.push(Edit { path, value: Scalar::Bytes(record::to_bytes(&payload)) });
    assert_eq!(phone.write(vec![(ticket.into(), edits)]), command);
}

/// Where a matter stands on a phone.
pub(crate) fn on_phone(phone: &Phone, ticket: TicketId) -> TicketState {
    let register = &phone.base[&DocId::from(ticket)];
    fold(&View::new(register, &phone.ring).events())
}

/// Where it stands at the office.
pub(crate) fn at_office(town: &Town, ticket: TicketId) -> TicketState {
    town.office
        .store()
        .read(|tx| -> Result<TicketState, qiaomen_server::office::OfficeError> {
            let register = tx.register(ticket.into())?.unwrap();
            let ring = town.office.ring(tx, [ticket.0])?;
            Ok(View::new(&register, &ring).ticket_state())
        })
        .unwrap()
}

/// A clerk of the office.
pub(crate) fn clerk() -> Hand {
    hand(Post::Clerk, [70; 16], None)
}
/// A department's coordinator.
pub(crate) fn coordinator(number: u8, department: &str) -> Hand {
    hand(Post::Coordinator, [number; 16], Some(department.to_owned()))
}
fn hand(post: Post, id: [u8; 16], department: Option<String>) -> Hand {
    let sight = Sight { grids: None, department };
    let who = SignedIn { clerk: WorkerId::from_bytes(id), login: String::new(), post, sight };
    Hand::of(&who).unwrap()
}
