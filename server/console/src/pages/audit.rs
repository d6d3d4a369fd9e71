//! Who did what, when, on what; and whether the chain of what was written down holds.

use super::people::{Tab, tabs};
use crate::csv::Csv;
use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::{Tone, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::person::parse_date;
use qiaomen_server::desk::audit::{self, AuditPage, EXPORT_ROWS_MAX};
use qiaomen_server::people::deeds::DEEDS;
use serde::Deserialize;

/// Rows on one page.
const PAGE: usize = 50;

/// What is asked of the audit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    who: String,
    deed: String,
    from: String,
    until: String,
    before: Option<i64>,
}

impl Asked {
    fn read(&self) -> Result<audit::Asked, Refusal> {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let day = |text: &str| {
            let not_a_day = || Refusal::saying(Code::ValueForm, "日期要写成 2026-05-01 这样。").back("/audit");
            said(text).map(|day| parse_date(&day).ok_or_else(not_a_day)).transpose()
        };
        let deed = said(&self.deed);
        if deed.as_ref().is_some_and(|deed| !DEEDS.iter().any(|d| d.word == deed)) {
            return Err(Code::NotFound.into());
        }
        Ok(audit::Asked {
            who: said(&self.who).map(|id| id.parse().map_err(|_| Code::NotFound)).transpose()?,
            deed,
            from: day(&self.from)?,
            until: day(&self.until)?,
            before: self.before,
        })
    }
    /// The same question to another page, or for rows before a number.
    fn query(&self, before: Option<i64>) -> String {
        let before = before.map(|b| b.to_string()).unwrap_or_default();
        let fields = [
            ("who", &self.who),
            ("deed", &self.deed),
            ("from", &self.from),
            ("until", &self.until),
            ("before", &before),
        ];
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
        let page = audit::page(office, &asked.read()?, PAGE)?;
        let actions = html! {
            a.button.second href={ "/audit/export?" (asked.query(None)) } { "导出表格" }
            a.button href="/audit/check" { "核对整本记录" }
        };
        let body = html! {
            (heading("操作记录", "谁、什么时候、对什么做了什么。只增不改，每一条都连着前一条。", actions))
            (tabs(who, Tab::Audit))
            (chain(&page))
            (filters(&asked, &page))
            @if page.lines.is_empty() { (nothing("没有这样的记录", "换一个人、换一件事或换几天再看。")) }
            @else { (table(&page)) }
            div.pager {
                @if asked.before.is_some() { a.button.second href={ "/audit?" (asked.query(None)) } { "回到最新" } }
                @if let Some(before) = page.more { a.button.second href={ "/audit?" (asked.query(Some(before))) } { "更早的" } }
            }
        };
        frame::page(office, who, Room::People, "操作记录", body)
    })
    .await
}

fn chain(page: &AuditPage) -> Markup {
    html! {
        @if !page.follows {
            p.refusal role="alert" { "这一页上有记录和前一条连不上：记录可能被人改动或删过。请点“核对整本记录”，并告诉维护人员。" }
        }
        @match &page.checked {
            None => { p.hint { "整本记录还没有核对过。" } }
            Some(last) => {
                p.hint {
                    "上次核对整本：" (last.at) " · " (last.by) " · "
                    @if last.holds { (tag("前后连得上", Tone::Good)) } @else { (tag("有一处连不上", Tone::Bad)) }
                }
            }
        }
    }
}

fn filters(asked: &Asked, page: &AuditPage) -> Markup {
    html! {
        form.filters method="get" action="/audit" {
            label { "谁"
                select name="who" {
                    option value="" { "所有人" }
                    @for (id, name) in &page.people { option value=(id) selected[asked.who == id.to_string()] { (name) } }
                }
            }
            label { "做了什么"
                select name="deed" {
                    option value="" { "所有事" }
                    @for deed in DEEDS { option value=(deed.word) selected[asked.deed == deed.word] { (deed.label) } }
                }
            }
            label { "从哪一天" input type="date" name="from" value=(asked.from); }
            label { "到哪一天" input type="date" name="until" value=(asked.until); }
            button type="submit" { "看" }
            @if !asked.query(None).is_empty() { a.button.second href="/audit" { "不筛选" } }
        }
    }
}

fn table(page: &AuditPage) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr { th.num scope="col" { "号" } th scope="col" { "时间" } th scope="col" { "谁" } th scope="col" { "做了什么" } th scope="col" { "对什么" } } }
                tbody {
                    @for line in &page.lines {
                        tr {
                            td.num { (line.id) }
                            td.nowrap { (line.at) }
                            td { (line.who) }
                            td { (line.what) }
                            td { @if let Some(worker) = line.worker { a href={ "/people/" (worker) } { (line.on) } } @else { (line.on) } }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) async fn check(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, |office, who| {
        let chain = audit::check(office, who.signed_in.clerk)?;
        let body = html! {
            (heading("核对整本记录", "从第一条到最后一条，看每一条是不是连着前一条。", html! { a.button.second href="/audit" { "返回操作记录" } }))
            (tabs(who, Tab::Audit))
            section.panel {
                @match chain.broken_at {
                    None => {
                        p.done role="status" { "前后连得上：" (chain.rows) " 条，一条不缺，一条没改。" }
                    }
                    Some(id) => {
                        p.refusal role="alert" { "前 " (chain.rows) " 条连得上，第 " (id) " 号连不上：它或它前面的一条被改动过，或中间少了。" }
                        p { "请不要再动数据库，联系维护人员；手边有备份的话，拿备份里的同一段来比。" }
                    }
                }
                p.soft { "从末尾整段删掉，这样核对看不出来：日结里签过的条数可以对照。核对本身也记了一条。" }
            }
        };
        frame::page(office, who, Room::People, "核对操作记录", body)
    })
    .await
}

pub(crate) async fn export(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    let wanted = audit::Asked { before: None, ..asked.read()? };
    desk.work(move |office| {
        let (lines, all) = audit::export(office, &wanted, who.signed_in.clerk)?;
        let mut csv = Csv::new(&["号", "时间", "谁", "做了什么", "对什么"]);
        for line in &lines {
            csv.row([line.id.to_string().as_str(), &line.at, &line.who, &line.what, &line.on]);
        }
        if !all {
            let rest = format!("只导出了最新的 {EXPORT_ROWS_MAX} 条，更早的请按天筛选再导出。");
            csv.row(["", "", "", rest.as_str(), ""]);
        }
        Ok(csv.answer("audit.csv"))
    })
    .await
}
