//! Lists of matters, and what a matter can be: categories and terms.

use super::numbers::unsigned;
use super::{StoreError, TicketRow, Tx, sql};
use qiaomen_proto::ids::{BuildingId, GridId, HouseholdId, Kind, StreamId, TicketId};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, Row, params, params_from_iter};

/// Columns of a matter's row, in the order in which [`ticket`] reads them.
pub(super) const TICKET: &str =
    "ticket, grid, building, household, category, size, stage, due_on, opened_ms, closed_ms,
    conflict_count, is_open, large, party, department, due_by, joint, joint_since_ms";

type Bytes16 = [u8; 16];

pub(super) fn ticket(r: &Row<'_>) -> rusqlite::Result<TicketRow> {
    Ok(TicketRow {
        ticket: TicketId::from_bytes(r.get(0)?),
        grid: r.get::<_, Option<Bytes16>>(1)?.map(GridId::from_bytes),
        building: r.get::<_, Option<Bytes16>>(2)?.map(BuildingId::from_bytes),
        household: r.get::<_, Option<Bytes16>>(3)?.map(HouseholdId::from_bytes),
        category: r.get(4)?,
        size: r.get(5)?,
        stage: r.get(6)?,
        due_on: r.get(7)?,
        opened_ms: r.get::<_, Option<i64>>(8)?.map(unsigned),
        closed_ms: r.get::<_, Option<i64>>(9)?.map(unsigned),
        conflict_count: r.get(10)?,
        is_open: r.get(11)?,
        large: r.get(12)?,
        party: r.get(13)?,
        department: r.get(14)?,
        due_by: r.get(15)?,
        joint: r.get(16)?,
        joint_since_ms: r.get::<_, Option<i64>>(17)?.map(unsigned),
    })
}

/// Which heap of matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TicketList {
    /// Somebody still has to do something.
    #[default]
    Open,
    /// Nothing more is to be done.
    Over,
    /// All.
    All,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TicketOrder {
    /// By the day they are due, the latest late first; those without a day last.
    #[default]
    Due,
    /// The newest first.
    Newest,
    /// As they came before the joint meeting.
    Joint,
}

/// Which matters are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketsAsked {
    /// Which heap.
    pub list: TicketList,
    /// Only in these grids, as documents stand in them now.
    pub grids: Option<Vec<GridId>>,
    /// Only in these stages, by number; none: any.
    pub stages: Vec<u8>,
    /// Only of this category.
    pub category: Option<String>,
    /// Only large ones, or small.
    pub large: Option<bool>,
    /// Only this department's.
    pub department: Option<String>,
    /// Only those due on this day or later.
    pub due_from: Option<String>,
    /// Only those due before this day.
    pub due_before: Option<String>,
    /// Only those before the joint meeting.
    pub joint: bool,
}

/// How many matters are open, and how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TicketCounts {
    /// Open.
    pub open: u64,
    /// Open and late.
    pub overdue: u64,
    /// Open and due on this day.
    pub today: u64,
    /// Before the joint meeting.
    pub joint: u64,
    /// Open and large.
    pub large: u64,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRow {
    /// What people call it.
    pub name: String,
    /// Days that such a matter has, unless somebody says otherwise.
    pub days: Option<u32>,
}

/// How long a matter may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRow {
    /// Days after today; 0 is the same day.
    pub days: u32,
    /// What people call it.
    pub label: String,
    /// Whether the resident has to consent.
    pub consent: bool,
}

impl TicketsAsked {
    /// The conditions, and what stands in their places.
    fn conditions(&self) -> (String, Vec<Value>) {
        let (mut texts, mut values) = (Vec::new(), Vec::new());
        match self.list {
            TicketList::Open => texts.push("is_open = 1".to_owned()),
            TicketList::Over => texts.push("is_open = 0".to_owned()),
            TicketList::All => {}
        }
        if let Some(grids) = &self.grids {
            // Where a matter is says whose it is; the grid that was written down may have been split since.
            let streams = vec!["?"; grids.len()].join(",");
            texts.push(format!(
                "ticket IN (SELECT substr(doc, 2) FROM member WHERE stream IN ({streams}) AND doc >= ? AND doc < ?)"
            ));
            values.extend(grids.iter().map(|g| Value::Text(StreamId::Grid(*g).to_text())));
            let kind = Kind::Ticket.number();
            values.extend([Value::Blob(vec![kind]), Value::Blob(vec![kind + 1])]);
        }
        if !self.stages.is_empty() {
            texts.push(format!("stage IN ({})", vec!["?"; self.stages.len()].join(",")));
            values.extend(self.stages.iter().map(|s| Value::Integer(i64::from(*s))));
        }
        let mut text = |condition: &str, value: &Option<String>| {
            if let Some(value) = value {
                texts.push(condition.to_owned());
                values.push(Value::Text(value.clone()));
            }
        };
        text("category = ?", &self.category);
        text("department = ?", &self.department);
        text("due_by >= ?", &self.due_from);
        text("due_by < ?", &self.due_before);
        if let Some(large) = self.large {
            texts.push("large = ?".to_owned());
            values.push(Value::Integer(i64::from(large)));
        }
        if self.joint {
            texts.push("joint = 1".to_owned());
        }
        let texts = if texts.is_empty() { "1".to_owned() } else { texts.join(" AND ") };
        (texts, values)
    }
}

impl Tx<'_> {
    /// One matter's row.
    pub fn ticket(&self, id: TicketId) -> Result<Option<TicketRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached(&format!("SELECT {TICKET} FROM ticket WHERE ticket = ?1"))
            .map_err(sql("ticket"))?;
        s.query_row([id.as_bytes()], ticket).optional().map_err(sql("ticket"))
    }

    /// Matters, a page of them.
    pub fn tickets(
        &self,
        asked: &TicketsAsked,
        order: TicketOrder,
        after: usize,
        limit: usize,
    ) -> Result<Vec<TicketRow>, StoreError> {
        let (conditions, mut values) = asked.conditions();
        let order = match order {
            TicketOrder::Due => "due_by IS NULL, due_by, opened_ms, ticket",
            TicketOrder::Newest => "coalesce(closed_ms, opened_ms) DESC, ticket",
            TicketOrder::Joint => "joint_since_ms, opened_ms, ticket",
        };
        let text = format!("SELECT {TICKET} FROM ticket WHERE {conditions} ORDER BY {order} LIMIT ? + 0 OFFSET ? + 0");
        values.extend([limit, after].map(|n| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))));
        let mut s = self.conn.prepare_cached(&text).map_err(sql("tickets"))?;
        let rows = s.query_map(params_from_iter(values), ticket).map_err(sql("tickets"))?;
        rows.collect::<Result<_, _>>().map_err(sql("tickets"))
    }

    /// How many of them, by stage.
    pub fn tickets_by_stage(&self, asked: &TicketsAsked) -> Result<Vec<(u8, u64)>, StoreError> {
        let (conditions, values) = asked.conditions();
        let text = format!("SELECT stage, count(*) FROM ticket WHERE {conditions} GROUP BY stage ORDER BY stage");
        let mut s = self.conn.prepare_cached(&text).map_err(sql("tickets by stage"))?;
        let rows = s
            .query_map(params_from_iter(values), |r| Ok((r.get(0)?, unsigned(r.get(1)?))))
            .map_err(sql("tickets by stage"))?;
        rows.collect::<Result<_, _>>().map_err(sql("tickets by stage"))
    }

    /// How they stand on this day.
    pub fn ticket_counts(&self, asked: &TicketsAsked, today: &str) -> Result<TicketCounts, StoreError> {
        let (conditions, mut values) = asked.conditions();
        values.splice(0..0, [Value::Text(today.to_owned()), Value::Text(today.to_owned())]);
        let text = format!(
            "SELECT count(*), coalesce(sum(due_by < ?), 0), coalesce(sum(due_by = ?), 0), coalesce(sum(joint), 0),
                    coalesce(sum(large), 0) FROM ticket WHERE {conditions}"
        );
        let mut s = self.conn.prepare_cached(&text).map_err(sql("ticket counts"))?;
        s.query_row(params_from_iter(values), |r| {
            Ok(TicketCounts {
                open: unsigned(r.get(0)?),
                overdue: unsigned(r.get(1)?),
                today: unsigned(r.get(2)?),
                joint: unsigned(r.get(3)?),
                large: unsigned(r.get(4)?),
            })
        })
        .map_err(sql("ticket counts"))
    }

    /// Every matter, to make its row anew.
    pub fn ticket_ids(&self) -> Result<Vec<TicketId>, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT ticket FROM ticket").map_err(sql("ticket ids"))?;
        let rows = s.query_map([], |r| r.get::<_, Bytes16>(0)).map_err(sql("ticket ids"))?;
        rows.map(|r| r.map(TicketId::from_bytes).map_err(sql("ticket ids"))).collect()
    }

    /// Words that stand in matters and in no table: departments, or categories.
    pub fn ticket_departments(&self) -> Result<Vec<String>, StoreError> {
        self.texts("SELECT DISTINCT department FROM ticket WHERE department IS NOT NULL ORDER BY department")
    }
    /// Categories that matters have.
    pub fn ticket_categories_used(&self) -> Result<Vec<String>, StoreError> {
        self.texts("SELECT DISTINCT category FROM ticket WHERE category IS NOT NULL ORDER BY category")
    }
    fn texts(&self, text: &str) -> Result<Vec<String>, StoreError> {
        let mut s = self.conn.prepare_cached(text).map_err(sql("words of tickets"))?;
        let rows = s.query_map([], |r| r.get(0)).map_err(sql("words of tickets"))?;
        rows.collect::<Result<_, _>>().map_err(sql("words of tickets"))
    }

    /// What a matter can be, in order.
    pub fn categories(&self) -> Result<Vec<CategoryRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT name, days FROM ticket_category ORDER BY position, name")
            .map_err(sql("categories"))?;
        let rows =
            s.query_map([], |r| Ok(CategoryRow { name: r.get(0)?, days: r.get(1)? })).map_err(sql("categories"))?;
        rows.collect::<Result<_, _>>().map_err(sql("categories"))
    }
    /// Sets what a matter can be.
    pub fn set_categories(&self, rows: &[CategoryRow]) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM ticket_category")
            .and_then(|mut s| s.execute([]))
            .map_err(sql("categories"))?;
        let mut s = self
            .conn
            .prepare_cached("INSERT INTO ticket_category VALUES (?1, ?2, ?3)")
            .map_err(sql("set categories"))?;
        for (position, row) in (1i64..).zip(rows) {
            s.execute(params![row.name, position, row.days]).map_err(sql("set categories"))?;
        }
        Ok(())
    }
    /// How long a matter may take, the shortest first.
    pub fn terms(&self) -> Result<Vec<TermRow>, StoreError> {
        let mut s = self
            .conn
            .prepare_cached("SELECT days, label, consent FROM ticket_term ORDER BY days")
            .map_err(sql("terms"))?;
        let rows = s
            .query_map([], |r| Ok(TermRow { days: r.get(0)?, label: r.get(1)?, consent: r.get(2)? }))
            .map_err(sql("terms"))?;
        rows.collect::<Result<_, _>>().map_err(sql("terms"))
    }
    /// Sets how long a matter may take.
    pub fn set_terms(&self, rows: &[TermRow]) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM ticket_term")
            .and_then(|mut s| s.execute([]))
            .map_err(sql("set terms"))?;
        let mut s =
            self.conn.prepare_cached("INSERT INTO ticket_term VALUES (?1, ?2, ?3)").map_err(sql("set terms"))?;
        for row in rows {
            s.execute(params![row.days, row.label, row.consent]).map_err(sql("set terms"))?;
        }
        Ok(())
    }
}
