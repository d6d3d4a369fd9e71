//! One member of staff: role, grids since when, devices; giving and taking a grid.

use super::people::{Tab, tabs};
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
use qiaomen_proto::ids::{GridId, WorkerId};
use qiaomen_server::desk::staff_page::{StaffPage, staff_page};
use qiaomen_server::ledger::regrid;
use qiaomen_server::office::Office;
use qiaomen_server::people::Post;
use qiaomen_server::people::audit::{Deed, note_read};
use serde::Deserialize;

/// What was just done, and leave to see what is masked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    done: Option<String>,
    open: Option<String>,
}

/// The worker that a path names, seen or not.
pub(super) fn worker_in(id: Result<Path<String>, PathRejection>) -> Result<WorkerId, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    Ok(id.parse().map_err(|_| Code::NotFound)?)
}

/// The page of a worker, if somebody sees her.
pub(super) fn seen(office: &Office, who: &Who, worker: WorkerId, open: bool) -> Result<StaffPage, Refusal> {
    let page = staff_page(office, &who.signed_in, worker, open)?;
    page.ok_or_else(|| Refusal::saying(Code::NotFound, "花名册上没有这个人，或不在您的网格里。").back("/people"))
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let worker = worker_in(id)?;
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    let opened = desk.opened.clone();
    desk.page(who, move |office, who| {
        let clerk = who.signed_in.clerk;
        let leave = asked.open.as_deref().and_then(|id| opened.take(office, clerk, id));
        let open = leave.is_some_and(|leave| *leave == worker);
        let page = seen(office, who, worker, open)?;
        let may = who.signed_in.post == Post::Admin;
        let said = match asked.done.as_deref() {
            Some("given") => Some("网格给了。终端下次联系时就会收到这个网格的台账。"),
            Some("taken") => Some("网格收了。收之前做的，照样送得上来。"),
            Some("withdrawn") => Some("没用过的登记码都作废了。"),
            Some("revoked") => Some("终端收回了。它下次联系时，先交出没送的内容（进“待处理”），再清空。"),
            _ => None,
        };
        let line = &page.line;
        let body = html! {
            (heading(&line.name, line.title, html! { a.button.second href="/people" { "返回花名册" } }))
            (tabs(who, Tab::Roster))
            (done(said))
            div.split {
                (papers(who, &page, open))
                (periods(who, &page, may))
            }
            (trainings(&page))
            (devices(who, &page, may))
        };
        frame::page(office, who, Room::People, &line.name, body)
    })
    .await
}

fn papers(who: &Who, page: &StaffPage, open: bool) -> Markup {
    let line = &page.line;
    let masked = !open && (page.phone.is_some() || page.born_on.is_some());
    html! {
        section.panel {
            h2 { "基本情况" }
            dl.pairs {
                dt { "职务" } dd { (line.title) }
                dt { "网格" } dd { @if line.grids.is_empty() { "没有" } @else { (line.grids.join("、")) } }
                @if let Some(department) = &line.department { dt { "部门或单位" } dd { (department) } }
                @if let Some(on) = &line.appointed_on { dt { "任职日期" } dd { (on) } }
                @if let Some(sex) = &page.sex { dt { "性别" } dd { (sex) } }
                @if let Some(born) = &page.born_on { dt { "出生" } dd { (born) } }
                @if let Some(phone) = &page.phone { dt { "电话" } dd { (phone) } }
                dt { "控制台岗位" } dd { (line.post.unwrap_or("没有账号")) }
            }
            @if masked {
                form.noprint method="post" action={ "/people/" (line.id) "/reveal" } {
                    (token(who))
                    button.second type="submit" { "看完整的电话和生日" }
                    p.hint { "看一次记一次，写进操作记录。" }
                }
            }
            @if open { p.hint { "离开或刷新这一页就重新遮上。" } }
        }
    }
}

fn periods(who: &Who, page: &StaffPage, may: bool) -> Markup {
    let line = &page.line;
    html! {
        section.panel {
            h2 { "管过的网格" }
            @if page.times.is_empty() { p.soft { "还没有网格。" } }
            @else {
                table.inner {
                    thead { tr { th scope="col" { "网格" } th scope="col" { "从" } th scope="col" { "到" } th { } } }
                    tbody {
                        @for time in &page.times {
                            tr {
                                td { (time.name) }
                                td { (time.since.as_deref().unwrap_or("一直")) }
                                td { @if let Some(until) = &time.until { (until) } @else { (tag("现在", Tone::Good)) } }
                                td {
                                    @if may && time.holds {
                                        form method="post" action={ "/people/" (line.id) "/take" } {
                                            (token(who))
                                            input type="hidden" name="grid" value=(time.grid);
                                            button.plain type="submit" data-ask={ "从" (line.name) "收回" (time.name) "？这个网格的台账会从终端上拿走。" } { "收回" }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if may && !page.others.is_empty() {
                form.filters.noprint method="post" action={ "/people/" (line.id) "/give" } {
                    (token(who))
                    label { "再给一个网格"
                        select name="grid" required {
                            option value="" { "请选" }
                            @for (id, name) in &page.others { option value=(id) { (name) } }
                        }
                    }
                    button.second type="submit" { "给网格" }
                }
                p.hint { "给或收从此刻算起。以前做的事，按当时的网格算。" }
            }
        }
    }
}

fn trainings(page: &StaffPage) -> Markup {
    html! {
        section.panel {
            h2 { "参加过的培训" }
            @if page.trainings.is_empty() { p.soft { "还没有。" } }
            @else {
                dl.pairs { @for training in &page.trainings { dt { (training.on) } dd { (training.topic) } } }
            }
        }
    }
}

fn devices(who: &Who, page: &StaffPage, may: bool) -> Markup {
    let line = &page.line;
    html! {
        section {
            div.heading {
                h2 { "终端" }
                @if may && page.may_enrol {
                    form.noprint method="post" action={ "/people/" (line.id) "/enrol" } {
                        (token(who))
                        button type="submit" { "发登记码" }
                    }
                }
            }
            @if !page.codes.is_empty() {
                div.notice {
                    @for code in &page.codes { p { "有一个登记码还没用：" (code.made_at) " 发的，到 " (code.expires_at) " 为止。" } }
                    @if may {
                        form.noprint method="post" action={ "/people/" (line.id) "/withdraw" } {
                            (token(who))
                            button.plain type="submit" { "码丢了，作废" }
                        }
                    }
                }
            }
            @if page.devices.is_empty() {
                (nothing("还没有终端", if page.may_enrol { "发一个登记码，在终端上输入或扫一扫，就登记好了。" } else { "社区自己的操作在控制台上做，不用终端。" }))
            } @else {
                (super::devices::table(&page.devices, may, false))
            }
        }
    }
}

pub(crate) async fn reveal(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let worker = worker_in(id)?;
    Fields::of(&desk, &who, request).await?;
    let opened = desk.opened.clone();
    let leave = desk
        .work(move |office| {
            seen(office, &who, worker, false)?;
            note_read(office, who.signed_in.clerk, Deed::Read, Some(worker.as_bytes()))?;
            opened.keep(office, who.signed_in.clerk, worker)
        })
        .await?;
    Ok(Redirect::to(&format!("/people/{worker}?open={leave}")))
}

pub(crate) async fn give(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let worker = worker_in(id)?;
    let grid = grid_of(&desk, &who, worker, request).await?;
    desk.work(move |office| {
        let page = seen(office, &who, worker, false)?;
        if !page.others.iter().any(|(id, _)| *id == grid) {
            return Err(
                Refusal::saying(Code::ValueForm, "没有这个网格，或已经在管。").back(format!("/people/{worker}"))
            );
        }
        Ok(regrid::give_grid(office, worker, grid, who.signed_in.clerk)?)
    })
    .await?;
    Ok(Redirect::to(&format!("/people/{worker}?done=given")))
}

pub(crate) async fn take(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let worker = worker_in(id)?;
    let grid = grid_of(&desk, &who, worker, request).await?;
    desk.work(move |office| {
        let page = seen(office, &who, worker, false)?;
        if !page.times.iter().any(|time| time.grid == grid && time.holds) {
            return Err(
                Refusal::saying(Code::ValueForm, "现在不管这个网格，可能刚被收回。").back(format!("/people/{worker}"))
            );
        }
        Ok(regrid::take_grid(office, worker, grid, who.signed_in.clerk)?)
    })
    .await?;
    Ok(Redirect::to(&format!("/people/{worker}?done=taken")))
}

async fn grid_of(desk: &Desk, who: &Who, worker: WorkerId, request: Request) -> Result<GridId, Refusal> {
    let back = |refusal: Refusal| refusal.back(format!("/people/{worker}"));
    let fields = Fields::of(desk, who, request).await.map_err(back)?;
    let said = fields.needed("grid", "网格").map_err(back)?;
    said.parse().map_err(|_| back(Code::NotFound.into()))
}
