//! Bodies, bounded in size and time; work, bounded in number.

use super::problem::Problem;
use crate::office::Office;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use qiaomen_proto::error::Code;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// What one request may take, and all of them together.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Until the last byte of a body is in. A full body over a link of 20 KB a second takes 50 s.
    pub body_time: Duration,
    /// The whole request, body included.
    pub request_time: Duration,
    /// Until there is room for a request's work; then the office says that it is busy.
    pub wait_time: Duration,
    /// A connection on which nothing comes or goes is closed.
    pub idle_time: Duration,
    /// Until somebody has taken a whole answer. The largest over a link of 20 KB a second takes 200 s.
    pub reply_time: Duration,
    /// Requests worked on at once. They share one commit: more wait for the disk anyway.
    pub work_max: usize,
    /// Passwords hashed at once: each takes 19 MB.
    pub hashes_max: usize,
    /// Open connections.
    pub connections_max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body_time: Duration::from_secs(60),
            request_time: Duration::from_secs(120),
            wait_time: Duration::from_secs(20),
            idle_time: Duration::from_secs(150),
            reply_time: Duration::from_secs(300),
            work_max: 64,
            hashes_max: 4,
            connections_max: 1024,
        }
    }
}

/// What every handler has at hand.
#[derive(Debug, Clone)]
pub struct Edge {
    office: Office,
    bounds: Bounds,
    work: Arc<Semaphore>,
    hashes: Arc<Semaphore>,
}

impl Edge {
    /// For this office, within these bounds.
    pub fn new(office: Office, bounds: Bounds) -> Self {
        let (work, hashes) = (Arc::new(Semaphore::new(bounds.work_max)), Arc::new(Semaphore::new(bounds.hashes_max)));
        Self { office, bounds, work, hashes }
    }

    /// Within which bounds it works.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }
    /// The office.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// The body of a request, at most `bytes_max` of it.
    pub async fn body(&self, mut request: Request, bytes_max: usize) -> Result<Bytes, Problem> {
        let declared = request.headers().get(CONTENT_LENGTH).and_then(|n| n.to_str().ok()?.parse::<u64>().ok());
        if declared.is_some_and(|n| n > u64::try_from(bytes_max).unwrap_or(u64::MAX)) {
            return Err(Code::TooLarge.into());
        }
        DefaultBodyLimit::max(bytes_max).apply(&mut request);
        match tokio::time::timeout(self.bounds.body_time, Bytes::from_request(request, &())).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))) => {
                Err(Code::TooLarge.into())
            }
            Ok(Err(_)) => Err(Code::Malformed.into()),
            Err(_) => Err(too_slow()),
        }
    }

    /// Runs blocking work, when there is room for it.
    pub async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Office) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(&self.work, job).await
    }

    /// Runs work that hashes a password.
    pub async fn hash<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Office) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(&self.hashes, job).await
    }

    async fn run<T: Send + 'static>(
        &self,
        seats: &Arc<Semaphore>,
        job: impl FnOnce(&Office) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let seat = tokio::time::timeout(self.bounds.wait_time, seats.clone().acquire_owned()).await;
        let Ok(Ok(seat)) = seat else { return Err(Code::Busy.into()) };
        let office = self.office.clone();
        let done = tokio::task::spawn_blocking(move || {
            // The seat is given back when the work ends, not when its caller has gone away.
            let _seat = seat;
            job(&office)
        });
        done.await.unwrap_or_else(|_| {
            tracing::error!("a request's work broke off");
            Err(Code::Internal.into())
        })
    }
}

fn too_slow() -> Problem {
    Problem::from(Code::Busy)
        .with_status(StatusCode::REQUEST_TIMEOUT)
        .saying("等得太久，没有等到完整的内容。请到信号好的地方再同步。")
}

/// No request takes for ever.
pub(super) async fn in_time(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(edge.bounds.request_time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => too_slow().into_response(),
    }
}
