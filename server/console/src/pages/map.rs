//! The map of grids: drawn as it lies where a map file was taken, as a schematic where not; how long ago somebody was
//! at the doors as shade, open matters as marks, and the same figures as tables.

use super::map_draw::draw;
use super::map_marks::{fillings, legend};
use super::map_tiles::tiles;
use super::overview::grid_asked;
use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::{Tone, done, figure, heading, nothing};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::desk::map::{self, Figures, MapView, Shade};
use qiaomen_server::desk::scope::{date, day};
use qiaomen_server::shapes;
use serde::Deserialize;
use std::fmt::Display;

/// Of which grid, shaded by what, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    grid: Option<String>,
    by: Option<String>,
    put: Option<u32>,
    cleared: Option<u32>,
}

/// The ledger of a grid or building.
pub(super) fn ledger_of(kind: &str, id: impl Display) -> String {
    format!("/ledger?{kind}={id}")
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    let grid = grid_asked(asked.grid.as_deref()).map_err(|r| r.back("/map"))?;
    let by = if asked.by.as_deref() == Some("half") { Shade::Half } else { Shade::Last };
    let said = match (asked.put, asked.cleared) {
        (Some(n), _) => Some(format!("地图收下了，画出 {n} 处。")),
        (_, Some(n)) => Some(format!("地图清空了，去掉 {n} 处。下面改用示意图。")),
        _ => None,
    };
    desk.page(who, move |office, who| {
        let view = map::map(office, &who.signed_in.sight, grid)?;
        let view = view.ok_or_else(|| Refusal::from(Code::NotFound).back("/map"))?;
        frame::page(office, who, Room::Map, "网格图", page(&view, by, who, said.as_deref()))
    })
    .await
}

/// The map as a file.
pub(crate) async fn export(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
) -> Result<impl IntoResponse, Refusal> {
    let sight = who.signed_in.sight;
    let text = desk.work(move |office| Ok(shapes::export(office, &sight)?)).await?;
    let headers = [
        (CONTENT_TYPE, "application/geo+json; charset=utf-8"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"map.geojson\"; filename*=UTF-8''%E7%BD%91%E6%A0%BC%E5%9B%BE.geojson",
        ),
    ];
    Ok((headers, text))
}

fn page(view: &MapView, by: Shade, who: &Who, said: Option<&str>) -> Markup {
    let actions = html! {
        @if who.signed_in.post.is_office() { a.button.second href="/map/import" { "导入地图" } }
        @if !view.choices.is_empty() { a.button.second href="/map/export" { "导出地图" } }
        button.second type="button" data-print="" { "打印" }
    };
    let line = "深浅是多久没走访，带数字的标记是没办结的诉求。点网格或楼栋，看它的台账。";
    let chosen = view.choices.iter().find(|(id, _)| Some(*id) == view.chosen).map(|(_, name)| name.as_str());
    html! {
        (heading("网格图", line, actions))
        (done(said))
        @if view.choices.is_empty() {
            (nothing("还没有网格", "导入台账或由管理员分给网格以后，这里才有图。"))
        } @else {
            (filters(view, by))
            p.printed { "范围：" (chosen.unwrap_or("看得到的全部网格")) "，截至 " (date(day(view.now_ms))) }
            (totals(view))
            (fillings())
            (legend(by))
            (drawings(view, by, who))
            (tables(view, chosen))
        }
    }
}

fn filters(view: &MapView, by: Shade) -> Markup {
    html! {
        form.filters method="get" action="/map" {
            label { "网格"
                select name="grid" data-submits="" {
                    option value="" { "全部" }
                    @for (id, name) in &view.choices {
                        option value=(id) selected[view.chosen == Some(*id)] { (name) }
                    }
                }
            }
            label { "深浅表示"
                select name="by" data-submits="" {
                    option value="last" selected[by == Shade::Last] { "最近一次走访" }
                    option value="half" selected[by == Shade::Half] { "过半的户走访过" }
                }
            }
            button.second type="submit" { "看" }
        }
    }
}

fn totals(view: &MapView) -> Markup {
    let f = &view.total;
    let [_, month, quarter] = f.within;
    html! {
        div.figures {
            (figure("户", f.doors, Tone::Plain))
            (figure("30 天内走访到的户", month, Tone::Plain))
            (figure("90 天内走访到的户", quarter, Tone::Plain))
            (figure("还没走访到的户", f.doors.saturating_sub(f.ever), Tone::Plain))
            (figure("没办结的诉求", f.open, Tone::Plain))
            (figure("其中逾期", f.overdue, if f.overdue == 0 { Tone::Good } else { Tone::Bad }))
        }
    }
}

fn drawings(view: &MapView, by: Shade, who: &Who) -> Markup {
    html! {
        @match draw(view, by) {
            Some(drawn) => {
                section.panel.map-panel aria-label="地图" { a.skip href="#figures" { "跳过图，看表" } (drawn) }
                @if let Some(rest) = tiles(view, by, true) {
                    section.panel.map-panel { h2 { "地图上还没有的" } (rest) }
                }
            }
            None => {
                section.panel.map-panel aria-label="示意图" {
                    a.skip href="#figures" { "跳过图，看表" }
                    @if let Some(all) = tiles(view, by, false) { (all) }
                    p.soft { "这是示意图，不按实际位置。" @if who.signed_in.post.is_office() { "有地图文件的话，" a href="/map/import" { "导入" } "以后按实际位置画。" } }
                }
            }
        }
    }
}

fn tables(view: &MapView, chosen: Option<&str>) -> Markup {
    html! {
        section #figures tabindex="-1" {
            @if chosen.is_none() {
                h2 { "各网格" }
                div.scroll tabindex="0" role="region" aria-label="各网格的数字" {
                    table {
                        (head("网格", true))
                        tbody {
                            @for grid in &view.grids {
                                tr {
                                    th scope="row" { a href=(ledger_of("grid", grid.id)) { (grid.name) } }
                                    (cells(view, &grid.figures))
                                    td.noprint.nowrap { a href={ "/map?grid=" (grid.id) } { "只看这个网格" } }
                                }
                            }
                            @if view.nowhere[0] > 0 {
                                tr { th scope="row" { "没写网格的" } (cells(view, &beside(view.nowhere))) td.noprint {} }
                            }
                        }
                        tfoot { tr { th scope="row" { "合计" } (cells(view, &view.total)) td.noprint {} } }
                    }
                }
            }
            details.data.buildings open[chosen.is_some()] {
                summary { h2 { @if let Some(name) = chosen { (name) "的楼栋" } @else { "各楼栋" } } }
                div.scroll tabindex="0" role="region" aria-label="各楼栋的数字" {
                    table {
                        (head("楼栋", false))
                        @for grid in &view.grids {
                            tbody {
                                @if chosen.is_none() { tr.group { th scope="rowgroup" colspan="9" { (grid.name) } } }
                                @for building in &grid.buildings {
                                    tr {
                                        th scope="row" { a href=(ledger_of("building", building.id)) { (building.name) } }
                                        (cells(view, &building.figures))
                                    }
                                }
                                @if grid.beside[0] > 0 {
                                    tr { th scope="row" { "没写楼栋的" } (cells(view, &beside(grid.beside))) }
                                }
                                @if grid.buildings.is_empty() { tr { td colspan="9" { "还没有楼栋" } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Figures of what stands at no door.
fn beside([open, overdue]: [u32; 2]) -> Figures {
    Figures { open, overdue, ..Figures::default() }
}

fn head(what: &str, choice: bool) -> Markup {
    html! {
        thead { tr {
            th scope="col" { (what) }
            th.num scope="col" { "户数" }
            @for days in map::STEPS_DAYS { th.num scope="col" { (days) " 天内走访到" } }
            th.num scope="col" { "还没走访到" }
            th scope="col" { "最近一次走访" }
            th.num scope="col" { "没办结的诉求" }
            th.num scope="col" { "其中逾期" }
            @if choice { th.noprint scope="col" { "范围" } }
        } }
    }
}

fn cells(view: &MapView, f: &Figures) -> Markup {
    html! {
        td.num { (f.doors) }
        @for within in f.within { td.num { (within) } }
        td.num { (f.doors.saturating_sub(f.ever)) }
        td.nowrap { @if f.doors == 0 { "—" } @else { (view.ago(f.last_ms)) @if let Some(at) = f.last_ms { " " span.soft { (date(day(at))) } } } }
        td.num { (f.open) }
        td.num { @if f.overdue > 0 { strong { (f.overdue) } } @else { "0" } }
    }
}
