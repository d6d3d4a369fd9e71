//! One pair, side by side: what is the same, what is not, why we think so; one key says that it is one thing, or
//! not. Personal values are masked until somebody asks for them, which is written down.

use super::duplicates::{label, said, sure};
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
use qiaomen_proto::ids::{DocId, Kind};
use qiaomen_server::desk::duplicate_pair::{self, Agreement, PairView, Row, Standing};
use qiaomen_server::duplicates::{self, DuplicateError, KINDS};
use qiaomen_server::office::Office;
use qiaomen_server::people::audit::{Deed, note_read};
use serde::Deserialize;
use uuid::Uuid;

/// How long personal values of a pair are shown to whoever asked for them.
const CLEAR_MS: u64 = 5 * 60_000;

/// What was just done, and that values are to be shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    said: Option<String>,
    changed: Option<u8>,
    clear: Option<String>,
}

/// The kind in an address.
pub(super) fn word(kind: Kind) -> &'static str {
    kind.name()
}

/// Where a pair is shown. Ids only.
pub(super) fn address((a, b): (DocId, DocId)) -> String {
    format!("/duplicates/{}/{}/{}", word(a.kind), a.uuid, b.uuid)
}

type Named = Result<Path<(String, Uuid, Uuid)>, PathRejection>;

/// The pair that an address names; the smaller id first.
fn pair_of(named: Named) -> Result<(DocId, DocId), Refusal> {
    let Path((kind, a, b)) = named.map_err(|_| Code::NotFound)?;
    let kind = KINDS.into_iter().find(|k| word(*k) == kind).ok_or(Code::NotFound)?;
    let (a, b) = (DocId::new(kind, a), DocId::new(kind, b));
    Ok((a.min(b), a.max(b)))
}

/// What shows the personal values of a pair to whoever asked for them, for a while: nothing that another session
/// could use, and nothing that says anything.
fn pass(who: &Who, docs: (DocId, DocId), window: u64) -> String {
    let key = blake3::derive_key("qiaomen 2026 console reveal", who.form_token().as_bytes());
    let mut hasher = blake3::Hasher::new_keyed(&key);
    hasher.update(&docs.0.key()).update(&docs.1.key()).update(&window.to_be_bytes());
    hasher.finalize().to_hex().chars().take(32).collect()
}

fn is_clear(office: &Office, who: &Who, docs: (DocId, DocId), told: Option<&str>) -> bool {
    let window = office.now_ms() / CLEAR_MS;
    // Compared as hashes: how long it takes says nothing about where they differ.
    let hash = |text: &str| blake3::hash(text.as_bytes());
    told.is_some_and(|told| {
        [window, window.saturating_sub(1)].into_iter().any(|window| hash(&pass(who, docs, window)) == hash(told))
    })
}

/// `GET /duplicates/{kind}/{a}/{b}`
pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    named: Named,
    asked: Result<Query<Said>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let docs = pair_of(named).map_err(|refusal| refusal.back("/duplicates"))?;
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let clear = is_clear(office, who, docs, asked.clear.as_deref());
        let pair = duplicate_pair::pair(office, docs, clear)?;
        let pair = pair.ok_or_else(|| Refusal::from(DuplicateError::NoPair).back("/duplicates"))?;
        let may = who.signed_in.post.is_office();
        let here = address(docs);
        let body = html! {
            (heading(&format!("{}：是不是同一个？", label(docs.0.kind)), "左边和右边各是一份登记。对着看，再定留下哪一份。", html! {
                @if !pair.clear {
                    form method="post" action={ (here) "/reveal" } {
                        (token(who))
                        button.second type="submit" data-key="r" { "显示完整内容 " kbd { "R" } }
                    }
                }
                @if let Some(previous) = pair.previous { a.button.second href=(address(previous)) data-key="k" { "上一对 " kbd { "K" } } }
                @if let Some(next) = pair.next { a.button.second href=(address(next)) data-key="j" { "下一对 " kbd { "J" } } }
                a.button.second href={ "/duplicates?kind=" (word(docs.0.kind)) } data-key="l" { "列表 " kbd { "L" } }
            }))
            (done(said(asked.said.as_deref())))
            @if asked.changed.is_some() { p.notice role="alert" { "刚才又有新内容写进来，请重新看一遍再定。" } }
            (standing(who, &pair, &here, may))
            (why(&pair))
            (compared(&pair))
            p.hint.noprint {
                @if pair.clear { "完整内容显示几分钟，已记下是谁看的。" }
                @else { "姓名、电话等先遮住；要看完整的，会记下是谁看的。" }
            }
            @if may && pair.standing == Standing::Open { (choices(who, &pair, &here)) }
        };
        frame::page(office, who, Room::Duplicates, "疑似重复", body)
    })
    .await
}

fn why(pair: &PairView) -> Markup {
    html! {
        section.panel {
            h2 { "为什么像同一个 " (sure(pair.weighed.sure)) }
            @if pair.weighed.reasons.is_empty() { p { "现在没有依据说它们是同一个。" } }
            ul.plainly {
                @for reason in &pair.weighed.reasons { li { (reason) } }
                @for not in &pair.weighed.against { li { "但" (not) } }
            }
        }
    }
}

fn compared(pair: &PairView) -> Markup {
    let [a, b] = &pair.sides;
    html! {
        div.scroll {
            table.compared {
                thead {
                    tr {
                        th { span.sr { "项目" } }
                        @for (side, name) in [(a, "左边"), (b, "右边")] {
                            th { small { (name) } br; strong { (side.title) } br; small { (side.detail) } }
                        }
                        th { "对比" }
                    }
                }
                tbody { @for row in &pair.rows { (compared_row(row)) } }
            }
        }
    }
}

fn compared_row(row: &Row) -> Markup {
    let differs = row.agreement == Agreement::Differs;
    html! {
        tr.same[row.agreement == Agreement::Same].differs[differs] {
            th scope="row" { (row.label) }
            @for text in &row.texts {
                td {
                    @if text.is_empty() { span.soft { "没写" } }
                    @else if differs { mark { (text) } }
                    @else { (text) }
                }
            }
            td.nowrap {
                @match row.agreement {
                    Agreement::Same => { (tag("相同", Tone::Good)) }
                    Agreement::Differs => { (tag("不同", Tone::Look)) }
                    Agreement::OneSided => { (tag("只有一边", Tone::Plain)) }
                    Agreement::Beside => {}
                }
            }
        }
    }
}

fn standing(who: &Who, pair: &PairView, here: &str, may: bool) -> Markup {
    let by = pair.said.as_deref().unwrap_or_default();
    let back = |way: &str, label: &str| {
        html! {
            @if may {
                form method="post" action={ (here) "/" (way) } {
                    (token(who))
                    button.second type="submit" data-key="u" { (label) " " kbd { "U" } }
                }
            }
        }
    };
    let which = if pair.standing == Standing::FirstKept { "左边" } else { "右边" };
    html! {
        @match pair.standing {
            Standing::Open => {}
            Standing::FirstKept | Standing::SecondKept => {
                section.panel { p { strong { "已认成同一个，留下的是" (which) "这一份。" } " " small { (by) } } (back("unlink", "拆开")) }
            }
            Standing::BothAside => {
                section.panel { p { strong { "两份都已并到第三份里。" } " 要拆开，请到" a href="/duplicates/done" { "办过的" } "里找。" } }
            }
            Standing::Dismissed => {
                section.panel { p { strong { "已记下不是同一个。" } " " small { (by) } } (back("reconsider", "收回")) }
            }
            Standing::Nothing => { p.notice { "这两份现在不在列表里：没有依据说它们是同一个。" } }
        }
    }
}

fn choices(who: &Who, pair: &PairView, here: &str) -> Markup {
    let sides = pair.sides.iter().zip([("a", "左边"), ("b", "右边")]).enumerate();
    html! {
        div.choices.noprint {
            @for (at, (side, (key, name))) in sides {
                form method="post" action={ (here) "/link" } {
                    (token(who))
                    input type="hidden" name="seen" value=(pair.seen);
                    input type="hidden" name="keep" value=(side.doc.uuid);
                    button.second[at != pair.keep] type="submit" data-key=(key) {
                        "是同一个，留下" (name) " " kbd { (key.to_uppercase()) }
                    }
                    p.hint { @if at == pair.keep { "建议留这一份：" (pair.keep_why) "。" } @else { "另一份的编号会指到这一份。" } }
                }
            }
            form method="post" action={ (here) "/dismiss" } {
                (token(who))
                button.second type="submit" data-key="n" { "不是同一个 " kbd { "N" } }
                p.hint { "有新的依据才会再出现。" }
            }
        }
    }
}

/// `POST /duplicates/{kind}/{a}/{b}/reveal`
pub(crate) async fn reveal(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    named: Named,
    request: Request,
) -> Result<Redirect, Refusal> {
    let docs = pair_of(named)?;
    Fields::of(&desk, &who, request).await?;
    let here = address(docs);
    let pass = desk
        .work(move |office| {
            if duplicate_pair::pair(office, docs, false)?.is_none() {
                return Err(Refusal::from(DuplicateError::NoPair).back("/duplicates"));
            }
            for doc in [docs.0, docs.1] {
                note_read(office, who.signed_in.clerk, Deed::Read, Some(&doc.key()))?;
            }
            Ok(pass(&who, docs, office.now_ms() / CLEAR_MS))
        })
        .await?;
    Ok(Redirect::to(&format!("{here}?clear={pass}")))
}

/// Does something with a pair, and goes on to the next that waits.
async fn act(
    desk: Desk,
    who: Who,
    named: Named,
    request: Request,
    what: &'static str,
    job: impl FnOnce(&Office, (DocId, DocId), &Fields, &Who) -> Result<(), Refusal> + Send + 'static,
) -> Result<Redirect, Refusal> {
    let docs = pair_of(named)?;
    let fields = Fields::of(&desk, &who, request).await?;
    let here = address(docs);
    let back = if fields.get("from") == Some("done") { "/duplicates/done".to_owned() } else { here.clone() };
    let to_history = back != here;
    let done = desk
        .work(move |office| {
            // What stands behind this one now, before it goes.
            let next = duplicate_pair::pair(office, docs, false)?.and_then(|pair| pair.next);
            job(office, docs, &fields, &who)?;
            let first = duplicate_pair::first_open(office, docs.0.kind)?;
            Ok(next.or(first))
        })
        .await;
    match done {
        Ok(_) if to_history => Ok(Redirect::to(&format!("/duplicates/done?said={what}"))),
        // What was taken back is looked at again.
        Ok(_) if ["unlinked", "reconsidered"].contains(&what) => Ok(Redirect::to(&format!("{here}?said={what}"))),
        Ok(Some(next)) if what != "reopened" => Ok(Redirect::to(&format!("{}?said={what}", address(next)))),
        Ok(_) => Ok(Redirect::to(&format!("/duplicates?kind={}&said={what}", word(docs.0.kind)))),
        Err(refusal) if refusal.code() == Code::CandidatesChanged => Ok(Redirect::to(&format!("{here}?changed=1"))),
        Err(refusal) => Err(refusal.back(back)),
    }
}

/// Which of a pair a form names.
fn named_in(fields: &Fields, docs: (DocId, DocId)) -> Result<DocId, Refusal> {
    let said = fields.needed("keep", "留下哪一份")?;
    let one = [docs.0, docs.1].into_iter().find(|doc| doc.uuid.to_string() == said);
    one.ok_or_else(|| DuplicateError::NoPair.into())
}

/// `POST /duplicates/{kind}/{a}/{b}/link`
pub(crate) async fn link(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    named: Named,
    request: Request,
) -> Result<Redirect, Refusal> {
    act(desk, who, named, request, "linked", |office, docs, fields, who| {
        let keep = named_in(fields, docs)?;
        let aside = if keep == docs.0 { docs.1 } else { docs.0 };
        let seen = fields.needed("seen", "看到的内容")?;
        Ok(duplicates::link(office, aside, keep, Some(seen), who.signed_in.clerk)?)
    })
    .await
}

/// `POST /duplicates/{kind}/{a}/{b}/unlink`
pub(crate) async fn unlink(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    named: Named,
    request: Request,
) -> Result<Redirect, Refusal> {
    act(desk, who, named, request, "unlinked", |office, (a, b), _, who| {
        // Whichever of the two was set aside for the other.
        let aside = office.store().read(|tx| {
            Ok::<_, Refusal>(match (tx.same_as(a)?, tx.same_as(b)?) {
                (Some(to), _) if to == b => a,
                (_, Some(to)) if to == a => b,
                _ => return Err(DuplicateError::NotLinked.into()),
            })
        })?;
        Ok(duplicates::unlink(office, aside, who.signed_in.clerk)?)
    })
    .await
}

/// `POST /duplicates/{kind}/{a}/{b}/dismiss`
pub(crate) async fn dismiss(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    named: Named,
    request: Request,
) -> Result<Redirect, Refusal> {
    act(desk, who, named, request, "dismissed", |office, (a, b), _, who| {
        Ok(duplicates::dismiss(office, a, b, who.signed_in.clerk)?)
    })
    .await
}

/// `POST /duplicates/{kind}/{a}/{b}/reconsider`
pub(crate) async fn reconsider(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    named: Named,
    request: Request,
) -> Result<Redirect, Refusal> {
    act(desk, who, named, request, "reconsidered", |office, (a, b), _, who| {
        Ok(duplicates::reconsider(office, a, b, who.signed_in.clerk)?)
    })
    .await
}

/// `POST /duplicates/{kind}/{a}/{b}/reopen`
pub(crate) async fn reopen(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    named: Named,
    request: Request,
) -> Result<Redirect, Refusal> {
    act(desk, who, named, request, "reopened", |office, docs, fields, who| {
        Ok(duplicates::reopen(office, named_in(fields, docs)?, who.signed_in.clerk)?)
    })
    .await
}
