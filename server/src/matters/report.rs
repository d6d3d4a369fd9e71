//! Writing down a new matter at the office: somebody has called, or stands at the desk.

use super::error::MatterError;
use super::hand::Hand;
use super::pen::Pen;
use super::plan::{known, lines};
use crate::ingest::project::{LARGE, SMALL};
use crate::office::{Office, OfficeError, day};
use crate::people::audit::{self, Deed};
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{BuildingId, DocId, GridId, HouseholdId, Kind, Role, TicketId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::normalise::{RoomKey, UnitKey};

/// From where the office hears of matters, as its books call it.
pub const SOURCES: [&str; 5] = ["电话", "来访", "微信群", "12345 热线", "上级转办"];
/// Ids drawn until one ends as no other does. Two in a row that fail are a broken source of randomness.
const DRAWS_MAX: usize = 4;

/// A matter, as it was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMatter {
    /// Category.
    pub category: String,
    /// Whether it is large.
    pub large: bool,
    /// Where it was heard.
    pub source: String,
    /// Which building, if one.
    pub building: Option<BuildingId>,
    /// Unit, as it is written.
    pub unit: Option<String>,
    /// Room, as it is written.
    pub room: Option<String>,
    /// Which grid, where it is in no building.
    pub grid: Option<GridId>,
    /// What it is.
    pub text: String,
    /// Who told, and how to reach that person.
    pub reporter: Option<String>,
}

/// Where it is.
struct Place {
    building: Option<BuildingId>,
    unit: Option<UnitKey>,
    household: Option<HouseholdId>,
    grid: GridId,
}

/// Writes it down, and takes it on: whoever calls the office has been heard by it.
pub fn report(office: &Office, matter: NewMatter, by: &Hand) -> Result<TicketId, MatterError> {
    if by.role != Role::Office {
        return Err(MatterError::NotForPost { step: EventKind::Report });
    }
    let (inner, by) = (office.clone(), by.clone());
    office.store().write(move |tx| report_in(&inner, tx, &matter, &by))
}

fn report_in(office: &Office, tx: &Tx<'_>, matter: &NewMatter, by: &Hand) -> Result<TicketId, MatterError> {
    known(&tx.categories()?, matter.category.trim())?;
    if !SOURCES.contains(&matter.source.trim()) {
        return Err(MatterError::NotListed { label: "来源" });
    }
    if matter.text.trim().is_empty() {
        return Err(MatterError::Missing { label: "诉求内容" });
    }
    let place = place(tx, matter)?;
    let stamp = office.next_stamp_as(tx, by.worker, by.role)?;
    let id = fresh(office, tx, stamp.at.wall_ms)?;
    let doc = DocId::from(id);
    let mut pen = Pen::new(office, tx, doc, stamp)?;
    pen.put("category", &matter.category)?;
    pen.put("size", if matter.large { LARGE } else { SMALL })?;
    pen.put("source", &matter.source)?;
    if let Some(household) = place.household {
        pen.put("household", &household.to_string())?;
    }
    if let Some(building) = place.building {
        pen.put("building", &building.to_string())?;
    }
    if let Some(unit) = place.unit.filter(|unit| !unit.is_none()) {
        pen.put("unit", unit.as_str())?;
    }
    pen.put("grid", &place.grid.to_string())?;
    pen.put("text", &lines(&matter.text))?;
    if let Some(reporter) = matter.reporter.as_deref().filter(|r| !r.trim().is_empty()) {
        pen.put("reporter", reporter)?;
    }
    pen.put("reported_on", &day(office.now_ms()).to_string())?;
    let mut reported = EventPayload::new(EventKind::Report);
    reported.large = Some(matter.large);
    pen.event(reported, None)?;
    pen.event(EventPayload::new(EventKind::Accept), None)?;
    pen.write(office, tx)?;
    audit::note(office, tx, by.worker, Deed::Matter("report"), Some(&doc.key()))?;
    Ok(id)
}

fn place(tx: &Tx<'_>, matter: &NewMatter) -> Result<Place, MatterError> {
    let typed = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let unit = match typed(&matter.unit) {
        Some(unit) => Some(UnitKey::parse(&unit).map_err(|_| MatterError::Unreadable { label: "单元" })?),
        None => None,
    };
    let Some(building) = matter.building else {
        let grid = matter.grid.ok_or(MatterError::Missing { label: "楼栋或网格" })?;
        let known = tx.grids()?.iter().any(|g| *g.id == *grid.as_bytes());
        return if known {
            Ok(Place { building: None, unit: None, household: None, grid })
        } else {
            Err(MatterError::NotListed { label: "网格" })
        };
    };
    let grid = tx.grid_of_building(building)?.ok_or(MatterError::NotListed { label: "楼栋" })?;
    let Some(room) = typed(&matter.room) else {
        return Ok(Place { building: Some(building), unit, household: None, grid });
    };
    let room = RoomKey::parse(&room).map_err(|_| MatterError::Unreadable { label: "门牌" })?;
    let of_door = unit.clone().unwrap_or_else(UnitKey::none);
    let household = HouseholdId::of(building, &of_door, &room);
    if tx.door(household)?.is_none() {
        return Err(MatterError::NoSuchDoor);
    }
    Ok(Place { building: Some(building), unit, household: Some(household), grid })
}

/// An id that ends as no other matter's does: the wire names documents shortly.
fn fresh(office: &Office, tx: &Tx<'_>, now_ms: u64) -> Result<TicketId, OfficeError> {
    for _ in 0..DRAWS_MAX {
        let id = TicketId::at(now_ms, office.random()?);
        if tx.documents_by_suffix(Kind::Ticket, DocId::from(id).suffix())?.is_empty() {
            return Ok(id);
        }
    }
    Err(StoreError::Damaged("no id is free").into())
}
