//! Rows for lists and look-ups, made from a document's view.

use crate::duplicates::{likeness, resolve};
use crate::office::{Office, OfficeError, day};
use crate::store::Tx;
use crate::store::sqlite::{DoorRow, EntryProjection, PhotoRow, ResidentRow, TicketRow};
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{HouseholdId, Kind, ResidentId, TicketId};
use qiaomen_proto::merge::fold::TicketState;
use qiaomen_proto::seal::BlindKind;

/// What a matter's field `size` says of a large one.
pub const LARGE: &str = "大事";
/// What it says of a small one.
pub const SMALL: &str = "小事";
/// Where it is noted that the rows of matters have today's columns.
const TICKET_ROWS: &str = "ticket_rows";
/// Grows with a step of the database that adds columns to them.
const TICKET_ROWS_VERSION: u8 = 2;

/// Writes the rows of a document.
pub fn project(office: &Office, tx: &Tx<'_>, view: &View<'_>) -> Result<(), OfficeError> {
    let doc = view.register().doc();
    // First where it leads: that says whether a matter is the one of a ring that stays open.
    resolve::project(office, tx, view)?;
    match doc.kind {
        Kind::Household => {
            if let Some(row) = door_row(view) {
                tx.put_door(&row)?;
            }
        }
        Kind::Resident => {
            tx.put_resident(&resident_row(view))?;
            tx.set_blind(&doc.uuid, &blind_values(office, view))?;
        }
        Kind::Ticket => {
            tx.put_ticket(&ticket_row(view, resolve::keeps_ring(tx, doc)?))?;
            tx.put_photos(&photo_rows(view))?;
        }
        Kind::Diary => {
            tx.put_entries(doc, &entry_rows(view))?;
            for (key, ..) in view.entries_taken_back() {
                tx.drop_entry(doc, &key)?;
            }
        }
    }
    likeness::project(office, tx, view)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The row of a door; none while its address is not known.
pub fn door_row(view: &View<'_>) -> Option<DoorRow> {
    Some(DoorRow {
        household: HouseholdId(view.register().doc().uuid),
        building: view.building()?,
        unit: view.text("unit").unwrap_or_default(),
        room: view.text("room").unwrap_or_default(),
        use_: view.text("use"),
        refused: view.door_refusal().is_some(),
        conflict_count: count(view.conflict_count()),
    })
}

/// The row of a resident.
pub fn resident_row(view: &View<'_>) -> ResidentRow {
    let refused: Vec<&str> = view.head().iter().filter(|f| f.shown == Shown::Refused).map(|f| f.field.name).collect();
    ResidentRow {
        resident: ResidentId(view.register().doc().uuid),
        household: view.household(),
        moved_out: view.text("until").is_some(),
        conflict_count: count(view.conflict_count()),
        refused_fields: refused.join(","),
    }
}

/// The blind indexes of a resident: every value that stands anywhere, so that a look-up finds a person
/// by the value that is still in dispute too. Sorted.
pub fn blind_values(office: &Office, view: &View<'_>) -> Vec<(u8, [u8; 16])> {
    let blind = &office.secrets().blind;
    let mut values = Vec::new();
    let mut add = |kind: BlindKind, text: &str| values.push((kind.number(), blind.blind(kind, text)));
    let ends = |text: &str| text.char_indices().rev().nth(3).map(|(i, _)| text[i..].to_owned());
    for (field, kind, last) in [
        ("name", BlindKind::Name, None),
        ("identity", BlindKind::Identity, Some(BlindKind::IdentityLast4)),
        ("phone", BlindKind::Phone, Some(BlindKind::PhoneLast4)),
    ] {
        for text in view.candidate_texts(field) {
            add(kind, &text);
            if let (Some(last), Some(end)) = (last, ends(&text)) {
                add(last, &end);
            }
        }
    }
    values.sort_unstable();
    values.dedup();
    values
}

/// The row of a matter. Of several that are each marked as repeating the next one around, the one that is kept
/// is shown as if it had no mark: else nobody would work any of them.
pub fn ticket_row(view: &View<'_>, keeps_ring: bool) -> TicketRow {
    let state = if keeps_ring { view.ticket_state_unmarked() } else { view.ticket_state() };
    // What people read decides; where nobody wrote it down, what an event says.
    let large = view.text("size").map_or(state.large, |size| size == LARGE);
    let due_by = due_by(view, &state, large);
    TicketRow {
        ticket: TicketId(view.register().doc().uuid),
        grid: view.text("grid").and_then(|g| g.parse().ok()),
        building: view.building(),
        household: view.household(),
        category: view.text("category"),
        size: view.text("size"),
        stage: state.stage.number(),
        due_on: state.due_on.map(|d| d.to_string()),
        opened_ms: state.opened_at,
        closed_ms: state.closed_at,
        conflict_count: count(view.conflict_count()),
        is_open: state.stage.is_open(),
        large,
        department: state.whose().map(str::to_owned),
        party: state.party,
        due_by,
        joint: state.stage.is_open() && state.escalation_stands,
        joint_since_ms: state.escalated_at,
    }
}

/// The rows of a matter's photos.
pub fn photo_rows(view: &View<'_>) -> Vec<PhotoRow> {
    let ticket = TicketId(view.register().doc().uuid);
    let photos = view.photos().into_iter();
    photos
        .map(|(key, stamp, photo)| PhotoRow {
            ticket,
            key,
            hash: photo.hash,
            photo: photo.id,
            size: photo.size,
            stage: photo.stage,
            width: photo.width,
            height: photo.height,
            at_ms: photo.taken_ms.unwrap_or(stamp.at.wall_ms),
            worker: stamp.by.worker,
        })
        .collect()
}

/// By when a matter has to be done. 今日事今日毕: a small one that nobody gave a day is due on its own. So says the
/// phone too.
pub fn due_by(view: &View<'_>, state: &TicketState, large: bool) -> Option<String> {
    let reported_on = || view.text("reported_on").or_else(|| Some(day(state.opened_at?).to_string()));
    match state.due_on {
        Some(day) => Some(day.to_string()),
        None if large => None,
        None => reported_on(),
    }
}

/// Makes the rows of matters anew, once, where a step of the database added columns to them.
pub fn catch_up(office: &Office) -> Result<(), OfficeError> {
    if office.store().read(|tx| tx.meta(TICKET_ROWS))?.is_some_and(|version| version == [TICKET_ROWS_VERSION]) {
        return Ok(());
    }
    let inner = office.clone();
    office.store().write(move |tx| {
        for id in tx.ticket_ids()? {
            let Some(register) = tx.register(id.into())? else { continue };
            let ring = inner.ring(tx, [id.0])?;
            tx.put_ticket(&ticket_row(&View::new(&register, &ring), resolve::keeps_ring(tx, id.into())?))?;
        }
        Ok(tx.set_meta(TICKET_ROWS, &[TICKET_ROWS_VERSION])?)
    })
}

/// The rows of a diary: of what stands in it.
pub fn entry_rows(view: &View<'_>) -> Vec<EntryProjection> {
    let grid = view.text("grid").and_then(|g| g.parse().ok());
    view.entries()
        .into_iter()
        .map(|(key, stamp, entry)| EntryProjection {
            key,
            worker: *stamp.by.worker.as_bytes(),
            grid,
            kind: entry.kind as u8,
            outcome: entry.outcome as u8,
            household: entry.household.and_then(|h| h.try_into().ok()),
            at_ms: stamp.at.wall_ms,
        })
        .collect()
}
