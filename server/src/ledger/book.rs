//! What an office's book contains once it has been read: typed, normalised, not yet a document.
//!
//! Two sources make a `Book`: the reader of a workbook and the invented community of the
//! demonstration. One consumer takes it: the import. Nothing here knows about spreadsheets,
//! documents or databases. A `Book` holds personal values in the clear and lives in memory only.

use chrono::NaiveDate;
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_proto::person::{IdentityNumber, Phone};
use serde::Serialize;
use std::collections::BTreeMap;

/// A whole book.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Name of the community if the book says it (title row), e.g. `和顺社区`.
    pub community: Option<String>,
    /// The sheets that rows came from; none where the book is invented.
    pub sheets: Vec<SheetColumns>,
    /// Grids in the order of the book.
    pub grids: Vec<GridRow>,
    /// Staff in the order of the book.
    pub staff: Vec<StaffRow>,
    /// Doors in the order of the book; a door stands once, with all its people.
    pub doors: Vec<DoorRow>,
    /// Tickets in the order of the book.
    pub tickets: Vec<TicketRow>,
    /// Rows that repeat a person who is already in the book, left out of `doors`.
    pub duplicates: u32,
    /// Rows taken although something in them is odd.
    pub warnings: Vec<Remark>,
    /// Rows that could not be taken.
    pub rejected: Vec<Remark>,
}

/// A sheet that rows came from: what it takes to point at one of its cells later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetColumns {
    /// Its name as the book spells it.
    pub name: String,
    /// The letters above its columns.
    pub letters: BTreeMap<Column, String>,
}

/// A column that somebody may have to look at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is what the office calls the column")]
pub enum Column {
    Grid,
    GridType,
    MicroGrid,
    Buildings,
    Quota,
    Room,
    Occupancy,
    Name,
    Sex,
    Relation,
    Identity,
    BornOn,
    Phone,
    Category,
    Role,
    Department,
    AppointedOn,
    Building,
    ReportedOn,
    Source,
    State,
    ClosedOn,
    Satisfaction,
}

/// A row of a book: which of [`Book::sheets`], and its number as the spreadsheet shows it, from 1. Both
/// are 0 where the book is invented.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Index of the sheet.
    pub sheet: usize,
    /// Number of the row.
    pub row: u32,
}

/// Where a row stands, for a person who has the book open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Sheet name as the book spells it.
    pub sheet: String,
    /// Row number as the spreadsheet shows it, from 1; 0 if it concerns the whole sheet.
    pub row: u32,
    /// Column letter as the spreadsheet shows it, e.g. `G`; empty if it concerns the whole row.
    pub column: String,
    /// Stable code, snake_case, e.g. `unknown_building`.
    pub code: String,
    /// A sentence in Chinese that names no person and quotes no personal value.
    pub sentence: String,
}

/// One grid of the sheet 网格划分.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// Where it stands; the first of its rows.
    pub origin: Origin,
    /// Name, e.g. `第一网格`.
    pub name: String,
    /// One of the nine types, e.g. `志愿型`, if the book says it.
    pub grid_type: Option<String>,
    /// Building names, normalised, e.g. `1号楼`.
    pub buildings: Vec<String>,
    /// Micro-grids in the order of the book; none where the book does not divide the grid.
    pub micro_grids: Vec<MicroGridRow>,
    /// Household quota (标准户数).
    pub quota: Option<u32>,
    /// Note (备注), e.g. `含底商`.
    pub note: Option<String>,
}

/// One micro-grid of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MicroGridRow {
    /// Where it stands; the first of its rows.
    pub origin: Origin,
    /// Name, e.g. `第一微网格`.
    pub name: String,
    /// Which of the grid's buildings, each in one micro-grid at most.
    pub buildings: Vec<String>,
}

/// One person of the sheet 花名册.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Where it stands.
    pub origin: Origin,
    /// Name.
    pub name: String,
    /// `男` or `女`.
    pub sex: Option<String>,
    /// Birth date.
    pub born_on: Option<NaiveDate>,
    /// Role as the book spells it, e.g. `网格长助理`.
    pub role: String,
    /// Grid name; `None` = the whole community (全社区).
    pub grid: Option<String>,
    /// Phone.
    pub phone: Option<Phone>,
    /// Department or unit (部门/单位).
    pub department: Option<String>,
    /// Date of appointment (任职时间).
    pub appointed_on: Option<NaiveDate>,
}

/// One door of the sheet 居民台账.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorRow {
    /// Where it stands; the first of its rows.
    pub origin: Origin,
    /// Grid name.
    pub grid: String,
    /// Building name, normalised.
    pub building: String,
    /// Unit, normalised.
    pub unit: UnitKey,
    /// Room, normalised.
    pub room: RoomKey,
    /// Occupancy as the book says it: 自住, 出租, 空置, 人户分离 …
    pub occupancy: Option<String>,
    /// Note (备注) of a row that names nobody; a person's note stands with the person.
    pub note: Option<String>,
    /// People, head first if the book marks one.
    pub people: Vec<PersonRow>,
}

/// An answer as the book records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told<T> {
    /// The cell is empty.
    Nothing,
    /// 拒绝 / 不愿提供 / 保密: the person refused.
    Refused,
    /// A value.
    Value(T),
}

impl<T> Told<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }

    /// The value, if there is one.
    pub fn into_value(self) -> Option<T> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }
}

/// One resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Where it stands.
    pub origin: Origin,
    /// Name.
    pub name: Told<String>,
    /// Relation to the head of household (户主, 配偶, …).
    pub relation: Option<String>,
    /// Identity number; kept as written (upper-case X, no blanks) even where its check digit is wrong.
    pub identity: Told<IdentityNumber>,
    /// Birth date.
    pub born_on: Told<NaiveDate>,
    /// Phone.
    pub phone: Told<Phone>,
    /// Care and other categories (人员类别), each once.
    pub categories: Vec<String>,
    /// Note (备注).
    pub note: Option<String>,
}

/// One ticket of the sheet 诉求台账.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRow {
    /// Where it stands.
    pub origin: Origin,
    /// Date reported.
    pub reported_on: NaiveDate,
    /// Source as the book says it (巡查, 电话, 微信群, 12345 …).
    pub source: Option<String>,
    /// Place as the book says it.
    pub place: Option<String>,
    /// Building, normalised, if the place names one that exists.
    pub building: Option<String>,
    /// Unit, if the place names one.
    pub unit: Option<UnitKey>,
    /// What it is about.
    pub text: String,
    /// Category.
    pub category: Option<String>,
    /// True for 大事.
    pub big: bool,
    /// State as the book says it: 已上报, 办理中, 已办结, 联席会议 …
    pub state: Option<String>,
    /// Date closed.
    pub closed_on: Option<NaiveDate>,
    /// True where feedback was given (已反馈).
    pub fed_back: bool,
    /// Satisfaction as the book says it (满意, 基本满意, 不满意).
    pub satisfaction: Option<String>,
}
