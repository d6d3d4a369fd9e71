//! The clerk's desk: many conflicts at once by a rule, and what was merged by itself.

use super::clerk::Clerk;
use super::desk::{BODY_BYTES_MAX, number};
use super::edge::Edge;
use super::problem::Problem;
use crate::people::audit::{Deed, note_read};
use crate::review::parallel::DAYS_DEFAULT;
use crate::review::{self, Asked, Rule};
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use qiaomen_proto::error::Code;
use serde::Deserialize;

/// A rule, and which conflicts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Preview {
    rule: String,
    #[serde(default)]
    filters: Asked,
}

/// `POST /v1/office/conflicts/preview`
pub(super) async fn preview(
    State(edge): State<Edge>,
    clerk: Clerk,
    request: Request,
) -> Result<Json<review::Preview>, Problem> {
    let body = edge.body(request, BODY_BYTES_MAX).await?;
    let known = || Rule::ALL.iter().map(|r| r.word()).collect::<Vec<_>>().join("、");
    let malformed = || Problem::from(Code::Malformed).saying(format!("请给出 rule（{}）和 filters。", known()));
    let asked: Preview = serde_json::from_slice(&body).map_err(|_| malformed())?;
    let rule = Rule::parse(&asked.rule).ok_or_else(malformed)?;
    edge.work(move |office| Ok(Json(review::preview(office, rule, &asked.filters, clerk.who.clerk)?))).await
}

/// What a preview gave.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    token: String,
}

/// `POST /v1/office/conflicts/bulk`
pub(super) async fn decide(
    State(edge): State<Edge>,
    clerk: Clerk,
    request: Request,
) -> Result<Json<review::BulkDone>, Problem> {
    let body = edge.body(request, BODY_BYTES_MAX).await?;
    let malformed = |_| Problem::from(Code::Malformed).saying("请给出预览给的 token。");
    let asked: Token = serde_json::from_slice(&body).map_err(malformed)?;
    edge.work(move |office| Ok(Json(review::decide_by_rule(office, &asked.token, None, clerk.who.clerk)?))).await
}

/// `POST /v1/office/conflicts/bulk/{id}/undo`
pub(super) async fn undo(
    State(edge): State<Edge>,
    clerk: Clerk,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<review::BulkUndone>, Problem> {
    let id = number(id)?;
    edge.work(move |office| Ok(Json(review::undo_bulk(office, id, clerk.who.clerk)?))).await
}

/// How far back, and which.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parallel {
    days: Option<u64>,
    grid: Option<String>,
    door: Option<String>,
    field: Option<String>,
    kind: Option<String>,
    worker: Option<String>,
}

/// `GET /v1/office/parallel`
pub(super) async fn parallel(
    State(edge): State<Edge>,
    clerk: Clerk,
    query: Result<Query<Parallel>, QueryRejection>,
) -> Result<Json<Vec<review::ParallelView>>, Problem> {
    let Query(Parallel { days, grid, door, field, kind, worker }) = query.map_err(|_| Code::Malformed)?;
    let asked = Asked { grid, door, field, kind, worker, ..Asked::default() };
    edge.work(move |office| {
        let list = review::list_parallel(office, days.unwrap_or(DAYS_DEFAULT), &asked)?;
        note_read(office, clerk.who.clerk, Deed::ReadParallel, None)?;
        Ok(Json(list))
    })
    .await
}
