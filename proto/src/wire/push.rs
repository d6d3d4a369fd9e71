//! What a device sends: where it stands, what it has not been thanked for, and a word about itself.

use minicbor::{Decode, Encode};

/// Where a device sends it.
pub const SYNC_PATH: &str = "/v1/sync";

/// One request of a sync.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default)]
#[cbor(map)]
pub struct SyncRequest {
    /// [`super::WIRE_VERSION`].
    #[n(0)]
    pub wire_version: u16,
    /// [`crate::entity::spec::POLICY_VERSION`].
    #[n(1)]
    pub policy_version: u32,
    /// Bits of what the device can; none are defined yet.
    #[n(2)]
    pub capabilities: u64,
    /// A word about itself.
    #[n(3)]
    pub manifest: Manifest,
    /// The cursor of the last reply; empty at first.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub cursor: Vec<u8>,
    /// The commands, see [`super::batch`]; empty if none.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub batch: Vec<u8>,
    /// New keys, boxed to the office; empty if none.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub keys: Vec<u8>,
    /// Version of the reference data it has; 0 if none.
    #[n(7)]
    pub reference_version: u64,
    /// False while more commands wait: then the office answers verdicts and nothing else.
    #[n(8)]
    pub wants_feed: bool,
    /// Commands that the office keeps for a person to look at: the device asks what became of them.
    #[n(9)]
    pub held: Option<Vec<minicbor::bytes::ByteArray<16>>>,
    /// While everything is fetched again: the heads of what is here, so that only what differs travels.
    #[n(10)]
    pub heads: Option<Vec<super::heal::HeadsOf>>,
    /// Why everything is fetched again: number of an [`super::heal::AgainReason`]; 0 if it is not.
    #[n(11)]
    pub again: Option<u8>,
    /// What the office asked back.
    #[n(12)]
    pub give_back: Option<super::heal::GiveBack>,
    /// Looks at masked values that the office has not said to have, oldest first.
    #[n(13)]
    pub looks: Option<Vec<super::look::Look>>,
}

/// What the office shows of a device at the day close.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Default)]
#[cbor(map)]
pub struct Manifest {
    /// Commands that the office has not thanked for, with those of this request.
    #[n(0)]
    pub pending_count: u32,
    /// Version of the app.
    #[n(1)]
    pub app_version: String,
    /// The device's own clock.
    #[n(2)]
    pub wall_ms: u64,
    /// When it was last in touch, by its own clock; 0 if never.
    #[n(3)]
    pub last_contact_ms: u64,
    /// How often it had to fetch everything again.
    #[n(4)]
    pub refetch_count: u32,
}

/// Info of the box that new keys travel in.
pub const KEYS_UP_INFO: &[u8] = b"qiaomen keys up 1";
/// Info of the box that keys travel down in.
pub const KEYS_DOWN_INFO: &[u8] = b"qiaomen keys down 1";
/// Info of the rescue file's boxes.
pub const RESCUE_INFO: &[u8] = b"qiaomen rescue 1";
