use super::guard::{Admission, cookie_in};
use super::held::House;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as Asked, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::response::Builder;
use axum::http::{HeaderMap, Method as HttpMethod, Response as Answer, StatusCode};
use qiaomen_screens::assets::asset;
use qiaomen_screens::gate;
use qiaomen_screens::request::{FILES_BYTES_MAX, FORM_BYTES_MAX};
use qiaomen_screens::{Method, Request, Response, Settings, Wish};
use std::future::Future;
use std::sync::Arc;
use tokio::net::TcpListener;

/// No script and no style but our own; nothing from elsewhere; in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// It is kept for a year from the last change.
const SETTINGS_KEPT_S: u32 = 365 * 24 * 3600;

/// Serves until the end.
pub(crate) async fn until(
    end: impl Future<Output = ()> + Send + 'static,
    listener: TcpListener,
    house: Arc<House>,
) -> std::io::Result<()> {
    let router = Router::new().fallback(answer).with_state(house);
    axum::serve(listener, router).with_graceful_shutdown(end).await
}

async fn answer(State(house): State<Arc<House>>, asked: Asked) -> Answer<Body> {
    let (head, body) = asked.into_parts();
    let path = head.uri.path();
    let settings = settings(&house, &head.headers);
    if head.method == HttpMethod::GET
        && house.guard.is_called_so(&head.headers)
        && let Some(asset) = asset(path)
    {
        return built(plain(200).header(CONTENT_TYPE, asset.content_type), asset.content.into());
    }
    match house.guard.admits(&head.method, path, &head.headers) {
        Admission::In => {}
        Admission::Begins => {
            let begun = plain(303).header(LOCATION, "/").header(SET_COOKIE, house.guard.cookie());
            return built(begun, Body::empty());
        }
        Admission::Stranger => return told(&house, gate::stranger(settings)),
    }
    let method = match head.method {
        HttpMethod::GET => Method::Get,
        HttpMethod::POST => Method::Post,
        _ => return built(plain(405), Body::empty()),
    };
    let kind = head.headers.get(CONTENT_TYPE).and_then(|t| t.to_str().ok()).unwrap_or_default();
    let in_parts = method == Method::Post && Request::is_in_parts(kind);
    let most = if in_parts { FILES_BYTES_MAX } else { FORM_BYTES_MAX };
    let Ok(body) = to_bytes(body, most).await else { return built(plain(413), Body::empty()) };
    let target = head.uri.path_and_query().map_or(path, |both| both.as_str());
    let request = if in_parts {
        Request::in_parts(target, kind, &body, settings)
    } else {
        std::str::from_utf8(&body).ok().and_then(|body| Request::new(method, target, body, settings))
    };
    let Some(request) = request else { return built(plain(400), Body::empty()) };
    // The device works on files: not on the threads that listen.
    let working = Arc::clone(&house);
    match tokio::task::spawn_blocking(move || working.answer(request)).await {
        Ok(response) => told(&house, response),
        Err(_) => built(plain(500), Body::empty()),
    }
}

fn settings(house: &House, headers: &HeaderMap) -> Settings {
    let cookies = headers.get(COOKIE).and_then(|c| c.to_str().ok()).unwrap_or_default();
    cookie_in(cookies, &house.view_cookie).map(Settings::from_text).unwrap_or_default()
}

/// What every answer says. Nothing is kept by a browser: going back asks again, and shows what holds now.
fn plain(status: u16) -> Builder {
    Answer::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .header(CONTENT_SECURITY_POLICY, POLICY)
        .header(X_FRAME_OPTIONS, "DENY")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(REFERRER_POLICY, "same-origin")
        .header(CACHE_CONTROL, "no-store")
}

/// A name in any language, as RFC 6266 has it in a header; for whoever cannot read that, a plain one that ends alike.
fn saved_as(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let spelt = name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") });
    let ending: String = name.rsplit_once('.').map(|(_, end)| format!(".{end}")).unwrap_or_default();
    let ending = if ending.bytes().all(plain) { ending } else { String::new() };
    format!("attachment; filename=\"file{ending}\"; filename*=UTF-8''{}", spelt.collect::<String>())
}

fn told(house: &House, response: Response) -> Answer<Body> {
    let mut builder = plain(response.status).header(CONTENT_TYPE, response.content_type);
    if let Some(location) = &response.location {
        builder = builder.header(LOCATION, location);
    }
    if let Some(name) = &response.save_as {
        builder = builder.header(CONTENT_DISPOSITION, saved_as(name));
    }
    for wish in &response.wishes {
        if let Wish::Keep(settings) = wish {
            let (name, kept) = (&house.view_cookie, settings.to_text());
            let cookie = format!("{name}={kept}; Path=/; Max-Age={SETTINGS_KEPT_S}; HttpOnly; SameSite=Strict");
            builder = builder.header(SET_COOKIE, cookie);
        }
    }
    built(builder, response.body.into())
}

fn built(builder: Builder, body: Body) -> Answer<Body> {
    // Only a header that is none could fail, and ours are made of our own words and of ids.
    builder.body(body).unwrap_or_else(|_| Answer::new(Body::empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_saved_under_its_name_in_any_language() {
        assert_eq!(saved_as("还-1.qmr"), "attachment; filename=\"file.qmr\"; filename*=UTF-8''%E8%BF%98-1.qmr");
    }
}
