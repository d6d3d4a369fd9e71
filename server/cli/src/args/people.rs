use super::{By, Data};
use clap::{Args, Subcommand};
use qiaomen_server::people::Post;
use std::path::PathBuf;

pub(super) const ENROL_EXAMPLES: &str = "\
例子：
  qiaomen enrol --data DIR --worker 王建国 --grid 第一网格
  qiaomen enrol --data DIR --worker 0192f1c4-7b3e-7000-8000-00005b1d9a01 --json

登记码只显示这一次，24 小时内用一次；大小写、空格、横线都不要紧。
这位工作人员还没有这个网格的，从现在起给他。同名的会列出来，请用网格或编号区分。";

pub(super) const DEVICES_EXAMPLES: &str = "\
例子：
  qiaomen devices --data DIR
  qiaomen devices --data DIR --json
  qiaomen devices --data DIR --revoke 0192f1c4-7b3e-7000-8000-00005b1d9a01

收回后，那台终端下次联系时先交出没送的内容（待核），再清空。";

const CLERK_ADD_EXAMPLES: &str = "\
例子：
  qiaomen clerk add --data DIR zhaomin
  qiaomen clerk add --data DIR zhaomin --password-file 密码.txt
  qiaomen clerk add --data DIR wangli --post grid_leader --worker 王丽

已有的用户名会换成新密码。密码至少 8 个字符。";

/// A one-time code.
#[derive(Debug, Args)]
pub(crate) struct Enrol {
    #[command(flatten)]
    pub(crate) data: Data,
    #[arg(long, value_name = "NAME|ID", help = "姓名或编号")]
    pub(crate) worker: String,
    #[arg(long, value_name = "GRID", help = "网格（名称或编号）")]
    pub(crate) grid: Option<String>,
    #[command(flatten)]
    pub(crate) by: By,
}

/// The devices.
#[derive(Debug, Args)]
pub(crate) struct Devices {
    #[command(flatten)]
    pub(crate) data: Data,
    #[arg(long, value_name = "ID", help = "收回这台终端的使用资格")]
    pub(crate) revoke: Option<String>,
    #[command(flatten)]
    pub(crate) by: By,
}

fn post(said: &str) -> Result<Post, String> {
    Post::parse(said).ok_or_else(|| "没有这个岗位".to_owned())
}

/// Clerks.
#[derive(Debug, Subcommand)]
pub(crate) enum ClerkCommand {
    #[command(about = "添加一位，或给一位换密码", after_help = CLERK_ADD_EXAMPLES)]
    Add {
        #[command(flatten)]
        data: Data,
        #[arg(value_name = "用户名", help = "登录用的名字")]
        login: String,
        #[arg(long, value_name = "FILE", help = "从这个文件的第一行读密码；不写就当场输入，不显示在屏幕上")]
        password_file: Option<PathBuf>,
        #[arg(long, value_name = "岗位", value_parser = post, help = "admin 管理员、clerk 社区工作人员（默认）、grid_leader 网格长、coordinator 部门协调员、supervisor 督查")]
        post: Option<Post>,
        #[arg(long, value_name = "姓名", help = "网格长、部门协调员在花名册上的姓名或编号")]
        worker: Option<String>,
    },
}
