//! A form that brings a file: bounded before it is read, held to the token of its session as every form is.

use crate::desk::Desk;
use crate::fields::{Fields, own_page};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use futures_util::StreamExt as _;
use qiaomen_proto::error::Code;

/// Parts of one form at most.
const PARTS_MAX: usize = 16;
/// What a form has around its file: names, boundaries, the token.
pub(crate) const AROUND_BYTES_MAX: usize = 64 * 1024;
/// Of a file that is too large this many times the limit is read and forgotten, so that the browser comes to read
/// the answer; it does not while it sends.
const READ_ALL_THE_SAME: usize = 4;

/// What such a form sent.
#[derive(Debug)]
pub(crate) struct Upload {
    fields: Fields,
    files: Vec<(String, Bytes)>,
}

impl Upload {
    /// Reads a form with a file, of at most so many bytes in all.
    pub(crate) async fn of(desk: &Desk, who: &Who, request: Request, bytes_max: usize) -> Result<Self, Refusal> {
        own_page(&request)?;
        let declared = request.headers().get(CONTENT_LENGTH).and_then(|n| n.to_str().ok()?.parse::<usize>().ok());
        if declared.is_some_and(|n| n > bytes_max) {
            let reading = forget(request.into_body(), bytes_max.saturating_mul(READ_ALL_THE_SAME));
            // However it ends, the answer is the same.
            let _ = tokio::time::timeout(desk.edge.bounds().body_time, reading).await;
            return Err(too_large(bytes_max));
        }
        let kind = request.headers().get(CONTENT_TYPE).cloned().ok_or(Code::Malformed)?;
        let body = desk.edge.body(request, bytes_max).await.map_err(|problem| match problem.code() {
            Code::TooLarge => too_large(bytes_max),
            _ => problem.into(),
        })?;
        let mut whole = Request::new(Body::from(body));
        whole.headers_mut().insert(CONTENT_TYPE, kind);
        DefaultBodyLimit::max(bytes_max).apply(&mut whole);
        let mut parts = Multipart::from_request(whole, &()).await.map_err(|_| Code::Malformed)?;
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(|_| Code::Malformed)? {
            if fields.len() + files.len() >= PARTS_MAX {
                return Err(Code::TooLarge.into());
            }
            let name = part.name().unwrap_or_default().to_owned();
            if part.file_name().is_some() {
                files.push((name, part.bytes().await.map_err(|_| Code::Malformed)?));
            } else {
                fields.push((name, part.text().await.map_err(|_| Code::Malformed)?));
            }
        }
        Ok(Self { fields: Fields::held_to(who, fields)?, files })
    }
    /// The fields beside the file.
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }
    /// The file of a field; none where nobody chose one.
    pub(crate) fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.iter().find(|(n, _)| n == name).map(|(_, bytes)| bytes).filter(|bytes| !bytes.is_empty())
    }
}

fn too_large(bytes_max: usize) -> Refusal {
    let mb = bytes_max / (1024 * 1024);
    let sentence =
        format!("这个文件太大，最多只能读 {mb} MB，没有受理。通常是因为里面贴了照片；请删去照片，或分成几个文件。");
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
