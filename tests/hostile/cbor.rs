//! Bodies that were never a request: CBOR that nests or claims, compressed bombs, formats that were not
//! agreed. Signed, because whoever signs is read.

use crate::bytes::{compressed, plain};
use crate::dice::Dice;
use crate::liar::Liar;
use crate::line::{in_pieces, request};
use qiaomen_proto::limits::{BODY_BYTES_MAX, KEYS_PER_MESSAGE_MAX, REQUEST_BYTES_MAX};
use qiaomen_proto::seal::{KeyBundle, SubjectKey};
use qiaomen_proto::wire::auth::HEADER;
use qiaomen_proto::wire::push::SYNC_PATH;
use std::io::Write as _;
use std::sync::OnceLock;

/// What the largest bomb holds.
const BOMB_BYTES: usize = 256 * 1024 * 1024;
/// How deep a nest is.
const NEST_MAX: usize = 1 << 20;

/// Zeros, so many that nobody has room for them, in a few kilobytes.
fn bomb() -> &'static [u8] {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    BOMB.get_or_init(|| {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        for _ in 0..BOMB_BYTES / (1 << 16) {
            encoder.write_all(&[0; 1 << 16]).unwrap();
        }
        encoder.finish().unwrap()
    })
}

/// CBOR that says little and means much.
fn nested_or_claimed(dice: &mut Dice) -> Vec<u8> {
    let n = if dice.once_in(20) { NEST_MAX } else { 1 + dice.below(1 << 12) };
    let huge = dice.odd_number().to_be_bytes();
    match dice.below(12) {
        0 => vec![0x9f; n],
        1 => vec![0xbf; n],
        2 => vec![0x81; n],
        3 => [0xa1, 0x00].repeat(n),
        4 => vec![0xc1; n],
        5 => vec![0xff; n],
        6 => [&[0x9b][..], &huge].concat(),
        7 => [&[0xbb][..], &huge].concat(),
        8 => [&[0x5b][..], &huge].concat(),
        9 => [&[0x7b][..], &huge].concat(),
        10 => [vec![0x5f], vec![0x40; n], vec![0xff]].concat(),
        _ => dice.bytes(n.min(300)),
    }
}

impl Liar<'_> {
    /// CBOR that is no request.
    pub(crate) fn tells_wrong_cbor(&mut self) -> Result<(), String> {
        let nest = nested_or_claimed(&mut self.dice);
        let bytes = match self.dice.below(3) {
            0 => nest,
            // Under a key that nobody knows, before and after an honest request.
            1 => {
                let mut bytes = plain(&self.asking(Vec::new(), &KeyBundle::default()));
                bytes[0] += 1;
                [&bytes[..], &[0x18, 99], &nest].concat()
            }
            _ => {
                let mut request = self.asking(nest.clone(), &KeyBundle::default());
                if self.dice.once_in(2) {
                    request.cursor = nest;
                    request.wants_feed = true;
                    request.batch.clear();
                }
                plain(&request)
            }
        };
        let body = if self.dice.once_in(8) { bytes } else { compressed(&bytes) };
        self.send(body).map(drop)
    }

    /// What grows when it is unpacked, or says that it will.
    pub(crate) fn tells_a_bomb(&mut self) -> Result<(), String> {
        let body = match self.dice.below(7) {
            0 => bomb().to_vec(),
            1 => compressed(&vec![0; BODY_BYTES_MAX]),
            2 => compressed(&vec![0x80; BODY_BYTES_MAX + 1]),
            // Many frames, each of nothing.
            3 => compressed(&[]).repeat(1 + self.dice.below(REQUEST_BYTES_MAX / 16)),
            // A frame that is skipped, and says that it is four gigabytes long.
            4 => [&0x184d_2a50_u32.to_le_bytes()[..], &u32::MAX.to_le_bytes(), &[0; 40]].concat(),
            // A frame whose window is two gigabytes, or whose content is.
            5 => [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8][..], &[0x01, 0, 0], &[0; 9]].concat(),
            _ => [&[0x28, 0xb5, 0x2f, 0xfd, 0xe0][..], &self.dice.odd_number().to_le_bytes(), &[1, 0, 0]].concat(),
        };
        self.send(body).map(drop)
    }

    /// A format that was not agreed, whatever the head says of it.
    pub(crate) fn tells_another_format(&mut self) -> Result<(), String> {
        let gzip = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0xff; 64]].concat();
        let deflate = [&[0x78, 0x9c][..], &[0; 64]].concat();
        let json = br#"{"wire_version":1}"#.to_vec();
        let body = self.dice.pick(&[gzip, deflate, json, Vec::new(), b"<xml/>".to_vec()]).clone();
        let (signed, body) = self.phone.sign(body);
        let encoding = *self.dice.pick(&["gzip", "deflate", "br", "zstd", "identity, gzip"]);
        let kind = *self.dice.pick(&["application/json", "text/xml", "multipart/form-data", "北京", ""]);
        let header = signed.to_text();
        let headers = [(HEADER, header.as_str()), ("Content-Encoding", encoding), ("Content-Type", kind)];
        let answer = self.post(SYNC_PATH, &headers, &body)?;
        crate::judge::refusal(&answer).map(drop)
    }

    /// More than a body may be, with its length and without.
    pub(crate) fn tells_too_much(&mut self) -> Result<(), String> {
        let over = REQUEST_BYTES_MAX + 1 + self.dice.below(1 << 20);
        let (signed, body) = self.phone.sign(vec![0; over]);
        let header = signed.to_text();
        let headers = [(HEADER, header.as_str())];
        let whole = self.dice.once_in(2);
        let bytes = if whole {
            request("POST", SYNC_PATH, &headers, &body)
        } else {
            in_pieces("POST", SYNC_PATH, &headers, &body)
        };
        let answer = self.say(&bytes)?;
        match crate::judge::refusal(&answer)? {
            qiaomen_proto::error::Code::TooLarge => Ok(()),
            code => Err(format!("{over} bytes (whole: {whole}) are {code:?}")),
        }
    }

    /// As much as is allowed of everything: the dearest that a request can be.
    pub(crate) fn tells_as_much_as_it_may(&mut self) -> Result<(), String> {
        let mut keys = KeyBundle::default();
        let one = self.any_honest_command();
        if self.dice.once_in(2) {
            for _ in 0..KEYS_PER_MESSAGE_MAX {
                keys.keys.push((one.changes[0].doc.uuid, SubjectKey::from_bytes(self.dice.array())));
            }
        }
        let id = one.stamp.command;
        let batch = self.written(&[one], qiaomen_proto::wire::batch::Form::Short).map(|(batch, _)| batch);
        let mut asking = self.asking(batch.unwrap_or_default(), &keys);
        let room = BODY_BYTES_MAX - plain(&asking).len() - 64;
        match self.dice.below(3) {
            0 => asking.manifest.app_version = "长".repeat(room / 3),
            1 => asking.held = Some(vec![self.dice.array::<16>().into(); room / 17]),
            _ => asking.cursor = vec![0x9f; room],
        }
        self.send_commands(&asking, &[id]).map(drop)
    }
}
