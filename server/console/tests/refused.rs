//! Who may open what, and what is refused: every route with every post, other sites, tricks, floods.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::{Console, PASSWORD, encoded};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{Request, StatusCode};
use qiaomen_console::rights::{For, PLACES, Place};
use qiaomen_server::people::Post;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

/// A path of this place, with something in place of its parts.
fn filled(place: &Place) -> String {
    let parts: Vec<&str> = place
        .path
        .split('/')
        .map(|part| match part {
            "{day}" => "2026-09-21",
            part if part.starts_with('{') => "1",
            part => part,
        })
        .collect();
    parts.join("/")
}

#[tokio::test]
async fn every_route_opens_for_the_posts_that_it_is_for_and_for_nobody_else() {
    let console = Console::new();
    let mut browsers = Vec::new();
    for post in Post::ALL {
        browsers.push((post, console.sign_in(post).await));
    }
    for place in PLACES.iter().filter(|p| p.open_to != For::Anybody && p.path != "/live" && p.path != "/sign-out") {
        let path = filled(place);
        let nobody = match place.method {
            "GET" => console.get(&path, "").await,
            _ => console.post(&path, "", &[]).await,
        };
        if place.method == "GET" {
            assert_eq!(nobody.status, StatusCode::SEE_OTHER, "{} {path}", place.method);
            assert!(nobody.headers[LOCATION].to_str().unwrap().starts_with("/sign-in?next="), "{path}");
        } else {
            assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{} {path}", place.method);
        }
        for (post, browser) in &browsers {
            let answer = match place.method {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, &[]).await,
            };
            let what = format!("{} {path} as {}", place.method, post.word());
            if place.open_to.allows(Some(*post)) {
                assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
                assert!(!answer.text().contains("您的岗位"), "{what}");
                assert!(!answer.status.is_server_error(), "{what}: {}", answer.text());
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn every_place_in_the_table_is_a_route_and_stands_there_once() {
    let console = Console::new();
    let mut seen = BTreeSet::new();
    for place in PLACES {
        assert!(seen.insert((place.method, place.path)), "{} {} twice", place.method, place.path);
        // Where there is a route, a method that it does not know is answered by 405.
        let request = Request::patch(filled(place)).header(HOST, "127.0.0.1:8420").body(Body::empty()).unwrap();
        assert_eq!(console.ask(request).await.status, StatusCode::METHOD_NOT_ALLOWED, "{}", place.path);
    }
}

#[tokio::test]
async fn a_form_from_another_site_or_without_its_token_does_nothing() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let day = "/day/2026-09-21/sign";
    let count = || console.town.office.store().read(|tx| tx.day_records(None)).unwrap().len();
    let send = async |origin: Option<&str>, fields: &[(&str, &str)]| {
        let mut request = Request::post(day)
            .header(HOST, "127.0.0.1:8420")
            .header(COOKIE, clerk.cookie())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        console.ask(request.body(Body::from(encoded(fields))).unwrap()).await
    };
    let token = clerk.token().to_owned();
    for origin in ["http://evil.example", "http://127.0.0.1:9999", "https://127.0.0.1.evil.example:8420", "null"] {
        let answer = send(Some(origin), &[("_token", &token)]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{origin}");
        assert!(answer.text().contains("没有受理"), "{origin}");
    }
    for fields in [&[][..], &[("_token", "")], &[("_token", "AAAA")], &[("token", token.as_str())]] {
        let answer = send(Some("http://127.0.0.1:8420"), fields).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{fields:?}");
    }
    assert_eq!(count(), 0);
    // The same form with its token goes through, so that the above was what stopped the others.
    let through = send(None, &[("_token", &token)]).await;
    assert_eq!((through.status, count()), (StatusCode::SEE_OTHER, 1));
}

#[tokio::test]
async fn a_session_s_cookie_is_read_by_no_script_and_sent_by_no_other_site_and_ends_when_one_signs_out() {
    let console = Console::new();
    console.sign_in(Post::Clerk).await;
    let fields = [("login", "the-clerk"), ("password", PASSWORD)];
    let answer = console.post("/sign-in", "", &fields).await;
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let clerk = console.enter("the-clerk").await;
    assert_eq!(clerk.post("/sign-out", &[]).await.to(), "/sign-in");
    assert_eq!(clerk.get("/day/2026-09-21").await.status, StatusCode::SEE_OTHER, "the old cookie opens nothing");
}

#[tokio::test]
async fn nothing_but_the_console_s_own_script_runs_and_no_frame_holds_it() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    for path in ["/day/2026-09-21", "/conflicts", "/no-such-page"] {
        let answer = clerk.get(path).await;
        if answer.status == StatusCode::OK {
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        }
        let page = answer.text();
        assert!(!page.contains("<script>") && !page.contains(" style=") && !page.contains(" onclick="), "{path}");
    }
}

#[tokio::test]
async fn tricks_with_paths_find_nothing() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    for path in [
        "/assets/../community.key",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/day/%2e%2e%2f%2e%2e%2fetc%2fpasswd/record",
        "/conflicts/-1",
        "/conflicts/99999999999999999999",
        "/conflicts/1%00",
        "/quarantine/1%2frelease",
        "//day",
        "/.git/config",
    ] {
        let answer = clerk.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("root:"), "{path}");
    }
}

#[tokio::test]
async fn a_form_larger_than_one_is_refused_before_it_is_read() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let long = "长".repeat(200_000);
    let answer = clerk.post("/day/2026-09-21/reopen", &[("note", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let many: Vec<(&str, &str)> = (0..3_000).map(|_| ("a", "b")).collect();
    assert_eq!(clerk.post("/day/2026-09-21/reopen", &many).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_thousand_wrong_passwords_lock_the_name_and_the_right_one_opens_it_afterwards() {
    let console = Console::new();
    console.sign_in(Post::Clerk).await;
    let mut hashed = 0;
    for n in 0..1_000 {
        let wrong = format!("wrong password {n}");
        let answer = console.post("/sign-in", "", &[("login", "the-clerk"), ("password", &wrong)]).await;
        assert!(answer.headers.get(SET_COOKIE).is_none());
        match answer.status {
            StatusCode::UNAUTHORIZED => hashed += 1,
            StatusCode::TOO_MANY_REQUESTS => assert!(answer.text().contains("请过"), "{}", answer.text()),
            other => panic!("{other}"),
        }
    }
    assert!(hashed < 20, "{hashed} guesses were looked at");
    let right = [("login", "the-clerk"), ("password", PASSWORD)];
    assert_eq!(console.post("/sign-in", "", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    console.town.around.now_ms.fetch_add(24 * 3_600_000, Ordering::SeqCst);
    assert_eq!(console.post("/sign-in", "", &right).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_first_account_is_made_once_with_the_printed_code_and_with_no_other() {
    let console = Console::new();
    let code = qiaomen_console::first_code(&console.town.office).unwrap().unwrap();
    let path = format!("{}{code}", qiaomen_console::FIRST_PATH);
    assert_eq!(console.get("/first/AAAA", "").await.status, StatusCode::NOT_FOUND);
    assert!(console.get(&path, "").await.page().contains("第一个账号"));
    let weak = [("login", "zhaomin"), ("password", "short"), ("again", "short")];
    assert!(console.post(&path, "", &weak).await.text().contains("密码至少"));
    let other = [("login", "zhaomin"), ("password", PASSWORD), ("again", "something else")];
    assert!(console.post(&path, "", &other).await.text().contains("两遍密码不一样"));
    let good = [("login", "zhaomin"), ("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(console.post(&path, "", &good).await.to(), "/");
    assert_eq!(console.post(&path, "", &good).await.status, StatusCode::NOT_FOUND, "once");
    assert_eq!(qiaomen_console::first_code(&console.town.office).unwrap(), None);
}
