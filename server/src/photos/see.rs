//! What somebody at the office sees of a matter's photos. A look is written down, once for each while.

use super::store::PhotoStoreError;
use crate::matters::hand::sees;
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::people::audit::{Deed, note};
use crate::review::words::{self, Words};
use crate::store::Tx;
use crate::store::sqlite::PhotoRow;
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_proto::ids::{DocId, TicketId, WorkerId};
use serde::Serialize;
use std::collections::BTreeSet;

/// A page asks for each of its pictures, and again when something moved: looks within this time are one look.
const ONE_LOOK_MS: u64 = 10 * 60 * 1000;

/// A photo of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhotoView {
    /// BLAKE3 of its ciphertext, in hexadecimal digits: its name.
    pub hash: String,
    /// Before or after the work.
    pub stage: PhotoStage,
    /// In Chinese.
    pub stage_title: &'static str,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// Bytes of its ciphertext.
    pub size: u32,
    /// Who attached it.
    pub by: String,
    /// When, as people read it.
    pub at: String,
    /// True if it is here; else it is still to come.
    pub whole: bool,
}

/// Why a photo cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// Its file.
    #[error(transparent)]
    Photo(#[from] PhotoStoreError),
}

impl From<crate::store::StoreError> for PhotoError {
    fn from(e: crate::store::StoreError) -> Self {
        Self::Office(e.into())
    }
}

/// The photos of a matter within somebody's sight, before first, then after; none if the matter is not there.
pub fn photos(office: &Office, ticket: TicketId, sight: &Sight) -> Result<Option<Vec<PhotoView>>, OfficeError> {
    office.store().read(|tx| photos_in(office, tx, ticket, sight))
}

fn rows(tx: &Tx<'_>, ticket: TicketId, sight: &Sight) -> Result<Option<Vec<PhotoRow>>, OfficeError> {
    let Some(row) = tx.ticket(ticket)? else { return Ok(None) };
    if !sees(tx, sight, &row)? {
        return Ok(None);
    }
    let mut seen = BTreeSet::new();
    let mut rows = tx.photos_of(ticket)?;
    rows.retain(|photo| seen.insert(photo.hash));
    rows.sort_by_key(|photo| (PhotoStage::from_number(photo.stage), photo.at_ms));
    Ok(Some(rows))
}

fn photos_in(
    office: &Office,
    tx: &Tx<'_>,
    ticket: TicketId,
    sight: &Sight,
) -> Result<Option<Vec<PhotoView>>, OfficeError> {
    let Some(rows) = rows(tx, ticket, sight)? else { return Ok(None) };
    let mut words = Words::new(office, tx)?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let stage = PhotoStage::from_number(row.stage);
        list.push(PhotoView {
            hash: blake3::Hash::from_bytes(row.hash).to_hex().to_string(),
            stage,
            stage_title: stage.label(),
            width: row.width,
            height: row.height,
            size: row.size,
            by: words.worker(row.worker)?,
            at: words::time(row.at_ms),
            whole: tx.photo_come(&row.hash)?.is_some_and(|come| come.whole_ms.is_some()),
        });
    }
    Ok(Some(list))
}

/// One photo of a matter within somebody's sight, as a JPEG; none if it is not here, or does not open.
pub fn photo(office: &Office, ticket: TicketId, hash: &str, sight: &Sight) -> Result<Option<Vec<u8>>, PhotoError> {
    let found = office.store().read::<_, OfficeError>(|tx| {
        let rows = rows(tx, ticket, sight)?.unwrap_or_default();
        let row = rows.into_iter().find(|row| blake3::Hash::from_bytes(row.hash).to_hex().as_str() == hash);
        Ok((row, office.ring(tx, [ticket.0])?))
    })?;
    let (Some(row), ring) = found else { return Ok(None) };
    let Some(sealed) = office.photos().read(&row.hash)? else { return Ok(None) };
    let opened = ring.open_photo(&ticket.0, &row.photo, &sealed);
    // What a hostile hand sealed is shown as little as what is not there. A picture begins as a JPEG does.
    Ok(opened.ok().filter(|jpeg| jpeg.starts_with(&[0xff, 0xd8, 0xff])))
}

/// Writes down that somebody looks at the photos of a matter, unless that was written down a moment ago.
pub fn look_at(office: &Office, who: WorkerId, ticket: TicketId) -> Result<(), OfficeError> {
    let subject = DocId::from(ticket).key();
    let since_ms = office.now_ms().saturating_sub(ONE_LOOK_MS);
    let noted = |tx: &Tx<'_>| tx.looked_at_photos(&who.to_string(), &subject, since_ms);
    if office.store().read(noted)? {
        return Ok(());
    }
    let inner = office.clone();
    office.store().write(move |tx| {
        if tx.looked_at_photos(&who.to_string(), &subject, since_ms)? {
            return Ok(());
        }
        Ok(note(&inner, tx, who, Deed::ReadPhotos, Some(&subject))?)
    })
}
