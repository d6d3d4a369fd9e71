//! Compression with a bound. What a body says of its own size is not believed.

use super::columns::Malformed;
use minicbor::{Decode, Encode};

/// Level of compression. Bodies are small and mostly ciphertext: the highest level saves a hundredth of the bytes
/// more, for five times the time, on a phone's battery.
const LEVEL: i32 = 6;

/// Encodes and compresses.
pub fn pack<T: Encode<()>>(message: &T) -> Vec<u8> {
    let plain = minicbor::to_vec(message).unwrap_or_default();
    // Compressing from memory to memory has no error but out of memory.
    zstd::bulk::compress(&plain, LEVEL).unwrap_or_default()
}

/// Decompresses at most `bytes_max` and decodes; the whole must be the message.
pub fn unpack<T: for<'b> Decode<'b, ()>>(bytes: &[u8], bytes_max: usize) -> Result<T, Malformed> {
    use std::io::Read as _;
    let mut decoder = zstd::stream::read::Decoder::new(bytes).map_err(|_| Malformed("not compressed as agreed"))?;
    // The window is what a bomb makes the decoder allocate; ours fits a body.
    decoder.window_log_max(23).map_err(|_| Malformed("not compressed as agreed"))?;
    let mut plain = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(limit).read_to_end(&mut plain).map_err(|_| Malformed("not compressed as agreed"))?;
    if plain.len() > bytes_max {
        return Err(Malformed("larger than a body may be"));
    }
    if !is_definite(&plain) {
        return Err(Malformed("of no stated length"));
    }
    let mut cbor = minicbor::Decoder::new(&plain);
    let message = cbor.decode().map_err(|_| Malformed("not the message that was agreed"))?;
    if cbor.position() != plain.len() {
        return Err(Malformed("bytes left over"));
    }
    Ok(message)
}

/// True if everything states its length, as everything that [`pack`] writes does. Skipping what does
/// not, deeply nested, takes the decoder thirty bytes of memory for each byte of it.
pub(super) fn is_definite(cbor: &[u8]) -> bool {
    use minicbor::data::Type;
    let mut d = minicbor::Decoder::new(cbor);
    while d.position() < cbor.len() {
        let passed = match d.datatype() {
            Ok(Type::Array) => d.array().map(|_| ()),
            Ok(Type::Map) => d.map().map(|_| ()),
            Ok(Type::Tag) => d.tag().map(|_| ()),
            Ok(Type::ArrayIndef | Type::MapIndef | Type::BytesIndef | Type::StringIndef | Type::Break) | Err(_) => {
                return false;
            }
            Ok(_) => d.skip(),
        };
        if passed.is_err() {
            return false;
        }
    }
    true
}
