use super::symbol;
use crate::book::symbol_of;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::query::TicketLine;

/// When a matter is due, in words.
pub(crate) fn due(t: Texts, line: &TicketLine) -> Markup {
    html! {
        @match line.due_in_days {
            Some(days) if days < 0 => span.tag.bad { (symbol("clock")) (t.count("due-late", -days)) },
            Some(0) => span.tag.look { (symbol("clock")) (t.say("due-today")) },
            Some(days) => span.tag { (symbol("clock")) (t.count("due-in", days)) },
            None => {},
        }
    }
}

/// A row of a list.
pub(crate) fn row(t: Texts, line: &TicketLine) -> Markup {
    let category = line.category.as_deref().unwrap_or_default();
    html! {
        li {
            a.row href={ "/ticket/" (line.ticket) } {
                span.badge-picture { (symbol(symbol_of(category))) }
                span.main {
                    strong.clamp { (t.matter(&line.text)) }
                    span.line {
                        @if let Some(place) = &line.place { span.soft { (t.named(place)) } }
                        span.tag { (t.said(&line.stage.into())) }
                        (due(t, line))
                        @if line.pending { span.mark.unsent { (symbol("outbox")) (t.say("mark-unsent")) } }
                    }
                }
                (symbol("go"))
            }
        }
    }
}
