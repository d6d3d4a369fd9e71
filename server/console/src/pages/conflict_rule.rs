//! Many conflicts by a rule: first what the rule would decide, then the decision, which can be taken back whole.

use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{heading, nothing};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::review::{self, Asked, Preview, Rule};

/// `GET /conflicts/rule`
pub(crate) async fn choose(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let grids = office.store().read(|tx| tx.grids())?;
        let body = html! {
            (heading("按规则批量定", "先看规则会定成什么，看过再办；办了也能整批收回。规则说不准的，留给人定。", html! {
                a.button.second href="/conflicts" { "回到冲突" }
            }))
            form.panel method="post" action="/conflicts/rule" {
                (token(who))
                fieldset {
                    legend { "规则" }
                    @for rule in Rule::ALL {
                        label { input type="radio" name="rule" value=(rule.word()) required; " " (rule.label()) }
                    }
                }
                label { "只看这个网格"
                    select name="grid" { option value="" { "全部" } @for g in &grids { option value=(g.code) { (g.name) } } }
                }
                label { "只看这一项（可不填，如 联系电话）" input name="field" maxlength="64"; }
                button type="submit" { "看会定成什么" }
            }
        };
        frame::page(office, who, Room::Conflicts, "按规则批量定", body)
    })
    .await
}

/// `POST /conflicts/rule`: what it would decide.
pub(crate) async fn preview(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Markup, Refusal> {
    let fields = Fields::of(&desk, &who, request).await?;
    let back = |refusal: Refusal| refusal.back("/conflicts/rule");
    let rule = fields.get("rule").and_then(Rule::parse);
    let rule = rule.ok_or_else(|| back(Refusal::saying(Code::ChoiceNotPossible, "请选一条规则。")))?;
    let some = |name| fields.get(name).map(str::to_owned);
    let asked = Asked { grid: some("grid"), field: some("field"), ..Asked::default() };
    let page = desk.page(who, move |office, who| {
        let preview = review::preview(office, rule, &asked, who.signed_in.clerk)?;
        frame::page(office, who, Room::Conflicts, "按规则批量定", shown(who, &preview))
    });
    page.await.map_err(back)
}

fn shown(who: &Who, p: &Preview) -> Markup {
    html! {
        (heading(&format!("规则：{}", p.rule_label), &format!("会定 {} 处，留 {} 处给人定。", p.decides.len(), p.leaves.len()), html! {
            a.button.second href="/conflicts/rule" { "换一条规则" }
        }))
        @if let Some(t) = &p.token {
            form method="post" action="/conflicts/rule/decide" {
                (token(who))
                input type="hidden" name="preview" value=(t);
                button type="submit" data-ask={ "按“" (p.rule_label) "”定 " (p.decides.len()) " 处？" } { "就这样定 " (p.decides.len()) " 处" }
            }
        } @else { (nothing("这条规则现在定不了", "没有它说得准的冲突。")) }
        @if p.more > 0 { p.notice { "还有 " (p.more) " 处下一批再定。" } }
        @if !p.decides.is_empty() {
            h2 { "会定成" }
            div.scroll { table {
                thead { tr { th.num { "号" } th { "哪里、什么" } th { "定成" } th { "谁写的" } th { "不取" } } }
                tbody { @for l in &p.decides { tr {
                    td.num { (l.id) } td { (l.place) "·" (l.field_label) } td { strong { (l.takes) " " (l.text) } } td { (l.worker_name) } td { (l.instead_of.join("、")) }
                } } }
            } }
        }
        @if !p.leaves.is_empty() {
            h2 { "留给人定" }
            div.scroll { table {
                thead { tr { th.num { "号" } th { "哪里、什么" } th { "为什么" } } }
                tbody { @for l in &p.leaves { tr { td.num { a href={ "/conflicts/" (l.id) } { (l.id) } } td { (l.place) "·" (l.field_label) } td { (l.reason) } } } }
            } }
        }
    }
}

/// `POST /conflicts/rule/decide`
pub(crate) async fn decide(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Markup, Refusal> {
    let fields = Fields::of(&desk, &who, request).await?;
    let preview = fields.needed("preview", "预览")?.to_owned();
    let page = desk.page(who, move |office, who| {
        let done = review::decide_by_rule(office, &preview, None, who.signed_in.clerk)?;
        let body = html! {
            (heading(&format!("已按“{}”定 {} 处", done.rule_label, done.decided.len()), "会送到各人的终端。", html! {
                a.button href="/conflicts" { "回到冲突" }
                form method="post" action={ "/conflicts/rule/" (done.bulk) "/undo" } {
                    (token(who))
                    button.second type="submit" data-ask="整批收回？" { "整批收回" }
                }
            }))
            @if !done.skipped.is_empty() {
                h2 { "没有定的" }
                ul { @for l in &done.skipped { li { a href={ "/conflicts/" (l.id) } { (l.id) " 号" } " " (l.place) "·" (l.field_label) "：" (l.reason) } } }
            }
            h2 { "定成了" }
            ul { @for d in &done.decided { li { a href={ "/conflicts/" (d.id) } { (d.id) " 号" } " " (d.place) "·" (d.field_label) "：" (d.text) } } }
        };
        frame::page(office, who, Room::Conflicts, "按规则批量定", body)
    });
    page.await.map_err(|refusal| refusal.back("/conflicts/rule"))
}

/// `POST /conflicts/rule/{id}/undo`
pub(crate) async fn undo(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<i64>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    Fields::of(&desk, &who, request).await?;
    let clerk = who.signed_in.clerk;
    let done = desk.work(move |office| Ok(review::undo_bulk(office, id, clerk)?)).await;
    done.map_err(|refusal| refusal.back("/conflicts"))?;
    Ok(Redirect::to(&format!("/conflicts?taken_back={id}")))
}
