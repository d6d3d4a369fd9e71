//! What can be typed: every command with its help and examples.

/// What is edited about doors and people.
mod book;
/// Visits, calls, patrols.
mod contact;
/// What is read.
mod read;
/// Matters.
mod ticket;
/// The page that `--help` prints, in Chinese throughout.
mod page;

pub(crate) use book::{HouseholdCommand, Registration, ResidentCommand, Value};
pub(crate) use contact::{Contact, ContactOutcome, Patrol, Seen};
pub(crate) use page::{command, usage_sentence};
pub(crate) use read::{Doors, History, Tickets, WhichTickets};
pub(crate) use ticket::{Advance, Photo, Report, Size, Stage, TicketCommand};

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// The exit codes, part of the first page of help.
const EXIT_CODES: &str = "\
退出码：
  0  办成了
  1  没有办成：被拒绝、找不到，或出了别的问题（标准错误里有原因和办法）
  2  命令写得不对
  3  解锁码不对，或试错太多被锁住
  4  数据库损坏或钥匙不配（文件都还在，没有删除任何东西）
  5  连不上社区
  6  同步过了，但还没有全部到齐（再同步一次）

户、居民、诉求可以写编号、编号开头几位（不重复即可），也可以写地址或姓名，例如 3号楼2单元502、3-2-502、王建国。
对得上好几个时，会列出来请您挑。

例子：
  qiaomen-field --home DIR enrol --server http://192.168.1.10:8420 --code 7F3K-9QXM
  qiaomen-field --home DIR today
  qiaomen-field --home DIR door 3号楼2单元502
  qiaomen-field --home DIR sync --json";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "qiaomen-field", version, about = "敲门：网格员的终端。没有信号照样查、登记、改，回来再同步。", after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[arg(long, global = true, value_name = "DIR", help = "放数据的文件夹（必填）")]
    pub(crate) home: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "从这个文件的第一行读解锁码；不写就当场输入，不显示在屏幕上"
    )]
    pub(crate) pin_file: Option<PathBuf>,
    #[arg(long, global = true, help = "输出 JSON；出错时 JSON 写到标准错误")]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands, in the order of a day.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(
        about = "登记这台终端（只做一次）；没有数据时先建库、定解锁码",
        after_help = "例子：\n  qiaomen-field --home DIR enrol --server http://192.168.1.10:8420 --code 7F3K-9QXM\n  qiaomen-field --home DIR --pin-file pin.txt enrol --server http://192.168.1.10:8420 --code 7F3K-9QXM --json"
    )]
    Enrol {
        #[arg(long, value_name = "URL", help = "社区服务的地址")]
        server: String,
        #[arg(long, value_name = "CODE", help = "社区给的一次性登记码")]
        code: String,
    },
    #[command(
        about = "打开应用：在这台机器的浏览器里用，没有信号照样用",
        after_help = "例子：\n  qiaomen-field --home DIR app --open\n  qiaomen-field --home DIR app --json"
    )]
    App {
        #[arg(long, help = "顺便打开浏览器")]
        open: bool,
    },
    #[command(
        about = "今天要做的、做了的：没见到人的户、到期的诉求、生日",
        after_help = "例子：\n  qiaomen-field --home DIR today\n  qiaomen-field --home DIR today --json"
    )]
    Today,
    #[command(about = "我的各户，按楼栋、单元、楼层、房号排好", after_help = read::DOORS_EXAMPLES)]
    Doors(Doors),
    #[command(
        about = "看一户：住着谁、说过什么、来过几次、有什么事",
        after_help = "例子：\n  qiaomen-field --home DIR door 3号楼2单元502\n  qiaomen-field --home DIR door 3-2-502 --json"
    )]
    Door {
        #[arg(value_name = "户", help = "编号、编号开头，或地址")]
        door: String,
    },
    #[command(
        about = "查人、查户、查诉求：姓名、拼音首字母、地址、号码末几位、事由",
        after_help = "例子：\n  qiaomen-field --home DIR search 王建国\n  qiaomen-field --home DIR search wjg\n  qiaomen-field --home DIR search 3533\n  qiaomen-field --home DIR search 3-2-502\n  qiaomen-field --home DIR search 漏水 --json"
    )]
    Search {
        #[arg(value_name = "内容", required = true, num_args = 1.., help = "记得多少写多少")]
        text: Vec<String>,
    },
    #[command(about = "户：登记、更正、入住、搬走、整户拒访、备注", subcommand)]
    Household(HouseholdCommand),
    #[command(about = "居民：登记、更正、拒绝、不清楚、搬家、搬走、备注", subcommand)]
    Resident(ResidentCommand),
    #[command(about = "走访一户", after_help = contact::VISIT_EXAMPLES)]
    Visit(Contact),
    #[command(about = "给一户打电话", after_help = contact::CALL_EXAMPLES)]
    Call(Contact),
    #[command(about = "巡查", after_help = contact::PATROL_EXAMPLES)]
    Patrol(Patrol),
    #[command(about = "撤回今天记错的一条走访、电话或巡查", after_help = contact::TAKE_BACK_EXAMPLES)]
    TakeBack {
        #[arg(value_name = "编号", help = "那一条的编号，today --json 里有")]
        entry: String,
    },
    #[command(about = "诉求：上报、推进一步、列出、查看、备注", subcommand)]
    Ticket(TicketCommand),
    #[command(
        about = "还没送到社区的，一件件说清楚",
        after_help = "例子：\n  qiaomen-field --home DIR outbox\n  qiaomen-field --home DIR outbox --rescue             # 救援文件在哪里；忘了解锁码时把它交给社区\n  qiaomen-field --home DIR outbox --discard 5c9e01ab    # 丢掉一件退回的（先看清原因）"
    )]
    Outbox {
        #[arg(long, help = "同时说明救援文件")]
        rescue: bool,
        #[arg(long, value_name = "编号", conflicts_with = "rescue", help = "丢掉一件社区退回的")]
        discard: Option<String>,
    },
    #[command(
        about = "同步：先送，再取",
        after_help = "例子：\n  qiaomen-field --home DIR sync\n  qiaomen-field --home DIR sync --json\n\n按 Ctrl-C 可以中断，已经送到的不会丢，没送出的都还在。"
    )]
    Sync,
    #[command(
        about = "是不是都在社区了；这台终端的情况",
        after_help = "例子：\n  qiaomen-field --home DIR status\n  qiaomen-field --home DIR status --json"
    )]
    Status,
    #[command(about = "一项内容的来历：谁、什么时候、从什么改成什么", after_help = read::HISTORY_EXAMPLES)]
    History(History),
    #[command(
        about = "和我有关的冲突：几个说法、谁写的、暂时按哪个",
        after_help = "例子：\n  qiaomen-field --home DIR conflicts\n  qiaomen-field --home DIR conflicts --all --json"
    )]
    Conflicts {
        #[arg(long, help = "终端上所有的冲突，不只是我写过的")]
        all: bool,
    },
    #[command(
        about = "导出 automerge 文档：OUT/<类别>/<编号>.automerge",
        after_help = "例子：\n  qiaomen-field --home DIR export --documents OUT"
    )]
    Export {
        #[arg(long, value_name = "OUT", help = "写到这个文件夹")]
        documents: PathBuf,
    },
}
