use super::dotted;
use qiaomen_client::query::StatusPage;

/// What an enrolment made of the device.
pub(crate) fn enrolled(page: &StatusPage) -> String {
    // The name comes with the first sync.
    let name = page.worker_name.as_deref().filter(|_| page.reference_version > 0);
    let who = dotted([name, page.role_title]);
    format!("登记好了：{who}。\n接着运行 sync，把台账取下来。")
}

/// How the device stands.
pub(crate) fn page(page: &StatusPage) -> String {
    if !page.enrolled {
        return "这台终端还没有登记。请用 enrol 和社区给的登记码登记。".to_owned();
    }
    let grids: Vec<&str> = page.grids.iter().map(|g| g.name.as_str()).collect();
    let grids = if grids.is_empty() { "全社区".to_owned() } else { grids.join("、") };
    let mut lines = vec![
        dotted([page.worker_name.as_deref(), page.role_title, Some(grids.as_str()), page.community.as_deref()]),
        verdict(page),
    ];
    let stuck = [(page.rejected, "件被退回"), (page.quarantined, "件社区留存待核")];
    let stuck: Vec<String> = stuck.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{n} {words}")).collect();
    if !stuck.is_empty() {
        lines.push(format!("{}。用 outbox 看原因和办法。", stuck.join("，")));
    }
    lines.push(match &page.last_contact {
        Some(at) => format!("上次联系社区：{at}"),
        None => "还没有和社区同步过。".to_owned(),
    });
    lines.extend(page.clock_skew.as_ref().map(ToString::to_string));
    lines.extend(page.policy_differs.as_ref().map(ToString::to_string));
    lines.push(format!(
        "本机有 {} 户、{} 位居民、{} 件没办完的诉求（{} 份文档）",
        page.doors, page.residents, page.open_tickets, page.documents
    ));
    lines.push(format!("摘要 {}\n社区 {}", page.digest, page.office_digest));
    lines.push(format!(
        "版本 {} · 传输 {} · 规则 {} · 基础数据 {}",
        page.app_version, page.wire_version, page.policy_version, page.reference_version
    ));
    lines.push(format!("终端 {}", page.device.as_deref().unwrap_or_default()));
    lines.join("\n")
}

fn verdict(page: &StatusPage) -> String {
    match page.pending + page.waiting {
        0 if page.looks_unsent > 0 => {
            format!("还有 {} 次查看记录没到社区，请在有网络时同步。", page.looks_unsent)
        }
        0 if page.complete => "都在社区了，两边一样。".to_owned(),
        0 => "没有要送的；还没有和社区核对过，请同步。".to_owned(),
        unsent => format!("还有 {unsent} 件没到社区，请在有网络时同步。"),
    }
}
