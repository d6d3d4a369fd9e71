//! What the office answers: a verdict for each command, a receipt, what is new, and what to do.

use minicbor::{Decode, Encode};

/// What became of one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Outcome {
    /// It is durable at the office and in the documents.
    #[n(1)]
    Applied,
    /// It was there already.
    #[n(2)]
    Duplicate,
    /// It builds on something that is not there yet: it stays in the outbox.
    #[n(3)]
    Waiting,
    /// It will never be taken; the code says why.
    #[n(4)]
    Rejected,
    /// The office keeps it and a person will look; the code says why.
    #[n(5)]
    Quarantined,
    /// The office could not rebuild it: send it in full.
    #[n(6)]
    SendInFull,
}

impl Outcome {
    /// True where the device has nothing more to do for it.
    pub fn is_settled(self) -> bool {
        !matches!(self, Outcome::Waiting | Outcome::SendInFull)
    }
    /// True where the office has it in the documents.
    pub fn is_acknowledged(self) -> bool {
        matches!(self, Outcome::Applied | Outcome::Duplicate)
    }
}

/// The verdict on one command.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Verdict {
    /// What became of it.
    #[n(0)]
    pub outcome: Outcome,
    /// Number of a [`crate::error::Code`]; 0 if none.
    #[n(1)]
    pub code: u16,
    /// For a `Waiting` that waits for another command of this batch: its number.
    #[n(2)]
    pub waits_for: Option<u32>,
}

/// One reply of a sync.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default)]
#[cbor(map)]
pub struct SyncReply {
    /// [`super::WIRE_VERSION`].
    #[n(0)]
    pub wire_version: u16,
    /// The office's table of policies.
    #[n(1)]
    pub policy_version: u32,
    /// Which life of the server this is.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub incarnation: [u8; 16],
    /// The office's time.
    #[n(3)]
    pub now_ms: u64,
    /// One for each command, in order.
    #[n(4)]
    pub verdicts: Vec<Verdict>,
    /// Signature over [`receipt_message`]; empty if nothing was acknowledged.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub receipt: Vec<u8>,
    /// Where the device now stands; opaque, handed back.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub cursor: Vec<u8>,
    /// What is new, see [`super::batch`].
    #[cbor(n(7), with = "minicbor::bytes")]
    pub batch: Vec<u8>,
    /// Documents that came into a stream: stream number in `streams`, document numbers in the batch's table.
    #[n(8)]
    pub arrived: Vec<Membership>,
    /// Documents that left a stream.
    #[n(9)]
    pub departed: Vec<Membership>,
    /// The streams that the device follows, with the office's digest of each.
    #[n(10)]
    pub streams: Vec<StreamState>,
    /// Keys, boxed to the device; empty if none.
    #[cbor(n(11), with = "minicbor::bytes")]
    pub keys: Vec<u8>,
    /// True if more is to be fetched at once; digests hold only where it is false.
    #[n(12)]
    pub more: bool,
    /// Reference data if the device's is older; signed by itself.
    #[cbor(n(13), with = "minicbor::bytes")]
    pub reference: Vec<u8>,
    /// What to do beside: see [`Directive`].
    #[n(14)]
    pub directives: Vec<Directive>,
    /// During a first sync: documents sent so far and in all.
    #[n(15)]
    pub progress: Option<Progress>,
    /// What became of commands that the office had kept; those that it still keeps are left out.
    #[n(16)]
    pub fates: Option<Vec<Fate>>,
    /// Documents (their keys) of which the device has something that the office lacks.
    #[n(17)]
    pub wanted: Option<Vec<minicbor::bytes::ByteArray<17>>>,
    /// The office's signature over [`super::heal::proof_message`] for the commands that are acknowledged and
    /// those of the batch; empty if there are none.
    #[cbor(n(18), with = "minicbor::bytes")]
    pub proof: Vec<u8>,
    /// How far the office's log has come.
    #[n(19)]
    pub position: u64,
    /// Up to where the log is in a backup.
    #[n(20)]
    pub backed_up: u64,
    /// What became of the commands that were given back, in their order.
    #[n(21)]
    pub given: Option<Vec<super::heal::GivenFate>>,
    /// Looks of this request that the office has, durably: their ids. None from an office that does not know of looks.
    #[n(22)]
    pub looks: Option<Vec<minicbor::bytes::ByteArray<16>>>,
    /// The trainings of the device's worker, the latest first, with the reference data. None from an office that does not
    /// know of trainings, and without reference data.
    #[n(23)]
    pub trainings: Option<Vec<super::training::Training>>,
    /// Those of `fates` that a person let in, as the device needs them to give them back. None from an office that does
    /// not know of it.
    #[n(24)]
    pub let_in: Option<super::heal::LetIn>,
    /// As `proof`, for the commands that are acknowledged alone: whoever cannot read the batch keeps this one. None where
    /// there is no batch, and from an older office.
    #[n(25)]
    pub own_proof: Option<minicbor::bytes::ByteVec>,
}

/// What became of a command that the office had kept for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Fate {
    /// Which.
    #[n(0)]
    pub command: minicbor::bytes::ByteArray<16>,
    /// Applied or rejected.
    #[n(1)]
    pub outcome: Outcome,
    /// Number of a [`crate::error::Code`]; 0 if none.
    #[n(2)]
    pub code: u16,
}

/// Documents of one stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Membership {
    /// Number in [`SyncReply::streams`].
    #[n(0)]
    pub stream: u32,
    /// Numbers in the batch's table of documents.
    #[n(1)]
    pub docs: Vec<u32>,
}

/// A stream as the office has it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StreamState {
    /// Text of its [`crate::ids::StreamId`].
    #[n(0)]
    pub stream: String,
    /// Digest over the heads of its documents.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub digest: [u8; 16],
}

/// How far a first sync is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Progress {
    /// Documents sent.
    #[n(0)]
    pub done: u32,
    /// Documents in all.
    #[n(1)]
    pub total: u32,
}

/// What the office tells a device to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directive {
    /// Its cursor means nothing here (restored server, changed grant): fetch everything again. Unsent
    /// work stays.
    FetchAgain,
    /// Its store was cloned or restored: take a new actor and do unsent commands again.
    RenewActor,
    /// Its access was taken back: what was unsent is now at the office, wipe.
    Wipe,
    /// One of a later version, which this one does not know and does not follow.
    Later(u32),
}

impl Directive {
    /// Its number on the wire.
    pub fn number(self) -> u32 {
        match self {
            Directive::FetchAgain => 1,
            Directive::RenewActor => 2,
            Directive::Wipe => 3,
            Directive::Later(number) => number,
        }
    }
}

impl<C> Encode<C> for Directive {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u32(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Directive {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(match d.u32()? {
            1 => Directive::FetchAgain,
            2 => Directive::RenewActor,
            3 => Directive::Wipe,
            later => Directive::Later(later),
        })
    }
}

/// What a receipt says: this life of the office has, durably, these commands of this device.
pub fn receipt_message(
    incarnation: &[u8; 16],
    device: crate::ids::DeviceId,
    counter: u64,
    checks: &[[u8; 8]],
) -> Vec<u8> {
    let mut message = Vec::with_capacity(40 + checks.len() * 8);
    message.extend_from_slice(incarnation);
    message.extend_from_slice(device.as_bytes());
    message.extend_from_slice(&counter.to_be_bytes());
    for check in checks {
        message.extend_from_slice(check);
    }
    message
}
