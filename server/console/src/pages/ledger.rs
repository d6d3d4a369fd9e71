//! The ledger's list of doors 台账: filtered, with the columns that somebody wants, and what it all comes to.

use crate::desk::Desk;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, done, figure, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::rights::may;
use crate::session::Who;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::Method;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{BuildingId, GridId};
use qiaomen_server::desk::ledger::{Asked, Column, DoorListed, DoorsPage, Places, ago, doors};
use qiaomen_server::ledger::views::{KeptView, NAME_LETTERS_MAX, kept};
use qiaomen_server::office::{Office, OfficeError};

/// Numbers of days that the form offers.
const DAYS: [(u64, &str); 5] = [(30, "一个月"), (60, "两个月"), (90, "三个月"), (180, "半年"), (365, "一年")];

/// The fields of a link's query.
pub(crate) fn fields_of(query: Option<&str>) -> Result<Vec<(String, String)>, Refusal> {
    serde_urlencoded::from_str(query.unwrap_or_default()).map_err(|_| Code::Malformed.into())
}

/// The query that asks for this again.
pub(crate) fn query_of(asked: &Asked) -> String {
    serde_urlencoded::to_string(asked.fields()).unwrap_or_default()
}

/// `GET /ledger`
pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Refusal> {
    let fields = fields_of(query.as_deref())?;
    desk.page(who, move |office, who| {
        let mut asked = Asked::of(&fields);
        let sight = &who.signed_in.sight;
        let (page, places, uses) = office.store().read(|tx| -> Result<_, OfficeError> {
            let places = Places::within(tx, sight)?;
            // Another grid was chosen: a building of the one before means nothing any more.
            let here = |b| places.buildings.iter().any(|(id, _, g)| *id == b && asked.grid.is_none_or(|a| a == *g));
            asked.building = asked.building.filter(|b| here(*b));
            Ok((doors(office, tx, &asked, sight)?, places, tx.door_uses()?))
        })?;
        let keeps = may(who, &Method::POST, "/ledger/views");
        let views = if keeps { kept(office)? } else { Vec::new() };
        let said = |name: &str| fields.iter().any(|(n, _)| n == name);
        let just = match (said("kept"), said("dropped")) {
            (true, _) => Some("已存为视图，下次点一下就是这些条件。"),
            (_, true) => Some("视图已删除。户和人都没有动。"),
            _ => None,
        };
        let body = html! {
            (heading("台账", "每一户、每一个人。姓名、电话、证件号都遮住，要看请到那一户里点“显示”，每次查看都记入审计。", export(who, &asked, &places)))
            (done(just))
            (tabs("/ledger"))
            (kept_views(&views, &query_of(&asked)))
            (filters(&asked, &places, &uses))
            (totals(&page))
            @if page.lines.is_empty() {
                @if asked.is_everything() { (nothing("台账里还没有户", "导入社区的台账，或等网格员的终端送来。")) }
                @else { (nothing("没有符合条件的户", "放宽一个条件再看，或点“清除条件”。")) }
            } @else {
                (table(office, &asked, &page))
                (pager("/ledger", &query_of(&asked), page.page, page.pages))
            }
            @if keeps { (keep_form(who, &asked, &views)) }
        };
        frame::page(office, who, Room::Ledger, "台账", body)
    })
    .await
}

/// By door, by person.
pub(crate) fn tabs(here: &str) -> Markup {
    html! {
        ul.tabs {
            @for (path, label) in [("/ledger", "按户"), ("/ledger/residents", "按人")] {
                li { a href=(path) aria-current=[(path == here).then_some("true")] { (label) } }
            }
        }
    }
}

/// To the pages before and after this one.
pub(crate) fn pager(path: &str, query: &str, page: usize, pages: usize) -> Markup {
    let to = |n: usize| format!("{path}?{query}{}page={n}", if query.is_empty() { "" } else { "&" });
    html! {
        @if pages > 1 {
            nav.pager aria-label="翻页" {
                @if page > 1 { a.button.second href=(to(page - 1)) rel="prev" { "前一页" } }
                span { "第 " (page) " / " (pages) " 页" }
                @if page < pages { a.button.second href=(to(page + 1)) rel="next" { "后一页" } }
            }
        }
    }
}

fn export(who: &Who, asked: &Asked, places: &Places) -> Markup {
    let grid = places.grid(asked.grid);
    html! {
        button.second type="button" data-print="" { "打印这一页" }
        @if may(who, &Method::POST, "/ledger/export") {
            form method="post" action="/ledger/export" data-again="" {
                (token(who))
                @if let Some(id) = asked.grid.filter(|_| !grid.is_empty()) { input type="hidden" name="grid" value=(id); }
                button type="submit" { @if grid.is_empty() { "导出台账（表格）" } @else { "导出" (grid) "（表格）" } }
            }
        }
    }
}

fn kept_views(views: &[KeptView], here: &str) -> Markup {
    html! {
        @if !views.is_empty() {
            nav.chips.noprint aria-label="存下的视图" {
                span.soft { "视图" }
                @for view in views {
                    a href={ "/ledger?" (view.query) } aria-current=[(view.query == here).then_some("true")] { (view.name) }
                }
            }
        }
    }
}

/// Which grid, and which building of it.
pub(super) fn place_choices(places: &Places, grid: Option<GridId>, building: Option<BuildingId>) -> Markup {
    html! {
        label { "网格"
            select name="grid" data-submits="" {
                option value="" { "全部" }
                @for (id, name) in &places.grids { option value=(id) selected[grid == Some(*id)] { (name) } }
            }
        }
        label { "楼栋"
            select name="building" data-submits="" {
                option value="" { "全部" }
                @for (of, name) in places.grids.iter().filter(|(g, _)| grid.is_none_or(|wanted| wanted == *g)) {
                    optgroup label=(name) {
                        @for (id, name, _) in places.buildings.iter().filter(|(_, _, g)| g == of) {
                            option value=(id) selected[building == Some(*id)] { (name) }
                        }
                    }
                }
            }
        }
    }
}

fn filters(asked: &Asked, places: &Places, uses: &[String]) -> Markup {
    let other = asked.days.filter(|d| !DAYS.iter().any(|(n, _)| n == d));
    html! {
        form.filters method="get" action="/ledger" {
            (place_choices(places, asked.grid, asked.building))
            label { "居住情况"
                select name="use" data-submits="" {
                    option value="" { "全部" }
                    @for use_ in uses { option value=(use_) selected[asked.use_.as_ref() == Some(use_)] { (use_) } }
                }
            }
            label { "多久没见到人"
                select name="days" data-submits="" {
                    option value="" { "不限" }
                    @for (n, label) in DAYS { option value=(n) selected[asked.days == Some(n)] { "超过" (label) } }
                    @if let Some(n) = other { option value=(n) selected { "超过 " (n) " 天" } }
                }
            }
            fieldset.ticks {
                legend { "只看" }
                @for (name, label, on) in [("refused", "拒访", asked.refused), ("open", "有未办结诉求", asked.open), ("conflict", "有冲突", asked.conflict)] {
                    label { input type="checkbox" name=(name) value="1" checked[on] data-submits=""; " " (label) }
                }
            }
            details.columns {
                summary { "选列" }
                fieldset.ticks {
                    legend { "表里显示哪些列（地址总在）" }
                    @for column in Column::ALL {
                        label { input type="checkbox" name="col" value=(column.word()) checked[asked.columns.contains(&column)]; " " (column.label()) }
                    }
                }
            }
            button.second type="submit" { "筛选" }
            @if !asked.is_everything() { a href="/ledger" { "清除条件" } }
        }
    }
}

fn totals(page: &DoorsPage) -> Markup {
    let t = &page.totals;
    let n = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    html! {
        div.figures {
            (figure("户", t.doors, Tone::Plain))
            (figure("登记在住的人", t.people, Tone::Plain))
            (figure("未办结诉求", t.open, Tone::until_none(t.open)))
            (figure("拒访的户", t.refused, Tone::until_none(n(t.refused))))
            (figure("有冲突的户", t.conflicts, Tone::until_none(n(t.conflicts))))
            (figure("没见到过人的户", t.never, Tone::until_none(n(t.never))))
        }
    }
}

fn table(office: &Office, asked: &Asked, page: &DoorsPage) -> Markup {
    let is_number = |c: Column| matches!(c, Column::People | Column::Counted | Column::Open);
    html! {
        div.scroll tabindex="0" role="region" aria-label="户的清单" {
            table {
                thead { tr {
                    th scope="col" { "地址" }
                    @for column in &asked.columns { th.num[is_number(*column)] scope="col" { (column.label()) } }
                } }
                tbody {
                    @for line in &page.lines {
                        tr {
                            th.address scope="row" { a href={ "/ledger/doors/" (line.id) } { (line.address) } }
                            @for column in &asked.columns { td.num[is_number(*column)] { (cell(office, *column, line)) } }
                        }
                    }
                }
            }
        }
    }
}

fn cell(office: &Office, column: Column, line: &DoorListed) -> Markup {
    html! {
        @match column {
            Column::Grid => (line.grid),
            Column::Use => (line.use_),
            Column::Head => (line.head),
            Column::People => (line.people),
            Column::Counted => (line.counted),
            Column::Open => @if line.open > 0 { strong { (line.open) } } @else { span.soft { "0" } },
            Column::Visited => @match &line.visited {
                Some((at_ms, day)) => { span.nowrap { (day) " " small { (ago(office.now_ms(), *at_ms)) "前" } } }
                None => span.soft { "没见到过人" },
            },
            Column::Marks => {
                @if line.refused { (tag("拒访", Tone::Bad)) " " }
                @if line.conflicts > 0 { (tag(&format!("冲突 {}", line.conflicts), Tone::Look)) }
            }
        }
    }
}

fn keep_form(who: &Who, asked: &Asked, views: &[KeptView]) -> Markup {
    html! {
        details.keep.noprint {
            summary { "存为视图、管理视图" }
            form.filters method="post" action="/ledger/views" {
                (token(who))
                input type="hidden" name="query" value=(query_of(asked));
                label { "现在的条件和列，存成一个视图，全社区工作人员都能用"
                    input name="name" required maxlength=(NAME_LETTERS_MAX) placeholder="例如：空置、半年没走访" autocomplete="off";
                }
                button.second type="submit" { "存下" }
            }
            @if !views.is_empty() {
                ul.kept {
                    @for view in views {
                        li {
                            a href={ "/ledger?" (view.query) } { (view.name) }
                            form method="post" action={ "/ledger/views/" (view.id) "/delete" } data-ask={ "删除视图“" (view.name) "”？户和人都不会动。" } {
                                (token(who))
                                button.plain type="submit" aria-label={ "删除视图 " (view.name) } { "删除" }
                            }
                        }
                    }
                }
            }
        }
    }
}
