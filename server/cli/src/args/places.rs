use super::By;
use clap::{Args, Subcommand};
use std::path::PathBuf;

pub(super) const GRIDS_EXAMPLES: &str = "\
例子：
  qiaomen grids --data DIR                                           # 网格和楼栋
  qiaomen grids split --data DIR 第一网格 --into 第十网格 --building 3号楼 --building 4号楼
  qiaomen grids move-building --data DIR 5号楼 --to 第二网格
  qiaomen grids give --data DIR 第十网格 --worker 王建国
  qiaomen grids take --data DIR 第一网格 --worker 王建国

终端还没送出的内容按办理当时的网格认，不会因为重新划分而丢。";

pub(super) const BACKUP_EXAMPLES: &str = "\
例子：
  qiaomen backup --data DIR --to 备份-20260930.db

可以在服务开着时做。密钥文件 community.key 不在备份里，请另外保存，不要和备份放在一起。";

pub(super) const RESTORE_EXAMPLES: &str = "\
例子：
  qiaomen restore --from 备份-20260930.db --key community.key --data 新的DIR

恢复到一个新的文件夹。备份以后入册的内容，终端下次同步时会自动交回。";

/// Grids and buildings.
#[derive(Debug, Args)]
pub(crate) struct Grids {
    // Global, so that it may stand before `split` and after it; clap has no global argument that must be there.
    #[arg(long = "data", value_name = "DIR", global = true, help = "放数据的文件夹（必填）")]
    pub(crate) dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(subcommand)]
    pub(crate) command: Option<GridsCommand>,
}

/// Another division.
#[derive(Debug, Subcommand)]
pub(crate) enum GridsCommand {
    #[command(
        about = "把一个网格分细：几栋楼划成新的网格",
        after_help = "例子：\n  qiaomen grids split --data DIR 第一网格 --into 第十网格 --building 3号楼"
    )]
    Split {
        #[arg(value_name = "网格", help = "从哪个网格分出来（名称或编号）")]
        grid: String,
        #[arg(long, value_name = "NAME", help = "新网格的名称")]
        into: String,
        #[arg(long = "building", value_name = "楼栋", required = true, help = "划过去的楼栋，可以写几次")]
        buildings: Vec<String>,
    },
    #[command(
        about = "把一栋楼划给另一个网格",
        after_help = "例子：\n  qiaomen grids move-building --data DIR 5号楼 --to 第二网格"
    )]
    MoveBuilding {
        #[arg(value_name = "楼栋", help = "哪栋楼")]
        building: String,
        #[arg(long, value_name = "网格", help = "划给哪个网格（名称或编号）")]
        to: String,
    },
    #[command(
        about = "从现在起给一位工作人员一个网格",
        after_help = "例子：\n  qiaomen grids give --data DIR 第十网格 --worker 王建国"
    )]
    Give(WorkerGrid),
    #[command(
        about = "从现在起收回一位工作人员的一个网格",
        after_help = "例子：\n  qiaomen grids take --data DIR 第一网格 --worker 王建国"
    )]
    Take(WorkerGrid),
}

/// A worker and a grid.
#[derive(Debug, Args)]
pub(crate) struct WorkerGrid {
    #[arg(value_name = "网格", help = "哪个网格（名称或编号）")]
    pub(crate) grid: String,
    #[arg(long, value_name = "NAME|ID", help = "姓名或编号")]
    pub(crate) worker: String,
}
