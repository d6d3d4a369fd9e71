//! Where my answer stands against another's: what holds meanwhile, and what the office decided.

use super::door_people::value;
use super::id;
use crate::frame::{self, Room};
use crate::mask::{hidden_at, masks};
use crate::parts::answer::label;
use crate::parts::{nothing, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::error::What;
use qiaomen_client::query::{ConflictLine, DecisionLine, FieldLine};
use qiaomen_proto::ids::{Kind, ResidentId};

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let open: Vec<ConflictLine> = screen.device.conflicts()?.into_iter().filter(|line| line.mine).collect();
    let decided = screen.device.mine()?.decisions;
    // Whoever has to know what stands against what sees it here without a touch: it is a look all the same.
    for line in open.iter().filter(|line| line.kind == Kind::Resident) {
        let resident: ResidentId = id(&line.id, What::Resident)?;
        screen.look_at(resident.into(), &hidden_at(&line.field))?;
    }
    for line in &decided {
        if let Some(resident) = line.document.strip_prefix("resident/") {
            let resident: ResidentId = id(resident, What::Resident)?;
            let mut shown = hidden_at(&line.field);
            // What I had written is shown, also where the office decided that nothing stands there.
            if shown.is_empty() && masks(line.field.field) && line.mine_state == "value" {
                shown.push(line.field.field);
            }
            screen.look_at(resident.into(), &shown)?;
        }
    }
    let body = html! {
        @if open.is_empty() && decided.is_empty() { (nothing(&t.say("conflicts-none"))) }
        @if !open.is_empty() {
            section aria-labelledby="open" {
                h2 #open { (symbol("conflict")) (t.say("conflicts-open")) span.n { (open.len()) } }
                p.soft { (t.say("conflicts-open-how")) }
                @for line in &open {
                    article.card {
                        h3 { (t.named(&line.title)) " · " (label(t, line.field.field, line.field.label)) }
                        @if let Some(place) = &line.place { p.soft { (place) } }
                        (candidates(t, &line.field))
                    }
                }
            }
        }
        @if !decided.is_empty() {
            section aria-labelledby="decided" {
                h2 #decided { (symbol("office")) (t.say("conflicts-decided")) span.n { (decided.len()) } }
                @for line in &decided { (decision(t, line)) }
            }
        }
    };
    Ok(frame::page(screen, Room::Me, &t.say("conflicts-title"), Some("/me"), &body))
}

fn candidates(t: Texts, field: &FieldLine) -> Markup {
    html! {
        ul.list {
            @for c in &field.candidates {
                li.row {
                    span.main {
                        strong { (t.answer(field.field, &c.said)) }
                        span.soft { (c.by.as_ref().map_or_else(String::new, |by| t.named(&by.name))) " · " (c.at) }
                    }
                    @if c.holds { span.tag.good { (t.say("conflict-holds")) } }
                }
            }
        }
    }
}

fn decision(t: Texts, line: &DecisionLine) -> Markup {
    html! {
        article.card {
            h3 { (t.named(&line.title)) " · " (label(t, line.field.field, line.field.label)) }
            @if let Some(place) = &line.place { p.soft { (place) } }
            p { (t.say("conflicts-holds-now")) b { (value(t, &line.field, true)) } }
            @if line.as_i_said { p.line { span.tag.good { (t.say("conflicts-as-i-said")) } } }
            @else { p.soft { (t.with("conflicts-i-said", &[("said", t.or(&format!("said-{}", line.mine_state), &t.of_book(line.field.field, &line.mine)).as_str())])) } }
            p.soft { (line.at) }
        }
    }
}
