//! Who may open or do what: one table, through which every request passes. A route that is not in it is nobody's.

use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::session::{Who, token_in};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::COOKIE;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use qiaomen_proto::error::Code;
use qiaomen_server::people::{Post, clerks};

/// Whom a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Whoever comes.
    Anybody,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever sees the ledger: everybody but a department's coordinator.
    Ledger,
    /// Whoever hands the ledger out: the office, and a grid leader that of her own grids.
    Keepers,
    /// Whoever reads everything: the office and a supervisor.
    Readers,
    /// Whoever does the office's work.
    Office,
    /// Whoever works on matters: the office, and a department's coordinator.
    Matters,
    /// Whoever looks after people and settings.
    Admin,
    /// Whoever may see what others did: who looks after people, and a supervisor.
    Audit,
}

impl For {
    /// Whether somebody in this post may; `None` is nobody in particular.
    pub fn allows(self, post: Option<Post>) -> bool {
        let Some(post) = post else { return self == For::Anybody };
        match self {
            For::Anybody | For::SignedIn => true,
            For::Ledger => post != Post::Coordinator,
            For::Keepers => post.is_office() || post == Post::GridLeader,
            For::Readers => post.is_office() || post == Post::Supervisor,
            For::Office => post.is_office(),
            For::Matters => post.is_office() || post == Post::Coordinator,
            For::Admin => post == Post::Admin,
            For::Audit => matches!(post, Post::Admin | Post::Supervisor),
        }
    }
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As it is matched.
    pub path: &'static str,
    /// Whom it is for.
    pub open_to: For,
}

const fn get(path: &'static str, open_to: For) -> Place {
    Place { method: "GET", path, open_to }
}
const fn post(path: &'static str, open_to: For) -> Place {
    Place { method: "POST", path, open_to }
}

/// Every route of the console.
pub const PLACES: &[Place] = &[
    get("/sign-in", For::Anybody),
    post("/sign-in", For::Anybody),
    get("/first/{code}", For::Anybody),
    post("/first/{code}", For::Anybody),
    post("/sign-out", For::SignedIn),
    get("/", For::SignedIn),
    get("/live", For::SignedIn),
    get("/day", For::SignedIn),
    get("/day/{day}", For::Ledger),
    post("/day/{day}/sign", For::Office),
    post("/day/{day}/reopen", For::Office),
    get("/day/{day}/record", For::Readers),
    get("/day/{day}/record.json", For::Readers),
    get("/days", For::Readers),
    get("/conflicts", For::Ledger),
    get("/conflicts/parallel", For::Readers),
    get("/conflicts/rule", For::Office),
    post("/conflicts/rule", For::Office),
    post("/conflicts/rule/decide", For::Office),
    post("/conflicts/rule/{id}/undo", For::Office),
    get("/conflicts/{id}", For::Ledger),
    post("/conflicts/{id}/decide", For::Office),
    post("/conflicts/{id}/undo", For::Office),
    get("/ledger", For::Ledger),
    post("/ledger/export", For::Keepers),
    post("/ledger/views", For::Office),
    post("/ledger/views/{id}/delete", For::Office),
    get("/ledger/residents", For::Ledger),
    post("/ledger/residents", For::Ledger),
    get("/ledger/doors/{id}", For::Ledger),
    post("/ledger/doors/{id}/reveal", For::Ledger),
    get("/quarantine", For::Readers),
    post("/quarantine/{id}/release", For::Office),
    post("/quarantine/{id}/discard", For::Office),
    get("/map", For::Ledger),
    get("/map/export", For::Ledger),
    get("/map/import", For::Office),
    post("/map/import", For::Office),
    get("/map/import/check", For::Office),
    post("/map/import/put", For::Office),
    post("/map/import/drop", For::Office),
    post("/map/clear", For::Office),
    get("/overview", For::Ledger),
    get("/duplicates", For::Readers),
    get("/duplicates/done", For::Readers),
    get("/duplicates/{kind}/{a}/{b}", For::Readers),
    post("/duplicates/{kind}/{a}/{b}/reveal", For::Readers),
    post("/duplicates/{kind}/{a}/{b}/link", For::Office),
    post("/duplicates/{kind}/{a}/{b}/unlink", For::Office),
    post("/duplicates/{kind}/{a}/{b}/dismiss", For::Office),
    post("/duplicates/{kind}/{a}/{b}/reconsider", For::Office),
    post("/duplicates/{kind}/{a}/{b}/reopen", For::Office),
    get("/people", For::Ledger),
    get("/people/export", For::Readers),
    get("/people/{id}", For::Ledger),
    post("/people/{id}/reveal", For::Ledger),
    post("/people/{id}/give", For::Admin),
    post("/people/{id}/take", For::Admin),
    post("/people/{id}/enrol", For::Admin),
    post("/people/{id}/withdraw", For::Admin),
    get("/people/{id}/code/{kept}", For::Admin),
    get("/enrol", For::Admin),
    post("/enrol", For::Admin),
    get("/trainings", For::Readers),
    post("/trainings", For::Office),
    get("/trainings/new", For::Office),
    get("/trainings/{id}", For::Readers),
    post("/trainings/{id}", For::Office),
    post("/trainings/{id}/remove", For::Office),
    get("/devices", For::Ledger),
    get("/devices/{id}/revoke", For::Admin),
    post("/devices/{id}/revoke", For::Admin),
    get("/accounts", For::Admin),
    post("/accounts", For::Admin),
    get("/accounts/{id}", For::Admin),
    post("/accounts/{id}/password", For::Admin),
    post("/accounts/{id}/post", For::Admin),
    post("/accounts/{id}/remove", For::Admin),
    get("/account", For::SignedIn),
    post("/account", For::SignedIn),
    get("/audit", For::Audit),
    get("/audit/check", For::Audit),
    get("/audit/export", For::Audit),
    get("/settings", For::Admin),
    get("/import", For::Office),
    post("/import", For::Office),
    get("/import/{kept}", For::Office),
    post("/import/{kept}/columns", For::Office),
    post("/import/{kept}/run", For::Office),
    post("/import/{kept}/drop", For::Office),
    get("/tickets", For::SignedIn),
    get("/tickets/new", For::Office),
    post("/tickets/new", For::Office),
    get("/tickets/joint", For::SignedIn),
    get("/tickets/terms", For::Admin),
    post("/tickets/terms", For::Admin),
    get("/tickets/{id}", For::SignedIn),
    get("/tickets/{id}/slip", For::SignedIn),
    get("/tickets/{id}/photos/{hash}", For::SignedIn),
    post("/tickets/{id}/steps/{step}", For::Matters),
];

/// The place of a request.
pub fn place(method: &Method, path: &str) -> Option<&'static Place> {
    // What is asked for with HEAD is what GET would show.
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    PLACES.iter().find(|p| p.method == method && p.path == path)
}

/// Whether somebody may do or open this.
pub(crate) fn may(who: &Who, method: &Method, path: &str) -> bool {
    place(method, path).is_some_and(|p| p.open_to.allows(Some(who.signed_in.post)))
}

/// Lets a request through to a page that is for whoever asks.
pub(crate) async fn guard(State(desk): State<Desk>, path: MatchedPath, mut request: Request, next: Next) -> Response {
    let Some(place) = place(request.method(), path.as_str()) else {
        if PLACES.iter().any(|p| p.path == path.as_str()) {
            let said = Refusal::saying(Code::NotFound, "这里不能这样请求。").into_response();
            return (StatusCode::METHOD_NOT_ALLOWED, said).into_response();
        }
        tracing::error!(path = path.as_str(), "a route stands in no table");
        return Refusal::from(Code::NotYours).into_response();
    };
    let cookies = request.headers().get(COOKIE).and_then(|h| h.to_str().ok());
    let token = cookies.and_then(token_in).map(str::to_owned);
    let who = match token {
        None => None,
        Some(token) => {
            let asked = desk.work(move |office| Ok(clerks::session(office, &token)?.map(|who| Who::new(who, token))));
            match asked.await {
                Ok(who) => who,
                Err(refusal) => return refusal.into_response(),
            }
        }
    };
    if !place.open_to.allows(who.as_ref().map(|w| w.signed_in.post)) {
        return match who {
            Some(_) => Refusal::from(Code::NotYours).into_response(),
            None if place.method == "GET" => {
                let next = request.uri().path_and_query().map_or("/", |p| p.as_str());
                Refusal::sign_in(next).into_response()
            }
            None => Refusal::from(Code::SignIn).back("/sign-in").into_response(),
        };
    }
    if let Some(who) = who {
        request.extensions_mut().insert(who);
    }
    next.run(request).await
}
