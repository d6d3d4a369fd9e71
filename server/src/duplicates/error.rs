//! Why the office does not do what a clerk asks of a pair: each with its permanent code and a sentence for her.

use crate::office::OfficeError;
use crate::store::StoreError;
use qiaomen_proto::error::Code;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum DuplicateError {
    /// No such document, or two that cannot be one.
    #[error("没有这两份资料，或者它们不是同一类。请回到列表刷新。")]
    NoPair,
    /// It leads to another one already.
    #[error("这一份已经并到别的一份里了。要改，请先在“办过的”里拆开。")]
    LinkedAlready,
    /// They are one already, the other way round.
    #[error("留下的那一份本来就并在这一份里。要换过来，请先在“办过的”里拆开。")]
    OtherWayRound,
    /// There is no link to take back.
    #[error("这一份没有并到别的一份里，不用拆开。")]
    NotLinked,
    /// Something was written since it was shown.
    #[error("刚才又有新内容写进来，请重新看一遍再定。")]
    Changed,
    /// What is set aside would be over, and what is kept is over already.
    #[error("要留下的这件已经办完，另一件还在办。请留下还在办的那件，免得没有人办。")]
    KeptIsOver,
    /// The matter cannot be set aside.
    #[error("这件正在联席会议上，不能并到别的一件里。请把它留下。")]
    Escalated,
    /// Nobody said that these are not the same.
    #[error("这两份没有标过“不是同一个”。")]
    NotDismissed,
    /// The matter is not one of a ring.
    #[error("这件没有和别的诉求互相标记重复，不用再打开。")]
    NoRing,
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for DuplicateError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

impl DuplicateError {
    /// The permanent code.
    pub fn code(&self) -> Code {
        match self {
            DuplicateError::NoPair => Code::NotFound,
            DuplicateError::Changed => Code::CandidatesChanged,
            DuplicateError::Office(error) => error.code(),
            DuplicateError::LinkedAlready
            | DuplicateError::OtherWayRound
            | DuplicateError::NotLinked
            | DuplicateError::KeptIsOver
            | DuplicateError::Escalated
            | DuplicateError::NotDismissed
            | DuplicateError::NoRing => Code::ChoiceNotPossible,
        }
    }
}
