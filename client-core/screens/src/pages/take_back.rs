//! An entry of today that was a touch too many, or at the wrong door: it is shown once more, and taken back.

use super::id;
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::{symbol, when};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::error::What;
use qiaomen_client::query::{EntryLine, ToTakeBack};
use qiaomen_proto::ids::CommandId;

/// Leads there, where the entry can be taken back.
pub(crate) fn link(t: Texts, entry: &EntryLine) -> Markup {
    html! { @if entry.can_be_taken_back { " " a href={ "/entry/" (entry.command) } { (t.say("take-back")) } } }
}

/// The same for what was written down just now.
pub(crate) fn just_now(t: Texts, entry: &EntryLine) -> Markup {
    html! {
        @if entry.can_be_taken_back {
            p { a.button.second.wide href={ "/entry/" (entry.command) } { (symbol("back")) (t.say("take-back-now")) } }
        }
    }
}

fn asked_for(screen: &Screen<'_>, command: &str) -> Result<ToTakeBack, Refusal> {
    let command: CommandId = id(command, What::Command)?;
    let gone = || Refusal::not_there(screen.texts().say("take-back-gone"));
    screen.device.to_take_back(command)?.ok_or_else(gone)
}

/// Where the entry stands.
fn place(entry: &EntryLine) -> String {
    entry.household.as_ref().map_or_else(|| super::diary::PATH.to_owned(), |door| format!("/door/{door}"))
}

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>, command: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let entry = asked_for(screen, command)?.entry;
    let (today, here) = (screen.today()?, place(&entry));
    let shown = html! {
        p {
            @if let Some(place) = &entry.place { b { (place) } br; }
            (t.or(&format!("kind-{}", entry.kind), entry.kind_title)) " · " (t.ended(&entry.kind, &entry.outcome, entry.outcome_title))
            span.soft { " " (when(&entry.at, &today)) }
            @if let Some(note) = &entry.note { br; span.words { (note) } }
        }
        p.soft { (t.say("take-back-how")) }
        button.wide type="submit" { (t.say("take-back-do")) }
        a.button.second.wide href=(here) { (t.say("take-back-not")) }
    };
    let form = screen.form(&format!("/entry/{command}"), "card", &shown);
    Ok(frame::page(screen, Room::Today, &t.say("take-back-title"), Some(&here), &form))
}

/// It is taken back.
pub(crate) fn taken_back(screen: &mut Screen<'_>, command: &str) -> Result<Outcome, Refusal> {
    let ToTakeBack { entry, intent } = asked_for(screen, command)?;
    screen.edit(intent)?;
    Ok(screen.done(place(&entry), "done-taken-back"))
}
