//! Who says it: wrong keys, wrong counts, wrong paths, and what was said before said again.

use crate::liar::{Liar, Told};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::DeviceId;
use qiaomen_proto::seal::SigningSecret;
use qiaomen_proto::wire::auth::{HEADER, REQUEST_CONTEXT, SignedBy, request_message};
use qiaomen_proto::wire::push::SYNC_PATH;

impl Liar<'_> {
    /// A signature that is not one for this body, path, count and device.
    pub(crate) fn signs_falsely(&mut self) -> Result<(), String> {
        let (mut signed, mut body) = self.phone.request();
        let stranger = SigningSecret::from_bytes(self.dice.array());
        let count = signed.counter;
        let sign = |key: &SigningSecret, path: &str, count: u64, body: &[u8]| {
            key.sign(REQUEST_CONTEXT, &request_message(path, count, body))
        };
        match self.dice.below(8) {
            0 => signed.signature = sign(&stranger, SYNC_PATH, count, &body),
            1 => signed.signature = sign(&self.phone.signing, "/v1/enrol", count, &body),
            2 => signed.signature = sign(&self.phone.signing, "/v1/sync/", count, &body),
            3 => signed.counter = count.wrapping_add(1 + self.dice.roll() % 9),
            4 => self.dice.mutate(&mut body),
            5 => signed.signature[self.dice.below(64)] ^= 1 << self.dice.below(8),
            6 => signed.device = *self.dice.pick(&[DeviceId::from_bytes([101; 16]), DeviceId::from_bytes([0; 16])]),
            _ => signed.signature = [0; 64],
        }
        match self.send_signed(&signed, &body)? {
            Told::Refused(Code::NotSigned) => Ok(()),
            // The bytes came out as they were.
            Told::Taken(_) if signed.counter == count && signed.device == self.phone.by.device => Ok(()),
            told => Err(format!("a false signature was heard: {told:?}")),
        }
    }

    /// A header that is none.
    pub(crate) fn signs_with_garbage(&mut self) -> Result<(), String> {
        let (signed, body) = self.phone.request();
        let whole = signed.to_text();
        let header = match self.dice.below(8) {
            0 => String::new(),
            1 => whole[..self.dice.below(whole.len())].to_owned(),
            2 => format!("{whole} {}", self.dice.below(9)),
            3 => whole.replace(' ', "\t"),
            4 => whole.replacen(&signed.counter.to_string(), &self.dice.odd_number().to_string(), 1),
            5 => whole.replacen(&signed.counter.to_string(), "18446744073709551616", 1),
            6 => "' OR '1'='1' --".to_owned(),
            _ => "A".repeat(self.dice.below(6000)),
        };
        let answer = self.post(SYNC_PATH, &[(HEADER, &header)], &body)?;
        match crate::judge::refusal(&answer)? {
            Code::NotSigned => Ok(()),
            code => Err(format!("“{header}” is {code:?}")),
        }
    }

    /// A count that was used, and one far ahead.
    pub(crate) fn counts_falsely(&mut self) -> Result<(), String> {
        let (_, body) = self.phone.request();
        let counter = match self.dice.below(3) {
            0 => 0,
            1 => self.counted - self.dice.roll() % self.counted,
            _ => self.phone.counter + self.dice.roll() % 1000,
        };
        let before = self.counted;
        let signature = self.phone.signing.sign(REQUEST_CONTEXT, &request_message(SYNC_PATH, counter, &body));
        let signed = SignedBy { device: self.phone.by.device, counter, signature };
        match self.send_signed(&signed, &body)? {
            Told::Refused(Code::Replayed) if counter <= before => Ok(()),
            Told::Taken(_) if counter > before => {
                self.phone.counter = self.phone.counter.max(counter);
                Ok(())
            }
            told => Err(format!("the count {counter} after {before}: {told:?}")),
        }
    }

    /// The very same bytes again.
    pub(crate) fn says_it_again(&mut self) -> Result<(), String> {
        if self.copies.is_empty() {
            return Ok(());
        }
        let (header, body) = self.dice.pick(&self.copies).clone();
        let answer = self.post(SYNC_PATH, &[(HEADER, &header)], &body)?;
        match crate::judge::refusal(&answer)? {
            Code::Replayed | Code::NotSigned | Code::Malformed | Code::WireVersion => Ok(()),
            code => Err(format!("a copied request is {code:?}")),
        }
    }
}
