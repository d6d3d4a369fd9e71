use super::{dotted, section};
use qiaomen_client::query::{CandidateLine, FieldLine, NoteLine, PersonPage};

/// Fields that stand in the heading of a person's page already.
const IN_HEADING: [&str; 2] = ["name", "household"];

/// A person's page.
pub(crate) fn page(person: &PersonPage) -> String {
    let mut page = vec![heading(person), format!("编号 {}", person.resident)];
    section(&mut page, "基本情况", fields(&person.fields, &[]));
    section(&mut page, "备注", person.notes.iter().map(note));
    page.join("\n")
}

/// A person on a door's page.
pub(super) fn at_the_door(person: &PersonPage) -> String {
    let mut lines = vec![format!("{}  编号 {}", heading(person), person.resident)];
    lines.extend(fields(&person.fields, &IN_HEADING).into_iter().map(|l| indented(&l)));
    lines.extend(person.notes.iter().map(|n| indented(&format!("备注  {}", note(n)))));
    lines.join("\n")
}

fn heading(person: &PersonPage) -> String {
    let gone = person.moved_out_on.as_deref().map(|day| format!("{day} 搬走"));
    dotted([
        Some(person.name.as_str()),
        person.relation.as_deref(),
        gone.as_deref(),
        person.same_as.as_ref().map(|_| "重复登记，已并到另一份"),
        (person.conflicts > 0).then_some("有冲突"),
        person.pending.then_some("未送到社区"),
    ])
}

/// Nobody asks for these at a door: they are written when it happens.
const NOT_FOR_ASKING: [&str; 2] = ["until", "household"];

/// Fields with their answers; what nobody asked stands together at the end.
pub(super) fn fields(fields: &[FieldLine], but: &[&str]) -> Vec<String> {
    let mut lines = answered(fields, but);
    let blank = fields.iter().filter(|f| f.said.state == "not_asked" && !NOT_FOR_ASKING.contains(&f.field));
    let blank: Vec<&str> = blank.map(|f| f.label).collect();
    if !blank.is_empty() {
        lines.push(format!("没有问过  {}", blank.join("、")));
    }
    lines
}

/// Only fields with an answer.
pub(super) fn answered(fields: &[FieldLine], but: &[&str]) -> Vec<String> {
    fields
        .iter()
        .filter(|f| f.said.state != "not_asked" && (f.conflict || !but.contains(&f.field)))
        .map(field)
        .collect()
}

/// One field, with what stands against it.
pub(super) fn field(field: &FieldLine) -> String {
    let mut line = format!("{}  {}", field.label, field.said.text);
    if field.conflict {
        line.push_str(&format!("  （有 {} 个说法，等社区裁定；{}）", field.candidates.len(), field.why_text));
    } else if !field.why_text.is_empty() {
        line.push_str(&format!("  ({})", field.why_text));
    }
    for candidate in field.candidates.iter().filter(|_| field.conflict) {
        line.push_str(&format!("\n  {}", self::candidate(candidate)));
    }
    line
}

/// One of several answers.
pub(super) fn candidate(candidate: &CandidateLine) -> String {
    let by = candidate.by.as_ref().map(|by| format!("{}（{}）", by.name, by.role_title));
    let words = dotted([
        Some(candidate.said.text.as_str()),
        by.as_deref(),
        Some(candidate.at.as_str()),
        candidate.decided.then_some("社区裁定"),
        candidate.pending.then_some("未送到社区"),
    ]);
    let sign = if candidate.holds { "暂用" } else { "另有" };
    format!("{sign}  {words}")
}

/// A note.
pub(super) fn note(note: &NoteLine) -> String {
    format!("{}  {}：{}", note.at, note.by.name, note.text)
}

fn indented(text: &str) -> String {
    text.lines().map(|l| format!("  {l}")).collect::<Vec<_>>().join("\n")
}
