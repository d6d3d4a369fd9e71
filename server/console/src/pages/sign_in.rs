use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::bare;
use crate::refusal::Refusal;
use crate::session::{Who, cookie, no_cookie};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, http};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::people::clerks::{self, SESSION_LIFE_MS};
use serde::Deserialize;

/// Where to go on afterwards.
#[derive(Debug, Deserialize, Default)]
pub(crate) struct Next {
    next: Option<String>,
}

pub(crate) async fn show(State(desk): State<Desk>, next: Result<Query<Next>, QueryRejection>) -> Markup {
    let next = next.ok().and_then(|Query(n)| n.next);
    form(&desk.edge.office().identity().community, "", next.as_deref(), None)
}

fn form(community: &str, login: &str, next: Option<&str>, wrong: Option<&str>) -> Markup {
    bare(
        "登录",
        html! {
            main.door {
                form.card method="post" action="/sign-in" {
                    h1 { "敲门" small { (community) } }
                    @if let Some(wrong) = wrong { p.refusal role="alert" { (wrong) } }
                    label { "用户名" input name="login" value=(login) required autocomplete="username" autofocus[login.is_empty()]; }
                    label { "密码" input name="password" type="password" required autocomplete="current-password" autofocus[!login.is_empty()]; }
                    @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                    button type="submit" { "登录" }
                    p.hint { "忘了密码，请找管理员重设。" }
                }
            }
        },
    )
}

pub(crate) async fn sign_in(State(desk): State<Desk>, request: Request) -> Result<Response, Refusal> {
    let fields = Fields::open(&desk, request).await?;
    let login = fields.get("login").unwrap_or_default().to_owned();
    let password = fields.get("password").unwrap_or_default().to_owned();
    let next = fields.get("next").map(str::to_owned);
    let name = login.clone();
    let session = desk.edge.hash(move |office| Ok(clerks::login(office, &name, &password)?)).await;
    match session {
        Ok(session) => Ok(enter(&session.token, &inside(next.as_deref()))),
        Err(problem) if matches!(problem.code(), Code::SignIn | Code::TooMany) => {
            let community = &desk.edge.office().identity().community;
            let page = form(community, &login, next.as_deref(), Some(problem.sentence()));
            Ok((problem.status(), page).into_response())
        }
        Err(problem) => Err(problem.into()),
    }
}

pub(crate) async fn sign_out(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Response, Refusal> {
    Fields::of(&desk, &who, request).await?;
    desk.work(move |office| Ok(clerks::logout(office, who.token())?)).await?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/sign-in".to_owned()), (SET_COOKIE, no_cookie())]).into_response())
}

/// Goes on with a new session.
pub(super) fn enter(token: &str, to: &str) -> Response {
    let cookie = cookie(token, SESSION_LIFE_MS / 1000);
    let to = http::HeaderValue::from_str(to).unwrap_or(http::HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie)], [(LOCATION, to)]).into_response()
}

/// Only pages of the console: a link from elsewhere must not send anybody on.
fn inside(next: Option<&str>) -> String {
    next.filter(|n| n.starts_with('/') && !n.starts_with("//") && !n.contains('\\') && !n.contains(char::is_control))
        .unwrap_or("/")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn one_goes_on_to_a_page_of_the_console_and_nowhere_else() {
        assert_eq!(inside(Some("/conflicts?grid=1")), "/conflicts?grid=1");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", ""] {
            assert_eq!(inside(Some(elsewhere)), "/", "{elsewhere}");
        }
    }
}
