use super::{dotted, person, section};
use qiaomen_client::query::{EventLine, TicketLine, TicketPage, tail};

/// The list of matters.
pub(crate) fn list(tickets: &[TicketLine]) -> String {
    if tickets.is_empty() {
        return "没有这样的诉求。".to_owned();
    }
    let mut lines: Vec<String> = tickets.iter().map(line).collect();
    lines.push(format!("共 {} 件", tickets.len()));
    lines.join("\n")
}

/// One matter in a list; its short number can be typed.
pub(super) fn line(ticket: &TicketLine) -> String {
    let due = due(ticket);
    let words = dotted([
        ticket.place.as_deref(),
        ticket.category.as_deref(),
        ticket.size.as_deref(),
        Some(ticket.stage_title),
        ticket.party.as_deref(),
        due.as_deref(),
        (ticket.conflicts > 0).then_some("有冲突"),
        ticket.pending.then_some("未送到社区"),
    ]);
    format!("{}  {}  {words}", tail(&ticket.ticket), ticket.text)
}

fn due(ticket: &TicketLine) -> Option<String> {
    Some(match ticket.due_in_days? {
        days if days < 0 => format!("超期 {} 天", -days),
        0 => "今天到期".to_owned(),
        days => format!("还有 {days} 天"),
    })
}

/// A matter's page.
pub(crate) fn page(page: &TicketPage) -> String {
    let ticket = &page.ticket;
    let mut lines = vec![ticket.text.clone(), line(ticket), format!("编号 {}", ticket.ticket)];
    let told = [
        page.has_feedback.then_some("已反馈居民"),
        page.has_check.then_some("已核查"),
        page.satisfaction,
        (page.reopened_count > 0).then_some("重新办理过"),
    ];
    let told = dotted(told);
    if !told.is_empty() {
        lines.push(told);
    }
    section(&mut lines, "情况", person::answered(&page.fields, &["text", "grid", "category", "size"]));
    section(&mut lines, "经过", page.timeline.iter().map(event));
    section(&mut lines, "备注", page.notes.iter().map(person::note));
    let steps: Vec<String> = page.next_steps.iter().map(|s| format!("{}（{}）", s.title, s.step)).collect();
    section(&mut lines, "现在可以", (!steps.is_empty()).then(|| steps.join("、")));
    lines.join("\n")
}

fn event(event: &EventLine) -> String {
    let party = event.party.as_deref().map(|p| format!("交 {p}"));
    let due = event.due_on.as_deref().map(|day| format!("到 {day}"));
    let by = format!("{}（{}）", event.by.name, event.by.role_title);
    let mut line = dotted([
        Some(event.at.as_str()),
        Some(event.title),
        Some(by.as_str()),
        party.as_deref(),
        due.as_deref(),
        event.satisfaction,
        event.text.as_deref(),
        event.pending.then_some("未送到社区"),
    ]);
    for flag in &event.flags {
        line.push_str(&format!("\n  未采用：{flag}"));
    }
    line
}
