//! Who sends. One header: `Qiaomen-Device: <device> <counter> <signature>`.
//!
//! The signature covers path, counter and body. The counter grows with every request and the office
//! remembers the last one: a copied request is refused. It is a count and not a time, because a phone
//! whose date is wrong must still be able to bring its work home.

use crate::ids::DeviceId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Name of the header.
pub const HEADER: &str = "qiaomen-device";
/// Name of the header of a reply: the office's signature over it.
pub const REPLY_HEADER: &str = "qiaomen-office";
/// Context of request signatures.
pub const REQUEST_CONTEXT: &[u8] = b"qiaomen request 1";
/// Context of reply signatures.
pub const REPLY_CONTEXT: &[u8] = b"qiaomen reply 1";
/// Context of receipts.
pub const RECEIPT_CONTEXT: &[u8] = b"qiaomen receipt 1";

/// The header's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBy {
    /// Which device.
    pub device: DeviceId,
    /// Count of its requests.
    pub counter: u64,
    /// Ed25519 over [`request_message`].
    pub signature: [u8; 64],
}

/// What the device signs.
pub fn request_message(path: &str, counter: u64, body: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(path.len() + 41);
    message.extend_from_slice(path.as_bytes());
    message.push(0);
    message.extend_from_slice(&counter.to_be_bytes());
    message.extend_from_slice(blake3::hash(body).as_bytes());
    message
}

/// What the office signs: the reply, to this device, to this request and no other.
pub fn reply_message(device: DeviceId, counter: u64, body: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(56);
    message.extend_from_slice(device.as_bytes());
    message.extend_from_slice(&counter.to_be_bytes());
    message.extend_from_slice(blake3::hash(body).as_bytes());
    message
}

impl SignedBy {
    /// The header's text.
    pub fn to_text(&self) -> String {
        format!(
            "{} {} {}",
            URL_SAFE_NO_PAD.encode(self.device.as_bytes()),
            self.counter,
            URL_SAFE_NO_PAD.encode(self.signature)
        )
    }
    /// Back from the header's text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let device: [u8; 16] = URL_SAFE_NO_PAD.decode(words.next()?).ok()?.try_into().ok()?;
        let counter = words.next()?.parse().ok()?;
        let signature = URL_SAFE_NO_PAD.decode(words.next()?).ok()?.try_into().ok()?;
        words.next().is_none().then_some(Self { device: DeviceId::from_bytes(device), counter, signature })
    }
}

/// Text of a signature in [`REPLY_HEADER`].
pub fn signature_to_text(signature: &[u8; 64]) -> String {
    URL_SAFE_NO_PAD.encode(signature)
}
/// Back from [`signature_to_text`].
pub fn signature_from_text(text: &str) -> Option<[u8; 64]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
