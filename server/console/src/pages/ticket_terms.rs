//! What a matter can be and how long it may take: the administrator's page.

use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{done, heading};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::desk::ticket_choices::categories_and_terms;
use qiaomen_server::matters::terms::{
    CATEGORIES_MAX, CATEGORY_CHARACTERS_MAX, TERM_DAYS_MAX, TERMS_MAX, set_categories, set_terms,
};
use qiaomen_server::store::sqlite::{CategoryRow, TermRow};
use serde::Deserialize;

/// Empty rows at the end of each list.
const BLANK_ROWS: usize = 3;

/// What was just set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    done: Option<String>,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let (categories, terms) = categories_and_terms(office)?;
        let said = asked.done.is_some().then_some("已保存。手机下次同步时换上新的类别。");
        let back = html! { a.button.second href="/tickets" { "回列表" } };
        let body = html! {
            (heading("类别与期限", "新的诉求按这里来；已经派出去的期限不变。", back))
            (done(said))
            form method="post" action="/tickets/terms" {
                (token(who))
                div.split { (term_rows(&terms)) (category_rows(&categories)) }
                p { button type="submit" { "保存" } }
            }
        };
        frame::page(office, who, Room::Tickets, "类别与期限", body)
    })
    .await
}

fn term_rows(terms: &[TermRow]) -> Markup {
    html! {
        section.panel {
            h2 { "办理期限" }
            p.hint { "从派遣那天算起；0 是当日。清空一行就是去掉。" }
            table {
                thead { tr { th { "天数" } th { "要居民同意" } } }
                tbody {
                    @for n in 0..(terms.len() + BLANK_ROWS).min(TERMS_MAX) {
                        @let term = terms.get(n);
                        tr {
                            td { input type="number" name={ "term" (n) } min="0" max=(TERM_DAYS_MAX) aria-label="天数" value=[term.map(|t| t.days)]; }
                            td { input type="checkbox" name={ "consent" (n) } value="1" aria-label="要居民同意" checked[term.is_some_and(|t| t.consent)]; }
                        }
                    }
                }
            }
        }
    }
}

fn category_rows(categories: &[CategoryRow]) -> Markup {
    html! {
        section.panel {
            h2 { "类别" }
            p.hint { "默认期限是派遣时先选好的天数，可以改。清空名称就是去掉；已有的诉求不变。" }
            table {
                thead { tr { th { "名称" } th { "默认天数" } } }
                tbody {
                    @for n in 0..(categories.len() + BLANK_ROWS).min(CATEGORIES_MAX) {
                        @let category = categories.get(n);
                        tr {
                            td { input name={ "category" (n) } maxlength=(CATEGORY_CHARACTERS_MAX) aria-label="类别名称" value=[category.map(|c| &c.name)]; }
                            td { input type="number" name={ "days" (n) } min="0" max=(TERM_DAYS_MAX) aria-label="默认天数" value=[category.and_then(|c| c.days)]; }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) async fn set(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let fields = Fields::of(&desk, &who, request).await?;
    let (terms, categories) = (read_terms(&fields)?, read_categories(&fields)?);
    let clerk = who.signed_in.clerk;
    let set = desk.work(move |office| {
        set_terms(office, terms, clerk)?;
        Ok(set_categories(office, categories, clerk)?)
    });
    set.await.map_err(|refusal| refusal.back("/tickets/terms"))?;
    Ok(Redirect::to("/tickets/terms?done=1"))
}

fn number(text: &str) -> Result<u32, Refusal> {
    let odd =
        || Refusal::saying(Code::ValueForm, format!("天数请填 0 到 {TERM_DAYS_MAX} 的数。")).back("/tickets/terms");
    text.parse().map_err(|_| odd())
}

fn read_terms(fields: &Fields) -> Result<Vec<(u32, bool)>, Refusal> {
    let mut terms = Vec::new();
    for n in 0..TERMS_MAX {
        if let Some(days) = fields.get(&format!("term{n}")) {
            terms.push((number(days)?, fields.get(&format!("consent{n}")).is_some()));
        }
    }
    Ok(terms)
}

fn read_categories(fields: &Fields) -> Result<Vec<CategoryRow>, Refusal> {
    let mut categories = Vec::new();
    for n in 0..CATEGORIES_MAX {
        if let Some(name) = fields.get(&format!("category{n}")) {
            let days = fields.get(&format!("days{n}")).map(number).transpose()?;
            categories.push(CategoryRow { name: name.to_owned(), days });
        }
    }
    Ok(categories)
}
