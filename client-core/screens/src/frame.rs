//! The frame around every page: what it is called, where it came from, how the sync stands, the five rooms.

use crate::assets::{ICON, SCRIPT, STYLE, SYMBOLS};
use crate::pages::sync::strip;
use crate::parts::symbol;
use crate::screen::Screen;
use crate::settings::Settings;
use crate::texts::Texts;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The rooms of the bar at the thumb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Today,
    Grid,
    Tickets,
    Outbox,
    Me,
    /// In none of them.
    Nowhere,
}

impl Room {
    const ALL: [(Room, &'static str, &'static str, &'static str); 5] = [
        (Room::Today, "/", "today", "room-today"),
        (Room::Grid, "/grid", "grid", "room-grid"),
        (Room::Tickets, "/tickets", "matter", "room-tickets"),
        (Room::Outbox, "/outbox", "outbox", "room-outbox"),
        (Room::Me, "/me", "person", "room-me"),
    ];
}

/// How much is not at the office yet, beside the outbox.
pub(crate) fn unsent(screen: &Screen<'_>) -> Markup {
    // A number that cannot be read now is no reason to show nothing.
    let unsent = screen.device.standing().map_or(0, |s| s.unsent + s.held);
    html! { span #unsent .badge[unsent > 0] { @if unsent > 0 { (unsent) } } }
}

/// A page within the app. `back` is where the arrow beside the title leads.
pub(crate) fn page(screen: &mut Screen<'_>, room: Room, title: &str, back: Option<&str>, body: &Markup) -> Markup {
    let t = screen.texts();
    let said = screen.said().map(str::to_owned);
    let within = html! {
        header.top {
            @match back {
                Some(back) => a.icon href=(back) aria-label=(t.say("frame-back")) { (symbol("back")) },
                None => span.icon.brand aria-hidden="true" { (symbol("door")) },
            }
            h1 { (title) }
            a.icon href="/search" aria-label=(t.say("frame-search")) { (symbol("search")) }
        }
        (strip(screen))
        p.notice #locked role="status" hidden { (symbol("lock")) span { (t.say("frame-locked")) } }
        main #main tabindex="-1" {
            @if let Some(said) = said { p.said role="status" { (symbol("tick")) span { (said) } } }
            (body)
        }
        nav.bar aria-label=(t.say("frame-rooms")) {
            @for (each, path, picture, name) in Room::ALL {
                a href=(path) aria-current=[(each == room).then_some("page")] {
                    span.picture {
                        (symbol(picture))
                        @if each == Room::Outbox { (unsent(screen)) }
                    }
                    span { (t.say(name)) }
                }
            }
        }
    };
    document(t, screen.request.settings, title, &within)
}

/// A page outside the app: nobody has given the PIN yet.
pub(crate) fn bare(t: Texts, settings: Settings, title: &str, body: &Markup) -> Markup {
    document(t, settings, title, &html! { main.gate #main tabindex="-1" { (body) } })
}

fn document(t: Texts, settings: Settings, title: &str, within: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(settings.language.code()) class=[settings.large.then_some("large")] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                title { (title) " · " (t.say("app-name")) }
                link rel="icon" href=(ICON.path) type=(ICON.content_type);
                link rel="stylesheet" href=(STYLE.path);
                script src=(SCRIPT.path) defer {}
            }
            body {
                a.skip href="#main" { (t.say("frame-skip")) }
                // Our own file, the same on every page.
                (PreEscaped(SYMBOLS))
                (within)
            }
        }
    }
}
