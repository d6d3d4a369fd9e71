//! What is likely one thing twice 疑似重复: the list that waits, and what was done.

use super::duplicate::{address, word};
use crate::desk::Desk;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, done, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Kind;
use qiaomen_server::desk::duplicate_history::{self, ActLine, Back};
use qiaomen_server::desk::duplicates::{self, DuplicateList, PairLine, SideLine};
use qiaomen_server::duplicates::{Counts, KINDS, Sure, counts};
use qiaomen_server::people::audit::{Deed, note_read};
use serde::Deserialize;

/// Pairs, and lines of the history, on one page.
const PAGE: usize = 50;

/// Which of them, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Which {
    kind: Option<String>,
    page: Option<usize>,
    before: Option<i64>,
    said: Option<String>,
}

/// What was just done, in words.
pub(super) fn said(word: Option<&str>) -> Option<&'static str> {
    match word? {
        "linked" => Some("已记成同一个。两个编号都还在，都指到留下的那一份；在“办过的”里随时能拆开。"),
        "unlinked" => Some("已拆开，两份各算各的，重新等着看。"),
        "dismissed" => Some("已记下不是同一个。有新的依据才会再出现。"),
        "reconsidered" => Some("已收回，重新等着看。"),
        "reopened" => Some("已重新打开，会送到各人的终端上继续办。"),
        _ => None,
    }
}

/// What people call the kind here.
pub(super) fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Resident => "居民",
        Kind::Household => "户",
        Kind::Ticket => "诉求",
        Kind::Diary => "日志",
    }
}

pub(super) fn sure(sure: Sure) -> Markup {
    let tone = match sure {
        Sure::Certain => Tone::Good,
        Sure::Likely => Tone::Look,
        Sure::Maybe => Tone::Plain,
    };
    tag(sure.label(), tone)
}

fn tabs(counts: &Counts, at: Option<Kind>) -> Markup {
    html! {
        ul.tabs {
            @for kind in KINDS {
                li { a href={ "/duplicates?kind=" (word(kind)) } aria-current=[(at == Some(kind)).then_some("true")] {
                    (label(kind)) " " small { (counts.kinds.get(&kind).copied().unwrap_or_default()) } } }
            }
            li { a href="/duplicates/done" aria-current=[at.is_none().then_some("true")] { "办过的" } }
        }
    }
}

const LINE: &str =
    "同一个人、同一户、同一件事登记了两次的，在这里对着看。认成同一个，两个编号都还能用；认错了能拆开，什么都不会删。";

/// `GET /duplicates`
pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(which) = which.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let kind = KINDS.into_iter().find(|k| which.kind.as_deref() == Some(word(*k)));
        let page = which.page.unwrap_or(0);
        let list = duplicates::list(office, kind, page.saturating_mul(PAGE), PAGE)?;
        let kind = list.kind;
        note_read(office, who.signed_in.clerk, Deed::ReadDuplicates, None)?;
        let may = who.signed_in.post.is_office();
        let body = html! {
            (heading("疑似重复", LINE, html! {
                @if let (true, Some(first)) = (may, list.pairs.first()) {
                    a.button href=(address_of(first)) data-key="enter" { "从第一对开始 " kbd { "Enter" } }
                }
            }))
            (done(said(which.said.as_deref())))
            (tabs(&list.counts, Some(kind)))
            @for ring in &list.rings { (around(who, ring, may)) }
            @if list.pairs.is_empty() && list.rings.is_empty() { (empty(kind)) }
            @if !list.pairs.is_empty() { (table(&list)) }
            @if page > 0 || list.more {
                div.pager {
                    @if page > 0 { a.button.second href={ "/duplicates?kind=" (word(kind)) "&page=" (page - 1) } { "前面的" } }
                    @if list.more { a.button.second href={ "/duplicates?kind=" (word(kind)) "&page=" (page + 1) } { "后面的" } }
                }
            }
        };
        frame::page(office, who, Room::Duplicates, "疑似重复", body)
    })
    .await
}

fn empty(kind: Kind) -> Markup {
    match kind {
        Kind::Resident => {
            nothing("没有疑似重复的居民", "身份证号、姓名加电话、同一栋楼里姓名加出生日期相同的，会出现在这里。")
        }
        Kind::Household => {
            nothing("没有疑似重复的户", "同一个门牌用不同写法登记的（0502 和 502、没写单元），会出现在这里。")
        }
        _ => nothing("没有疑似重复的诉求", "同一户或同一栋楼、同一类、上报相隔不几天的，会出现在这里。"),
    }
}

fn address_of(pair: &PairLine) -> String {
    let [a, b] = &pair.sides;
    address((a.doc, b.doc))
}

fn table(list: &DuplicateList) -> Markup {
    html! {
        div.scroll {
            table.duplicates {
                thead { tr { th { "一份" } th { "另一份" } th { "为什么像" } th { "把握" } th { "网格" } th { span.sr { "操作" } } } }
                tbody {
                    @for pair in &list.pairs {
                        tr {
                            @for side in &pair.sides { td { (side.title) br; small { (side.detail) } } }
                            td {
                                @for reason in &pair.weighed.reasons { div { (reason) } }
                                @for not in &pair.weighed.against { div.soft { "但" (not) } }
                            }
                            td.nowrap { (sure(pair.weighed.sure)) }
                            td { (pair.grids.join("、")) }
                            td.nowrap { a href=(address_of(pair)) { "对着看" } }
                        }
                    }
                }
            }
        }
    }
}

/// Matters that are each marked as repeating the next one around.
fn around(who: &Who, ring: &[SideLine; 2], may: bool) -> Markup {
    let [kept, next] = ring;
    html! {
        section.panel {
            h2 { "互相标记成了重复 " (tag("终端上没有人在办", Tone::Bad)) }
            p { "两件诉求分别在两台终端上标成了重复对方，终端上两件都停了。社区这边先当第一件还在办；重新打开后，终端上也会继续办。" }
            div.split {
                p { strong { (kept.title) } br; small { (kept.detail) } }
                p { (next.title) br; small { (next.detail) } }
            }
            @if may {
                form method="post" action={ (address((kept.doc, next.doc))) "/reopen" } {
                    (token(who))
                    input type="hidden" name="keep" value=(kept.doc.uuid);
                    button type="submit" data-key="o" { "重新打开第一件 " kbd { "O" } }
                }
            }
        }
    }
}

/// `GET /duplicates/done`: what was done, and what can be taken back.
pub(crate) async fn history(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(which) = which.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let page = duplicate_history::history(office, which.before, PAGE)?;
        let counts = office.store().read(|tx| counts(tx, None))?;
        note_read(office, who.signed_in.clerk, Deed::ReadDuplicates, None)?;
        let may = who.signed_in.post.is_office();
        let body = html! {
            (heading("疑似重复", LINE, html! {}))
            (done(said(which.said.as_deref())))
            (tabs(&counts, None))
            @if !page.elsewhere.is_empty() {
                h2 { "不是在这里记的" }
                p.hint { "终端上标的重复，或者恢复备份以前记的。" }
                (acts(who, &page.elsewhere, may))
                h2 { "在这里办过的" }
            }
            @if page.acts.is_empty() { (nothing("还没有办过", "认过的、否过的都会留在这里，随时能收回。")) }
            @else { (acts(who, &page.acts, may)) }
            @if let Some(before) = page.before {
                div.pager { a.button.second href={ "/duplicates/done?before=" (before) } { "更早的" } }
            }
        };
        frame::page(office, who, Room::Duplicates, "疑似重复 · 办过的", body)
    })
    .await
}

fn acts(who: &Who, lines: &[ActLine], may: bool) -> Markup {
    html! {
        div.scroll {
            table.duplicates {
                thead { tr { th { "什么时候" } th { "哪一类" } th { "左边" } th { "右边" } th { "怎么办的" } th { "谁" } th { span.sr { "操作" } } } }
                tbody {
                    @for line in lines {
                        tr {
                            td.nowrap { (line.at) }
                            td { (label(line.docs.0.kind)) }
                            @for title in &line.titles { td { (title) } }
                            td { (line.what) }
                            td.nowrap { (line.who) }
                            td {
                                div.back {
                                    a href=(address(line.docs)) { "看" }
                                    @if let (true, Some(back)) = (may, line.back) { (take_back(who, line, back)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn take_back(who: &Who, line: &ActLine, back: Back) -> Markup {
    let (way, label) = match back {
        Back::Unlink => ("unlink", "拆开"),
        Back::Reconsider => ("reconsider", "收回"),
    };
    html! {
        form method="post" action={ (address(line.docs)) "/" (way) } {
            (token(who))
            input type="hidden" name="from" value="done";
            button.plain type="submit" { (label) }
        }
    }
}
