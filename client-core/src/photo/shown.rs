//! What is here of a matter's photos, and what the office has of them.

use crate::device::Device;
use crate::error::QueryError;
use crate::store::StoreError;
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, TicketId};
use serde::Serialize;
use std::collections::BTreeSet;

/// How a photo stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoState {
    /// The office has nothing of it.
    Unsent,
    /// It has some of it.
    Sending,
    /// It has it whole.
    Sent,
    /// Somebody else took it, or it is long at the office: it is not on this device.
    Elsewhere,
}

/// A photo of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhotoLine {
    /// BLAKE3 of its sealed bytes, in hexadecimal digits: its name.
    pub hash: String,
    /// Before or after the work.
    pub stage: PhotoStage,
    /// In Chinese.
    pub stage_title: &'static str,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// Sealed bytes.
    pub size: u32,
    /// How it stands.
    pub state: PhotoState,
    /// Of a hundred parts, how many the office has.
    pub percent: u8,
    /// Whether it can be shown here.
    pub here: bool,
}

/// Photos of one matter that the office does not have whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhotosToGo {
    /// Which matter.
    pub ticket: String,
    /// What it is; empty where it is no longer here.
    pub text: String,
    /// Where.
    pub place: Option<String>,
    /// How many.
    pub count: u64,
    /// Of a hundred parts, how many the office has.
    pub percent: u8,
}

fn percent(have: u32, size: u32) -> u8 {
    u8::try_from(u64::from(have) * 100 / u64::from(size.max(1))).unwrap_or(100).min(100)
}

impl Device {
    /// The photos of a matter, in the order of their records.
    pub fn photos(&self, ticket: TicketId) -> Result<Vec<PhotoLine>, QueryError> {
        let doc = DocId::from(ticket);
        let read = self.store.read::<_, StoreError>(|tx| {
            Ok((tx.overlay(doc)?, tx.ring_of(doc.uuid)?, tx.photos_of(&ticket.to_string())?))
        });
        let (register, ring, kept) = read.map_err(QueryError::Read)?;
        let mut seen = BTreeSet::new();
        let photos = View::new(&register, &ring).photos().into_iter().filter(|(_, _, p)| seen.insert(p.hash));
        Ok(photos
            .map(|(_, _, photo)| {
                let own = kept.iter().find(|k| k.hash == photo.hash);
                let state = match own {
                    None => PhotoState::Elsewhere,
                    Some(own) if own.whole => PhotoState::Sent,
                    Some(own) if own.have > 0 => PhotoState::Sending,
                    Some(_) => PhotoState::Unsent,
                };
                PhotoLine {
                    hash: blake3::Hash::from_bytes(photo.hash).to_hex().to_string(),
                    stage: photo.stage(),
                    stage_title: photo.stage().label(),
                    width: photo.width,
                    height: photo.height,
                    size: photo.size,
                    state,
                    percent: own.map_or(0, |own| percent(own.have, own.size)),
                    here: own.is_some(),
                }
            })
            .collect())
    }

    /// A photo that is here, as a JPEG; none if it is not, or its key is gone.
    pub fn photo(&self, hash: &str) -> Result<Option<Vec<u8>>, QueryError> {
        let Ok(hash) = blake3::Hash::from_hex(hash) else { return Ok(None) };
        let read = self.store.read::<_, StoreError>(|tx| {
            let Some(kept) = tx.photo(hash.as_bytes())? else { return Ok(None) };
            let Some(sealed) = tx.photo_sealed(hash.as_bytes())? else { return Ok(None) };
            let subject = DocId::from(kept.ticket).uuid;
            Ok(tx.ring_of(subject)?.open_photo(&subject, &kept.id, &sealed).ok())
        });
        read.map_err(QueryError::Read)
    }

    /// The photos that the office does not have whole, matter by matter, in the order in which they go.
    pub fn photos_to_go(&self) -> Result<Vec<PhotosToGo>, QueryError> {
        let unsent = self.store.read(|tx| tx.photos_unsent()).map_err(QueryError::Read)?;
        let mut matters: Vec<(TicketId, u64, u32, u32)> = Vec::new();
        for photo in unsent {
            match matters.iter_mut().find(|(ticket, ..)| *ticket == photo.ticket) {
                Some((_, count, have, size)) => {
                    (*count, *have, *size) =
                        (*count + 1, have.saturating_add(photo.have), size.saturating_add(photo.size));
                }
                None => matters.push((photo.ticket, 1, photo.have, photo.size)),
            }
        }
        let line = |(ticket, count, have, size): (TicketId, u64, u32, u32)| {
            let matter = match self.ticket(ticket) {
                Ok(page) => Some(page.ticket),
                // Somebody else's by now: its photos go all the same.
                Err(QueryError::Unknown(_)) => None,
                Err(e) => return Err(e),
            };
            Ok(PhotosToGo {
                ticket: ticket.to_string(),
                text: matter.as_ref().map(|m| m.text.clone()).unwrap_or_default(),
                place: matter.and_then(|m| m.place),
                count,
                percent: percent(have, size),
            })
        };
        matters.into_iter().map(line).collect()
    }
}
