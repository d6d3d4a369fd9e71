//! Matters: the list, the latest late first, and the board by what is to be done.

use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::{Tone, done, heading, nothing, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::merge::fold::Stage;
use qiaomen_server::desk::ticket_choices::{Choices, choices};
use qiaomen_server::desk::tickets::{self, BoardColumn, COLUMNS, Due, Filter, PAGE, TicketLine, stage_word};
use qiaomen_server::people::Post;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::store::sqlite::{TicketCounts, TicketList};
use serde::Deserialize;

/// Pages that can be asked for: more than there are matters.
const PAGES_MAX: usize = 100_000;

/// Which matters, and how they are shown.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    view: Option<String>,
    list: Option<String>,
    grid: Option<String>,
    stage: Option<String>,
    category: Option<String>,
    size: Option<String>,
    department: Option<String>,
    overdue: Option<String>,
    today: Option<String>,
    page: Option<usize>,
    done: Option<String>,
}

impl Asked {
    fn is_board(&self) -> bool {
        self.view.as_deref() == Some("board")
    }
    fn filter(&self) -> Result<Filter, Refusal> {
        let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let odd = || Refusal::saying(Code::Malformed, "筛选条件看不懂。请从头选一遍。").back("/tickets");
        let grid = given(&self.grid).map(|g| g.parse()).transpose().map_err(|_| odd())?;
        Ok(Filter {
            list: match given(&self.list).as_deref() {
                None | Some("open") => TicketList::Open,
                Some("over") => TicketList::Over,
                Some("all") => TicketList::All,
                Some(_) => return Err(odd()),
            },
            grid,
            stage: given(&self.stage),
            category: given(&self.category),
            large: match given(&self.size).as_deref() {
                None => None,
                Some("big") => Some(true),
                Some("small") => Some(false),
                Some(_) => return Err(odd()),
            },
            department: given(&self.department),
            overdue: given(&self.overdue).is_some(),
            today: given(&self.today).is_some(),
        })
    }
    /// The address of the same matters, shown otherwise. Nothing of a person stands in it.
    fn link(&self, changes: &[(&str, &str)]) -> String {
        let of = |name: &str, stands: &Option<String>| -> Option<String> {
            match changes.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => Some((*value).to_owned()),
                None => stands.clone(),
            }
            .filter(|v| !v.is_empty())
        };
        let page = self.page.map(|p| p.to_string());
        let fields = [
            ("view", &self.view),
            ("list", &self.list),
            ("grid", &self.grid),
            ("stage", &self.stage),
            ("category", &self.category),
            ("size", &self.size),
            ("department", &self.department),
            ("overdue", &self.overdue),
            ("today", &self.today),
            ("page", &page),
        ];
        let fields: Vec<(&str, String)> =
            fields.into_iter().filter_map(|(name, stands)| Some((name, of(name, stands)?))).collect();
        let query = serde_urlencoded::to_string(fields).unwrap_or_default();
        if query.is_empty() { "/tickets".to_owned() } else { format!("/tickets?{query}") }
    }
}

pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    let filter = asked.filter()?;
    desk.page(who, move |office, who| {
        let sight = &who.signed_in.sight;
        let (counts, choices) = (tickets::counts(office, sight)?, choices(office, sight)?);
        note_read(office, who.signed_in.clerk, Deed::ReadTickets, None)?;
        let shown = if asked.is_board() {
            board(&asked, &tickets::board(office, sight, &filter)?)
        } else {
            let page = asked.page.unwrap_or(0).min(PAGES_MAX);
            let found = tickets::list(office, sight, &filter, page)?;
            table(&asked, &filter, page, &found.lines, found.total)
        };
        let body = html! {
            (heading("诉求", line(who.signed_in.post), actions(who)))
            (done(asked.done.as_deref().and_then(super::ticket::done_words)))
            (figures(&counts))
            (tabs(&asked))
            (filters(&asked, &filter, &choices))
            (shown)
        };
        frame::page(office, who, Room::Tickets, "诉求", body)
    })
    .await
}

fn line(post: Post) -> &'static str {
    match post {
        Post::Coordinator => "派给您部门的诉求。超期的在前，再按期限先后。",
        Post::GridLeader => "您网格里的诉求。超期的在前，再按期限先后。",
        Post::Admin | Post::Clerk | Post::Supervisor => "小事当日办，大事上联席会议。超期的在前，再按期限先后。",
    }
}

fn actions(who: &Who) -> Markup {
    let post = who.signed_in.post;
    html! {
        @if post.is_office() { a.button href="/tickets/new" data-key="n" { "登记诉求 " kbd { "N" } } }
        a.button.second href="/tickets/joint" { "联席会议" }
        @if post == Post::Admin { a.button.second href="/tickets/terms" { "类别与期限" } }
    }
}

fn figures(counts: &TicketCounts) -> Markup {
    let late = if counts.overdue > 0 { Tone::Bad } else { Tone::Good };
    let figures = [
        ("在办", counts.open, Tone::Plain, "/tickets"),
        ("超期", counts.overdue, late, "/tickets?overdue=1"),
        ("今天到期", counts.today, Tone::until_none(counts.today), "/tickets?today=1"),
        ("在办大事", counts.large, Tone::Plain, "/tickets?size=big"),
        ("联席会议", counts.joint, Tone::Plain, "/tickets/joint"),
    ];
    html! {
        div.figures {
            @for (name, value, tone, to) in figures {
                a.figure.(tone.class()) href=(to) { b { (value) } span { (name) } }
            }
        }
    }
}

fn tabs(asked: &Asked) -> Markup {
    let list = asked.list.as_deref().filter(|l| !l.is_empty()).unwrap_or("open");
    let board = asked.is_board();
    html! {
        ul.tabs {
            @for (word, label) in [("open", "在办"), ("over", "已了结"), ("all", "全部")] {
                @let to = asked.link(&[("view", ""), ("list", word), ("page", ""), ("stage", "")]);
                li { a href=(to) aria-current=[(!board && list == word).then_some("true")] { (label) } }
            }
            @let to = asked.link(&[("view", "board"), ("list", ""), ("page", ""), ("stage", "")]);
            li { a href=(to) aria-current=[board.then_some("true")] { "看板" } }
        }
    }
}

fn filters(asked: &Asked, filter: &Filter, choices: &Choices) -> Markup {
    let chosen = |stands: Option<&str>, value: &str| stands == Some(value);
    let grid = filter.grid.map(|g| g.to_string());
    html! {
        form.filters method="get" action="/tickets" {
            @if let Some(view) = &asked.view { input type="hidden" name="view" value=(view); }
            @if let Some(list) = &asked.list { input type="hidden" name="list" value=(list); }
            @if choices.grids.len() > 1 {
                label { "网格" select name="grid" data-submits {
                    option value="" { "全部网格" }
                    @for (id, name) in &choices.grids {
                        option value=(id) selected[chosen(grid.as_deref(), &id.to_string())] { (name) }
                    }
                } }
            }
            @if !asked.is_board() {
                label { "状态" select name="stage" data-submits {
                    option value="" { "全部状态" }
                    @for (word, title, _) in COLUMNS {
                        option value=(word) selected[chosen(filter.stage.as_deref(), word)] { (title) }
                    }
                    optgroup label="按步骤" {
                        @for stage in Stage::ALL {
                            option value=(stage_word(stage)) selected[chosen(filter.stage.as_deref(), stage_word(stage))] {
                                (stage.title())
                            }
                        }
                    }
                } }
            }
            label { "类别" select name="category" data-submits {
                option value="" { "全部类别" }
                @for name in &choices.categories {
                    option value=(name) selected[chosen(filter.category.as_deref(), name)] { (name) }
                }
            } }
            label { "大小" select name="size" data-submits {
                option value="" { "大小都看" }
                option value="big" selected[filter.large == Some(true)] { "大事" }
                option value="small" selected[filter.large == Some(false)] { "小事" }
            } }
            @if !choices.departments.is_empty() {
                label { "主管部门" select name="department" data-submits {
                    option value="" { "全部部门" }
                    @for name in &choices.departments {
                        option value=(name) selected[chosen(filter.department.as_deref(), name)] { (name) }
                    }
                } }
            }
            label.tick { input type="checkbox" name="overdue" value="1" checked[filter.overdue] data-submits; " 超期" }
            label.tick { input type="checkbox" name="today" value="1" checked[filter.today] data-submits; " 今天到期" }
            button.second type="submit" { "筛选" }
            @if is_narrowed(filter) {
                a href=(Asked { view: asked.view.clone(), list: asked.list.clone(), ..Asked::default() }.link(&[])) {
                    "清除条件"
                }
            }
        }
    }
}

fn is_narrowed(filter: &Filter) -> bool {
    *filter != Filter { list: filter.list, ..Filter::default() }
}

fn table(asked: &Asked, filter: &Filter, page: usize, lines: &[TicketLine], total: u64) -> Markup {
    if lines.is_empty() {
        return html! {
            @if is_narrowed(filter) || page > 0 { (nothing("没有符合条件的诉求", "换个条件，或清除条件再看。")) }
            @else if filter.list == TicketList::Open { (nothing("没有在办的诉求", "新报上来的会出现在这里。")) }
            @else { (nothing("还没有", "办结、作废的诉求会留在这里。")) }
        };
    }
    let from = page.saturating_mul(PAGE);
    let to = from.saturating_add(lines.len());
    let more = u64::try_from(to).is_ok_and(|to| to < total);
    html! {
        div.scroll {
            table.matters {
                thead { tr {
                    th { "期限" } th { "内容" } th { "地点" } th { "类别" } th { "状态" } th { "责任单位" } th { "上报" }
                } }
                tbody {
                    @for line in lines {
                        tr {
                            td.nowrap { (due(line)) }
                            td {
                                a href={ "/tickets/" (line.ticket) } { (tickets::short(&line.text)) }
                                @if line.conflict_count > 0 { " " (tag("有冲突", Tone::Look)) }
                            }
                            td { (line.place) br; small { (line.grids.join("、")) } }
                            td { (line.category) br; (size(line)) }
                            td.nowrap { (line.stage.title()) }
                            td { (whose(line)) }
                            td.nowrap { (line.opened) br; small { (line.number) } }
                        }
                    }
                }
            }
        }
        nav.pager aria-label="翻页" {
            span.soft { "第 " (from + 1) "–" (to) " 件，共 " (total) " 件" }
            @if page > 0 { a.button.second href=(asked.link(&[("page", &(page - 1).to_string())])) { "前面的" } }
            @if more { a.button.second href=(asked.link(&[("page", &(page + 1).to_string())])) { "后面的" } }
        }
    }
}

/// By when, and how that stands to today: in words, and in colour beside them.
pub(super) fn due(line: &TicketLine) -> Markup {
    html! {
        @if let Some(due) = line.due {
            (tag(&due.words(), match due {
                Due::Late(_) => Tone::Bad,
                Due::Today => Tone::Look,
                Due::In(_) => Tone::Plain,
            }))
            br; small { (line.due_by.as_deref().unwrap_or_default()) }
        } @else if let Some(closed) = &line.closed {
            small { "办结于" br; (closed) }
        } @else if line.stage.is_open() {
            small { "未定期限" }
        } @else {
            small { "—" }
        }
    }
}

pub(super) fn size(line: &TicketLine) -> Markup {
    if line.large { tag("大事", Tone::Look) } else { tag("小事", Tone::Plain) }
}

pub(super) fn whose(line: &TicketLine) -> Markup {
    html! {
        (line.party.as_deref().unwrap_or("—"))
        @if let Some(department) = &line.department { br; small { "主管：" (department) } }
    }
}

fn board(asked: &Asked, columns: &[BoardColumn]) -> Markup {
    html! {
        div.board {
            @for column in columns {
                @let all = asked.link(&[("view", ""), ("list", "open"), ("stage", column.word), ("page", "")]);
                section.column {
                    h2 { a href=(all) { (column.title) } " " span.soft { (column.count) " 件" } }
                    @if column.cards.is_empty() { p.soft { "没有" } }
                    @for card in &column.cards { (one_card(card)) }
                    @if u64::try_from(column.cards.len()).is_ok_and(|shown| shown < column.count) {
                        a href=(all) { "看全部 " (column.count) " 件" }
                    }
                }
            }
        }
    }
}

fn one_card(line: &TicketLine) -> Markup {
    html! {
        article.ticket {
            a href={ "/tickets/" (line.ticket) } { (tickets::short(&line.text)) }
            p.soft { (line.place) }
            p.soft { span.nowrap { (line.stage.title()) } " · " span.nowrap { (line.category) } }
            @if line.due.is_some() || line.large { p {
                @if let Some(due) = line.due {
                    (tag(&due.words(), match due {
                        Due::Late(_) => Tone::Bad,
                        Due::Today => Tone::Look,
                        Due::In(_) => Tone::Plain,
                    })) " "
                }
                @if line.large { (tag("大事", Tone::Look)) }
            } }
            @if let Some(party) = &line.party { p.soft { "交 " (party) } }
        }
    }
}
