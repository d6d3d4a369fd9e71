//! An office with a console in front of it, asked as a browser asks.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "used by several tests, in part")]

#[path = "../../../tests/support/phone.rs"]
pub(crate) mod phone;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use phone::Town;
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_server::http::{Bounds, Edge, router_with};
use qiaomen_server::people::{Post, clerks};
use tower::ServiceExt as _;

const HOST_NAME: &str = "127.0.0.1:8420";
pub(crate) const PASSWORD: &str = "腊八蒜 2026 春";
/// An answer of a page at most.
const PAGE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The console of a town's office.
pub(crate) struct Console {
    pub(crate) town: Town,
    pub(crate) router: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The page, which has to have been shown.
    pub(crate) fn page(&self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", String::from_utf8_lossy(&self.body));
        self.text()
    }
    /// Where the answer sends on.
    pub(crate) fn to(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", String::from_utf8_lossy(&self.body));
        self.headers[LOCATION].to_str().unwrap().to_owned()
    }
}

/// A browser in which somebody is signed in.
pub(crate) struct Browser<'c> {
    console: &'c Console,
    cookie: String,
    token: String,
}

impl Console {
    pub(crate) fn new() -> Self {
        Self::of(Town::new())
    }
    pub(crate) fn of(town: Town) -> Self {
        let edge = Edge::new(town.office.clone(), Bounds::default());
        let router = router_with(edge.clone(), Some(qiaomen_console::pages(edge)));
        Self { town, router }
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), PAGE_BYTES_MAX).await.unwrap().to_vec();
        Answer { status, headers, body }
    }
    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(HOST, HOST_NAME).header(COOKIE, cookie).body(Body::empty()).unwrap();
        self.ask(request).await
    }
    pub(crate) async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header(HOST, HOST_NAME)
            .header(ORIGIN, format!("http://{HOST_NAME}"))
            .header(COOKIE, cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encoded(fields)))
            .unwrap();
        self.ask(request).await
    }

    /// Sends a form with a file, as a browser does.
    pub(crate) async fn upload(&self, path: &str, cookie: &str, token: &str, field: &str, bytes: &[u8]) -> Answer {
        const BOUNDARY: &str = "----qiaomen";
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\n{token}\r\n--{BOUNDARY}\r\n\
             Content-Disposition: form-data; name=\"{field}\"; filename=\"book.xlsx\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post(path)
            .header(HOST, HOST_NAME)
            .header(ORIGIN, format!("http://{HOST_NAME}"))
            .header(COOKIE, cookie)
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .header(CONTENT_LENGTH, body.len())
            .body(Body::from(body))
            .unwrap();
        self.ask(request).await
    }

    /// Somebody new in this post, signed in. A grid leader has the first grid; a coordinator the department 房管.
    pub(crate) async fn sign_in(&self, post: Post) -> Browser<'_> {
        let login = format!("the-{}", post.word());
        let worker = match post {
            Post::GridLeader => Some(self.town.phone(90, Role::GridLeader, 0).by.worker),
            Post::Coordinator => Some(self.coordinator("房管")),
            _ => None,
        };
        clerks::add_in_post(&self.town.office, &login, PASSWORD, post, worker, None).unwrap();
        self.enter(&login).await
    }
    pub(crate) async fn enter(&self, login: &str) -> Browser<'_> {
        let answer = self.post("/sign-in", "", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut browser = Browser { console: self, cookie, token: String::new() };
        // Any page of the console carries the token of its forms: the one to sign out is on all of them.
        let refused = browser.get("/no-such-page").await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        for path in ["/account"] {
            let answer = browser.get(path).await;
            if let Some(token) = token_in(&answer.text()) {
                browser.token = token;
                return browser;
            }
        }
        panic!("no page with a form");
    }
    fn coordinator(&self, department: &str) -> WorkerId {
        let worker = WorkerId::from_bytes([91; 16]);
        self.town.phone(91, Role::Coordinator, 0);
        let department = department.to_owned();
        self.town
            .office
            .store()
            .write(move |tx| -> Result<(), qiaomen_server::store::StoreError> {
                tx.set_department(worker, Some(&department))
            })
            .unwrap();
        worker
    }
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.console.get(path, &self.cookie).await
    }
    /// Sends a form of the console's own.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("_token", self.token.as_str())];
        all.extend(fields);
        self.console.post(path, &self.cookie, &all).await
    }
    /// Sends a form with a file.
    pub(crate) async fn upload(&self, path: &str, field: &str, bytes: &[u8]) -> Answer {
        self.console.upload(path, &self.cookie, &self.token, field, bytes).await
    }
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }
    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}

fn token_in(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"_token\" value=\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}
