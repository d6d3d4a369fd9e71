//! Why a masked value was not shown.

use super::EditError;
use crate::clock::NoRandomness;
use crate::store::StoreError;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;

/// Why a look was not written down. The value stays masked.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The device is nobody's yet.
    #[error("the device is not enrolled")]
    NotEnrolled,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The database could not keep it.
    #[error("could not keep the look")]
    Keep(#[source] StoreError),
}

impl LookError {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            LookError::NotEnrolled => EditError::NotEnrolled.sentence(),
            LookError::Keep(e) if e.is_damage() => {
                sentence!("look-damaged", "没有显示：数据文件坏了，查看记录写不进去。请把设备带到社区。")
            }
            LookError::Keep(_) => {
                sentence!("look-keep", "没有显示：查看记录写不进去。请看看存储空间是否已满，再试一次。")
            }
            LookError::Random(_) => {
                sentence!("look-failed", "没有显示：应用出了错。请重新打开应用再试；仍不行请把设备带到社区。")
            }
        }
    }
}
