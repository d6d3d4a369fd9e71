//! Clerks sign in and out, and show who they are: `Authorization: Bearer <token>`. No cookies: a page
//! from elsewhere that a clerk has open cannot ask in her name.

use super::edge::Edge;
use super::problem::Problem;
use crate::people::{SignedIn, clerks};
use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use qiaomen_proto::error::Code;
use serde::Deserialize;
use serde_json::{Value, json};

/// A name and a password.
const BODY_BYTES_MAX: usize = 4 * 1024;

#[derive(Deserialize)]
struct Asked {
    login: String,
    password: String,
}

/// `POST /v1/office/login`
pub(super) async fn login(State(edge): State<Edge>, request: Request) -> Result<Json<Value>, Problem> {
    let body = edge.body(request, BODY_BYTES_MAX).await?;
    let asked: Asked = serde_json::from_slice(&body).map_err(|_| Code::Malformed)?;
    edge.hash(move |office| {
        let session = clerks::login(office, &asked.login, &asked.password)?;
        Ok(Json(json!({ "token": session.token, "expires_ms": session.expires_ms, "clerk": session.clerk })))
    })
    .await
}

/// `POST /v1/office/logout`
pub(super) async fn logout(State(edge): State<Edge>, clerk: Clerk) -> Result<Json<Value>, Problem> {
    edge.work(move |office| {
        clerks::logout(office, &clerk.token)?;
        Ok(Json(json!({ "ok": true })))
    })
    .await
}

/// Who asks: a clerk whose session runs.
pub(super) struct Clerk {
    pub(super) who: SignedIn,
    token: String,
}

impl FromRequestParts<Edge> for Clerk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|h| h.to_str().ok());
        let token = header.and_then(|h| h.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim().to_owned()).ok_or(Code::SignIn)?;
        edge.work(move |office| {
            let who = clerks::session(office, &token)?.ok_or(Code::SignIn)?;
            if !who.post.is_office() {
                return Err(Problem::from(Code::NotYours));
            }
            Ok(Self { who, token })
        })
        .await
    }
}
