//! How the office takes photos.

use super::{Office, problem};
use qiaomen_client::Reply;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Kind;
use qiaomen_proto::seal::VerifyKey;
use qiaomen_proto::wire::auth::{
    REPLY_CONTEXT, REQUEST_CONTEXT, SignedBy, reply_message, request_message, signature_to_text,
};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::photo::{PHOTO_PATH, PhotoReply, PhotoRequest};

impl Office {
    /// Every photo that a document names: matter, id, hash, size.
    fn named(&self) -> Vec<(uuid::Uuid, [u8; 16], [u8; 32], u32)> {
        let tickets = self.registers.iter().filter(|(doc, _)| doc.kind == Kind::Ticket);
        tickets
            .flat_map(|(doc, register)| {
                let photos = View::new(register, &self.ring).photos();
                photos.into_iter().map(|(_, _, p)| (doc.uuid, p.id, p.hash, p.size))
            })
            .collect()
    }
    /// A photo that is whole here, opened.
    pub fn photo_named(&self, hash: &str) -> Option<Vec<u8>> {
        let named = self.named();
        let (doc, id, hash, size) =
            named.iter().find(|(_, _, h, _)| blake3::Hash::from_bytes(*h).to_hex().as_str() == hash)?;
        let sealed = self.photos.get(hash).filter(|b| b.len() == usize::try_from(*size).unwrap())?;
        assert_eq!(blake3::hash(sealed).as_bytes(), hash);
        self.ring.open_photo(doc, id, sealed).ok()
    }

    pub fn photo(&mut self, auth: Option<&str>, body: &[u8]) -> Reply {
        let signed = SignedBy::parse(auth.unwrap()).unwrap();
        let device = self.devices.get_mut(&signed.device).unwrap();
        let message = request_message(PHOTO_PATH, signed.counter, body);
        VerifyKey(device.verify).verify(REQUEST_CONTEXT, &message, &signed.signature).unwrap();
        if signed.counter <= device.counter {
            let counter = device.counter;
            return problem(409, Code::Replayed, Some(counter));
        }
        device.counter = signed.counter;
        let request: PhotoRequest = unpack(body, 80 * 1024).unwrap();
        let known = self.named().iter().any(|(_, _, hash, size)| (*hash, *size) == (request.hash, request.size));
        if !known || !self.knows_photos {
            return problem(404, Code::PhotoUnknown, None);
        }
        let have = self.photos.entry(request.hash).or_default();
        if have.len() == usize::try_from(request.offset).unwrap() {
            have.extend(&request.bytes);
        }
        if self.damages_photos && have.len() == usize::try_from(request.size).unwrap() {
            have.clear();
            return problem(422, Code::PhotoDamaged, None);
        }
        let have = u32::try_from(have.len()).unwrap();
        let reply = PhotoReply {
            wire_version: 1,
            incarnation: self.incarnation,
            have,
            whole: have == request.size,
            position: u64::try_from(self.log.len()).unwrap(),
        };
        let body = pack(&reply);
        let signature = self.signing.sign(REPLY_CONTEXT, &reply_message(signed.device, signed.counter, &body));
        Reply { status: 200, signature: Some(signature_to_text(&signature)), body, ..Reply::default() }
    }
}
