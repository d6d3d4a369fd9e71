//! How a device becomes one of ours: it shows the one-time code and its new public keys, the office
//! binds them to the worker, role and grids that the code was made for.

use minicbor::{Decode, Encode};

/// Where a device asks.
pub const ENROL_PATH: &str = "/v1/enrol";

/// What the device says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolRequest {
    /// [`super::WIRE_VERSION`].
    #[n(0)]
    pub wire_version: u16,
    /// The one-time code.
    #[n(1)]
    pub code: String,
    /// Ed25519 public key: signs requests.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub verify_key: [u8; 32],
    /// X25519 public key: keys of people are boxed to it.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub box_key: [u8; 32],
    /// The store's first actor.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub actor: [u8; 16],
    /// Version of the app.
    #[n(5)]
    pub app_version: String,
}

/// What the office answers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolReply {
    /// The device's id.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub device: [u8; 16],
    /// Whose it is.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub worker: [u8; 16],
    /// Number of the role.
    #[n(2)]
    pub role: u8,
    /// The office's Ed25519 public key: signs replies, receipts, reference data.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub office_verify_key: [u8; 32],
    /// The office's X25519 public key: keys and the rescue file are boxed to it.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub office_box_key: [u8; 32],
    /// Which life of the server this is.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub incarnation: [u8; 16],
    /// The office's time.
    #[n(6)]
    pub now_ms: u64,
    /// The office's distance from UTC in seconds: its day is the day.
    #[n(7)]
    pub utc_offset_s: i32,
}
