//! A form that brings a file: bounded before it is read, held to the token of its session as every form is.

use crate::desk::Desk;
use crate::fields::{Fields, from_elsewhere};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use qiaomen_proto::error::Code;

/// Parts of one form at most.
const PARTS_MAX: usize = 16;
/// What a form has around its file: names, boundaries, the token.
pub(crate) const AROUND_BYTES_MAX: usize = 16 * 1024;

/// What such a form sent.
#[derive(Debug)]
pub(crate) struct Upload {
    fields: Fields,
    files: Vec<(String, Bytes)>,
}

impl Upload {
    /// Reads a form with a file, of at most so many bytes in all.
    pub(crate) async fn of(desk: &Desk, who: &Who, request: Request, bytes_max: usize) -> Result<Self, Refusal> {
        if from_elsewhere(&request) {
            return Err(Refusal::saying(Code::NotSigned, "这个请求不是从控制台自己的页面来的,没有受理。"));
        }
        let kind = request.headers().get(CONTENT_TYPE).cloned().ok_or(Code::Malformed)?;
        let body = desk.edge.body(request, bytes_max).await?;
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
