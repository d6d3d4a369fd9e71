//! `POST /v1/sync`: a device pushes what it has not been thanked for and pulls what is new for it.

use super::edge::Edge;
use super::enrol::WIRE_TYPE;
use super::problem::Problem;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use qiaomen_proto::error::Code;
use qiaomen_proto::limits::REQUEST_BYTES_MAX;
use qiaomen_proto::wire::auth::{HEADER, REPLY_HEADER, SignedBy, signature_to_text};
use qiaomen_proto::wire::push::SYNC_PATH;

pub(super) async fn sync(State(edge): State<Edge>, request: Request) -> Result<Response, Problem> {
    let signed = request.headers().get(HEADER).and_then(|h| h.to_str().ok()).and_then(SignedBy::parse);
    let signed = signed.ok_or(Code::NotSigned)?;
    let body = edge.body(request, REQUEST_BYTES_MAX).await?;
    edge.work(move |office| {
        let answer = office.sync(&signed, SYNC_PATH, &body)?;
        let signature = signature_to_text(&answer.signature);
        Ok(([(CONTENT_TYPE.as_str(), WIRE_TYPE), (REPLY_HEADER, signature.as_str())], answer.body).into_response())
    })
    .await
}
