//! Putting away what was held back. It stays readable with its reason, and nothing of it is deleted.

use super::error::ReviewError;
use super::quarantine::state_label;
use crate::office::{Office, OfficeError};
use crate::people::audit::{self, Deed};
use crate::store::sqlite::{QuarantineRow, Settled};
use crate::store::{StoreError, Tx};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::seal::{open_with, seal_to};

/// Letters of a reason in one's own words, at most: it is a reason, not a report.
const NOTE_LETTERS_MAX: usize = 200;
/// Letters that a reason in one's own words has at least.
const NOTE_LETTERS_MIN: usize = 2;
/// Names the purpose of the box in which a reason in one's own words rests.
const NOTE_INFO: &[u8] = b"qiaomen 2026 quarantine note";

/// Why something that was held back is put away. The audit has the word and no free text: it names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It was done again, or brought again by other means.
    DoneAgain,
    /// It is not the work of whoever signed it.
    NotTheirs,
    /// It was a mistake, the worker says.
    Mistake,
    /// It was a trial.
    Trial,
    /// Something else.
    Other,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 5] = [Reason::DoneAgain, Reason::NotTheirs, Reason::Mistake, Reason::Trial, Reason::Other];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Reason::DoneAgain => "done_again",
            Reason::NotTheirs => "not_theirs",
            Reason::Mistake => "mistake",
            Reason::Trial => "trial",
            Reason::Other => "other",
        }
    }
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Reason::DoneAgain => "已经重做",
            Reason::NotTheirs => "不是本人办的",
            Reason::Mistake => "记错了",
            Reason::Trial => "试用时的内容",
            Reason::Other => "其他",
        }
    }
    /// What the worker is told of something that was put away for the reason with this word.
    pub(crate) fn code_of(word: Option<&str>) -> Code {
        match word.and_then(Self::parse) {
            Some(Reason::DoneAgain) => Code::PutAwayDoneAgain,
            Some(Reason::NotTheirs) => Code::PutAwayNotTheirs,
            Some(Reason::Mistake) => Code::PutAwayMistake,
            Some(Reason::Trial) => Code::PutAwayTrial,
            Some(Reason::Other) | None => Code::PutAway,
        }
    }
    /// From its word or its label.
    pub fn parse(said: &str) -> Option<Self> {
        let said = said.trim().replace('-', "_");
        Self::ALL.into_iter().find(|r| r.word() == said || r.label() == said)
    }
}

/// A reason, perhaps in one's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAway {
    /// The reason.
    pub reason: Reason,
    /// What was said beside it. May name people: it rests boxed to the office.
    pub note: Option<String>,
}

impl From<Reason> for PutAway {
    fn from(reason: Reason) -> Self {
        Self { reason, note: None }
    }
}

impl PutAway {
    /// From what somebody typed: one of the list, or own words.
    pub fn parse(said: &str) -> Option<Self> {
        if let Some(reason) = Reason::parse(said) {
            return Some(reason.into());
        }
        let said = said.trim();
        let letters = said.chars().filter(|c| c.is_alphanumeric()).count();
        let fits = letters >= NOTE_LETTERS_MIN && said.chars().count() <= NOTE_LETTERS_MAX;
        (fits && !said.chars().any(char::is_control))
            .then(|| Self { reason: Reason::Other, note: Some(said.to_owned()) })
    }
    /// What people read.
    pub fn label(&self) -> String {
        self.note.clone().unwrap_or_else(|| self.reason.label().to_owned())
    }
}

/// Puts away what was held back.
pub fn discard(office: &Office, id: i64, why: impl Into<PutAway>, clerk: WorkerId) -> Result<(), ReviewError> {
    let (inner, why) = (office.clone(), why.into());
    office.store().write(move |tx| {
        let row = still_held(tx, id)?;
        let note_sealed = why.note.as_deref().map(|note| boxed(&inner, &row, note)).transpose()?;
        let settled = Settled {
            who: clerk.to_string(),
            at_ms: inner.now_ms(),
            reason: Some(why.reason.word().to_owned()),
            note_sealed,
        };
        tx.settle_quarantine(id, "discarded", &settled)?;
        audit::note(&inner, tx, clerk, Deed::Discarded(why.reason.word()), Some(row.command.as_bytes()))?;
        Ok(())
    })
}

/// A command that is held back, if it still is.
pub(super) fn still_held(tx: &Tx<'_>, id: i64) -> Result<QuarantineRow, ReviewError> {
    let row = tx.quarantined(id)?.ok_or(ReviewError::NotFound { id })?;
    if row.state == "held" { Ok(row) } else { Err(ReviewError::NotHeld { id, state: state_label(&row.state) }) }
}

fn boxed(office: &Office, row: &QuarantineRow, note: &str) -> Result<Vec<u8>, OfficeError> {
    let to = office.secrets().boxes.public();
    let sealed = seal_to(&to, NOTE_INFO, row.command.as_bytes(), note.as_bytes(), office.random()?);
    sealed.map_err(|_| StoreError::Damaged("the office's own box").into())
}

/// What was said beside the reason, if something was and this office's key opens it.
pub(super) fn note_of(office: &Office, row: &QuarantineRow) -> Option<String> {
    let sealed = row.settled.as_ref()?.note_sealed.as_deref()?;
    let plain = open_with(&office.secrets().boxes, NOTE_INFO, row.command.as_bytes(), sealed).ok()?;
    String::from_utf8(plain.to_vec()).ok()
}

/// A reason as it stands in the database, as people read it.
pub(super) fn reason_in_words(word: &str, note: Option<String>) -> Option<String> {
    note.or_else(|| Reason::parse(word).map(|r| r.label().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_from_its_word_or_its_label() {
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.word()), Some(reason));
            assert_eq!(Reason::parse(reason.label()), Some(reason));
            assert_eq!(Reason::parse(&reason.word().replace('_', "-")), Some(reason));
        }
        assert_eq!(Reason::parse("王建国说的"), None);
    }

    #[test]
    fn a_reason_in_one_s_own_words_has_words_and_is_no_report() {
        assert_eq!(PutAway::parse("已经重做"), Some(Reason::DoneAgain.into()));
        assert_eq!(PutAway::parse(" 他说记在别家了 ").unwrap().note.as_deref(), Some("他说记在别家了"));
        assert!(PutAway::parse(&"字".repeat(NOTE_LETTERS_MAX)).is_some());
        for nothing in ["", "?", "……", "a", "一行\n两行", &"字".repeat(NOTE_LETTERS_MAX + 1)] {
            assert_eq!(PutAway::parse(nothing), None, "{nothing}");
        }
    }
}
