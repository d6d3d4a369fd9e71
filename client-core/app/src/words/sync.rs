use super::outbox;
use qiaomen_client::SyncReport;
use qiaomen_client::query::OutboxLine;

/// How a sync went.
pub(crate) fn report(report: &SyncReport, outbox: &[OutboxLine]) -> String {
    let mut lines = vec![if report.complete {
        "都在社区了，两边一样。".to_owned()
    } else {
        "还没有全部到齐，请再同步一次。".to_owned()
    }];
    let mut came = vec![format!("送出 {} 件", report.pushed), format!("入册 {} 件", report.applied + report.duplicate)];
    let stuck = [(report.waiting, "等待前一条"), (report.rejected, "退回"), (report.quarantined, "待核")];
    came.extend(stuck.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{words} {n} 件")));
    came.push(format!("取回 {} 条改动", report.pulled));
    lines.push(came.join("，"));
    if report.photos_sent + report.photos_left > 0 {
        lines.push(format!("照片送到 {} 张，还没送到 {} 张", report.photos_sent, report.photos_left));
    }
    lines.push(format!(
        "上行 {} 字节，下行 {} 字节，往返 {} 次",
        report.bytes_up, report.bytes_down, report.round_trips
    ));
    if !outbox.is_empty() {
        lines.push(outbox::list(outbox));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sync_is_told_in_figures_and_a_verdict() {
        let mut said =
            SyncReport { pushed: 12, applied: 10, duplicate: 1, rejected: 1, pulled: 30, ..SyncReport::default() };
        (said.bytes_up, said.bytes_down, said.round_trips) = (1_200, 9_000, 2);
        let text = report(&said, &[]);
        assert_eq!(
            text,
            "还没有全部到齐，请再同步一次。\n送出 12 件，入册 11 件，退回 1 件，取回 30 条改动\n上行 1200 字节，下行 9000 字节，往返 2 次"
        );
        said.complete = true;
        assert!(report(&said, &[]).starts_with("都在社区了"));
    }

    #[test]
    fn a_program_reads_exactly_these_figures() {
        let json = serde_json::to_value(SyncReport::default()).unwrap();
        let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let mut promised = [
            "pushed",
            "applied",
            "duplicate",
            "waiting",
            "rejected",
            "quarantined",
            "pulled",
            "photos_sent",
            "photos_left",
            "bytes_up",
            "bytes_down",
            "round_trips",
            "digest",
            "office_digest",
            "complete",
        ];
        promised.sort_unstable();
        assert_eq!(names, promised);
    }
}
