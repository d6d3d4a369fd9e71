//! The edge: the only place that speaks HTTP. It bounds what comes in (size, time, how many at once),
//! hands it to the synchronous core on a bounded pool of threads, and says in permanent codes and in
//! words what went wrong. It decides nothing.

/// What went wrong, as JSON with a fitting status.
pub mod problem;
/// Bodies, bounded in size and time; work, bounded in number.
pub mod edge;
/// Connections, bounded in number and idleness.
mod gate;
/// `POST /v1/enrol`: a device becomes one of ours.
mod enrol;
/// `POST /v1/sync`: a device pushes and pulls.
mod push;
/// `POST /v1/photo`: a device brings a piece of a photo; clerks see photos.
mod photo;
/// Clerks sign in and out, and show who they are.
mod clerk;
/// The clerk's desk: conflicts, what is held back, devices, doors.
mod desk;
/// The clerk's desk: many conflicts at once.
mod bulk;

use crate::office::Office;
use axum::Router;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
pub use edge::{Bounds, Edge};
pub use photo::jpeg_response;
use problem::Problem;
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::enrol::ENROL_PATH;
use qiaomen_proto::wire::photo::PHOTO_PATH;
use qiaomen_proto::wire::push::SYNC_PATH;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower_http::catch_panic::CatchPanicLayer;

/// Where the office listens if nothing else is said: this machine only.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8420";
/// How long requests under way may take to end once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Pages for people that stand beside the interface for programs.
#[derive(Debug)]
pub struct Pages {
    /// Their routes.
    pub router: Router,
    /// What is said where nothing is.
    pub not_found: fn() -> Response,
}

/// Everything that is served.
pub fn router(office: Office, bounds: Bounds) -> Router {
    router_with(Edge::new(office, bounds), None)
}

/// Everything that is served, with pages for people.
pub fn router_with(edge: Edge, pages: Option<Pages>) -> Router {
    let missing = pages.as_ref().map(|p| p.not_found);
    let programs = Router::new()
        .route(ENROL_PATH, post(enrol::enrol))
        .route(SYNC_PATH, post(push::sync))
        .route(PHOTO_PATH, post(photo::piece))
        .route("/v1/health", get(health))
        .nest("/v1/office", desk::routes())
        .fallback(async move |uri: Uri| match missing {
            Some(page) if !uri.path().starts_with("/v1/") => page(),
            _ => Problem::from(Code::NotFound).into_response(),
        })
        .method_not_allowed_fallback(async || {
            Problem::from(Code::NotFound).with_status(StatusCode::METHOD_NOT_ALLOWED).saying("这里不能这样请求。")
        })
        .with_state(edge.clone());
    let all = match pages {
        Some(pages) => programs.merge(pages.router),
        None => programs,
    };
    all.layer(axum::middleware::from_fn_with_state(edge, edge::in_time))
        .layer(CatchPanicLayer::custom(broke_off))
        .layer(axum::middleware::map_response(never_keep))
}

/// Serves until `shutdown` comes true, then lets requests under way end.
pub async fn serve(
    office: Office,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_within(office, listener, Bounds::default(), shutdown).await
}

/// Serves within other bounds.
pub async fn serve_within(
    office: Office,
    listener: TcpListener,
    bounds: Bounds,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_pages(Edge::new(office, bounds), None, listener, shutdown).await
}

/// Serves pages for people too.
pub async fn serve_pages(
    edge: Edge,
    pages: Option<Pages>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let gate = gate::Gate::new(listener, edge.bounds());
    let (told, tell) = oneshot::channel::<()>();
    let stop = async move {
        shutdown.await;
        // Nobody may be waiting for it any more; then there is nobody to tell.
        let _ = told.send(());
    };
    let serving = axum::serve(gate, router_with(edge, pages).into_make_service_with_connect_info::<gate::Peer>())
        .with_graceful_shutdown(stop);
    tokio::select! {
        ended = serving.into_future() => ended,
        () = async {
            // If the server ended by itself the other branch has won.
            let _ = tell.await;
            tokio::time::sleep(GRACE).await;
        } => Ok(()),
    }
}

/// A server that runs beside its caller. It stops when this is dropped.
#[derive(Debug)]
pub struct Serving {
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Serving {
    /// Stops it and waits until requests under way have ended.
    pub async fn stop(mut self) -> std::io::Result<()> {
        self.stop = None;
        self.task.await.unwrap_or_else(|e| Err(std::io::Error::other(e)))
    }
}

/// Serves on `addr` (port 0 takes a free one) beside the caller. The address that it really has.
pub async fn serve_on(office: Office, addr: impl tokio::net::ToSocketAddrs) -> std::io::Result<(SocketAddr, Serving)> {
    serve_on_within(office, addr, Bounds::default()).await
}

/// Serves beside the caller within other bounds.
pub async fn serve_on_within(
    office: Office,
    addr: impl tokio::net::ToSocketAddrs,
    bounds: Bounds,
) -> std::io::Result<(SocketAddr, Serving)> {
    serve_pages_on(Edge::new(office, bounds), None, addr).await
}

/// Serves pages for people too, beside the caller.
pub async fn serve_pages_on(
    edge: Edge,
    pages: Option<Pages>,
    addr: impl tokio::net::ToSocketAddrs,
) -> std::io::Result<(SocketAddr, Serving)> {
    let listener = TcpListener::bind(addr).await?;
    let addr = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(serve_pages(edge, pages, listener, async {
        // A dropped sender says stop as well.
        let _ = stopped.await;
    }));
    Ok((addr, Serving { stop: Some(stop), task }))
}

/// Is it there, and does it answer?
async fn health(
    axum::extract::State(edge): axum::extract::State<Edge>,
) -> Result<axum::Json<serde_json::Value>, Problem> {
    edge.work(|office| {
        office.store().read(|tx| office.versions(tx))?;
        Ok(axum::Json(serde_json::json!({
            "ok": true,
            "community": office.identity().community,
            "wire_version": WIRE_VERSION,
            "now_ms": office.now_ms(),
        })))
    })
    .await
}

fn broke_off(_what: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a request broke off inside");
    Problem::from(Code::Internal).into_response()
}

/// Answers are about people: no cache keeps them.
async fn never_keep(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
