//! A file that a form sends: bounded in size and time, from a form of the console's own.

use crate::desk::Desk;
use crate::fields::{TOKEN, own_form, own_page};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use futures_util::StreamExt as _;
use qiaomen_proto::error::Code;

/// What stands around the file: boundaries, the token, names.
const AROUND_BYTES_MAX: usize = 64 * 1024;
/// Parts of a form at most.
const PARTS_MAX: usize = 16;
/// Of a file that is too large this many times the limit is read and forgotten, so that the browser comes to read
/// the answer; it does not while it sends.
const READ_ALL_THE_SAME: usize = 4;

/// The file in a field of a form; none if none was chosen. `bytes_max` bounds it.
pub(crate) async fn file(
    desk: &Desk,
    who: &Who,
    request: Request,
    field: &str,
    bytes_max: usize,
) -> Result<Option<Bytes>, Refusal> {
    own_page(&request)?;
    let all_max = bytes_max.saturating_add(AROUND_BYTES_MAX);
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|n| n.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|n| n > all_max) {
        let time = desk.edge.bounds().body_time;
        // However it ends, the answer is the same.
        let _ =
            tokio::time::timeout(time, forget(request.into_body(), all_max.saturating_mul(READ_ALL_THE_SAME))).await;
        return Err(too_large(bytes_max));
    }
    let form = request.headers().get(CONTENT_TYPE).cloned();
    let body = desk.edge.body(request, all_max).await.map_err(|problem| match problem.code() {
        Code::TooLarge => too_large(bytes_max),
        _ => problem.into(),
    })?;
    let mut whole = Request::new(Body::from(body));
    whole.headers_mut().extend(form.map(|form| (CONTENT_TYPE, form)));
    DefaultBodyLimit::max(all_max).apply(&mut whole);
    let mut parts = Multipart::from_request(whole, &()).await.map_err(|_| Code::Malformed)?;
    let (mut token, mut file) = (None, None);
    for _ in 0..PARTS_MAX {
        let Some(part) = parts.next_field().await.map_err(|_| Code::Malformed)? else { break };
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| Code::Malformed)?;
        if name == TOKEN {
            token = String::from_utf8(bytes.to_vec()).ok();
        } else if name == field {
            file = Some(bytes);
        }
    }
    own_form(who, token.as_deref().unwrap_or_default())?;
    if file.as_ref().is_some_and(|file| file.len() > bytes_max) {
        return Err(too_large(bytes_max));
    }
    Ok(file.filter(|file| !file.is_empty()))
}

fn too_large(bytes_max: usize) -> Refusal {
    let mb = bytes_max / (1024 * 1024);
    let sentence =
        format!("这个文件太大,最多只能读 {mb} MB,没有受理。通常是因为表里贴了照片;请删去照片,或分成几个文件。");
    Refusal::saying(Code::TooLarge, sentence)
}

async fn forget(body: Body, bytes_max: usize) {
    let mut stream = body.into_data_stream();
    let mut read = 0_usize;
    while let Some(Ok(chunk)) = stream.next().await {
        read = read.saturating_add(chunk.len());
        if read > bytes_max {
            return;
        }
    }
}
