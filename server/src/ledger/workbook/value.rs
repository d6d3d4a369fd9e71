//! Cells as values, or as the problem that they are.

use super::cell::Cell;
use super::remark::Problem;
use super::table::Row;
use super::words::Field;
use crate::ledger::book::{Remark, Told};
use chrono::NaiveDate;
use qiaomen_proto::person::{Phone, is_refusal, parse_date};

/// What people write into a cell that stays empty.
const NOTHING: [&str; 14] =
    ["无", "没有", "暂无", "不详", "未知", "未提供", "未登记", "空", "/", "-", "--", "—", "——", "N/A"];

/// What a person reads in the cell; nothing if it is empty or only says that there is nothing.
pub(super) fn text(cell: &Cell) -> Option<String> {
    cell.text().filter(|text| !NOTHING.contains(&text.as_str()))
}

/// A cell in which the resident may have refused.
pub(super) fn told<T>(cell: &Cell, read: impl FnOnce(&str) -> Option<T>) -> Result<Told<T>, ()> {
    match text(cell) {
        None if *cell == Cell::Broken => Err(()),
        None => Ok(Told::Nothing),
        Some(text) if is_refusal(&text) => Ok(Told::Refused),
        Some(text) => read(&text).map(Told::Value).ok_or(()),
    }
}

/// A cell with a day.
pub(super) fn told_day(cell: &Cell) -> Result<Told<NaiveDate>, Problem> {
    told(cell, parse_date).map_err(|()| Problem::DateUnreadable)
}

/// The first day of the month, where a cell tells the month and no day: 1978.02, 1978年2月, 197802.
pub(super) fn first_of_month(cell: &Cell) -> Option<NaiveDate> {
    let text = text(cell)?;
    let month = text.trim_end_matches('月');
    let has_sign = month.contains(|c: char| !c.is_ascii_digit());
    parse_date(&if has_sign { format!("{month}.1") } else { format!("{month}01") })
}

/// A cell with a phone.
pub(super) fn told_phone(cell: &Cell) -> Result<Told<Phone>, Problem> {
    let read = |text: &str| {
        // A landline kept as a number has lost the zero of its area code.
        let lost_zero = || matches!(cell, Cell::Number(_)).then(|| format!("0{text}"));
        Phone::parse(text).ok().or_else(|| Phone::parse(&lost_zero()?).ok())
    };
    told(cell, read).map_err(|()| Problem::PhoneUnreadable)
}

/// Several values in one cell, each once, in their order: 独居老人,残疾.
pub(super) fn list(text: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for part in text.split([',', '，', '、', ';', '；', '/', '|', '\n', ' ', '\u{3000}']) {
        let part = part.trim();
        if !part.is_empty() && !values.iter().any(|value| value == part) {
            values.push(part.to_owned());
        }
    }
    values
}

/// What is wrong in one row, all of it, so that a person puts it right in one go.
#[derive(Default)]
pub(super) struct Faults(Vec<(Field, Problem)>);

impl Faults {
    pub(super) fn push(&mut self, field: Field, problem: Problem) {
        self.0.push((field, problem))
    }

    /// The value, or nothing and a fault more.
    pub(super) fn sift<T>(&mut self, field: Field, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.push(field, problem)).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One remark for the row: place and code of the first fault, the sentences of all.
    pub(super) fn remark(&self, row: &Row<'_>) -> Option<Remark> {
        let (field, problem) = self.0.first()?;
        let mut remark = row.remark(Some(*field), *problem);
        let all: Vec<String> = self.0.iter().map(|(field, problem)| problem.words(Some(*field))).collect();
        remark.sentence = format!("第 {} 行：{}", row.number(), all.join("；"));
        Some(remark)
    }
}
