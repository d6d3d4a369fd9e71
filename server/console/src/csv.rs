//! A table as a file that the office's spreadsheet opens.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

/// Without it a spreadsheet takes the file for another encoding.
const MARK: &str = "\u{feff}";
/// A cell that begins so would be read as a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The file, row by row.
#[derive(Debug)]
pub(crate) struct Csv(String);

impl Csv {
    pub(crate) fn new(headings: &[&str]) -> Self {
        let mut csv = Self(MARK.to_owned());
        csv.row(headings.iter().copied());
        csv
    }
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.0.push('"');
            if cell.starts_with(FORMULA) {
                self.0.push('\'');
            }
            self.0.push_str(&cell.replace('"', "\"\""));
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }
    /// As a file of this name, which is plain ASCII.
    pub(crate) fn answer(self, name: &str) -> Response {
        let headers = [
            (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        (headers, self.0).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_stands_in_it() {
        let mut csv = Csv::new(&["姓名"]);
        csv.row(["王\"二\",\n三", "=HYPERLINK(\"x\")", "-1", "王-1"]);
        assert_eq!(csv.0, "\u{feff}\"姓名\"\r\n\"王\"\"二\"\",\n三\",\"'=HYPERLINK(\"\"x\"\")\",\"'-1\",\"王-1\"\r\n");
    }
}
