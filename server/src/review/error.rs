//! Why the office does not do what a clerk asks: each with its permanent code and a sentence for her.

use crate::office::OfficeError;
use crate::store::StoreError;
use qiaomen_proto::entity::value::NotAValue;
use qiaomen_proto::error::Code;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// No such thing.
    #[error("没有 {id} 号。")]
    NotFound {
        /// Its number.
        id: i64,
    },
    /// It was decided before.
    #[error("{id} 号已由{by}在 {at} 裁定过。要改,请先撤销。")]
    AlreadyDecided {
        /// Its number.
        id: i64,
        /// By whom.
        by: String,
        /// When.
        at: String,
    },
    /// There is nothing left to decide.
    #[error("{id} 号已经没有冲突,不用再裁定。")]
    Gone {
        /// Its number.
        id: i64,
    },
    /// Somebody joined since it was shown.
    #[error("刚才又来了新的说法,请重新看一遍再定。")]
    CandidatesChanged {
        /// What it is now.
        now: String,
    },
    /// No such candidate.
    #[error("没有“{label}”这个说法。可以选:{known}。")]
    NoSuchCandidate {
        /// What was asked for.
        label: String,
        /// What there is.
        known: String,
    },
    /// The field holds one value.
    #[error("{field}只能有一个,不能两个都要。")]
    NotSeveral {
        /// What people call the field.
        field: String,
    },
    /// Not everything that stands there is a value.
    #[error("这几个说法里有“{what}”,不能合在一起。请选其中一个,或另填。")]
    NotAllValues {
        /// What is no value.
        what: String,
    },
    /// What was typed cannot stand there.
    #[error(transparent)]
    Value(#[from] NotAValue),
    /// There is no decision in force.
    #[error("{id} 号没有可以撤销的裁定。")]
    NothingToUndo {
        /// Its number.
        id: i64,
    },
    /// The same place was decided again later.
    #[error("同一项后来又裁定过一次,请先撤销那一次。")]
    DecidedAgain,
    /// It is not held back any more.
    #[error("{id} 号已经处理过:{state}。")]
    NotHeld {
        /// Its number.
        id: i64,
        /// What became of it.
        state: &'static str,
    },
    /// What was held back cannot be let in as it is.
    #[error("{id} 号还不能放行:{why}")]
    DoesNotFit {
        /// Its number.
        id: i64,
        /// Why.
        why: String,
        /// The permanent code of the reason.
        code: Code,
    },
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for ReviewError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

impl ReviewError {
    /// The permanent code.
    pub fn code(&self) -> Code {
        match self {
            ReviewError::NotFound { .. } => Code::NotFound,
            ReviewError::CandidatesChanged { .. } => Code::CandidatesChanged,
            ReviewError::Value(_) => Code::ValueForm,
            ReviewError::DoesNotFit { code, .. } => *code,
            ReviewError::Office(_) => Code::Internal,
            ReviewError::AlreadyDecided { .. }
            | ReviewError::Gone { .. }
            | ReviewError::NoSuchCandidate { .. }
            | ReviewError::NotSeveral { .. }
            | ReviewError::NotAllValues { .. }
            | ReviewError::NothingToUndo { .. }
            | ReviewError::DecidedAgain
            | ReviewError::NotHeld { .. } => Code::ChoiceNotPossible,
        }
    }
}
