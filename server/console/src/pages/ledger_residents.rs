//! The ledger's residents: a list, and looking for somebody. What is looked for is sent in a form and stands in no
//! address.

use super::ledger::{fields_of, pager, place_choices, tabs};
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::{RawQuery, Request, State};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::desk::ledger::Places;
use qiaomen_server::desk::ledger_people::{
    HITS_MAX, PeopleAsked, ResidentListed, SEARCH_LETTERS_MAX, Whether, can_be_searched, residents, search,
};
use qiaomen_server::office::OfficeError;
use qiaomen_server::people::audit::{Deed, note_read};

const PATH: &str = "/ledger/residents";

fn asked_of(fields: &[(String, String)]) -> PeopleAsked {
    let get = |name: &str| fields.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str());
    PeopleAsked {
        grid: get("grid").and_then(|id| id.parse().ok()),
        building: get("building").and_then(|id| id.parse().ok()),
        whether: get("whether").and_then(Whether::parse).unwrap_or_default(),
        refused: get("refused").is_some(),
        conflict: get("conflict").is_some(),
        page: get("page").and_then(|p| p.parse().ok()).unwrap_or(1),
    }
}

fn query_of(asked: &PeopleAsked) -> String {
    let mut fields = Vec::new();
    fields.extend(asked.grid.map(|g| ("grid", g.to_string())));
    fields.extend(asked.building.map(|b| ("building", b.to_string())));
    fields.extend((asked.whether != Whether::Here).then(|| ("whether", asked.whether.word().to_owned())));
    fields.extend(asked.refused.then(|| ("refused", "1".to_owned())));
    fields.extend(asked.conflict.then(|| ("conflict", "1".to_owned())));
    serde_urlencoded::to_string(fields).unwrap_or_default()
}

/// `GET /ledger/residents`
pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Refusal> {
    let fields = fields_of(query.as_deref())?;
    desk.page(who, move |office, who| {
        let mut asked = asked_of(&fields);
        let sight = &who.signed_in.sight;
        let (page, places) = office.store().read(|tx| -> Result<_, OfficeError> {
            let places = Places::within(tx, sight)?;
            let here = |b| places.buildings.iter().any(|(id, _, g)| *id == b && asked.grid.is_none_or(|a| a == *g));
            asked.building = asked.building.filter(|b| here(*b));
            Ok((residents(office, tx, &asked, sight)?, places))
        })?;
        let body = html! {
            (head())
            (tabs(PATH))
            (search_form(who))
            (filters(&asked, &places))
            p.soft { "共 " (page.count) " 人" }
            @if page.lines.is_empty() {
                @if query_of(&asked).is_empty() {
                    (nothing("台账里还没有人", "导入社区的台账，或等网格员的终端送来。"))
                } @else { (nothing("没有符合条件的人", "放宽一个条件再看。")) }
            } @else {
                (table(&page.lines))
                (pager(PATH, &query_of(&asked), page.page, page.pages))
            }
        };
        frame::page(office, who, Room::Ledger, "居民", body)
    })
    .await
}

/// `POST /ledger/residents`
pub(crate) async fn find(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Markup, Refusal> {
    let fields = Fields::of(&desk, &who, request).await?;
    let said = fields.get("q").unwrap_or_default().to_owned();
    if !can_be_searched(&said) {
        return Err(Refusal::saying(
            Code::ValueForm,
            "请写全名（两个字以上），或写全电话、身份证号，或只写号码的末四位。只写姓、只写地址在这里找不到人。",
        )
        .back(PATH));
    }
    desk.page(who, move |office, who| {
        note_read(office, who.signed_in.clerk, Deed::ResidentsSearched, None)?;
        let (hits, more) = office.store().read(|tx| search(office, tx, &said, &who.signed_in.sight))?;
        let body = html! {
            (head())
            (tabs(PATH))
            (search_form(who))
            @if hits.is_empty() {
                (nothing("没有找到", "请查一查有没有写错。姓名要写全；号码写全，或只写末四位。"))
            } @else {
                p role="status" { "找到 " strong { (hits.len()) } " 人" @if more { "，只显示前 " (HITS_MAX) " 人，请写得更全一些" } "。" }
                (table(&hits))
            }
            p { a href=(PATH) { "回到全部居民" } }
        };
        frame::page(office, who, Room::Ledger, "找人", body)
    })
    .await
}

fn head() -> Markup {
    heading("居民", "在册的每一个人。要看遮住的内容，请点地址，到那一户里点“显示”。", html! {})
}

fn search_form(who: &Who) -> Markup {
    html! {
        form.filters.panel method="post" action=(PATH) {
            (token(who))
            label.wide { "找人：姓名写全；电话、身份证号写全，或只写末四位"
                input name="q" required minlength="2" maxlength=(SEARCH_LETTERS_MAX) autocomplete="off" data-key="/";
            }
            button type="submit" { "查找" }
        }
    }
}

fn filters(asked: &PeopleAsked, places: &Places) -> Markup {
    html! {
        form.filters method="get" action=(PATH) {
            (place_choices(places, asked.grid, asked.building))
            label { "在不在"
                select name="whether" data-submits="" {
                    @for w in Whether::ALL { option value=(w.word()) selected[asked.whether == w] { (w.label()) } }
                }
            }
            fieldset.ticks {
                legend { "只看" }
                label { input type="checkbox" name="refused" value="1" checked[asked.refused] data-submits=""; " 有拒绝提供的" }
                label { input type="checkbox" name="conflict" value="1" checked[asked.conflict] data-submits=""; " 有冲突" }
            }
            button.second type="submit" { "筛选" }
        }
    }
}

fn table(lines: &[ResidentListed]) -> Markup {
    let found = lines.iter().any(|l| !l.found_by.is_empty());
    html! {
        div.scroll tabindex="0" role="region" aria-label="居民的清单" {
            table {
                thead { tr {
                    @for label in ["姓名", "性别", "与户主关系", "电话", "身份证号", "住址", "网格"] { th scope="col" { (label) } }
                    @if found { th scope="col" { "按什么找到的" } }
                    th scope="col" { "要留意的" }
                } }
                tbody {
                    @for line in lines {
                        tr {
                            th.address scope="row" { (line.name) }
                            td { (line.sex) }
                            td { (line.relation) }
                            td.nowrap { (line.phone) }
                            td.nowrap { (line.identity) }
                            td {
                                @if let Some(door) = line.door { a href={ "/ledger/doors/" (door) "#person-" (line.id) } { (line.address) } }
                                @else { span.soft { (line.address) } }
                            }
                            td { (line.grid) }
                            @if found { td { (line.found_by.join("、")) } }
                            td {
                                @if line.aside { (tag("重复，另一份为准", Tone::Look)) " " }
                                @if line.moved_out { (tag("已搬走", Tone::Plain)) " " }
                                @if line.conflicts > 0 { (tag(&format!("冲突 {}", line.conflicts), Tone::Look)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
