//! The day close 日结: what is still out, what waits, and the way to the signature.

use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, done, figure, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::close::sign::REASONS;
use qiaomen_server::close::{self, CloseError, Day, Figures, GridFigures, Left, RecordView, Whether};
use qiaomen_server::desk::day_devices::{DayDevice, Whereabouts, day_devices};
use qiaomen_server::people::Post;
use serde::Deserialize;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    signed: Option<u64>,
    reopened: Option<u64>,
}

/// `GET /day`: today.
pub(crate) async fn today(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Redirect {
    let day = Day::of(desk.edge.office().now_ms());
    // A coordinator has matters and no day.
    Redirect::to(&if who.signed_in.post == Post::Coordinator { "/tickets".to_owned() } else { format!("/day/{day}") })
}

fn parse(day: &str) -> Result<Day, Refusal> {
    Day::parse(day).ok_or_else(|| Refusal::saying(Code::NotFound, "没有这一天。日期写成 2026-09-21 的样子。"))
}

/// `GET /day/{day}`
pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    Path(day): Path<String>,
    said: Result<Query<Said>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let day = parse(&day)?;
    let Query(said) = said.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let sight = &who.signed_in.sight;
        let (figures, devices, records, late) = office.store().read(|tx| -> Result<_, Refusal> {
            Ok((
                close::figures(office, tx, day, sight)?,
                day_devices(office, tx, day, sight)?,
                close::records(tx, Some(day))?,
                close::addendum(office, tx, day, sight)?,
            ))
        })?;
        let closed = records.last().filter(|r| r.record.closes);
        let may = who.signed_in.post.is_office();
        let today = Day::of(office.now_ms());
        let signed = closed.filter(|_| day < today && sight.grids.is_none() && sight.department.is_none());
        let signed = signed.and_then(as_signed);
        let shown = signed.as_ref().unwrap_or(&figures);
        let notice = match (said.signed, said.reopened) {
            (Some(n), _) => Some(format!("已日结，第 {n} 号记录。")),
            (_, Some(n)) => Some(format!("已重开，第 {n} 号记录。")),
            _ => None,
        };
        let body = html! {
            (heading(&format!("日结 {}", day.label()), &state_line(day, today, closed), html! {
                a.button.second href={ "/day/" (day.before()) } { "前一天" }
                @if day < today { a.button.second href={ "/day/" (day.next()) } { "后一天" } }
                a.button.second href="/days" { "往日的日结" }
                @if closed.is_some() { a.button href={ "/day/" (day) "/record" } { "日结单" } }
            }))
            (done(notice.as_deref()))
            @if day < today { p.notice { (of_when(signed.is_some())) } }
            div #figures data-live="" { (figure_row(&shown.all)) }
            div.split {
                section.panel {
                    h2 { "收尾清单" @if day < today { " " small { "现在的情况" } } }
                    ul.todo #todo data-live="" { (todo(day, &figures.all)) }
                }
                @if may { section.panel { (closing(who, day, today, &figures.all, closed)) } }
            }
            @if !late.is_empty() { (addendum(&late)) }
            h2 { "各网格" }
            div.scroll #grids data-live="" tabindex="0" role="region" aria-label="各网格" { (grid_table(shown)) }
            h2 { "终端" }
            div #devices data-live="" {
                @if devices.is_empty() { (nothing("还没有终端", "在“人员设备”里给网格员登记一台。")) }
                @else { div.scroll { (device_table(&devices)) } }
            }
        };
        frame::page(office, who, Room::Day, &format!("日结 {day}"), body)
    })
    .await
}

/// The figures as they were signed.
fn as_signed(view: &RecordView) -> Option<Figures> {
    let (all, grids) = view.record.figures.split_first()?;
    Some(Figures { all: all.clone(), grids: grids.to_vec() })
}

/// Of which moment the figures of an earlier day are: much of what they count is told only as it stands now.
fn of_when(signed: bool) -> &'static str {
    if signed {
        "数字是日结时签下的；收尾清单和终端是现在的情况。"
    } else {
        "入册、走访、电话和巡查是这一天的；终端、冲突、待处理、疑似重复、照片和诉求是现在的情况。"
    }
}

fn state_line(day: Day, today: Day, closed: Option<&RecordView>) -> String {
    match closed {
        Some(r) => format!(
            "第 {} 号记录已签，{}。之后到的另记补记。",
            r.record.number,
            qiaomen_server::review::words::time(r.signed_ms)
        ),
        None if day == today => "数字会自己变。清单清空或写明原因，就可以签。".to_owned(),
        None => "这一天还没有日结。".to_owned(),
    }
}

fn figure_row(f: &GridFigures) -> Markup {
    html! {
        div.figures {
            (figure("终端到家", format!("{} / {}", f.home, f.home + f.out()), Tone::until_none(f.out())))
            (figure("终端上还没送", f.pending, Tone::until_none(f.pending)))
            (figure("当天入册", f.arrived, Tone::Plain))
            (figure("走访见到", f.met, Tone::Plain))
            (figure("不在家", f.not_home, Tone::Plain))
            @if let Some(calls) = f.calls { (figure("电话", calls, Tone::Plain)) }
            (figure("冲突要定", f.conflicts, Tone::until_none(f.conflicts)))
            (figure("待处理", f.held, Tone::until_none(f.held)))
            (figure("疑似重复", f.duplicates, Tone::until_none(f.duplicates)))
            (figure("照片还没送到", f.photos_to_come(), Tone::until_none(f.photos_to_come())))
            (figure("当天要办完", f.due, Tone::until_none(f.due)))
            (figure("已逾期", f.overdue, if f.overdue == 0 { Tone::Good } else { Tone::Bad }))
        }
    }
}

fn todo(day: Day, f: &GridFigures) -> Markup {
    let line = |n: u64, good: &str, left: String, to: String, go: &str| {
        html! {
            li.done[n == 0] {
                span { @if n == 0 { (good) } @else { (left) } }
                @if n > 0 { a href=(to) { (go) } }
            }
        }
    };
    html! {
        (line(f.out(), "终端都到家了", format!("{} 台终端没到家", f.out()), format!("/day/{day}#devices"), "看是谁"))
        (line(f.conflicts, "冲突都定了", format!("{} 处冲突要定", f.conflicts), "/conflicts".to_owned(), "去定"))
        (line(f.held, "没有待处理", format!("{} 条待处理", f.held), "/quarantine".to_owned(), "去看"))
        (line(f.duplicates, "没有疑似重复", format!("{} 对疑似重复", f.duplicates), "/duplicates".to_owned(), "去看"))
        (line(f.due, "当天的诉求都办完了", format!("{} 件当天要办完", f.due), format!("/tickets?due={day}"), "去办"))
        (line(f.overdue, "没有逾期", format!("{} 件已逾期", f.overdue), "/tickets?overdue=1".to_owned(), "去催"))
    }
}

fn reasons(name: &str) -> Markup {
    html! {
        select name=(name) required {
            option value="" { "请选原因" }
            @for (word, label) in REASONS { option value=(word) { (label) } }
        }
    }
}

fn closing(who: &Who, day: Day, today: Day, f: &GridFigures, closed: Option<&RecordView>) -> Markup {
    if closed.is_some() {
        return html! {
            h2 { "已日结" }
            p.hint { "签过的记录不能改。要更正，请写明原因重开；原来的记录照样留着。" }
            form method="post" action={ "/day/" (day) "/reopen" } {
                (token(who))
                label { "为什么重开" (reasons("why")) }
                label { "用一句话写明（可不写）" input name="note" maxlength="200"; }
                button.second type="submit" data-ask={ "重开 " (day.label()) "?" } { "重开这一天" }
            }
        };
    }
    let left: Vec<Left> = Left::ALL.into_iter().filter(|l| l.count(f) > 0).collect();
    html! {
        h2 { "签日结" }
        @if day > today { p { "这一天还没有到。" } } @else {
            form method="post" action={ "/day/" (day) "/sign" } {
                (token(who))
                @if left.is_empty() { p { "清单已清空，可以直接签。" } }
                @else { p.hint { "还有没清的，写明为什么留着，也可以签。" } }
                @for l in Left::ALL { input type="hidden" name={ "seen-" (l.word()) } value=(l.count(f)); }
                @for l in left {
                    div.filters {
                        label { (l.label()) "（" (l.count(f)) "）" (reasons(&format!("why-{}", l.word()))) }
                        label { "补充" input name={ "note-" (l.word()) } maxlength="200"; }
                    }
                }
                button type="submit" { "签，结束这一天" }
                p.hint { "签名覆盖数字、日志位置和摘要，接在前一份记录之后。" }
            }
        }
    }
}

/// A figure that earlier records do not have.
pub(super) fn said(figure: Option<u64>) -> String {
    figure.map_or_else(|| "–".to_owned(), |n| n.to_string())
}

fn grid_table(figures: &Figures) -> Markup {
    let row = |f: &GridFigures| {
        html! {
            th scope="row" { (f.name) }
            td.num { (f.home) " / " (f.home + f.out()) }
            td.num { (f.pending) }
            td.num { (f.arrived) }
            td.num { (f.met) }
            td.num { (f.not_home) }
            td.num { (f.refused) }
            td.num { (said(f.calls)) }
            td.num { (f.patrols) }
            td.num { (f.conflicts) }
            td.num { (f.held) }
            td.num { (f.duplicates) }
            td.num { (f.photos_to_come()) }
            td.num { (f.due) }
            td.num { (f.overdue) }
        }
    };
    html! {
        table {
            thead { tr {
                th { "网格" } th.num { "终端到家" } th.num { "还没送" } th.num { "入册" } th.num { "见到" } th.num { "不在家" }
                th.num { "不愿谈" } th.num { "电话" } th.num { "巡查" } th.num { "冲突" } th.num { "待处理" } th.num { "疑似重复" } th.num { "照片没到" } th.num { "当天诉求" } th.num { "逾期" }
            } }
            tbody { @for f in &figures.grids { tr { (row(f)) } } }
            @if figures.grids.len() != 1 { tfoot { tr { (row(&figures.all)) } } }
        }
    }
}

fn device_table(devices: &[DayDevice]) -> Markup {
    html! {
        table {
            thead { tr { th { "终端" } th { "网格" } th { "在哪" } th { "最后联系" } th.num { "还没送" } th { "钟" } th { "版本" } } }
            tbody {
                @for d in devices {
                    tr {
                        td { (d.worker) " " small { (d.title) } }
                        td { (d.grids.join("、")) }
                        td { (tag(d.at.label(), match d.at {
                            Whereabouts::Home => Tone::Good,
                            Whereabouts::OnTheWay => Tone::Look,
                            Whereabouts::Silent => Tone::Bad,
                        })) }
                        td.nowrap { (d.last_contact.as_deref().unwrap_or("还没有联系过")) }
                        td.num { (d.pending) }
                        td { (d.skew.as_deref().unwrap_or("准")) }
                        td { (d.version) }
                    }
                }
            }
        }
    }
}

/// What came after the day was closed.
pub(super) fn addendum(late: &[close::Late]) -> Markup {
    html! {
        section.panel {
            h2 { "补记 " small { "日结之后才到的 " (late.len()) " 条，算在这一天，不改签过的数字" } }
            table {
                thead { tr { th { "到的时间" } th { "办的时间" } th { "经手" } th { "哪里" } } }
                tbody {
                    @for l in late { tr { td.nowrap { (l.received_at) } td.nowrap { (l.at) } td { (l.worker) } td { (l.places.join("、")) } } }
                }
            }
        }
    }
}

/// `POST /day/{day}/sign`
pub(crate) async fn sign(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    Path(day): Path<String>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let day = parse(&day)?;
    let fields = Fields::of(&desk, &who, request).await?;
    let mut whether = Vec::new();
    for left in Left::ALL {
        let field = |name: &str| fields.get(&format!("{name}-{}", left.word())).unwrap_or_default().to_owned();
        let Ok(seen) = field("seen").parse() else { continue };
        whether.push(Whether { left, seen, why: field("why"), note: field("note") });
    }
    let clerk = who.signed_in.clerk;
    let done = desk.work(move |office| Ok(close::sign(office, day, whether, clerk)?)).await;
    let number = done.map_err(|refusal| refusal.back(format!("/day/{day}")))?;
    Ok(Redirect::to(&format!("/day/{day}?signed={number}")))
}

/// `POST /day/{day}/reopen`
pub(crate) async fn reopen(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    Path(day): Path<String>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let day = parse(&day)?;
    let fields = Fields::of(&desk, &who, request).await?;
    let why = fields.get("why").unwrap_or_default().to_owned();
    let note = fields.get("note").unwrap_or_default().to_owned();
    let clerk = who.signed_in.clerk;
    let done = desk.work(move |office| Ok(close::reopen(office, day, &why, &note, clerk)?)).await;
    let number = done.map_err(|refusal| refusal.back(format!("/day/{day}")))?;
    Ok(Redirect::to(&format!("/day/{day}?reopened={number}")))
}

impl From<CloseError> for Refusal {
    fn from(error: CloseError) -> Self {
        match error {
            CloseError::Office(error) => error.into(),
            CloseError::Moved { .. } => Refusal::saying(Code::CandidatesChanged, error.to_string()),
            other => Refusal::saying(Code::ChoiceNotPossible, other.to_string()),
        }
    }
}
