//! The parts of which the id of a door or a diary is made: they give it, whichever value of them holds.

use super::admit::Admission;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::{Scalar, TypedOp};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{diary, household};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{BuildingId, DiaryId, DocId, GridId, HouseholdId, Kind, WorkerId};
use qiaomen_proto::normalise::{RoomKey, UnitKey};

/// Do the parts give the id: those that hold, and each that is written? One that does not hold today, because somebody
/// else's is later, may hold tomorrow, and then nothing about the door could be written any more.
pub(super) fn parts(
    tx: &Tx<'_>,
    doc: DocId,
    view: &View<'_>,
    worker: WorkerId,
    written: &[&TypedOp],
) -> Result<Admission, StoreError> {
    match doc.kind {
        Kind::Household => door(tx, doc, view, written),
        Kind::Diary => Ok(day(doc, view, worker, written)),
        Kind::Resident | Kind::Ticket => Ok(Admission::Yes),
    }
}

/// What is written under this name, if it is written; nothing where it is no text.
fn said<'o>(written: &'o [&TypedOp], container: u8, name: &'o str) -> impl Iterator<Item = &'o str> {
    let of = move |op: &&&TypedOp| op.path.container == container && op.path.key == name;
    written.iter().filter(of).map(|op| if let Scalar::Str(text) = &op.value { text.as_str() } else { "" })
}

fn door(tx: &Tx<'_>, doc: DocId, view: &View<'_>, written: &[&TypedOp]) -> Result<Admission, StoreError> {
    let never = Ok(Admission::Never(Code::IdParts));
    let Some(building) = view.building() else { return never };
    let (unit, room) = (view.text("unit").unwrap_or_default(), view.text("room").unwrap_or_default());
    let (Ok(unit), Ok(room)) = (UnitKey::parse(&unit), RoomKey::parse(&room)) else { return never };
    if HouseholdId::of(building, &unit, &room).0 != doc.uuid {
        return never;
    }
    let said = |name| said(written, household::FIELDS, name);
    let same = said("building").all(|text| text.parse::<BuildingId>().is_ok_and(|said| said == building))
        && said("unit").all(|text| UnitKey::parse(text).is_ok_and(|said| said == unit))
        && said("room").all(|text| RoomKey::parse(text).is_ok_and(|said| said == room));
    if !same {
        return never;
    }
    Ok(match tx.grid_of_building(building)? {
        Some(_) => Admission::Yes,
        None => Admission::Doubtful(Code::UnknownBuilding),
    })
}

fn day(doc: DocId, view: &View<'_>, worker: WorkerId, written: &[&TypedOp]) -> Admission {
    let held = || {
        let of: WorkerId = view.text("worker")?.parse().ok()?;
        let grid: GridId = view.text("grid")?.parse().ok()?;
        let on: chrono::NaiveDate = view.text("on")?.parse().ok()?;
        Some((of, grid, on))
    };
    let Some((of, grid, on)) = held() else { return Admission::Never(Code::IdParts) };
    if of != worker {
        return Admission::Doubtful(Code::NotTheAuthor);
    }
    let said = |name| said(written, diary::FIELDS, name);
    let same = said("worker").all(|text| text.parse::<WorkerId>().is_ok_and(|said| said == of))
        && said("grid").all(|text| text.parse::<GridId>().is_ok_and(|said| said == grid))
        && said("on").all(|text| text.parse::<chrono::NaiveDate>().is_ok_and(|said| said == on));
    if same && DiaryId::of(of, grid, on).0 == doc.uuid { Admission::Yes } else { Admission::Never(Code::IdParts) }
}
