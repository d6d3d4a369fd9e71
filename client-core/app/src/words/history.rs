use super::dotted;
use qiaomen_client::query::HistoryLine;

/// Where a value came from.
pub(crate) fn list(title: &str, label: &str, lines: &[HistoryLine]) -> String {
    if lines.is_empty() {
        return format!("{title}：“{label}”从来没有写过。");
    }
    let mut text = vec![format!("{title}：{label}")];
    text.extend(lines.iter().map(line));
    text.join("\n")
}

fn line(line: &HistoryLine) -> String {
    let before: Vec<&str> = line.from.iter().map(|s| s.text.as_str()).collect();
    let what = match (line.act, before.as_slice()) {
        (_, []) => line.to.text.clone(),
        ("undone", before) => format!("{} 不再作数，现在暂按 {}", before.join("、"), line.to.text),
        (_, before) => format!("{} → {}", before.join("、"), line.to.text),
    };
    let by = line.by.as_ref().map(|by| {
        let device = if by.this_device { "，本机" } else { "" };
        format!("{}（{}{device}）", by.name, by.role_title)
    });
    let words = dotted([
        Some(line.at.as_str()),
        Some(line.act_title),
        Some(what.as_str()),
        by.as_deref(),
        line.undone.then_some("后来撤销"),
        line.holds.then_some("现在按这个"),
        line.pending.then_some("未送到社区"),
    ]);
    format!("  {words}")
}
