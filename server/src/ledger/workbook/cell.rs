//! One cell, one row: what is left of the format when the file has been opened.

use calamine::{DataRef, DataType};
use chrono::NaiveDate;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Cell {
    /// Nothing, or only blanks.
    #[default]
    Empty,
    /// Text without blanks at its ends; never empty.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// Something that is no value: `#REF!`, a span of time, a date beyond the calendar.
    Broken,
}

/// A number beyond this has lost its last digits: spreadsheets keep 15.
const EXACT_MAX: f64 = 1e15;
/// Days that a spreadsheet can show, 1900 to 9999; the reader's arithmetic is only asked for these.
const SERIALS: std::ops::Range<f64> = 0.0..2_958_466.0;

impl Cell {
    /// The cell as the reader of the format gives it.
    pub(super) fn of(value: &DataRef<'_>) -> Self {
        match value {
            DataRef::Empty => Self::Empty,
            DataRef::String(text) | DataRef::DateTimeIso(text) => Self::of_text(text),
            DataRef::SharedString(text) => Self::of_text(text),
            DataRef::Int(number) => Self::Number(*number as f64),
            DataRef::Float(number) => Self::Number(*number),
            DataRef::Bool(yes) => Self::Text(if *yes { "是" } else { "否" }.into()),
            DataRef::DateTime(at) if at.is_datetime() && SERIALS.contains(&at.as_f64()) => {
                value.as_date().map_or(Self::Broken, Self::Date)
            }
            DataRef::DateTime(_) | DataRef::DurationIso(_) | DataRef::Error(_) => Self::Broken,
        }
    }

    fn of_text(text: &str) -> Self {
        let blank = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
        let text = text.trim_matches(blank).trim_start_matches('\'');
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The cell as a person reads it; nothing for an empty or broken cell.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Empty | Self::Broken => None,
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(format!("{number}")),
            Self::Date(day) => Some(day.to_string()),
        }
    }

    /// Whether it is a number whose last digits the spreadsheet has lost.
    pub(super) fn is_rounded(&self) -> bool {
        matches!(self, Self::Number(number) if number.abs() >= EXACT_MAX)
    }
}

/// One row with at least one cell that is not empty.
#[derive(Debug)]
pub(super) struct SheetRow {
    /// As the spreadsheet shows it, from 1.
    pub(super) number: u32,
    /// From column A; shorter than the sheet where the rest is empty.
    pub(super) cells: Vec<Cell>,
}

impl SheetRow {
    pub(super) fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

/// One sheet with what is in it.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) hidden: bool,
    /// Rows that are not empty, downwards.
    pub(super) rows: Vec<SheetRow>,
}

/// The letter above a column: 0 is A, 26 is AA.
pub(super) fn column_letter(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_the_letter_that_the_spreadsheet_shows() {
        let shown = [(0, "A"), (6, "G"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")];
        for (column, letter) in shown {
            assert_eq!(column_letter(column), letter);
        }
    }

    #[test]
    fn a_whole_number_reads_without_a_decimal_point() {
        assert_eq!(Cell::Number(13_669_074_391.0).text().as_deref(), Some("13669074391"));
        assert_eq!(Cell::Number(101.0).text().as_deref(), Some("101"));
        assert!(Cell::Number(999_487_198_801_078_265.0).is_rounded());
    }
}
