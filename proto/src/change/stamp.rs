//! Who, when, in which command. It stands as compact text in the change's message, so that every
//! reader of the document, ours or not, can say where a value came from.

use super::Hlc;
use crate::ids::{CommandId, DeviceId, Role, WorkerId};
use minicbor::{Decode, Encode};
use uuid::Uuid;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Author {
    /// The member of staff.
    pub worker: WorkerId,
    /// In which role. Believed only after the roster has been asked.
    pub role: Role,
    /// On which device.
    pub device: DeviceId,
}

/// Who, when, in which command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// When.
    pub at: Hlc,
    /// Who.
    pub by: Author,
    /// In which command.
    pub command: CommandId,
}

/// First word of the message: the version of its form.
const FORM: &str = "q1";

impl Stamp {
    /// The message of the change.
    pub fn to_text(&self) -> String {
        format!(
            "{FORM} {} {} {} {} {}",
            self.at,
            self.by.worker.0.simple(),
            self.by.role.number(),
            self.by.device.0.simple(),
            self.command.0.simple()
        )
    }
    /// Back from the message. `None` for any text that [`Stamp::to_text`] does not make.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        if words.next()? != FORM {
            return None;
        }
        let at = Hlc::parse(words.next()?)?;
        let worker = WorkerId(Uuid::try_parse(words.next()?).ok()?);
        let role = Role::from_number(words.next()?.parse().ok()?)?;
        let device = DeviceId(Uuid::try_parse(words.next()?).ok()?);
        let command = CommandId(Uuid::try_parse(words.next()?).ok()?);
        let stamp = Self { at, by: Author { worker, role, device }, command };
        (stamp.to_text() == text).then_some(stamp)
    }
}

/// As it stands in registers and databases.
#[derive(Encode, Decode)]
struct StampRow {
    #[n(0)]
    at: Hlc,
    #[cbor(n(1), with = "minicbor::bytes")]
    worker: [u8; 16],
    #[n(2)]
    role: u8,
    #[cbor(n(3), with = "minicbor::bytes")]
    device: [u8; 16],
    #[cbor(n(4), with = "minicbor::bytes")]
    command: [u8; 16],
}

impl<C> Encode<C> for Stamp {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        StampRow {
            at: self.at,
            worker: *self.by.worker.as_bytes(),
            role: self.by.role.number(),
            device: *self.by.device.as_bytes(),
            command: *self.command.as_bytes(),
        }
        .encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Stamp {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let row = StampRow::decode(d, ctx)?;
        let role = Role::from_number(row.role).ok_or_else(|| minicbor::decode::Error::message("unknown role"))?;
        Ok(Self {
            at: row.at,
            by: Author { worker: WorkerId::from_bytes(row.worker), role, device: DeviceId::from_bytes(row.device) },
            command: CommandId::from_bytes(row.command),
        })
    }
}
