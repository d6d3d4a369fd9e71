//! Rows of a recognised sheet that are about something: no titles, totals, signatures and repeated
//! headings.

use super::cell::{Cell, Sheet, SheetRow, column_letter};
use super::heading::{Columns, plain};
use super::remark::Problem;
use super::words::{Field, Kind};
use crate::ledger::book::{Origin, Remark, SheetColumns};

/// A sheet whose kind and columns are known.
pub(super) struct Table<'a> {
    pub(super) sheet: &'a Sheet,
    /// Its place in the book's list of sheets.
    pub(super) index: usize,
    pub(super) kind: Kind,
    columns: Columns,
    /// Columns with a heading that nothing reads.
    pub(super) unread: Vec<usize>,
    /// Rows under the headings.
    pub(super) rows: &'a [SheetRow],
    /// Rows down to the last heading.
    top: &'a [SheetRow],
}

impl<'a> Table<'a> {
    /// The table whose last row of headings is `last`.
    pub(super) fn new(sheet: &'a Sheet, kind: Kind, columns: Columns, unread: Vec<usize>, last: usize) -> Self {
        let (top, rows) = sheet.rows.split_at(last + 1);
        Self { sheet, index: 0, kind, columns, unread, rows, top }
    }

    /// Which column holds which field.
    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Reads these columns instead.
    pub(super) fn read_as(&mut self, columns: Columns) {
        self.unread.retain(|column| !columns.values().any(|taken| taken == column));
        self.columns = columns;
    }

    /// Number of the last row of headings.
    pub(super) fn heading_row(&self) -> u32 {
        self.top.last().map_or(1, |row| row.number)
    }

    /// What stands above a column: in the last row of headings, or where that is empty in the one before.
    pub(super) fn heading(&self, column: usize) -> Option<String> {
        let mut above = self.top.iter().rev().take(2);
        above.find_map(|row| row.cell(column).text())
    }

    /// Fields without which the sheet is not of its kind, and that no column holds.
    pub(super) fn missing(&self) -> Vec<Field> {
        self.kind.required().iter().filter(|field| !self.columns.contains_key(field)).copied().collect()
    }

    /// The name of the community, if a title says it: 2023年和顺社区居民台账.
    pub(super) fn community(&self) -> Option<String> {
        const WORD: &str = "社区";
        const CHARS_MAX: usize = 20;
        let (_, titles) = self.top.split_last()?;
        titles.iter().flat_map(|row| &row.cells).filter_map(Cell::text).find_map(|title| {
            let end = title.find(WORD)? + WORD.len();
            let name = title[..end].rsplit(['年', '度', ' ', '\u{3000}']).next()?;
            (name.len() > WORD.len() && name.chars().count() <= CHARS_MAX).then(|| name.to_owned())
        })
    }

    /// What it takes to point at a cell of this sheet later.
    pub(super) fn sheet_columns(&self) -> SheetColumns {
        let letters = self.columns.iter().filter_map(|(field, column)| Some((field.column()?, column_letter(*column))));
        SheetColumns { name: self.sheet.name.clone(), letters: letters.collect() }
    }

    /// A remark on a heading.
    pub(super) fn remark_on_heading(&self, column: usize, problem: Problem) -> Remark {
        problem.at(&self.sheet.name, self.heading_row(), column_letter(column), None)
    }

    /// The row, if it is about something.
    pub(super) fn row(&self, row: &'a SheetRow) -> Option<Row<'_>> {
        let skipped = is_total(row) || is_signature(row) || self.repeats_headings(row);
        (!skipped).then_some(Row { table: self, row })
    }

    /// Some books repeat their headings on every printed page.
    fn repeats_headings(&self, row: &SheetRow) -> bool {
        const ENOUGH: usize = 3;
        let words = self.kind.words();
        let says = |(field, column): (&Field, &usize)| {
            let text = row.cell(*column).text().map(|text| plain(&text));
            text.is_some_and(|text| words.iter().any(|(known, words)| known == field && words.contains(&text.as_str())))
        };
        self.columns.iter().filter(|entry| says(*entry)).count() >= ENOUGH.min(self.columns.len())
    }
}

/// 合计, 总计 and the like, with or without the figure in the same cell.
fn is_total(row: &SheetRow) -> bool {
    row.cells.iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(text) } else { None }).any(|text| {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let bare =
            text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '：' | '户' | '人' | '件' | '条'));
        matches!(bare, "合计" | "总计" | "小计" | "共计" | "累计" | "总合计")
    })
}

/// 制表人：… 审核：… under the table, or a footnote: a known word and a colon.
fn is_signature(row: &SheetRow) -> bool {
    const FIRST_WORDS: [&str; 8] = ["制表", "填表", "审核", "填报", "负责人", "注", "备注", "说明"];
    let first = row.cells.iter().find_map(Cell::text).unwrap_or_default();
    let before = first.split_once([':', '：']).map(|(before, _)| before);
    before.is_some_and(|before| FIRST_WORDS.iter().any(|word| before.starts_with(word)))
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table<'a>,
    row: &'a SheetRow,
}

impl Row<'_> {
    pub(super) fn number(&self) -> u32 {
        self.row.number
    }

    pub(super) fn origin(&self) -> Origin {
        Origin { sheet: self.table.index, row: self.number() }
    }

    pub(super) fn sheet(&self) -> &str {
        &self.table.sheet.name
    }

    /// The cell of a field; an empty one if the sheet has no such column.
    pub(super) fn cell(&self, field: Field) -> &Cell {
        self.table.columns.get(&field).map_or(&Cell::Empty, |column| self.row.cell(*column))
    }

    /// What a person reads in the cell; nothing if it is empty or only says that there is nothing.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        super::value::text(self.cell(field))
    }

    /// A remark on this row; on one of its cells where a field is given.
    pub(super) fn remark(&self, field: Option<Field>, problem: Problem) -> Remark {
        problem.at(self.sheet(), self.number(), self.letter(field), field)
    }

    /// The letter above a field's column, empty where the remark concerns the whole row.
    pub(super) fn letter(&self, field: Option<Field>) -> String {
        field.and_then(|field| self.table.columns.get(&field)).map(|column| column_letter(*column)).unwrap_or_default()
    }
}
