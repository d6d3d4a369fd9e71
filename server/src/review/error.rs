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
    #[error("{id} 号已由{by}在 {at} 裁定过。要改，请先撤销。")]
    AlreadyDecided {
        /// Its number.
        id: i64,
        /// By whom.
        by: String,
        /// When.
        at: String,
    },
    /// There is nothing left to decide.
    #[error("{id} 号已经没有冲突，不用再裁定。")]
    Gone {
        /// Its number.
        id: i64,
    },
    /// Somebody joined since it was shown.
    #[error("刚才又来了新的说法，请重新看一遍再定。")]
    CandidatesChanged {
        /// What it is now.
        now: String,
    },
    /// No such candidate.
    #[error("没有“{label}”这个说法。可以选：{known}。")]
    NoSuchCandidate {
        /// What was asked for.
        label: String,
        /// What there is.
        known: String,
    },
    /// The field holds one value.
    #[error("{field}只能有一个，不能两个都要。")]
    NotSeveral {
        /// What people call the field.
        field: String,
    },
    /// Not everything that stands there is a value.
    #[error("这几个说法里有“{what}”，不能合在一起。请选其中一个，或另填。")]
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
    /// Its decision was taken back, and it goes on in another record.
    #[error("{id} 号的裁定已经撤销，并入了 {into} 号。请看 {into} 号。")]
    MovedOn {
        /// Its number.
        id: i64,
        /// The other's.
        into: i64,
    },
    /// The same place was decided again later.
    #[error("同一项后来又裁定过一次（{later} 号），请先撤销那一次。")]
    DecidedAgain {
        /// Number of the later conflict.
        later: i64,
    },
    /// What a list is asked for does not exist.
    #[error("{what}里没有“{said}”。")]
    FilterUnknown {
        /// What it should be.
        what: &'static str,
        /// What was said.
        said: String,
    },
    /// Several people have this name.
    #[error("叫“{said}”的不止一位，请写编号（qiaomen staff 里有）。")]
    FilterAmbiguous {
        /// What was said.
        said: String,
    },
    /// A rule is carried out only after it was shown what it would decide.
    #[error("没有这个预览，或者已经过期。请先加 --preview 看一遍，再用它给的版本。")]
    NoPreview,
    /// The preview was made for something else.
    #[error("这个版本是按别的规则或条件预览的。请重新预览。")]
    PreviewDiffers,
    /// The preview was gone through with.
    #[error("这个预览已经定过了，是第 {bulk} 批。")]
    PreviewUsed {
        /// Number of the run.
        bulk: i64,
    },
    /// No such run.
    #[error("没有第 {bulk} 批。")]
    NoSuchBulk {
        /// Its number.
        bulk: i64,
    },
    /// It is not held back any more.
    #[error("{id} 号已经处理过：{state}。")]
    NotHeld {
        /// Its number.
        id: i64,
        /// What became of it.
        state: &'static str,
    },
    /// What was held back cannot be let in as it is.
    #[error("{id} 号还不能放行：{why}")]
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
            ReviewError::NotFound { .. } | ReviewError::NoPreview | ReviewError::NoSuchBulk { .. } => Code::NotFound,
            ReviewError::FilterUnknown { .. } | ReviewError::FilterAmbiguous { .. } => Code::Malformed,
            ReviewError::CandidatesChanged { .. } => Code::CandidatesChanged,
            ReviewError::Value(_) => Code::ValueForm,
            ReviewError::DoesNotFit { code, .. } => *code,
            ReviewError::Office(error) => error.code(),
            ReviewError::AlreadyDecided { .. }
            | ReviewError::Gone { .. }
            | ReviewError::NoSuchCandidate { .. }
            | ReviewError::NotSeveral { .. }
            | ReviewError::NotAllValues { .. }
            | ReviewError::NothingToUndo { .. }
            | ReviewError::MovedOn { .. }
            | ReviewError::DecidedAgain { .. }
            | ReviewError::PreviewDiffers
            | ReviewError::PreviewUsed { .. }
            | ReviewError::NotHeld { .. } => Code::ChoiceNotPossible,
        }
    }
}
