use super::{By, Data};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

pub(super) const QUARANTINE_EXAMPLES: &str = "\
例子:
  qiaomen quarantine --data DIR
  qiaomen quarantine --data DIR --state all --json
  qiaomen quarantine --data DIR release 3
  qiaomen quarantine --data DIR discard 4 --reason 已经重做

放行就是按正常内容入册;还不能放行的会说明原因。作废的仍然看得到。";

pub(super) const RESCUE_EXAMPLES: &str = "\
例子:
  qiaomen rescue --data DIR rescue.qmr           # 只看,不改
  qiaomen rescue --data DIR rescue.qmr --apply   # 还没到社区的,照终端自己送来一样收下

终端忘了解锁码或数据库坏了时,把它的救援文件拷到社区来。";

/// What is held back.
#[derive(Debug, Args)]
pub(crate) struct Quarantine {
    // Global, so that it may stand before `release` and after it; clap has no global argument that must be there.
    #[arg(long = "data", value_name = "DIR", global = true, help = "放数据的文件夹(必填)")]
    pub(crate) dir: Option<PathBuf>,
    #[arg(
        long,
        value_enum,
        default_value = "held",
        value_name = "状态",
        help = "看哪些:held 待核、released 已放行、discarded 已作废、all 全部"
    )]
    pub(crate) state: HeldState,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(subcommand)]
    pub(crate) command: Option<QuarantineCommand>,
}

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HeldState {
    /// Waiting.
    Held,
    /// Let in.
    Released,
    /// Put away.
    Discarded,
    /// Everything that ever was.
    All,
}

/// What becomes of it.
#[derive(Debug, Subcommand)]
pub(crate) enum QuarantineCommand {
    #[command(about = "放行", after_help = "例子:\n  qiaomen quarantine --data DIR release 3")]
    Release {
        #[arg(value_name = "编号", help = "哪一件")]
        id: i64,
    },
    #[command(about = "作废", after_help = "例子:\n  qiaomen quarantine --data DIR discard 4 --reason 已经重做")]
    Discard {
        #[arg(value_name = "编号", help = "哪一件")]
        id: i64,
        #[arg(long, value_name = "原因", help = "已经重做、不是本人办的、记错了、试用时的内容、其他")]
        reason: String,
    },
}

/// A rescue file.
#[derive(Debug, Args)]
pub(crate) struct Rescue {
    #[command(flatten)]
    pub(crate) data: Data,
    #[arg(value_name = "FILE", help = "救援文件")]
    pub(crate) file: PathBuf,
    #[arg(long, help = "把还没到社区的收下")]
    pub(crate) apply: bool,
    #[command(flatten)]
    pub(crate) by: By,
}
