//! The console, asked as a browser asks.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{Request, StatusCode};
use qiaomen_server::http::{Bounds, Edge, router_with};
use qiaomen_server::office::Office;
use std::time::{Duration, Instant};
use tower::ServiceExt as _;

const HOST_NAME: &str = "127.0.0.1:8420";

/// Somebody who is signed in.
pub(crate) struct Browser {
    router: Router,
    cookie: String,
    token: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
    /// Where it sends on; empty if nowhere.
    pub(crate) to: String,
    /// From the request to the last byte.
    pub(crate) time: Duration,
    cookie: String,
}

impl Browser {
    pub(crate) async fn signed_in(office: Office, login: &str, password: &str) -> Self {
        let edge = Edge::new(office, Bounds::default());
        let router = router_with(edge.clone(), Some(qiaomen_console::pages(edge)));
        let mut browser = Self { router, cookie: String::new(), token: String::new() };
        browser.cookie = browser.post("/sign-in", &[("login", login), ("password", password)]).await.cookie;
        let page = String::from_utf8(browser.get("/account").await.body).unwrap();
        let (_, rest) = page.split_once("name=\"_token\" value=\"").unwrap();
        browser.token = rest.split_once('"').unwrap().0.to_owned();
        browser
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let begun = Instant::now();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec();
        let time = begun.elapsed();
        let text = |name| headers.get(&name).map_or("", |h: &axum::http::HeaderValue| h.to_str().unwrap()).to_owned();
        let cookie = text(SET_COOKIE).split(';').next().unwrap_or_default().to_owned();
        Answer { status, body, to: text(LOCATION), time, cookie }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(HOST, HOST_NAME).header(COOKIE, &self.cookie);
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    fn posting(&self, path: &str, kind: &str, body: Vec<u8>) -> Request<Body> {
        Request::post(path)
            .header(HOST, HOST_NAME)
            .header(ORIGIN, format!("http://{HOST_NAME}"))
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, kind)
            .header(CONTENT_LENGTH, body.len())
            .body(Body::from(body))
            .unwrap()
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("_token", self.token.as_str())];
        all.extend(fields);
        let body = serde_urlencoded::to_string(all).unwrap().into_bytes();
        self.ask(self.posting(path, "application/x-www-form-urlencoded", body)).await
    }

    /// Sends a file, which has to be taken.
    pub(crate) async fn upload(&self, path: &str, field: &str, bytes: &[u8]) -> Answer {
        const BOUNDARY: &str = "----qiaomen";
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\n{}\r\n--{BOUNDARY}\r\n\
             Content-Disposition: form-data; name=\"{field}\"; filename=\"file\"\r\n\r\n",
            self.token
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let answer = self.ask(self.posting(path, &kind, body)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer
    }

    /// The first address on a page that leads to one thing under `below`.
    pub(crate) async fn first(&self, page: &str, below: &str) -> String {
        let text = String::from_utf8(self.get(page).await.body).unwrap();
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(link, _)| link);
        let one =
            |link: &&str| link.strip_prefix(below).is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()));
        let found = links.filter(|link| link.starts_with(below)).find(one);
        found.expect("a list with something in it").replace("&amp;", "&")
    }

    /// The address of a place, with something real for each of its holes: the first that its list leads to.
    pub(crate) async fn real(&self, path: &str) -> String {
        let Some((below, rest)) = path.split_once('{') else { return path.to_owned() };
        let list = match below {
            "/ledger/doors/" => "/ledger",
            _ => below.trim_end_matches('/'),
        };
        let found = self.first(list, below).await;
        let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
        let found = found.split(['?', '#']).next().unwrap_or_default();
        if found.ends_with(after) { found.to_owned() } else { format!("{found}{after}") }
    }
}
