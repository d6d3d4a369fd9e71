//! Who lives at a door, masked until touched.

use super::id;
use crate::mask::{hidden, hides, masked};
use crate::parts::answer::label;
use crate::parts::symbol;
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::error::What;
use qiaomen_client::query::{DoorPage, FieldLine, PersonPage};
use qiaomen_proto::ids::ResidentId;

/// What is seen of a person at the door; the rest is a touch away.
const AT_THE_DOOR: [&str; 3] = ["phone", "birth", "categories"];

/// The section.
pub(crate) fn people(screen: &mut Screen<'_>, page: &DoorPage) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let shown = screen.request.asks("show");
    if let Some(person) = page.people.iter().find(|p| p.moved_out_on.is_none() && shown == Some(p.resident.as_str())) {
        let resident: ResidentId = id(&person.resident, What::Resident)?;
        screen.look_at(resident.into(), &hidden(person.fields.iter().filter(|f| AT_THE_DOOR.contains(&f.field))))?;
    }
    let (here, gone): (Vec<_>, Vec<_>) = page.people.iter().partition(|p| p.moved_out_on.is_none());
    Ok(html! {
        section aria-labelledby="people" {
            h2 #people { (symbol("people")) (t.say("door-people")) span.n { (here.len()) } }
            @if here.is_empty() { p.soft { (t.say("door-nobody")) } }
            @for person in &here { (card(t, person, &page.door.household, shown == Some(person.resident.as_str()))) }
            @if !gone.is_empty() {
                details {
                    summary { (t.count("door-gone", gone.len())) }
                    ul.list {
                        @for person in gone {
                            li { a.row href={ "/resident/" (person.resident) } {
                                span.main { strong { (t.named(&person.name)) } span.soft { (t.with("door-gone-on", &[("day", person.moved_out_on.as_deref().unwrap_or_default())])) } }
                                (symbol("go"))
                            } }
                        }
                    }
                }
            }
        }
    })
}

fn card(t: Texts, person: &PersonPage, door: &str, open: bool) -> Markup {
    let fields: Vec<&FieldLine> = person.fields.iter().filter(|f| AT_THE_DOOR.contains(&f.field)).collect();
    let anything_hidden = fields.iter().any(|f| hides(f));
    html! {
        article.card.person id={ "p-" (person.resident) } {
            div.heading {
                h3 { (t.named(&person.name)) @if let Some(relation) = &person.relation { span.soft { " " (t.of_book("relation", relation)) } } }
                @if person.pending { span.mark.unsent { (symbol("outbox")) (t.say("mark-unsent")) } }
                @if person.conflicts > 0 { span.mark.conflict { (symbol("conflict")) (t.say("mark-conflict")) } }
            }
            dl.pairs {
                @for field in fields.iter().filter(|f| f.said.state != "not_asked") {
                    dt { (label(t, field.field, field.label)) }
                    dd { (value(t, field, open)) }
                }
            }
            div.actions {
                @if anything_hidden {
                    @if open {
                        a.button.second href={ "/door/" (door) "#p-" (person.resident) } { (symbol("eye-off")) (t.say("hide")) }
                    } @else {
                        a.button.second href={ "/door/" (door) "?show=" (person.resident) "#p-" (person.resident) } { (symbol("eye")) (t.say("show")) }
                    }
                }
                a.button.second href={ "/resident/" (person.resident) } { (t.say("person-open")) }
                a.button.second href={ "/resident/" (person.resident) "/out" } { (t.say("deed-out")) }
            }
        }
    }
}

/// Why of several answers this one holds.
pub(crate) fn because(t: Texts, field: &FieldLine) -> String {
    t.or(&format!("because-{}", field.why.unwrap_or_default()), field.why_text)
}

/// What a field says; a hidden one only when it was touched.
pub(crate) fn value(t: Texts, field: &FieldLine, open: bool) -> Markup {
    html! {
        @if hides(field) && !open {
            span.masked aria-label=(t.say("masked")) { (masked(&field.said.text)) }
        } @else {
            span class=(field.said.state) { (t.answer(field.field, &field.said)) }
        }
        @if field.conflict { " " span.mark.conflict { (symbol("conflict")) (t.say("mark-conflict")) } }
        @else if !field.why_text.is_empty() { span.soft { " " (because(t, field)) } }
    }
}
