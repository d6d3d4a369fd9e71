//! The own account: who one is here, and a new password.

use super::accounts::twice;
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{done, heading};
use crate::refusal::{AboveForm, Refusal};
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::people::accounts;
use qiaomen_server::people::clerks::PASSWORD_CHARACTERS_MIN;
use qiaomen_server::review::words::Words;
use serde::Deserialize;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    done: bool,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    page(&desk, who, asked.done, None).await
}

async fn page(desk: &Desk, who: Who, changed: bool, wrong: Option<AboveForm>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let signed_in = &who.signed_in;
        let grids = office.store().read(|tx| -> Result<Option<Vec<String>>, Refusal> {
            let words = Words::new(office, tx)?;
            let named = |grids: &std::collections::BTreeSet<_>| {
                grids.iter().filter_map(|g| words.grid(*g).map(str::to_owned)).collect()
            };
            Ok(signed_in.sight.grids.as_ref().map(named))
        })?;
        let said = changed.then_some("密码改好了。在别处的登录都退出了。");
        let body = html! {
            (heading("我的账号", "", html! {}))
            (done(said))
            section.panel.narrow {
                dl.pairs {
                    dt { "用户名" } dd { (signed_in.login) }
                    dt { "岗位" } dd { (signed_in.post.title()) }
                    @if let Some(grids) = &grids { dt { "看得到" } dd { @if grids.is_empty() { "还没有网格，请找管理员" } @else { (grids.join("、")) } } }
                    @if let Some(department) = &signed_in.sight.department { dt { "部门" } dd { @if department.is_empty() { "花名册上没有写，请找管理员" } @else { (department) } } }
                }
                h2 { "改密码" }
                @if let Some(wrong) = &wrong { (wrong.says("/account")) }
                form method="post" action="/account" {
                    (token(who))
                    label { "原来的密码" input name="old" type="password" required autocomplete="current-password"; }
                    label { "新密码（至少 " (PASSWORD_CHARACTERS_MIN) " 个字符）"
                        input name="password" type="password" required minlength=(PASSWORD_CHARACTERS_MIN) autocomplete="new-password"; }
                    label { "再输一遍" input name="again" type="password" required autocomplete="new-password"; }
                    button type="submit" { "改密码" }
                }
            }
        };
        frame::page(office, who, Room::Nowhere, "我的账号", body)
    })
    .await
}

pub(crate) async fn change(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Response, Refusal> {
    let fields = Fields::of(&desk, &who, request).await.map_err(|refusal| refusal.back("/account"))?;
    match changed(&desk, who.clone(), &fields).await {
        Ok(()) => Ok(Redirect::to("/account?done=true").into_response()),
        Err(refusal) => {
            let wrong = refusal.back("/account").above_form()?;
            Ok(wrong.answer(page(&desk, who, false, Some(wrong.clone())).await?))
        }
    }
}

async fn changed(desk: &Desk, who: Who, fields: &Fields) -> Result<(), Refusal> {
    let old = fields.needed("old", "原来的密码")?.to_owned();
    let new = twice(fields)?;
    let changed = desk
        .edge
        .hash(move |office| {
            let login = who.signed_in.login.clone();
            Ok(accounts::change_own_password(office, &login, &old, &new, who.token())?)
        })
        .await;
    Ok(changed?)
}
