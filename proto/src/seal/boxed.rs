//! A box for one receiver: HPKE (RFC 9180), base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305.

use super::{Secret, fmt_hex, secret_key};
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::AeadTag, aead::ChaCha20Poly1305, inout::InOutBuf,
    kdf::HkdfSha256, kem::X25519HkdfSha256, single_shot_open_inout_detached, single_shot_seal_inout_detached_with_rng,
};
use std::convert::Infallible;
use std::fmt;
use zeroize::Zeroizing;

type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;
type Tag = AeadTag<ChaCha20Poly1305>;

const ENCAPPED_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
/// Bytes that a box adds to what it holds.
pub const BOX_OVERHEAD_BYTES: usize = ENCAPPED_BYTES + TAG_BYTES;
const SEED: &str = "qiaomen 2026 v1 box: sender's randomness";

/// A box could not be made or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BoxError {
    /// The receiver's public key is no usable point.
    #[error("the receiver's public key is not usable")]
    PublicKey,
    /// Shorter than an empty box.
    #[error("the box is cut short")]
    CutShort,
    /// Made for another receiver or another purpose, or changed on the way.
    #[error("the box was not made for this receiver and purpose, or was changed")]
    NotAuthentic,
}

/// The seed of a receiver's secret key.
#[derive(Clone, PartialEq, Eq)]
pub struct BoxSecret(Secret);

secret_key!(BoxSecret);

impl BoxSecret {
    fn private(&self) -> (PrivateKey, PublicKey) {
        X25519HkdfSha256::derive_keypair(self.as_bytes())
    }

    /// The public key that others box to.
    pub fn public(&self) -> BoxPublic {
        BoxPublic(self.private().1.to_bytes().into())
    }
}

/// A receiver's public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoxPublic(pub [u8; 32]);

impl fmt::Debug for BoxPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_hex(f, "BoxPublic", &self.0)
    }
}

/// Boxes `plain` for the holder of `public`. `info` names the purpose, `aad` the message that the box
/// belongs to; the receiver must give the same. `seed` is 32 fresh random bytes.
pub fn seal_to(public: &BoxPublic, info: &[u8], aad: &[u8], plain: &[u8], seed: [u8; 32]) -> Result<Vec<u8>, BoxError> {
    let receiver = PublicKey::from_bytes(&public.0).map_err(|_| BoxError::PublicKey)?;
    let mut out = vec![0; ENCAPPED_BYTES];
    out.extend_from_slice(plain);
    let mut rng = SeededRng::new(Zeroizing::new(seed), &[&public.0, info, aad, plain]);
    let (encapped, tag) = single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &receiver,
        info,
        InOutBuf::from(&mut out[ENCAPPED_BYTES..]),
        aad,
        &mut rng,
    )
    .map_err(|_| BoxError::PublicKey)?;
    out[..ENCAPPED_BYTES].copy_from_slice(&encapped.to_bytes());
    out.extend_from_slice(&tag.to_bytes());
    Ok(out)
}

/// Opens a box made by [`seal_to`].
pub fn open_with(secret: &BoxSecret, info: &[u8], aad: &[u8], boxed: &[u8]) -> Result<Zeroizing<Vec<u8>>, BoxError> {
    let (encapped, rest) = boxed.split_at_checked(ENCAPPED_BYTES).ok_or(BoxError::CutShort)?;
    let (ciphertext, tag) = rest.len().checked_sub(TAG_BYTES).map(|at| rest.split_at(at)).ok_or(BoxError::CutShort)?;
    let encapped = EncappedKey::from_bytes(encapped).map_err(|_| BoxError::NotAuthentic)?;
    let tag = Tag::from_bytes(tag).map_err(|_| BoxError::NotAuthentic)?;
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret.private().0,
        &encapped,
        info,
        InOutBuf::from(plain.as_mut_slice()),
        aad,
        &tag,
    )
    .map_err(|_| BoxError::NotAuthentic)?;
    Ok(plain)
}

/// The sender's randomness, drawn from the caller's seed.
///
/// The whole message goes into it too: a seed that was wrongly used twice gives one box for one
/// message, and two unrelated ones for two, never one key stream for two messages.
struct SeededRng(blake3::OutputReader);

impl SeededRng {
    fn new(seed: Zeroizing<[u8; 32]>, message: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(SEED);
        hasher.update(seed.as_ref());
        for part in message {
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize_xof())
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }
}

impl TryRng for SeededRng {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.take()))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.take()))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for SeededRng {}
