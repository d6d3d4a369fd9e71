//! Matters.

use super::draft::Draft;
use super::intent::{Intent, ticket_of};
use crate::error::{EditError, What};
use crate::photo::PhotoMeant;
use chrono::NaiveDate;
use qiaomen_proto::change::{Answer, keys};
use qiaomen_proto::entity::ticket::{EVENTS, PHOTOS};
use qiaomen_proto::ids::{DocId, TicketId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, TicketEvent, fold, may};
use qiaomen_proto::normalise::UnitKey;
use qiaomen_proto::person::parse_date;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;

/// What a matter's field `size` says of a large one.
const LARGE: &str = "大事";

pub(super) fn plan(draft: &mut Draft<'_, '_>, intent: &Intent) -> Result<(), EditError> {
    match intent {
        Intent::ReportTicket { .. } => report(draft, intent),
        Intent::AdvanceTicket { ticket, event, party, due_on, satisfaction, other, text } => {
            let mut payload = EventPayload::new(EventKind::from_number(*event));
            payload.party = party.as_deref().map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned);
            payload.due_on = due_on.as_deref().map(|day| due(draft, day)).transpose()?;
            payload.satisfaction = *satisfaction;
            payload.other = other.map(|t| t.0);
            advance(draft, *ticket, payload, text.as_deref())
        }
        Intent::AttachPhotos { ticket, photos } => attach(draft, *ticket, photos),
        _ => Err(EditError::Unknown(What::Ticket)),
    }
}

/// The day by which it is to be done: somebody who sets it now can set none that is over.
fn due(draft: &Draft<'_, '_>, day: &str) -> Result<NaiveDate, EditError> {
    let wrong = EditError::NotPossible(sentence!("not-a-date", "日期看不懂，请写成 2025-01-31"));
    let day = parse_date(day).ok_or(wrong)?;
    if draft.is_by_hand() && day < draft.under.today() {
        let day = day.to_string();
        return Err(EditError::NotPossible(sentence!(
            "not-a-day-gone-by",
            "{day} 已经过去了，请改成今天或以后",
            day = day
        )));
    }
    Ok(day)
}

fn attach(draft: &mut Draft<'_, '_>, ticket: TicketId, photos: &[PhotoMeant]) -> Result<(), EditError> {
    let doc = DocId::from(ticket);
    draft.known(doc)?;
    for photo in photos {
        let payload = photo.payload().ok_or(EditError::NotPossible(sentence!("not-a-photo", "照片的编号不对")))?;
        draft.record(doc, PHOTOS, &payload)?;
    }
    Ok(())
}

fn report(draft: &mut Draft<'_, '_>, intent: &Intent) -> Result<(), EditError> {
    let Intent::ReportTicket { category, size, source, household, building, unit, text, reporter } = intent else {
        return Err(EditError::Unknown(What::Ticket));
    };
    if building.is_some_and(|b| draft.under.reference.building(b).is_none()) {
        return Err(EditError::Unknown(What::Building));
    }
    let theirs = match household {
        Some(household) => draft.view((*household).into(), |view| view.building())?,
        None => None,
    };
    let building = building.or(theirs);
    let grid = building.and_then(|b| draft.under.reference.grid_of(b)).or_else(|| draft.under.own_grid());
    let grid = grid.ok_or(EditError::Unknown(What::Grid))?;
    let doc = DocId::from(ticket_of(draft.under.stamp.command));
    draft.value(doc, "category", category)?;
    draft.value(doc, "size", size)?;
    draft.value(doc, "source", source)?;
    if let Some(household) = household {
        draft.value(doc, "household", household.to_string())?;
    }
    if let Some(building) = building {
        draft.value(doc, "building", building.to_string())?;
    }
    if let Some(unit) = unit.as_deref().filter(|u| !u.trim().is_empty()) {
        let unit = UnitKey::parse(unit).map_err(|_| EditError::Unknown(What::Unit))?;
        if !unit.is_none() {
            draft.value(doc, "unit", unit.as_str())?;
        }
    }
    draft.value(doc, "grid", grid.to_string())?;
    draft.field(doc, "text", &Answer::Value(text.clone()))?;
    if let Some(reporter) = reporter.as_deref().filter(|r| !r.trim().is_empty()) {
        draft.field(doc, "reporter", &Answer::Value(reporter.to_owned()))?;
    }
    let today = draft.under.today();
    draft.value(doc, "reported_on", today.to_string())?;
    let mut payload = EventPayload::new(EventKind::Report);
    payload.large = Some(size.trim() == LARGE);
    draft.record(doc, EVENTS, &payload)
}

fn advance(
    draft: &mut Draft<'_, '_>,
    ticket: TicketId,
    payload: EventPayload,
    text: Option<&str>,
) -> Result<(), EditError> {
    let doc = DocId::from(ticket);
    let stamp = draft.under.stamp;
    let mut events = draft.view(doc, |view| view.events())?;
    if !may(stamp.by.role, payload.kind) {
        return Err(EditError::Role(Sentence::of("step", payload.kind.name(), payload.kind.title())));
    }
    let key = keys::record_key(stamp.command, 0);
    let mut planned = payload.clone();
    // As everybody will read it: a matter does not repeat itself.
    planned.other = planned.other.filter(|other| *other != ticket.0);
    events.push(TicketEvent::new(key.clone(), &stamp, planned).after(&events));
    if let Some(flag) = fold(&events).flags.into_iter().find(|f| f.event == key) {
        return Err(EditError::NotPossible(flag.why.into()));
    }
    let mut payload = payload;
    payload.text = draft.sealed_if_any(doc, text)?;
    draft.record(doc, EVENTS, &payload)
}
