//! Photos: pieces of what no record names, of other people's, of wrong sizes, in wrong places, broken; and records that
//! name what cannot be.

use crate::judge;
use crate::liar::{Liar, put};
use qiaomen_proto::change::{Command, Scalar};
use qiaomen_proto::entity::record::{self, PhotoPayload};
use qiaomen_proto::entity::ticket::PHOTOS;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DocId, Subject};
use qiaomen_proto::limits::{PHOTO_BYTES_MAX, PHOTO_CHUNK_BYTES_MAX};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{HEADER, REPLY_CONTEXT, REPLY_HEADER, reply_message, signature_from_text};
use qiaomen_proto::wire::batch::Form;
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::photo::{PHOTO_PATH, PhotoReply, PhotoRequest};
use qiaomen_proto::wire::push::SYNC_PATH;

/// Bytes of a picture that a liar has.
const PICTURE_BYTES: usize = 3_000;
/// More than any honest reply to a piece.
const REPLY_BYTES_MAX: usize = 4_096;

/// A photo whose record the office has, and which therefore may come.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    record: PhotoPayload,
    bytes: Vec<u8>,
}

impl Liar<'_> {
    /// A picture of its own, sealed for a matter that it reported, with its record in the book.
    fn names_a_photo(&mut self) -> Result<Named, String> {
        let matter = self.matter();
        let doc = matter.changes[0].doc;
        self.sends_honestly(matter)?;
        let (named, command) = self.record_of(doc, |_, _| {});
        self.sends_honestly(command)?;
        Ok(named)
    }

    fn sends_honestly(&mut self, command: Command) -> Result<(), String> {
        // What it writes builds on what the office has of it, or its copy would be at odds with itself.
        let id = command.stamp.command;
        let (batch, keys) = self.written(&[command], Form::InFull).ok_or("an honest command that cannot be written")?;
        let request = self.asking(batch, &keys);
        self.send_commands(&request, &[id])?;
        self.is_honest()
    }

    /// A record of a photo, made worse by `worse`, as a command; and the photo.
    fn record_of(&mut self, doc: DocId, worse: fn(&mut Self, &mut PhotoPayload)) -> (Named, Command) {
        let id = self.dice.array();
        let picture = [&[0xff, 0xd8, 0xff][..], &self.dice.bytes(PICTURE_BYTES)].concat();
        let bytes = sealed(doc.uuid, id, &picture);
        let mut record = PhotoPayload {
            id,
            hash: *blake3::hash(&bytes).as_bytes(),
            size: u32::try_from(bytes.len()).unwrap(),
            stage: 1,
            width: 4,
            height: 3,
            taken_ms: None,
        };
        worse(self, &mut record);
        let payload = Scalar::Bytes(record::to_bytes(&record));
        let command = self.command(vec![(doc, vec![put(PHOTOS, "x", payload)])]);
        (Named { record, bytes }, self.with_own_keys(command))
    }

    /// A record that names what cannot be.
    pub(crate) fn names_an_odd_photo(&mut self) -> Result<(), String> {
        let matter = self.matter();
        let doc = matter.changes[0].doc;
        self.sends_honestly(matter)?;
        let (_, odd) = self.record_of(doc, |liar, record| match liar.dice.below(6) {
            0 => record.size = u32::try_from(liar.dice.odd_number() & 0xffff_ffff).unwrap(),
            1 => (record.width, record.height) = (u16::MAX, 0),
            2 => record.stage = 200,
            3 => record.taken_ms = Some(liar.dice.odd_number()),
            4 => record.hash = [0; 32],
            _ => record.size = u32::try_from(PHOTO_BYTES_MAX).unwrap() + 1,
        });
        let id = odd.stamp.command;
        let Some((batch, keys)) = self.written(&[odd], Form::InFull) else { return Ok(()) };
        let request = self.asking(batch, &keys);
        self.send_commands(&request, &[id]).map(drop)
    }

    /// A piece that is not what it should be, or is and comes in an odd way.
    pub(crate) fn brings_a_false_piece(&mut self) -> Result<(), String> {
        let named = match self.photo.clone() {
            Some(named) if !self.dice.once_in(50) => named,
            _ => self.names_a_photo()?,
        };
        self.photo = Some(named.clone());
        let at = self.dice.below(named.bytes.len());
        let end = (at + 1 + self.dice.below(600)).min(named.bytes.len());
        let mut piece = PhotoRequest {
            wire_version: WIRE_VERSION,
            hash: named.record.hash,
            size: named.record.size,
            offset: u32::try_from(at).unwrap(),
            bytes: named.bytes[at..end].to_vec(),
        };
        match self.dice.below(12) {
            0 => piece.hash = self.dice.array(),
            1 => piece.size = u32::try_from(self.dice.odd_number() & 0xffff_ffff).unwrap(),
            2 => piece.offset = u32::try_from(self.dice.odd_number() & 0xffff_ffff).unwrap(),
            3 => self.dice.mutate(&mut piece.bytes),
            4 => (piece.offset, piece.bytes) = (0, self.dice.bytes(named.bytes.len())),
            5 => piece.bytes = vec![0; PHOTO_CHUNK_BYTES_MAX + 1],
            6 => piece.wire_version = u16::try_from(self.dice.odd_number() & 0xffff).unwrap(),
            7 => (piece.offset, piece.bytes) = (piece.size, Vec::new()),
            8 => piece.bytes.clear(),
            9 => piece.offset = 0,
            _ => {}
        }
        let mut body = pack(&piece);
        let path = if self.dice.once_in(20) { SYNC_PATH } else { PHOTO_PATH };
        if self.dice.once_in(6) {
            self.dice.mutate(&mut body);
        }
        let (signed, body) = self.phone.sign_for(path, body);
        let header = signed.to_text();
        let answer = self.post(PHOTO_PATH, &[(HEADER, &header)], &body)?;
        let again = self.dice.once_in(10).then(|| self.post(PHOTO_PATH, &[(HEADER, &header)], &body)).transpose()?;
        if answer.status != 200 {
            let code = judge::refusal(&answer)?;
            *self.answers.entry(format!("photo {}", code.name())).or_default() += 1;
            let heard = !matches!(code, Code::NotSigned | Code::Malformed | Code::WireVersion | Code::TooLarge);
            // What is looked at uses its count up, whatever comes of it.
            self.counted = if heard { self.counted.max(signed.counter) } else { self.counted };
            return again.map_or(Ok(()), |again| judge::refusal(&again).map(drop));
        }
        if path != PHOTO_PATH {
            return Err("a signature for another path was heard".to_owned());
        }
        self.counted = self.counted.max(signed.counter);
        let signature = answer.header(REPLY_HEADER).and_then(signature_from_text).ok_or("a reply without signature")?;
        self.phone
            .office_verify
            .verify(REPLY_CONTEXT, &reply_message(signed.device, signed.counter, &answer.body), &signature)
            .map_err(|_| "the office did not sign this".to_owned())?;
        let reply: PhotoReply =
            unpack(&answer.body, REPLY_BYTES_MAX).map_err(|e| format!("the office's reply: {e}"))?;
        let kind = if reply.whole { "photo whole" } else { "photo part" };
        *self.answers.entry(kind.to_owned()).or_default() += 1;
        if reply.have > named.record.size {
            return Err(format!("{} bytes of {}", reply.have, named.record.size));
        }
        match again.map(|again| judge::refusal(&again)) {
            None | Some(Ok(Code::Replayed)) => Ok(()),
            Some(other) => Err(format!("a copied piece is {other:?}")),
        }
    }
}

/// A picture as a device seals it. Whether the office can open it, it does not ask.
fn sealed(subject: Subject, id: [u8; 16], picture: &[u8]) -> Vec<u8> {
    let mut ring = KeyRing::new();
    ring.insert(subject, SubjectKey::from_bytes([7; 32]));
    ring.sealing_key(&subject).unwrap().seal_photo(&subject, &id, picture)
}
