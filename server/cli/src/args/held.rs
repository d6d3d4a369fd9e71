use super::{By, Data};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

pub(super) const QUARANTINE_EXAMPLES: &str = "\
例子：
  qiaomen quarantine --data DIR
  qiaomen quarantine --data DIR --state all --json
  qiaomen quarantine --data DIR --code out_of_scope --worker 王建国 --older-than 3天
  qiaomen quarantine --data DIR --after 50 --limit 100
  qiaomen quarantine --data DIR release 3
  qiaomen quarantine --data DIR discard 4 --reason 已经重做
  qiaomen quarantine --data DIR discard 5 --reason 住户说没有这回事
  qiaomen quarantine --data DIR --state all export --out 待核.json

放行就是按正常内容入册：先看与现在的台账合不合，还不能放行的会说明原因；别人后来改过的也会说。
作废要写原因。作废的、放行的都仍然看得到，原样留着，从不删除。
导出的文件里有说明，也有送来时的原样（密文）；说明里有个人信息，请收好。";

pub(super) const RESCUE_EXAMPLES: &str = "\
例子：
  qiaomen rescue --data DIR rescue.qmr           # 只看，不改
  qiaomen rescue --data DIR rescue.qmr --apply   # 还没到社区的，照终端自己送来一样收下

终端忘了解锁码或数据库坏了时，把它的救援文件拷到社区来。";

/// What is held back.
#[derive(Debug, Args)]
pub(crate) struct Quarantine {
    // Global, so that it may stand before `release` and after it; clap has no global argument that must be there.
    #[arg(long = "data", value_name = "DIR", global = true, help = "放数据的文件夹（必填）")]
    pub(crate) dir: Option<PathBuf>,
    #[arg(
        long,
        value_enum,
        default_value = "held",
        value_name = "状态",
        help = "看哪些：held 待核、released 已放行、discarded 已作废、all 全部"
    )]
    pub(crate) state: HeldState,
    #[arg(long, value_name = "原因", help = "只看因为这个留下的，如 out_of_scope、fork、key_missing、revoked")]
    pub(crate) code: Option<String>,
    #[arg(long, value_name = "姓名", help = "只看这位工作人员的终端送来的")]
    pub(crate) worker: Option<String>,
    #[arg(long, value_name = "终端", help = "只看这台终端送来的（编号）")]
    pub(crate) device: Option<String>,
    #[arg(long, value_name = "网格", help = "只看这个网格的")]
    pub(crate) grid: Option<String>,
    #[arg(long, value_name = "楼栋|户", help = "只看这栋楼或这一户的")]
    pub(crate) door: Option<String>,
    #[arg(long, value_name = "时长", help = "只看留了这么久以上的，如 3天、48小时")]
    pub(crate) older_than: Option<String>,
    #[arg(long, value_name = "编号", help = "接着看：只看编号在这以后的")]
    pub(crate) after: Option<i64>,
    #[arg(long, value_name = "件数", value_parser = clap::value_parser!(u32).range(1..), help = "最多列这么多件（不写：给人看的列 50 件,--json 全列）")]
    pub(crate) limit: Option<u32>,
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

impl HeldState {
    /// Its permanent name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            HeldState::Held => "held",
            HeldState::Released => "released",
            HeldState::Discarded => "discarded",
            HeldState::All => "all",
        }
    }
}

/// What becomes of it.
#[derive(Debug, Subcommand)]
pub(crate) enum QuarantineCommand {
    #[command(about = "放行", after_help = "例子：\n  qiaomen quarantine --data DIR release 3")]
    Release {
        #[arg(value_name = "编号", help = "哪一件")]
        id: i64,
    },
    #[command(about = "作废", after_help = "例子：\n  qiaomen quarantine --data DIR discard 4 --reason 已经重做")]
    Discard {
        #[arg(value_name = "编号", help = "哪一件")]
        id: i64,
        #[arg(long, value_name = "原因", help = "已经重做、不是本人办的、记错了、试用时的内容、其他，或一句话")]
        reason: String,
    },
    #[command(
        about = "导出：说明和送来时的原样，写成一个文件",
        after_help = "例子：\n  qiaomen quarantine --data DIR export --out 待核.json\n\n前面可以加条件；文件已经有了就不写。"
    )]
    Export {
        #[arg(long, value_name = "FILE", help = "写到这个文件（还没有的）")]
        out: PathBuf,
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
