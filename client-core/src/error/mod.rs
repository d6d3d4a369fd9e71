//! What can go wrong, and what to say. Each error names the step that failed; its `sentence` is for a
//! person: what happened, and what to do now. No personal data stands in either.

/// Of making and opening a device's files.
mod open;
/// Of edits.
mod edit;
/// Of looks at masked values.
mod look;
/// Of the way to the office.
mod sync;

pub use crate::store::StoreError;
pub use edit::{EditError, What};
pub use look::LookError;
pub use open::OpenError;
pub use sync::{EnrolError, Refusal, SyncError};

use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;

/// Why a question could not be answered.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The database could not be read.
    #[error("could not read the database")]
    Read(#[from] StoreError),
    /// What is asked for is not on this device.
    #[error("no such {0}")]
    Unknown(What),
}

impl QueryError {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            QueryError::Unknown(what) => EditError::Unknown(*what).sentence(),
            QueryError::Read(e) if e.is_damage() => {
                sentence!("query-damaged", "数据文件坏了。请把设备带到社区；没送出的记录另存在救援文件里。")
            }
            QueryError::Read(_) => sentence!("query-read", "读不了数据，请重新打开应用再试。"),
        }
    }
}
