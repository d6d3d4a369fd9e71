//! The sheet of tickets: what was asked for, and what became of it. What stands on it is remembered, so that it is
//! known again when the sheet comes back in a book.

use super::sheet::{Column, Formats, Sheet, read_back};
use super::{Pen, WriteError};
use crate::close::Day;
use crate::ledger::book::{Origin, TicketRow};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{BuildingId, DocId, GridId, HouseholdId, TicketId};
use qiaomen_proto::merge::fold::{EventKind, Stage, TicketState, satisfaction_title};
use qiaomen_proto::normalise::{UnitKey, unit_label};
use rust_xlsxwriter::Worksheet;

const NAME: &str = "诉求台账";
const COLUMNS: &[Column] = &[
    Column::new("时间", 12.0),
    Column::new("来源", 11.0),
    Column::new("地点", 20.0),
    Column::new("诉求内容", 44.0).wrapping(),
    Column::new("类别", 14.0),
    Column::new("大小", 7.0),
    Column::new("办理情况", 12.0),
    Column::new("办结时间", 12.0),
    Column::new("反馈情况", 10.0),
    Column::new("满意度", 10.0),
];
/// What the import writes before the place that a book tells.
const PLACE: &str = "地点:";
/// What stands where nobody wrote what a matter is about: the reader takes no row without it.
const NO_TEXT: &str = "(没有写内容)";

pub(super) fn write(pen: &mut Pen<'_, '_>, sheet: &mut Worksheet, format: &Formats) -> Result<(), WriteError> {
    let mut sheet = Sheet::new(sheet, format, NAME, None, COLUMNS)?;
    for (id, grid) in pen.tx.ticket_places()? {
        if pen.writes(grid)
            && let Some(row) = row(pen, id, grid)?
        {
            let closed = row.closed_on.map(|day| day.to_string()).unwrap_or_default();
            sheet.row(&[
                &row.reported_on.to_string(),
                row.source.as_deref().unwrap_or_default(),
                row.place.as_deref().unwrap_or_default(),
                &row.text,
                row.category.as_deref().unwrap_or_default(),
                if row.big { "大事" } else { "小事" },
                row.state.as_deref().unwrap_or_default(),
                &closed,
                if row.fed_back { "已反馈" } else { "" },
                row.satisfaction.as_deref().unwrap_or_default(),
            ])?;
            let key = pen.fingerprints.of_ticket(&row);
            pen.known.tickets.push((key, DocId::from(id)));
            pen.held.tickets += 1;
        }
    }
    Ok(sheet.end()?)
}

/// The matter as its row will be read back; none where nothing was reported yet.
fn row(pen: &Pen<'_, '_>, id: TicketId, grid: Option<GridId>) -> Result<Option<TicketRow>, WriteError> {
    let Some(register) = pen.tx.register(DocId::from(id))? else { return Ok(None) };
    let ring = pen.office.ring(pen.tx, [id.0])?;
    let view = View::new(&register, &ring);
    let events = view.events();
    let state = qiaomen_proto::merge::fold::fold(&events);
    if state.stage == Stage::Draft {
        return Ok(None);
    }
    let day = |ms: u64| Day::of(ms).to_string().parse().ok();
    let on = view.text("reported_on").and_then(|on| on.parse().ok());
    let Some(reported_on) = on.or_else(|| state.opened_at.and_then(day)) else { return Ok(None) };
    let said = events
        .iter()
        .filter(|e| e.payload.kind == EventKind::Report)
        .find_map(|e| Some(view.sealed_text(e.payload.text.as_deref()?).text()?.strip_prefix(PLACE)?.to_owned()));
    let place = match said {
        Some(said) => said,
        None => place(pen, &view, grid)?,
    };
    let some = |text: &str| Some(read_back(text)).filter(|t| !t.is_empty()).map(str::to_owned);
    let text = view.text("text").as_deref().and_then(some).unwrap_or_else(|| NO_TEXT.to_owned());
    Ok(Some(TicketRow {
        origin: Origin::default(),
        reported_on,
        source: view.text("source").as_deref().and_then(some),
        place: some(&place),
        building: None,
        unit: None,
        text,
        category: view.text("category"),
        big: view.text("size").is_some_and(|size| size.starts_with('大')) || state.large,
        state: Some(state_word(&state).to_owned()),
        closed_on: state.closed_at.filter(|_| state.stage.is_completed()).and_then(day),
        fed_back: state.has_feedback,
        satisfaction: state.satisfaction.and_then(satisfaction_title).map(str::to_owned),
    }))
}

/// How books say where a matter stands: what was rated is done.
fn state_word(state: &TicketState) -> &'static str {
    match state.stage {
        Stage::Rated => Stage::Closed.title(),
        stage => stage.title(),
    }
}

/// Where a matter is, in words, as far as it is known.
fn place(pen: &Pen<'_, '_>, view: &View<'_>, grid: Option<GridId>) -> Result<String, WriteError> {
    let address = |building: BuildingId, unit: &str, room: &str| {
        let name = pen.buildings.get(&building).map_or("", |(name, _)| name.as_str());
        let unit = UnitKey::parse(unit).map(|u| unit_label(&u)).unwrap_or_default();
        format!("{name}{unit}{room}")
    };
    let door: Option<HouseholdId> = view.household();
    Ok(match (door.map(|d| pen.tx.door(d)).transpose()?.flatten(), view.building()) {
        (Some(door), _) => address(door.building, &door.unit, &door.room),
        (None, Some(building)) => address(building, &view.text("unit").unwrap_or_default(), ""),
        (None, None) => grid.map_or_else(String::new, |g| pen.grid_name(g).to_owned()),
    })
}
