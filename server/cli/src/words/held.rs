use super::lines;
use qiaomen_server::review::rescue::RescuedView;
use qiaomen_server::review::{HeldView, RescueView};

pub(crate) fn quarantine(list: &[HeldView]) -> String {
    if list.is_empty() {
        return "没有待核的内容。".to_owned();
    }
    let mut text: Vec<String> = list.iter().map(held).collect();
    if list.iter().any(|h| h.state == "held") {
        text.push("放行:qiaomen quarantine --data DIR release 编号;作废:discard 编号 --reason 原因".to_owned());
    }
    text.join("\n\n")
}

fn held(h: &HeldView) -> String {
    let signed = h.signed_by.as_ref().map(|s| format!(",署名 {s}")).unwrap_or_default();
    lines([
        format!("{} 号({}):{}", h.id, h.state_label, h.places.join(";")),
        format!("  {} 的终端{signed},{} 收到{}", h.worker_name, h.received_at, written(&h.at)),
        if h.what.is_empty() { String::new() } else { format!("  内容:{}", h.what.join(";")) },
        format!("  为什么:{}", h.why),
    ])
}

fn written(at: &str) -> String {
    if at.is_empty() { String::new() } else { format!(",{at} 办的") }
}

pub(crate) fn rescue(view: &RescueView, applied: bool) -> String {
    let mut text: Vec<String> = view.commands.iter().map(rescued).collect();
    let count = |state: &str| view.commands.iter().filter(|c| c.state == state).count();
    let there = count("applied");
    text.push(format!("共 {} 件,{} 件在社区的账上。", view.commands.len(), there));
    if !view.unreadable.is_empty() {
        text.push(format!("有 {} 件打不开:不是给这个社区的,或者坏了。", view.unreadable.len()));
    }
    if view.damaged_bytes > 0 {
        text.push(format!("文件里有 {} 字节坏了,其余的不受影响。", view.damaged_bytes));
    }
    if !applied && there < view.commands.len() {
        text.push("加 --apply 把没到的收下。".to_owned());
    }
    lines(text)
}

fn rescued(c: &RescuedView) -> String {
    let what = if c.what.is_empty() { String::new() } else { format!(":{}", c.what.join(";")) };
    let place = c.places.join(";");
    // A diary names its worker itself.
    let who = if place.starts_with(&c.worker_name) { String::new() } else { format!(" {}", c.worker_name) };
    format!("{}{who} {place}{what}({})", c.at, c.state_label)
}
