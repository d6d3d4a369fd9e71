//! One matter: what it is, what happened, and what this person can do with it.

use super::ticket_forms::form;
use super::ticket_photos;
use super::tickets::{due, size};
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room};
use crate::parts::{Tone, done, heading, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, TicketId};
use qiaomen_proto::merge::fold::EventKind;
use qiaomen_server::desk::ticket::{EventView, TicketView, ticket};
use qiaomen_server::matters::{Hand, Step, act, step_called};
use qiaomen_server::office::Office;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::photos::photos;
use serde::Deserialize;

/// What was just done, and whether who told is to be shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    done: Option<String>,
    reporter: Option<String>,
}

impl Asked {
    /// Whether somebody has clicked to see who told.
    pub(super) fn shows_reporter(&self) -> bool {
        self.reporter.as_deref() == Some("shown")
    }
}

/// The id in an address. What is no id is nobody's matter.
pub(super) fn id_of(path: Result<Path<String>, PathRejection>) -> Result<TicketId, Refusal> {
    let Path(id) = path.map_err(|_| none())?;
    id.parse().map_err(|_| none())
}

pub(super) fn none() -> Refusal {
    Refusal::saying(Code::NotFound, "没有这件诉求，或不归您看。").back("/tickets")
}

/// A matter that is within sight, the look at it noted.
pub(super) fn looked_at(office: &Office, who: &Who, id: TicketId, open: bool) -> Result<TicketView, Refusal> {
    let hand = Hand::of(&who.signed_in);
    let view = ticket(office, id, &who.signed_in.sight, hand.as_ref(), open)?.ok_or_else(none)?;
    let deed = if open { Deed::ReadReporter } else { Deed::Read };
    note_read(office, who.signed_in.clerk, deed, Some(&DocId::from(id).key()))?;
    Ok(view)
}

/// What is said when a step has been taken.
pub(super) fn done_words(word: &str) -> Option<&'static str> {
    Some(match step_called(word)? {
        EventKind::Report => "已登记并受理。接着可以派遣，网格员的手机同步后就会看到。",
        EventKind::Accept => "已受理。",
        EventKind::Assign => "已派遣。需要纸质派单，可以点“打印派单”。",
        EventKind::Start => "已记为办理中。",
        EventKind::Extend => "已延期。",
        EventKind::Feedback => "已记下反馈。核查以后就可以办结。",
        EventKind::Check => "已记下核查。",
        EventKind::Close => "已办结。",
        EventKind::Rate => "已记下居民的评价。",
        EventKind::SendBack => "已退回，等社区重新受理。",
        EventKind::Reopen => "已重新办理。",
        EventKind::Escalate => "已提交联席会议。",
        EventKind::CloseOnSpot => "已当场办结。",
        EventKind::Void => "已作废，原因留在办理过程里。",
        EventKind::Supplement => "已补充。",
        EventKind::Duplicate | EventKind::Unknown(_) => return None,
    })
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let id = id_of(id)?;
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let view = looked_at(office, who, id, asked.shows_reporter())?;
        let photos = photos(office, id, &who.signed_in.sight)?.unwrap_or_default();
        let title = format!("{} · {}", view.line.place, view.line.category);
        let subtitle = format!("{} · {} · {}", view.line.number, view.line.grids.join("、"), view.line.stage.title());
        let actions = html! {
            a.button.second href={ "/tickets/" (id) "/slip" } { "打印派单" }
            a.button.second href="/tickets" { "回列表" }
        };
        let body = html! {
            (heading(&title, &subtitle, actions))
            (done(asked.done.as_deref().and_then(done_words)))
            div.matter {
                div {
                    (what(who, id, &view))
                    (ticket_photos::part(id, &photos))
                    (course(&view))
                    (notes(&view))
                }
                (next(who, id, &view))
            }
        };
        frame::page(office, who, Room::Tickets, &view.line.number, body)
    })
    .await
}

fn what(who: &Who, id: TicketId, view: &TicketView) -> Markup {
    let line = &view.line;
    html! {
        section.panel {
            h2 { "诉求内容" }
            p.told { (view.text) }
            dl.pairs {
                dt { "状态" } dd {
                    (tag(line.stage.title(), if line.stage.is_over() { Tone::Good } else { Tone::Plain })) " " (size(line))
                    @if view.joint { " " (tag("联席会议", Tone::Look)) }
                }
                dt { "期限" } dd { (due(line)) }
                dt { "责任单位" } dd { (line.party.as_deref().unwrap_or("还没有派遣")) }
                @if let Some(department) = &line.department { dt { "主管部门" } dd { (department) } }
                dt { "地点" } dd { (line.place) }
                dt { "上报" } dd { (line.opened) }
                @if let Some(source) = &view.source { dt { "来源" } dd { (source) } }
                @if view.reporter.is_some() || view.resident.is_some() {
                    dt { "反映人" }
                    dd {
                        @for told in [&view.resident, &view.reporter].into_iter().flatten() { div { (told) } }
                        @if view.masked {
                            a.noprint href={ "/tickets/" (id) "?reporter=shown" } { "显示反映人（会记入查看记录）" }
                        }
                    }
                }
                @if let Some(said) = view.satisfaction { dt { "居民评价" } dd { (said) } }
                @if view.reopened_count > 0 { dt { "重新办理" } dd { (view.reopened_count) " 次" } }
                @if let Some(other) = view.duplicate_of {
                    dt { "重复于" } dd { a href={ "/tickets/" (other) } { "另一件诉求" } }
                }
            }
            @if view.unheard && Hand::of(&who.signed_in).is_some() {
                p.hint.noprint { "花名册上没有这个部门的协管员，系统通知不到：请打印派单送去，或电话告知。" }
            }
            @if line.conflict_count > 0 {
                p.notice { "有 " (line.conflict_count) " 处说法不一，等社区裁定。" }
            }
        }
    }
}

fn course(view: &TicketView) -> Markup {
    html! {
        section.panel {
            h2 { "办理过程" }
            ol.timeline { @for event in &view.events { (one_event(event)) } }
        }
    }
}

fn one_event(event: &EventView) -> Markup {
    let idle = event.stage.is_none();
    html! {
        li.idle[idle] {
            strong { (event.kind.title()) } " " span.soft { (event.at) " · " (event.by) "（" (event.role) "）" }
            @if let Some(stage) = event.stage { @if event.kind != EventKind::Supplement { " " (tag(stage, Tone::Plain)) } }
            @if let Some(party) = &event.party {
                div { "交 " (party) @if let Some(department) = &event.department { "，主管部门 " (department) } }
            }
            @if let Some(due) = &event.due_on { div { "期限 " (due) } }
            @if let Some(said) = event.satisfaction { div { "居民：" (said) } }
            @if let Some(text) = &event.text { div.words { (text) } }
            @if !event.why_not.is_empty() {
                div { (tag("没有计入", Tone::Look)) " " (event.why_not.join("；")) }
            }
        }
    }
}

fn notes(view: &TicketView) -> Markup {
    html! {
        @if !view.notes.is_empty() {
            section.panel {
                h2 { "备注" }
                ol.timeline {
                    @for (at, by, text) in &view.notes { li { span.soft { (at) " · " (by) } div.words { (text) } } }
                }
            }
        }
    }
}

fn next(who: &Who, id: TicketId, view: &TicketView) -> Markup {
    html! {
        aside.next.noprint aria-label="可以办的" {
            h2 { "下一步" }
            @if view.next.is_empty() {
                p.soft { @if Hand::of(&who.signed_in).is_some() { "现在没有要您办的。" } @else { "您的岗位在这里只看不改。" } }
            }
            @for (n, kind) in view.next.iter().enumerate() { (form(who, id, view, *kind, n == 0)) }
        }
    }
}

pub(crate) async fn step(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let Path((id, word)) = path.map_err(|_| none())?;
    let id: TicketId = id.parse().map_err(|_| none())?;
    let fields = Fields::of(&desk, &who, request).await?;
    let hand = Hand::of(&who.signed_in).ok_or(Code::NotYours)?;
    let kind = step_called(&word).ok_or_else(none)?;
    let step = read(kind, &fields);
    let acted = desk.work(move |office| Ok(act(office, id, step, &hand)?)).await;
    let acted = acted.map_err(|refusal| match refusal.code() {
        Code::NotFound => refusal.back("/tickets"),
        _ => refusal.back(format!("/tickets/{id}")),
    })?;
    let word = acted.step.name();
    Ok(Redirect::to(&match acted.still_seen {
        true => format!("/tickets/{id}?done={word}"),
        false => format!("/tickets?done={word}"),
    }))
}

fn read(kind: EventKind, fields: &Fields) -> Step {
    let text = |name: &str| fields.get(name).map(str::to_owned);
    Step {
        text: text("text"),
        department: text("department"),
        party: text("party"),
        term: fields.get("term").and_then(|t| t.parse().ok()),
        consent: fields.get("consent").is_some(),
        due_on: text("due_on"),
        satisfaction: fields.get("satisfaction").and_then(|s| s.parse().ok()),
        category: text("category"),
        large: match fields.get("size") {
            Some("big") => Some(true),
            Some("small") => Some(false),
            _ => None,
        },
        ..Step::new(kind)
    }
}
