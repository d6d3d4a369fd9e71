use super::outbox;
use qiaomen_client::SyncReport;
use qiaomen_client::query::OutboxLine;

/// How a sync went.
pub(crate) fn report(report: &SyncReport, outbox: &[OutboxLine]) -> String {
    let mut lines = vec![if report.complete {
        "都在社区了,两边一样。".to_owned()
    } else {
        "还没有全部到齐,请再同步一次。".to_owned()
    }];
    let mut came = vec![format!("送出 {} 件", report.pushed), format!("入册 {} 件", report.applied + report.duplicate)];
    let stuck = [(report.waiting, "等待前一条"), (report.rejected, "退回"), (report.quarantined, "待核")];
    came.extend(stuck.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{words} {n} 件")));
    came.push(format!("取回 {} 条改动", report.pulled));
    lines.push(came.join(","));
    lines.push(format!("上行 {} 字节,下行 {} 字节,往返 {} 次", report.bytes_up, report.bytes_down, report.round_trips));
    if !outbox.is_empty() {
        lines.push(outbox::list(outbox));
    }
    lines.join("\n")
}
