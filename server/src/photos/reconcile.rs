//! Rows against files, whenever an office starts. Power that failed between a photo's file and its note leaves the file
//! alone, and the phone may never ask again. A restored database may name photos as whole that no folder beside the
//! backup has: they are still to come then, and the phones that have them send them again.

use crate::office::{Office, OfficeError};
use crate::store::StoreError;

/// Brings what is noted of each photo in line with what is there. A folder that cannot be read says so when a photo is
/// asked for; it keeps nobody's office shut.
pub(crate) fn reconcile(office: &Office) -> Result<(), OfficeError> {
    let noted = office.store().read(|tx| tx.photos_come())?;
    let mut moved = Vec::new();
    for (hash, whole) in noted {
        match office.photos().is_whole(&hash) {
            Ok(found) if found != whole => moved.push((hash, found)),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "a photo could not be looked for"),
        }
    }
    if moved.is_empty() {
        return Ok(());
    }
    let now_ms = office.now_ms();
    office.store().write::<_, StoreError, _>(move |tx| {
        moved.iter().try_for_each(|(hash, whole)| tx.set_photo_whole(hash, whole.then_some(now_ms)))
    })?;
    Ok(())
}
