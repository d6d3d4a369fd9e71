use super::read::Tickets;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Matters.
#[derive(Debug, Subcommand)]
pub(crate) enum TicketCommand {
    #[command(
        about = "上报一件诉求",
        after_help = "例子：\n  qiaomen-field --home DIR ticket report --category 管道 --door 3号楼2单元502 厨房下水道堵了\n  qiaomen-field --home DIR ticket report --category 道路 --size 大事 --building 5号楼 --source 微信群 楼前路面塌陷"
    )]
    Report(Report),
    #[command(
        about = "推进一步：办理、反馈、核查、办结……",
        after_help = "例子：\n  qiaomen-field --home DIR ticket advance 0192f1c4 办理 --note 已联系物业\n  qiaomen-field --home DIR ticket advance 0192f1c4 feedback --note 已告知住户\n  qiaomen-field --home DIR ticket advance 0192f1c4 派遣 --party 物业 --due 2026-05-20\n  qiaomen-field --home DIR ticket advance 0192f1c4 评价 --satisfaction 满意"
    )]
    Advance(Advance),
    #[command(
        about = "列出诉求",
        after_help = "例子：\n  qiaomen-field --home DIR ticket list\n  qiaomen-field --home DIR ticket list --which overdue\n  qiaomen-field --home DIR ticket list --which all --category 管道 --json"
    )]
    List(Tickets),
    #[command(
        about = "看一件诉求：经过、现状、下一步",
        after_help = "例子：\n  qiaomen-field --home DIR ticket show 0192f1c4\n  qiaomen-field --home DIR ticket show 下水道 --json"
    )]
    Show {
        #[arg(value_name = "诉求", help = "编号、编号开头，或事由里的字")]
        ticket: String,
    },
    #[command(
        about = "给一件诉求附照片（没有信号照样附，有信号时在文字之后送）",
        after_help = "例子：\n  qiaomen-field --home DIR ticket photo 0192f1c4 楼道.jpg --stage before\n  qiaomen-field --home DIR ticket photo 下水道 修好1.jpg 修好2.jpg --stage after"
    )]
    Photo(Photo),
    #[command(
        about = "一件诉求的照片：送到了没有；也可以存到文件夹里看",
        after_help = "例子：\n  qiaomen-field --home DIR ticket photos 0192f1c4\n  qiaomen-field --home DIR ticket photos 0192f1c4 --out 文件夹 --json"
    )]
    Photos {
        #[arg(value_name = "诉求", help = "编号、编号开头，或事由里的字")]
        ticket: String,
        #[arg(long, value_name = "OUT", help = "把这台终端上有的照片存到这个文件夹")]
        out: Option<PathBuf>,
    },
    #[command(
        about = "给一件诉求加备注",
        after_help = "例子：\n  qiaomen-field --home DIR ticket note 0192f1c4 住户白天不在家"
    )]
    Note {
        #[arg(value_name = "诉求", help = "编号、编号开头，或事由里的字")]
        ticket: String,
        #[arg(value_name = "文字", help = "备注")]
        text: String,
    },
}

/// Photos of a matter.
#[derive(Debug, Args)]
pub(crate) struct Photo {
    #[arg(value_name = "诉求", help = "编号、编号开头，或事由里的字")]
    pub(crate) ticket: String,
    #[arg(value_name = "图片", required = true, num_args = 1.., help = "JPEG、PNG 或 WebP 文件；会缩小，并去掉位置等信息")]
    pub(crate) files: Vec<PathBuf>,
    #[arg(
        long,
        value_enum,
        default_value = "before",
        value_name = "时候",
        help = "before 办理前（默认）；after 办理后；other 其他"
    )]
    pub(crate) stage: Stage,
}

/// When a photo was taken, as seen from the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    #[value(help = "办理前", alias = "办理前")]
    Before,
    #[value(help = "办理后", alias = "办理后")]
    After,
    #[value(help = "其他", alias = "其他")]
    Other,
}

/// A new matter.
#[derive(Debug, Args)]
pub(crate) struct Report {
    #[arg(value_name = "内容", help = "是什么事")]
    pub(crate) text: String,
    #[arg(long, value_name = "类别", help = "如 管道、照明、环境卫生")]
    pub(crate) category: String,
    #[arg(
        long,
        value_enum,
        default_value = "small",
        value_name = "大小",
        help = "small 小事，当日办（默认）；big 大事，上联席会议"
    )]
    pub(crate) size: Size,
    #[arg(
        long,
        default_value = "入户走访",
        value_name = "来源",
        help = "从哪里听到的，如 入户走访（默认）、巡查、电话、微信群"
    )]
    pub(crate) source: String,
    #[arg(long, value_name = "户", conflicts_with = "building", help = "哪一户的事")]
    pub(crate) door: Option<String>,
    #[arg(long, value_name = "楼栋", help = "哪栋楼的事")]
    pub(crate) building: Option<String>,
    #[arg(long, value_name = "单元", requires = "building", help = "哪个单元的事")]
    pub(crate) unit: Option<String>,
    #[arg(long, value_name = "反映人", help = "谁反映的；办完了告诉他")]
    pub(crate) reporter: Option<String>,
    #[arg(long = "photo", value_name = "图片", help = "附一张办理前的照片；可以写几次")]
    pub(crate) photos: Vec<PathBuf>,
}

/// Small or large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Size {
    #[value(help = "小事", alias = "小事")]
    Small,
    #[value(help = "大事", alias = "大事")]
    Big,
}

/// One step.
#[derive(Debug, Args)]
pub(crate) struct Advance {
    #[arg(value_name = "诉求", help = "编号、编号开头，或事由里的字")]
    pub(crate) ticket: String,
    #[arg(
        value_name = "步骤",
        help = "如 办理、反馈、核查、办结、当场办结、退回（或 start、feedback、check、close、close_on_spot、send_back）"
    )]
    pub(crate) step: String,
    #[arg(long, value_name = "谁办", help = "派遣给谁（部门或物业等）")]
    pub(crate) party: Option<String>,
    #[arg(long, value_name = "日期", help = "办到哪一天为止")]
    pub(crate) due: Option<String>,
    #[arg(long, value_name = "评价", help = "满意、基本满意、不满意")]
    pub(crate) satisfaction: Option<String>,
    #[arg(long, value_name = "诉求", help = "与哪一件重复")]
    pub(crate) other: Option<String>,
    #[arg(long, value_name = "文字", help = "说了什么、做了什么")]
    pub(crate) note: Option<String>,
}
