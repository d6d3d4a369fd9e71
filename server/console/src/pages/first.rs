//! The first person. A new office has nobody who may sign in: when it starts serving it prints an address that
//! works once, and whoever opens it makes the first account.

use super::sign_in::enter;
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::bare;
use crate::refusal::Refusal;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::clerks::{self, PASSWORD_CHARACTERS_MIN};
use qiaomen_server::people::{SignInError, first};

/// Where the page stands; the code follows.
pub const FIRST_PATH: &str = "/first/";

/// A code for the first person, if there is nobody yet. An earlier one no longer works.
pub fn first_code(office: &Office) -> Result<Option<String>, OfficeError> {
    first::code(office)
}

pub(crate) async fn show(State(desk): State<Desk>, Path(code): Path<String>) -> Result<Markup, Refusal> {
    let asked = code.clone();
    if !desk.work(move |office| Ok(first::is_code(office, &asked)?)).await? {
        return Err(no_longer());
    }
    Ok(form(&desk.edge.office().identity().community, &code, "", None))
}

fn no_longer() -> Refusal {
    Refusal::saying(Code::NotFound, "这个地址已经用过，或不是最近一次启动打印的那个。已有账号请直接登录。")
        .back("/sign-in")
}

fn form(community: &str, code: &str, login: &str, wrong: Option<&str>) -> Markup {
    bare(
        "第一个账号",
        html! {
            main.door {
                form.card method="post" action={ (FIRST_PATH) (code) } {
                    h1 { "第一个账号" small { (community) } }
                    p.hint { "您是第一位。这个账号是管理员，以后可以给同事开账号。" }
                    @if let Some(wrong) = wrong { p.refusal role="alert" { (wrong) } }
                    label { "用户名" input name="login" value=(login) required autocomplete="username" autofocus; }
                    label {
                        "密码（至少 " (PASSWORD_CHARACTERS_MIN) " 个字符）"
                        input name="password" type="password" required minlength=(PASSWORD_CHARACTERS_MIN) autocomplete="new-password";
                    }
                    label { "再输一遍" input name="again" type="password" required autocomplete="new-password"; }
                    button type="submit" { "开账号并登录" }
                }
            }
        },
    )
}

pub(crate) async fn found(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Result<Response, Markup>, Refusal> {
    let fields = Fields::open(&desk, request).await?;
    let login = fields.get("login").unwrap_or_default().to_owned();
    let password = fields.get("password").unwrap_or_default().to_owned();
    let community = desk.edge.office().identity().community.clone();
    if fields.get("again") != Some(password.as_str()) {
        return Ok(Err(form(&community, &code, &login, Some("两遍密码不一样。"))));
    }
    let (name, asked) = (login.clone(), code.clone());
    let done = desk
        .edge
        .hash(move |office| match first::found(office, &asked, &name, &password) {
            Ok(true) => Ok(Some(clerks::login(office, &name, &password)?)),
            Ok(false) => Ok(None),
            Err(error) => Err(SignInError::into(error)),
        })
        .await;
    match done {
        Ok(Some(session)) => Ok(Ok(enter(&session.token, "/"))),
        Ok(None) => Err(no_longer()),
        Err(problem) if problem.code() == Code::ValueForm => {
            Ok(Err(form(&community, &code, &login, Some(problem.sentence()))))
        }
        Err(problem) => Err(problem.into()),
    }
}
