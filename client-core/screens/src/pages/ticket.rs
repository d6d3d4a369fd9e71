//! One matter: where it stands, what I may do now and nothing else, what happened.

use super::door::notes;
use super::door_more::note;
use super::{id, photo};
use crate::book::{LARGE, OPINIONS, SMALL, symbol_of};
use crate::frame::{self, Room};
use crate::mask::masked;
use crate::once::Outcome;
use crate::parts::matter::due;
use crate::parts::{WORDS_MAX, symbol, when};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::steps::{StepLine, step_called};
use qiaomen_client::query::{EventLine, TicketPage};
use qiaomen_proto::ids::TicketId;
use qiaomen_proto::merge::fold::satisfaction_from_title;

/// The field that says who told it.
const REPORTER: &str = "reporter";
/// Steps that bring the matter on, before those that are always possible.
const FIRST: [&str; 8] = ["start", "feedback", "check", "close_on_spot", "close", "rate", "accept", "assign"];
/// Steps after which nothing of it goes on: a person has to say why.
const NEED_WORDS: [&str; 6] = ["feedback", "void", "send_back", "supplement", "reopen", "escalate"];

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>, ticket: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let ticket: TicketId = id(ticket, What::Ticket)?;
    let page = screen.device.ticket(ticket)?;
    let today = screen.today()?;
    let photos = photo::part(screen, ticket)?;
    let shows_reporter = page.ticket.reporter.is_some() && screen.request.asks("show") == Some(REPORTER);
    if shows_reporter {
        screen.look_at(ticket.into(), &[REPORTER])?;
    }
    let line = &page.ticket;
    let category = line.category.as_deref().unwrap_or_default();
    let body = html! {
        article.card {
            p.line {
                span.badge-picture { (symbol(symbol_of(category))) }
                span { b { (category) } @if let Some(size) = &line.size { " · " (size_words(t, size)) } }
            }
            p.told { (line.text) }
            p.line {
                span.tag { (t.said(&line.stage.into())) }
                (due(t, line))
                @if line.pending { span.mark.unsent { (symbol("outbox")) (t.say("mark-unsent")) } }
                @if let Some(party) = &line.party { span.soft { (party) } }
            }
            dl.pairs {
                @if let Some(place) = &line.place { dt { (t.say("ticket-place")) } dd { @match &line.household { Some(door) => a href={ "/door/" (door) } { (place) }, None => (place) } } }
                @if let Some(reporter) = &line.reporter { dt { (t.say("ticket-who")) } dd { (who(t, ticket, reporter, shows_reporter)) } }
                @if let Some(opinion) = page.satisfaction { dt { (t.say("ticket-opinion")) } dd { (opinion) } }
            }
        }
        (next(t, ticket, &page))
        (photos)
        (timeline(t, &page.timeline, &today))
        (notes(t, &page.notes, &today))
        (note_form(screen, ticket))
    };
    Ok(frame::page(screen, Room::Tickets, &t.say("ticket-title"), Some("/tickets"), &body))
}

/// Small or large, in the language of the app; any other word as it stands in the book.
fn size_words(t: Texts, size: &str) -> String {
    match size {
        SMALL => t.say("ticket-small"),
        LARGE => t.say("ticket-large"),
        other => other.to_owned(),
    }
}

/// Who told it: masked until it is touched, as everything that names a person in the open would be seen by whoever
/// stands beside.
fn who(t: Texts, ticket: TicketId, reporter: &str, shown: bool) -> Markup {
    html! {
        @if shown {
            (reporter) " " a href={ "/ticket/" (ticket) } { (t.say("hide")) }
        } @else {
            span.masked aria-label=(t.say("masked")) { (masked(reporter)) } " "
            a href={ "/ticket/" (ticket) "?show=" (REPORTER) } { (t.say("show")) }
        }
    }
}

fn ordered(steps: &[StepLine]) -> (Vec<StepLine>, Vec<StepLine>) {
    let rank = |step: &StepLine| FIRST.iter().position(|name| *name == step.step);
    let (mut first, rest): (Vec<_>, Vec<_>) = steps.iter().copied().partition(|step| rank(step).is_some());
    first.sort_by_key(rank);
    (first, rest)
}

fn next(t: Texts, ticket: TicketId, page: &TicketPage) -> Markup {
    let (first, rest) = ordered(&page.next_steps);
    let link = |step: &StepLine, class: &str| {
        html! { a class=(class) href={ "/ticket/" (ticket) "/" (step.step) } { (t.or(&format!("step-{}", step.step), step.title)) } }
    };
    html! {
        section aria-labelledby="next" {
            h2 #next { (symbol("go")) (t.say("ticket-next")) }
            @if first.is_empty() { p.soft { (t.say("ticket-nothing-next")) } }
            div.steps { @for (n, step) in first.iter().enumerate() { (link(step, if n == 0 { "button" } else { "button second" })) } }
            @if !rest.is_empty() {
                details { summary { (t.say("ticket-rare")) } div.steps { @for step in &rest { (link(step, "button second")) } } }
            }
        }
    }
}

fn timeline(t: Texts, events: &[EventLine], today: &str) -> Markup {
    html! {
        section aria-labelledby="timeline" {
            h2 #timeline { (symbol("diary")) (t.say("ticket-timeline")) }
            ol.timeline {
                @for event in events {
                    li class=[event.stage.is_none().then_some("idle")] {
                        b { (t.or(&format!("step-{}", event.step), event.title)) }
                        span.soft { " " (t.named(&event.by.name)) " · " (when(&event.at, today)) }
                        @if event.pending { " " span.mark.unsent { (symbol("outbox")) (t.say("mark-unsent")) } }
                        @if let Some(party) = &event.party { p { (t.with("ticket-to", &[("party", party.as_str())])) } }
                        @if let Some(day) = &event.due_on { p.soft { (t.with("ticket-until", &[("day", day.as_str())])) } }
                        @if let Some(opinion) = event.satisfaction { p { (opinion) } }
                        @if let Some(text) = &event.text { p.words { (text) } }
                        @for flag in &event.flags { p.soft { (t.said(flag)) } }
                    }
                }
            }
        }
    }
}

fn note_form(screen: &mut Screen<'_>, ticket: TicketId) -> Markup {
    let t = screen.texts();
    let action = format!("/ticket/{ticket}/note");
    let again = screen.again(&action);
    let content = html! {
        label.big { (t.say("door-note")) textarea name="text" maxlength=(WORDS_MAX) rows="2" required { (again.typed("text")) } }
        button.second.wide type="submit" { (t.say("save")) }
    };
    let form = screen.form(&action, "card", &content);
    html! { details open[again.is()] { summary { (t.say("ticket-add-note")) } (form) } }
}

/// One step: what has to be said with it.
pub(crate) fn step(screen: &mut Screen<'_>, ticket: &str, step: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let ticket: TicketId = id(ticket, What::Ticket)?;
    let page = screen.device.ticket(ticket)?;
    let line = page.next_steps.iter().find(|s| s.step == step).ok_or_else(|| not_now(screen))?;
    let title = t.or(&format!("step-{}", line.step), line.title);
    let today = screen.today()?;
    let needs_words = NEED_WORDS.contains(&step);
    let action = format!("/ticket/{ticket}/{step}");
    let again = screen.again(&action);
    let content = html! {
        p.told { (page.ticket.text) }
        @if step == "assign" { label.big { (t.say("step-party")) input type="text" name="party" value=(again.typed("party")) required autocomplete="off"; } }
        @if step == "assign" || step == "extend" { label.big { (t.say("step-due")) input type="date" name="due" value=(again.typed("due")) min=(today) required[step == "extend"]; } }
        @if step == "rate" {
            fieldset.two-ways {
                legend { (t.say("ticket-opinion")) }
                @for (value, key) in OPINIONS {
                    label.way { input type="radio" name="satisfaction" value=(value) checked[again.chose("satisfaction", value, false)] required; span { (t.say(&format!("opinion-{key}"))) } }
                }
            }
        }
        @if step == "duplicate" { label.big { (t.say("step-other")) select name="other" required { @for (id, text) in others(screen, ticket)? { option value=(id) selected[again.typed("other") == id] { (text) } } } } }
        label.big { (t.say(if step == "feedback" { "step-told" } else { "step-words" })) textarea name="text" maxlength=(WORDS_MAX) rows="3" required[needs_words] { (again.typed("text")) } }
        button.wide type="submit" { (title) }
    };
    let form = screen.form(&action, "card", &content);
    Ok(frame::page(screen, Room::Tickets, &title, Some(&format!("/ticket/{ticket}")), &form))
}

fn others(screen: &Screen<'_>, ticket: TicketId) -> Result<Vec<(String, String)>, Refusal> {
    let open = screen.device.tickets(&qiaomen_client::query::TicketFilter::default())?;
    let ticket = ticket.to_string();
    Ok(open.into_iter().filter(|l| l.ticket != ticket).map(|l| (l.ticket, l.text)).collect())
}

fn not_now(screen: &Screen<'_>) -> Refusal {
    Refusal::missing(screen.texts().say("ticket-not-now"))
}

/// A step is taken.
pub(crate) fn stepped(screen: &mut Screen<'_>, ticket: &str, step: &str) -> Result<Outcome, Refusal> {
    let ticket: TicketId = id(ticket, What::Ticket)?;
    let kind = step_called(step).ok_or_else(Refusal::no_page)?;
    if NEED_WORDS.contains(&step) {
        screen.needed("text", "missing-words")?;
    }
    // What a resident thinks is asked, never assumed.
    if step == "rate" {
        screen.needed("satisfaction", "missing-opinion")?;
    }
    let typed = |name: &str| screen.request.typed(name).map(str::to_owned);
    let other = screen.request.typed("other").map(|other| id::<TicketId>(other, What::Ticket)).transpose()?;
    let intent = Intent::AdvanceTicket {
        ticket,
        event: kind.number(),
        party: typed("party"),
        due_on: typed("due"),
        satisfaction: screen.request.typed("satisfaction").and_then(satisfaction_from_title),
        other,
        text: typed("text"),
    };
    screen.edit(intent)?;
    Ok(screen.done(format!("/ticket/{ticket}"), "done-step"))
}

/// A note on the matter.
pub(crate) fn noted(screen: &mut Screen<'_>, ticket: &str) -> Result<Outcome, Refusal> {
    let ticket: TicketId = id(ticket, What::Ticket)?;
    let text = screen.needed("text", "missing-note")?;
    let notes = screen.device.ticket(ticket)?.notes;
    note(screen, ticket.into(), &notes, text, format!("/ticket/{ticket}"))
}
