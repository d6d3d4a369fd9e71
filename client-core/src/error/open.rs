//! Why a device's files could not be made or opened: each situation means something else to do.

use crate::clock::NoRandomness;
use crate::store::StoreError;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;
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
        /// How long to wait before the next one, if that long already.
        wait: Option<Duration>,
    },
    /// Too many wrong PINs.
    #[error("locked out")]
    LockedOut {
        /// How long to wait; none: for good.
        wait: Option<Duration>,
        /// Attempts that are left after that.
        left: u32,
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
    /// Another program has it open.
    #[error("the device is open elsewhere")]
    InUse,
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
    pub fn sentence(&self) -> Sentence {
        let rescue = || sentence!("open-rescue", "没送出的记录另存在救援文件里，请把设备带到社区取出。");
        match self {
            OpenError::WrongPin { left, wait: None } => {
                sentence!("open-wrong-pin", "解锁码不对，还可以试 {left} 次。", left = *left)
            }
            OpenError::WrongPin { left, wait: Some(wait) } => {
                sentence!(
                    "open-wrong-pin-wait",
                    "解锁码不对，还可以试 {left} 次；下一次请过 {wait}再试。",
                    left = *left,
                    wait = how_long(*wait)
                )
            }
            OpenError::LockedOut { wait: Some(wait), left } => {
                sentence!(
                    "open-locked-out",
                    "试错太多次，请过 {wait}再试；还可以试 {left} 次。",
                    wait = how_long(*wait),
                    left = *left
                )
            }
            OpenError::LockedOut { wait: None, .. } => {
                sentence!("open-locked-for-good", "解锁码试错太多次，这台设备已锁住。{rescue}", rescue = rescue())
            }
            OpenError::KeystoreDamaged => {
                sentence!("open-keystore", "存放钥匙的文件坏了，打不开数据。{rescue}", rescue = rescue())
            }
            OpenError::WrongKey => {
                sentence!("open-wrong-key", "钥匙和数据不是一套（可能文件被换过）。{rescue}", rescue = rescue())
            }
            OpenError::DatabaseDamaged { .. } => {
                sentence!("open-damaged", "数据文件坏了，已原样留存。{rescue}", rescue = rescue())
            }
            OpenError::DatabaseMissing => sentence!("open-missing", "数据文件不见了。{rescue}", rescue = rescue()),
            OpenError::NotHere => sentence!("open-not-here", "这里还没有登记过设备。请先设解锁码，再登记。"),
            OpenError::AlreadyHere => sentence!("open-already-here", "这里已经有一台设备的数据，请直接解锁。"),
            OpenError::InUse => sentence!("open-in-use", "另一个程序正在用这台设备的数据。请先关掉它，再打开。"),
            OpenError::PinTooShort => sentence!("open-pin-too-short", "解锁码至少 6 位。"),
            OpenError::TooNew => sentence!("open-too-new", "数据是更新版本的应用写的，请更新应用再打开。"),
            OpenError::File { .. } | OpenError::Database(_) => {
                sentence!("open-file", "读写文件出了错。请看看存储空间是否已满，再试一次。")
            }
            OpenError::DeriveKey => sentence!("open-memory", "手机内存不够，没能打开。请关掉别的应用再试。"),
            OpenError::Random(_) => sentence!("open-random", "系统暂时不能产生随机数，请重启手机再试。"),
        }
    }
}

fn how_long(wait: Duration) -> Sentence {
    let s = wait.as_secs().max(1);
    if s < 60 {
        sentence!("time-seconds", "{n} 秒", n = s)
    } else {
        sentence!("time-minutes", "{n} 分钟", n = s.div_ceil(60))
    }
}
