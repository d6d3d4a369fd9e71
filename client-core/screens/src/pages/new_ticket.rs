//! A matter is reported: what it is by picture and word, then what there is to say. Matters that may be the same one
//! are shown before anything is saved.

use super::grid::escaped;
use super::{id, photo};
use crate::book::{HEARD_AT_DOOR, LARGE, SEEN_ON_ROUND, SMALL, symbol_of};
use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::building::my_buildings;
use crate::parts::{MATTER_WORDS_MAX, matter, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use maud::{Markup, html};
use qiaomen_client::Intent;
use qiaomen_client::edit::ticket_of;
use qiaomen_client::error::What;
use qiaomen_client::query::{DoorPage, TicketFilter, TicketHeap, TicketLine};
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::ids::{BuildingId, HouseholdId};

/// Where the form goes to.
const FORM: &str = "/ticket/new";
/// Carries the matter of which somebody said that this is another one.
const ANOTHER: &str = "another";
/// Matters that may be the same one, at most.
const ALIKE_MAX: usize = 5;

/// The page: which category, or what there is to say of it.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    // The form that comes back after a refusal holds what its address had asked.
    let again = screen.again(FORM);
    let asked = |name: &str| screen.request.asks(name).or(Some(again.typed(name)).filter(|typed| !typed.is_empty()));
    let category = asked("category").map(str::to_owned);
    let door = asked("door").map(|door| id::<HouseholdId>(door, What::Household)).transpose()?;
    let door = door.map(|id| screen.device.door(id)).transpose()?;
    match category {
        None => categories(screen, door.as_ref()),
        Some(category) => details(screen, door.as_ref(), &category),
    }
}

fn at(door: Option<&DoorPage>) -> String {
    door.map(|page| format!("door={}&", page.door.household)).unwrap_or_default()
}

fn categories(screen: &mut Screen<'_>, door: Option<&DoorPage>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let categories = screen.device.reference().categories.clone();
    let back = door.map_or_else(|| "/tickets".to_owned(), |page| format!("/door/{}", page.door.household));
    let body = html! {
        p.soft { @match door { Some(page) => (page.door.address), None => (t.say("ticket-anywhere")) } }
        div.pictures {
            @for category in &categories {
                a.picture-button href={ "/ticket/new?" (at(door)) "category=" (escaped(category)) } {
                    (symbol(symbol_of(category))) span { (category) }
                }
            }
        }
        @if categories.is_empty() { (crate::parts::nothing(&t.say("ticket-no-categories"))) }
    };
    Ok(frame::page(screen, Room::Tickets, &t.say("ticket-what"), Some(&back), &body))
}

/// Open matters of the same category at the same door or in the same building.
fn alike(screen: &Screen<'_>, door: Option<&DoorPage>, category: &str) -> Result<Vec<TicketLine>, Refusal> {
    let Some(page) = door else { return Ok(Vec::new()) };
    let filter = TicketFilter { heap: TicketHeap::Open, category: Some(category.to_owned()), household: None };
    let building = page.door.building_name.as_str();
    let mut lines = screen.device.tickets(&filter)?;
    lines.retain(|line| {
        line.household.as_deref() == Some(&page.door.household)
            || !building.is_empty() && line.place.as_deref().is_some_and(|place| place.starts_with(building))
    });
    lines.sort_by_key(|line| line.household.as_deref() != Some(&page.door.household));
    lines.truncate(ALIKE_MAX);
    Ok(lines)
}

fn details(screen: &mut Screen<'_>, door: Option<&DoorPage>, category: &str) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let alike = alike(screen, door, category)?;
    let buildings = my_buildings(screen);
    let people: Vec<String> = door
        .map(|page| page.people.iter().filter(|p| p.moved_out_on.is_none()).map(|p| p.name.clone()).collect())
        .unwrap_or_default();
    let again = screen.again(FORM);
    let twin = if again.is() { twin(screen)? } else { None };
    let content = html! {
        @if let Some(twin) = &twin {
            // The Enter key asks again: of the buttons of a form it takes the first.
            button type="submit" hidden { (t.say("save")) }
            a.button.wide href={ "/ticket/" (twin.ticket) } { (t.say("ticket-twin-same")) }
            button.second.wide type="submit" name=(ANOTHER) value=(twin.ticket) { (t.say("ticket-twin-another")) }
        }
        input type="hidden" name="category" value=(category);
        @match door {
            Some(page) => {
                input type="hidden" name="door" value=(page.door.household);
                p.line { span.badge-picture { (symbol(symbol_of(category))) } span { b { (category) } br; span.soft { (page.door.address) } } }
            }
            None => {
                p.line { span.badge-picture { (symbol(symbol_of(category))) } b { (category) } }
                label.big { (t.say("ticket-building")) select name="building" { option value="" { (t.say("ticket-no-building")) } @for (id, name) in &buildings { option value=(id) selected[again.typed("building") == id] { (name) } } } }
            }
        }
        fieldset.two-ways {
            legend { (t.say("ticket-size")) }
            label.way { input type="radio" name="size" value=(SMALL) checked[again.chose("size", SMALL, true)]; span { b { (t.say("ticket-small")) } (t.say("ticket-small-how")) } }
            label.way { input type="radio" name="size" value=(LARGE) checked[again.chose("size", LARGE, false)]; span { b { (t.say("ticket-large")) } (t.say("ticket-large-how")) } }
        }
        label.big { (t.say("ticket-text")) textarea name="text" maxlength=(MATTER_WORDS_MAX) rows="4" required { (again.typed("text")) } }
        label.big {
            (t.say("ticket-reporter"))
            input type="text" name="reporter" value=(again.typed("reporter")) list="people" autocomplete="off";
            datalist #people { @for name in &people { option value=(name) {} } }
        }
        (photo::field(t))
        button.wide type="submit" { (t.say("ticket-report")) }
    };
    let form = screen.form_with_files(FORM, "card", &content);
    let body = html! {
        @if !alike.is_empty() {
            section aria-labelledby="alike" {
                h2.look #alike { (symbol("question")) (t.say("ticket-alike")) }
                p.soft { (t.say("ticket-alike-how")) }
                ul.list { @for line in &alike { (matter::row(t, line)) } }
            }
        }
        (form)
    };
    let back = format!("/ticket/new?{}", at(door));
    Ok(frame::page(screen, Room::Tickets, &t.say("ticket-new"), Some(&back), &body))
}

/// The same that was reported a moment ago: whoever goes back and sends the form again has a form of its own.
fn twin(screen: &Screen<'_>) -> Result<Option<TicketLine>, Refusal> {
    let door = screen.request.typed("door").map(|door| id::<HouseholdId>(door, What::Household)).transpose()?;
    let building = screen.request.typed("building").map(|b| id::<BuildingId>(b, What::Building)).transpose()?;
    let (Some(category), Some(text)) = (screen.request.typed("category"), screen.request.typed("text")) else {
        return Ok(None);
    };
    Ok(screen.device.reported_a_moment_ago(door, building, category, text)?)
}

/// A matter is reported.
pub(crate) fn reported(screen: &mut Screen<'_>) -> Result<Outcome, Refusal> {
    let household = screen.request.typed("door").map(|door| id::<HouseholdId>(door, What::Household)).transpose()?;
    let building = screen.request.typed("building").map(|b| id::<BuildingId>(b, What::Building)).transpose()?;
    let size = match screen.request.typed("size") {
        Some(size) if size == LARGE => LARGE,
        _ => SMALL,
    };
    if let Some(twin) = twin(screen)?.filter(|twin| screen.request.typed(ANOTHER) != Some(&twin.ticket)) {
        let place = twin.place.unwrap_or_default();
        return Err(Refusal::question(screen.texts().with("ticket-twin", &[("place", &place), ("text", &twin.text)])));
    }
    let intent = Intent::ReportTicket {
        category: screen.needed("category", "missing-category")?,
        size: size.to_owned(),
        source: if household.is_some() { HEARD_AT_DOOR } else { SEEN_ON_ROUND }.to_owned(),
        household,
        building,
        unit: None,
        text: screen.needed("text", "missing-text")?,
        reporter: screen.request.typed("reporter").map(str::to_owned),
    };
    let photos = photo::chosen(screen, PhotoStage::Before)?;
    let command = screen.device.report_with_photos(intent, &photos)?;
    Ok(screen.done(format!("/ticket/{}", ticket_of(command)), "done-ticket"))
}
