//! `POST /v1/enrol`: a device becomes one of ours. The only request that nobody signs; the one-time
//! code speaks for it.

use super::edge::Edge;
use super::gate::Peer;
use super::problem::Problem;
use crate::people::enrol_device_from;
use crate::people::source::Source;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::enrol::EnrolRequest;
use qiaomen_proto::wire::envelope::{pack, unpack};

/// A request is two keys and a code.
const BODY_BYTES_MAX: usize = 4 * 1024;
/// What bodies of the wire are.
pub(super) const WIRE_TYPE: &str = "application/octet-stream";
/// In which a proxy says for whom it speaks.
const FORWARDED_FOR: &str = "x-forwarded-for";

pub(super) async fn enrol(State(edge): State<Edge>, request: Request) -> Result<Response, Problem> {
    let source = source_of(&request);
    let body = edge.body(request, BODY_BYTES_MAX).await?;
    edge.work(move |office| {
        let request: EnrolRequest = unpack(&body, BODY_BYTES_MAX).map_err(|_| Code::Malformed)?;
        let reply = enrol_device_from(office, request, source)?;
        Ok(([(CONTENT_TYPE, WIRE_TYPE)], pack(&reply)).into_response())
    })
    .await
}

/// From where somebody asks, as far as the connection says.
fn source_of(request: &Request) -> Option<Source> {
    let ConnectInfo(Peer(peer)) = request.extensions().get::<ConnectInfo<Peer>>()?;
    // A proxy writes its own word behind what came.
    let forwarded = request.headers().get_all(FORWARDED_FOR).iter().next_back();
    Source::behind(*peer, forwarded.and_then(|value| value.to_str().ok()))
}
