//! `POST /v1/photo`: a device brings a piece of a photo. And for clerks: the photos of a matter, and one of them.

use super::clerk::Clerk;
use super::edge::Edge;
use super::enrol::WIRE_TYPE;
use super::problem::Problem;
use crate::people::Sight;
use crate::photos::{self, PhotoView, REQUEST_BYTES_MAX};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::TicketId;
use qiaomen_proto::wire::auth::{HEADER, REPLY_HEADER, SignedBy, signature_to_text};
use qiaomen_proto::wire::photo::PHOTO_PATH;

pub(super) async fn piece(State(edge): State<Edge>, request: Request) -> Result<Response, Problem> {
    let signed = request.headers().get(HEADER).and_then(|h| h.to_str().ok()).and_then(SignedBy::parse);
    let signed = signed.ok_or(Code::NotSigned)?;
    let body = edge.body(request, REQUEST_BYTES_MAX).await?;
    edge.work(move |office| {
        let answer = office.photo_piece(&signed, PHOTO_PATH, &body)?;
        let signature = signature_to_text(&answer.signature);
        Ok(([(CONTENT_TYPE.as_str(), WIRE_TYPE), (REPLY_HEADER, signature.as_str())], answer.body).into_response())
    })
    .await
}

fn ticket_of(id: &str) -> Result<TicketId, Problem> {
    id.parse().map_err(|_| Code::NotFound.into())
}

/// `GET /v1/office/tickets/{id}/photos`
pub(super) async fn list(
    State(edge): State<Edge>,
    _clerk: Clerk,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Vec<PhotoView>>, Problem> {
    let Path(id) = path.map_err(|_| Code::NotFound)?;
    let ticket = ticket_of(&id)?;
    edge.work(move |office| {
        let list = photos::photos(office, ticket, &Sight::default())?;
        Ok(Json(list.ok_or(Code::NotFound)?))
    })
    .await
}

/// `GET /v1/office/tickets/{id}/photos/{hash}`
pub(super) async fn one(
    State(edge): State<Edge>,
    clerk: Clerk,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Problem> {
    let Path((id, hash)) = path.map_err(|_| Code::NotFound)?;
    let ticket = ticket_of(&id)?;
    edge.work(move |office| {
        let jpeg = photos::photo(office, ticket, &hash, &Sight::default())?.ok_or(Code::NotFound)?;
        photos::look_at(office, clerk.who.clerk, ticket)?;
        Ok(jpeg_response(jpeg))
    })
    .await
}

/// A picture, and nothing that could be run.
pub fn jpeg_response(jpeg: Vec<u8>) -> Response {
    let headers = [(CONTENT_TYPE, "image/jpeg"), (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")];
    (headers, jpeg).into_response()
}
