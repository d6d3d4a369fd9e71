//! The clerk's desk: conflicts, what is held back, devices, doors. JSON in, JSON out; every look at
//! values of people is written down in the audit.

use super::bulk;
use super::clerk::{self, Clerk};
use super::edge::Edge;
use super::photo;
use super::problem::Problem;
use crate::people::audit::{Deed, note_read};
use crate::people::devices;
use crate::review::{self, Asked, Choice, HeldAsked, PutAway, Reason};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::DocId;
use serde::Deserialize;
use serde_json::{Value, json};

/// Held commands in one answer; `after` goes on from the last.
const HELD_PAGE_MAX: usize = 500;
/// A choice, with a long value.
pub(super) const BODY_BYTES_MAX: usize = 64 * 1024;

pub(super) fn routes() -> Router<Edge> {
    Router::new()
        .route("/login", post(clerk::login))
        .route("/logout", post(clerk::logout))
        .route("/status", get(status))
        .route("/conflicts", get(conflicts))
        .route("/conflicts/counts", get(counts))
        .route("/conflicts/preview", post(bulk::preview))
        .route("/conflicts/bulk", post(bulk::decide))
        .route("/conflicts/bulk/{id}/undo", post(bulk::undo))
        .route("/parallel", get(bulk::parallel))
        .route("/conflicts/{id}", get(conflict))
        .route("/conflicts/{id}/decide", post(decide))
        .route("/conflicts/{id}/undo", post(undo))
        .route("/quarantine", get(quarantine))
        .route("/quarantine/export", get(export))
        .route("/quarantine/{id}/release", post(release))
        .route("/quarantine/{id}/discard", post(discard))
        .route("/devices", get(device_list))
        .route("/doors/{id}", get(door))
        .route("/tickets/{id}/photos", get(photo::list))
        .route("/tickets/{id}/photos/{hash}", get(photo::one))
}

pub(super) fn number(path: Result<Path<i64>, PathRejection>) -> Result<i64, Problem> {
    path.map(|Path(id)| id).map_err(|_| Code::NotFound.into())
}

async fn status(State(edge): State<Edge>, _clerk: Clerk) -> Result<Json<review::Status>, Problem> {
    edge.work(|office| Ok(Json(review::status(office)?))).await
}

async fn conflicts(
    State(edge): State<Edge>,
    clerk: Clerk,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Vec<review::ConflictView>>, Problem> {
    let Query(asked) = query.map_err(|_| Code::Malformed)?;
    edge.work(move |office| {
        let (list, _) = review::find_conflicts(office, &asked)?;
        note_read(office, clerk.who.clerk, Deed::ReadConflicts, None)?;
        Ok(Json(list))
    })
    .await
}

async fn counts(
    State(edge): State<Edge>,
    clerk: Clerk,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<review::Counts>, Problem> {
    let Query(asked) = query.map_err(|_| Code::Malformed)?;
    edge.work(move |office| {
        let (_, counts) = review::find_conflicts(office, &asked)?;
        note_read(office, clerk.who.clerk, Deed::ReadConflicts, None)?;
        Ok(Json(counts))
    })
    .await
}

async fn conflict(
    State(edge): State<Edge>,
    clerk: Clerk,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<review::ConflictView>, Problem> {
    let id = number(id)?;
    edge.work(move |office| {
        let conflict = review::conflict(office, id)?.ok_or(Code::NotFound)?;
        note_read(office, clerk.who.clerk, Deed::Read, Some(&conflict.doc.key()))?;
        Ok(Json(conflict))
    })
    .await
}

/// Exactly one of the first five, and what was shown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    take: Option<String>,
    value: Option<String>,
    #[serde(default)]
    both: bool,
    #[serde(default)]
    refused: bool,
    #[serde(default)]
    cleared: bool,
    seen: String,
}

impl Decision {
    fn choice(&mut self) -> Option<Choice> {
        let mut choices = Vec::new();
        choices.extend(self.take.take().map(Choice::Take));
        choices.extend(self.value.take().map(Choice::Value));
        choices.extend(self.both.then_some(Choice::Both));
        choices.extend(self.refused.then_some(Choice::Refused));
        choices.extend(self.cleared.then_some(Choice::Cleared));
        if choices.len() == 1 { choices.pop() } else { None }
    }
}

async fn decide(
    State(edge): State<Edge>,
    clerk: Clerk,
    id: Result<Path<i64>, PathRejection>,
    request: Request,
) -> Result<Json<review::Decided>, Problem> {
    let id = number(id)?;
    let body = edge.body(request, BODY_BYTES_MAX).await?;
    let malformed =
        || Problem::from(Code::Malformed).saying("请给出 take、value、both、refused、cleared 中的一个，和 seen。");
    let mut decision: Decision = serde_json::from_slice(&body).map_err(|_| malformed())?;
    let choice = decision.choice().ok_or_else(malformed)?;
    edge.work(move |office| Ok(Json(review::decide(office, id, choice, Some(&decision.seen), clerk.who.clerk)?))).await
}

async fn undo(
    State(edge): State<Edge>,
    clerk: Clerk,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<review::Decided>, Problem> {
    let id = number(id)?;
    edge.work(move |office| Ok(Json(review::undo(office, id, clerk.who.clerk)?))).await
}

async fn quarantine(
    State(edge): State<Edge>,
    clerk: Clerk,
    query: Result<Query<HeldAsked>, QueryRejection>,
) -> Result<Json<Vec<review::HeldView>>, Problem> {
    let Query(mut asked) = query.map_err(|_| Code::Malformed)?;
    asked.limit = Some(asked.limit.unwrap_or(HELD_PAGE_MAX).min(HELD_PAGE_MAX));
    edge.work(move |office| {
        let list = review::find_quarantine(office, &asked)?;
        note_read(office, clerk.who.clerk, Deed::ReadQuarantine, None)?;
        Ok(Json(list))
    })
    .await
}

async fn export(
    State(edge): State<Edge>,
    clerk: Clerk,
    query: Result<Query<HeldAsked>, QueryRejection>,
) -> Result<Json<review::HeldExport>, Problem> {
    let Query(asked) = query.map_err(|_| Code::Malformed)?;
    edge.work(move |office| Ok(Json(review::export_quarantine(office, &asked, clerk.who.clerk)?))).await
}

async fn release(
    State(edge): State<Edge>,
    clerk: Clerk,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<review::Released>, Problem> {
    let id = number(id)?;
    edge.work(move |office| Ok(Json(review::release(office, id, clerk.who.clerk)?))).await
}

/// Why it is put away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Discard {
    reason: String,
}

async fn discard(
    State(edge): State<Edge>,
    clerk: Clerk,
    id: Result<Path<i64>, PathRejection>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let id = number(id)?;
    let body = edge.body(request, BODY_BYTES_MAX).await?;
    let asked: Option<Discard> = serde_json::from_slice(&body).ok();
    let why = asked.and_then(|d| PutAway::parse(&d.reason)).ok_or_else(|| {
        let known: Vec<&str> = Reason::ALL.iter().map(|r| r.word()).collect();
        Problem::from(Code::Malformed).saying(format!("请给出 reason:{}，或一句话。", known.join("、")))
    })?;
    edge.work(move |office| {
        let reason = why.reason.word();
        review::discard(office, id, why, clerk.who.clerk)?;
        Ok(Json(json!({ "id": id, "state": "discarded", "reason": reason })))
    })
    .await
}

async fn device_list(State(edge): State<Edge>, _clerk: Clerk) -> Result<Json<Vec<devices::DeviceView>>, Problem> {
    edge.work(|office| Ok(Json(devices::devices(office)?))).await
}

async fn door(
    State(edge): State<Edge>,
    clerk: Clerk,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<review::DoorView>, Problem> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    edge.work(move |office| {
        let door = review::door(office, &id)?.ok_or(Code::NotFound)?;
        note_read(office, clerk.who.clerk, Deed::Read, Some(&DocId::from(door.id).key()))?;
        Ok(Json(door))
    })
    .await
}
