//! The inbox of conflicts 冲突, grouped by door, and what was merged by itself.

use crate::came::came;
use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::{Tone, done, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::office::Office;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::review::{self, Asked, ConflictView, ParallelView};
use serde::Deserialize;

/// Conflicts on one page.
const PAGE: usize = 40;

/// Which of them, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Which {
    state: Option<String>,
    grid: Option<String>,
    kind: Option<String>,
    label: Option<String>,
    after: Option<i64>,
    decided: Option<i64>,
    rule: Option<i64>,
    taken_back: Option<i64>,
}

impl Which {
    fn asked(&self) -> Asked {
        let some = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
        Asked {
            state: Some(self.state.clone().filter(|s| !s.is_empty()).unwrap_or_else(|| "open".to_owned())),
            grid: some(&self.grid),
            kind: some(&self.kind),
            label: some(&self.label),
            ..Asked::default()
        }
    }
    fn query(&self) -> String {
        let fields = [("state", &self.state), ("grid", &self.grid), ("kind", &self.kind), ("label", &self.label)];
        let said: Vec<_> = fields.into_iter().filter_map(|(n, v)| v.as_deref().map(|v| (n, v))).collect();
        serde_urlencoded::to_string(said).unwrap_or_default()
    }
}

/// `GET /conflicts`
pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(which) = which.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let asked = which.asked();
        let after = which.after.unwrap_or(0);
        let mut list = review::conflicts_page(office, &asked, &who.signed_in.sight, after, PAGE + 1)?;
        let more = (list.len() > PAGE).then(|| list.swap_remove(PAGE - 1).id);
        note_read(office, who.signed_in.clerk, Deed::ReadConflicts, None)?;
        let may = who.signed_in.post.is_office();
        let said = match (which.decided, which.rule, which.taken_back) {
            (Some(_), ..) => Some("已定。这一页的都定完了。".to_owned()),
            (_, Some(n), _) => Some(format!("第 {n} 次按规则裁定，已办。")),
            (.., Some(n)) => Some(format!("第 {n} 次按规则裁定，已整批收回。")),
            _ => None,
        };
        let state = asked.state.as_deref().unwrap_or("open");
        let body = html! {
            (heading("冲突", "两个人把同一处写得不一样，规则定不了的，在这里由人来定。两种说法都留着，定了也能收回。", html! {
                @if may && state == "open" {
                    @if let Some(first) = list.first() { a.button href={ "/conflicts/" (first.id) } data-key="enter" { "从第一处开始 " kbd { "Enter" } } }
                    a.button.second href="/conflicts/rule" { "按规则批量定" }
                }
                @if who.signed_in.sight.grids.is_none() { a.button.second href="/conflicts/parallel" { "自动合并的" } }
            }))
            (done(said.as_deref()))
            ul.tabs {
                @for (word, label) in [("open", "要定的"), ("decided", "已定"), ("undone", "收回的"), ("gone", "自己消掉的")] {
                    li { a href={ "/conflicts?state=" (word) } aria-current=[(word == state).then_some("true")] { (label) } }
                }
            }
            (filters(office, &which)?)
            @if list.is_empty() { (empty(state)) } @else { (grouped(&list)) }
            @if let Some(after) = more {
                div.pager { a.button.second href={ "/conflicts?" (which.query()) "&after=" (after) } { "后面的" } }
            }
        };
        frame::page(office, who, Room::Conflicts, "冲突", body)
    })
    .await
}

fn empty(state: &str) -> Markup {
    match state {
        "open" => nothing("没有要定的冲突", "规则能定的已经自动定了；新的冲突会出现在这里。"),
        _ => nothing("没有", "换一个条件看看。"),
    }
}

fn filters(office: &Office, which: &Which) -> Result<Markup, Refusal> {
    let grids = office.store().read(|tx| tx.grids())?;
    let on = |value: &Option<String>, word: &str| value.as_deref() == Some(word);
    Ok(html! {
        form.filters method="get" action="/conflicts" {
            @if let Some(state) = &which.state { input type="hidden" name="state" value=(state); }
            label { "网格"
                select name="grid" data-submits="" {
                    option value="" { "全部" }
                    @for g in &grids { option value=(g.code) selected[on(&which.grid, &g.code)] { (g.name) } }
                }
            }
            label { "哪一类"
                select name="kind" data-submits="" {
                    option value="" { "全部" }
                    @for (word, label) in [("household", "户"), ("resident", "居民"), ("ticket", "诉求"), ("diary", "日志")] {
                        option value=(word) selected[on(&which.kind, word)] { (label) }
                    }
                }
            }
            label { "怎么来的"
                select name="label" data-submits="" {
                    option value="" { "全部" }
                    @for (word, label) in [("conflict", "冲突"), ("late_update", "离线更新")] {
                        option value=(word) selected[on(&which.label, word)] { (label) }
                    }
                }
            }
            noscript { button.second type="submit" { "筛选" } }
        }
    })
}

/// By door: what lies behind one door is decided in one go.
fn grouped(list: &[ConflictView]) -> Markup {
    let mut groups: Vec<(&str, Vec<&ConflictView>)> = Vec::new();
    for c in list {
        let door = c.door.as_deref().unwrap_or(&c.place);
        match groups.iter_mut().find(|(name, _)| *name == door) {
            Some((_, group)) => group.push(c),
            None => groups.push((door, vec![c])),
        }
    }
    html! {
        @for (door, group) in groups {
            section.panel {
                h2 { (door) @if let Some(grid) = group.first().and_then(|c| c.grid.as_deref()) { " " small { (grid) } } }
                table {
                    thead { tr { th.num { "号" } th { "谁、什么" } th { "几种说法" } th { (if group.iter().all(|c| c.state == "open") { "暂按" } else { "现在" }) } th { "发现" } th { "" } } }
                    tbody {
                        @for c in group {
                            tr {
                                td.num { (c.id) }
                                td { (c.place) "·" (c.field_label) @if c.kind == "late_update" { " " (tag(c.kind_label, Tone::Look)) } }
                                td {
                                    @for x in &c.candidates { div { (x.label) " " strong { (x.text) } " " small { (x.worker_name) " " (x.at) } } }
                                }
                                td { (c.shown) " " small { (c.why_label) } }
                                td.nowrap { (c.opened_at) }
                                td { a href={ "/conflicts/" (c.id) } { @if c.state == "open" { "去定" } @else { "看" } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `GET /conflicts/parallel`: what was merged by itself.
pub(crate) async fn parallel(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let list = review::list_parallel(office, review::parallel::DAYS_DEFAULT, &Asked::default())?;
        note_read(office, who.signed_in.clerk, Deed::ReadParallel, None)?;
        let body = html! {
            (heading("自动合并的", "最近七天，几个人同时改了同一份、没有冲突或规则已定的。不用办，供查看。", html! {
                a.button.second href="/conflicts" { "回到冲突" }
            }))
            @if list.is_empty() { (nothing("最近七天没有", "没有两个人同时改过同一份。")) }
            @for p in &list { (merged(p)) }
        };
        frame::page(office, who, Room::Conflicts, "自动合并的", body)
    })
    .await
}

fn merged(p: &ParallelView) -> Markup {
    html! {
        section.panel {
            h2 { (p.place) " " (tag(p.kind_label, Tone::Plain)) @if let Some(grid) = &p.grid { " " small { (grid) } } }
            ul.timeline {
                @for e in &p.edits {
                    li { (e.at) " " (e.worker_name) " " small { (e.worker_title) @if let Some(offline) = &e.offline { "，" (offline) "，" (came(e.at_ms, e.received_ms)) " 送到" } }
                        div { (e.what.join("；")) } }
                }
            }
            @for rule in &p.by_rule { p { "规则：" (rule) } }
            @if !p.conflicts.is_empty() { p { "这一份还有要定的：" @for id in &p.conflicts { " " a href={ "/conflicts/" (id) } { (id) " 号" } } } }
        }
    }
}
