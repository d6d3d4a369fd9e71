//! How a workbook was read, and how somebody wants it read instead.

use super::cell::{Sheet, column_letter};
use super::heading::heading_rows;
use super::table::Table;
use super::words::{Field, Kind};
use std::collections::BTreeMap;

/// Characters of a heading that are shown: enough to know it, too few for what is no heading.
const HEADING_CHARACTERS_SHOWN: usize = 12;
/// Columns of a sheet that can be chosen among: the widest ledger seen has 12.
const COLUMNS_SHOWN: usize = 52;

/// How somebody wants the sheets read, by their place in the workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// What is not here is read off the headings.
    pub sheets: BTreeMap<usize, SheetChoice>,
}

/// How somebody wants one sheet read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetChoice {
    /// Leave it out.
    pub left_out: bool,
    /// What it is; none: read off the headings.
    pub kind: Option<Kind>,
    /// Number of the row of headings; none: found.
    pub heading_row: Option<u32>,
    /// Which column holds a field, from 0; none: no column does.
    pub columns: BTreeMap<Field, Option<usize>>,
}

/// How one sheet was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLayout {
    /// Its place in the workbook.
    pub index: usize,
    /// Its name as the book spells it.
    pub name: String,
    /// Hidden sheets are not read.
    pub hidden: bool,
    /// Rows with something in them.
    pub rows: usize,
    /// What it was taken for; none: for nothing, and it was not read.
    pub kind: Option<Kind>,
    /// Left out because somebody said so.
    pub left_out: bool,
    /// Number of the row of headings.
    pub heading_row: Option<u32>,
    /// Numbers of the rows that could be the headings.
    pub heading_rows: Vec<u32>,
    /// The columns that there are: number from 0, letter, and what stands above it.
    pub columns: Vec<(usize, String, String)>,
    /// The fields that its kind can have.
    pub fields: Vec<FieldLayout>,
}

/// Where a field was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldLayout {
    /// Which.
    pub field: Field,
    /// What people call it.
    pub label: &'static str,
    /// Without it the sheet is not read.
    pub required: bool,
    /// Its column; none if it has none.
    pub column: Option<usize>,
}

impl SheetLayout {
    /// What its kind needs and no column holds.
    pub fn missing(&self) -> Vec<&'static str> {
        self.fields.iter().filter(|f| f.required && f.column.is_none()).map(|f| f.label).collect()
    }
    /// Whether its rows were read.
    pub fn is_read(&self) -> bool {
        self.kind.is_some() && !self.hidden && !self.left_out && self.missing().is_empty()
    }

    /// Of a sheet that was taken for this table, or for none.
    pub(super) fn of(index: usize, sheet: &Sheet, table: Option<&Table<'_>>, choice: &SheetChoice) -> Self {
        let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default().min(COLUMNS_SHOWN);
        let heading = |column: usize| table.and_then(|table| table.heading(column)).unwrap_or_default();
        let short = |text: String| text.chars().take(HEADING_CHARACTERS_SHOWN).collect::<String>();
        Self {
            index,
            name: sheet.name.clone(),
            hidden: sheet.hidden,
            rows: sheet.rows.len(),
            kind: table.map(|table| table.kind),
            left_out: choice.left_out,
            heading_row: table.map(Table::heading_row),
            heading_rows: heading_rows(sheet),
            columns: (0..width).map(|column| (column, column_letter(column), short(heading(column)))).collect(),
            fields: table.map(fields).unwrap_or_default(),
        }
    }
}

fn fields(table: &Table<'_>) -> Vec<FieldLayout> {
    let at = |field: Field| table.columns().get(&field).copied();
    let one = |(field, label)| FieldLayout { field, label, required: table.kind.requires(field), column: at(field) };
    table.kind.fields().map(one).collect()
}
