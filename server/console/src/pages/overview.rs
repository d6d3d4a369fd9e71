//! The overview: what came when, what is open and for how long, at how many doors somebody was, how many conflicts
//! were found and decided. Figures of grids, in the office's order; none of a worker's.

use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::{Tone, figure, heading, nothing};
use crate::plot::{self, Look, Panel, Rows, Series};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::GridId;
use qiaomen_server::desk::overview::{self, Overview, Span};
use serde::Deserialize;

/// Categories that have a bar of their own; the rest is one bar. The table has them all.
const CATEGORIES_MAX: usize = 16;

/// Of which grid, and how far back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    grid: Option<String>,
    span: Option<String>,
}

/// The grid that is asked for; an empty choice is none.
pub(super) fn grid_asked(said: Option<&str>) -> Result<Option<GridId>, Refusal> {
    match said.map(str::trim).filter(|s| !s.is_empty()) {
        None => Ok(None),
        Some(said) => said.parse().map(Some).map_err(|_| Code::NotFound.into()),
    }
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    let grid = grid_asked(asked.grid.as_deref()).map_err(|r| r.back("/overview"))?;
    let span = asked.span.as_deref().and_then(Span::parse).unwrap_or_default();
    desk.page(who, move |office, who| {
        let view = overview::overview(office, &who.signed_in.sight, grid, span)?;
        let view = view.ok_or_else(|| Refusal::from(Code::NotFound).back("/overview"))?;
        frame::page(office, who, Room::Overview, "总览", page(&view))
    })
    .await
}

fn page(view: &Overview) -> Markup {
    let print = html! { button.second type="button" data-print="" { "打印" } };
    let arrived: u64 = view.today.hours.iter().sum();
    let (open, overdue) = view.ages.iter().fold((0, 0), |(open, overdue), line| {
        (open + line.overdue + line.due_later + line.not_set, overdue + line.overdue)
    });
    let (doors, in_30) =
        view.coverage.iter().fold((0_u64, 0_u64), |(d, n), l| (d + u64::from(l.doors), n + u64::from(l.in_30)));
    let this_week = view.weeks.last();
    let chosen = view.choices.iter().find(|(id, _)| Some(*id) == view.chosen).map(|(_, name)| name.as_str());
    html! {
        (heading("总览", "按网格和时间数，不按人数，也不排名次。数字取自台账，打开这一页时现数。", print))
        (filters(view))
        p.printed { "范围：" (chosen.unwrap_or("看得到的全部网格")) "，时间：" (view.span.label()) "，截至 " (view.today.on) }
        @if view.choices.is_empty() {
            (nothing("还没有网格", "导入台账或由管理员分给网格以后，这里才有数字。"))
        } @else {
            div.figures {
                (figure("今天送到", arrived, Tone::Plain))
                (figure("没办结的诉求", open, Tone::Plain))
                (figure("其中逾期", overdue, if overdue == 0 { Tone::Good } else { Tone::Bad }))
                (figure("30 天内走访过的户", share(in_30, doors), Tone::Plain))
                (figure("本周发现的冲突", this_week.map_or(0, |w| w.opened), Tone::Plain))
                (figure("本周裁定的冲突", this_week.map_or(0, |w| w.decided), Tone::Plain))
            }
            (plot::fillings())
            div.plots {
                (arrivals(view))
                (coverage(view))
                (conflicts(view))
                (ages(view))
                (categories(view))
            }
        }
    }
}

fn filters(view: &Overview) -> Markup {
    html! {
        form.filters method="get" action="/overview" {
            label { "网格"
                select name="grid" data-submits="" {
                    option value="" { "全部" }
                    @for (id, name) in &view.choices {
                        option value=(id) selected[view.chosen == Some(*id)] { (name) }
                    }
                }
            }
            label { "时间"
                select name="span" data-submits="" {
                    @for span in Span::ALL {
                        option value=(span.word()) selected[span == view.span] { (span.label()) }
                    }
                }
            }
            button.second type="submit" { "看" }
        }
    }
}

/// A share in whole per cent; of nothing there is none.
fn share(part: u64, whole: u64) -> String {
    match per_cent(part, whole) {
        Some(share) => format!("{share}%"),
        None => "—".to_owned(),
    }
}

/// Rounded, but never up to all nor down to none.
fn per_cent(part: u64, whole: u64) -> Option<u64> {
    if whole == 0 {
        return None;
    }
    let rounded = (part * 100 + whole / 2) / whole;
    Some(if part == 0 { 0 } else { rounded.clamp(1, if part < whole { 99 } else { 100 }) })
}

fn arrivals(view: &Overview) -> Markup {
    let labels: Vec<String> = (0..24).map(|hour| format!("{hour} 时")).collect();
    let today = Series::new("今天", Look::Full, view.today.hours);
    let before: Vec<Series> = view.before.iter().map(|d| Series::new(d.on.clone(), Look::Faint, d.hours)).collect();
    let all: u64 = view.today.hours.iter().sum();
    let busiest = view.today.hours.iter().enumerate().max_by_key(|(hour, n)| (**n, std::cmp::Reverse(*hour)));
    let says = match busiest {
        Some((hour, n)) if *n > 0 => format!("今天到现在送到 {all} 条，{hour} 时最多，{n} 条。"),
        _ => "今天还没有送到的。".to_owned(),
    };
    let shown = view.before.iter().any(|d| d.hours.iter().any(|n| *n > 0));
    let mut legend = vec![("今天".to_owned(), Look::Full)];
    if shown {
        legend.push(("前 7 天，每天一条线".to_owned(), Look::Faint));
    }
    Panel {
        id: "arrivals",
        title: "今天各时段送到的",
        line: format!("终端送到并已入册的记录，按社区收到的时间数，到 {} 为止。", view.now),
        says,
        legend,
        as_lines: false,
        height: plot::COLUMNS_HEIGHT,
        drawing: plot::columns(&labels, &[today], if shown { &before } else { &[] }, "条"),
        table: html! {
            table {
                thead { tr { th scope="col" { "时段" } th.num scope="col" { "今天" }
                    @for day in &view.before { th.num scope="col" { (short_date(&day.on)) } } } }
                tbody { @for (hour, label) in labels.iter().enumerate() {
                    tr { th scope="row" { (label) }
                        @for day in std::iter::once(&view.today).chain(&view.before) {
                            td.num { (day.hours.get(hour).copied().unwrap_or(0)) }
                        }
                    }
                } }
                tfoot { tr { th scope="row" { "合计" }
                    @for day in std::iter::once(&view.today).chain(&view.before) { td.num { (day.hours.iter().sum::<u64>()) } } } }
            }
        },
    }
    .show()
}

/// `3/9` of `2026-03-09`.
fn short_date(date: &str) -> String {
    let mut parts = date.split('-').skip(1).map(|part| part.trim_start_matches('0'));
    match (parts.next(), parts.next()) {
        (Some(month), Some(day)) => format!("{month}/{day}"),
        _ => date.to_owned(),
    }
}

fn ages(view: &Overview) -> Markup {
    let labels: Vec<String> = view.ages.iter().map(|l| l.label.to_owned()).collect();
    let series = [
        Series::new("已逾期", Look::Warning, view.ages.iter().map(|l| l.overdue)),
        Series::new("没到期", Look::Full, view.ages.iter().map(|l| l.due_later)),
        Series::new("没定期限", Look::Open, view.ages.iter().map(|l| l.not_set)),
    ];
    let of = |at: usize| series.get(at).map_or(0, |s| s.values.iter().sum::<u64>());
    let all = of(0) + of(1) + of(2);
    let says = format!("没办结的诉求 {all} 件：已逾期 {} 件，没到期 {} 件，没定期限 {} 件。", of(0), of(1), of(2));
    Panel {
        id: "ages",
        title: "没办结的诉求放了多久",
        line: "从报上来那天算起，不限报上来的时间。".to_owned(),
        says,
        legend: series.iter().map(|s| (s.name.clone(), s.look)).collect(),
        as_lines: false,
        height: plot::COLUMNS_HEIGHT,
        drawing: plot::columns(&labels, &series, &[], "件"),
        table: html! {
            table {
                thead { tr { th scope="col" { "放了多久" } @for s in &series { th.num scope="col" { (s.name) } } th.num scope="col" { "合计" } } }
                tbody { @for line in &view.ages {
                    tr { th scope="row" { (line.label) } td.num { (line.overdue) } td.num { (line.due_later) } td.num { (line.not_set) }
                        td.num { (line.overdue + line.due_later + line.not_set) } }
                } }
                tfoot { tr { th scope="row" { "合计" } td.num { (of(0)) } td.num { (of(1)) } td.num { (of(2)) } td.num { (all) } } }
            }
        },
    }
    .show()
}

fn coverage(view: &Overview) -> Markup {
    let labels: Vec<String> = view.coverage.iter().map(|l| l.grid.clone()).collect();
    let share_of = |part: u32, whole: u32| per_cent(part.into(), whole.into()).unwrap_or(0);
    let month: Vec<u64> = view.coverage.iter().map(|l| share_of(l.in_30, l.doors)).collect();
    let quarter: Vec<u64> = view.coverage.iter().map(|l| share_of(l.in_90, l.doors)).collect();
    let between: Vec<u64> = quarter.iter().zip(&month).map(|(q, m)| q.saturating_sub(*m)).collect();
    let series = [Series::new("30 天内", Look::Full, month.clone()), Series::new("31–90 天", Look::Hatched, between)];
    let ends: Vec<String> = month.iter().zip(&quarter).map(|(m, q)| format!("{m}% / {q}%")).collect();
    let given = Rows { labels: &labels, stacked: &series, ends: &ends, top: Some(100), unit: "%" };
    let (height, drawing) = plot::rows(&given);
    let (doors, in_30, in_90) = view.coverage.iter().fold((0_u64, 0_u64, 0_u64), |(d, m, q), l| {
        (d + u64::from(l.doors), m + u64::from(l.in_30), q + u64::from(l.in_90))
    });
    Panel {
        id: "coverage",
        title: "各网格走访到的户",
        line: "最近 30 天、90 天内上门见到人的户占全部户的比例。上门没人、打电话不算。条后面写的是 30 天 / 90 天。".to_owned(),
        says: format!("共 {doors} 户，30 天内走访到 {in_30} 户，90 天内走访到 {in_90} 户。"),
        legend: series.iter().map(|s| (s.name.clone(), s.look)).collect(),
        as_lines: false,
        height,
        drawing,
        table: html! {
            table {
                thead { tr { th scope="col" { "网格" } th.num scope="col" { "户数" } th.num scope="col" { "30 天内" }
                    th.num scope="col" { "比例" } th.num scope="col" { "90 天内" } th.num scope="col" { "比例" } } }
                tbody { @for l in &view.coverage {
                    tr { th scope="row" { (l.grid) } td.num { (l.doors) } td.num { (l.in_30) } td.num { (share(l.in_30.into(), l.doors.into())) }
                        td.num { (l.in_90) } td.num { (share(l.in_90.into(), l.doors.into())) } }
                } }
                tfoot { tr { th scope="row" { "合计" } td.num { (doors) } td.num { (in_30) } td.num { (share(in_30, doors)) }
                    td.num { (in_90) } td.num { (share(in_90, doors)) } } }
            }
        },
    }
    .show()
}

fn categories(view: &Overview) -> Markup {
    let (open, completed) =
        view.categories.iter().fold((0, 0), |(open, done), line| (open + line.open, done + line.completed));
    let period = match &view.since {
        Some(since) => format!("{since} 以来报上来的。这以前还有 {} 件。作废的、重复的不算。", view.older),
        None => "全部报上来的。作废的、重复的不算。".to_owned(),
    };
    let keep = if view.categories.len() > CATEGORIES_MAX { CATEGORIES_MAX - 1 } else { CATEGORIES_MAX };
    let (own, rest) = view.categories.split_at(keep.min(view.categories.len()));
    let mut bars: Vec<(String, u64, u64)> = own.iter().map(|l| (l.name.clone(), l.open, l.completed)).collect();
    if !rest.is_empty() {
        let sum = rest.iter().fold((0, 0), |(o, c), l| (o + l.open, c + l.completed));
        bars.push((format!("另外 {} 类", rest.len()), sum.0, sum.1));
    }
    let labels: Vec<String> = bars.iter().map(|(name, ..)| name.clone()).collect();
    let series = [
        Series::new("没办结", Look::Full, bars.iter().map(|(_, open, _)| *open)),
        Series::new("已办结", Look::Open, bars.iter().map(|(.., done)| *done)),
    ];
    let ends: Vec<String> = bars.iter().map(|(_, open, done)| (open + done).to_string()).collect();
    let given = Rows { labels: &labels, stacked: &series, ends: &ends, top: None, unit: "" };
    let (height, drawing) = plot::rows(&given);
    if bars.is_empty() {
        let line = format!("{}的范围里没有诉求。这以前有 {} 件，可以把时间放宽。", view.span.label(), view.older);
        return html! { section.panel.plot #categories { h2 { "诉求按类别" } (nothing("没有诉求", &line)) } };
    }
    Panel {
        id: "categories",
        title: "诉求按类别",
        line: period,
        says: format!("共 {} 件，没办结 {open} 件，已办结 {completed} 件。", open + completed),
        legend: series.iter().map(|s| (s.name.clone(), s.look)).collect(),
        as_lines: false,
        height,
        drawing,
        table: html! {
            table {
                thead { tr { th scope="col" { "类别" } th.num scope="col" { "没办结" } th.num scope="col" { "已办结" } th.num scope="col" { "合计" } } }
                tbody { @for l in &view.categories {
                    tr { th scope="row" { (l.name) } td.num { (l.open) } td.num { (l.completed) } td.num { (l.open + l.completed) } }
                } }
                tfoot { tr { th scope="row" { "合计" } td.num { (open) } td.num { (completed) } td.num { (open + completed) } } }
            }
        },
    }
    .show()
}

fn conflicts(view: &Overview) -> Markup {
    let labels: Vec<String> = view.weeks.iter().map(|w| short_date(&w.from)).collect();
    let series = [
        Series::new("发现的", Look::Full, view.weeks.iter().map(|w| w.opened)),
        Series::new("裁定的", Look::Open, view.weeks.iter().map(|w| w.decided)),
    ];
    let (opened, decided) = view.weeks.iter().fold((0, 0), |(o, d), w| (o + w.opened, d + w.decided));
    Panel {
        id: "conflicts",
        title: "每周的冲突",
        line: format!("最近 {} 周，每周从周一算起，横轴写的是周一的日期。裁定后又撤销的不算裁定。", view.weeks.len()),
        says: format!("{} 周里发现 {opened} 处，裁定 {decided} 处。", view.weeks.len()),
        legend: series.iter().map(|s| (s.name.clone(), s.look)).collect(),
        as_lines: true,
        height: plot::LINES_HEIGHT,
        drawing: plot::lines(&labels, &series, "处"),
        table: html! {
            table {
                thead { tr { th scope="col" { "从周一" } th.num scope="col" { "发现" } th.num scope="col" { "裁定" } } }
                tbody { @for w in &view.weeks {
                    tr { th scope="row" { (w.from) } td.num { (w.opened) } td.num { (w.decided) } }
                } }
                tfoot { tr { th scope="row" { "合计" } td.num { (opened) } td.num { (decided) } } }
            }
        },
    }
    .show()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_all_or_nothing_unless_it_is() {
        assert_eq!(share(0, 0), "—");
        assert_eq!(share(0, 9), "0%");
        assert_eq!(share(1, 1_000), "1%");
        assert_eq!(share(999, 1_000), "99%");
        assert_eq!(share(1_000, 1_000), "100%");
        assert_eq!(share(1, 3), "33%");
        assert_eq!(share(2, 3), "67%");
    }

    #[test]
    fn a_date_on_an_axis_is_short() {
        assert_eq!(short_date("2026-03-09"), "3/9");
        assert_eq!(short_date("2026-11-30"), "11/30");
    }
}
