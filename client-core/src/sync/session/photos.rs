//! The photos' turn in a sync: which piece goes now, what its answer means for the rest, and when a device that is to be
//! emptied has nothing more to bring.

use super::{Effect, STALLED_MAX, Session, Under};
use crate::device::Device;
use crate::error::SyncError;
use crate::store::meta::name;
use crate::sync::photo::{self, SentPiece};
use crate::sync::{reply_refusal, said};
use crate::transport::Reply;
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::photo::PHOTO_PATH;

/// How often one sync finds that a photo was answered by another life of the office than the text.
const LIVES_MAX: u32 = 2;
/// How often a photo may come out damaged at the office before nobody can bring it.
const DAMAGED_MAX: u32 = 3;

impl Session {
    /// A piece of a photo, unless there is text that nobody has sent yet: that never waits for a photo.
    pub(super) fn go_on_with_photos(&mut self, device: &mut Device) -> Result<Effect, SyncError> {
        let unconfirmed = device.store.read(|tx| tx.unconfirmed(usize::MAX))?;
        let looks = !self.looks_refused && device.store.read(|tx| tx.looks_unsent())? > 0;
        // What was sent in this sync and is not through has had its turn.
        if looks || unconfirmed.iter().any(|row| !self.pushed.contains(&row.command)) {
            self.text_through = false;
            return self.ask(device);
        }
        let left = device.store.read(|tx| tx.photos_to_send())?;
        self.report.photos_left = u64::try_from(left.len()).unwrap_or(u64::MAX);
        let Some(next) = left.iter().find(|photo| !self.given_up.contains(&photo.hash)) else {
            self.report.complete = self.agreed && left.is_empty() && device.looks_unsent()? == 0;
            if self.report.complete && self.report.photos_sent > 0 {
                device.store.write::<_, SyncError>(|tx| Ok(tx.put_number(name::COMPLETE, 1)?))?;
            }
            let nothing_to_bring = left.iter().all(|photo| self.unwanted.contains(&photo.hash));
            if std::mem::take(&mut self.wipe_waits) && nothing_to_bring {
                // What could go has gone: nothing keeps the device from being emptied now, unless something new is
                // written down or photographed before the reply. Where that gets lost, it is asked again.
                self.text_through = false;
                return self.ask(device);
            }
            return Ok(Effect::Done);
        };
        let identity = device.identity.as_ref().ok_or(SyncError::NotEnrolled)?;
        let piece = device.store.write(|tx| photo::piece(tx, identity, next.clone()))?;
        let (have, size) = left.iter().fold((0, 0), |sum, p| (sum.0 + u64::from(p.have), sum.1 + u64::from(p.size)));
        self.progress.photos = Some((have, size));
        self.sent = Some(Under::Photo(Box::new(piece.sent)));
        Ok(Effect::Post { path: PHOTO_PATH, auth: piece.auth, body: piece.body })
    }

    pub(super) fn take_photo(&mut self, device: &mut Device, sent: &SentPiece, reply: &Reply) -> Result<(), SyncError> {
        self.report.round_trips += 1;
        self.progress.round_trips += 1;
        let hash = sent.photo.hash;
        let moved = if reply.status == 200 {
            let identity = device.identity.as_ref().ok_or(SyncError::NotEnrolled)?;
            let answer = photo::read(reply, identity, sent)?;
            self.report.photos_sent += u64::from(answer.whole);
            let life = device.store.read(|tx| tx.meta(name::INCARNATION))?;
            if life.is_some_and(|life| life != answer.incarnation) {
                // Two that answer in turn would have it asked for ever.
                match self.lives < LIVES_MAX {
                    true => (self.lives, self.text_through) = (self.lives + 1, false),
                    false => self.give_up(hash),
                }
            }
            device.store.write(|tx| photo::take(tx, sent, &answer))?
        } else {
            // What somebody on the way says of "too many" is not said of this photo.
            let from_the_office = said(reply).number != 0;
            match reply_refusal(reply).code {
                Some(Code::PhotoDamaged) => {
                    device.store.write(|tx| photo::dropped(tx, sent))?;
                    let times = self.damaged.entry(hash).or_default();
                    *times += 1;
                    if *times >= DAMAGED_MAX {
                        self.unwanted.insert(hash);
                        self.give_up(hash);
                    }
                }
                Some(Code::TooMany) if from_the_office => self.give_up(hash),
                None
                | Some(
                    Code::Replayed
                    | Code::Busy
                    | Code::TooMany
                    | Code::TooOften
                    | Code::Internal
                    | Code::OfficeDamaged
                    | Code::OfficeFull
                    | Code::NotSigned
                    | Code::WireVersion,
                ) => {
                    return self.refused(device, reply).map(drop);
                }
                // Its record may come into the book by somebody's decision, or never: the next sync asks again.
                Some(_) => {
                    self.unwanted.insert(hash);
                    self.give_up(hash);
                }
            }
            return Ok(());
        };
        self.photo_stalled = if moved { 0 } else { self.photo_stalled + 1 };
        if self.photo_stalled > STALLED_MAX {
            self.give_up(hash);
        }
        Ok(())
    }

    fn give_up(&mut self, hash: [u8; 32]) {
        self.given_up.insert(hash);
        self.photo_stalled = 0;
    }
}
