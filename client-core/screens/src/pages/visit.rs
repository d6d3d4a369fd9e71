//! Visits and calls. The usual visit is one touch at the door; here is the one with words.

use super::door::PHRASES;
use super::door_more::note as note_down;
use super::id;
use crate::frame::{self, Room};
use crate::mask::masked;
use crate::once::Outcome as Deed;
use crate::parts::{WORDS_MAX, nothing, symbol, when};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::EntryLine;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{HouseholdId, ResidentId};

/// How it ended: the name in a form, the symbol, the text.
const VISIT: [(&str, &str, &str); 3] =
    [("met", "tick", "deed-met"), ("not_home", "again", "deed-not-home"), ("refused", "hand", "deed-declined")];
const CALL: [(&str, &str, &str); 3] =
    [("met", "tick", "call-answered"), ("not_home", "again", "call-no-answer"), ("refused", "hand", "deed-declined")];

/// Carries how the visit or call ended of which somebody said that it is another one.
const ANOTHER: &str = "another";
/// Carries that only the words are to be kept, of a visit that is written down already.
const ONLY_WORDS: &str = "only_words";

fn outcome(screen: &Screen<'_>) -> Result<Outcome, Refusal> {
    match screen.request.typed("outcome") {
        Some("met") => Ok(Outcome::Met),
        Some("not_home") => Ok(Outcome::NotHome),
        Some("refused") => Ok(Outcome::Refused),
        _ => Err(Refusal::missing(screen.texts().say("missing-outcome"))),
    }
}

/// What was said: a phrase that was touched, words that were typed, or both.
fn note(screen: &Screen<'_>) -> Option<String> {
    let chosen = screen.request.form().all().filter(|(name, _)| *name == "phrase").map(|(_, value)| value.trim());
    let said: Vec<&str> = chosen.chain(screen.request.typed("note")).filter(|s| !s.is_empty()).collect();
    // As people write a list of short sentences.
    (!said.is_empty()).then(|| said.join(&screen.texts().say("phrase-between")))
}

fn words(screen: &Screen<'_>, action: &str) -> Markup {
    let (t, again) = (screen.texts(), screen.again(action));
    html! {
        fieldset.phrases {
            legend { (t.say("visit-phrases")) }
            @for n in 1..=PHRASES {
                @let phrase = t.say(&format!("phrase-{n}"));
                label.chip { input type="checkbox" name="phrase" value=(phrase) checked[again.chose("phrase", &phrase, false)]; span { (phrase) } }
            }
        }
        label.big { (t.say("visit-note")) textarea name="note" maxlength=(WORDS_MAX) rows="3" { (again.typed("note")) } }
    }
}

fn endings(screen: &Screen<'_>, endings: &[(&str, &str, &str)]) -> Markup {
    let t = screen.texts();
    html! {
        div.endings {
            @for (value, picture, key) in endings {
                button.deed type="submit" name="outcome" value=(value) { (symbol(picture)) span { (t.say(key)) } }
            }
        }
    }
}

/// The same that I wrote down a moment ago: whoever goes back, or has a second window open, sends a form of its own.
fn written(screen: &Screen<'_>, door: HouseholdId, kind: &str) -> Result<Option<EntryLine>, Refusal> {
    let Ok(outcome) = outcome(screen) else { return Ok(None) };
    Ok(screen.device.written_a_moment_ago(door, kind, outcome)?)
}

/// Asks before the same is written down once more; nothing is lost by asking.
fn ask_if_written(screen: &Screen<'_>, door: HouseholdId, kind: &str) -> Result<(), Refusal> {
    let Some(entry) = written(screen, door, kind)? else { return Ok(()) };
    if screen.request.typed(ANOTHER) == Some(&entry.outcome) {
        return Ok(());
    }
    let t = screen.texts();
    let at = when(&entry.at, &screen.today()?);
    let what = t.or(&format!("kind-{kind}"), entry.kind_title);
    let ended = t.ended(kind, &entry.outcome, entry.outcome_title);
    Err(Refusal::question(t.with("written-already", &[("when", &at), ("what", &what), ("ended", &ended)])))
}

/// The answers to that question, if it is asked: none more, the words alone, or really another one. Words can be
/// mended here where some were sent; where none were, there is no place for any that the first answer would lose.
fn asked(screen: &Screen<'_>, door: HouseholdId, kind: &str, action: &str) -> Result<Option<Markup>, Refusal> {
    if !screen.again(action).is() {
        return Ok(None);
    }
    let t = screen.texts();
    let worded = note(screen).is_some() || screen.request.typed(ONLY_WORDS).is_some();
    Ok(written(screen, door, kind)?.map(|entry| {
        html! {
            input type="hidden" name="outcome" value=(entry.outcome);
            // The Enter key asks again: of the buttons of a form it takes the first.
            button type="submit" hidden { (t.say("save")) }
            @if worded {
                (words(screen, action))
                button.wide type="submit" name=(ONLY_WORDS) value="yes" { (t.say("written-only-words")) }
            } @else {
                a.button.wide href={ "/door/" (door) } { (t.say("written-enough")) }
            }
            button.second.wide type="submit" name=(ANOTHER) value=(entry.outcome) { (t.say(&format!("written-another-{kind}"))) }
        }
    }))
}

/// The words of a visit that is written down already: asked for, they are never one more visit.
fn only_words(screen: &mut Screen<'_>, household: HouseholdId) -> Result<Option<Deed>, Refusal> {
    if screen.request.typed(ONLY_WORDS).is_none() {
        return Ok(None);
    }
    let text = note(screen).ok_or_else(|| Refusal::missing(screen.texts().say("missing-note")))?;
    let notes = screen.device.door(household)?.notes;
    Ok(Some(note_down(screen, household.into(), &notes, text, format!("/door/{household}"))?))
}

/// A visit with words: what was said, then how it ended, which saves it.
pub(crate) fn visit(screen: &mut Screen<'_>, door: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let household: HouseholdId = id(door, What::Household)?;
    let page = screen.device.door(household)?;
    let here = format!("/door/{household}");
    let action = format!("{here}/visit");
    let content = match asked(screen, household, "visit", &action)? {
        Some(asked) => asked,
        None => html! { (words(screen, &action)) p.soft { (t.say("visit-how")) } (endings(screen, &VISIT)) },
    };
    let form = screen.form(&action, "card", &content);
    let title = t.with("visit-title", &[("place", page.door.address.as_str())]);
    Ok(frame::page(screen, Room::Grid, &title, Some(&here), &form))
}

/// A visit.
pub(crate) fn visited(screen: &mut Screen<'_>, door: &str) -> Result<Deed, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let outcome = outcome(screen)?;
    if let Some(done) = only_words(screen, household)? {
        return Ok(done);
    }
    ask_if_written(screen, household, "visit")?;
    let note = note(screen);
    screen.edit(Intent::Visit { household, outcome, note })?;
    let key = match outcome {
        Outcome::Met => "done-met",
        Outcome::NotHome => "done-not-home",
        _ => "done-declined",
    };
    Ok(screen.done(format!("/door/{household}"), key))
}

/// A call: whom, under which number, and how it ended.
pub(crate) fn call(screen: &mut Screen<'_>, door: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let household: HouseholdId = id(door, What::Household)?;
    let page = screen.device.door(household)?;
    let here = format!("/door/{household}");
    let shown = screen.request.asks("show");
    let with_phone: Vec<_> = page
        .people
        .iter()
        .filter(|p| p.moved_out_on.is_none())
        .filter_map(|p| {
            let phone = p.fields.iter().find(|f| f.field == "phone")?.said.value.as_deref()?;
            Some((p, phone))
        })
        .collect();
    if let Some((person, _)) = with_phone.iter().find(|(person, _)| shown == Some(person.resident.as_str())) {
        let resident: ResidentId = id(&person.resident, What::Resident)?;
        screen.look_at(resident.into(), &["phone"])?;
    }
    let numbers = html! {
        @if with_phone.is_empty() { (nothing(&t.say("call-no-number"))) }
        ul.list {
            @for (person, phone) in with_phone {
                li {
                    @if shown == Some(person.resident.as_str()) {
                        a.row href={ "tel:" (dialled(phone)) } { span.badge-picture { (symbol("phone")) } span.main { strong { (t.named(&person.name)) } span.number { (phone) } } span.tag.good { (t.say("call-dial")) } }
                    } @else {
                        a.row href={ (here) "/call?show=" (person.resident) } { span.badge-picture { (symbol("eye")) } span.main { strong { (t.named(&person.name)) } span.masked { (masked(phone)) } } span.tag { (t.say("show")) } }
                    }
                }
            }
        }
    };
    let action = format!("{here}/call");
    let content = match asked(screen, household, "call", &action)? {
        Some(asked) => asked,
        None => html! { (words(screen, &action)) p.soft { (t.say("call-how")) } (endings(screen, &CALL)) },
    };
    let form = screen.form(&action, "card", &content);
    let title = t.with("call-title", &[("place", page.door.address.as_str())]);
    Ok(frame::page(screen, Room::Grid, &title, Some(&here), &html! { (numbers) (form) }))
}

/// Digits and a leading plus: nothing else belongs into an address that dials.
fn dialled(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// A call.
pub(crate) fn called(screen: &mut Screen<'_>, door: &str) -> Result<Deed, Refusal> {
    let household: HouseholdId = id(door, What::Household)?;
    let outcome = outcome(screen)?;
    if let Some(done) = only_words(screen, household)? {
        return Ok(done);
    }
    ask_if_written(screen, household, "call")?;
    let note = note(screen);
    screen.edit(Intent::Call { household, outcome, note })?;
    Ok(screen.done(format!("/door/{household}"), "done-call"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_dialled() {
        assert_eq!(dialled("138-3778 3533;ext=1"), "138377835331");
        assert_eq!(dialled("+86 138"), "+86138");
    }
}
