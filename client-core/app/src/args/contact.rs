use clap::{Args, ValueEnum};

pub(super) const VISIT_EXAMPLES: &str = "\
例子：
  qiaomen-field --home DIR visit 3号楼2单元502 --outcome met --note 老人一切都好
  qiaomen-field --home DIR visit 3-2-502 --outcome not-home
  qiaomen-field --home DIR visit 3-2-502 --outcome 拒访";

pub(super) const CALL_EXAMPLES: &str = "\
例子：
  qiaomen-field --home DIR call 3号楼2单元502 --outcome met --note 约了周六上门
  qiaomen-field --home DIR call 3-2-502 --outcome not-home";

pub(super) const PATROL_EXAMPLES: &str = "\
例子：
  qiaomen-field --home DIR patrol --outcome clear
  qiaomen-field --home DIR patrol --building 3号楼 --outcome found --note 二层堆了杂物";

pub(super) const TAKE_BACK_EXAMPLES: &str = "\
例子：
  qiaomen-field --home DIR today --json     # done.entries[].command 是今天每一条的编号
  qiaomen-field --home DIR take-back 0199a1b2-…

只能撤回自己今天记的；撤回以后不算走访，记录和撤回都留在日志里。";

/// A visit or a call.
#[derive(Debug, Args)]
pub(crate) struct Contact {
    #[arg(value_name = "户", help = "编号、编号开头，或地址")]
    pub(crate) door: String,
    #[arg(
        long,
        value_enum,
        value_name = "结果",
        help = "met 见到（接通）、not-home 没人（没接）、refused 拒访；写中文也行"
    )]
    pub(crate) outcome: ContactOutcome,
    #[arg(long, value_name = "文字", help = "说了什么、看到什么")]
    pub(crate) note: Option<String>,
}

/// How a visit or a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ContactOutcome {
    #[value(help = "见到了人（电话：接通了）", aliases = ["见到", "接通"])]
    Met,
    #[value(help = "没人（电话：没人接）", aliases = ["没人", "not_home", "没接"])]
    NotHome,
    #[value(help = "拒访", alias = "拒访")]
    Refused,
}

/// A round through the grid.
#[derive(Debug, Args)]
pub(crate) struct Patrol {
    #[arg(long, value_name = "楼栋", help = "巡查了哪栋楼；不写就是整个网格")]
    pub(crate) building: Option<String>,
    #[arg(long, value_enum, value_name = "结果", help = "clear 无异常、found 发现问题；写中文也行")]
    pub(crate) outcome: Seen,
    #[arg(long, value_name = "文字", help = "看到什么")]
    pub(crate) note: Option<String>,
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Seen {
    #[value(help = "无异常", alias = "无异常")]
    Clear,
    #[value(help = "发现问题（可以接着上报诉求）", alias = "发现问题")]
    Found,
}
