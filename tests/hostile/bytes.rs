//! An honest request with its bytes broken: in the batch, in the CBOR around it, in what was
//! compressed, in the boxes and cursors that it carries. Signed as it then is, so that it is read.

use crate::liar::Liar;
use qiaomen_proto::change::Command;
use qiaomen_proto::ids::CommandId;
use qiaomen_proto::wire::push::SyncRequest;
use qiaomen_server::feed::cursor::{Cursor, StreamCursor};

/// Level of compression for lies: what counts is what is inside.
const LEVEL: i32 = 1;
/// Commands of a request that is broken.
const COMMANDS_MAX: usize = 4;

/// The bytes of a request, by another writer than the product's.
pub(crate) fn plain(request: &SyncRequest) -> Vec<u8> {
    minicbor::to_vec(request).unwrap()
}
pub(crate) fn compressed(plain: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(plain, LEVEL).unwrap()
}
pub(crate) fn packed(request: &SyncRequest) -> Vec<u8> {
    compressed(&plain(request))
}

impl Liar<'_> {
    fn honest_request(&mut self) -> (SyncRequest, Vec<CommandId>) {
        let n = 1 + self.dice.below(COMMANDS_MAX);
        let commands: Vec<Command> = (0..n).map(|_| self.any_honest_command()).collect();
        let ids = commands.iter().map(|c| c.stamp.command).collect();
        let form = self.form();
        let (batch, keys) = self.written(&commands, form).unwrap();
        (self.asking(batch, &keys), ids)
    }

    /// Breaks bytes somewhere in an honest request.
    pub(crate) fn tells_in_bytes(&mut self) -> Result<(), String> {
        let (mut request, _) = self.honest_request();
        let body = match self.dice.below(6) {
            0..=2 => {
                self.dice.mutate(&mut request.batch);
                packed(&request)
            }
            3 => {
                let mut bytes = plain(&request);
                self.dice.mutate(&mut bytes);
                compressed(&bytes)
            }
            4 => {
                let mut bytes = packed(&request);
                self.dice.mutate(&mut bytes);
                bytes
            }
            _ => {
                self.dice.mutate(&mut request.keys);
                packed(&request)
            }
        };
        self.send(body).map(drop)
    }

    /// An honest request cut off, or with something behind it.
    pub(crate) fn tells_half(&mut self) -> Result<(), String> {
        let (request, _) = self.honest_request();
        let mut bytes = if self.dice.once_in(2) { plain(&request) } else { packed(&request) };
        let at = self.dice.below(bytes.len());
        if self.dice.once_in(4) {
            let more = self.dice.bytes(8);
            bytes.extend(more);
        } else {
            bytes.truncate(at);
        }
        let body = if self.dice.once_in(2) { compressed(&bytes) } else { bytes };
        self.send(body).map(drop)
    }

    /// Numbers that a device only hands back, or that are about itself.
    pub(crate) fn tells_odd_numbers(&mut self) -> Result<(), String> {
        let mut request = self.asking(Vec::new(), &qiaomen_proto::seal::KeyBundle::default());
        request.wants_feed = true;
        request.capabilities = self.dice.odd_number();
        request.reference_version = self.dice.odd_number();
        request.policy_version = u32::try_from(self.dice.odd_number() & 0xffff_ffff).unwrap();
        request.manifest.wall_ms = self.dice.odd_number();
        request.manifest.last_contact_ms = self.dice.odd_number();
        request.manifest.pending_count = u32::try_from(self.dice.odd_number() & 0xffff_ffff).unwrap();
        request.manifest.refetch_count = u32::MAX;
        request.manifest.app_version = "版\u{0}\u{202e}'; DROP TABLE device; --".repeat(self.dice.below(2000));
        request.cursor = self.odd_cursor();
        if self.dice.once_in(20) {
            request.wire_version = u16::try_from(self.dice.odd_number() & 0xffff).unwrap();
        }
        let held = (0..self.dice.below(700)).map(|_| self.dice.array::<16>().into()).collect();
        request.held = Some(held);
        self.send(packed(&request)).map(drop)
    }

    fn odd_cursor(&mut self) -> Vec<u8> {
        let mut cursor = Cursor::from_bytes(&self.phone.cursor).unwrap_or_default();
        if self.dice.once_in(8) {
            cursor.incarnation = self.dice.array();
        }
        for at in &mut cursor.streams {
            match self.dice.below(4) {
                0 => at.seq = self.dice.odd_number(),
                1 => at.loaded_to = Some(self.dice.odd_number().cast_signed()),
                2 => at.epoch = self.dice.odd_number(),
                _ => at.loaded_to = None,
            }
        }
        let grid = self.scene.town.grids[1];
        for n in 0..self.dice.below(70) {
            let stream = if n == 0 { format!("g:{grid}") } else { format!("{n}'--") };
            let (epoch, seq) = (self.dice.odd_number(), self.dice.odd_number());
            cursor.streams.push(StreamCursor { stream, epoch, seq, loaded_to: Some(-1) });
        }
        let mut bytes = cursor.to_bytes();
        match self.dice.below(8) {
            0 => self.dice.mutate(&mut bytes),
            1 => bytes = self.dice.bytes(100),
            2 => bytes = vec![0x9f; 1 << 16],
            _ => {}
        }
        bytes
    }
}
