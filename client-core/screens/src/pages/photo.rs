//! Photos of a matter: chosen or taken on the form of a new one or on its page, and what has become of each.

use super::id;
use crate::once::Outcome;
use crate::parts::file::pictures;
use crate::parts::symbol;
use crate::refusal::Refusal;
use crate::response::Response;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::error::What;
use qiaomen_client::photo::{NewPhoto, PHOTOS_PER_COMMAND_MAX, PhotoLine, PhotoState, PhotosToGo, shrink};
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::ids::TicketId;

/// Name of the field in which pictures come.
pub(crate) const FIELD: &str = "photos";

/// The field of a form; such a form is sent in parts ([`Screen::form_with_files`]).
pub(crate) fn field(t: Texts) -> Markup {
    html! {
        (pictures(t, "photo-take", &html! { input type="file" name=(FIELD) accept="image/*" multiple; }))
        p.soft { (t.say("photo-how")) }
    }
}

/// The photos that came with a form, made small and plain. What is no picture is said before anything is done.
pub(crate) fn chosen(screen: &Screen<'_>, stage: PhotoStage) -> Result<Vec<NewPhoto>, Refusal> {
    let files: Vec<&[u8]> = screen.request.files(FIELD).collect();
    if files.len() > PHOTOS_PER_COMMAND_MAX {
        let most = PHOTOS_PER_COMMAND_MAX.to_string();
        return Err(Refusal::missing(screen.texts().with("photo-too-many", &[("most", &most)])));
    }
    let made = files.into_iter().map(|file| shrink(file, stage));
    made.collect::<Result<_, _>>().map_err(|e| Refusal::said(e.sentence()))
}

/// The part of the matter's page: its photos, and the form for more.
pub(crate) fn part(screen: &mut Screen<'_>, ticket: TicketId) -> Result<Markup, Refusal> {
    let t = screen.texts();
    let photos = screen.device.photos(ticket)?;
    let action = format!("/ticket/{ticket}/photos");
    let again = screen.again(&action);
    let content = html! {
        fieldset.two-ways {
            legend { (t.say("photo-when")) }
            @for (n, stage) in [PhotoStage::Before, PhotoStage::After].into_iter().enumerate() {
                label.way { input type="radio" name="stage" value=(stage.word()) checked[again.chose("stage", stage.word(), n == 0)]; span { b { (t.say(&format!("photo-{}", stage.word()))) } } }
            }
        }
        (field(t))
        button.second.wide type="submit" { (t.say("photo-add")) }
    };
    let form = screen.form_with_files(&action, "card", &content);
    Ok(html! {
        section #photos aria-labelledby="photos-title" {
            h2 #photos-title { (t.say("photo-title")) }
            @if !photos.is_empty() { ul.photos { @for photo in &photos { (one(t, photo)) } } }
            details open[photos.is_empty() || again.is()] { summary { (t.say("photo-more")) } (form) }
        }
    })
}

fn one(t: Texts, photo: &PhotoLine) -> Markup {
    let stage = t.say(&format!("photo-{}", photo.stage.word()));
    html! {
        li {
            @if photo.here {
                a href={ "/photo/" (photo.hash) } {
                    img src={ "/photo/" (photo.hash) } alt=(stage) width=(photo.width) height=(photo.height) loading="lazy";
                }
            }
            span { (stage) " " (state(t, photo)) }
        }
    }
}

fn state(t: Texts, photo: &PhotoLine) -> Markup {
    match photo.state {
        PhotoState::Unsent => html! { span.mark.unsent { (symbol("outbox")) (t.say("photo-unsent")) } },
        PhotoState::Sending => {
            let percent = photo.percent.to_string();
            html! { span.mark.unsent { (symbol("sync")) (t.with("photo-sending", &[("percent", &percent)])) } }
        }
        PhotoState::Sent => html! { span { (symbol("tick")) (t.say("photo-sent")) } },
        PhotoState::Elsewhere => html! { span.soft { (t.say("photo-elsewhere")) } },
    }
}

/// The part of the outbox: photos that the office does not have whole, by matter and door.
pub(crate) fn to_go(t: Texts, photos: &[PhotosToGo]) -> Markup {
    html! {
        @if !photos.is_empty() {
            section aria-labelledby="photos-to-go" {
                h2 #photos-to-go { (symbol("outbox")) (t.say("photo-to-go")) span.n { (photos.iter().map(|p| p.count).sum::<u64>()) } }
                p.soft { (t.say("photo-to-go-how")) }
                ul.list {
                    @for matter in photos {
                        li.row {
                            a.main href={ "/ticket/" (matter.ticket) "#photos" } {
                                strong { (matter.place.as_deref().unwrap_or(&matter.text)) }
                                span { (matter.text) }
                                span.soft { (t.with("photo-to-go-line", &[("count", &matter.count.to_string()), ("percent", &matter.percent.to_string())])) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Photos are attached to a matter.
pub(crate) fn attached(screen: &mut Screen<'_>, ticket: &str) -> Result<Outcome, Refusal> {
    let ticket: TicketId = id(ticket, What::Ticket)?;
    let stage = screen.request.typed("stage").and_then(PhotoStage::from_word).unwrap_or(PhotoStage::Other);
    let photos = chosen(screen, stage)?;
    if photos.is_empty() {
        return Err(Refusal::missing(screen.texts().say("photo-missing")));
    }
    screen.device.attach_photos(ticket, &photos)?;
    Ok(screen.done(format!("/ticket/{ticket}"), "done-photos"))
}

/// One photo, as a picture.
pub(crate) fn show(screen: &Screen<'_>, hash: &str) -> Result<Response, Refusal> {
    let jpeg = screen.device.photo(hash)?.ok_or_else(Refusal::no_page)?;
    Ok(Response::picture(jpeg))
}
