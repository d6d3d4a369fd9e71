//! What went wrong: a code for programs, a sentence for people, and the exit code.

/// The books themselves.
mod office;

use qiaomen_server::export::ExportError;
use qiaomen_server::ledger::regrid::RegridError;
use qiaomen_server::ledger::workbook::WorkbookError;
use qiaomen_server::people::{EnrolCodeError, SignInError};
use qiaomen_server::review::ReviewError;
use serde_json::json;
use std::path::Path;

/// Refused, not found, or some other problem.
pub(crate) const PROBLEM: u8 = 1;
/// The command line is wrong.
pub(crate) const USAGE: u8 = 2;
/// `verify` found something.
pub(crate) const FOUND: u8 = 3;
/// The address cannot be listened on.
pub(crate) const NO_LISTENING: u8 = 5;

/// Why a command did not do what it was to do.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: u8,
    /// A permanent name.
    pub(crate) code: String,
    /// What happened, and the way out.
    pub(crate) sentence: String,
    /// True where the same may go through later.
    pub(crate) retry: bool,
}

impl Failure {
    /// A problem that does not go away by itself.
    pub(crate) fn problem(code: &str, sentence: impl Into<String>) -> Self {
        Self { exit: PROBLEM, code: code.to_owned(), sentence: sentence.into(), retry: false }
    }
    /// A wrong command line.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self { exit: USAGE, ..Self::problem("usage", sentence) }
    }
    /// A file that cannot be read.
    pub(crate) fn read(path: &Path, source: &std::io::Error) -> Self {
        let why = match source.kind() {
            std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
            std::io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
            std::io::ErrorKind::IsADirectory => "这是一个文件夹".to_owned(),
            _ => source.to_string(),
        };
        Self::problem("cannot_read", format!("读不了 {}：{why}。", path.display()))
    }
    /// A file that cannot be written.
    pub(crate) fn write(path: &Path, source: &std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::AlreadyExists {
            return Self::problem("not_empty", format!("已经有 {} 了，没有动它。请换一个文件名。", path.display()));
        }
        Self::problem("cannot_write", format!("写不了 {}：{source}。", path.display()))
    }
    /// For a program, on standard error.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        json!({ "error": { "code": self.code, "sentence": self.sentence, "retry": self.retry } })
    }
}

/// An error with its causes, for whoever keeps the server running.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

impl From<RegridError> for Failure {
    fn from(e: RegridError) -> Self {
        let code = match e {
            RegridError::Office(e) => return e.into(),
            RegridError::NoGrid { .. } => "no_such_grid",
            RegridError::GridExists { .. } => "grid_exists",
            RegridError::NoBuilding { .. } => "no_such_building",
            RegridError::NotInGrid { .. } => "not_in_grid",
            RegridError::NotOneWorker { .. } => "ambiguous",
        };
        Self::problem(code, e.to_string())
    }
}

impl From<EnrolCodeError> for Failure {
    fn from(e: EnrolCodeError) -> Self {
        let code = match e {
            EnrolCodeError::Office(e) => return e.into(),
            EnrolCodeError::Nobody { .. } => "not_found",
            EnrolCodeError::Several { .. } => "ambiguous",
            EnrolCodeError::NoGrid { .. } => "no_such_grid",
            EnrolCodeError::OfficeRole => "office_role",
        };
        Self::problem(code, e.to_string())
    }
}

impl From<SignInError> for Failure {
    fn from(e: SignInError) -> Self {
        match e {
            SignInError::Office(e) => e.into(),
            SignInError::Hash { .. } => Self::problem("internal", format!("没有办成。（{}）", in_full(&e))),
            e => Self::problem("value", e.to_string()),
        }
    }
}

impl From<ReviewError> for Failure {
    fn from(e: ReviewError) -> Self {
        match e {
            ReviewError::Office(e) => e.into(),
            e => Self { retry: e.code().retry_helps(), ..Self::problem(e.code().name(), e.to_string()) },
        }
    }
}

impl From<WorkbookError> for Failure {
    fn from(e: WorkbookError) -> Self {
        Self::problem("workbook", e.sentence())
    }
}

impl From<ExportError> for Failure {
    fn from(e: ExportError) -> Self {
        match e {
            ExportError::NotEmpty { out } => {
                Self::problem("not_empty", format!("{} 里已经有东西。请换一个空文件夹；没有改动。", out.display()))
            }
            ExportError::Write { path, source } => {
                Self::problem("cannot_write", format!("写不了 {}：{source}。", path.display()))
            }
            ExportError::Read { doc, .. } | ExportError::Document { doc, .. } => Self::problem(
                "document_damaged",
                format!("有一份文档（{doc}）拼不起来，没有导出完。请运行 qiaomen verify 看看。"),
            ),
            ExportError::Office(e) => e.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_server::office::OfficeError;

    #[test]
    fn each_kind_of_failure_has_its_exit_code_and_its_name() {
        assert_eq!(Failure::from(OfficeError::RegionCode).exit, USAGE);
        let gone = Failure::from(ReviewError::CandidatesChanged { now: String::new() });
        assert_eq!((gone.exit, gone.code.as_str(), gone.retry), (PROBLEM, "candidates_changed", true));
        let json = Failure::usage("?").to_json();
        assert_eq!((&json["error"]["code"], &json["error"]["retry"]), (&"usage".into(), &false.into()));
    }

    #[test]
    fn a_file_that_is_not_there_is_said_so() {
        let source = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert_eq!(Failure::read(Path::new("a.xlsx"), &source).sentence, "读不了 a.xlsx：没有这个文件。");
    }
}
