//! The record of a closed day 日结单: to read, to print, to hand on; and the list of them.

use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::pages::day::{addendum, said};
use crate::parts::{Tone, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::close::sign::reason_label;
use qiaomen_server::close::{self, Day, Left, RecordView};
use qiaomen_server::office::Office;
use qiaomen_server::people::Sight;
use qiaomen_server::people::staff::Names;
use qiaomen_server::review::words::time;
use serde_json::{Value, json};

/// Characters of a hash that are shown: enough to compare by eye.
const SHOWN: usize = 16;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
fn short(bytes: &[u8]) -> String {
    hex(bytes).chars().take(SHOWN).collect()
}

/// The record that holds for a day, and whether it closes it.
fn of_day(office: &Office, day: &str) -> Result<(Day, RecordView), Refusal> {
    let day = Day::parse(day).ok_or(Code::NotFound)?;
    let record = office.store().read(|tx| close::records(tx, Some(day)))?.pop().filter(|r| r.record.closes);
    let none = || Refusal::saying(Code::NotFound, format!("{} 还没有日结。", day.label())).back(format!("/day/{day}"));
    Ok((day, record.ok_or_else(none)?))
}

/// `GET /day/{day}/record`
pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    Path(day): Path<String>,
) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let (day, view) = of_day(office, &day)?;
        let (late, signer) = office.store().read(|tx| -> Result<_, Refusal> {
            Ok((
                close::addendum(office, tx, day, &Sight::default())?,
                Names::default().of(office, tx, view.signed_by())?,
            ))
        })?;
        let r = view.record.clone();
        let notes = view.notes(office);
        let all = r.figures.first().cloned().unwrap_or_default();
        let body = html! {
            (heading(&format!("日结单 第 {} 号", r.number), &format!("{} {}", office.identity().community, day.label()), html! {
                button type="button" data-print="" { "打印" }
                a.button.second href={ "/day/" (day) "/record.json" } { "导出" }
                a.button.second href={ "/day/" (day) } { "回到这一天" }
            }))
            section.panel {
                dl.pairs {
                    dt { "签的人" } dd { (signer) }
                    dt { "签的时间" } dd { (time(view.signed_ms)) @if r.revision > 1 { "(第 " (r.revision) " 次)" } }
                    dt { "终端" } dd { (all.home) " 台到家，" (all.on_the_way) " 台在路上，" (all.silent) " 台没有联系" }
                    dt { "入册" } dd { (all.arrived) " 条" }
                    dt { "走访" } dd { "见到 " (all.met) "，不在家 " (all.not_home) "，不愿谈 " (all.refused) @if let Some(calls) = all.calls { "，电话 " (calls) } "，巡查 " (all.patrols) }
                }
            }
            h2 { "各网格" }
            div.scroll {
                table {
                    thead { tr { th { "网格" } th.num { "到家" } th.num { "在路上" } th.num { "没联系" } th.num { "入册" } th.num { "见到" } th.num { "不在家" } th.num { "不愿谈" } th.num { "电话" } th.num { "冲突" } th.num { "待处理" } th.num { "疑似重复" } th.num { "照片没到" } th.num { "当天诉求" } th.num { "逾期" } } }
                    tbody {
                        @for f in r.figures.iter().skip(1) {
                            tr {
                                th scope="row" { (f.name) }
                                @for n in [f.home, f.on_the_way, f.silent, f.arrived, f.met, f.not_home, f.refused] { td.num { (n) } }
                                td.num { (said(f.calls)) }
                                @for n in [f.conflicts, f.held, f.duplicates, f.photos_to_come(), f.due, f.overdue] { td.num { (n) } }
                            }
                        }
                    }
                }
            }
            h2 { "留着没清的" }
            @if r.left.is_empty() { p { "没有，全部清空。" } } @else {
                div.scroll { table {
                    thead { tr { th { "什么" } th.num { "几项" } th { "为什么" } } }
                    tbody {
                        @for (n, l) in r.left.iter().enumerate() {
                            tr {
                                td { (Left::parse(&l.what).map_or(l.what.as_str(), |l| l.label())) }
                                td.num { (l.count) }
                                td { (reason_label(&l.why)) @if let Some(note) = notes.get(n).and_then(Option::as_deref) { "：" (note) } }
                            }
                        }
                    }
                } }
            }
            @if !r.late.is_empty() {
                h2 { "以前各天的补记" }
                p { @for l in &r.late { (l.day) " 日结之后又到 " (l.count) " 条。" } }
            }
            @if !late.is_empty() { (addendum(&late)) }
            section.panel {
                dl.pairs {
                    dt { "本单指纹" } dd { code { (short(&view.hash)) } }
                    dt { "前一单指纹" } dd { code { (if r.previous == [0; 32] { "（第一份）".to_owned() } else { short(&r.previous) }) } }
                    dt { "签名" } dd { code { (short(&view.signature)) } " 覆盖以上数字、" (r.streams.len()) " 条日志流的位置和摘要" }
                }
            }
            p.printed { "签字：________________  核对：________________" }
        };
        frame::page(office, who, Room::Day, &format!("日结单 {day}"), body)
    })
    .await
}

/// `GET /day/{day}/record.json`: everything that was signed, and what it was signed with.
pub(crate) async fn export(State(desk): State<Desk>, Path(day): Path<String>) -> Result<Response, Refusal> {
    let (day, json) = desk
        .work(move |office| {
            let (day, view) = of_day(office, &day)?;
            Ok((day, whole(office, &view)))
        })
        .await?;
    let mut response = Json(json).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"day-{day}.json\"")) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn whole(office: &Office, view: &RecordView) -> Value {
    let r = &view.record;
    json!({
        "number": r.number,
        "day": r.day,
        "revision": r.revision,
        "signed_ms": r.signed_ms,
        "signed_by": view.signed_by(),
        "community": hex(&r.community),
        "incarnation": hex(&r.incarnation),
        "figures": r.figures,
        "streams": r.streams.iter().map(|s| json!({
            "stream": s.stream, "epoch": s.epoch, "seq": s.seq, "digest": hex(&s.digest),
        })).collect::<Vec<_>>(),
        "left": r.left,
        "late": r.late,
        "record": hex(&r.to_bytes()),
        "hash": hex(&view.hash),
        "previous": hex(&r.previous),
        "signature": hex(&view.signature),
        "verify_key": hex(&office.secrets().signing.verify_key().0),
    })
}

/// `GET /days`: every record, newest first, and whether the chain of them holds.
pub(crate) async fn list(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let (records, (count, broken), names) = office.store().read(|tx| -> Result<_, Refusal> {
            let records = close::records(tx, None)?;
            let mut names = Names::default();
            let signers: Result<Vec<_>, _> = records.iter().map(|r| names.of(office, tx, r.signed_by())).collect();
            Ok((records, close::check_chain(office, tx)?, signers?))
        })?;
        let body = html! {
            (heading("往日的日结", "每一份都签过名，并接着前一份。", html! { a.button.second href="/day" { "今天" } }))
            @match broken {
                None if count > 0 => p.said { (count) " 份记录核对无误，一份接一份。" },
                None => {},
                Some(number) => p.refusal role="alert" { "第 " (number) " 号记录和签名对不上，有人动过数据库。请保留原文件并查明原因。" },
            }
            @if records.is_empty() { (nothing("还没有日结过", "今天的事办完后，在“日结”里签第一份。")) } @else {
                div.scroll { table {
                    thead { tr { th.num { "号" } th { "哪一天" } th { "做了什么" } th { "谁" } th { "时间" } th.num { "留着" } th { "指纹" } } }
                    tbody {
                        @for (r, name) in records.iter().zip(&names).rev() {
                            tr {
                                td.num { (r.record.number) }
                                td { a href={ "/day/" (r.day) @if r.record.closes { "/record" } } { (r.day.label()) } }
                                td { @if r.record.closes { (tag("日结", Tone::Good)) } @else { (tag("重开", Tone::Look)) " " (r.record.left.first().map_or("", |l| reason_label(&l.why))) } }
                                td { (name) }
                                td.nowrap { (time(r.signed_ms)) }
                                td.num { (if r.record.closes { r.record.left.iter().map(|l| l.count).sum::<u64>() } else { 0 }) }
                                td { code { (short(&r.hash)) } }
                            }
                        }
                    }
                } }
            }
        };
        frame::page(office, who, Room::Day, "往日的日结", body)
    })
    .await
}
