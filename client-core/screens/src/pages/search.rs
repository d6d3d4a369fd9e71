//! Finding a door, a person, a matter: by a piece of a name, its letters, an address, the last digits.

use crate::frame::{self, Room};
use crate::parts::{nothing, symbol};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::search::{Hit, HitKind};

/// Where, as whom, how it stands.
pub(crate) fn pieces(t: Texts, hit: &Hit) -> String {
    hit.pieces.iter().map(|piece| t.said(piece)).collect::<Vec<_>>().join(" · ")
}

/// The page.
pub(crate) fn page(screen: &mut Screen<'_>) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let asked = screen.request.asks("q").map(str::to_owned);
    let hits = asked.as_deref().map(|q| screen.device.search(q)).transpose()?;
    let body = html! {
        form.find method="get" action="/search" role="search" {
            input type="search" name="q" aria-label=(t.say("frame-search")) placeholder=(t.say("search-how")) value=[asked.as_deref()] autocomplete="off" autofocus;
            button type="submit" { (t.say("search-go")) }
        }
        @match &hits {
            None => p.soft { (t.say("search-examples")) },
            Some(hits) if hits.hits.is_empty() => (nothing(&t.with("search-none", &[("q", asked.as_deref().unwrap_or_default())]))),
            Some(hits) => {
                ul.list {
                    @for hit in &hits.hits {
                        @let (path, picture) = match hit.kind {
                            HitKind::Resident => ("resident", "person"),
                            HitKind::Door => ("door", "door"),
                            HitKind::Ticket => ("ticket", "matter"),
                        };
                        li {
                            a.row href={ "/" (path) "/" (hit.id) } {
                                span.badge-picture { (symbol(picture)) }
                                span.main { strong.clamp { (if hit.kind == HitKind::Ticket { t.matter(&hit.title) } else { t.named(&hit.title) }) } span.line { span.soft { (pieces(t, hit)) } span.tag { (t.or(&format!("by-{}", hit.why.name()), hit.why_text)) } } }
                                (symbol("go"))
                            }
                        }
                    }
                }
                @if hits.more_count > 0 { p.soft { (t.count("search-more", hits.more_count)) } }
            }
        }
    };
    Ok(frame::page(screen, Room::Grid, &t.say("frame-search"), Some("/grid"), &body))
}
