//! The matters, as heaps: what is open, what is late, what I can take a step further.

use super::sight::{Sight, address};
use super::steps::useful_steps;
use super::stored::StoredTicket;
use crate::store::StoreError;
use chrono::NaiveDate;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::TicketId;
use qiaomen_proto::merge::fold::Stage;
use serde::Serialize;

/// One matter in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketLine {
    /// Id.
    pub ticket: String,
    /// What it is.
    pub text: String,
    /// Category.
    pub category: Option<String>,
    /// Small or large, as the office spells it.
    pub size: Option<String>,
    /// Where it was heard.
    pub source: Option<String>,
    /// Who told.
    pub reporter: Option<String>,
    /// Id of the door.
    pub household: Option<String>,
    /// Where: the door's address, or building and unit, or the grid.
    pub place: Option<String>,
    /// Where it stands.
    pub stage: Stage,
    /// The same in Chinese.
    pub stage_title: &'static str,
    /// True while somebody still has to do something.
    pub is_open: bool,
    /// Who is to do it.
    pub party: Option<String>,
    /// The day of the report.
    pub reported_on: Option<String>,
    /// The day by which it is to be done; a small matter's is the day of its report.
    pub due_on: Option<String>,
    /// Days until then; negative where it is late. Only while it is open.
    pub due_in_days: Option<i64>,
    /// True if it is open and late.
    pub overdue: bool,
    /// When it was reported, in milliseconds since 1970.
    pub opened_ms: Option<u64>,
    /// When something last happened.
    pub updated_ms: u64,
    /// The same as people read it.
    pub updated: String,
    /// Places where the office has to decide.
    pub conflicts: u32,
    /// True while something here is not confirmed by the office.
    pub pending: bool,
}

/// The heaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TicketHeap {
    /// Somebody still has to do something.
    #[default]
    Open,
    /// Open and late.
    Overdue,
    /// Open, and my role can take it further.
    Mine,
    /// Nothing more is to be done.
    Over,
    /// All.
    All,
}

/// Which matters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Which heap.
    pub heap: TicketHeap,
    /// Only this category.
    pub category: Option<String>,
    /// Only of this door (id).
    pub household: Option<String>,
}

impl TicketLine {
    pub(crate) fn of(sight: &Sight<'_>, row: StoredTicket) -> Result<Self, StoreError> {
        let stage = Stage::from_number(row.stage).unwrap_or_default();
        let reported_on = row.reported_on.or_else(|| row.opened_ms.map(|at| sight.day(at).to_string()));
        // 今日事今日毕: a small matter that nobody gave a day is due on its own.
        let small = row.size.as_deref() != Some(LARGE);
        let due_on = row.due_on.or_else(|| reported_on.clone().filter(|_| small));
        let due: Option<NaiveDate> = due_on.as_deref().and_then(|d| d.parse().ok());
        let due_in_days = due.filter(|_| row.is_open).map(|d| (d - sight.today()).num_days());
        let place = match (&row.household, row.building.as_deref()) {
            (Some(door), _) => sight.address(door)?,
            (None, Some(b)) => {
                Some(address(&sight.building(b).unwrap_or_default(), row.unit.as_deref().unwrap_or_default(), ""))
            }
            (None, None) => row.grid.as_deref().and_then(|g| sight.grid(g)),
        };
        Ok(Self {
            text: row.text.unwrap_or_else(|| super::in_place::NO_WORDS.to_owned()),
            stage,
            stage_title: stage.title(),
            overdue: due_in_days.is_some_and(|days| days < 0),
            due_in_days,
            due_on,
            place,
            reported_on,
            updated: sight.time(row.updated_ms),
            ticket: row.ticket,
            category: row.category,
            size: row.size,
            source: row.source,
            reporter: row.reporter,
            household: row.household,
            is_open: row.is_open,
            party: row.party,
            opened_ms: row.opened_ms,
            updated_ms: row.updated_ms,
            conflicts: row.conflicts,
            pending: row.pending,
        })
    }
}

/// What the field `size` says of a large matter.
pub(crate) const LARGE: &str = "大事";

/// The matters of this filter. Open ones by the day they are due, others the newest first.
pub(crate) fn tickets(sight: &Sight<'_>, filter: &TicketFilter) -> Result<Vec<TicketLine>, StoreError> {
    let rows = match (filter.heap, &filter.household) {
        (_, Some(door)) => sight.tx.tickets_of(door)?,
        (TicketHeap::Over | TicketHeap::All, None) => sight.tx.tickets()?,
        (_, None) => sight.tx.open_tickets()?,
    };
    let mut lines = Vec::new();
    for row in rows {
        let line = TicketLine::of(sight, row)?;
        let in_heap = match filter.heap {
            TicketHeap::All => true,
            TicketHeap::Open => line.is_open,
            TicketHeap::Over => line.stage.is_over(),
            TicketHeap::Overdue => line.overdue,
            TicketHeap::Mine => line.is_open && can_go_on(sight, &line.ticket)?,
        };
        if in_heap && filter.category.as_ref().is_none_or(|c| line.category.as_ref() == Some(c)) {
            lines.push(line);
        }
    }
    if !matches!(filter.heap, TicketHeap::All | TicketHeap::Over) {
        lines.sort_by_key(|l| (l.due_in_days.unwrap_or(i64::MAX), l.opened_ms));
    }
    Ok(lines)
}

fn can_go_on(sight: &Sight<'_>, ticket: &str) -> Result<bool, StoreError> {
    let (Some(me), Ok(id)) = (sight.me, ticket.parse::<TicketId>()) else { return Ok(false) };
    let document = sight.document(id.into())?;
    let state = View::new(&document.register, &document.ring).ticket_state();
    Ok(!useful_steps(&state, me.role).is_empty())
}
