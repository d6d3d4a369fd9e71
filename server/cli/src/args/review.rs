use super::{By, Data};
use clap::{Args, ValueEnum};
use qiaomen_server::review::Asked;
use qiaomen_server::review::parallel::{DAYS_DEFAULT, DAYS_MAX};

pub(super) const CONFLICTS_EXAMPLES: &str = "\
例子：
  qiaomen conflicts --data DIR
  qiaomen conflicts --data DIR 12                              # 只看 12 号，带来龙去脉
  qiaomen conflicts --data DIR --field 联系电话 --grid 第一网格
  qiaomen conflicts --data DIR --door 3-2-502 --older-than 3天
  qiaomen conflicts --data DIR --label 离线更新 --worker 王建国
  qiaomen conflicts --data DIR --counts                        # 每一项各有几处
  qiaomen conflicts --data DIR --parallel --days 7             # 各改各的、已经自动并好的
  qiaomen conflicts --data DIR --state all --json

三种情形：
  并行修改  几个人各自改了同一份的不同项，已经自动并好，不用裁定（--parallel）
  冲突      几个人各自写了同一项，互相没看到，说法不同
  离线更新  写的时候没有信号，没看到已经入册的说法或已有的裁定";

pub(super) const DECIDE_EXAMPLES: &str = "\
例子：
  qiaomen decide --data DIR 12 --take A
  qiaomen decide --data DIR 12 --value 13900000004
  qiaomen decide --data DIR 12 --both                       # 只有能填多个的项目可以
  qiaomen decide --data DIR 12 --take B --seen 3f2a9c01d7   # 若又来了新的说法，就不定，请您再看

按规则定一批：先预览，再用预览给的版本去定。预览之后有变的不定，会说明。
  qiaomen decide --data DIR --rule later-visit --field 联系电话 --preview
  qiaomen decide --data DIR --token 3f2a9c01d7
  qiaomen undo --data DIR --bulk 4                          # 整批撤销

规则：
  later         以后写的为准：看到过对方的在后，其次按校正过的时间
  later-visit   以后一次走访或电话的为准
  highest-role  以职务高的为准
  refusal       有人拒绝的按拒绝
规则说不清的不定，留给人看，并说明原因。";

pub(super) const UNDO_EXAMPLES: &str = "\
例子：
  qiaomen undo --data DIR 12
  qiaomen undo --data DIR --bulk 4   # 按规则定的第 4 批；后来更正过、又裁定过的不动，会列出来";

/// Conflicts: one, a list, figures, or what was merged by itself.
#[derive(Debug, Args)]
pub(crate) struct Conflicts {
    #[command(flatten)]
    pub(crate) data: Data,
    #[arg(value_name = "编号", help = "只看这一处")]
    pub(crate) id: Option<i64>,
    #[arg(
        long,
        value_enum,
        default_value = "open",
        value_name = "状态",
        help = "看哪些：open 待裁定、decided 已裁定、undone 已撤销、gone 已无冲突、all 全部"
    )]
    pub(crate) state: ConflictState,
    #[command(flatten)]
    pub(crate) which: Which,
    #[arg(long, conflicts_with_all = ["id", "parallel"], help = "只数数：每一项、每个网格各有几处")]
    pub(crate) counts: bool,
    #[arg(long, conflicts_with_all = ["id", "state", "label", "older_than"], help = "看并行修改：各改各的、已经自动并好的")]
    pub(crate) parallel: bool,
    #[arg(
        long,
        value_name = "天数",
        requires = "parallel",
        default_value_t = DAYS_DEFAULT,
        value_parser = clap::value_parser!(u64).range(1..=DAYS_MAX),
        help = "并行修改往回看几天（默认 7，最多 90）"
    )]
    pub(crate) days: u64,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Which conflicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConflictState {
    /// Waiting.
    Open,
    /// Decided.
    Decided,
    /// Taken back into another record.
    Undone,
    /// Gone by themselves.
    Gone,
    /// Everything that ever was.
    All,
}

impl ConflictState {
    /// Its permanent name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ConflictState::Open => "open",
            ConflictState::Decided => "decided",
            ConflictState::Undone => "undone",
            ConflictState::Gone => "gone",
            ConflictState::All => "all",
        }
    }
}

/// Which of a list of conflicts.
#[derive(Debug, Args)]
pub(crate) struct Which {
    #[arg(long, value_name = "网格", help = "只看这个网格的（名称、编码或编号）")]
    pub(crate) grid: Option<String>,
    #[arg(long, value_name = "楼栋|户", help = "只看这栋楼或这一户的，如 3号楼 或 3-2-502")]
    pub(crate) door: Option<String>,
    #[arg(long, value_name = "项目", help = "只看这一项的，如 联系电话 或 phone")]
    pub(crate) field: Option<String>,
    #[arg(long, value_name = "类别", help = "只看这类文档的：户、居民、诉求")]
    pub(crate) kind: Option<String>,
    #[arg(long, value_name = "姓名", help = "只看其中有这位工作人员写的（姓名或编号）")]
    pub(crate) worker: Option<String>,
    #[arg(long, value_name = "时长", help = "只看发现了这么久以上的，如 3天、48小时")]
    pub(crate) older_than: Option<String>,
    #[arg(long, value_name = "标签", help = "只看：冲突 或 离线更新")]
    pub(crate) label: Option<String>,
}

impl Which {
    /// The same for the office.
    pub(crate) fn asked(self, state: Option<&str>) -> Asked {
        Asked {
            state: state.map(str::to_owned),
            grid: self.grid,
            door: self.door,
            field: self.field,
            kind: self.kind,
            worker: self.worker,
            older_than: self.older_than,
            label: self.label,
        }
    }
    /// True where nothing was narrowed.
    pub(crate) fn is_everything(&self) -> bool {
        [&self.grid, &self.door, &self.field, &self.kind, &self.worker, &self.older_than, &self.label]
            .iter()
            .all(|said| said.is_none())
    }
}

/// What is decided, and which way: one, or many by a rule.
#[derive(Debug, Args)]
pub(crate) struct Decide {
    #[command(flatten)]
    pub(crate) data: Data,
    #[arg(value_name = "编号", required_unless_present_any = ["rule", "token"], help = "哪一处冲突")]
    pub(crate) id: Option<i64>,
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    #[arg(long, value_name = "版本", requires = "id", help = "conflicts 里写着的“版本”：您看到的是哪几个说法")]
    pub(crate) seen: Option<String>,
    #[arg(
        long,
        value_name = "规则",
        conflicts_with_all = ["id", "ChoiceArgs"],
        help = "按规则定一批：later、later-visit、highest-role、refusal"
    )]
    pub(crate) rule: Option<String>,
    #[command(flatten)]
    pub(crate) which: Which,
    #[arg(long, requires = "rule", conflicts_with = "id", help = "只看这条规则会怎么定，不定")]
    pub(crate) preview: bool,
    #[arg(long, value_name = "版本", conflicts_with_all = ["id", "ChoiceArgs", "preview"], help = "预览给的版本：照预览的去定")]
    pub(crate) token: Option<String>,
    #[command(flatten)]
    pub(crate) by: By,
}

/// At most one of these.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct ChoiceArgs {
    #[arg(long, value_name = "A|B", help = "取这个说法")]
    pub(crate) take: Option<String>,
    #[arg(long, value_name = "V", help = "另填")]
    pub(crate) value: Option<String>,
    #[arg(long, help = "几个都要（只有能填多个的项目可以）")]
    pub(crate) both: bool,
    #[arg(long, help = "定为拒绝提供")]
    pub(crate) refused: bool,
    #[arg(long, help = "清空这一项")]
    pub(crate) cleared: bool,
}

/// What is taken back.
#[derive(Debug, Args)]
pub(crate) struct Undo {
    #[command(flatten)]
    pub(crate) data: Data,
    #[arg(value_name = "编号", required_unless_present = "bulk", help = "哪一处冲突")]
    pub(crate) id: Option<i64>,
    #[arg(long, value_name = "批号", conflicts_with = "id", help = "按规则定的哪一批")]
    pub(crate) bulk: Option<i64>,
    #[command(flatten)]
    pub(crate) by: By,
}
