//! A map file comes in: chosen or pasted, looked through piece by piece, then taken or put away.

use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, figure, heading, nothing};
use crate::refusal::Refusal;
use crate::session::Who;
use crate::upload::{AROUND_BYTES_MAX, Upload};
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_server::shapes::{self, FILE_BYTES_MAX, Geometry, Place, Plan};

/// Where a file is chosen.
const ASK: &str = "/map/import";
/// Names that are listed at most; the rest is a number.
const NAMES_MAX: usize = 150;
/// Lines of a table at most.
const LINES_MAX: usize = 200;
/// What a file looks like, for whoever makes one by hand.
const EXAMPLE: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"名称": "第一网格"},
   "geometry": {"type": "Polygon", "coordinates": [[[121.48, 42.78], [121.49, 42.78], [121.49, 42.79], [121.48, 42.78]]]}},
  {"type": "Feature", "properties": {"楼栋": "1号楼", "网格": "第一网格"},
   "geometry": {"type": "Point", "coordinates": [121.486, 42.783]}}
]}"#;

pub(crate) async fn ask(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let drawn = office.store().read(|tx| tx.shapes())?.len();
        let back = html! { a.button.second href="/map" { "回网格图" } };
        let body = html! {
            (heading("导入地图", "收 GeoJSON 文件。先核对，再收下；核对之前地图不变。", back))
            form.panel method="post" action=(ASK) enctype="multipart/form-data" {
                (token(who))
                h2 { "选文件，或把内容贴进来" }
                label { "GeoJSON 文件（最多 4 MB）" input type="file" name="file" accept=".geojson,.json,application/geo+json,application/json"; }
                label { "或者贴在这里" textarea name="text" rows="6" spellcheck="false" {} }
                button type="submit" { "核对" }
            }
            section.panel {
                h2 { "文件要怎样" }
                ul {
                    li { "每处图形是一个网格或一栋楼：面画出范围，点只标位置。" }
                    li { "用名称认：属性里写“名称”“楼栋”或“网格”，和台账一样的叫法，例如“第一网格”“3号楼”。网格也可以写“编码”。" }
                    li { "坐标是经度在前、纬度在后，WGS84 或 CGCS2000。从高德、腾讯描下来的会整体偏几百米，彼此对得齐就能用。" }
                    li { "整张图最多 20000 个点。边界太细的话，先在制图软件里简化。" }
                }
                p { "不知道从哪里下手：先" a href="/map/export" { "导出地图" } "，里面已经列好全部网格和楼栋，在制图软件里补画，再导入回来。" }
                details { summary { "看一个例子" } pre.scroll tabindex="0" { (EXAMPLE) } }
            }
            @if drawn > 0 {
                form.panel method="post" action="/map/clear" data-ask={ "地图上的 " (drawn) " 处都去掉，改用示意图。要留底请先导出。确定吗？" } {
                    (token(who))
                    h2 { "不要地图了" }
                    p { "现在画着 " (drawn) " 处。清空以后改用示意图，台账和诉求都不动。" }
                    button.danger type="submit" { "清空地图" }
                }
            }
        };
        frame::page(office, who, Room::Map, "导入地图", body)
    })
    .await
}

pub(crate) async fn take(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Redirect, Refusal> {
    // Twice the file: somebody may choose one and paste another.
    let upload = Upload::of(&desk, &who, request, 2 * FILE_BYTES_MAX + AROUND_BYTES_MAX).await;
    let upload = upload.map_err(|refusal| refusal.back(ASK))?;
    let pasted = upload.fields().get("text").map(|text| text.as_bytes().to_vec());
    let text = upload.file("file").map(|bytes| bytes.to_vec()).or(pasted).unwrap_or_default();
    let clerk = who.signed_in.clerk;
    let kept = desk.work(move |office| Ok(shapes::keep_draft(office, clerk, &text)?)).await;
    kept.map_err(|refusal| refusal.back(ASK))?;
    Ok(Redirect::to("/map/import/check"))
}

pub(crate) async fn check(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    let shown = desk.page(who, move |office, who| {
        let plan = shapes::draft(office, who.signed_in.clerk)?;
        frame::page(office, who, Room::Map, "核对地图", found(&plan, who))
    });
    shown.await.map_err(|refusal| refusal.back(ASK))
}

fn found(plan: &Plan, who: &Who) -> Markup {
    let replaced = plan.hits.iter().filter(|h| h.replaces).count();
    let remarked = plan.hits.iter().filter(|h| !h.remarks.is_empty()).count();
    let back = html! { a.button.second href=(ASK) { "换一个文件" } };
    html! {
        (heading("核对地图", "还没有收下。看清哪些对上了、哪些没有，再定。", back))
        div.figures {
            (figure("对上的", plan.hits.len(), if plan.hits.is_empty() { Tone::Bad } else { Tone::Good }))
            (figure("其中要换掉原图的", replaced, Tone::Plain))
            (figure("对上但要留意的", remarked, look(remarked)))
            (figure("对不上的", plan.misses.len(), look(plan.misses.len())))
            (figure("收不了的", plan.bad.len(), look(plan.bad.len())))
            (figure("没有图形的", plan.empty, Tone::Plain))
        }
        @if plan.hits.is_empty() {
            (nothing("一处都没有对上", "文件里的名称和台账里的网格、楼栋都不一样。请照下面列的改好名称，再导入。"))
        }
        @if plan.overflows() {
            p.notice { "加上图上原有的，一共 " (plan.positions) " 个点，超过 20000 个。请勾选“整张图换掉”，或先简化边界。" }
        }
        div.filters {
            @if !plan.hits.is_empty() {
                form.filters method="post" action="/map/import/put" {
                    (token(who))
                    label { input type="checkbox" name="whole" value="1"; " 整张图换掉：文件里没有的，从图上去掉" }
                    button type="submit" { "收下 " (plan.hits.len()) " 处" }
                }
            }
            form method="post" action="/map/import/drop" { (token(who)) button.second type="submit" { "放弃" } }
        }
        @if !plan.bad.is_empty() {
            h2 { "收不了的" }
            div.scroll tabindex="0" role="region" aria-label="收不了的" { table {
                thead { tr { th scope="col" { "文件里第几处" } th scope="col" { "名称" } th scope="col" { "哪里不对" } } }
                tbody { @for bad in plan.bad.iter().take(LINES_MAX) { tr { td { (bad.number) } td { (bad.said) } td { (bad.what) } } } }
            } }
            (more(plan.bad.len()))
        }
        @if !plan.misses.is_empty() {
            h2 { "对不上的" }
            p.soft { "台账里没有叫这个名称的网格或楼栋，不会收。" }
            div.scroll tabindex="0" role="region" aria-label="对不上的" { table {
                thead { tr { th scope="col" { "文件里第几处" } th scope="col" { "名称" } } }
                tbody { @for miss in plan.misses.iter().take(LINES_MAX) { tr { td { (miss.number) } td { (miss.said) } } } }
            } }
            (more(plan.misses.len()))
        }
        @if remarked > 0 {
            h2 { "对上了，但要留意的" }
            p.soft { "会收下。觉得不对就放弃，改好文件再来。" }
            div.scroll tabindex="0" role="region" aria-label="要留意的" { table {
                thead { tr { th scope="col" { "文件里第几处" } th scope="col" { "名称" } th scope="col" { "留意" } } }
                tbody { @for hit in plan.hits.iter().filter(|h| !h.remarks.is_empty()).take(LINES_MAX) { tr {
                    td { (hit.number) } td { (hit.name) } td { @for remark in &hit.remarks { div { (remark) } } }
                } } }
            } }
            (more(remarked))
        }
        @if !plan.hits.is_empty() {
            section.panel {
                h2 { "对上的" }
                dl.pairs { @for (label, is_building) in [("网格", false), ("楼栋", true)] {
                    dt { (label) } dd { (hits(plan, is_building)) }
                } }
            }
        }
        @if !plan.still_bare.is_empty() {
            section.panel {
                h2 { "收下以后，图上还没有的" }
                p.soft { "这些会在地图下面用示意图画。" }
                p { (names(&plan.still_bare)) }
                @if plan.bare_if_whole.len() > plan.still_bare.len() {
                    p.soft { "整张图换掉的话，一共 " (plan.bare_if_whole.len()) " 处没有。" }
                }
            }
        }
    }
}

fn look(count: usize) -> Tone {
    if count == 0 { Tone::Good } else { Tone::Look }
}

/// Says that a list was cut.
fn more(count: usize) -> Markup {
    html! { @if count > LINES_MAX { p.soft { "只列出前 " (LINES_MAX) " 处，一共 " (count) " 处。" } } }
}

/// The places of one kind that were found: how many, by name, and how many are just points.
fn hits(plan: &Plan, buildings: bool) -> String {
    let of_kind = || plan.hits.iter().filter(|h| matches!(h.place, Place::Building(_)) == buildings);
    let all: Vec<String> = of_kind().map(|h| h.name.clone()).collect();
    let points = of_kind().filter(|h| matches!(h.shape, Geometry::Point(_))).count();
    match (all.len(), points) {
        (0, _) => "没有".to_owned(),
        (count, 0) => format!("{count} 处：{}", names(&all)),
        (count, points) => format!("{count} 处（其中 {points} 处只有点）：{}", names(&all)),
    }
}

fn names(all: &[String]) -> String {
    let shown = all.get(..NAMES_MAX).unwrap_or(all).join("、");
    if all.len() > NAMES_MAX { format!("{shown} 等 {} 处", all.len()) } else { shown }
}

pub(crate) async fn put(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let whole = Fields::of(&desk, &who, request).await?.get("whole").is_some();
    let clerk = who.signed_in.clerk;
    let put = desk.work(move |office| Ok(shapes::put_draft(office, clerk, whole)?)).await;
    let put = put.map_err(|refusal| refusal.back("/map/import/check"))?;
    Ok(Redirect::to(&format!("/map?put={}", put.drawn)))
}

pub(crate) async fn put_away(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Redirect, Refusal> {
    Fields::of(&desk, &who, request).await?;
    let clerk = who.signed_in.clerk;
    desk.work(move |office| Ok(shapes::drop_draft(office, clerk)?)).await?;
    Ok(Redirect::to(ASK))
}

pub(crate) async fn clear(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Redirect, Refusal> {
    Fields::of(&desk, &who, request).await?;
    let clerk = who.signed_in.clerk;
    let cleared = desk.work(move |office| Ok(shapes::clear(office, clerk)?)).await?;
    Ok(Redirect::to(&format!("/map?cleared={cleared}")))
}
