//! Why the office does not do what somebody asks: each with its permanent code and a sentence for a person.

use crate::office::OfficeError;
use crate::store::StoreError;
use chrono::NaiveDate;
use qiaomen_proto::entity::value::NotAValue;
use qiaomen_proto::error::Code;
use qiaomen_proto::merge::fold::{EventKind, WhyNot};

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum MatterError {
    /// No such matter, or none that this person sees.
    #[error("没有这件诉求，或不归您看。")]
    NotFound,
    /// Nobody in this post does this.
    #[error("您的岗位不能做“{}”。", step.title())]
    NotForPost {
        /// What was asked for.
        step: EventKind,
    },
    /// Not a step on one matter: it is done on another page.
    #[error("“{}”不在这里做：重复的在“疑似重复”里并，新的在“登记诉求”里记。", step.title())]
    Elsewhere {
        /// What was asked for.
        step: EventKind,
    },
    /// The rules do not take it now.
    #[error("现在不能“{}”：{}。", step.title(), why.sentence())]
    NotNow {
        /// What was asked for.
        step: EventKind,
        /// Why not.
        why: WhyNot,
    },
    /// Something has to be said with it.
    #[error("请填写{label}。")]
    Missing {
        /// What people call it.
        label: &'static str,
    },
    /// Longer than there is room for.
    #[error("{label}太长了，最多 {characters_max} 个字。")]
    TooLong {
        /// What people call it.
        label: &'static str,
        /// How many characters there may be.
        characters_max: usize,
    },
    /// Not one of those that can be chosen.
    #[error("{label}请从列出的里面选。")]
    NotListed {
        /// What people call it.
        label: &'static str,
    },
    /// A long term without the resident's consent.
    #[error("期限“{term}”要先征得居民同意。同意了，请勾选“居民同意”。")]
    NoConsent {
        /// What people call the term.
        term: String,
    },
    /// Not later than the day that stands.
    #[error("延期要在现在的期限（{}）之后，也不能是过去的日子。", stands.map_or_else(|| "未定".to_owned(), |d| d.to_string()))]
    NotLater {
        /// The day that stands.
        stands: Option<NaiveDate>,
    },
    /// So late that it is a mistake.
    #[error("期限最多到 {days_max} 天以后，请看看年份是不是写错了。")]
    TooLate {
        /// How many days there may be.
        days_max: u32,
    },
    /// No door there.
    #[error("台账里没有这一户。请核对门牌，或只选楼栋，把位置写进内容里。")]
    NoSuchDoor,
    /// Cannot be read as what it should be.
    #[error("{label}看不懂，请再核对一下。")]
    Unreadable {
        /// What people call it.
        label: &'static str,
    },
    /// What was typed cannot stand there.
    #[error(transparent)]
    Value(#[from] NotAValue),
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for MatterError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

impl MatterError {
    /// The permanent code.
    pub fn code(&self) -> Code {
        match self {
            MatterError::NotFound => Code::NotFound,
            MatterError::NotForPost { .. } => Code::NotYours,
            MatterError::NotNow { .. } | MatterError::Elsewhere { .. } => Code::ChoiceNotPossible,
            MatterError::Missing { .. }
            | MatterError::TooLong { .. }
            | MatterError::NotListed { .. }
            | MatterError::NoConsent { .. }
            | MatterError::NotLater { .. }
            | MatterError::TooLate { .. }
            | MatterError::NoSuchDoor
            | MatterError::Unreadable { .. }
            | MatterError::Value(_) => Code::ValueForm,
            MatterError::Office(error) => error.code(),
        }
    }
}
