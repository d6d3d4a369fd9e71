//! Why nothing came of an exchange with the office.

use super::EditError;
use crate::clock::NoRandomness;
use crate::store::StoreError;
use crate::transport::TransportError;
use qiaomen_proto::error::Code;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;
use std::time::Duration;

/// Why a device could not be enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The office could not be reached.
    #[error("could not reach the office")]
    Reach(#[from] TransportError),
    /// The office said no.
    #[error("the office refused: {0}")]
    Refused(Refusal),
    /// The answer is not what was agreed.
    #[error("the office's answer cannot be read")]
    ReadAnswer,
    /// It is somebody else's now, and holds unsent work of its worker.
    #[error("the device holds unsent work of another worker")]
    OtherWorker,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The database could not keep it.
    #[error("could not keep the enrolment")]
    Keep(#[from] StoreError),
    /// Unsent work could not be done again under the new enrolment.
    #[error("could not carry unsent work over")]
    CarryOver(#[source] Box<EditError>),
}

impl EnrolError {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            EnrolError::Reach(TransportError::Unreachable { .. }) => {
                sentence!("enrol-unreachable", "连不上这个地址。请看看社区服务的地址写对没有，再看看有没有网络。")
            }
            EnrolError::Reach(e) => reach_sentence(e),
            EnrolError::Refused(r) => r.sentence.clone(),
            EnrolError::ReadAnswer => sentence!("enrol-read-answer", "连上的不像是社区的服务。请核对地址后再试。"),
            EnrolError::OtherWorker => {
                sentence!("enrol-other-worker", "这台设备里还有别人没送出的记录，不能换人。请先由原使用人同步。")
            }
            EnrolError::Random(_) | EnrolError::Keep(_) | EnrolError::CarryOver(_) => {
                sentence!("enrol-keep", "登记没有存上。请看看存储空间是否已满，再要一个登记码重试。")
            }
        }
    }
}

/// What the office said instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its code, if this version knows it.
    pub code: Option<Code>,
    /// HTTP status.
    pub status: u16,
    /// Its sentence for a person.
    pub sentence: Sentence,
    /// Seconds after which it may go through.
    pub retry_after_s: Option<u64>,
}
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code}"),
            None => write!(f, "status {}", self.status),
        }
    }
}

/// Why a sync stopped. Whatever was not confirmed is still in the outbox.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The device is nobody's yet.
    #[error("the device is not enrolled")]
    NotEnrolled,
    /// The office could not be reached, or the connection broke.
    #[error("could not reach the office")]
    Reach(#[from] TransportError),
    /// The office cannot take it now, and will later.
    #[error("the office asks to wait: {code}")]
    Busy {
        /// Why: [`Code::Busy`], [`Code::TooMany`], [`Code::TooOften`].
        code: Code,
        /// Try again after this.
        wait: Duration,
    },
    /// The office said no.
    #[error("the office refused: {0}")]
    Refused(Refusal),
    /// The reply is not signed by the office that this device was enrolled at. Nothing of it was used.
    #[error("the reply is not the office's")]
    NotTheOffice,
    /// The reply does not say what was agreed. Nothing of it was used.
    #[error("the reply cannot be read: {0}")]
    ReadReply(&'static str),
    /// Many round trips and nothing moved.
    #[error("nothing moves any more")]
    NoProgress,
    /// The office took this device's access back. What was unsent is there; the device is empty now.
    #[error("the device was wiped by the office")]
    Wiped,
    /// The rescue file could not be written.
    #[error("could not write the rescue file")]
    WriteRescue(#[source] std::io::Error),
    /// The request could not be made.
    #[error("could not make the request")]
    MakeRequest(#[source] Box<EditError>),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The database could not keep what came.
    #[error("could not keep what came")]
    Keep(#[from] StoreError),
}

impl SyncError {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            SyncError::NotEnrolled => EditError::NotEnrolled.sentence(),
            SyncError::Reach(e) => reach_sentence(e),
            SyncError::Busy { code, .. } => (*code).into(),
            SyncError::Refused(r) => r.sentence.clone(),
            SyncError::NotTheOffice => {
                sentence!(
                    "sync-not-the-office",
                    "连上的不是登记时的社区，没有收也没有丢任何东西。请换个网络再试；仍不行请联系社区。"
                )
            }
            SyncError::ReadReply(_) => {
                sentence!("sync-read-reply", "社区的答复读不懂，多半是版本不符。请更新应用后再同步，没送出的都还在。")
            }
            SyncError::NoProgress => {
                sentence!(
                    "sync-no-progress",
                    "反复送了几次没有进展。没送出的都还在，请过一会儿再试；仍不行请联系社区。"
                )
            }
            SyncError::Wiped => Code::Revoked.into(),
            SyncError::WriteRescue(_) | SyncError::Keep(_) => {
                sentence!("sync-keep", "收到的内容没能存上。请看看存储空间是否已满，再同步一次；没送出的都还在。")
            }
            SyncError::MakeRequest(_) | SyncError::Random(_) => {
                sentence!("sync-failed", "应用出了错，没有送出。没送出的都还在，请重新打开应用再试。")
            }
        }
    }
    /// True where trying again later may help without anybody doing something.
    pub fn retry_helps(&self) -> bool {
        match self {
            SyncError::Reach(_) | SyncError::Busy { .. } | SyncError::NoProgress | SyncError::NotTheOffice => true,
            SyncError::Refused(r) => r.code.is_some_and(Code::retry_helps) || r.status >= 500,
            _ => false,
        }
    }
}

fn reach_sentence(e: &TransportError) -> Sentence {
    match e {
        TransportError::Unreachable { .. } => {
            sentence!("reach-unreachable", "连不上社区。没送出的都还在，有网络时会再送。")
        }
        TransportError::BrokenOff { .. } => {
            sentence!("reach-broken-off", "传到一半断了。没确认的都还在，再同步一次就好。")
        }
        TransportError::TooLarge => {
            sentence!("reach-too-large", "社区的答复大得不对，没有收。请更新应用后再同步。")
        }
    }
}
