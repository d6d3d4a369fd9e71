//! What one does rarely at a door: a note without a visit, the refusal of the whole door.

use super::id;
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::{WORDS_MAX, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::NoteLine;
use qiaomen_proto::ids::{DocId, HouseholdId};

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>, door: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let page = screen.device.door(id(door, What::Household)?)?;
    let here = &page.door.household;
    let action = format!("/door/{here}/note");
    let again = screen.again(&action);
    let note = screen.form(
        &action,
        "card",
        &html! {
            label.big { (t.say("door-note")) textarea name="text" maxlength=(WORDS_MAX) rows="3" required { (again.typed("text")) } }
            button.wide type="submit" { (t.say("save")) }
        },
    );
    let refuses = page.refusal.is_some();
    let action = format!("/door/{here}/refusal");
    let again = screen.again(&action);
    let refusal = screen.form(
        &action,
        "card",
        &html! {
            @if refuses {
                p { (t.say("door-withdraw-how")) }
                input type="hidden" name="withdrawn" value="true";
                button.second.wide type="submit" { (t.say("door-withdraw")) }
            } @else {
                p { (t.say("door-refuse-how")) }
                // The Enter key after the number does nothing: that nobody asks here again is not said in passing.
                button type="submit" hidden disabled { }
                label { (t.say("door-refuse-people")) input type="text" inputmode="numeric" name="people" value=(again.typed("people")) autocomplete="off"; }
                button.danger.wide type="submit" { (symbol("stop")) (t.say("door-refuse")) }
            }
        },
    );
    let body = html! {
        section { h2 { (t.say("door-note")) } (note) }
        section { h2 { (t.say(if refuses { "door-withdraw" } else { "door-refuse" })) } (refusal) }
    };
    Ok(frame::page(screen, Room::Grid, &page.door.address, Some(&format!("/door/{here}")), &body))
}

/// A note on the door.
pub(crate) fn noted(screen: &mut Screen<'_>, door: &str) -> Result<Outcome, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let text = screen.needed("text", "missing-note")?;
    let notes = screen.device.door(household)?.notes;
    note(screen, household.into(), &notes, text, format!("/door/{household}"))
}

/// A note, unless I wrote the same a moment ago: whoever goes back and sends the form again has said it once.
pub(crate) fn note(
    screen: &mut Screen<'_>,
    doc: DocId,
    notes: &[NoteLine],
    text: String,
    to: String,
) -> Result<Outcome, Refusal> {
    for line in notes.iter().filter(|line| line.by.me && line.text == text.trim()) {
        if screen.device.is_a_moment_ago(line.at_ms)? {
            return Ok(screen.done(to, "done-note-already"));
        }
    }
    screen.edit(Intent::Note { doc, text })?;
    Ok(screen.done(to, "done-note"))
}

/// The whole door would not give data, or will again.
pub(crate) fn refused(screen: &mut Screen<'_>, door: &str) -> Result<Outcome, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let withdrawn = screen.request.typed("withdrawn").is_some();
    let people_count = match screen.request.typed("people").map(str::parse) {
        Some(Ok(people)) => Some(people),
        Some(Err(_)) => return Err(Refusal::missing(screen.texts().say("missing-people"))),
        None => None,
    };
    screen.edit(Intent::RefuseDoor { household, people_count, withdrawn })?;
    Ok(screen.done(format!("/door/{household}"), if withdrawn { "done-withdrawn" } else { "done-refused" }))
}
