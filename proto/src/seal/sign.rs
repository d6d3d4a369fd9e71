//! Signatures: Ed25519, each for one purpose.

use super::{Secret, fmt_hex, secret_key};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use std::fmt;

/// A signing secret: a device's, or the office's.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Secret);

secret_key!(SigningSecret);

impl SigningSecret {
    fn key(&self) -> SigningKey {
        SigningKey::from_bytes(self.as_bytes())
    }

    /// The key that others verify with.
    pub fn verify_key(&self) -> VerifyKey {
        VerifyKey(self.key().verifying_key().to_bytes())
    }

    /// Signs `message` for the purpose that `context` names. A signature for one purpose is none for
    /// another.
    pub fn sign(&self, context: &[u8], message: &[u8]) -> [u8; 64] {
        self.key().sign(&framed(context, message)).to_bytes()
    }
}

/// The public half of a [`SigningSecret`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifyKey(pub [u8; 32]);

impl fmt::Debug for VerifyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_hex(f, "VerifyKey", &self.0)
    }
}

/// The signature is not this key's over this message for this purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not this key's over this message")]
pub struct BadSignature;

impl VerifyKey {
    /// Whether the holder of the secret signed this message for this purpose.
    ///
    /// Strict: weak keys and signatures of many forms are refused, so one message has one signature.
    pub fn verify(&self, context: &[u8], message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
        VerifyingKey::from_bytes(&self.0)
            .and_then(|key| key.verify_strict(&framed(context, message), &Signature::from_bytes(signature)))
            .map_err(|_| BadSignature)
    }
}

fn framed(context: &[u8], message: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(24 + context.len() + message.len());
    framed.extend_from_slice(b"qiaomen sign v1\0");
    framed.extend_from_slice(&(context.len() as u64).to_be_bytes());
    framed.extend_from_slice(context);
    framed.extend_from_slice(message);
    framed
}
