use clap::{Args, ValueEnum};

pub(super) const DOORS_EXAMPLES: &str = "\
例子：
  qiaomen-field --home DIR doors
  qiaomen-field --home DIR doors --building 3号楼 --unit 2
  qiaomen-field --home DIR doors --not-home          # 上次去没见到人的
  qiaomen-field --home DIR doors --conflicts --json";

pub(super) const HISTORY_EXAMPLES: &str = "\
例子：
  qiaomen-field --home DIR history 王建国 电话
  qiaomen-field --home DIR history 3号楼2单元502 居住情况
  qiaomen-field --home DIR history 0192f1c4 phone --json";

/// Which doors.
#[derive(Debug, Default, Args)]
pub(crate) struct Doors {
    #[arg(long, value_name = "楼栋", help = "只看这栋楼")]
    pub(crate) building: Option<String>,
    #[arg(long, value_name = "单元", help = "只看这个单元")]
    pub(crate) unit: Option<String>,
    #[arg(long, value_name = "网格", help = "只看这个网格（名称或编号）")]
    pub(crate) grid: Option<String>,
    #[arg(long = "use", value_name = "居住情况", help = "只看这种居住情况，如 出租")]
    pub(crate) occupied_as: Option<String>,
    #[arg(long, help = "只看整户拒访的")]
    pub(crate) refused: bool,
    #[arg(long, help = "只看没有登记到人的")]
    pub(crate) empty: bool,
    #[arg(long, help = "只看上次去没见到人的")]
    pub(crate) not_home: bool,
    #[arg(long, help = "只看从没去过的")]
    pub(crate) never_visited: bool,
    #[arg(long, help = "只看该看望的")]
    pub(crate) care: bool,
    #[arg(long, help = "只看有没办完的诉求的")]
    pub(crate) tickets: bool,
    #[arg(long, help = "只看有冲突的")]
    pub(crate) conflicts: bool,
    #[arg(long, help = "只看有内容没送到社区的")]
    pub(crate) pending: bool,
}

/// Which matters.
#[derive(Debug, Default, Args)]
pub(crate) struct Tickets {
    #[arg(
        value_enum,
        long,
        default_value = "open",
        value_name = "范围",
        help = "open 没办完（默认）、overdue 超期、mine 我能推进的、over 已了结、all 全部"
    )]
    pub(crate) which: WhichTickets,
    #[arg(long, value_name = "类别", help = "只看这一类")]
    pub(crate) category: Option<String>,
    #[arg(long, value_name = "户", help = "只看这一户的")]
    pub(crate) door: Option<String>,
}

/// The heaps that matters lie in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhichTickets {
    #[default]
    #[value(help = "没办完的", alias = "没办完")]
    Open,
    #[value(help = "已经超过期限的", alias = "超期")]
    Overdue,
    #[value(help = "我可以推进一步的", alias = "我的")]
    Mine,
    #[value(help = "已经了结的", alias = "了结")]
    Over,
    #[value(help = "全部", alias = "全部")]
    All,
}

/// Whose field.
#[derive(Debug, Args)]
pub(crate) struct History {
    #[arg(value_name = "谁", help = "居民、户或诉求")]
    pub(crate) what: String,
    #[arg(value_name = "哪一项", help = "如 电话、姓名、居住情况（或 phone、name、use）")]
    pub(crate) field: String,
}
