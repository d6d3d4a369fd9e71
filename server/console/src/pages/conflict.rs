//! One conflict: what was said, side by side, by whom and from where; decided with one key.

use crate::came::came;
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, done, heading, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::office::Office;
use qiaomen_server::people::Sight;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::review::{self, Asked, CandidateView, Choice, ConflictView};
use serde::Deserialize;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    decided: Option<i64>,
    changed: Option<u8>,
    undone: Option<u8>,
}

/// `GET /conflicts/{id}`
pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<i64>, PathRejection>,
    said: Result<Query<Said>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    let Query(said) = said.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let sight = &who.signed_in.sight;
        let none = || Refusal::saying(Code::NotFound, format!("没有第 {id} 号冲突。")).back("/conflicts");
        let c = review::conflict(office, id)?.filter(|c| sight.sees(c.whereabouts.grid)).ok_or_else(none)?;
        note_read(office, who.signed_in.clerk, Deed::Read, Some(&c.doc.key()))?;
        let next = next_open(office, sight, id)?;
        let may = who.signed_in.post.is_office();
        let line = match (&c.door, &c.grid) {
            (_, Some(grid)) => format!("{} · {grid} · {}", c.document_label, c.kind_label),
            _ => format!("{} · {}", c.document_label, c.kind_label),
        };
        let body = html! {
            (heading(&format!("{}：{}", c.place, c.field_label), &line, html! {
                @if let Some(next) = next { a.button.second href={ "/conflicts/" (next) } data-key="n" { "下一处 " kbd { "N" } } }
                a.button.second href="/conflicts" data-key="l" { "列表 " kbd { "L" } }
            }))
            @if let Some(before) = said.decided { (done(Some(&format!("{before} 号已定，会送到各人的终端。")))) }
            @if said.undone.is_some() { (done(Some("已收回，重新等着定。"))) }
            @if said.changed.is_some() { p.notice role="alert" { "刚才又来了新的说法，请重新看一遍再定。" } }
            @if c.state != "open" { (settled(who, &c, may)) }
            div.split { @for x in &c.candidates { (candidate(who, &c, x, may)) } }
            p.hint { (if c.state == "open" { "暂按：" } else { "现在：" }) strong { (c.shown) } "（" (c.why_label) "）" }
            @if may && c.state == "open" { (others(who, &c)) }
            h2 { "经过" }
            ul.timeline { @for e in &c.life { li { (e.at) " " (e.label) @if let Some(by) = &e.who { " " small { (by) } } } } }
            @if !c.earlier.is_empty() { p.hint { "同一处以前的：" @for id in &c.earlier { " " a href={ "/conflicts/" (id) } { (id) " 号" } } } }
            @if let Some(on) = c.goes_on_in { p { "收回后在 " a href={ "/conflicts/" (on) } { (on) " 号" } " 里继续。" } }
        };
        frame::page(office, who, Room::Conflicts, &format!("冲突 {id} 号"), body)
    })
    .await
}

/// The next one that waits, behind this; from the beginning where there is none behind.
fn next_open(office: &Office, sight: &Sight, after: i64) -> Result<Option<i64>, Refusal> {
    let open = Asked { state: Some("open".to_owned()), ..Asked::default() };
    let behind = review::conflicts_page(office, &open, sight, after, 1)?;
    let first = if behind.is_empty() { review::conflicts_page(office, &open, sight, 0, 1)? } else { behind };
    Ok(first.first().map(|c| c.id).filter(|id| *id != after))
}

fn settled(who: &Who, c: &ConflictView, may: bool) -> Markup {
    html! {
        section.panel {
            p { strong { (c.state_label) }
                @if let Some(by) = &c.decided_by { " " (by) " " (c.decided_at.as_deref().unwrap_or_default()) }
                @if let Some(bulk) = c.bulk { " " (tag(&format!("第 {bulk} 次按规则"), Tone::Plain)) }
            }
            @if may && c.state == "decided" {
                form method="post" action={ "/conflicts/" (c.id) "/undo" } {
                    (token(who))
                    button.second type="submit" data-key="u" data-ask="收回这次裁定？" { "收回 " kbd { "U" } }
                }
            }
        }
    }
}

fn candidate(who: &Who, c: &ConflictView, x: &CandidateView, may: bool) -> Markup {
    let key = x.label.to_lowercase();
    html! {
        article.choice.holds[x.holds] aria-label={ "说法 " (x.label) } {
            p { strong { (x.label) } " " @if x.holds { (tag(if c.state == "open" { "暂按这个" } else { "现在是这个" }, Tone::Plain)) } @if x.decided { " " (tag("裁定的", Tone::Good)) }
                @if x.late { " " (tag("没看到裁定", Tone::Look)) } }
            p.value { (marked(&x.text, c.candidates.iter().map(|o| o.text.as_str()))) }
            dl.pairs {
                dt { "谁" } dd { (x.worker_name) " " small { (x.worker_title) } }
                dt { "写于" } dd { (x.at) }
                @if let (Some(offline), Some(received_ms)) = (&x.offline, x.received_ms) {
                    dt { "送到" } dd { (came(x.at_ms, received_ms)) " " small { (offline) } }
                }
                @if let Some(visit) = &x.visit { dt { "依据" } dd { (visit) } }
                @if !x.knew.is_empty() { dt { "写时看到" } dd { (x.knew.join("、")) } }
            }
            @if may && c.state == "open" {
                form method="post" action={ "/conflicts/" (c.id) "/decide" } {
                    (token(who))
                    input type="hidden" name="seen" value=(c.seen);
                    input type="hidden" name="take" value=(x.label);
                    button type="submit" data-key=(key) { "取 " (x.label) " " kbd { (x.label) } }
                }
            }
        }
    }
}

/// The text with what is not the same in all of them marked.
fn marked<'a>(text: &str, all: impl Iterator<Item = &'a str> + Clone) -> Markup {
    let letters: Vec<char> = text.chars().collect();
    let others: Vec<Vec<char>> = all.map(|o| o.chars().collect()).collect();
    let same = |at: usize| others.iter().all(|o| o.get(at) == letters.get(at));
    let front = (0..letters.len()).take_while(|at| same(*at)).count();
    let same_from_end = |back: usize| {
        others
            .iter()
            .all(|o| o.len() >= front + back && o.iter().rev().nth(back - 1) == letters.iter().rev().nth(back - 1))
    };
    let end = (1..=letters.len().saturating_sub(front)).take_while(|back| same_from_end(*back)).count();
    let part = |from: usize, to: usize| letters.iter().skip(from).take(to.saturating_sub(from)).collect::<String>();
    let middle = part(front, letters.len() - end);
    html! {
        (part(0, front))
        @if !middle.is_empty() { mark { (middle) } }
        (part(letters.len() - end, letters.len()))
    }
}

fn others(who: &Who, c: &ConflictView) -> Markup {
    let form = |name: &str, label: &str, key: &str| {
        html! {
            form method="post" action={ "/conflicts/" (c.id) "/decide" } {
                (token(who))
                input type="hidden" name="seen" value=(c.seen);
                input type="hidden" name=(name) value="1";
                button.second type="submit" data-key=(key) { (label) " " kbd { (key.to_uppercase()) } }
            }
        }
    };
    html! {
        div.filters {
            @if c.several { (form("both", "都要", "m")) }
            (form("refused", "本人拒绝提供", "r"))
            (form("cleared", "清空", "x"))
            form.filters method="post" action={ "/conflicts/" (c.id) "/decide" } {
                (token(who))
                input type="hidden" name="seen" value=(c.seen);
                label { "另填一个" input name="value" required maxlength="2000" data-key="v"; }
                button.second type="submit" { "按另填的定" }
            }
        }
    }
}

/// `POST /conflicts/{id}/decide`
pub(crate) async fn decide(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<i64>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    let fields = Fields::of(&desk, &who, request).await?;
    let choice = choice(&fields).ok_or_else(|| {
        Refusal::saying(Code::ChoiceNotPossible, "请选一种说法，或另填一个。").back(format!("/conflicts/{id}"))
    })?;
    let seen = fields.needed("seen", "看到的内容")?.to_owned();
    let (clerk, sight) = (who.signed_in.clerk, who.signed_in.sight);
    let done = desk
        .work(move |office| {
            review::decide(office, id, choice, Some(&seen), clerk)?;
            next_open(office, &sight, id)
        })
        .await;
    match done {
        Ok(Some(next)) => Ok(Redirect::to(&format!("/conflicts/{next}?decided={id}"))),
        Ok(None) => Ok(Redirect::to(&format!("/conflicts?decided={id}"))),
        Err(refusal) if refusal.code() == Code::CandidatesChanged => {
            Ok(Redirect::to(&format!("/conflicts/{id}?changed=1")))
        }
        Err(refusal) => Err(refusal.back(format!("/conflicts/{id}"))),
    }
}

fn choice(fields: &Fields) -> Option<Choice> {
    let take = fields.get("take").map(|t| Choice::Take(t.to_owned()));
    let value = fields.get("value").map(|v| Choice::Value(v.to_owned()));
    let flag = |name: &str, choice: Choice| fields.get(name).map(|_| choice);
    take.or(value)
        .or(flag("both", Choice::Both))
        .or(flag("refused", Choice::Refused))
        .or(flag("cleared", Choice::Cleared))
}

/// `POST /conflicts/{id}/undo`
pub(crate) async fn undo(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<i64>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let Path(id) = id.map_err(|_| Code::NotFound)?;
    Fields::of(&desk, &who, request).await?;
    let clerk = who.signed_in.clerk;
    let done = desk
        .work(move |office| {
            review::undo(office, id, clerk)?;
            // It goes on as a new one, if there is still something to decide.
            Ok(review::conflict(office, id)?.and_then(|c| c.goes_on_in).unwrap_or(id))
        })
        .await;
    let on = done.map_err(|refusal| refusal.back(format!("/conflicts/{id}")))?;
    Ok(Redirect::to(&format!("/conflicts/{on}?undone=1")))
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn what_differs_is_marked_and_what_is_the_same_is_not() {
        let all = ["13900000002", "13900000013"];
        assert_eq!(marked(all[0], all.into_iter()).into_string(), "139000000<mark>02</mark>");
        let all = ["建设路3号", "建设路13号"];
        assert_eq!(marked(all[0], all.into_iter()).into_string(), "建设路3号");
        assert_eq!(marked(all[1], all.into_iter()).into_string(), "建设路<mark>1</mark>3号");
        let all = ["张三", "张三"];
        assert_eq!(marked(all[0], all.into_iter()).into_string(), "张三");
        let all = ["<b>", "x"];
        assert_eq!(marked(all[0], all.into_iter()).into_string(), "<mark>&lt;b&gt;</mark>");
    }
}
