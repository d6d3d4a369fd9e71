//! What was begun of photos and never comes to its end: the phone is lost, or their record was put away. After a while it
//! is dropped; if the phone comes after all, it brings its photo from the front.

use crate::office::Office;
use crate::store::StoreError;
use qiaomen_proto::ids::DeviceId;

/// A photo of which a device has brought nothing for so long is given up. A phone that lies in a drawer over a holiday
/// goes on from where it was.
pub const PHOTO_IDLE_MS_MAX: u64 = 30 * 24 * 3600 * 1000;
/// Later than any time: whatever was brought last.
const WHENEVER_MS: u64 = i64::MAX.unsigned_abs();

/// Drops what was given up. How many parts that were.
pub fn clear_abandoned(office: &Office) -> Result<usize, StoreError> {
    let since_ms = office.now_ms().saturating_sub(PHOTO_IDLE_MS_MAX);
    let idle = office.store().read(|tx| tx.photo_parts_idle(since_ms))?;
    let mut dropped = 0;
    for (hash, device) in idle {
        dropped += usize::from(drop_part(office, hash, device, since_ms)?);
    }
    Ok(dropped)
}

/// A photo is whole: what other devices had begun of it is not needed any more, and what its own had is the whole.
pub(super) fn clear_parts(office: &Office, hash: [u8; 32]) -> Result<(), StoreError> {
    for device in office.store().read(|tx| tx.photo_parts(&hash))? {
        drop_part(office, hash, device, WHENEVER_MS)?;
    }
    Ok(())
}

/// A file that cannot be removed is tried again the next time; it keeps nobody's office shut.
fn drop_part(office: &Office, hash: [u8; 32], device: DeviceId, before_ms: u64) -> Result<bool, StoreError> {
    // The file first: a row without a file is begun anew, a file without a row would lie there for ever.
    if let Err(error) = office.photos().drop_part(&hash, device) {
        tracing::error!(%error, source = %error.source, "what has come of a photo could not be dropped");
        return Ok(false);
    }
    office.store().write(move |tx| tx.forget_photo_part(&hash, device, before_ms))
}
