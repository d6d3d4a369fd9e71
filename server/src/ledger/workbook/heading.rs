//! Which sheet is which, and which column: read off the headings.

use super::cell::{Sheet, SheetRow};
use super::choice::SheetChoice;
use super::open::SHEET_COLUMNS_MAX;
use super::table::Table;
use super::words::{Field, Kind, ROW_NUMBERS};
use std::collections::BTreeMap;

/// Headings stand within this many rows from the top: titles, a line of instructions and an empty
/// line or two may stand above them.
const HEADING_ROWS_SEARCHED: usize = 15;

/// Which column holds which field.
pub(super) type Columns = BTreeMap<Field, usize>;

/// What one column's heading says, in the order in which it is tried.
struct Heading {
    column: usize,
    /// The heading itself; the lower of two rows.
    own: String,
    /// The upper and the lower heading as one: 出生 over 日期.
    joined: Option<String>,
}

/// A way to read the sheet.
struct Candidate {
    kind: Kind,
    columns: Columns,
    unread: Vec<usize>,
    /// Index of the last heading row.
    last: usize,
    score: usize,
}

/// The sheet as a table, or nothing if no rows of it are headings of a known kind.
pub(super) fn recognise(sheet: &Sheet) -> Option<Table<'_>> {
    let mut best: Option<Candidate> = None;
    for at in 0..sheet.rows.len().min(HEADING_ROWS_SEARCHED) {
        let one = (at, headings(None, &sheet.rows[at]));
        let two = sheet.rows.get(at + 1).map(|lower| (at + 1, headings(Some(&sheet.rows[at]), lower)));
        for (last, headings) in std::iter::once(one).chain(two) {
            for kind in Kind::ALL {
                let Some(candidate) = fit(kind, &headings, last) else { continue };
                // Invariant: the earliest of the best; so one row of headings beats the same row
                // with the first row of data under it.
                if best.as_ref().is_none_or(|best| candidate.score > best.score) {
                    best = Some(candidate);
                }
            }
        }
    }
    let Candidate { kind, columns, unread, last, .. } = best?;
    Some(Table::new(sheet, kind, columns, unread, last))
}

/// The sheet as somebody says that it is to be read: what was not said is read off the headings. A table that lacks
/// what its kind needs is given back all the same: whoever asked has to see what is missing.
pub(super) fn recognise_as<'a>(sheet: &'a Sheet, choice: &SheetChoice) -> Option<Table<'a>> {
    let found = recognise(sheet);
    let Some(kind) = choice.kind else { return found.map(|table| chosen(table, choice)) };
    if let Some(table) = found
        && table.kind == kind
        && choice.heading_row.is_none_or(|row| row == table.heading_row())
    {
        return Some(chosen(table, choice));
    }
    let last = match choice.heading_row {
        Some(number) => sheet.rows.iter().take(HEADING_ROWS_SEARCHED).position(|row| row.number == number)?,
        // The first row with several cells is the likeliest; a title stands in one.
        None => sheet.rows.iter().take(HEADING_ROWS_SEARCHED).position(|row| filled(row) > 1).unwrap_or_default(),
    };
    let headings = headings(None, sheet.rows.get(last)?);
    let (columns, _) = named(kind, &headings);
    Some(chosen(Table::new(sheet, kind, columns, Vec::new(), last), choice))
}

fn filled(row: &SheetRow) -> usize {
    row.cells.iter().filter(|cell| !cell.is_empty()).count()
}

/// The numbers of the rows among which the headings may be chosen.
pub(super) fn heading_rows(sheet: &Sheet) -> Vec<u32> {
    sheet.rows.iter().take(HEADING_ROWS_SEARCHED).map(|row| row.number).collect()
}

/// Puts the chosen columns in the place of those that were read off the headings. One column holds one field: what
/// was chosen wins.
fn chosen<'a>(mut table: Table<'a>, choice: &SheetChoice) -> Table<'a> {
    let mut columns = table.columns().clone();
    columns.retain(|field, _| !choice.columns.contains_key(field));
    let wanted = |field: &Field| table.kind.words().iter().any(|(known, _)| known == field);
    for (field, column) in choice.columns.iter().filter(|(field, _)| wanted(field)) {
        // Beyond the last column of any sheet is nothing.
        let Some(column) = column.as_ref().filter(|column| **column < SHEET_COLUMNS_MAX) else { continue };
        columns.retain(|_, taken| taken != column);
        columns.insert(*field, *column);
    }
    table.read_as(columns);
    table
}

/// The headings of one row, or of two where the upper one spans columns of the lower.
fn headings(upper: Option<&SheetRow>, lower: &SheetRow) -> Vec<Heading> {
    let width = lower.cells.len().max(upper.map_or(0, |row| row.cells.len()));
    let mut spanning = String::new();
    let mut headings = Vec::new();
    for column in 0..width {
        let above = upper.and_then(|row| row.cell(column).text()).map(|text| plain(&text)).unwrap_or_default();
        let own = lower.cell(column).text().map(|text| plain(&text)).unwrap_or_default();
        if !above.is_empty() {
            spanning.clone_from(&above);
        }
        let (own, joined) = match (own.is_empty(), upper) {
            (true, _) => (above, None),
            (false, Some(_)) => (own.clone(), Some(format!("{spanning}{own}"))),
            (false, None) => (own, None),
        };
        if !own.is_empty() {
            headings.push(Heading { column, own, joined });
        }
    }
    headings
}

/// A heading without blanks, line breaks, marks and what stands in brackets: " 身份证号\n（18位）*" is
/// 身份证号.
pub(super) fn plain(heading: &str) -> String {
    let mut depth = 0_u32;
    let mut plain = String::new();
    for c in heading.chars() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            c if depth > 0 || c.is_whitespace() || c.is_control() => {}
            '*' | '＊' | ':' | '：' | '★' | '\u{feff}' | '\u{200b}' => {}
            '／' | '\\' | '、' => plain.push('/'),
            c => plain.push(c),
        }
    }
    plain
}

/// The columns of `kind` among the headings, if what the kind needs is there. First every heading
/// that is a known word; then, for fields still without a column, headings that contain one.
fn fit(kind: Kind, headings: &[Heading], last: usize) -> Option<Candidate> {
    let (columns, score) = named(kind, headings);
    if !kind.required().iter().all(|field| columns.contains_key(field)) {
        return None;
    }
    let unread = headings
        .iter()
        .filter(|heading| !columns.values().any(|column| *column == heading.column))
        .filter(|heading| !ROW_NUMBERS.contains(&heading.own.as_str()))
        .map(|heading| heading.column)
        .collect();
    Some(Candidate { kind, columns, unread, last, score })
}

/// The columns that the headings name, and how well.
fn named(kind: Kind, headings: &[Heading]) -> (Columns, usize) {
    let mut columns = Columns::new();
    let mut score = 0;
    for (field, words) in kind.words() {
        let place = |text: &str| words.iter().position(|word| *word == text);
        let named = headings
            .iter()
            .filter(|heading| !columns.values().any(|column| *column == heading.column))
            .filter_map(|h| Some((place(&h.own).or_else(|| place(h.joined.as_deref()?))?, h.column)))
            .min();
        if let Some((_, column)) = named {
            columns.insert(*field, column);
            score += 2;
        }
    }
    for heading in headings {
        // 楼栋数 counts buildings, it does not name one.
        if columns.values().any(|column| *column == heading.column) || heading.own.ends_with('数') {
            continue;
        }
        let contained = kind
            .words()
            .iter()
            .filter(|(field, _)| !columns.contains_key(field))
            .flat_map(|(field, words)| words.iter().map(move |word| (word.chars().count(), *field, *word)))
            .filter(|(length, _, word)| *length >= 2 && heading.own.contains(*word))
            .max_by_key(|(length, ..)| *length);
        if let Some((_, field, _)) = contained {
            columns.insert(field, heading.column);
            score += 1;
        }
    }
    (columns, score)
}
