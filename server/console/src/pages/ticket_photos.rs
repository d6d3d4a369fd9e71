//! The photos of a matter: before and after side by side, each large at a click, and what is still to come.

use super::ticket::none;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::ids::TicketId;
use qiaomen_server::http::jpeg_response;
use qiaomen_server::photos::{self, PhotoError, PhotoView};

/// The part of the matter's page.
pub(super) fn part(ticket: TicketId, photos: &[PhotoView]) -> Markup {
    let to_come = photos.iter().filter(|photo| !photo.whole).count();
    html! {
        @if !photos.is_empty() {
            section.panel #photos {
                h2 { "照片" }
                @if to_come > 0 {
                    p.notice { "照片还没送到 " (to_come) " 张：手机有信号时会接着送。" }
                }
                div.photos {
                    @for stage in PhotoStage::ALL {
                        @if photos.iter().any(|photo| photo.stage == stage && photo.whole) {
                            div {
                                h3 { (stage.label()) }
                                @for photo in photos.iter().filter(|photo| photo.stage == stage && photo.whole) {
                                    (one(ticket, photo))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn one(ticket: TicketId, photo: &PhotoView) -> Markup {
    let address = format!("/tickets/{ticket}/photos/{}", photo.hash);
    let words = format!("{}的照片，{} {}", photo.stage_title, photo.by, photo.at);
    html! {
        figure {
            a href=(address) title="看大图" {
                img src=(address) alt=(words) width=(photo.width) height=(photo.height) loading="lazy";
            }
            figcaption.soft { (photo.at) " · " (photo.by) }
        }
    }
}

/// One photo, as a picture. Whoever sees the matter may see it, and that is written down.
pub(crate) async fn show(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path((ticket, hash)) = path.map_err(|_| none())?;
    let ticket: TicketId = ticket.parse().map_err(|_| none())?;
    desk.work(move |office| {
        let jpeg = photos::photo(office, ticket, &hash, &who.signed_in.sight).map_err(|e| match e {
            PhotoError::Office(error) => Refusal::from(error),
            PhotoError::Photo(error) => {
                tracing::error!(%error, "a photo could not be read");
                Refusal::from(error.code())
            }
        })?;
        let jpeg = jpeg.ok_or_else(none)?;
        photos::look_at(office, who.signed_in.clerk, ticket)?;
        Ok(jpeg_response(jpeg))
    })
    .await
}
