//! Writing down a new matter: a resident calls the office, or stands at the desk. What was typed is never lost: if
//! something is missing, the form comes back with everything in it.

use super::ticket_forms::size_choice;
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::{self, Room, token};
use crate::parts::heading;
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::desk::ticket_choices::{PlaceChoices, place_choices};
use qiaomen_server::matters::report::SOURCES;
use qiaomen_server::matters::{Hand, NewMatter, report};
use qiaomen_server::office::Office;

/// Characters of a text, as its field in the document.
const TEXT_CHARACTERS_MAX: usize = 2_000;
/// Characters of a name and of a number: together they fit into the field.
const NAME_CHARACTERS_MAX: usize = 60;
const PHONE_CHARACTERS_MAX: usize = 40;

/// What was typed so far.
#[derive(Debug, Clone, Default)]
struct Typed {
    source: String,
    category: String,
    large: bool,
    building: String,
    unit: String,
    room: String,
    grid: String,
    text: String,
    name: String,
    phone: String,
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        Self {
            source: text("source"),
            category: text("category"),
            large: fields.get("size") == Some("big"),
            building: text("building"),
            unit: text("unit"),
            room: text("room"),
            grid: text("grid"),
            text: text("text"),
            name: text("name"),
            phone: text("phone"),
        }
    }

    fn matter(&self) -> Result<NewMatter, Refusal> {
        let odd = |label: &str| Refusal::saying(Code::ValueForm, format!("{label}请从列出的里面选。"));
        let reporter = [self.name.as_str(), self.phone.as_str()].join(" ").trim().to_owned();
        Ok(NewMatter {
            category: self.category.clone(),
            large: self.large,
            source: self.source.clone(),
            building: chosen(&self.building).map_err(|()| odd("楼栋"))?,
            unit: Some(self.unit.clone()),
            room: Some(self.room.clone()),
            grid: chosen(&self.grid).map_err(|()| odd("网格"))?,
            text: self.text.clone(),
            reporter: Some(reporter).filter(|r| !r.is_empty()),
        })
    }
}

fn chosen<T: std::str::FromStr>(text: &str) -> Result<Option<T>, ()> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| ()) }
}

pub(crate) async fn show(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, |office, who| {
        let source = SOURCES.first().copied().unwrap_or_default().to_owned();
        form(office, who, &Typed { source, ..Typed::default() }, None)
    })
    .await
}

pub(crate) async fn add(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    request: Request,
) -> Result<Response, Refusal> {
    let fields = Fields::of(&desk, &who, request).await?;
    let hand = Hand::of(&who.signed_in).ok_or(Code::NotYours)?;
    let typed = Typed::of(&fields);
    let asked = typed.matter();
    let written = desk.work(move |office| Ok(report(office, asked?, &hand)?)).await;
    match written {
        Ok(id) => Ok(Redirect::to(&format!("/tickets/{id}?done=report")).into_response()),
        Err(refusal) if refusal.code() == Code::ValueForm => {
            let page = desk.page(who, move |office, who| form(office, who, &typed, Some(refusal.sentence()))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(refusal) => Err(refusal.back("/tickets/new")),
    }
}

fn form(office: &Office, who: &Who, typed: &Typed, wrong: Option<&str>) -> Result<Markup, Refusal> {
    let choices = place_choices(office)?;
    let body = html! {
        (heading("登记诉求", "居民打电话或到社区来反映的。登记就是受理，网格员的手机同步后会看到。", html! {
            a.button.second href="/tickets" { "回列表" }
        }))
        @if let Some(wrong) = wrong { p.refusal role="alert" { (wrong) } }
        form.panel.new-matter method="post" action="/tickets/new" {
            (token(who))
            label.wide { "诉求内容"
                textarea name="text" rows="4" required maxlength=(TEXT_CHARACTERS_MAX) autofocus { (typed.text) }
            }
            label { "类别"
                select name="category" required {
                    option value="" { "请选" }
                    @for name in &choices.categories { option value=(name) selected[*name == typed.category] { (name) } }
                }
            }
            label { "来源"
                select name="source" required {
                    @for source in SOURCES { option value=(source) selected[source == typed.source] { (source) } }
                }
            }
            (size_choice(typed.large))
            (place(&choices, typed))
            label.half { "反映人（可不填）" input name="name" value=(typed.name) maxlength=(NAME_CHARACTERS_MAX) autocomplete="off"; }
            label.half { "联系电话（可不填）" input name="phone" value=(typed.phone) maxlength=(PHONE_CHARACTERS_MAX) inputmode="tel" autocomplete="off"; }
            p.wide { button type="submit" { "登记并受理" } }
        }
    };
    frame::page(office, who, Room::Tickets, "登记诉求", body)
}

fn place(choices: &PlaceChoices, typed: &Typed) -> Markup {
    html! {
        label { "楼栋"
            select name="building" {
                option value="" { "不在楼里" }
                @for grid in &choices.grids {
                    optgroup label=(grid.name) {
                        @for (id, name) in &grid.buildings { option value=(id) selected[id.to_string() == typed.building] { (name) } }
                    }
                }
            }
        }
        label { "单元" input name="unit" value=(typed.unit) maxlength="20" placeholder="如 2" autocomplete="off"; }
        label { "门牌" input name="room" value=(typed.room) maxlength="20" placeholder="如 502" autocomplete="off"; }
        label { "网格（不在楼里的才选）"
            select name="grid" {
                option value="" { "按楼栋" }
                @for g in &choices.grids { option value=(g.id) selected[g.id.to_string() == typed.grid] { (g.name) } }
            }
        }
    }
}
