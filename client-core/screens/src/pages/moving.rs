//! Somebody leaves a door, or moves to another one of the grid.

use super::id;
use super::person::back;
use super::search::pieces;
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::{nothing, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::error::What;
use qiaomen_client::query::PersonPage;
use qiaomen_client::search::HitKind;
use qiaomen_proto::ids::{HouseholdId, ResidentId};

/// Somebody moved out: asked once, with today's date.
pub(crate) fn out(screen: &mut Screen<'_>, resident: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let resident: ResidentId = id(resident, What::Resident)?;
    let page = screen.device.resident(resident)?;
    let name = t.named(&page.name);
    let today = screen.today()?;
    let action = format!("/resident/{resident}/out");
    let again = screen.again(&action);
    let content = html! {
        p { (t.with("out-how", &[("name", &name)])) }
        label.big { (t.say("out-on")) input type="date" name="on" value=(again.or("on", &today)) max=(today) required; }
        button.wide type="submit" { (t.say("deed-out")) }
    };
    let form = screen.form(&action, "card", &content);
    let body = html! { (form) p { a.button.second.wide href={ "/resident/" (resident) "/move" } { (symbol("stairs")) (t.say("move-instead")) } } };
    Ok(frame::page(screen, Room::Grid, &name, Some(&back(&page)), &body))
}

/// Somebody moved out.
pub(crate) fn moved_out(screen: &mut Screen<'_>, resident: &str) -> Result<Outcome, Refusal> {
    let resident: ResidentId = id(resident, What::Resident)?;
    let to = back(&screen.device.resident(resident)?);
    let on = screen.needed("on", "missing-day")?;
    screen.edit(Intent::MoveOut { resident, on })?;
    Ok(screen.done(to, "done-out"))
}

/// To which door somebody moves: looked for first, then the day.
pub(crate) fn page(screen: &mut Screen<'_>, resident: &str) -> Result<Markup, Refusal> {
    let resident: ResidentId = id(resident, What::Resident)?;
    let page = screen.device.resident(resident)?;
    let action = format!("/resident/{resident}/move");
    let again = screen.again(&action);
    let to = screen.request.asks("to").or(Some(again.typed("to")).filter(|to| !to.is_empty()));
    let body = match to {
        Some(to) => day(screen, &page, id(to, What::Household)?, &action)?,
        None => looked_for(screen, &page, &action)?,
    };
    let t = screen.texts();
    let title = t.with("move-title", &[("name", &t.named(&page.name))]);
    Ok(frame::page(screen, Room::Grid, &title, Some(&format!("/resident/{resident}")), &body))
}

fn looked_for(screen: &Screen<'_>, page: &PersonPage, action: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let asked = screen.request.asks("q");
    let hits = asked.map(|q| screen.device.search(q)).transpose()?;
    let is_own = |id: &str| page.moved_out_on.is_none() && page.household.as_deref() == Some(id);
    let lives_there = hits.as_ref().is_some_and(|hits| hits.hits.iter().any(|hit| is_own(&hit.id)));
    let doors: Option<Vec<_>> =
        hits.map(|hits| hits.hits.into_iter().filter(|hit| hit.kind == HitKind::Door && !is_own(&hit.id)).collect());
    Ok(html! {
        @let left = page.moved_out_on.is_some();
        @if let Some(address) = &page.address {
            p.soft { (t.with(if left { "move-lived" } else { "move-from" }, &[("place", address.as_str())])) }
        }
        @if let (true, Some(door)) = (left, &page.household) {
            p { a.button.wide href={ (action) "?to=" (door) } { (symbol("door")) (t.say("move-back-here")) } }
        }
        form.find method="get" action=(action) role="search" {
            input type="search" name="q" aria-label=(t.say("move-where")) placeholder=(t.say("move-where-how")) value=[asked] autocomplete="off" autofocus;
            button type="submit" { (t.say("search-go")) }
        }
        @match (&doors, asked) {
            (Some(doors), _) if !doors.is_empty() => ul.list {
                @for door in doors {
                    li {
                        a.row href={ (action) "?to=" (door.id) } {
                            span.badge-picture { (symbol("door")) }
                            span.main { strong { (door.title) } span.soft { (pieces(t, door)) } }
                            (symbol("go"))
                        }
                    }
                }
            },
            (Some(_), Some(_)) if lives_there => (nothing(&t.say("move-here-already"))),
            (Some(_), Some(asked)) => (nothing(&t.with("move-none", &[("q", asked)]))),
            _ => p.soft { (t.say("move-how")) },
        }
        p { a.button.second.wide href="/new-door" { (symbol("plus")) (t.say("new-door")) } }
        @if !left { p { a.button.second.wide href={ "/resident/" (page.resident) "/out" } { (t.say("move-away")) } } }
    })
}

fn day(screen: &mut Screen<'_>, page: &PersonPage, to: HouseholdId, action: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let today = screen.today()?;
    let door = screen.device.door(to)?.door;
    let again = screen.again(action);
    let content = html! {
        input type="hidden" name="to" value=(door.household);
        p.told { (t.with("move-sure", &[("name", &t.named(&page.name)), ("place", door.address.as_str())])) }
        label.big { (t.say("move-on")) input type="date" name="on" value=(again.or("on", &today)) max=(today) required; }
        button.wide type="submit" { (t.say("deed-move")) }
    };
    let form = screen.form(action, "card", &content);
    Ok(html! { (form) p { a.button.second.wide href=(action) { (t.say("move-other")) } } })
}

/// Somebody moved to another door.
pub(crate) fn moved(screen: &mut Screen<'_>, resident: &str) -> Result<Outcome, Refusal> {
    let resident: ResidentId = id(resident, What::Resident)?;
    let to: HouseholdId = id(&screen.needed("to", "missing-door")?, What::Household)?;
    let on = screen.needed("on", "missing-day")?;
    screen.edit(Intent::MoveResident { resident, to, on })?;
    Ok(screen.done(format!("/door/{to}"), "done-moved"))
}
