//! One sheet: its title over all columns, its headings in one or two rows, its rows. Cells are text, as the office
//! types them, but for what is counted with: an identity number kept as a number loses its last digits.

use super::WriteError;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, IgnoreError, Worksheet, XlsxError};

/// Rows of one sheet at most: as many as the reader takes back.
pub const ROWS_MAX: u32 = 100_000;
/// Letters of one cell at most, with room for the sentence that says that there is more. The format has 32,767.
const CELL_LETTERS_MAX: usize = 32_000;
/// What ends a text that is too long for a cell.
const CUT: &str = "……（太长，没有写完）";
/// Paper A4, as the format numbers it.
const A4: u8 = 9;
/// What the reader of books takes for an empty cell: written as one, so that it is known again as what it is.
const NOTHING: [&str; 14] =
    ["无", "没有", "暂无", "不详", "未知", "未提供", "未登记", "空", "/", "-", "--", "—", "——", "N/A"];

/// How cells look.
pub(super) struct Formats {
    title: Format,
    heading: Format,
    text: Format,
    wrapped: Format,
    number: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let cell =
            Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter).set_num_format("@");
        Self {
            title: Format::new()
                .set_bold()
                .set_font_size(16)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            heading: Format::new()
                .set_bold()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            wrapped: cell.clone().set_text_wrap(),
            number: cell.clone().set_num_format("0"),
            text: cell,
        }
    }
}

/// A column: what stands above it, and how wide it is in letters.
pub(super) struct Column {
    pub(super) heading: &'static str,
    /// The heading over several columns, if there is one.
    pub(super) above: Option<&'static str>,
    pub(super) width: f64,
    pub(super) wraps: bool,
    /// What stands in it is counted with.
    pub(super) counts: bool,
}

impl Column {
    pub(super) const fn new(heading: &'static str, width: f64) -> Self {
        Self { heading, above: None, width, wraps: false, counts: false }
    }
    pub(super) const fn under(self, above: &'static str) -> Self {
        Self { above: Some(above), ..self }
    }
    pub(super) const fn counting(self) -> Self {
        Self { counts: true, ..self }
    }
    pub(super) const fn wrapping(self) -> Self {
        Self { wraps: true, ..self }
    }
}

/// A sheet that is being written, downwards.
pub(super) struct Sheet<'w> {
    sheet: &'w mut Worksheet,
    format: &'w Formats,
    columns: &'static [Column],
    name: &'static str,
    row: u32,
}

impl<'w> Sheet<'w> {
    /// A sheet with its title, if it has one, and its headings.
    pub(super) fn new(
        sheet: &'w mut Worksheet,
        format: &'w Formats,
        name: &'static str,
        title: Option<&str>,
        columns: &'static [Column],
    ) -> Result<Self, WriteError> {
        sheet.set_name(name)?.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_footer("&C第 &P 页，共 &N 页");
        let last = at(columns.len().saturating_sub(1));
        let mut row = 0;
        if let Some(title) = title {
            sheet.merge_range(0, 0, 0, last, title, &format.title)?.set_row_height(0, 30)?;
            row = 1;
        }
        for (n, column) in columns.iter().enumerate() {
            sheet.set_column_width(at(n), column.width)?;
        }
        let two = columns.iter().any(|c| c.above.is_some());
        let mut n = 0;
        while let Some(column) = columns.get(n) {
            let same = columns.iter().skip(n).take_while(|c| c.above.is_some() && c.above == column.above).count();
            match column.above {
                Some(above) => {
                    sheet.merge_range(row, at(n), row, at(n + same - 1), above, &format.heading)?;
                    for (under, column) in (n..).zip(columns.iter().skip(n).take(same)) {
                        sheet.write_string_with_format(row + 1, at(under), column.heading, &format.heading)?;
                    }
                    n += same;
                }
                None if two => {
                    sheet.merge_range(row, at(n), row + 1, at(n), column.heading, &format.heading)?;
                    n += 1;
                }
                None => {
                    sheet.write_string_with_format(row, at(n), column.heading, &format.heading)?;
                    n += 1;
                }
            }
        }
        row += if two { 2 } else { 1 };
        sheet.set_freeze_panes(row, 0)?.set_repeat_rows(0, row - 1)?;
        Ok(Self { sheet, format, columns, name, row })
    }

    /// A row. Cells that are empty are written with their border and nothing in them.
    pub(super) fn row(&mut self, cells: &[&str]) -> Result<(), WriteError> {
        if self.row >= ROWS_MAX {
            return Err(WriteError::TooManyRows { sheet: self.name });
        }
        for (n, column) in self.columns.iter().enumerate() {
            let format = if column.wraps { &self.format.wrapped } else { &self.format.text };
            let text = cells.get(n).copied().unwrap_or_default();
            if text.is_empty() {
                self.sheet.write_blank(self.row, at(n), format)?;
            } else if let (true, Ok(number)) = (column.counts, text.parse::<u32>()) {
                self.sheet.write_number_with_format(self.row, at(n), number, &self.format.number)?;
            } else {
                self.sheet.write_string_with_format(self.row, at(n), fitting(text), format)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// A line under the table that belongs to no column.
    pub(super) fn footnote(&mut self, text: &str) -> Result<(), WriteError> {
        self.sheet.write_string(self.row, 0, text)?;
        self.row += 1;
        Ok(())
    }

    /// Nothing more comes. The spreadsheet does not complain of numbers that are kept as text.
    pub(super) fn end(self) -> Result<(), XlsxError> {
        let last = at(self.columns.len().saturating_sub(1));
        self.sheet.ignore_error_range(0, 0, self.row, last, IgnoreError::NumberStoredAsText).map(drop)
    }
}

/// Number of a column; there are a dozen.
fn at(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// A text as a cell takes it.
fn fitting(text: &str) -> String {
    if text.chars().count() <= CELL_LETTERS_MAX {
        return text.to_owned();
    }
    let kept: String = text.chars().take(CELL_LETTERS_MAX).collect();
    format!("{kept}{CUT}")
}

/// A text as it will be read back: without blanks around it; nothing where it only says that there is nothing.
pub(super) fn read_back(text: &str) -> &str {
    let blank = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
    let text = text.trim_matches(blank).trim_start_matches('\'');
    if NOTHING.contains(&text) { "" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_longer_than_a_cell_is_cut_and_says_so() {
        assert_eq!(fitting("路灯"), "路灯");
        let long = fitting(&"灯".repeat(40_000));
        assert!(long.ends_with(CUT) && long.chars().count() < 32_767);
    }

    #[test]
    fn a_text_is_written_as_it_will_be_read() {
        assert_eq!(read_back(" 12345 "), "12345");
        assert_eq!(read_back("无"), "");
        assert_eq!(read_back("'0477"), "0477");
    }
}
