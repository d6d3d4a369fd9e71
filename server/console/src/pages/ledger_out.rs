//! What the list of doors does: keeping it as a view, letting go of one, writing the ledger to a workbook.

use super::ledger::{fields_of, query_of};
use crate::desk::Desk;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::GridId;
use qiaomen_server::desk::ledger::Asked;
use qiaomen_server::ledger::views::{NAME_LETTERS_MAX, VIEWS_MAX, ViewError, keep, let_go};
use qiaomen_server::ledger::written::{ROWS_MAX, WriteError, write_ledger};
use tokio::sync::Semaphore;

/// Workbooks that are made at once: each holds a community's whole ledger in memory.
const WORKBOOKS_MAX: usize = 2;
static WORKBOOKS: Semaphore = Semaphore::const_new(WORKBOOKS_MAX);

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `POST /ledger/views`
pub(crate) async fn keep_view(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let fields = Fields::of(&desk, &who, request).await?;
    // Whatever the form says, only filters and columns are kept.
    let query = query_of(&Asked::of(&fields_of(fields.get("query"))?));
    let back = format!("/ledger?{query}");
    let name = fields.needed("name", "视图的名字").map_err(|r| r.back(back.clone()))?.to_owned();
    let clerk = who.signed_in.clerk;
    let kept = query.clone();
    let done = desk.work(move |office| keep(office, &name, &kept, clerk).map(drop).map_err(not_kept)).await;
    done.map_err(|refusal| refusal.back(back))?;
    Ok(Redirect::to(&format!("/ledger?{query}{}kept=1", if query.is_empty() { "" } else { "&" })))
}

fn not_kept(error: ViewError) -> Refusal {
    let say = |sentence: String| Refusal::saying(Code::ValueForm, sentence);
    match error {
        ViewError::Office(error) => error.into(),
        ViewError::Name => say(format!("视图的名字请写 1 到 {NAME_LETTERS_MAX} 个字，条件也不要太长。")),
        ViewError::TooMany => say(format!("已经有 {VIEWS_MAX} 个视图了。请先删掉不用的。")),
        ViewError::NameTaken => say("已经有一个同名的视图。请换一个名字，或先删掉那一个。".to_owned()),
    }
}

/// `POST /ledger/views/{id}/delete`
pub(crate) async fn drop_view(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<i64>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    Fields::of(&desk, &who, request).await?;
    let clerk = who.signed_in.clerk;
    let there = desk.work(move |office| Ok(let_go(office, id, clerk)?)).await?;
    if !there {
        return Err(Refusal::saying(Code::NotFound, "没有这个视图，可能已经有人删掉了。").back("/ledger"));
    }
    Ok(Redirect::to("/ledger?dropped=1"))
}

/// `POST /ledger/export`
pub(crate) async fn export(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Response, Refusal> {
    let fields = Fields::of(&desk, &who, request).await?;
    let only = fields.get("grid").map(str::parse::<GridId>).transpose().map_err(|_| Code::Malformed)?;
    let Ok(_place) = WORKBOOKS.try_acquire() else {
        return Err(Refusal::saying(Code::Busy, "别人正在导出，请过一会儿再点。").back("/ledger"));
    };
    let (clerk, sight) = (who.signed_in.clerk, who.signed_in.sight);
    if only.is_some_and(|grid| !sight.sees(Some(grid))) {
        return Err(Refusal::from(Code::NotYours).back("/ledger"));
    }
    let job = move |office: &qiaomen_server::office::Office| {
        write_ledger(office, &sight, only, clerk).map_err(|error| match error {
            WriteError::Office(error) => error.into(),
            WriteError::TooManyRows { sheet } => Refusal::saying(
                Code::TooLarge,
                format!("“{sheet}”超过 {ROWS_MAX} 行，一个表格放不下。请先选一个网格，分开导出。"),
            ),
            WriteError::Format(_) => Code::Internal.into(),
        })
    };
    let written = desk.work(job).await.map_err(|refusal| refusal.back("/ledger"))?;
    // The name in letters that every browser takes, and the one that people read: 居民台账.
    let disposition = format!(
        "attachment; filename=\"ledger-{day}.xlsx\"; filename*=UTF-8''%E5%B1%85%E6%B0%91%E5%8F%B0%E8%B4%A6-{day}.xlsx",
        day = written.day
    );
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| Code::Internal)?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(XLSX)), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, written.bytes).into_response())
}
