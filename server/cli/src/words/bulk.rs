use super::lines;
use qiaomen_server::review::bulk::{BulkLine, LeftLine};
use qiaomen_server::review::parallel::ParallelEdit;
use qiaomen_server::review::{BulkDone, BulkUndone, Counts, ParallelView, Preview};

pub(crate) fn counts(counts: &Counts) -> String {
    if counts.total == 0 {
        return "没有符合条件的冲突。".to_owned();
    }
    let mut text = vec![format!("共 {} 处。", counts.total)];
    for (title, list) in [("按项目", &counts.by_field), ("按网格", &counts.by_grid), ("按标签", &counts.by_label)]
    {
        let said: Vec<String> = list.iter().map(|c| format!("{} {}", c.of, c.count)).collect();
        text.push(format!("  {title}：{}", said.join("、")));
    }
    lines(text)
}

pub(crate) fn parallel(list: &[ParallelView], days: u64) -> String {
    if list.is_empty() {
        return format!("最近 {days} 天没有并行修改。");
    }
    let mut text: Vec<String> = list.iter().map(merged).collect();
    text.push("这些都已经自动并好，不用裁定；有不对的，请在终端上更正。".to_owned());
    text.join("\n\n")
}

fn merged(p: &ParallelView) -> String {
    let grid = p.grid.as_ref().map(|g| format!("，{g}")).unwrap_or_default();
    let mut text = vec![format!("{}：{}（{}{grid}）", p.kind_label, p.place, p.merged_at)];
    text.extend(p.edits.iter().map(edit));
    if !p.by_rule.is_empty() {
        text.push(format!("  都写了、按规则定的：{}", p.by_rule.join("；")));
    }
    if !p.conflicts.is_empty() {
        let ids: Vec<String> = p.conflicts.iter().map(ToString::to_string).collect();
        text.push(format!("  还等着裁定：{} 号", ids.join("、")));
    }
    lines(text)
}

fn edit(e: &ParallelEdit) -> String {
    let offline = e.offline.as_ref().map(|o| format!("，{o}")).unwrap_or_default();
    format!("  {} {}（{}{offline}） {}", e.worker_title, e.worker_name, e.at, e.what.join("；"))
}

pub(crate) fn preview(shown: &Preview) -> String {
    let mut text =
        vec![format!("{}：会定 {} 处，留下 {} 处。", shown.rule_label, shown.decides.len(), shown.leaves.len())];
    text.extend(shown.decides.iter().map(would));
    if !shown.leaves.is_empty() {
        text.push("说不清、留给人看的：".to_owned());
        text.extend(shown.leaves.iter().map(left));
    }
    if shown.more > 0 {
        text.push(format!("一次定不了这么多，还有 {} 处，定完这一批再来。", shown.more));
    }
    match &shown.token {
        Some(token) => text.push(format!("照这样定：qiaomen decide --data DIR --token {token}")),
        None => text.push("按这条规则，没有能定的。".to_owned()),
    }
    lines(text)
}

fn would(line: &BulkLine) -> String {
    let from = if line.worker_name.is_empty() { String::new() } else { format!("（{}）", line.worker_name) };
    format!(
        "  {} 号 {} 的{}：取 {} {}{from}，不取 {}",
        line.id,
        line.place,
        line.field_label,
        line.takes,
        line.text,
        line.instead_of.join("、")
    )
}

fn left(line: &LeftLine) -> String {
    format!("  {} 号 {} 的{}：{}", line.id, line.place, line.field_label, line.reason)
}

pub(crate) fn done(done: &BulkDone) -> String {
    let mut text = vec![format!("第 {} 批，{}：定了 {} 处。", done.bulk, done.rule_label, done.decided.len())];
    text.extend(done.decided.iter().map(|d| format!("  {} 号 {} 的{}：{}", d.id, d.place, d.field_label, d.text)));
    if !done.skipped.is_empty() {
        text.push("没有定的：".to_owned());
        text.extend(done.skipped.iter().map(left));
    }
    if !done.newer.is_empty() {
        text.push(format!("预览之后又多了 {} 处可以定的，没有定；要定请再预览。", done.newer.len()));
    }
    if !done.decided.is_empty() {
        text.push(format!("整批撤销：qiaomen undo --data DIR --bulk {}", done.bulk));
    }
    lines(text)
}

pub(crate) fn undone(undone: &BulkUndone) -> String {
    let mut text = vec![format!("第 {} 批：撤销了 {} 处。", undone.bulk, undone.undone.len())];
    text.extend(
        undone.undone.iter().map(|d| format!("  {} 号 {} 的{}：现在按 {}", d.id, d.place, d.field_label, d.text)),
    );
    if !undone.left.is_empty() {
        text.push("没有动的：".to_owned());
        text.extend(undone.left.iter().map(left));
    }
    lines(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_server::review::Rule;

    fn left_line(id: i64, reason: &str) -> LeftLine {
        LeftLine {
            id,
            place: "3号楼2单元502 张三".to_owned(),
            field_label: "联系电话".to_owned(),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn a_preview_says_what_it_would_take_what_it_leaves_and_how_to_go_on() {
        let shown = Preview {
            token: Some("3f2a9c01d7".to_owned()),
            rule: Rule::LaterVisit,
            rule_label: Rule::LaterVisit.label(),
            decides: vec![BulkLine {
                id: 12,
                place: "3号楼2单元502 张三".to_owned(),
                field_label: "联系电话".to_owned(),
                takes: "B".to_owned(),
                text: "13900000003".to_owned(),
                worker_name: "李秀英".to_owned(),
                instead_of: vec!["13900000002".to_owned()],
                seen: "00".to_owned(),
            }],
            leaves: vec![left_line(13, "有的说法没有对应的走访或电话")],
            more: 0,
        };
        assert_eq!(
            preview(&shown),
            "以后一次走访的为准：会定 1 处，留下 1 处。\n  \
             12 号 3号楼2单元502 张三 的联系电话：取 B 13900000003（李秀英），不取 13900000002\n\
             说不清、留给人看的：\n  13 号 3号楼2单元502 张三 的联系电话：有的说法没有对应的走访或电话\n\
             照这样定：qiaomen decide --data DIR --token 3f2a9c01d7"
        );
    }

    #[test]
    fn what_a_bulk_left_is_said_with_the_reason() {
        let back = BulkUndone { bulk: 4, undone: Vec::new(), left: vec![left_line(12, "同一项后来又裁定过")] };
        assert_eq!(
            undone(&back),
            "第 4 批：撤销了 0 处。\n没有动的：\n  12 号 3号楼2单元502 张三 的联系电话：同一项后来又裁定过"
        );
    }
}
