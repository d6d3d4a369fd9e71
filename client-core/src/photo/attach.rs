//! Attaching: the command that names the photos and their sealed bytes are durable together, or neither is.

use super::{Kept, NewPhoto, PhotoMeant};
use crate::clock::random;
use crate::device::Device;
use crate::edit::execute::{Desk, Draw, all_or_none, perform};
use crate::edit::{Intent, ticket_of};
use crate::error::{EditError, What};
use crate::store::Tx;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{CommandId, DocId, TicketId};
use qiaomen_proto::limits::{PHOTO_BYTES_MAX, PHOTOS_PER_TICKET_MAX};
use qiaomen_proto::seal::{SEAL_OVERHEAD_BYTES, SubjectKey};
use qiaomen_proto::sentence;
use uuid::Uuid;

/// Photos that are attached in one go: what a thumb chooses on one screen.
pub const PHOTOS_PER_COMMAND_MAX: usize = 9;

impl Device {
    /// Attaches photos to a matter that is here. Durable when it returns, as is the command that names them.
    pub fn attach_photos(&mut self, ticket: TicketId, photos: &[NewPhoto]) -> Result<CommandId, EditError> {
        check(photos)?;
        let draws = Draws::new(self, photos)?;
        let (desk, store) = self.desk()?;
        all_or_none(store, &desk, |tx, made| attach(tx, &desk, ticket, photos, draws, made))
    }

    /// Reports a matter with its photos: two commands, both or neither. The command that reports it.
    pub fn report_with_photos(&mut self, report: Intent, photos: &[NewPhoto]) -> Result<CommandId, EditError> {
        if photos.is_empty() {
            return self.edit(report);
        }
        check(photos)?;
        if !matches!(report, Intent::ReportTicket { .. }) {
            return Err(EditError::NotPossible(sentence!("not-without-a-matter", "照片只能附在诉求上")));
        }
        let (first, draws) = (Draw::new(self.host.as_ref())?, Draws::new(self, photos)?);
        let (desk, store) = self.desk()?;
        all_or_none(store, &desk, |tx, made| {
            let command = perform(tx, &desk, report, first)?;
            made.push(command);
            attach(tx, &desk, ticket_of(command), photos, draws, made)?;
            Ok(command)
        })
    }
}

/// Everything random, drawn beforehand.
struct Draws {
    command: Draw,
    key: [u8; 32],
    ids: Vec<[u8; 16]>,
}

impl Draws {
    fn new(device: &Device, photos: &[NewPhoto]) -> Result<Self, EditError> {
        let host = device.host.as_ref();
        let ids = photos.iter().map(|_| random(host)).collect::<Result<_, _>>()?;
        Ok(Self { command: Draw::new(host)?, key: random(host)?, ids })
    }
}

fn check(photos: &[NewPhoto]) -> Result<(), EditError> {
    if photos.is_empty() {
        return Err(EditError::NothingToChange(What::Ticket));
    }
    if photos.len() > PHOTOS_PER_COMMAND_MAX {
        return Err(EditError::NotPossible(sentence!("not-so-many-photos", "一次最多选 9 张照片")));
    }
    if photos.iter().any(|photo| photo.jpeg.len() + SEAL_OVERHEAD_BYTES > PHOTO_BYTES_MAX) {
        return Err(EditError::TooLarge);
    }
    Ok(())
}

fn attach(
    tx: &Tx<'_>,
    desk: &Desk<'_>,
    ticket: TicketId,
    photos: &[NewPhoto],
    draws: Draws,
    made: &mut Vec<CommandId>,
) -> Result<CommandId, EditError> {
    let doc = DocId::from(ticket);
    let (register, mut ring) = (tx.overlay(doc)?, tx.ring_of(doc.uuid)?);
    if register.is_blank() {
        return Err(EditError::Unknown(What::Ticket));
    }
    if View::new(&register, &ring).photos().len() + photos.len() > PHOTOS_PER_TICKET_MAX {
        return Err(EditError::NotPossible(sentence!("not-one-photo-more", "这件诉求的照片已经够多了，不能再加")));
    }
    if ring.sealing_key(&doc.uuid).is_none() {
        // A matter of which nothing is sealed yet: the key goes to the office with this command.
        let key = SubjectKey::from_bytes(draws.key);
        tx.put_key(doc.uuid, &key, false)?;
        ring.insert(doc.uuid, key);
    }
    let key = ring.sealing_key(&doc.uuid).ok_or(EditError::TooLarge)?;
    let mut meant = Vec::with_capacity(photos.len());
    let mut sealed = Vec::with_capacity(photos.len());
    for (photo, id) in photos.iter().zip(draws.ids) {
        let bytes = key.seal_photo(&doc.uuid, &id, &photo.jpeg);
        let hash = blake3::hash(&bytes);
        meant.push(PhotoMeant {
            id: Uuid::from_bytes(id),
            hash: hash.to_hex().to_string(),
            size: u32::try_from(bytes.len()).map_err(|_| EditError::TooLarge)?,
            stage: photo.stage,
            width: photo.width,
            height: photo.height,
            taken_ms: photo.taken_ms,
        });
        sealed.push((id, *hash.as_bytes(), bytes));
    }
    let command = perform(tx, desk, Intent::AttachPhotos { ticket, photos: meant }, draws.command)?;
    made.push(command);
    for (id, hash, bytes) in sealed {
        let kept = Kept {
            hash,
            id,
            ticket,
            command,
            size: u32::try_from(bytes.len()).map_err(|_| EditError::TooLarge)?,
            at_ms: desk.host.now_ms(),
            have: 0,
            whole: false,
            asked_elsewhere: false,
        };
        tx.put_photo(&kept, &bytes)?;
    }
    Ok(command)
}
