//! One door of the ledger with everything behind it, and the same page with what is sealed shown for once.

use super::ledger::fields_of;
use super::ledger_history;
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::{Tone, heading, tag};
use crate::refusal::Refusal;
use crate::rights::may;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::Method;
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{HouseholdId, ResidentId};
use qiaomen_server::desk::ledger_door::{DoorPage, FieldLine, NoteLine, PersonCard, door_page};
use qiaomen_server::desk::ledger_teller::Open;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::audit::{self, Deed};

/// The word by which a form asks to see everything of a door.
const EVERYTHING: &str = "all";
/// Events of a history that can be skipped at most: more than any door has.
const FROM_MAX: usize = 1_000_000;

fn id_of(id: Result<Path<String>, PathRejection>) -> Result<HouseholdId, Refusal> {
    id.ok().and_then(|Path(id)| id.parse().ok()).ok_or_else(not_here)
}

fn not_here() -> Refusal {
    Refusal::saying(Code::NotFound, "没有这一户，或不在您的网格里。").back("/ledger")
}

fn from_of(said: Option<&str>) -> usize {
    said.and_then(|n| n.parse().ok()).unwrap_or(0).min(FROM_MAX)
}

/// `GET /ledger/doors/{id}`
pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Refusal> {
    let id = id_of(id)?;
    let fields = fields_of(query.as_deref())?;
    let from = from_of(fields.iter().find(|(n, _)| n == "from").map(|(_, v)| v.as_str()));
    desk.page(who, move |office, who| page(office, who, id, Open::Nothing, from)).await
}

/// `POST /ledger/doors/{id}/reveal`: the page itself is the answer, so that what it shows stands in no address and is
/// gone with it.
pub(crate) async fn reveal(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Markup, Refusal> {
    let id = id_of(id)?;
    let fields = Fields::of(&desk, &who, request).await?;
    let open = match fields.get("what") {
        Some(EVERYTHING) => Some(Open::Everything),
        Some(person) => person.parse::<ResidentId>().ok().map(Open::Person),
        None => None,
    };
    let open = open.ok_or_else(|| {
        Refusal::saying(Code::ValueForm, "没有说要看谁的。请回到这一户再点一次“显示”。")
            .back(format!("/ledger/doors/{id}"))
    })?;
    let from = from_of(fields.get("from"));
    desk.page(who, move |office, who| page(office, who, id, open, from)).await
}

fn page(office: &Office, who: &Who, id: HouseholdId, open: Open, from: usize) -> Result<Markup, Refusal> {
    let sight = &who.signed_in.sight;
    let door = office.store().read(|tx| door_page(office, tx, id, sight, open, from))?.ok_or_else(not_here)?;
    // Written down before anything of it leaves.
    if !door.opened.is_empty() {
        let (inner, clerk, docs) = (office.clone(), who.signed_in.clerk, door.opened.clone());
        office.store().write(move |tx| -> Result<(), OfficeError> {
            for doc in docs {
                audit::note(&inner, tx, clerk, Deed::Read, Some(&doc.key()))?;
            }
            Ok(())
        })?;
    }
    frame::page(office, who, Room::Ledger, &door.address, body(who, &door, open))
}

fn body(who: &Who, door: &DoorPage, open: Open) -> Markup {
    let here = door.people.iter().filter(|p| p.moved_out.is_none() && !p.aside).count();
    let line = format!("{} · 登记在住 {here} 人", door.grid);
    html! {
        p.noprint { a href="/ledger" { "← 台账" } }
        (heading(&door.address, line.trim_start_matches(" · "), html! {
            button.second type="button" data-print="" { "打印" }
            @if open == Open::Nothing { (reveal_form(who, door, EVERYTHING, "显示整户遮住的内容", 0)) }
            @else { a.button.second href={ "/ledger/doors/" (door.id) } { "遮回去" } }
        }))
        @if open != Open::Nothing {
            p.notice role="status" { "遮住的内容显示出来了，这一次查看已记入审计。离开这一页就重新遮上。" }
        }
        @if let Some((id, address)) = &door.kept {
            p.notice { "这一户和 " a href={ "/ledger/doors/" (id) } { (address) } " 是同一户，以那一份为准。" }
        }
        @if !door.also_known.is_empty() {
            p.soft { "同一户的另一份登记已并到这里：" @for (n, (id, address)) in door.also_known.iter().enumerate() { @if n > 0 { "、" } a href={ "/ledger/doors/" (id) } { (address) } } }
        }
        @if let Some(refused) = &door.refused { p.refusal { strong { "整户拒访。" } (refused) "。请尊重，不要反复上门。" } }
        @if !door.conflicts.is_empty() {
            section.panel {
                h2 { "要定的冲突" }
                ul.todo {
                    @for c in &door.conflicts {
                        li { span { (c.about) " · " (c.label) } a href={ "/conflicts/" (c.id) } { "去定" } }
                    }
                }
            }
        }
        section.panel { h2 { "户况" } (facts(door)) }
        h2 { "住户" }
        @if door.people.is_empty() { p.soft { "这一户没有登记的人。" } }
        div.people { @for p in &door.people { (person(who, door, p, open)) } }
        (matters(who, door))
        (visits(door))
        (ledger_history::section(who, door, open))
    }
}

/// The button that shows what is sealed.
pub(super) fn reveal_form(who: &Who, door: &DoorPage, what: &str, label: &str, from: usize) -> Markup {
    html! {
        form method="post" action={ "/ledger/doors/" (door.id) "/reveal" } {
            (token(who))
            input type="hidden" name="what" value=(what);
            @if from > 0 { input type="hidden" name="from" value=(from); }
            button.second type="submit" { (label) }
        }
    }
}

/// What a form says to show the same again.
pub(super) fn what_is(open: Open) -> String {
    match open {
        Open::Person(id) => id.to_string(),
        Open::Everything | Open::Nothing => EVERYTHING.to_owned(),
    }
}

fn facts(door: &DoorPage) -> Markup {
    html! {
        @if door.fields.is_empty() && door.occupancies.is_empty() && door.tags.is_empty() && door.notes.is_empty() {
            p.soft { "除了地址，还什么都没有登记。" }
        }
        (fields(&door.fields))
        @for row in &door.occupancies {
            p { span.soft { "住户：" } @for (n, f) in row.iter().enumerate() { @if n > 0 { " · " } (f.label) " " strong { (f.text) } } }
        }
        @if !door.tags.is_empty() { p { @for t in &door.tags { (tag(t, Tone::Plain)) " " } } }
        (notes(&door.notes))
    }
}

fn fields(list: &[FieldLine]) -> Markup {
    html! {
        dl.pairs {
            @for f in list {
                dt { (f.label) }
                dd { (f.text) @if f.conflict { " " (tag("有冲突", Tone::Look)) } @else if let Some(why) = f.why { " " small { (why) } } }
            }
        }
    }
}

fn notes(list: &[NoteLine]) -> Markup {
    html! {
        @if !list.is_empty() {
            h3 { "备注" }
            ul.notes { @for n in list { li { (n.text) " " small { (n.who) " " (n.at) } } } }
        }
    }
}

fn person(who: &Who, door: &DoorPage, p: &PersonCard, open: Open) -> Markup {
    html! {
        article.panel.person.gone[p.moved_out.is_some() || p.aside] id={ "person-" (p.id) } aria-label={ "住户 " (p.name) } {
            div.heading {
                h3 { (p.name) @if !p.relation.is_empty() { " " small { (p.relation) } }
                    @if p.aside { " " (tag("重复，另一份为准", Tone::Look)) }
                    @if let Some(on) = &p.moved_out { " " (tag(&format!("{on} 搬走"), Tone::Plain)) } }
                @if open == Open::Nothing { (reveal_form(who, door, &p.id.to_string(), "显示", 0)) }
                @else if p.open { (tag("已显示", Tone::Look)) }
            }
            (fields(&p.fields))
            (notes(&p.notes))
        }
    }
}

fn matters(who: &Who, door: &DoorPage) -> Markup {
    let opens = may(who, &Method::GET, "/tickets/{id}");
    html! {
        section.panel {
            h2 { "诉求 " small { (door.matter_count) " 件" } }
            @if door.matters.is_empty() { p.soft { "这一户没有提过诉求。" } }
            @else {
                div.scroll tabindex="0" role="region" aria-label="诉求" {
                    table {
                        thead { tr { @for label in ["反映日期", "类别", "大小", "内容", "办到哪一步", "期限"] { th scope="col" { (label) } } } }
                        tbody {
                            @for m in &door.matters {
                                tr {
                                    td.nowrap { @if opens { a href={ "/tickets/" (m.id) } { (m.reported_on) } } @else { (m.reported_on) } }
                                    td { (m.category) }
                                    td { (m.size) }
                                    td { (m.text) }
                                    td { (tag(m.stage, if m.is_open { Tone::Look } else { Tone::Good })) }
                                    td.nowrap { (m.due_on) @if m.overdue { " " (tag("超期", Tone::Bad)) } }
                                }
                            }
                        }
                    }
                }
                @if door.matter_count > door.matters.len() { p.soft { "只列出最近的 " (door.matters.len()) " 件。" } }
            }
        }
    }
}

fn visits(door: &DoorPage) -> Markup {
    html! {
        section.panel {
            h2 { "走访和电话 " small { (door.visit_count) " 次" } }
            @if door.visits.is_empty() { p.soft { "还没有走访记录。" } }
            @else {
                ul.visits {
                    @for v in &door.visits {
                        li { span.nowrap { (v.at) } " " (v.who) " " strong { (v.what) } @if let Some(note) = &v.note { span.soft { " 记事：" } (note) } }
                    }
                }
                @if door.visit_count > u64::try_from(door.visits.len()).unwrap_or(u64::MAX) {
                    p.soft { "只列出最近的 " (door.visits.len()) " 次。" }
                }
            }
        }
    }
}
