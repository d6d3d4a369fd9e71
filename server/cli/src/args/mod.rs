//! What can be typed: every command with its help and examples.

/// What is held back, and rescue files.
mod held;
/// People, their devices, the office's clerks.
mod people;
/// Conflicts and decisions.
mod review;
/// Grids, backups.
mod places;
/// The page that `--help` prints, in Chinese throughout.
mod page;

use crate::demo::DemoArgs;
use clap::{Args, Parser, Subcommand};
pub(crate) use held::{Quarantine, QuarantineCommand, Rescue};
pub(crate) use page::{command, usage_sentence};
pub(crate) use people::{ClerkCommand, Devices, Enrol};
pub(crate) use places::{Grids, GridsCommand};
use qiaomen_server::http::LISTEN_DEFAULT;
pub(crate) use review::{ChoiceArgs, Conflicts, Decide, Undo};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The exit codes, part of the first page of help.
const EXIT_CODES: &str = "\
退出码：
  0  办成了
  1  没有办成：被拒绝、找不到，或出了别的问题（标准错误里有原因和办法）
  2  命令写得不对
  3  verify 发现了问题
  5  监听不了这个地址

例子：
  qiaomen demo
  qiaomen init --data DIR --community 和顺社区 --region 150782001001
  qiaomen import --data DIR --ledger 台账.xlsx --dry-run
  qiaomen serve --data DIR
  qiaomen enrol --data DIR --worker 王建国 --grid 第一网格
  qiaomen conflicts --data DIR";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "qiaomen", version, about = "敲门：社区这一边。建账、导入台账、收终端的同步、裁定冲突。", after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[arg(long, global = true, help = "输出 JSON；出错时 JSON 写到标准错误")]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the office's data is.
#[derive(Debug, Args)]
pub(crate) struct Data {
    #[arg(long = "data", value_name = "DIR", help = "放数据的文件夹")]
    pub(crate) dir: PathBuf,
}

/// As whom something is done.
#[derive(Debug, Args)]
pub(crate) struct By {
    #[arg(long, global = true, value_name = "用户名", help = "记在哪位工作人员名下；不写就记在社区名下")]
    pub(crate) clerk: Option<String>,
}

/// The commands, in the order in which an office needs them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(
        about = "演示：一个虚构的社区，从早到晚的一天",
        after_help = "例子：\n  qiaomen demo\n  qiaomen demo --ledger 台账.xlsx\n  qiaomen demo --once --json"
    )]
    Demo(DemoArgs),
    #[command(
        about = "为一个社区建账",
        after_help = "例子：\n  qiaomen init --data DIR --community 和顺社区 --region 150782001001\n\n建账时生成密钥文件 community.key。丢了它，个人信息谁也打不开；请另存一份，不要和数据库放在一起。"
    )]
    Init {
        #[command(flatten)]
        data: Data,
        #[arg(long, value_name = "NAME", help = "社区名称")]
        community: String,
        #[arg(long, value_name = "CODE12", help = "12 位区划代码")]
        region: String,
    },
    #[command(
        about = "导入社区自己的台账（xlsx）",
        after_help = "例子：\n  qiaomen import --data DIR --ledger 台账.xlsx --dry-run   # 先看看会怎样，不写入\n  qiaomen import --data DIR --ledger 台账.xlsx\n  qiaomen import --data DIR --ledger 台账.xlsx --json\n\n整本一起导入，不会只导一半；导两次不会多出来。收不了的行会列出表、行、列和原因。"
    )]
    Import {
        #[command(flatten)]
        data: Data,
        #[arg(long, value_name = "FILE", help = "台账文件（.xlsx）")]
        ledger: PathBuf,
        #[arg(long, help = "只看会怎样，不写入")]
        dry_run: bool,
    },
    #[command(
        about = "开启服务，等终端来同步",
        after_help = "例子：\n  qiaomen serve --data DIR\n  qiaomen serve --data DIR --listen 192.168.1.10:8420\n\n按 Ctrl-C 停止，正在同步的会先办完。默认只听本机；对外服务请放在能加密的代理（HTTPS）后面。"
    )]
    Serve {
        #[command(flatten)]
        data: Data,
        #[arg(long, value_name = "ADDR", default_value = LISTEN_DEFAULT, help = "监听的地址和端口（默认 127.0.0.1:8420）")]
        listen: SocketAddr,
        #[arg(long, help = "日志写得详细些（标准错误，不含个人信息）")]
        verbose: bool,
    },
    #[command(about = "给一名工作人员的终端发一次性登记码", after_help = people::ENROL_EXAMPLES)]
    Enrol(Enrol),
    #[command(about = "花名册", after_help = "例子：\n  qiaomen staff --data DIR\n  qiaomen staff --data DIR --json")]
    Staff {
        #[command(flatten)]
        data: Data,
    },
    #[command(about = "终端：谁的、上次联系、还有几件没送；收回使用资格", after_help = people::DEVICES_EXAMPLES)]
    Devices(Devices),
    #[command(about = "登录裁定页面的工作人员", subcommand)]
    Clerk(ClerkCommand),
    #[command(
        about = "等着裁定的冲突：几个说法、谁写的、什么时候、离线多久、来自哪次走访、暂时按哪个",
        after_help = review::CONFLICTS_EXAMPLES
    )]
    Conflicts(Conflicts),
    #[command(about = "裁定一处冲突，或按一条规则裁定一批", after_help = review::DECIDE_EXAMPLES)]
    Decide(Decide),
    #[command(about = "撤销一次裁定，或撤销按规则定的一批；原来的几个说法重新摆出来", after_help = review::UNDO_EXAMPLES)]
    Undo(Undo),
    #[command(
        about = "看一户：住着谁、说过什么、来过几次、有什么事",
        after_help = "例子：\n  qiaomen door --data DIR 3号楼-2-502\n  qiaomen door --data DIR 3-2-502 --json"
    )]
    Door {
        #[command(flatten)]
        data: Data,
        #[arg(value_name = "户", help = "编号，或 楼栋-单元-房号")]
        door: String,
        #[command(flatten)]
        by: By,
    },
    #[command(about = "网格和楼栋：看、分细、划楼栋、给或收回网格", after_help = places::GRIDS_EXAMPLES)]
    Grids(Grids),
    #[command(about = "备份数据库（服务开着也可以）", after_help = places::BACKUP_EXAMPLES)]
    Backup {
        #[command(flatten)]
        data: Data,
        #[arg(long, value_name = "FILE", help = "备份写到这个文件（还没有的）")]
        to: PathBuf,
    },
    #[command(about = "从备份恢复到一个新的文件夹", after_help = places::RESTORE_EXAMPLES)]
    Restore {
        #[arg(long, value_name = "FILE", help = "备份文件")]
        from: PathBuf,
        #[arg(long, value_name = "FILE", help = "密钥文件 community.key")]
        key: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    #[command(about = "待核的内容：看、放行、作废、导出", after_help = held::QUARANTINE_EXAMPLES)]
    Quarantine(Quarantine),
    #[command(about = "读一台终端的救援文件（不用解锁码）", after_help = held::RESCUE_EXAMPLES)]
    Rescue(Rescue),
    #[command(
        about = "导出 automerge 文档：OUT/<类别>/<编号>.automerge",
        after_help = "例子：\n  qiaomen export --data DIR --documents OUT\n\n个人信息在导出的文档里仍是密文。"
    )]
    Export {
        #[command(flatten)]
        data: Data,
        #[arg(long, value_name = "OUT", help = "写到这个文件夹（空的或还没有的）")]
        documents: PathBuf,
    },
    #[command(
        about = "核对日志、文档、登记簿、列表和摘要是否一致",
        after_help = "例子：\n  qiaomen verify --data DIR\n  qiaomen verify --data DIR --json\n\n只看不改。发现问题时退出码是 3。"
    )]
    Verify {
        #[command(flatten)]
        data: Data,
    },
}
