use calamine::{Data, Reader as _, Xlsx, open_workbook};
use std::collections::BTreeSet;
use std::path::Path;

/// Headings under which personal values stand.
const PERSONAL: [&str; 3] = ["姓名", "身份证号", "联系电话"];
/// What people write where they say nothing.
const REFUSED: [&str; 3] = ["拒绝", "不愿提供", "保密"];
/// A name of two characters.
const VALUE_BYTES_MIN: usize = 6;
/// Rows in which a heading can stand.
const HEADING_ROWS: usize = 4;

/// Every name, identity number and phone number of a book, as it is written and without blanks and dashes.
pub(crate) fn personal_values(ledger: &Path) -> BTreeSet<String> {
    let mut book: Xlsx<_> = open_workbook(ledger).expect("a workbook");
    let mut values = BTreeSet::new();
    for (_, sheet) in book.worksheets() {
        let rows: Vec<_> = sheet.rows().collect();
        let mut headings = Vec::new();
        for (at, row) in rows.iter().take(HEADING_ROWS).enumerate() {
            headings.extend((0..row.len()).filter(|c| PERSONAL.contains(&text(&row[*c]).trim())).map(|c| (at, c)));
        }
        for (heading, column) in headings {
            for row in &rows[heading + 1..] {
                let text = row.get(column).map(text).unwrap_or_default();
                let bare: String = text.chars().filter(|c| c.is_alphanumeric() || *c == '·').collect();
                // Shorter ones are sums and slips of the pen, and stand in any file by chance.
                if bare.len() >= VALUE_BYTES_MIN
                    && !REFUSED.iter().any(|r| bare.contains(r))
                    && !PERSONAL.contains(&bare.as_str())
                {
                    values.extend([text.trim().to_owned(), bare.to_uppercase()]);
                }
            }
        }
    }
    values
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Float(number) => format!("{number:.0}"),
        other => other.to_string(),
    }
}
