//! A device becomes one of ours: choose who and which grid, show a one-time code, once.

use super::people::{Tab, tabs};
use super::person::{seen, worker_in};
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::heading;
use crate::qr;
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{GridId, Role, WorkerId};
use qiaomen_proto::wire::enrol_link::EnrolLink;
use qiaomen_server::desk::roster::{RosterAsked, roster};
use qiaomen_server::people::audit::{Deed, note};
use qiaomen_server::people::enrol::MadeCode;
use qiaomen_server::people::{Sight, enrol_code};
use qiaomen_server::review::words::time;
use qiaomen_server::store::StoreError;

/// A host's name, with its port, at most.
const HOST_BYTES_MAX: usize = 255;

/// Choose who gets a device, and for which grid.
pub(crate) async fn choose(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, |office, who| {
        let roster = roster(office, &Sight::default(), &RosterAsked::default())?;
        let body = html! {
            (heading("登记终端", "选人，发一个登记码。码只显示一次，只能用一次，一天内有效。", html! {}))
            (tabs(who, Tab::Devices))
            section.panel.narrow {
                form method="post" action="/enrol" {
                    (token(who))
                    label { "给谁"
                        select name="worker" required autofocus {
                            option value="" { "请选" }
                            @for line in roster.lines.iter().filter(|l| l.role != Role::Office) {
                                option value=(line.id) {
                                    (line.name) " · " (line.title)
                                    @if !line.grids.is_empty() { " · " (line.grids.join("、")) }
                                    @if line.devices > 0 { "（已有 " (line.devices) " 台）" }
                                }
                            }
                        }
                    }
                    label { "网格"
                        select name="grid" {
                            option value="" { "按花名册，不变" }
                            @for (id, name) in &roster.grids { option value=(id) { (name) } }
                        }
                    }
                    p.hint { "选了网格而本人还没有的，会同时给本人。" }
                    button type="submit" { "发登记码" }
                }
            }
        };
        frame::page(office, who, Room::People, "登记终端", body)
    })
    .await
}

pub(crate) async fn chosen(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let back = |refusal: Refusal| refusal.back("/enrol");
    let fields = Fields::of(&desk, &who, request).await.map_err(back)?;
    let worker: WorkerId = fields.needed("worker", "给谁").map_err(back)?.parse().map_err(|_| Code::NotFound)?;
    let grid: Option<GridId> = fields.get("grid").map(|g| g.parse().map_err(|_| Code::NotFound)).transpose()?;
    made(&desk, who, worker, grid, "/enrol".to_owned()).await
}

/// A code for one worker, with the grids as they are.
pub(crate) async fn make(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let worker = worker_in(id)?;
    let back = format!("/people/{worker}");
    Fields::of(&desk, &who, request).await.map_err(|refusal| refusal.back(back.clone()))?;
    made(&desk, who, worker, None, back).await
}

async fn made(
    desk: &Desk,
    who: Who,
    worker: WorkerId,
    grid: Option<GridId>,
    back: String,
) -> Result<Redirect, Refusal> {
    let codes = desk.codes.clone();
    let kept = desk
        .work(move |office| {
            let clerk = who.signed_in.clerk;
            let grid = grid.map(|grid| grid.to_string());
            let code = enrol_code(office, &worker.to_string(), grid.as_deref(), clerk)?;
            codes.keep(office, clerk, code)
        })
        .await
        .map_err(|refusal| refusal.back(back))?;
    Ok(Redirect::to(&format!("/people/{worker}/code/{kept}")))
}

/// Shows a code, once: who comes back to this page is told that it was shown.
pub(crate) async fn code(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    path: Result<Path<(String, String)>, PathRejection>,
    method: Method,
    headers: HeaderMap,
) -> Result<Markup, Refusal> {
    let Path((worker, kept)) = path.map_err(|_| Code::NotFound)?;
    let worker = worker_in(Ok(Path(worker)))?;
    // Whoever only asks whether the page is there has not seen the code.
    if method != Method::GET {
        return Ok(html! {});
    }
    let codes = desk.codes.clone();
    desk.page(who, move |office, who| {
        let once = "登记码只显示一次，已经显示过了。没记下来的话，把它作废，再发一个。";
        let back = format!("/people/{worker}");
        let gone = || Refusal::saying(Code::NotFound, once).back(back.clone());
        let code = codes.take(office, who.signed_in.clerk, &kept).ok_or_else(gone)?;
        let server = server(&headers);
        let body = html! {
            (heading("登记码", "在终端上输入或扫一扫。离开这一页就看不到了。", html! {
                button.second type="button" data-print { "打印" }
                a.button.second href=(back) { "记好了，返回" }
            }))
            (tabs(who, Tab::Devices))
            (shown(&code, server.as_deref())?)
        };
        frame::page(office, who, Room::People, "登记码", body)
    })
    .await
}

fn shown(code: &MadeCode, server: Option<&str>) -> Result<Markup, Refusal> {
    let text = code.code.to_string();
    let picture = match server {
        Some(server) => {
            let link = EnrolLink { server: server.to_owned(), code: text.clone() };
            Some(qr::svg(&link.to_string(), "登记码的二维码")?)
        }
        None => None,
    };
    let worker = &code.worker;
    Ok(html! {
        section.panel.enrolling {
            div {
                p.bigcode aria-label="登记码" { (text) }
                dl.pairs {
                    dt { "给" } dd { (worker.name) "（" (worker.title) "）" }
                    dt { "网格" } dd { @if worker.grids.is_empty() { "没有" } @else { (worker.grids.join("、")) }
                        @if code.grid_given { " · 这次刚给的" } }
                    dt { "有效到" } dd { (time(code.expires_ms)) }
                    @if let Some(server) = server { dt { "社区地址" } dd { (server) } }
                }
                @if server.is_some_and(here_only) {
                    p.notice { "您是在服务器本机上打开控制台的，终端连不到“" (server.unwrap_or_default()) "”。请用局域网地址（如 http://192.168.1.10:8420）打开控制台，再发码。" }
                }
                h3 { "怎么登记" }
                ol {
                    li { "终端连上社区的网络。" }
                    li { "在终端上登记：扫这个二维码，或输入社区地址和登记码。" }
                    li { "按提示定一个解锁码。完成后第一次同步会取回该看的台账和诉求。" }
                }
                p.hint { "字母不分大小写，横线可以不输。码里没有姓名和任何个人信息。" }
            }
            @if let Some(picture) = picture { (picture) }
        }
    })
}

/// The console's own address, as the browser that asks for it knows it. A form says where it comes from with the
/// scheme; a page is asked for with the host alone, and then a proxy's word says whether it stands behind TLS.
fn server(headers: &HeaderMap) -> Option<String> {
    let header = |name: &str| headers.get(name).and_then(|h| h.to_str().ok());
    let host = header(HOST.as_str()).filter(|host| is_host(host))?;
    let origin = header(ORIGIN.as_str()).or(header("referer")).unwrap_or_default();
    let secure = origin.strip_prefix("https://").is_some_and(|rest| rest.split('/').next() == Some(host))
        || header("x-forwarded-proto") == Some("https");
    Some(format!("{}://{host}", if secure { "https" } else { "http" }))
}

fn is_host(host: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    !host.is_empty() && host.len() <= HOST_BYTES_MAX && host.chars().all(letters)
}

/// Whether nobody but this machine itself can reach an address.
fn here_only(server: &str) -> bool {
    let host = server.split_once("://").map_or(server, |(_, host)| host);
    ["127.", "localhost", "[::1]"].iter().any(|here| host.starts_with(here))
}

pub(crate) async fn withdraw(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let worker = worker_in(id)?;
    Fields::of(&desk, &who, request).await.map_err(|refusal| refusal.back(format!("/people/{worker}")))?;
    desk.work(move |office| {
        seen(office, &who, worker, false)?;
        let (inner, clerk) = (office.clone(), who.signed_in.clerk);
        office.store().write(move |tx| -> Result<(), StoreError> {
            if tx.withdraw_codes(worker, inner.now_ms())? > 0 {
                note(&inner, tx, clerk, Deed::CodesWithdrawn, Some(worker.as_bytes()))?;
            }
            Ok(())
        })?;
        Ok(())
    })
    .await?;
    Ok(Redirect::to(&format!("/people/{worker}?done=withdrawn")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect()
    }

    #[test]
    fn the_address_is_that_by_which_the_browser_came() {
        assert_eq!(server(&told(&[("host", "192.168.1.10:8420")])).as_deref(), Some("http://192.168.1.10:8420"));
        let secure = told(&[("host", "sq.example.cn"), ("referer", "https://sq.example.cn/enrol")]);
        assert_eq!(server(&secure).as_deref(), Some("https://sq.example.cn"));
        let other = told(&[("host", "sq.example.cn"), ("referer", "https://evil.example/")]);
        assert_eq!(server(&other).as_deref(), Some("http://sq.example.cn"));
        assert_eq!(server(&told(&[("host", "a/../b")])), None);
        assert_eq!(server(&HeaderMap::new()), None);
    }

    #[test]
    fn a_phone_cannot_reach_this_machine_by_its_own_name() {
        assert!(here_only("http://127.0.0.1:8420") && here_only("http://localhost") && here_only("http://[::1]:1"));
        assert!(!here_only("http://192.168.1.10:8420"));
    }
}
