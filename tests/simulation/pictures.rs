//! What happens with pictures: a worker takes one of what a matter is about, and a liar brings wrong bytes of it.

use super::acts::Shown;
use super::liar::is_proper;
use super::world::{Stuck, World};
use qiaomen_client::photo::NewPhoto;
use qiaomen_proto::entity::record::PhotoStage;
use qiaomen_server::office::OfficeError;

/// Pieces in which a picture goes at most, and bytes of one.
const PICTURE_PIECES_MAX: usize = 2;
const PIECE_BYTES: usize = 32 * 1024;

impl World {
    /// Somebody photographs what a matter is about.
    pub(super) fn photograph(&mut self, phone: usize) -> Result<(), Stuck> {
        let Some(device) = self.phones[phone].device() else { return Ok(()) };
        let Some(&ticket) = self.dice.one_of(&Shown::on(device).matters) else { return Ok(()) };
        let pieces = 1 + self.dice.below(PICTURE_PIECES_MAX);
        let mut jpeg = vec![0; pieces * PIECE_BYTES - self.dice.below(PIECE_BYTES / 2)];
        // As in a picture, no two are alike; a beginning and an end suffice for that.
        self.dice.fill(&mut jpeg[..16]);
        let stage = if self.dice.percent(70) { PhotoStage::Before } else { PhotoStage::After };
        let photo = NewPhoto { jpeg, width: 4, height: 3, stage, taken_ms: None };
        let crash = self.dice.percent(4);
        if crash {
            self.figures.fault("phone crash in an edit");
            self.phones[phone].disk.fail_after(Some(0));
        }
        let done = self.phones[phone].attach(ticket, photo, &mut self.truth);
        self.figures.edits += u64::from(done.is_ok());
        self.figures.pictures += u64::from(done.is_ok());
        self.tell(|| match &done {
            Ok(command) => format!("phone {phone}: a picture {command}"),
            Err(e) => format!("phone {phone}: a picture not done: {e}"),
        });
        if crash {
            self.phones[phone].restart()?;
        }
        Ok(())
    }

    /// The liar brings wrong bytes of somebody's picture.
    pub(super) fn spoil(&mut self) -> Result<(), Stuck> {
        let Some(liar) = &mut self.liar else { return Ok(()) };
        let office = self.bureau.office()?;
        let named = office.store().read(|tx| tx.photo_list()).map_err(OfficeError::from)?;
        drop(office);
        let Some(row) = self.dice.one_of(&named) else { return Ok(()) };
        let reply = liar.spoils(&mut self.bureau, row.hash, row.size)?;
        self.figures.fault("wrong bytes of a picture");
        if !is_proper(&reply) {
            self.baffled.push("wrong bytes of a picture");
        }
        self.tell(|| format!("the liar brings wrong bytes of a picture: {}", reply.status));
        Ok(())
    }
}
