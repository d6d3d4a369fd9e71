use crate::desk::Desk;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::time::Duration;

/// How often it is looked whether the book has changed.
const LOOK: Duration = Duration::from_secs(1);
/// A sign of life, so that a proxy does not close a quiet line.
const QUIET_MAX: u32 = 20;
/// Looks until the line is closed and opened anew by the page: a line that nobody reads ends by itself.
const LOOKS_MAX: u32 = 240;

/// `GET /live`: says `changed` whenever the book has changed. It says nothing of what has changed: the page asks
/// for itself again, with the rights of whoever looks at it.
pub(crate) async fn live(State(desk): State<Desk>) -> Response {
    let stream = unfold((desk, None::<[i64; 5]>, 0_u32, 0_u32), async |(desk, seen, quiet, looks)| {
        let (mut quiet, mut looks) = (quiet, looks);
        loop {
            if looks >= LOOKS_MAX {
                return None;
            }
            looks += 1;
            let now = desk.work(|office| Ok(office.store().read(|tx| tx.stir())?)).await.ok();
            if let Some(now) = now {
                match seen {
                    None => return Some((said("ready"), (desk, Some(now), 0, looks))),
                    Some(seen) if seen != now => return Some((said("changed"), (desk, Some(now), 0, looks))),
                    Some(_) => {}
                }
            }
            quiet += 1;
            if quiet >= QUIET_MAX {
                return Some((Ok(Bytes::from_static(b": \n\n")), (desk, seen, 0, looks)));
            }
            tokio::time::sleep(LOOK).await;
        }
    });
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(stream)).into_response()
}

fn said(event: &str) -> Result<Bytes, Infallible> {
    Ok(Bytes::from(format!("event: {event}\ndata: \n\n")))
}
