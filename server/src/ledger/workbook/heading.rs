//! Which sheet is which, and which column: read off the headings.

use super::cell::{Sheet, SheetRow};
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
