//! What can go wrong, and what to say. Each error names the step that failed; its `sentence` is for a
//! person: what happened, and what to do now. No personal data stands in either.

use crate::clock::NoRandomness;
pub use crate::store::StoreError;
use crate::transport::TransportError;
use qiaomen_proto::change::typed::RebuildError;
use qiaomen_proto::entity::value::NotAValue;
use qiaomen_proto::error::Code;
use qiaomen_proto::merge::Misfit;
use qiaomen_proto::seal::BoxError;
use std::path::PathBuf;
use std::time::Duration;

/// Why a device's files could not be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not the PIN.
    #[error("wrong PIN, {left} attempts left")]
    WrongPin {
        /// Attempts that are left.
        left: u32,
    },
    /// Too many wrong PINs.
    #[error("locked out")]
    LockedOut {
        /// How long to wait; none: for good.
        wait: Option<Duration>,
    },
    /// The file that holds the database's key cannot be read.
    #[error("the key store is damaged")]
    KeystoreDamaged,
    /// The key store is another device's.
    #[error("this key is not this database's")]
    WrongKey,
    /// The database cannot be read with the right key. It was set aside, never deleted.
    #[error("the database is damaged; it was kept under another name")]
    DatabaseDamaged {
        /// Where it is kept.
        kept: PathBuf,
    },
    /// The key is here, the database is not.
    #[error("the database is missing")]
    DatabaseMissing,
    /// No device was ever made here.
    #[error("no device here")]
    NotHere,
    /// There is a device here already.
    #[error("a device is here already")]
    AlreadyHere,
    /// A PIN that anyone can guess.
    #[error("the PIN is too short")]
    PinTooShort,
    /// A newer version of the app wrote the database.
    #[error("a newer version wrote the database")]
    TooNew,
    /// A file could not be read or written.
    #[error("could not {step}")]
    File {
        /// What was tried.
        step: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The key could not be derived from the PIN (too little memory).
    #[error("could not derive the key")]
    DeriveKey,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The database could not do something, without being damaged.
    #[error("could not open the database")]
    Database(#[from] StoreError),
}

impl OpenError {
    /// What a person reads.
    pub fn sentence(&self) -> String {
        const RESCUE: &str = "没送出的记录另存在救援文件里,请把设备带到社区取出。";
        match self {
            OpenError::WrongPin { left } => format!("解锁码不对,还可以试 {left} 次。"),
            OpenError::LockedOut { wait: Some(wait) } => format!("试错太多次,请过 {} 再试。", minutes(*wait)),
            OpenError::LockedOut { wait: None } => format!("解锁码试错太多次,这台设备已锁住。{RESCUE}"),
            OpenError::KeystoreDamaged => format!("存放钥匙的文件坏了,打不开数据。{RESCUE}"),
            OpenError::WrongKey => format!("钥匙和数据不是一套(可能文件被换过)。{RESCUE}"),
            OpenError::DatabaseDamaged { .. } => format!("数据文件坏了,已原样留存。{RESCUE}"),
            OpenError::DatabaseMissing => format!("数据文件不见了。{RESCUE}"),
            OpenError::NotHere => "这里还没有登记过设备。请先设解锁码,再登记。".to_owned(),
            OpenError::AlreadyHere => "这里已经有一台设备的数据,请直接解锁。".to_owned(),
            OpenError::PinTooShort => "解锁码至少 6 位。".to_owned(),
            OpenError::TooNew => "数据是更新版本的应用写的,请更新应用再打开。".to_owned(),
            OpenError::File { .. } | OpenError::Database(_) => {
                "读写文件出了错。请看看存储空间是否已满,再试一次。".to_owned()
            }
            OpenError::DeriveKey => "手机内存不够,没能打开。请关掉别的应用再试。".to_owned(),
            OpenError::Random(_) => "系统暂时不能产生随机数,请重启手机再试。".to_owned(),
        }
    }
}

fn minutes(wait: Duration) -> String {
    let s = wait.as_secs().max(1);
    if s < 60 { format!("{s} 秒") } else { format!("{} 分钟", s.div_ceil(60)) }
}

/// Why an edit was not made. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The device is nobody's yet.
    #[error("the device is not enrolled")]
    NotEnrolled,
    /// What it is about is not on this device.
    #[error("no such {0}")]
    Unknown(What),
    /// The kind has no such field.
    #[error("no such field")]
    NoSuchField(String),
    /// What was typed cannot stand there.
    #[error(transparent)]
    Value(#[from] NotAValue),
    /// The author's role may not.
    #[error("not for this role: {0}")]
    Role(&'static str),
    /// It says what already holds.
    #[error("nothing to change")]
    NothingToChange(What),
    /// The step is not possible now, or something for it is missing.
    #[error("not possible: {0}")]
    NotPossible(&'static str),
    /// Too much for one command.
    #[error("too large for one command")]
    TooLarge,
    /// The change could not be made.
    #[error("could not make the change")]
    MakeChange(#[from] RebuildError),
    /// The change would not fit its own document.
    #[error("the change does not fit")]
    Fit(#[from] Misfit),
    /// The rescue record could not be sealed.
    #[error("could not seal the rescue record")]
    SealRescue(#[from] BoxError),
    /// The rescue file could not be written.
    #[error("could not write the rescue file")]
    WriteRescue(#[source] std::io::Error),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The database could not keep it.
    #[error("could not keep the edit")]
    Keep(#[from] StoreError),
}

/// What an edit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// 楼栋.
    Building,
    /// 单元.
    Unit,
    /// 房号.
    Room,
    /// 户.
    Household,
    /// 住户.
    Occupancy,
    /// 居民.
    Resident,
    /// 诉求.
    Ticket,
    /// 民情日志.
    Diary,
    /// 网格.
    Grid,
    /// 待送的一条.
    Command,
}

impl What {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            What::Building => "楼栋",
            What::Unit => "单元",
            What::Room => "房号",
            What::Household => "户",
            What::Occupancy => "住户",
            What::Resident => "居民",
            What::Ticket => "诉求",
            What::Diary => "民情日志",
            What::Grid => "网格",
            What::Command => "记录",
        }
    }
}
impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.label()) }
}

impl EditError {
    /// What a person reads.
    pub fn sentence(&self) -> String {
        match self {
            EditError::NotEnrolled => "这台设备还没有登记。请先用社区给的登记码登记。".to_owned(),
            EditError::Unknown(What::Unit) => "单元看不懂。请写成“1单元”或“1”,没有单元就留空。".to_owned(),
            EditError::Unknown(What::Room) => "房号看不懂。请写成“101”这样。".to_owned(),
            EditError::Unknown(What::Building) => {
                "社区台账里没有这栋楼。请先同步;仍没有请联系社区。".to_owned()
            }
            EditError::Unknown(What::Grid) => "不知道算哪个网格。请先同步一次再记。".to_owned(),
            EditError::Unknown(what) => format!("这台设备上没有这{}{what}。请先同步;仍没有请联系社区。", measure(*what)),
            EditError::NoSuchField(field) => format!("没有“{field}”这一项。请更新应用再试。"),
            EditError::Value(e) => format!("“{}”没有存:{}", e.label, e.sentence),
            EditError::Role(label) => format!("您的岗位不能改“{label}”。请联系网格长或社区。"),
            EditError::NothingToChange(what) => format!("这{}{what}本来就是这样,不用再存。", measure(*what)),
            EditError::NotPossible(sentence) => format!("没有存:{sentence}。"),
            EditError::TooLarge => "一次存的内容太多,请分几次存。".to_owned(),
            EditError::WriteRescue(_) => "没有存上:写不了文件。请看看存储空间是否已满,再试一次。".to_owned(),
            EditError::Keep(e) if e.is_damage() => {
                "没有存上:数据文件坏了。请把设备带到社区;之前的记录另存在救援文件里。".to_owned()
            }
            EditError::Keep(_) => "没有存上:写不了数据。请看看存储空间是否已满,再试一次。".to_owned(),
            EditError::Random(_) | EditError::MakeChange(_) | EditError::Fit(_) | EditError::SealRescue(_) => {
                "没有存上:应用出了错。请重新打开应用再试;仍不行请把设备带到社区。".to_owned()
            }
        }
    }
    /// True where the same edit will never go through.
    pub fn is_permanent(&self) -> bool {
        !matches!(self, EditError::WriteRescue(_) | EditError::Keep(_) | EditError::Random(_))
    }
}

fn measure(what: What) -> &'static str {
    match what {
        What::Resident => "位",
        What::Ticket => "件",
        What::Command => "条",
        What::Building => "栋",
        What::Diary => "篇",
        What::Household | What::Occupancy => "一",
        _ => "个",
    }
}

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
    pub fn sentence(&self) -> String {
        match self {
            EnrolError::Reach(e) => reach_sentence(e).to_owned(),
            EnrolError::Refused(r) => r.sentence.clone(),
            EnrolError::ReadAnswer => "连上的不像是社区的服务。请核对地址后再试。".to_owned(),
            EnrolError::OtherWorker => "这台设备里还有别人没送出的记录,不能换人。请先由原使用人同步。".to_owned(),
            EnrolError::Random(_) | EnrolError::Keep(_) | EnrolError::CarryOver(_) => {
                "登记没有存上。请看看存储空间是否已满,再要一个登记码重试。".to_owned()
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
    pub sentence: String,
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
    /// The office is busy.
    #[error("the office is busy")]
    Busy {
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
    pub fn sentence(&self) -> String {
        match self {
            SyncError::NotEnrolled => EditError::NotEnrolled.sentence(),
            SyncError::Reach(e) => reach_sentence(e).to_owned(),
            SyncError::Busy { .. } => Code::Busy.sentence().to_owned(),
            SyncError::Refused(r) => r.sentence.clone(),
            SyncError::NotTheOffice => {
                "连上的不是登记时的社区,没有收也没有丢任何东西。请换个网络再试;仍不行请联系社区。".to_owned()
            }
            SyncError::ReadReply(_) => "社区的答复读不懂,多半是版本不符。请更新应用后再同步,没送出的都还在。".to_owned(),
            SyncError::NoProgress => "反复送了几次没有进展。没送出的都还在,请过一会儿再试;仍不行请联系社区。".to_owned(),
            SyncError::Wiped => Code::Revoked.sentence().to_owned(),
            SyncError::WriteRescue(_) | SyncError::Keep(_) => {
                "收到的内容没能存上。请看看存储空间是否已满,再同步一次;没送出的都还在。".to_owned()
            }
            SyncError::MakeRequest(_) | SyncError::Random(_) => {
                "应用出了错,没有送出。没送出的都还在,请重新打开应用再试。".to_owned()
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

fn reach_sentence(e: &TransportError) -> &'static str {
    match e {
        TransportError::Unreachable { .. } => "连不上社区。没送出的都还在,有网络时会再送。",
        TransportError::BrokenOff { .. } => "传到一半断了。没确认的都还在,再同步一次就好。",
        TransportError::TooLarge => "社区的答复大得不对,没有收。请更新应用后再同步。",
    }
}

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
    pub fn sentence(&self) -> String {
        match self {
            QueryError::Unknown(what) => EditError::Unknown(*what).sentence(),
            QueryError::Read(e) if e.is_damage() => {
                "数据文件坏了。请把设备带到社区;没送出的记录另存在救援文件里。".to_owned()
            }
            QueryError::Read(_) => "读不了数据,请重新打开应用再试。".to_owned(),
        }
    }
}
