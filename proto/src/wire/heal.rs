//! How the two sides find out in what they differ, and how a device gives back what a restored office has
//! lost. Heads are compared; what the office lacks comes back as typed changes in full, each with the
//! office's own earlier signature over it: nobody's word is believed for somebody else's work.

use crate::change::ChangeHash;
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

/// Context of the office's signature over the commands that one reply acknowledges and brings.
pub const PROOF_CONTEXT: &[u8] = b"qiaomen proof 1";
/// What the box of the keys of a document that left its device is for.
pub const PUT_AWAY_INFO: &[u8] = b"qiaomen keys put away 1";
/// Bytes of a head's hash that travel: enough to see a difference, and a false match only hides one
/// until the document's next change.
pub const HEAD_BYTES: usize = 8;
/// Bytes of one (document, hash) pair in [`Part::pairs`].
pub const PAIR_BYTES: usize = 17 + 32;

/// The acknowledged heads of one document, as a device has them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HeadsOf {
    /// Key of the document.
    #[n(0)]
    pub doc: ByteArray<17>,
    /// The first bytes of each head, sorted, one after the other.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub heads: Vec<u8>,
}

/// Heads as they travel.
pub fn short_heads(heads: &[ChangeHash]) -> Vec<u8> {
    let mut short: Vec<[u8; HEAD_BYTES]> = heads.iter().filter_map(|h| h.0.first_chunk().copied()).collect();
    short.sort_unstable();
    short.concat()
}

/// What a device gives back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default)]
#[cbor(map)]
pub struct GiveBack {
    /// Commands in full, each with those of its changes that this device has.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub batch: Vec<u8>,
    /// Where each command of the batch is proven, in the order of the batch.
    #[n(1)]
    pub parts: Vec<Part>,
    /// The office's signatures.
    #[n(2)]
    pub proofs: Vec<GivenProof>,
    /// Keys of the documents, boxed to the office.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub keys: Vec<u8>,
    /// Documents of which everything that the device has is in this batch.
    #[n(4)]
    pub finished: Vec<ByteArray<17>>,
    /// Those of them that are given back for the last time: what still waits for something is held for a person.
    #[n(5)]
    pub last: Option<Vec<ByteArray<17>>>,
    /// Keys of documents that are not this device's (any more): as it boxed them when they left, or as the office gave
    /// them with [`LetIn`].
    #[n(6)]
    pub put_away: Option<Vec<KeysPutAway>>,
}

/// What the office had kept of a device and has let in since, as the device needs it to give it back: its documents may
/// be none of the device's, and nobody else's, and no feed will bring them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LetIn {
    /// At most [`crate::limits::LET_IN_PER_REPLY_MAX`].
    #[n(0)]
    pub commands: Vec<LetInCommand>,
    /// The office's signature over [`proof_message`] for their digests, in their order.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

/// One command that was let in. It names no document: whoever wrote it knows them, and nobody else is to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LetInCommand {
    /// Which.
    #[n(0)]
    pub command: ByteArray<16>,
    /// Its digest ([`crate::change::command::digest_of`]) as it stands in the book.
    #[n(1)]
    pub digest: ByteArray<32>,
    /// Of each of its documents, in the order in which they come up in it: the keys as the office boxed them to itself, as
    /// in [`KeysPutAway`]; empty if there are none.
    #[n(2)]
    pub keys: Vec<ByteVec>,
}

/// The keys of a document that is not its device's (any more): boxed to the office, so that nobody can read it there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeysPutAway {
    /// Key of the document, which is the box's associated data too.
    #[n(0)]
    pub doc: ByteArray<17>,
    /// The box.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub keys: Vec<u8>,
}

/// One command, or the part of it that a device was given.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Part {
    /// Number of its proof.
    #[n(0)]
    pub proof: u32,
    /// The (document, hash) pairs of the command as it was signed, 49 bytes each.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub pairs: Vec<u8>,
}

/// A signature of the office over commands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GivenProof {
    /// Which life of the office signed.
    #[n(0)]
    pub incarnation: ByteArray<16>,
    /// Digests of commands ([`crate::change::command::digest_of`]), in the order in which they were signed.
    #[n(1)]
    pub digests: Vec<ByteArray<32>>,
    /// The signature.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

/// What the office signs of a reply: this life of it has commands with these digests, those that the reply
/// acknowledges first, then those that it brings. Those of [`LetIn`] are signed by themselves.
pub fn proof_message(incarnation: &[u8; 16], digests: impl IntoIterator<Item = [u8; 32]>) -> Vec<u8> {
    let mut message = incarnation.to_vec();
    for digest in digests {
        message.extend_from_slice(&digest);
    }
    message
}

/// What became of a command that was given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum GivenFate {
    /// Not taken: it is not proven, or builds on something that is still to come back.
    #[n(0)]
    NotYet,
    /// The office has it, as it was given.
    #[n(1)]
    Has,
    /// The same act stands in the book in another form, or something else stands in its place and it is held
    /// for a person: the device lets go of its version and fetches the office's.
    #[n(2)]
    Otherwise,
}

/// Why everything is compared, or fetched again. The numbers are for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum AgainReason {
    /// The office was restored from a backup: its life is another one.
    Restored = 1,
    /// Nothing is on its way, and the digests differ.
    DigestDiffers = 2,
    /// What the office sent did not come out as it was meant.
    NotAsMeant = 3,
    /// The device was enrolled anew.
    Enrolled = 4,
    /// The cursor is none of the office's.
    Cursor = 5,
}

impl AgainReason {
    /// Every reason.
    pub const ALL: [AgainReason; 5] = [
        AgainReason::Restored,
        AgainReason::DigestDiffers,
        AgainReason::NotAsMeant,
        AgainReason::Enrolled,
        AgainReason::Cursor,
    ];
    /// Its number.
    pub fn number(self) -> u8 {
        self as u8
    }
    /// The one with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.number() == number)
    }
    /// What people read.
    pub fn sentence(self) -> &'static str {
        match self {
            AgainReason::Restored => "社区的数据从备份恢复过，重新核对一遍，缺的由终端交回。",
            AgainReason::DigestDiffers => "终端和社区的内容对不上，逐户核对一遍。",
            AgainReason::NotAsMeant => "收到的内容核对不上，重新取一遍。",
            AgainReason::Enrolled => "终端重新登记，重新取一遍。",
            AgainReason::Cursor => "终端记的位置社区不认得，重新核对一遍。",
        }
    }
}
