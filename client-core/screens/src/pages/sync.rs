//! How the sync stands. "All of it is there" is said only when receipts and digests agree, which the device knows.

use crate::frame::{self, Room};
use crate::parts::symbol;
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::state::SyncNow;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::query::{Standing, StatusPage};

/// An office that has not answered for so long is said to be waited for.
const WAIT_SAID_S: u64 = 3;

/// One line under the title of every page.
pub(crate) fn strip(screen: &Screen<'_>) -> Markup {
    let t = screen.texts();
    // What cannot be read now is no reason to show nothing.
    let Standing { unsent, held, complete, photos_unsent: photos, looks_unsent: looks, .. } =
        screen.device.standing().unwrap_or_default();
    let (class, picture, words) = match &screen.state.sync {
        SyncNow::Running(progress) => {
            let words = match progress.documents {
                Some((done, total)) if done < total => {
                    t.with("strip-first", &[("done", &done.to_string()), ("total", &total.to_string())])
                }
                _ if progress.photos.is_some_and(|(_, size)| size > 0) => {
                    t.with("strip-photos-running", &[("percent", &percent(progress.photos).to_string())])
                }
                _ if screen.state.waited_s >= WAIT_SAID_S => t.count("strip-waits", screen.state.waited_s),
                _ => t.say("strip-running"),
            };
            ("running", "sync", words)
        }
        _ if held > 0 => ("held", "stop", t.count("strip-held", held)),
        SyncNow::Failed { .. } if unsent > 0 => ("offline", "cloud-off", t.count("strip-offline-unsent", unsent)),
        SyncNow::Failed { .. } => ("offline", "cloud-off", t.say("strip-offline")),
        SyncNow::Idle if unsent > 0 => ("unsent", "outbox", t.count("strip-unsent", unsent)),
        SyncNow::Idle if photos > 0 => ("unsent", "outbox", t.count("strip-photos", photos)),
        SyncNow::Idle if looks > 0 => ("unsent", "outbox", t.count("strip-looks", looks)),
        SyncNow::Idle if complete => ("complete", "tick", t.say("strip-complete")),
        SyncNow::Idle => ("idle", "sync", t.say("strip-idle")),
    };
    html! { a #strip class={ "strip " (class) } href="/sync" { (symbol(picture)) span { (words) } } }
}

/// The line, and how much is not there yet, for the script.
pub(crate) fn line(screen: &Screen<'_>) -> Markup {
    html! { (strip(screen)) (frame::unsent(screen)) }
}

/// The line, and what the page of the sync says beside it, for the script.
pub(crate) fn live(screen: &Screen<'_>) -> Result<Markup, Refusal> {
    let status = screen.device.status()?;
    Ok(html! { (line(screen)) (now(screen, &status)) (state(screen.texts(), &status)) })
}

fn percent(photos: Option<(u64, u64)>) -> u64 {
    photos.map_or(0, |(have, size)| have * 100 / size.max(1))
}

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let status = screen.device.status()?;
    let now = now(screen, &status);
    let button = html! { button.wide type="submit" { (symbol("sync")) (t.say("sync-now")) } };
    let form = screen.form("/sync", "", &button);
    let body = html! {
        section.card { (now) (form) }
        @if let Some(skew) = &status.clock_skew { p.notice { (symbol("clock")) span { (t.said(skew)) } } }
        @if let Some(differs) = &status.policy_differs { p.notice { (symbol("conflict")) span { (t.said(differs)) } } }
        section.card {
            (state(t, &status))
            details {
                summary { (t.say("sync-digests")) }
                p.soft { (t.say("sync-digests-how")) }
                dl.pairs.codes {
                    dt { (t.say("sync-here")) } dd { (status.digest) }
                    dt { (t.say("sync-there")) } dd { (status.office_digest) }
                }
            }
        }
        p { a.button.second.wide href="/conflicts" { (symbol("conflict")) (t.say("conflicts-title")) } }
    };
    Ok(frame::page(screen, Room::Nowhere, &t.say("sync-title"), Some("/"), &body))
}

/// What is here and what is not there yet: of the same moment as what is said above it.
fn state(t: Texts, status: &StatusPage) -> Markup {
    html! {
        dl.pairs #sync-state {
            dt { (t.say("sync-last-contact")) } dd { (status.last_contact.as_deref().unwrap_or("–")) }
            dt { (t.say("sync-pending")) } dd { (status.pending + status.waiting) }
            dt { (t.say("photo-to-go")) } dd { (status.photos_unsent) }
            dt { (t.say("sync-looks")) } dd { (status.looks_unsent) }
            dt { (t.say("sync-held")) } dd { (status.rejected + status.quarantined) }
            dt { (t.say("sync-doors")) } dd { (status.doors) }
            dt { (t.say("sync-residents")) } dd { (status.residents) }
            dt { (t.say("sync-tickets")) } dd { (status.open_tickets) }
        }
    }
}

/// What is happening: kept up to date by the script while the page is open.
fn now(screen: &Screen<'_>, status: &StatusPage) -> Markup {
    let t = screen.texts();
    let told = match &screen.state.sync {
        SyncNow::Running(progress) => html! {
            @if screen.state.waited_s >= WAIT_SAID_S {
                p.told { (t.count("sync-waits", screen.state.waited_s)) }
                p.soft { (t.say("sync-waits-how")) }
            } @else {
                p.told { (t.say("sync-running")) }
            }
            @if let Some((have, size)) = progress.photos.filter(|(_, size)| *size > 0) {
                progress.large max=(size) value=(have) aria-label=(t.say("photo-to-go")) {}
                p { (t.with("sync-photos-how", &[("done", &(have / 1024).to_string()), ("total", &(size / 1024).to_string())])) }
            }
            @match progress.documents {
                Some((done, total)) => {
                    progress.large max=(total) value=(done) aria-label=(t.say("sync-first")) {}
                    p { (t.with("sync-first-how", &[("done", &done.to_string()), ("total", &total.to_string())])) }
                }
                None => p.soft {
                    @match status.pending + status.waiting {
                        0 => (t.say("sync-nothing-to-send")),
                        unsent => (t.count("sync-to-send", unsent)),
                    }
                    @if progress.pulled > 0 { " " (t.count("sync-fetched", progress.pulled)) }
                },
            }
        },
        SyncNow::Failed { sentence, again } => html! {
            p.notice { (symbol("cloud-off")) span { (t.said(sentence)) } }
            @if *again { p.soft { (t.say("sync-again")) } }
        },
        SyncNow::Idle if status.complete => {
            html! { div.all-there { (symbol("tick")) p { (t.say("sync-complete")) } p.soft { (t.say("sync-complete-how")) } } }
        }
        SyncNow::Idle => html! { p.told { (t.say("sync-not-complete")) } p.soft { (t.say("sync-not-complete-how")) } },
    };
    html! { div #sync-now { (told) } }
}
