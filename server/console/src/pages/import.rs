//! A book of the office becomes the ledger: send the file, look at what it would do row by row, put columns right,
//! then import. Until then nothing is written, and the file is in memory only.

use super::import_columns;
use super::people::{Tab, tabs};
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, done, figure, heading, nothing, tag};
use crate::refusal::{AboveForm, Refusal};
use crate::session::Who;
use crate::upload::{AROUND_BYTES_MAX, Upload};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::desk::audit::{self, AuditLine};
use qiaomen_server::ledger::book::Book;
use qiaomen_server::ledger::import::{Added, ImportReport, Outcome, PreviewRow, plan_import, preview, run_import_by};
use qiaomen_server::ledger::workbook::{Choices, FILE_BYTES_MAX, Kind, SheetLayout, read_workbook_as};
use qiaomen_server::office::{Office, OfficeError};
use serde::Deserialize;
use std::sync::Arc;

/// Rows on one page.
const PAGE: usize = 50;
/// Imports of before that are shown.
const EARLIER: usize = 5;
/// Name of the field with the file.
const FILE: &str = "book";

/// A book that somebody looks at, or what came of one. It holds personal values in the clear and lives in memory only.
pub(crate) struct Draft {
    /// The file; gone once it was imported.
    pub(super) bytes: Bytes,
    pub(super) choices: Choices,
    pub(super) sheets: Vec<SheetLayout>,
    /// What is in it; none where it cannot be read as it is.
    book: Option<Arc<Book>>,
    /// Why it cannot be read.
    unreadable: Option<String>,
    rows: Vec<PreviewRow>,
    report: Option<ImportReport>,
}

impl Draft {
    /// Reads a file as somebody wants it read, and decides what it would do.
    pub(super) fn read(office: &Office, bytes: Bytes, choices: Choices) -> Result<Self, Refusal> {
        let reading = read_workbook_as(&bytes, &choices, &mut |_, _| {})
            .map_err(|error| Refusal::saying(Code::ValueForm, error.sentence()))?;
        let sheets = reading.sheets;
        let mut draft = Self { bytes, choices, sheets, book: None, unreadable: None, rows: Vec::new(), report: None };
        match reading.book {
            Err(error) => draft.unreadable = Some(error.sentence()),
            Ok(book) => {
                let plan = office.store().read(|tx| plan_import(office, tx, &book))?;
                draft.rows = preview(&plan, office.identity().id);
                draft.report = Some(plan.report(true));
                draft.book = Some(Arc::new(book));
            }
        }
        Ok(draft)
    }
    fn is_done(&self) -> bool {
        self.report.as_ref().is_some_and(|report| !report.dry_run)
    }
}

pub(super) fn gone() -> Refusal {
    Refusal::saying(Code::NotFound, "这份表格已经导入、放下，或放了一个小时以上，没有留着。请重新选文件。")
        .back("/import")
}

pub(super) fn kept_in(kept: Result<Path<String>, PathRejection>) -> Result<String, Refusal> {
    let Path(kept) = kept.map_err(|_| Code::NotFound)?;
    Ok(kept)
}

/// Runs work on a book, one book at a time.
pub(super) async fn with_book<T: Send + 'static>(
    desk: &Desk,
    job: impl FnOnce(&Office) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let busy = || Refusal::saying(Code::Busy, "正在读另一份表格，请过一会儿再试。").back("/import");
    let seat = desk.reading.clone().try_acquire_owned().map_err(|_| busy())?;
    desk.work(move |office| {
        // Given back when the work ends, not when its caller has gone away.
        let _seat = seat;
        job(office)
    })
    .await
}

pub(crate) async fn start(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    choosing(&desk, who, None).await
}

async fn choosing(desk: &Desk, who: Who, wrong: Option<AboveForm>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let asked = audit::Asked { deed: Some("imported".to_owned()), ..audit::Asked::default() };
        let earlier = audit::page(office, &asked, EARLIER)?.lines;
        let body = html! {
            (heading("导入台账", "把社区自己的表格变成台账。先看、后导；没点“导入”以前，什么都不会写进去。", html! {}))
            (tabs(who, Tab::Import))
            section.panel {
                h2 { "选文件" }
                @if let Some(wrong) = &wrong { (wrong.says("/import")) }
                form method="post" action="/import" enctype="multipart/form-data" {
                    (token(who))
                    label { "台账表格（.xlsx，最大 " (FILE_BYTES_MAX / (1024 * 1024)) " MB）"
                        input type="file" name=(FILE) required accept=".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"; }
                    button type="submit" { "先看一看" }
                    p.hint { "文件只放在内存里，导入、放下或过一个小时就没有了。" }
                }
            }
            (readable())
            (before(&earlier))
        };
        frame::page(office, who, Room::People, "导入台账", body)
    })
    .await
}

/// What is read out of a book.
fn readable() -> Markup {
    html! {
        section.panel {
            h2 { "认得哪些表" }
            p.soft { "看标题行认表和列，表名、列的顺序不要紧。带 * 的列必须有。认不出的列，下一步可以指给它。" }
            dl.pairs {
                @for kind in Kind::ALL {
                    dt { (kind.label()) }
                    dd { @for (at, (field, label)) in kind.fields().enumerate() { @if at > 0 { "、" } (label) @if kind.requires(field) { "*" } } }
                }
            }
            p.soft { "重复导入不会多出来：已有的不变，缺的补上；和台账里不一样的，不覆盖，一行一行列出来。" }
        }
    }
}

fn before(earlier: &[AuditLine]) -> Markup {
    html! {
        @if !earlier.is_empty() {
            section.panel {
                h2 { "以前的导入" }
                ul.links { @for line in earlier { li { (line.at) " · " (line.who) " · " (line.what) } } }
            }
        }
    }
}

pub(crate) async fn read(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Response, Refusal> {
    match brought(&desk, &who, request).await {
        Ok(kept) => Ok(Redirect::to(&format!("/import/{kept}")).into_response()),
        Err(refusal) => {
            let wrong = refusal.back("/import").above_form()?;
            Ok(wrong.answer(choosing(&desk, who, Some(wrong.clone())).await?))
        }
    }
}

/// A file, kept to be looked at; the id under which it is kept.
async fn brought(desk: &Desk, who: &Who, request: Request) -> Result<String, Refusal> {
    let form = Upload::of(desk, who, request, FILE_BYTES_MAX + AROUND_BYTES_MAX).await?;
    let bytes = form.file(FILE).cloned().ok_or_else(|| Refusal::saying(Code::ValueForm, "请先选一个表格文件。"))?;
    let (books, clerk) = (desk.books.clone(), who.signed_in.clerk);
    with_book(desk, move |office| {
        let draft = Draft::read(office, bytes, Choices::default())?;
        books.keep(office, clerk, draft)
    })
    .await
}

/// Which rows, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: String,
    page: usize,
    columns: bool,
}

/// Rows of which something is said.
const REMARKED: &str = "remarked";

impl Asked {
    fn wants(&self, row: &PreviewRow) -> bool {
        match self.show.as_str() {
            "" => true,
            REMARKED => !row.remarks.is_empty(),
            word => row.outcome.word() == word,
        }
    }
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    kept: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let kept = kept_in(kept)?;
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    let books = desk.books.clone();
    desk.page(who, move |office, who| {
        let draft = books.look(office, who.signed_in.clerk, &kept).ok_or_else(gone)?;
        let line = if draft.is_done() {
            "导入完了。"
        } else {
            "还没有写进台账。看清楚了再点“导入”。"
        };
        let body = html! {
            (heading(if draft.is_done() { "导入结果" } else { "导入前看一看" }, line, html! {
                button.second type="button" data-print { "打印" }
                @if draft.is_done() { a.button href="/import" { "再导入一份" } }
            }))
            (tabs(who, Tab::Import))
            (done(asked.columns.then_some("按您指的列重新读过了。")))
            @if let Some(why) = &draft.unreadable { p.refusal role="alert" { (why) } }
            @if let Some(report) = &draft.report { (figures(report, &draft.rows)) }
            @if !draft.is_done() { (decide(who, &kept, &draft)) }
            @if !draft.is_done() { (import_columns::form(who, &kept, &draft)) }
            @if draft.report.is_some() { (rows(&kept, &asked, &draft.rows)) }
        };
        frame::page(office, who, Room::People, "导入台账", body)
    })
    .await
}

fn figures(report: &ImportReport, rows: &[PreviewRow]) -> Markup {
    let Added { grids, buildings, micro_grids, doors, residents, staff, tickets, answers } = report.added;
    let (new, filled) = if report.dry_run { ("会新增", "会补填") } else { ("新增了", "补填了") };
    let named = [
        ("网格", grids),
        ("楼栋", buildings),
        ("微网格", micro_grids),
        ("户", doors),
        ("居民", residents),
        ("花名册", staff),
        ("诉求", tickets),
    ];
    let rejected = rows.iter().filter(|row| row.outcome == Outcome::Rejected).count();
    html! {
        div.figures {
            @for (name, count) in named.into_iter().filter(|(_, count)| *count > 0) {
                (figure(&format!("{new}{name}"), count, Tone::Good))
            }
            @if answers > 0 { (figure(&format!("{filled}的内容"), answers, Tone::Good)) }
            (figure("不能导入的行", rejected, if rejected > 0 { Tone::Bad } else { Tone::Plain }))
        }
    }
}

fn decide(who: &Who, kept: &str, draft: &Draft) -> Markup {
    let added = draft.report.as_ref().map(|report| report.added);
    let something = added.is_some_and(|added| added != Added::default());
    html! {
        div.filters.noprint {
            @if something {
                form method="post" action={ "/import/" (kept) "/run" } {
                    (token(who))
                    button type="submit" data-ask="把这份表格导入台账？导入以后不能整份撤回。" { "导入" }
                }
            } @else if draft.report.is_some() {
                p.notice { "这份表格里没有新的内容，不用导入。" }
            }
            form method="post" action={ "/import/" (kept) "/drop" } {
                (token(who))
                button.second type="submit" { "放下，不导入" }
            }
            @if something { span.hint { "几千户的表格要等几秒。整份一起写：要么全部，要么一点不写。" } }
        }
    }
}

fn rows(kept: &str, asked: &Asked, rows: &[PreviewRow]) -> Markup {
    let found: Vec<&PreviewRow> = rows.iter().filter(|row| asked.wants(row)).collect();
    let here = |show: &str, page: usize| format!("/import/{kept}?show={show}&page={page}");
    let remarked = rows.iter().filter(|row| !row.remarks.is_empty()).count();
    let start = asked.page.saturating_mul(PAGE);
    html! {
        h2 #rows { "一行一行" }
        ul.tabs.noprint {
            li { a href=(here("", 0)) aria-current=[asked.show.is_empty().then_some("true")] { "全部 " (rows.len()) } }
            li { a href=(here(REMARKED, 0)) aria-current=[(asked.show == REMARKED).then_some("true")] { "要留意的 " (remarked) } }
            @for outcome in Outcome::ALL {
                @let count = rows.iter().filter(|row| row.outcome == outcome).count();
                @if count > 0 {
                    li { a href=(here(outcome.word(), 0)) aria-current=[(asked.show == outcome.word()).then_some("true")] { (outcome.label()) " " (count) } }
                }
            }
        }
        @if found.is_empty() { (nothing("没有这样的行", "看别的一类。")) }
        @else {
            div.scroll {
                table {
                    thead { tr { th scope="col" { "工作表" } th.num scope="col" { "行" } th scope="col" { "是什么" } th scope="col" { "哪一个" } th scope="col" { "怎么办" } th scope="col" { "要留意的" } } }
                    tbody { @for row in found.iter().skip(start).take(PAGE) { (one(row)) } }
                }
            }
            div.pager {
                span.hint { "第 " (start.saturating_add(1).min(found.len())) " 到 " (start.saturating_add(PAGE).min(found.len())) " 条，共 " (found.len()) " 条" }
                @if let Some(before) = asked.page.checked_sub(1) { a.button.second href=(here(&asked.show, before)) { "前面的" } }
                @if start.saturating_add(PAGE) < found.len() { a.button.second href=(here(&asked.show, asked.page.saturating_add(1))) { "后面的" } }
            }
        }
    }
}

fn one(row: &PreviewRow) -> Markup {
    let tone = match row.outcome {
        Outcome::Rejected => Tone::Bad,
        Outcome::Skipped => Tone::Look,
        Outcome::New | Outcome::Completed => Tone::Good,
        Outcome::Same => Tone::Plain,
    };
    html! {
        tr {
            td { (row.sheet) }
            td.num { @if row.row > 0 { (row.row) } }
            td { (row.about) }
            td { (row.which) }
            td { (tag(row.outcome.label(), tone)) }
            td { @for remark in &row.remarks { div { (remark) } } }
        }
    }
}

pub(crate) async fn run(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    kept: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let kept = kept_in(kept)?;
    let back = format!("/import/{kept}");
    Fields::of(&desk, &who, request).await.map_err(|refusal| refusal.back(back.clone()))?;
    let (books, clerk) = (desk.books.clone(), who.signed_in.clerk);
    let done = with_book(&desk, move |office| {
        let draft = books.look(office, clerk, &kept).ok_or_else(gone)?;
        let book = draft.book.clone().filter(|_| !draft.is_done()).ok_or_else(gone)?;
        let plan = office.store().read(|tx| plan_import(office, tx, &book))?;
        // What is shown afterwards is what this plan did: it may be less than was shown before, if others wrote.
        let rows = preview(&plan, office.identity().id);
        let report =
            run_import_by(office, plan, clerk, &mut |_, _| {}).map_err(|error: OfficeError| Refusal::from(error))?;
        let done = Draft {
            bytes: Bytes::new(),
            choices: Choices::default(),
            sheets: Vec::new(),
            book: None,
            unreadable: None,
            rows,
            report: Some(report),
        };
        books.put(office, clerk, kept, Arc::new(done));
        Ok(())
    });
    done.await.map_err(|refusal| refusal.back(back.clone()))?;
    Ok(Redirect::to(&back))
}

pub(crate) async fn put_away(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    kept: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let kept = kept_in(kept)?;
    Fields::of(&desk, &who, request).await.map_err(|refusal| refusal.back("/import"))?;
    // Put away twice is put away.
    drop(desk.books.take(desk.edge.office(), who.signed_in.clerk, &kept));
    Ok(Redirect::to("/import"))
}
