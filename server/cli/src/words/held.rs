use super::lines;
use qiaomen_server::review::rescue::RescuedView;
use qiaomen_server::review::{HeldView, Released, RescueView};

/// `more`: there are others after these.
pub(crate) fn quarantine(list: &[HeldView], more: bool) -> String {
    let Some(last) = list.last() else {
        return "没有待核的内容。".to_owned();
    };
    let mut text: Vec<String> = list.iter().map(held).collect();
    if list.iter().any(|h| h.state == "held") {
        text.push("放行：qiaomen quarantine --data DIR release 编号；作废：discard 编号 --reason 原因".to_owned());
    }
    if more {
        text.push(format!("这里是 {} 件，后面还有。接着看：加 --after {}。", list.len(), last.id));
    }
    text.join("\n\n")
}

fn held(h: &HeldView) -> String {
    let signed = h.signed_by.as_ref().map(|s| format!("，署名 {s}")).unwrap_or_default();
    lines([
        format!("{} 号（{}）：{}{}", h.id, h.state_label, h.places.join("；"), within(&h.grids)),
        format!("  {} 的终端{signed}，{} 收到{}", h.worker_name, h.received_at, written(&h.at)),
        if h.what.is_empty() { String::new() } else { format!("  内容：{}", h.what.join("；")) },
        format!("  为什么：{}", h.why),
        if h.state == "held" { format!("  怎么办：{}", h.todo) } else { String::new() },
        h.why_not.as_ref().map(|why| format!("  现在还不能放行：{why}")).unwrap_or_default(),
        settled(h),
    ])
}

fn within(grids: &[String]) -> String {
    if grids.is_empty() { String::new() } else { format!("（{}）", grids.join("、")) }
}

fn settled(h: &HeldView) -> String {
    let Some((who, at)) = h.settled_by.as_ref().zip(h.settled_at.as_ref()) else { return String::new() };
    let reason = h.reason.as_ref().map(|r| format!("，原因：{r}")).unwrap_or_default();
    format!("  {}:{who} 于 {at}{reason}", h.state_label)
}

pub(crate) fn released(r: &Released) -> String {
    let mut text = vec![format!("{} 号已放行，入册了：{}。", r.id, r.places.join("；"))];
    if !r.moved_on.is_empty() {
        text.push("办的人当时没看到、后来又有的修改（这一条按当时写的并进去）：".to_owned());
        text.extend(r.moved_on.iter().map(|m| format!("  {m}")));
    }
    if !r.conflicts.is_empty() {
        let ids: Vec<String> = r.conflicts.iter().map(ToString::to_string).collect();
        text.push(format!("和现在的说法不一，等着裁定：{} 号", ids.join("、")));
    }
    lines(text)
}

fn written(at: &str) -> String {
    if at.is_empty() { String::new() } else { format!("，{at} 办的") }
}

pub(crate) fn rescue(view: &RescueView, applied: bool) -> String {
    let mut text: Vec<String> = view.commands.iter().map(rescued).collect();
    let count = |state: &str| view.commands.iter().filter(|c| c.state == state).count();
    let there = count("applied");
    text.push(format!("共 {} 件，{} 件在社区的账上。", view.commands.len(), there));
    if !view.unreadable.is_empty() {
        text.push(format!("有 {} 件打不开：不是给这个社区的，或者坏了。", view.unreadable.len()));
    }
    if view.damaged_bytes > 0 {
        text.push(format!("文件里有 {} 字节坏了，其余的不受影响。", view.damaged_bytes));
    }
    if !applied && there < view.commands.len() {
        text.push("加 --apply 把没到的收下。".to_owned());
    }
    lines(text)
}

fn rescued(c: &RescuedView) -> String {
    let what = if c.what.is_empty() { String::new() } else { format!("：{}", c.what.join("；")) };
    let place = c.places.join("；");
    // A diary names its worker itself.
    let who = if place.starts_with(&c.worker_name) { String::new() } else { format!(" {}", c.worker_name) };
    format!("{}{who} {place}{what}（{}）", c.at, c.state_label)
}
