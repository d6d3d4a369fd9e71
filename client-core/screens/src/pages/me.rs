//! What my work led to; device, language, size of text, lock. Nobody is ranked, and no trail is kept.

use crate::frame::{self, Room};
use crate::once::Outcome;
use crate::parts::{matter, symbol};
use crate::refusal::Refusal;
use crate::response::Wish;
use crate::screen::Screen;
use crate::settings::{Language, Settings};
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::query::{MinePage, StatusPage};

/// Trainings that are shown at once.
const TRAININGS_SHOWN: usize = 5;
/// Matters of mine that are shown.
const MINE_SHOWN: usize = 8;

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let (status, mine) = (screen.device.status()?, screen.device.mine()?);
    let settings = settings(screen);
    let lock =
        screen.form("/lock", "", &html! { button.second.wide type="submit" { (symbol("lock")) (t.say("me-lock")) } });
    let body = html! {
        section.card.who {
            span.badge-picture { (symbol("person")) }
            span {
                b { (t.named(status.worker_name.as_deref().unwrap_or_default())) }
                br;
                span.soft {
                    (status.role.map(|role| t.said(&role.called())).unwrap_or_default())
                    @for grid in &status.grids { " · " (grid.name) }
                }
            }
        }
        section aria-labelledby="led" {
            h2 #led { (symbol("tick")) (t.say("me-led")) }
            div.figures {
                span { b { (mine.doors) } (t.count("me-doors", mine.doors)) }
                span { b { (mine.tickets.len()) } (t.say("me-reported")) }
                span { b { (mine.over) } (t.say("me-over")) }
                span { b { (mine.satisfied) } (t.say("me-satisfied")) }
            }
            p.soft { (t.say("me-led-how")) }
            ul.list { @for line in mine.tickets.iter().take(MINE_SHOWN) { (matter::row(t, line)) } }
        }
        (trainings(t, &mine))
        ul.list {
            (link(t, "/conflicts", "conflict", "conflicts-title"))
            (link(t, "/diary", "diary", "today-diary"))
            (link(t, "/sync", "sync", "sync-title"))
        }
        section aria-labelledby="seen" { h2 #seen { (symbol("eye")) (t.say("me-seen")) } (settings) }
        (device(t, &status))
        (lock)
    };
    Ok(frame::page(screen, Room::Me, &t.say("room-me"), None, &body))
}

/// Trainings: told to whoever was there, and counted against nobody.
fn trainings(t: Texts, mine: &MinePage) -> Markup {
    html! {
        section aria-labelledby="trained" {
            h2 #trained { (symbol("diary")) (t.say("me-trainings")) }
            @if mine.trainings.is_empty() { p.soft { (t.say("me-trainings-none")) } }
            @else {
                dl.pairs.card {
                    @for line in mine.trainings.iter().take(TRAININGS_SHOWN) { dt { (line.on) } dd { (line.topic) } }
                }
                @if mine.trainings.len() > TRAININGS_SHOWN {
                    details {
                        summary { (t.count("me-trainings-all", u64::try_from(mine.trainings.len()).unwrap_or(u64::MAX))) }
                        dl.pairs.card {
                            @for line in mine.trainings.iter().skip(TRAININGS_SHOWN) { dt { (line.on) } dd { (line.topic) } }
                        }
                    }
                }
            }
        }
    }
}

fn link(t: Texts, path: &str, picture: &str, key: &str) -> Markup {
    html! { li { a.row href=(path) { (symbol(picture)) span.main { (t.say(key)) } (symbol("go")) } } }
}

fn settings(screen: &mut Screen<'_>) -> Markup {
    let t = screen.texts();
    let now = screen.request.settings;
    let content = html! {
        fieldset.two-ways {
            legend { (t.say("me-language")) }
            @for language in Language::ALL {
                label.way lang=(language.code()) {
                    input type="radio" name="language" value=(language.code()) checked[now.language == language];
                    span { (Texts::of(language).say("language-name")) }
                }
            }
        }
        fieldset.two-ways {
            legend { (t.say("me-size")) }
            label.way { input type="radio" name="size" value="normal" checked[!now.large]; span { (t.say("me-size-normal")) } }
            label.way { input type="radio" name="size" value="large" checked[now.large]; span.larger { (t.say("me-size-large")) } }
        }
        button.wide type="submit" { (t.say("save")) }
    };
    screen.form("/settings", "card", &content)
}

fn device(t: Texts, status: &StatusPage) -> Markup {
    html! {
        section aria-labelledby="device" {
            h2 #device { (symbol("phone")) (t.say("me-device")) }
            div.card {
                dl.pairs {
                    dt { (t.say("me-community")) } dd { (status.community.as_deref().unwrap_or("–")) }
                    dt { (t.say("me-office")) } dd { (status.server.as_deref().unwrap_or("–")) }
                    dt { (t.say("me-kept")) } dd { (t.counts("me-kept-how", &[("doors", status.doors), ("people", status.residents), ("documents", status.documents)])) }
                    dt { (t.say("me-version")) } dd { (status.app_version) }
                }
            }
        }
    }
}

/// How it is to be seen from now on.
pub(crate) fn set(screen: &Screen<'_>) -> (Outcome, Option<Wish>) {
    let typed = |name: &str| screen.request.typed(name).unwrap_or_default();
    let settings = Settings::from_text(&format!("{}.{}", typed("language"), typed("size")));
    let said = Texts::of(settings.language).say("done-settings");
    (Outcome { to: "/me".to_owned(), said }, Some(Wish::Keep(settings)))
}
