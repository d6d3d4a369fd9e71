use super::lines;
use qiaomen_server::review::door::FieldWords;
use qiaomen_server::review::{CandidateView, ConflictView, Counts, Decided, DoorView};

pub(crate) fn conflicts(list: &[ConflictView], counts: &Counts) -> String {
    if list.is_empty() {
        return "没有等着裁定的冲突。".to_owned();
    }
    let mut text: Vec<String> = list.iter().map(|c| conflict(c, false)).collect();
    if let Some(open) = list.iter().find(|c| c.state == "open") {
        text.push(format!("裁定：qiaomen decide --data DIR {} --take A（或 --value 另填）", open.id));
    }
    if list.len() > 1 {
        let fields: Vec<String> = counts.by_field.iter().map(|c| format!("{} {}", c.of, c.count)).collect();
        text.push(format!("共 {} 处：{}", counts.total, fields.join("、")));
    }
    text.join("\n\n")
}

pub(crate) fn conflict(c: &ConflictView, life: bool) -> String {
    let mut text = vec![format!("{} 号 {}（{}）：{} 的{}", c.id, c.kind_label, c.state_label, c.place, c.field_label)];
    text.extend(c.candidates.iter().map(candidate));
    let by = c
        .decided_by
        .as_ref()
        .zip(c.decided_at.as_ref())
        .map(|(who, at)| format!("，{who} 于 {at}"))
        .unwrap_or_default();
    text.push(format!("  现在按：{}（{}{by}）", c.shown, c.why_label));
    if c.state == "open" {
        text.push(format!("  版本：{}", c.seen));
    }
    if let Some(into) = c.goes_on_in {
        text.push(format!("  并入：{into} 号"));
    }
    if let Some(bulk) = c.bulk {
        text.push(format!("  按规则定的：第 {bulk} 批"));
    }
    if !c.earlier.is_empty() {
        let ids: Vec<String> = c.earlier.iter().map(ToString::to_string).collect();
        text.push(format!("  同一项先前的：{} 号", ids.join("、")));
    }
    if life {
        text.push("  经过：".to_owned());
        text.extend(c.life.iter().map(|e| {
            let who = e.who.as_ref().map(|w| format!(" {w}")).unwrap_or_default();
            format!("    {}{who} {}", e.at, e.label)
        }));
    }
    lines(text)
}

fn candidate(c: &CandidateView) -> String {
    let mut said = vec![format!("{} {}", c.worker_title, c.worker_name).trim().to_owned(), c.at.clone()];
    said.extend(c.offline.clone());
    said.extend(c.visit.as_ref().map(|v| format!("来自 {v}")));
    if c.decided {
        said.push("先前的裁定".to_owned());
    }
    if !c.knew.is_empty() {
        said.push(format!("写的时候看到过 {}", c.knew.join("、")));
    }
    if c.late {
        said.push("没看到裁定".to_owned());
    } else if c.unseen {
        said.push("没有信号，没看到已入册的说法".to_owned());
    }
    let mark = if c.holds { "*" } else { " " };
    format!("  {mark}{}  {}  （{}）", c.label, c.text, said.join("，"))
}

pub(crate) fn decided(d: &Decided) -> String {
    lines([
        format!("{} 的{}定为：{}。", d.place, d.field_label, d.text),
        format!("各终端下次同步就会收到。要撤销：qiaomen undo --data DIR {}", d.id),
    ])
}

pub(crate) fn undone(d: &Decided) -> String {
    format!("{} 的{}：裁定已撤销，几个说法重新摆出来，现在按：{}。", d.place, d.field_label, d.text)
}

pub(crate) fn door(d: &DoorView) -> String {
    let mut text = vec![format!(
        "{}{}{}",
        d.address,
        d.grid.as_ref().map(|g| format!("（{g}）")).unwrap_or_default(),
        if d.refused { " 整户拒访" } else { "" }
    )];
    if !d.also.is_empty() {
        text.push(format!("也登记成：{}", d.also.join("、")));
    }
    text.extend(d.fields.iter().filter(|f| !is_address(f)).map(|f| field("  ", f)));
    for person in &d.residents {
        let gone = if person.moved_out { "（已搬走）" } else { "" };
        let again = if person.same_as.is_some() { "（重复登记，已并到另一份）" } else { "" };
        text.push(format!("居民{gone}{again}:"));
        text.extend(person.fields.iter().filter(|f| f.field != "household").map(|f| field("  ", f)));
    }
    for matter in &d.tickets {
        text.push(format!("诉求（{}）：", matter.stage));
        text.extend(matter.fields.iter().filter(|f| !is_address(f) && f.field != "household").map(|f| field("  ", f)));
    }
    for (title, list) in [("来访：", &d.contacts), ("备注：", &d.notes)] {
        if !list.is_empty() {
            text.push(title.to_owned());
            text.extend(list.iter().map(|l| format!("  {l}")));
        }
    }
    if !d.conflicts.is_empty() {
        let ids: Vec<String> = d.conflicts.iter().map(ToString::to_string).collect();
        text.push(format!("等着裁定：{} 号", ids.join("、")));
    }
    lines(text)
}

fn is_address(field: &FieldWords) -> bool {
    matches!(field.field, "building" | "unit" | "room")
}

fn field(indent: &str, f: &FieldWords) -> String {
    let mark = if f.conflict { format!("（说法不一，{}）", f.why) } else { String::new() };
    format!("{indent}{}：{}{mark}", f.label, f.text)
}
