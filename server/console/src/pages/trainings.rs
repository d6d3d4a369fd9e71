//! Trainings 培训: those of a year with the trained share of the roster; one written down, changed, taken away.

use super::people::{Tab, tabs};
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, done, figure, heading, nothing};
use crate::refusal::Refusal;
use crate::rights::may;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::Method;
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::limits::TRAINING_TOPIC_CHARACTERS_MAX;
use qiaomen_server::people::trainings::{
    self, Attendee, TrainingLine, TrainingTold, TrainingsPage, parse_id, put, remove, training,
};
use serde::Deserialize;

/// Years that are offered beside this one.
const YEARS_BACK: i32 = 4;

/// Of which year, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    year: String,
    done: Option<String>,
}

fn may_change(who: &Who) -> bool {
    may(who, &Method::POST, "/trainings")
}

pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let page = trainings::trainings(office, asked.year.trim().parse().ok())?;
        let said = match asked.done.as_deref() {
            Some("put") => Some("已保存。到场的人的手机下次同步时，在“我”里就能看到。"),
            Some("removed") => Some("这次培训删掉了。"),
            _ => None,
        };
        let actions = html! {
            button.second type="button" data-print { "打印" }
            @if may_change(who) { a.button href="/trainings/new" { "记一次培训" } }
        };
        let body = html! {
            (heading("培训", "什么时候、讲什么、谁到了。", actions))
            (tabs(who, Tab::Trainings))
            (done(said))
            (figures(&page))
            (years(&page))
            @if page.lines.is_empty() {
                @let next = if may_change(who) { "办完一次，点“记一次培训”，勾上到场的人。" } else { "社区记下来以后，这里就有。" };
                (nothing(&format!("{} 年还没有记培训", page.year), next))
            } @else { (table(&page.lines, may_change(who))) }
        };
        frame::page(office, who, Room::People, "培训", body)
    })
    .await
}

fn figures(page: &TrainingsPage) -> Markup {
    let rate = page.rate_percent().map_or("–".to_owned(), |rate| format!("{rate}%"));
    html! {
        div.figures {
            (figure("培训会（次）", page.lines.len(), Tone::Plain))
            (figure("培训率", rate, Tone::Plain))
        }
        p.hint { "培训率：花名册上 " (page.roster) " 人，这一年到过场的 " (page.trained) " 人。小数舍去，不进位。" }
    }
}

fn years(page: &TrainingsPage) -> Markup {
    html! {
        form.filters.noprint method="get" action="/trainings" {
            label { "年份"
                select name="year" {
                    @for year in (page.this_year - YEARS_BACK..=page.this_year).rev() {
                        option value=(year) selected[year == page.year] { (year) " 年" }
                    }
                }
            }
            button type="submit" { "看" }
        }
    }
}

fn table(lines: &[TrainingLine], may: bool) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr { th scope="col" { "日期" } th scope="col" { "内容" } th.num scope="col" { "到场" } th.noprint { } } }
                tbody {
                    @for line in lines {
                        tr {
                            td.nowrap { (line.on) }
                            td { (line.topic) }
                            td.num { (line.there) " 人" }
                            td.noprint { a.button.second href={ "/trainings/" (line.id) } { @if may { "看和改" } @else { "看" } } }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) async fn blank(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let (line, staff) = training(office, None).map_err(refused)?;
        let back = html! { a.button.second href="/trainings" { "返回培训" } };
        let body = html! {
            (heading("记一次培训", "勾上到场的人；没到的不用管。", back))
            (tabs(who, Tab::Trainings))
            (form(who, "/trainings", &line, &staff, true))
        };
        frame::page(office, who, Room::People, "记一次培训", body)
    })
    .await
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Markup, Refusal> {
    let id = named(id)?;
    desk.page(who, move |office, who| {
        let (line, staff) = training(office, Some(id)).map_err(refused)?;
        let (may, path) = (may_change(who), format!("/trainings/{}", line.id));
        let back = html! { a.button.second href="/trainings" { "返回培训" } };
        let body = html! {
            (heading(&line.topic, &format!("{} · 到场 {} 人", line.on, line.there), back))
            (tabs(who, Tab::Trainings))
            (form(who, &path, &line, &staff, may))
            @if may {
                form.noprint method="post" action={ (path) "/remove" } {
                    (token(who))
                    button.danger type="submit" data-ask={ "删掉 " (line.on) " 的“" (line.topic) "”？到场的人那里也会去掉。" } { "删掉这次培训" }
                }
            }
        };
        frame::page(office, who, Room::People, &line.topic, body)
    })
    .await
}

fn form(who: &Who, to: &str, line: &TrainingLine, staff: &[Attendee], may: bool) -> Markup {
    let titles: Vec<&str> = staff.iter().map(|a| a.title).fold(Vec::new(), |mut titles, title| {
        if titles.last() != Some(&title) {
            titles.push(title);
        }
        titles
    });
    html! {
        form.panel method="post" action=(to) {
            (token(who))
            fieldset disabled[!may] {
                legend.soft { "什么时候、讲什么" }
                label { "日期" input type="date" name="on" value=(line.on) required; }
                label { "内容" input name="topic" value=(line.topic) required maxlength=(TRAINING_TOPIC_CHARACTERS_MAX) placeholder="例如：燃气安全入户检查"; }
            }
            @if staff.is_empty() { (nothing("花名册还是空的", "在“导入台账”里导入带花名册的表格，再来勾人。")) }
            @for title in titles {
                fieldset.ticks disabled[!may] {
                    legend { (title) }
                    @for one in staff.iter().filter(|a| a.title == title) {
                        label { input type="checkbox" name="there" value=(one.id) checked[one.there]; " " (one.name) }
                    }
                }
            }
            @if may { p { button type="submit" { "保存" } } }
        }
    }
}

fn refused(error: trainings::TrainingError) -> Refusal {
    Refusal::from(error).back("/trainings")
}

/// The training that a path names.
fn named(id: Result<Path<String>, PathRejection>) -> Result<[u8; 16], Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    parse_id(&id).ok_or_else(|| refused(trainings::TrainingError::NotFound))
}

fn told(fields: &Fields) -> Result<TrainingTold, Refusal> {
    let mut there = Vec::new();
    for id in fields.every("there") {
        there.push(id.parse().map_err(|_| refused(trainings::TrainingError::NotOnRoster))?);
    }
    let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    Ok(TrainingTold { on: text("on"), topic: text("topic"), there })
}

pub(crate) async fn add(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let fields = Fields::of(&desk, &who, request).await?;
    write(desk, who, None, &fields).await.map_err(|refusal| refusal.back("/trainings/new"))
}

pub(crate) async fn change(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let id = named(id)?;
    let fields = Fields::of(&desk, &who, request).await?;
    let back = format!("/trainings/{}", uuid::Uuid::from_bytes(id).simple());
    write(desk, who, Some(id), &fields).await.map_err(|refusal| refusal.back(back))
}

async fn write(desk: Desk, who: Who, id: Option<[u8; 16]>, fields: &Fields) -> Result<Redirect, Refusal> {
    let (told, clerk) = (told(fields)?, who.signed_in.clerk);
    let year = told.on.get(..4).unwrap_or_default().to_owned();
    desk.work(move |office| put(office, id, told, clerk).map_err(Refusal::from)).await?;
    let query = serde_urlencoded::to_string([("done", "put"), ("year", &year)]).unwrap_or_default();
    Ok(Redirect::to(&format!("/trainings?{query}")))
}

pub(crate) async fn take_away(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let id = named(id)?;
    Fields::of(&desk, &who, request).await?;
    let clerk = who.signed_in.clerk;
    desk.work(move |office| remove(office, id, clerk).map_err(refused)).await?;
    Ok(Redirect::to("/trainings?done=removed"))
}
