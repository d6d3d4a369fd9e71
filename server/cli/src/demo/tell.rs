//! The story as it is told: plain lines, in the order of the day.
#![allow(clippy::print_stdout, reason = "this is what the command prints")]

use super::check::Findings;
use super::phones::Phone;
use super::team::{Member, PIN};
use qiaomen_client::SyncReport;
use qiaomen_server::ledger::book::Book;
use qiaomen_server::review::ConflictView;
use std::path::Path;

/// Tells, unless it is to be silent (then JSON alone is printed at the end).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Teller {
    /// Says nothing.
    pub(crate) silent: bool,
}

macro_rules! say {
    ($teller:expr, $($arg:tt)*) => { if !$teller.silent { println!($($arg)*); } };
}

impl Teller {
    /// The office has its book.
    pub(crate) fn morning(self, community: &str, book: &Book) {
        let people: usize = book.doors.iter().map(|d| d.people.len()).sum();
        say!(self, "── 早上 ──────────────────────────────────────────");
        say!(
            self,
            "{community}：{} 个网格，{} 户，{people} 名居民，{} 名工作人员，{} 件诉求。台账已录入，个人信息全部加密存放。",
            book.grids.len(),
            book.doors.len(),
            book.staff.len(),
            book.tickets.len()
        );
    }
    /// A device is ours and has its grid.
    pub(crate) fn enrolled(self, number: usize, member: &Member, report: &SyncReport) {
        let date = if number == 3 { "，这台手机的日期快了 3 天" } else { "" };
        say!(
            self,
            "{} {} 登记了手机，取到本网格的 {} 份档案（{:.1} KB，{} 次往返）{date}。",
            member.title,
            member.name,
            report.pulled,
            kilobytes(report.bytes_down),
            report.round_trips
        );
    }
    /// What was done without signal.
    pub(crate) fn day(self, team: &[Member]) {
        say!(self, "\n── 白天，没有信号 ────────────────────────────────");
        for member in team {
            say!(self, "{} {}：办了 {} 件事，都存在手机里。", member.title, member.name, member.done.len());
        }
    }
    /// A sync broke off.
    pub(crate) fn cut_off(self, member: &Member, broken: bool) {
        if broken {
            say!(self, "{} 同步到一半断了线：社区收到了，回执没传回来。", member.name);
        }
    }
    /// A device came home.
    pub(crate) fn home(self, member: &Member, report: &SyncReport) {
        say!(
            self,
            "{} 回来同步：送出 {} 件，新收 {}，早已收到 {}，待核 {}，退回 {}；上行 {:.1} KB，下行 {:.1} KB。",
            member.name,
            report.pushed,
            report.applied,
            report.duplicate,
            report.quarantined,
            report.rejected,
            kilobytes(report.bytes_up),
            kilobytes(report.bytes_down)
        );
    }
    /// What waits for the clerk.
    pub(crate) fn conflicts(self, open: &[ConflictView]) {
        say!(self, "\n── 晚上，社区 ────────────────────────────────────");
        say!(self, "有 {} 处说法不一，规则定不了，请工作人员定：", open.len());
    }
    /// The clerk decided.
    pub(crate) fn decided(self, conflict: &ConflictView, label: &str) {
        let said: Vec<String> = conflict
            .candidates
            .iter()
            .map(|c| format!("{} {}（{} {}）", c.label, c.text, c.worker_title, c.worker_name))
            .collect();
        say!(self, "  · {} 的{}：{} → 定为 {label}", conflict.place, conflict.field_label, said.join(" / "));
    }
    /// What the checker found.
    pub(crate) fn findings(self, f: &Findings) {
        let yes = |b: bool| if b { "是" } else { "否" };
        say!(self, "\n── 核对（只看数据库和导出的文档，不用合并的代码） ──");
        say!(self, "手机 {} 台，离线办理 {} 件，丢失 {} 件。", f.devices, f.offline_edits, f.lost);
        say!(
            self,
            "说法不一：规则定了 {} 处，交人定 {} 处，已定 {} 处；待核 {} 件。",
            f.conflicts_by_policy,
            f.conflicts_found,
            f.conflicts_by_clerk,
            f.quarantined
        );
        say!(self, "所有手机与社区一致：{}；摘要一致：{}。", yes(f.converged), yes(f.digests_equal));
    }
    /// It goes on serving.
    pub(crate) fn serving(self, url: &str, password: &str, dir: &Path, phones: &[Phone]) {
        say!(self, "\n社区服务还开着（按 Ctrl-C 停止）。控制台在浏览器里打开：");
        say!(self, "  {url}   用户名 demo   密码 {password}");
        say!(self, "手机也还开着，每台一个地址（只能进一次），PIN 都是 {PIN}：");
        for phone in phones {
            say!(self, "  {} {}   {}", phone.title, phone.name, phone.url);
        }
        say!(self, "数据在 {}。再登记一台手机：", dir.display());
        say!(self, "  qiaomen enrol --data {} --worker 姓名 --grid 网格", dir.display());
        say!(self, "  qiaomen-field --home 文件夹 enrol --server {url} --code 登记码");
    }
}

fn kilobytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1024.0
}
