//! What is held back: why, what it writes, and what a person does about it.

use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, done, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::review::{self, HeldAsked, HeldView, PutAway, Reason};
use serde::Deserialize;

/// Held commands on one page.
const PAGE: usize = 30;

/// Which of them, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    state: Option<String>,
    after: Option<i64>,
    released: Option<i64>,
    discarded: Option<i64>,
}

pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let state = asked.state.as_deref().filter(|s| ["released", "discarded"].contains(s)).unwrap_or("held");
        let which = HeldAsked {
            state: Some(state.to_owned()),
            after: asked.after,
            limit: Some(PAGE + 1),
            ..HeldAsked::default()
        };
        let mut held = review::find_quarantine(office, &which)?;
        let more = held.len() > PAGE;
        held.truncate(PAGE);
        let more = held.last().filter(|_| more).map(|last| last.id);
        note_read(office, who.signed_in.clerk, Deed::ReadQuarantine, None)?;
        let may = who.signed_in.post.is_office();
        let said = match (asked.released, asked.discarded) {
            (Some(id), _) => Some(format!("{id} 号已放行，入册了。")),
            (_, Some(id)) => Some(format!("{id} 号已作废，原因会告诉经手人。")),
            _ => None,
        };
        let body = html! {
            (heading("待处理", "终端送来而没有直接入册的内容。一条都不会丢：放行就入册，作废要写明原因。", html! {}))
            (done(said.as_deref()))
            ul.tabs {
                @for (word, label) in [("held", "待核"), ("released", "已放行"), ("discarded", "已作废")] {
                    li { a href={ "/quarantine?state=" (word) } aria-current=[(word == state).then_some("true")] { (label) } }
                }
            }
            @if held.is_empty() {
                @if state == "held" { (nothing("没有要处理的", "终端送来的内容都直接入册了。")) }
                @else { (nothing("还没有", "处理过的会留在这里。")) }
            }
            @for line in &held { (one(who, line, may)) }
            @if let Some(after) = more {
                div.pager { a.button.second href={ "/quarantine?state=" (state) "&after=" (after) } { "后面的" } }
            }
        };
        frame::page(office, who, Room::Quarantine, "待处理", body)
    })
    .await
}

fn one(who: &Who, line: &HeldView, may: bool) -> Markup {
    html! {
        section.panel id={ "held-" (line.id) } {
            h2 {
                (line.id) " 号 · " (line.places.join("、"))
                @if line.fits { " " (tag("可以放行", Tone::Good)) }
                @if line.state != "held" { " " (tag(line.state_label, Tone::Plain)) }
            }
            div.split {
                dl.pairs {
                    dt { "写的是" } dd { @for what in &line.what { div { (what) } } @if line.what.is_empty() { "内容现在还读不出来，原因写在旁边。" } }
                    dt { "经手" } dd { (line.worker_name) @if let Some(by) = &line.signed_by { "（署名 " (by) "）" } }
                    dt { "写于" } dd { (line.at) }
                    dt { "收到" } dd { (line.received_at) }
                    @if !line.grids.is_empty() { dt { "网格" } dd { (line.grids.join("、")) } }
                }
                div {
                    p { strong { "为什么：" } (line.why) }
                    @if line.state == "held" {
                        p { strong { "怎么办：" } (line.todo) }
                        @if let Some(not) = &line.why_not { p.notice { "现在还放不了：" (not) } }
                    } @else {
                        p { (line.settled_by.as_deref().unwrap_or_default()) " " (line.settled_at.as_deref().unwrap_or_default()) " " (line.state_label)
                            @if let Some(reason) = &line.reason { "，原因：" (reason) } }
                    }
                }
            }
            @if may && line.state == "held" {
                div.filters.noprint {
                    form method="post" action={ "/quarantine/" (line.id) "/release" } {
                        (token(who))
                        button type="submit" disabled[!line.fits] { "放行" }
                    }
                    form.filters method="post" action={ "/quarantine/" (line.id) "/discard" } {
                        (token(who))
                        label { "作废原因"
                            select name="reason" required {
                                option value="" { "请选" }
                                @for reason in Reason::ALL { option value=(reason.word()) { (reason.label()) } }
                            }
                        }
                        label { "补充（可不写）" input name="note" maxlength="200"; }
                        button.danger type="submit" { "作废" }
                    }
                }
            }
        }
    }
}

pub(crate) async fn release(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<i64>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    Fields::of(&desk, &who, request).await?;
    let clerk = who.signed_in.clerk;
    let done = desk.work(move |office| Ok(review::release(office, id, clerk)?)).await;
    done.map_err(|refusal| refusal.back("/quarantine"))?;
    Ok(Redirect::to(&format!("/quarantine?released={id}")))
}

pub(crate) async fn discard(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<i64>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    let fields = Fields::of(&desk, &who, request).await?;
    let said = fields.get("note").or(fields.get("reason")).unwrap_or_default();
    let why = PutAway::parse(said).ok_or_else(|| {
        Refusal::saying(Code::ValueForm, "请选一个作废的原因，或写一句话（2 到 200 个字）。").back("/quarantine")
    })?;
    let clerk = who.signed_in.clerk;
    let done = desk.work(move |office| Ok(review::discard(office, id, why, clerk)?)).await;
    done.map_err(|refusal| refusal.back("/quarantine"))?;
    Ok(Redirect::to(&format!("/quarantine?discarded={id}")))
}
