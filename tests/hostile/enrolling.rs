//! Becoming one of the office's devices without having been asked: guessed codes, copied keys, garbage.

use crate::bytes::compressed;
use crate::judge;
use crate::liar::Liar;
use qiaomen_proto::error::Code;
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::enrol::{ENROL_PATH, EnrolRequest};

impl Liar<'_> {
    /// A code that nobody gave out, or a request that is none.
    pub(crate) fn enrols_uninvited(&mut self) -> Result<(), String> {
        let code = match self.dice.below(4) {
            0 => String::new(),
            1 => "' OR 1=1; --".to_owned(),
            2 => "0".repeat(self.dice.below(3000)),
            _ => {
                let letters = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
                (0..12).map(|_| char::from(*self.dice.pick(letters))).collect()
            }
        };
        let mut asked = EnrolRequest {
            wire_version: WIRE_VERSION,
            code,
            verify_key: self.dice.array(),
            box_key: self.dice.array(),
            actor: self.dice.array(),
            app_version: "\u{0}\u{202e}9.9".repeat(self.dice.below(20)),
        };
        match self.dice.below(6) {
            0 => asked.actor = self.scene.town.office.identity().incarnation,
            1 => asked.actor = self.dice.pick(&self.scene.actors).0,
            2 => asked.verify_key = self.phone.signing.verify_key().0,
            3 => asked.wire_version = u16::try_from(self.dice.odd_number() & 0xffff).unwrap(),
            _ => {}
        }
        let mut plain = minicbor::to_vec(&asked).unwrap();
        if self.dice.once_in(2) {
            self.dice.mutate(&mut plain);
        }
        let mut body = compressed(&plain);
        if self.dice.once_in(4) {
            self.dice.mutate(&mut body);
        }
        let answer = self.post(ENROL_PATH, &[], &body)?;
        match judge::refusal(&answer)? {
            Code::EnrolCode
            | Code::TooMany
            | Code::Malformed
            | Code::Structure
            | Code::WireVersion
            | Code::TooLarge => Ok(()),
            code => Err(format!("a guessed code is {code:?}")),
        }
    }
}
