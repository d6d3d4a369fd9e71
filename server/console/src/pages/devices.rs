//! The devices: whose, how they stand, what they hold; taking one back, with a question first.

use super::people::{Tab, tabs};
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, figure, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::DeviceId;
use qiaomen_server::desk::devices::{DeviceLine, Standing, device_lines};
use qiaomen_server::office::Office;
use qiaomen_server::people::{Post, devices};
use serde::Deserialize;

/// Devices on one page.
const PAGE: usize = 50;

/// Which of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    page: usize,
}

fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Silent => Tone::Bad,
        Standing::Pending => Tone::Look,
        Standing::Home => Tone::Good,
        Standing::Revoked => Tone::Plain,
    }
}

pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let lines = device_lines(office, &who.signed_in)?;
        let may = who.signed_in.post == Post::Admin;
        let count = |standing| lines.iter().filter(|d| d.standing == standing).count();
        let shown: Vec<DeviceLine> = lines.iter().skip(asked.page.saturating_mul(PAGE)).take(PAGE).cloned().collect();
        let actions = html! {
            button.second type="button" data-print { "打印" }
            @if may { a.button href="/enrol" { "登记终端" } }
        };
        let body = html! {
            (heading("终端", "谁的终端，上次什么时候联系，还有多少没送。没送到的排在前面。", actions))
            (tabs(who, Tab::Devices))
            @if lines.is_empty() {
                (nothing("还没有终端", "点“登记终端”，选人，发一个登记码。"))
            } @else {
                div.figures #standing data-live="" {
                    @for standing in Standing::ALL {
                        @let tone = if count(standing) == 0 { Tone::Plain } else { tone(standing) };
                        (figure(standing.label(), count(standing), tone))
                    }
                }
                div #devices data-live="" { (table(&shown, may, true)) }
                @if lines.len() > PAGE {
                    div.pager {
                        @if let Some(before) = asked.page.checked_sub(1) { a.button.second href={ "/devices?page=" (before) } { "前面的" } }
                        @if asked.page.saturating_add(1).saturating_mul(PAGE) < lines.len() {
                            a.button.second href={ "/devices?page=" (asked.page.saturating_add(1)) } { "后面的" }
                        }
                    }
                }
            }
        };
        frame::page(office, who, Room::People, "终端", body)
    })
    .await
}

/// Devices as a table; with whose they are, or for one worker.
pub(super) fn table(lines: &[DeviceLine], may: bool, whose: bool) -> Markup {
    html! {
        div.scroll {
            table.devices {
                thead { tr {
                    @if whose { th scope="col" { "谁的" } }
                    th scope="col" { "情况" } th scope="col" { "上次联系" } th.num scope="col" { "当时没送" }
                    th scope="col" { "终端的钟" } th scope="col" { "装着什么" } th scope="col" { "终端" }
                    @if may { th.noprint { } }
                } }
                tbody { @for line in lines { (row(line, may, whose)) } }
            }
        }
    }
}

fn row(line: &DeviceLine, may: bool, whose: bool) -> Markup {
    let revoked = line.standing == Standing::Revoked;
    html! {
        tr {
            @if whose {
                td.nowrap { a href={ "/people/" (line.worker) } { (line.worker_name) } br; small { (line.title) } }
            }
            td {
                (tag(line.standing.label(), tone(line.standing)))
                @if let Some(at) = &line.revoked_at {
                    br; small { (at) @if line.told_to_wipe { "，已通知清空" } @else { "，还没来过" } }
                }
            }
            td.nowrap {
                @if let (Some(at), Some(ago)) = (&line.last_contact_at, &line.last_contact_ago) { (ago) "前" br; small { (at) } }
                @else { span.soft { "没有联系过" } }
            }
            td.num { (line.pending_count) }
            td.nowrap { @if let Some(skew) = &line.skew { (tag(skew, Tone::Look)) } @else { "准" } }
            td {
                @if revoked { span.soft { "不再给了" } }
                @else { @for part in &line.scope { div { (part) } } }
                @if line.refetch_count > 0 {
                    small { "重新取过 " (line.refetch_count) " 次" @if let Some(why) = line.refetch_reason { "：" (why) } }
                }
            }
            td { "尾号 " (line.short) br; small { "版本 " (line.version) br; "登记于 " (line.enrolled_at) }
                @if let (false, Some(policies)) = (revoked, &line.policies) { br; small { (policies) "。" } }
            }
            @if may {
                td.noprint { @if !revoked { a.button.second href={ "/devices/" (line.id) "/revoke" } { "收回" } } }
            }
        }
    }
}

/// The device that a path names, of those that somebody sees.
fn seen(office: &Office, who: &Who, id: DeviceId) -> Result<DeviceLine, Refusal> {
    let found = device_lines(office, &who.signed_in)?.into_iter().find(|d| d.id == id);
    found.ok_or_else(|| Refusal::saying(Code::NotFound, "没有这台终端。").back("/devices"))
}

fn device_in(id: Result<Path<String>, PathRejection>) -> Result<DeviceId, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    Ok(id.parse().map_err(|_| Code::NotFound)?)
}

pub(crate) async fn ask(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Markup, Refusal> {
    let id = device_in(id)?;
    desk.page(who, move |office, who| {
        let line = seen(office, who, id)?;
        let body = html! {
            (heading("收回终端？", &format!("{}（{}）的终端，尾号 {}", line.worker_name, line.title, line.short), html! {}))
            section.panel {
                h2 { "收回以后" }
                ul {
                    li { "这台终端不能再看、再取社区的内容；下次联系时先交出没送的，再清空。" }
                    li { "它交出的内容不直接入册，进“待处理”，由社区放行或作废。" }
                    li { "以前送到的都在册里，不受影响。" }
                    li { "收回了不能恢复。人还在用，就再发一个登记码，重新登记。" }
                }
                @if line.pending_count > 0 {
                    p.notice { "它上次联系时还有 " (line.pending_count) " 条没送。能联系上人的话，先请人同步一次再收回。" }
                }
                @if line.last_contact_at.is_none() { p.notice { "它登记以后还没有联系过。" } }
                p.soft { "终端丢了、坏了，也可以收回：丢了的要是再联网，会被清空；坏了不再联网，只是不再显示在日结里。" }
                form.filters.noprint method="post" action={ "/devices/" (line.id) "/revoke" } {
                    (token(who))
                    button.danger type="submit" { "确定收回" }
                    a.button.second href="/devices" { "不收回" }
                }
            }
        };
        frame::page(office, who, Room::People, "收回终端", body)
    })
    .await
}

pub(crate) async fn revoke(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let id = device_in(id)?;
    Fields::of(&desk, &who, request).await.map_err(|refusal| refusal.back("/devices"))?;
    let worker = desk
        .work(move |office| {
            let line = seen(office, &who, id)?;
            if !devices::revoke(office, id, who.signed_in.clerk)? {
                return Err(Refusal::saying(Code::ValueForm, "这台终端已经收回过了。").back("/devices"));
            }
            Ok(line.worker)
        })
        .await?;
    Ok(Redirect::to(&format!("/people/{worker}?done=revoked")))
}
