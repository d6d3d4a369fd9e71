//! Matters of a book beside those that stand.

use super::super::book::{Column, TicketRow};
use super::answer::{Wish, notes, puts};
use super::course::{Course, course, is_over};
use super::fingerprint::Fingerprints;
use super::places::Places;
use super::plan::{Desk, TicketPlan};
use super::remark::Notice;
use crate::office::OfficeError;
use qiaomen_proto::entity::ticket;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind};

/// What the field of a matter's text holds; the rest goes into the notes.
const TEXT_BYTES_MAX: usize = 2000 * 3;

/// Decides about every matter of the book.
pub(super) fn plan(desk: &mut Desk<'_>, places: &Places) -> Result<Vec<TicketPlan>, OfficeError> {
    let mut fingerprints = Fingerprints::new(desk.office);
    let mut plans = Vec::new();
    for row in &desk.book.tickets {
        let import_key = fingerprints.of_ticket(row);
        match desk.tx.imported(&import_key)? {
            Some(doc) => {
                if is_over(row) && !stands_over(desk, doc)? {
                    desk.warn(Notice::StillOpenHere, row.origin, Column::State);
                }
            }
            None => {
                desk.added.tickets += 1;
                plans.push(plan_one(desk, places, row, import_key));
            }
        }
    }
    Ok(plans)
}

fn stands_over(desk: &Desk<'_>, doc: DocId) -> Result<bool, OfficeError> {
    let Some(register) = desk.tx.register(doc)? else { return Ok(false) };
    // Stages are told by events, and events are not sealed but for their texts.
    let ring = desk.office.ring(desk.tx, [doc.uuid])?;
    Ok(View::new(&register, &ring).ticket_state().stage.is_over())
}

fn plan_one(desk: &mut Desk<'_>, places: &Places, row: &TicketRow, import_key: [u8; 16]) -> TicketPlan {
    let Course { steps, notes: mut said, notices } = course(row, desk.now_ms);
    for (notice, column) in notices {
        desk.warn(notice, row.origin, column);
    }
    let place = row.building.as_deref().and_then(|name| places.building(name));
    if place.is_none() {
        desk.warn(Notice::PlaceUnknown, row.origin, Column::Building);
    }
    let (text, rest) = row.text.split_at(row.text.floor_char_boundary(TEXT_BYTES_MAX));
    said.extend((!rest.is_empty()).then(|| rest.to_owned()));
    let wishes = [
        Wish::text("category", row.category.clone(), Column::Category),
        Wish::text("size", Some(if row.big { "大事" } else { "小事" }.to_owned()), None),
        Wish::text("source", row.source.clone(), Column::Source),
        Wish::text("building", place.map(|(building, _)| building.to_string()), None),
        Wish::text("grid", place.map(|(_, grid)| grid.to_string()), None),
        Wish::text("unit", row.unit.as_ref().map(|unit| unit.as_str().to_owned()), None),
        Wish::text("text", Some(text.to_owned()), None),
        Wish::text("reported_on", Some(row.reported_on.to_string()), None),
    ];
    let puts = puts(desk, Kind::Ticket, None, row.origin, wishes.into_iter().flatten(), &mut said);
    TicketPlan { origin: row.origin, import_key, puts, notes: notes(None, ticket::NOTES, said), steps }
}
