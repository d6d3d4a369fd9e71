//! One person: every field with its answer, what stands against it, and what it is asked for.

use super::door::{notes, one_answer};
use super::door_people::value;
use super::id;
use crate::again::filled_in;
use crate::frame::{self, Room};
use crate::mask::{hidden, hidden_at, hides};
use crate::once::Outcome;
use crate::parts::answer::{CATEGORIES_FIELD, card, input, label};
use crate::parts::symbol;
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::{FieldLine, PersonPage, find};
use qiaomen_proto::change::Answer;
use qiaomen_proto::ids::{Kind, ResidentId};
use qiaomen_proto::person::IdentityNumber;

/// Fields that have pages of their own: where somebody lives, and when they left.
const ELSEWHERE: [&str; 2] = ["household", "until"];

/// The page of the door where somebody lives; the grid if none is known.
pub(crate) fn back(page: &PersonPage) -> String {
    page.household.as_ref().map_or_else(|| "/grid".to_owned(), |h| format!("/door/{h}"))
}

/// An identity number whose check digit does not fit: it is kept as somebody read it, and somebody should look again.
fn is_odd(field: &FieldLine) -> bool {
    let number = field.said.value.as_deref().filter(|_| field.field == "identity").map(IdentityNumber::parse);
    number.is_some_and(|number| number.is_ok_and(|number| !number.check_digit_ok()))
}

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>, resident: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let resident: ResidentId = id(resident, What::Resident)?;
    let page = screen.device.resident(resident)?;
    let today = screen.today()?;
    let open = screen.request.asks("show").is_some();
    let fields: Vec<&FieldLine> = page.fields.iter().filter(|f| !ELSEWHERE.contains(&f.field)).collect();
    if open {
        screen.look_at(resident.into(), &hidden(fields.iter().copied()))?;
    }
    let here = format!("/resident/{resident}");
    let body = html! {
        p.line {
            @if let Some(address) = &page.address { span.soft { (address) } }
            @if let Some(day) = &page.moved_out_on { span.tag.look { (t.with("door-gone-on", &[("day", day.as_str())])) } }
            @if page.pending { span.mark.unsent { (symbol("outbox")) (t.say("mark-unsent")) } }
        }
        @if fields.iter().any(|f| hides(f)) {
            p {
                @if open { a.button.second href=(here) { (symbol("eye-off")) (t.say("hide")) } }
                @else { a.button.second href={ (here) "?show=all" } { (symbol("eye")) (t.say("show-all")) } }
            }
        }
        ul.list {
            @for field in fields {
                li {
                    a.row href={ (here) "/field/" (field.field) } {
                        span.main { span.soft { (label(t, field.field, field.label)) } span.value { (value(t, field, open)) } @if is_odd(field) { span.mark.conflict { (symbol("question")) (t.say("identity-odd")) } } }
                        (symbol("pen"))
                    }
                }
            }
        }
        (notes(t, &page.notes, &today))
        div.two {
            a.button.second href={ (here) "/move" } { (t.say(if page.moved_out_on.is_some() { "move-back" } else { "deed-move" })) }
            @if page.moved_out_on.is_none() { a.button.second href={ (here) "/out" } { (t.say("deed-out")) } }
        }
    };
    Ok(frame::page(screen, Room::Grid, &t.named(&page.name), Some(&back(&page)), &body))
}

/// The page of one field.
pub(crate) fn field(screen: &mut Screen<'_>, resident: &str, name: &str) -> Result<Markup, Refusal> {
    let resident: ResidentId = id(resident, What::Resident)?;
    let page = screen.device.resident(resident)?;
    let line =
        page.fields.iter().find(|f| f.field == name && !ELSEWHERE.contains(&f.field)).ok_or_else(Refusal::no_page)?;
    // Whoever corrects a value sees it: that is a look as well.
    screen.look_at(resident.into(), &hidden_at(line))?;
    let body = asked(screen, Kind::Resident, line, &format!("/resident/{resident}/field/{name}"))?;
    let t = screen.texts();
    let title = format!("{} · {}", t.named(&page.name), label(t, line.field, line.label));
    Ok(frame::page(screen, Room::Grid, &title, Some(&format!("/resident/{resident}")), &body))
}

/// One question: the purpose first, the value, and two answers that are none.
pub(crate) fn asked(screen: &mut Screen<'_>, kind: Kind, line: &FieldLine, action: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let spec = find::field(kind, line.field).ok_or_else(Refusal::no_page)?;
    let would_not = line.said.state == "refused";
    let value = line.said.value.as_deref().unwrap_or_default();
    let again = screen.again(action);
    let boxed = input(t, spec, "value", &again.all(line.field, value));
    let content = html! {
        label.big for="value" { (label(t, line.field, line.label)) }
        (boxed)
        button.wide type="submit" name="answer" value="value" { (t.say("save")) }
        div.two {
            button.second type="submit" name="answer" value="refused" { (symbol("hand")) (t.say("answer-refused")) }
            button.second type="submit" name="answer" value="unknown" { (symbol("question")) (t.say("answer-unknown")) }
        }
    };
    let form = screen.form(action, "card", &content);
    Ok(html! {
        aside.card.purpose-card {
            h2 { (symbol("shield")) (t.say("purpose-title")) }
            (card(t, spec))
        }
        @if would_not { p.notice { (symbol("hand")) span { (t.say("answer-was-refused")) } } }
        // Whoever would not say is not asked again: the box opens only when they begin to speak of it themselves.
        @if would_not { details open[again.is()] { summary { (t.say("answer-changed")) } (form) } } @else { (form) }
        @if line.candidates.len() > 1 {
            section {
                h2 { (symbol("conflict")) (t.say("conflict-both")) }
                ul.list {
                    @for c in &line.candidates {
                        li.row { span.main { strong { (t.answer(line.field, &c.said)) } span.soft { (c.by.as_ref().map_or_else(String::new, |by| t.named(&by.name))) " · " (c.at) } } @if c.holds { span.tag.good { (t.say("conflict-holds")) } } }
                    }
                }
            }
        }
    })
}

/// Whether every box of a value that stands was unticked: of boxes there is no other way to take it back. A refusal is not
/// taken back by it.
fn is_emptied(screen: &Screen<'_>, resident: ResidentId, name: &str) -> Result<bool, Refusal> {
    let saved = screen.request.typed("answer") == Some("value");
    if name != CATEGORIES_FIELD || !saved || filled_in(screen.request, name).is_some() {
        return Ok(false);
    }
    let page = screen.device.resident(resident)?;
    Ok(page.fields.iter().any(|field| field.field == name && field.said.state == "value"))
}

/// An answer about a person.
pub(crate) fn answered(screen: &mut Screen<'_>, resident: &str, name: &str) -> Result<Outcome, Refusal> {
    let resident: ResidentId = id(resident, What::Resident)?;
    let answer = if is_emptied(screen, resident, name)? { Answer::Cleared } else { one_answer(screen, name)? };
    screen.edit(Intent::CorrectResident { resident, field: name.to_owned(), answer })?;
    Ok(screen.done(format!("/resident/{resident}"), "done-answer"))
}
