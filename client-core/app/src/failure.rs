//! What went wrong: a code for programs, a sentence for people, and the exit code.

use qiaomen_client::error::{EditError, EnrolError, OpenError, QueryError, StoreError, SyncError, What};
use qiaomen_client::query::Choice;
use qiaomen_client::query::export::ExportError;
use serde_json::json;

/// Refused, not found, or some other problem.
pub(crate) const PROBLEM: u8 = 1;
/// The command line is wrong.
pub(crate) const USAGE: u8 = 2;
/// Wrong PIN, or locked out.
pub(crate) const WRONG_PIN: u8 = 3;
/// The database is damaged, or the key is not its own.
pub(crate) const DAMAGED: u8 = 4;
/// The office cannot be reached.
pub(crate) const NO_CONNECTION: u8 = 5;
/// The sync went through, and something is left.
pub(crate) const NOT_COMPLETE: u8 = 6;

/// Choices that a person reads; a program gets them all.
const CHOICES_SHOWN: usize = 12;

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
    /// Those that were meant, where there are several.
    pub(crate) choices: Vec<Choice>,
}

impl Failure {
    /// A problem that does not go away by itself.
    pub(crate) fn problem(code: &str, sentence: impl Into<String>) -> Self {
        Self::with(PROBLEM, code, sentence, false)
    }

    /// A wrong command line.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self::with(USAGE, "usage", sentence, false)
    }

    fn with(exit: u8, code: &str, sentence: impl Into<String>, retry: bool) -> Self {
        Self { exit, code: code.to_owned(), sentence: sentence.into(), retry, choices: Vec::new() }
    }

    /// Several fit what was typed.
    pub(crate) fn ambiguous(what: What, words: &str, choices: Vec<Choice>) -> Self {
        let sentence = format!("“{words}”对得上 {} 个{what}，请写得更清楚，或用编号。", choices.len());
        Self { choices, ..Self::problem("ambiguous", sentence) }
    }

    /// What does not go through is said about this.
    pub(crate) fn about(mut self, what: &str) -> Self {
        self.sentence = format!("{what}：{}", self.sentence);
        self
    }

    /// For a program, on standard error.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let mut error = json!({ "code": self.code, "sentence": self.sentence, "retry": self.retry });
        if !self.choices.is_empty() {
            error["choices"] = json!(self.choices);
        }
        json!({ "error": error })
    }

    /// For a person, on standard error.
    pub(crate) fn to_text(&self) -> String {
        let mut text = self.sentence.clone();
        for choice in self.choices.iter().take(CHOICES_SHOWN) {
            text.push_str(&format!("\n  {}  {}", choice.id, choice.words));
        }
        if self.choices.len() > CHOICES_SHOWN {
            text.push_str(&format!("\n  …… 共 {} 个", self.choices.len()));
        }
        text
    }
}

impl From<OpenError> for Failure {
    fn from(e: OpenError) -> Self {
        let (exit, code) = match &e {
            OpenError::WrongPin { .. } => (WRONG_PIN, "wrong_pin"),
            OpenError::LockedOut { .. } => (WRONG_PIN, "locked_out"),
            OpenError::KeystoreDamaged => (DAMAGED, "keystore_damaged"),
            OpenError::WrongKey => (DAMAGED, "wrong_key"),
            OpenError::DatabaseDamaged { .. } => (DAMAGED, "database_damaged"),
            OpenError::DatabaseMissing => (DAMAGED, "database_missing"),
            OpenError::NotHere => (PROBLEM, "not_here"),
            OpenError::AlreadyHere => (PROBLEM, "already_here"),
            OpenError::PinTooShort => (PROBLEM, "pin_too_short"),
            OpenError::TooNew => (PROBLEM, "too_new"),
            OpenError::Database(e) if e.is_damage() => (DAMAGED, "database_damaged"),
            _ => (PROBLEM, "cannot_open"),
        };
        let retry = matches!(e, OpenError::WrongPin { .. } | OpenError::LockedOut { wait: Some(_), .. });
        let mut sentence = e.sentence().to_string();
        if let OpenError::DatabaseDamaged { kept } = &e {
            sentence.push_str(&format!("留存在：{}", kept.display()));
        }
        Self::with(exit, code, sentence, retry)
    }
}

fn read_exit(e: &StoreError) -> (u8, &'static str) {
    if e.is_damage() { (DAMAGED, "database_damaged") } else { (PROBLEM, "database") }
}

impl From<QueryError> for Failure {
    fn from(e: QueryError) -> Self {
        let (exit, code) = match &e {
            QueryError::Unknown(_) => (PROBLEM, "not_found"),
            QueryError::Read(e) => read_exit(e),
        };
        Self::with(exit, code, e.sentence().to_string(), false)
    }
}

impl From<ExportError> for Failure {
    fn from(e: ExportError) -> Self {
        let (exit, code) = match &e {
            ExportError::Read(e) => read_exit(e),
            ExportError::Make(_) => (DAMAGED, "document_damaged"),
        };
        Self::with(exit, code, e.sentence().to_string(), false)
    }
}

impl From<EditError> for Failure {
    fn from(e: EditError) -> Self {
        let (exit, code) = match &e {
            EditError::NotEnrolled => (PROBLEM, "not_enrolled"),
            EditError::Unknown(_) => (PROBLEM, "not_found"),
            EditError::NoSuchField(_) => (PROBLEM, "no_such_field"),
            EditError::Value(_) => (PROBLEM, "value"),
            EditError::Role(_) => (PROBLEM, "role_may_not"),
            EditError::NothingToChange(_) => (PROBLEM, "nothing_to_change"),
            EditError::NotPossible(_) => (PROBLEM, "not_possible"),
            EditError::TooLarge => (PROBLEM, "too_large"),
            EditError::WriteRescue(_) => (PROBLEM, "write_rescue"),
            EditError::Keep(e) => read_exit(e),
            _ => (PROBLEM, "internal"),
        };
        Self::with(exit, code, e.sentence().to_string(), !e.is_permanent())
    }
}

impl From<EnrolError> for Failure {
    fn from(e: EnrolError) -> Self {
        let (exit, code) = match &e {
            EnrolError::Reach(_) => (NO_CONNECTION, "no_connection"),
            EnrolError::Refused(r) => (PROBLEM, r.code.map_or("refused", |c| c.name())),
            EnrolError::ReadAnswer => (PROBLEM, "not_the_office"),
            EnrolError::OtherWorker => (PROBLEM, "other_worker"),
            _ => (PROBLEM, "internal"),
        };
        let retry = match &e {
            EnrolError::Reach(_) => true,
            EnrolError::Refused(r) => r.code.is_some_and(|c| c.retry_helps()),
            _ => false,
        };
        Self::with(exit, code, e.sentence().to_string(), retry)
    }
}

impl From<SyncError> for Failure {
    fn from(e: SyncError) -> Self {
        let (exit, code) = match &e {
            SyncError::NotEnrolled => (PROBLEM, "not_enrolled"),
            SyncError::Reach(_) => (NO_CONNECTION, "no_connection"),
            SyncError::Busy { code, .. } => (NO_CONNECTION, code.name()),
            SyncError::Refused(r) => (PROBLEM, r.code.map_or("refused", |c| c.name())),
            SyncError::NotTheOffice => (PROBLEM, "not_the_office"),
            SyncError::ReadReply(_) => (PROBLEM, "unreadable_reply"),
            SyncError::NoProgress => (NOT_COMPLETE, "no_progress"),
            SyncError::Wiped => (PROBLEM, "revoked"),
            SyncError::WriteRescue(_) => (PROBLEM, "write_rescue"),
            SyncError::Keep(e) => read_exit(e),
            _ => (PROBLEM, "internal"),
        };
        Self::with(exit, code, e.sentence().to_string(), e.retry_helps())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_failure_has_its_exit_code() {
        assert_eq!(Failure::from(OpenError::WrongPin { left: 9, wait: None }).exit, WRONG_PIN);
        assert_eq!(Failure::from(OpenError::WrongKey).exit, DAMAGED);
        assert_eq!(Failure::from(OpenError::NotHere).exit, PROBLEM);
        assert_eq!(Failure::from(SyncError::NotEnrolled).exit, PROBLEM);
        assert_eq!(Failure::usage("?").exit, USAGE);
    }

    #[test]
    fn a_failure_is_told_to_a_program_with_code_sentence_and_retry() {
        let json = Failure::from(OpenError::WrongPin { left: 9, wait: None }).to_json();
        assert_eq!(json["error"]["code"], "wrong_pin");
        assert_eq!(json["error"]["retry"], true);
        assert!(json["error"]["sentence"].as_str().is_some_and(|s| s.contains('9')));
    }
}
