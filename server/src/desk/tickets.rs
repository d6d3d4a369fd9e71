//! Lists of matters: a page of them, a board by stage, what is before the joint meeting. Of each row only its own
//! document is opened, and only for the text.

use crate::office::{Office, OfficeError, day};
use crate::people::posts::Sight;
use crate::review::words::{self, Words};
use crate::store::sqlite::{TicketCounts, TicketList, TicketOrder, TicketRow, TicketsAsked};
use crate::store::{StoreError, Tx};
use chrono::NaiveDate;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{GridId, StreamId, TicketId};
use qiaomen_proto::merge::fold::{EventKind, Stage};
use serde::Serialize;

/// Matters on one page.
pub const PAGE: usize = 50;
/// Cards in one column of the board; the list has the rest.
pub const CARDS: usize = 12;
/// Characters of a text in a list.
const SHORT_CHARACTERS: usize = 42;
/// Matters on the list of a joint meeting: more than one evening can hear.
pub const JOINT_MAX: usize = 200;

/// Which matters somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which heap.
    pub list: TicketList,
    /// Only of this grid.
    pub grid: Option<GridId>,
    /// Only in this stage, or in those of this column of the board.
    pub stage: Option<String>,
    /// Only of this category.
    pub category: Option<String>,
    /// Only large ones, or small.
    pub large: Option<bool>,
    /// Only this department's.
    pub department: Option<String>,
    /// Only those that are late; with the next, these too.
    pub overdue: bool,
    /// Only those that are due today; with the one before, these too.
    pub today: bool,
}

/// One matter in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketLine {
    /// Id.
    pub ticket: TicketId,
    /// Its number on paper.
    pub number: String,
    /// What it is, on one line.
    pub text: String,
    /// Where.
    pub place: String,
    /// In which grids.
    pub grids: Vec<String>,
    /// Category.
    pub category: String,
    /// Whether it is large.
    pub large: bool,
    /// Where it stands.
    pub stage: Stage,
    /// Who does it.
    pub party: Option<String>,
    /// Which department answers for it, where that is somebody else.
    pub department: Option<String>,
    /// By when, if a day is set.
    pub due_by: Option<String>,
    /// The same as it feels today.
    pub due: Option<Due>,
    /// When it was told.
    pub opened: String,
    /// When it was completed.
    pub closed: Option<String>,
    /// When it was taken to the joint meeting.
    pub joint_since: Option<String>,
    /// Places where the office has to decide.
    pub conflict_count: u32,
}

/// How the day it is due stands to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Days that it is late.
    Late(i64),
    /// Today.
    Today,
    /// Days that are left.
    In(i64),
}

impl Due {
    fn of(due_by: Option<&str>, today: NaiveDate) -> Option<Self> {
        let days = (due_by?.parse::<NaiveDate>().ok()? - today).num_days();
        Some(match days {
            ..0 => Due::Late(-days),
            0 => Due::Today,
            _ => Due::In(days),
        })
    }
    /// As people say it.
    pub fn words(self) -> String {
        match self {
            Due::Late(days) => format!("超期 {days} 天"),
            Due::Today => "今天到期".to_owned(),
            Due::In(days) => format!("还有 {days} 天"),
        }
    }
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketPage {
    /// The matters.
    pub lines: Vec<TicketLine>,
    /// How many there are in all.
    pub total: u64,
}

/// A column of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardColumn {
    /// Its word, for the filter of the list.
    pub word: &'static str,
    /// What is to be done with what stands in it.
    pub title: &'static str,
    /// How many stand in it.
    pub count: u64,
    /// The first of them.
    pub cards: Vec<TicketLine>,
}

/// Columns of the board: its word, what is to be done, and the stages in which that is so.
pub const COLUMNS: [(&str, &str, &[Stage]); 6] = [
    ("to_accept", "待受理", &[Stage::Reported, Stage::SentBack]),
    ("to_assign", "待派遣", &[Stage::Accepted]),
    ("to_do", "办理", &[Stage::Assigned, Stage::InProgress]),
    ("to_check", "待核查", &[Stage::FedBack]),
    ("to_close", "待办结", &[Stage::Checked]),
    ("joint", "联席会议", &[Stage::JointMeeting]),
];

/// The permanent word of a stage, in addresses.
pub fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "draft",
        Stage::Reported => "reported",
        Stage::Accepted => "accepted",
        Stage::Assigned => "assigned",
        Stage::InProgress => "in_progress",
        Stage::FedBack => "fed_back",
        Stage::Checked => "checked",
        Stage::Closed => "closed",
        Stage::Rated => "rated",
        Stage::ClosedOnSpot => "closed_on_spot",
        Stage::JointMeeting => "joint_meeting",
        Stage::SentBack => "sent_back",
        Stage::Void => "void",
        Stage::Duplicate => "duplicate",
    }
}

fn stages(word: &str) -> Vec<u8> {
    let column = COLUMNS.iter().find(|(w, ..)| *w == word).map(|(_, _, stages)| stages.to_vec());
    let of_word = || Stage::ALL.into_iter().filter(|s| stage_word(*s) == word).collect();
    column.unwrap_or_else(of_word).into_iter().map(Stage::number).collect()
}

/// What is asked for, held to what somebody sees.
fn asked(sight: &Sight, filter: &Filter, today: NaiveDate) -> TicketsAsked {
    let grids = match (&sight.grids, filter.grid) {
        (None, grid) => grid.map(|g| vec![g]),
        (Some(mine), None) => Some(mine.iter().copied().collect()),
        (Some(mine), Some(grid)) => Some(mine.iter().copied().filter(|g| *g == grid).collect()),
    };
    let (this, next) = (today.to_string(), today.succ_opt().unwrap_or(today).to_string());
    let (due_from, due_before) = match (filter.overdue, filter.today) {
        (false, false) => (None, None),
        (true, false) => (None, Some(this)),
        (false, true) => (Some(this), Some(next)),
        (true, true) => (None, Some(next)),
    };
    TicketsAsked {
        list: filter.list,
        grids,
        stages: filter.stage.as_deref().map(stages).unwrap_or_default(),
        category: filter.category.clone(),
        large: filter.large,
        department: sight.department.clone().or_else(|| filter.department.clone()),
        due_from,
        due_before,
        joint: false,
    }
}

/// A page of the list, the latest late first.
pub fn list(office: &Office, sight: &Sight, filter: &Filter, page: usize) -> Result<TicketPage, OfficeError> {
    let today = day(office.now_ms());
    let asked = asked(sight, filter, today);
    let order = if filter.list == TicketList::Open { TicketOrder::Due } else { TicketOrder::Newest };
    office.store().read(|tx| {
        let total = tx.tickets_by_stage(&asked)?.into_iter().map(|(_, n)| n).sum();
        let rows = tx.tickets(&asked, order, page.saturating_mul(PAGE), PAGE)?;
        Ok(TicketPage { lines: lines(office, tx, rows, today)?, total })
    })
}

/// The board. Only what is open stands on it.
pub fn board(office: &Office, sight: &Sight, filter: &Filter) -> Result<Vec<BoardColumn>, OfficeError> {
    let today = day(office.now_ms());
    office.store().read(|tx| {
        let all = asked(sight, &Filter { list: TicketList::Open, stage: None, ..filter.clone() }, today);
        let counts = tx.tickets_by_stage(&all)?;
        let mut columns = Vec::with_capacity(COLUMNS.len());
        for (word, title, stages) in COLUMNS {
            let numbers: Vec<u8> = stages.iter().map(|s| s.number()).collect();
            let count = counts.iter().filter(|(stage, _)| numbers.contains(stage)).map(|(_, n)| n).sum();
            let rows = tx.tickets(&TicketsAsked { stages: numbers, ..all.clone() }, TicketOrder::Due, 0, CARDS)?;
            columns.push(BoardColumn { word, title, count, cards: lines(office, tx, rows, today)? });
        }
        Ok(columns)
    })
}

/// What is before the joint meeting, as it came, each with why it was taken there.
pub fn joint(office: &Office, sight: &Sight) -> Result<Vec<(TicketLine, Option<String>)>, OfficeError> {
    let today = day(office.now_ms());
    let asked = TicketsAsked { joint: true, ..asked(sight, &Filter::default(), today) };
    office.store().read(|tx| {
        let rows = tx.tickets(&asked, TicketOrder::Joint, 0, JOINT_MAX)?;
        let mut list = Vec::with_capacity(rows.len());
        for line in lines(office, tx, rows, today)? {
            let why = why_joint(office, tx, line.ticket)?;
            list.push((line, why));
        }
        Ok(list)
    })
}

fn why_joint(office: &Office, tx: &Tx<'_>, ticket: TicketId) -> Result<Option<String>, OfficeError> {
    let Some(register) = tx.register(ticket.into())? else { return Ok(None) };
    let ring = office.ring(tx, [ticket.0])?;
    let view = View::new(&register, &ring);
    let last = view.events().into_iter().rfind(|e| e.payload.kind == EventKind::Escalate);
    Ok(last.and_then(|e| e.payload.text).map(|text| view.sealed_text(&text).label().to_owned()))
}

/// How what is open stands, within somebody's sight.
pub fn counts(office: &Office, sight: &Sight) -> Result<TicketCounts, OfficeError> {
    let today = day(office.now_ms());
    let asked = asked(sight, &Filter::default(), today);
    Ok(office.store().read(|tx| tx.ticket_counts(&asked, &today.to_string()))?)
}

fn lines(office: &Office, tx: &Tx<'_>, rows: Vec<TicketRow>, today: NaiveDate) -> Result<Vec<TicketLine>, OfficeError> {
    let mut words = Words::new(office, tx)?;
    rows.into_iter().map(|row| line(office, tx, &mut words, row, today)).collect()
}

/// One row in words.
pub(super) fn line(
    office: &Office,
    tx: &Tx<'_>,
    words: &mut Words<'_, '_>,
    row: TicketRow,
    today: NaiveDate,
) -> Result<TicketLine, OfficeError> {
    let doc = row.ticket.into();
    let register = tx.register(doc)?.ok_or(StoreError::Damaged("a matter without a document"))?;
    let ring = office.ring(tx, [row.ticket.0])?;
    let view = View::new(&register, &ring);
    let grids = tx.streams_of(doc)?.into_iter().filter_map(|s| match s {
        StreamId::Grid(grid) => words.grid(grid).map(str::to_owned),
        _ => None,
    });
    let grids = grids.collect();
    let text = view.field("text").map_or("（没有写内容）".to_owned(), |f| f.shown.label().to_owned());
    let due = if row.is_open { Due::of(row.due_by.as_deref(), today) } else { None };
    Ok(TicketLine {
        number: number(row.ticket, row.opened_ms),
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        place: words.spot(&view)?,
        grids,
        category: row.category.unwrap_or_else(|| "未分类".to_owned()),
        large: row.large,
        stage: Stage::from_number(row.stage).unwrap_or_default(),
        department: row.department.filter(|d| row.party.as_ref() != Some(d)),
        party: row.party,
        due_by: row.due_by,
        due,
        opened: row.opened_ms.map(words::time).unwrap_or_default(),
        closed: row.closed_ms.map(words::time),
        joint_since: row.joint_since_ms.map(words::time),
        conflict_count: row.conflict_count,
        ticket: row.ticket,
    })
}

/// The number that a matter has on paper: the day it was told, and the end of its id, as the phone ends it.
pub fn number(ticket: TicketId, opened_ms: Option<u64>) -> String {
    let id = ticket.0.simple().to_string().to_uppercase();
    let end = id.get(id.len().saturating_sub(6)..).unwrap_or_default();
    match opened_ms {
        Some(at) => format!("{}-{end}", day(at).format("%Y%m%d")),
        None => end.to_owned(),
    }
}

/// The beginning of a text, for a list.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(SHORT_CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_late_today_or_to_come() {
        let today: NaiveDate = "2026-03-05".parse().unwrap();
        let due = |day| Due::of(Some(day), today).map(Due::words);
        assert_eq!(due("2026-03-04").as_deref(), Some("超期 1 天"));
        assert_eq!(due("2026-03-05").as_deref(), Some("今天到期"));
        assert_eq!(due("2026-03-12").as_deref(), Some("还有 7 天"));
        assert_eq!(due("someday"), None);
    }

    #[test]
    fn each_open_stage_stands_in_one_column_of_the_board() {
        for stage in Stage::ALL {
            let columns = COLUMNS.iter().filter(|(_, _, stages)| stages.contains(&stage)).count();
            assert_eq!(columns, usize::from(stage.is_open()), "{}", stage.title());
        }
    }

    #[test]
    fn a_long_text_ends_where_a_list_has_no_more_room() {
        assert_eq!(short("灯不亮"), "灯不亮");
        assert_eq!(short(&"灯".repeat(43)), format!("{}…", "灯".repeat(42)));
    }
}
