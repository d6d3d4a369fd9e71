//! Accounts of the console: who may sign in, and as what.

use super::people::{Tab, tabs};
use super::person::worker_in;
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, done, heading, tag};
use crate::refusal::{AboveForm, Refusal};
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::WorkerId;
use qiaomen_server::desk::roster::{RosterAsked, StaffLine, roster};
use qiaomen_server::people::accounts::{self, Account};
use qiaomen_server::people::clerks::{LOGIN_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN};
use qiaomen_server::people::{AccountError, Post, Sight};
use qiaomen_server::review::words::time;
use serde::Deserialize;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// What somebody in a post does at the console.
fn does(post: Post) -> &'static str {
    match post {
        Post::Admin => "社区的全部工作，加上人员、账号和设置",
        Post::Clerk => "社区的日常工作：日结、冲突、待处理、台账、诉求、导入",
        Post::GridLeader => "只看自己的网格，不改",
        Post::Coordinator => "只办派给本部门的诉求，看不到台账",
        Post::Supervisor => "什么都看得到，什么都不改",
    }
}

pub(crate) async fn list(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    all(&desk, who, asked, Typed::default()).await
}

/// What stands in the form for a new account: what was sent, if that was not done. A password is typed anew.
#[derive(Debug, Default)]
struct Typed {
    login: String,
    said: String,
    wrong: Option<AboveForm>,
}

async fn all(desk: &Desk, who: Who, asked: Asked, typed: Typed) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let said = match asked.done.as_deref() {
            Some("opened") => Some("账号开好了。把用户名和密码当面告诉本人，请本人登录后改密码。"),
            Some("removed") => Some("账号删除了。这个人以前做的裁定和记录都还在。"),
            _ => None,
        };
        let list = accounts::accounts(office)?;
        let roster = roster(office, &Sight::default(), &RosterAsked::default())?;
        let body = html! {
            (heading("账号", "谁能登录控制台，登录后能做什么。", html! {}))
            (tabs(who, Tab::Accounts))
            (done(said))
            (table(who, &list))
            (opening(who, &roster.lines, &typed))
        };
        frame::page(office, who, Room::People, "账号", body)
    })
    .await
}

fn table(who: &Who, list: &[Account]) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr { th scope="col" { "用户名" } th scope="col" { "岗位" } th scope="col" { "能做什么" } th scope="col" { "花名册上" } th scope="col" { "开于" } th { } } }
                tbody {
                    @for account in list {
                        tr {
                            td { (account.login) @if account.id == who.signed_in.clerk { " " (tag("您自己", Tone::Plain)) } }
                            td.nowrap { (account.post.title()) }
                            td { (does(account.post)) }
                            td { @if let Some(name) = &account.worker_name { a href={ "/people/" (account.id) } { (name) } } }
                            td.nowrap { (time(account.created_ms))
                                @if let Some(until) = account.locked_until_ms { br; (tag(&format!("密码错太多，锁到 {}", time(until)), Tone::Bad)) } }
                            td { a.button.second href={ "/accounts/" (account.id) } { "管理" } }
                        }
                    }
                }
            }
        }
    }
}

fn opening(who: &Who, staff: &[StaffLine], typed: &Typed) -> Markup {
    let of_roster: Vec<(Post, &StaffLine)> = Post::ALL
        .into_iter()
        .filter_map(|post| Some((post, post.worker_role()?)))
        .flat_map(|(post, role)| {
            staff.iter().filter(move |l| l.role == role && l.post.is_none()).map(move |l| (post, l))
        })
        .collect();
    html! {
        section.panel.noprint {
            h2 { "开一个账号" }
            @if let Some(wrong) = &typed.wrong { (wrong.says("/accounts")) }
            form method="post" action="/accounts" {
                (token(who))
                div.split {
                    div {
                        label { "岗位"
                            select name="as" required {
                                option value="" { "请选" }
                                @for post in Post::ALL.into_iter().filter(|p| p.worker_role().is_none()) {
                                    option value=(post.word()) selected[typed.said == post.word()] { (post.title()) " · " (does(post)) }
                                }
                                @for (post, line) in &of_roster {
                                    @let word = format!("{}:{}", post.word(), line.id);
                                    option value=(word) selected[typed.said == word] {
                                        (post.title()) " · " (line.name)
                                        @if !line.grids.is_empty() { "（" (line.grids.join("、")) "）" }
                                        @if let Some(department) = &line.department { "（" (department) "）" }
                                    }
                                }
                            }
                        }
                        p.hint { "网格长和部门协调员从花名册上选（花名册上是“网格长”“网格协管员”的人），看到的范围跟着花名册走。" }
                    }
                    div {
                        label { "用户名" input name="login" value=(typed.login) required maxlength=(LOGIN_CHARACTERS_MAX) autocomplete="off"; }
                        label { "先给一个密码（至少 " (PASSWORD_CHARACTERS_MIN) " 个字符）"
                            input name="password" type="password" required minlength=(PASSWORD_CHARACTERS_MIN) autocomplete="new-password"; }
                        label { "再输一遍" input name="again" type="password" required autocomplete="new-password"; }
                        button type="submit" { "开账号" }
                    }
                }
            }
        }
    }
}

/// A new password, typed twice alike.
pub(super) fn twice(fields: &Fields) -> Result<String, Refusal> {
    let password = fields.needed("password", "密码")?;
    if fields.get("again") == Some(password) {
        Ok(password.to_owned())
    } else {
        Err(Refusal::saying(Code::ValueForm, "两遍密码不一样，没有改动。"))
    }
}

pub(crate) async fn open(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Response, Refusal> {
    let fields = Fields::of(&desk, &who, request).await.map_err(|refusal| refusal.back("/accounts"))?;
    match opened(&desk, &who, &fields).await {
        Ok(()) => Ok(Redirect::to("/accounts?done=opened").into_response()),
        Err(refusal) => {
            let wrong = refusal.back("/accounts").above_form()?;
            let typed = |name: &str| fields.get(name).unwrap_or_default().to_owned();
            let typed = Typed { login: typed("login"), said: typed("as"), wrong: Some(wrong.clone()) };
            Ok(wrong.answer(all(&desk, who, Asked::default(), typed).await?))
        }
    }
}

async fn opened(desk: &Desk, who: &Who, fields: &Fields) -> Result<(), Refusal> {
    let login = fields.needed("login", "用户名")?.to_owned();
    let password = twice(fields)?;
    let said = fields.needed("as", "岗位")?;
    let (post, worker) = said.split_once(':').map_or((said, None), |(post, worker)| (post, Some(worker)));
    let post = Post::parse(post).ok_or(Code::NotFound)?;
    let worker = worker.map(|id| id.parse::<WorkerId>().map_err(|_| Code::NotFound)).transpose()?;
    let by = who.signed_in.clerk;
    desk.edge.hash(move |office| Ok(accounts::open(office, &login, &password, post, worker, by)?)).await?;
    Ok(())
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let id = worker_in(id)?;
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    one(&desk, who, id, asked, None).await
}

async fn one(desk: &Desk, who: Who, id: WorkerId, asked: Asked, wrong: Option<AboveForm>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let found = accounts::accounts(office)?.into_iter().find(|account| account.id == id);
        let account = found.ok_or_else(|| Refusal::from(AccountError::NoSuch).back("/accounts"))?;
        let said = match asked.done.as_deref() {
            Some("password") => Some("密码重设了，用旧密码登录着的都退出了。"),
            Some("post") => Some("岗位改了，下一次点开页面就按新的岗位。"),
            _ => None,
        };
        let body = html! {
            (heading(&account.login, account.post.title(), html! { a.button.second href="/accounts" { "返回账号" } }))
            (tabs(who, Tab::Accounts))
            (done(said))
            div.split { (resetting(who, &account, wrong.as_ref())) (posting(who, &account)) (removing(who, &account)) }
        };
        frame::page(office, who, Room::People, &account.login, body)
    })
    .await
}

fn resetting(who: &Who, account: &Account, wrong: Option<&AboveForm>) -> Markup {
    html! {
        section.panel {
            h2 { "重设密码" }
            @if let Some(wrong) = wrong { (wrong.says(&format!("/accounts/{}", account.id))) }
            p.soft { "本人忘了密码，或者锁住了。重设后，本人在别处的登录都会退出。" }
            form method="post" action={ "/accounts/" (account.id) "/password" } {
                (token(who))
                label { "新密码（至少 " (PASSWORD_CHARACTERS_MIN) " 个字符）"
                    input name="password" type="password" required minlength=(PASSWORD_CHARACTERS_MIN) autocomplete="new-password"; }
                label { "再输一遍" input name="again" type="password" required autocomplete="new-password"; }
                button type="submit" { "重设密码" }
            }
        }
    }
}

fn posting(who: &Who, account: &Account) -> Markup {
    html! {
        section.panel {
            h2 { "换岗位" }
            @if account.post.worker_role().is_some() {
                p.soft { "这个岗位由花名册定。要换，请删除账号，再开一个。" }
            } @else {
                form method="post" action={ "/accounts/" (account.id) "/post" } {
                    (token(who))
                    @for post in Post::ALL.into_iter().filter(|p| p.worker_role().is_none()) {
                        label { input type="radio" name="post" value=(post.word()) checked[post == account.post]; " " (post.title())
                            br; small { (does(post)) } }
                    }
                    button type="submit" { "换岗位" }
                }
            }
        }
    }
}

fn removing(who: &Who, account: &Account) -> Markup {
    html! {
        section.panel {
            h2 { "删除账号" }
            p { "删除后马上退出，不能再登录。以前的裁定、记录和操作记录都保留，仍写着这个用户名。" }
            @if account.id == who.signed_in.clerk { p.notice { "这是您自己的账号。" } }
            form method="post" action={ "/accounts/" (account.id) "/remove" } {
                (token(who))
                label { input type="checkbox" name="sure" value="yes" required; " 确定删除“" (account.login) "”" }
                button.danger type="submit" { "删除账号" }
            }
        }
    }
}

pub(crate) async fn password(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let id = worker_in(id)?;
    let back = |refusal: Refusal| refusal.back(format!("/accounts/{id}"));
    let fields = Fields::of(&desk, &who, request).await.map_err(back)?;
    let by = who.signed_in.clerk;
    let reset = match twice(&fields) {
        Ok(new) => {
            let done = desk.edge.hash(move |office| Ok(accounts::reset_password(office, id, &new, by)?)).await;
            done.map_err(Refusal::from)
        }
        Err(refusal) => Err(refusal),
    };
    match reset {
        Ok(()) => Ok(Redirect::to(&format!("/accounts/{id}?done=password")).into_response()),
        Err(refusal) => {
            let wrong = back(refusal).above_form()?;
            Ok(wrong.answer(one(&desk, who, id, Asked::default(), Some(wrong.clone())).await?))
        }
    }
}

pub(crate) async fn post(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let id = worker_in(id)?;
    let back = |refusal: Refusal| refusal.back(format!("/accounts/{id}"));
    let fields = Fields::of(&desk, &who, request).await.map_err(back)?;
    let post = Post::parse(fields.needed("post", "岗位").map_err(back)?).ok_or(Code::NotFound)?;
    let by = who.signed_in.clerk;
    desk.work(move |office| Ok(accounts::set_post(office, id, post, by)?)).await.map_err(back)?;
    Ok(Redirect::to(&format!("/accounts/{id}?done=post")))
}

pub(crate) async fn remove(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let id = worker_in(id)?;
    let back = |refusal: Refusal| refusal.back(format!("/accounts/{id}"));
    let fields = Fields::of(&desk, &who, request).await.map_err(back)?;
    if fields.get("sure") != Some("yes") {
        return Err(back(Refusal::saying(Code::ValueForm, "请先勾选“确定删除”。")));
    }
    let by = who.signed_in.clerk;
    desk.work(move |office| Ok(accounts::remove(office, id, by)?)).await.map_err(back)?;
    Ok(Redirect::to("/accounts?done=removed"))
}
