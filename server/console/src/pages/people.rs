//! The roster: who is in post, in which role, with which grids, today or as of a day.

use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::{Tone, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::rights::may;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::Method;
use axum::response::Response;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Role;
use qiaomen_proto::person::parse_date;
use qiaomen_server::desk::roster::{Roster, RosterAsked, StaffLine, roster};
use qiaomen_server::people::audit::{Deed, note_read};
use serde::Deserialize;

/// The parts of this room, and who finds them in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Roster,
    Trainings,
    Devices,
    Accounts,
    Import,
    Audit,
}

impl Tab {
    const ALL: [(Tab, &'static str, &'static str); 6] = [
        (Tab::Roster, "/people", "花名册"),
        (Tab::Trainings, "/trainings", "培训"),
        (Tab::Devices, "/devices", "终端"),
        (Tab::Accounts, "/accounts", "账号"),
        (Tab::Import, "/import", "导入台账"),
        (Tab::Audit, "/audit", "操作记录"),
    ];
}

/// The tabs that somebody may open.
pub(super) fn tabs(who: &Who, here: Tab) -> Markup {
    html! {
        ul.tabs.noprint aria-label="人员设备" {
            @for (tab, path, label) in Tab::ALL {
                @if may(who, &Method::GET, path) { li { a href=(path) aria-current=[(tab == here).then_some("page")] { (label) } } }
            }
        }
    }
}

/// As of which day, and whom.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    on: String,
    grid: String,
    role: String,
}

impl Asked {
    /// What is asked for; what was left empty is not asked.
    fn read(&self) -> Result<RosterAsked, Refusal> {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let not_a_day = || Refusal::saying(Code::ValueForm, "日期要写成 2026-05-01 这样。").back("/people");
        let on = said(&self.on).map(|on| parse_date(&on).ok_or_else(not_a_day)).transpose()?;
        let grid = said(&self.grid).map(|g| g.parse().map_err(|_| Code::NotFound)).transpose()?;
        let role = said(&self.role).map(|r| Role::from_title(&r).ok_or(Code::NotFound)).transpose()?;
        Ok(RosterAsked { on, grid, role })
    }
    /// The same question to another page.
    fn query(&self) -> String {
        let fields = [("on", &self.on), ("grid", &self.grid), ("role", &self.role)];
        let said: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_urlencoded::to_string(said).unwrap_or_default()
    }
}

pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let wanted = asked.read()?;
        let roster = roster(office, &who.signed_in.sight, &wanted)?;
        let may_export = may(who, &Method::GET, "/people/export");
        let may_enrol = may(who, &Method::GET, "/enrol");
        let actions = html! {
            button.second type="button" data-print { "打印" }
            @if may_export { a.button.second href={ "/people/export?" (asked.query()) } { "导出表格" } }
            @if may_enrol { a.button href="/enrol" { "登记终端" } }
        };
        let line = if who.signed_in.sight.grids.is_some() {
            "您的网格里的人。"
        } else {
            "谁在岗、什么职务、管哪个网格。"
        };
        let body = html! {
            (heading("花名册", line, actions))
            (tabs(who, Tab::Roster))
            (filters(&asked, &roster))
            p.printed { (office.identity().community) " · 截至 " (roster.on) " · 共 " (roster.lines.len()) " 人" }
            @if !roster.is_today { p.notice { "看的是 " (roster.on) " 当天结束时的情况；终端和控制台岗位是现在的。" } }
            @if roster.lines.is_empty() { (empty(&roster)) } @else { (table(&roster.lines)) }
        };
        frame::page(office, who, Room::People, "花名册", body)
    })
    .await
}

fn filters(asked: &Asked, roster: &Roster) -> Markup {
    let on = if roster.is_today { String::new() } else { roster.on.to_string() };
    html! {
        form.filters method="get" action="/people" {
            label { "截至哪一天" input type="date" name="on" value=(on); }
            label { "网格"
                select name="grid" {
                    option value="" { "全部" }
                    @for (id, name) in &roster.grids {
                        option value=(id) selected[asked.grid == id.to_string()] { (name) }
                    }
                }
            }
            label { "职务"
                select name="role" {
                    option value="" { "全部" }
                    @for (role, count) in &roster.roles {
                        option value=(role.title()) selected[asked.role == role.title()] { (role.title()) " · " (count) " 人" }
                    }
                }
            }
            button type="submit" { "看" }
            @if !asked.query().is_empty() { a.button.second href="/people" { "不筛选" } }
            span.hint { "共 " (roster.lines.len()) " 人" }
        }
    }
}

fn empty(roster: &Roster) -> Markup {
    if roster.roles.is_empty() && roster.is_today {
        nothing("花名册还是空的", "在“导入台账”里导入带花名册的表格，人就在这里了。")
    } else {
        nothing("没有这样的人", "换一天、换一个网格或职务再看。")
    }
}

fn table(lines: &[StaffLine]) -> Markup {
    html! {
        div.scroll {
            table.roster {
                thead { tr {
                    th scope="col" { "姓名" } th scope="col" { "职务" } th scope="col" { "网格" } th scope="col" { "部门或单位" }
                    th scope="col" { "任职日期" } th.num scope="col" { "终端" } th scope="col" { "控制台岗位" }
                } }
                tbody {
                    @for line in lines {
                        tr {
                            td { a href={ "/people/" (line.id) } { (line.name) } }
                            td { (line.title) }
                            td { @if line.grids.is_empty() { span.soft { "没有网格" } } @else { (line.grids.join("、")) } }
                            td { (line.department.as_deref().unwrap_or_default()) }
                            td.nowrap { (line.appointed_on.as_deref().unwrap_or_default()) }
                            td.num { @if line.devices > 0 { (line.devices) } @else { span.soft { "没有" } } }
                            td { @if let Some(post) = line.post { (tag(post, Tone::Plain)) } }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) async fn export(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    let wanted = asked.read()?;
    desk.work(move |office| {
        let roster = roster(office, &who.signed_in.sight, &wanted)?;
        note_read(office, who.signed_in.clerk, Deed::RosterExported, None)?;
        let mut csv = crate::csv::Csv::new(&["姓名", "职务", "网格", "部门或单位", "任职日期", "终端", "控制台岗位"]);
        for line in &roster.lines {
            csv.row([
                line.name.as_str(),
                line.title,
                &line.grids.join("、"),
                line.department.as_deref().unwrap_or_default(),
                line.appointed_on.as_deref().unwrap_or_default(),
                &line.devices.to_string(),
                line.post.unwrap_or_default(),
            ]);
        }
        Ok(csv.answer(&format!("roster-{}.csv", roster.on)))
    })
    .await
}
