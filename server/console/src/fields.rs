use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::session::Who;
use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use qiaomen_proto::error::Code;

/// A form, bounded.
const FORM_BYTES_MAX: usize = 256 * 1024;
/// Fields of one form at most.
const FIELDS_MAX: usize = 2_000;
/// Name of the field that carries the session's second token.
pub(crate) const TOKEN: &str = "_token";

/// Whether a page of another site sent this.
fn from_elsewhere(request: &Request) -> bool {
    let header = |name| request.headers().get(name).and_then(|h| h.to_str().ok());
    match (header(ORIGIN), header(HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").map(|(_, rest)| rest) != Some(host),
        _ => false,
    }
}

/// Refuses what a page of another site sent.
pub(crate) fn own_page(request: &Request) -> Result<(), Refusal> {
    if from_elsewhere(request) {
        return Err(Refusal::saying(Code::NotSigned, "这个请求不是从控制台自己的页面来的，没有受理。"));
    }
    Ok(())
}

/// Refuses a form that does not carry the second token of the session.
fn own_form(who: &Who, told: &str) -> Result<(), Refusal> {
    // Compared as hashes: how long it takes says nothing about where they differ.
    if blake3::hash(told.as_bytes()) != blake3::hash(who.form_token().as_bytes()) {
        return Err(Refusal::saying(Code::NotSigned, "这一页放得太久了，或不是从控制台提交的。请返回刷新后再试。"));
    }
    Ok(())
}

/// What a form sent.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads the form of somebody who is signed in. Only the console's own forms are read.
    pub(crate) async fn of(desk: &Desk, who: &Who, request: Request) -> Result<Self, Refusal> {
        Self::held_to(who, Self::open(desk, request).await?.0)
    }

    /// These fields, if they carry the second token of somebody's session.
    pub(crate) fn held_to(who: &Who, list: Vec<(String, String)>) -> Result<Self, Refusal> {
        let fields = Self(list);
        own_form(who, fields.get(TOKEN).unwrap_or_default())?;
        Ok(fields)
    }

    /// Reads a form of somebody who is not signed in yet.
    pub(crate) async fn open(desk: &Desk, request: Request) -> Result<Self, Refusal> {
        own_page(&request)?;
        let body = desk.edge.body(request, FORM_BYTES_MAX).await?;
        let list: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).map_err(|_| Code::Malformed)?;
        if list.len() > FIELDS_MAX {
            return Err(Code::TooLarge.into());
        }
        Ok(Self(list))
    }

    /// The first value of a field, without blanks around it; none where it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }
    /// Every value of a field that may stand there several times.
    pub(crate) fn every(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }
    /// A field that has to be filled in; `label` is what people call it.
    pub(crate) fn needed(&self, name: &str, label: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::saying(Code::ValueForm, format!("请填写{label}。")))
    }
}
