//! Rows against files. Power that failed between a photo's file and its note leaves the file alone, and the phone may
//! never ask again: looked for whenever an office starts. A restored database may name photos as whole that no folder
//! beside the backup has: those are still to come then, and the phones that have them send them again. At any other time a
//! file that is gone is a loss, and stays noted as one for `verify` to tell.

use crate::office::{Office, OfficeError};
use crate::store::StoreError;

/// Notes photos as whole whose files are. Keeps nobody's office shut.
pub(crate) fn note_what_is_there(office: &Office) {
    if let Err(error) = bring_in_line(office, |there| there) {
        tracing::error!(%error, "photos could not be held against their notes");
    }
}

/// Brings what is noted of each photo in line with what is there, after a restore.
pub fn reconcile(office: &Office) -> Result<(), OfficeError> {
    bring_in_line(office, |_| true)
}

/// Where note and file differ and it is `wanted`, told by whether the file is there, the note follows the file. A folder
/// that cannot be read says so when a photo is asked for.
fn bring_in_line(office: &Office, wanted: impl Fn(bool) -> bool) -> Result<(), OfficeError> {
    let noted = office.store().read(|tx| tx.photos_come())?;
    let mut moved = Vec::new();
    for (hash, whole) in noted {
        match office.photos().is_whole(&hash) {
            Ok(found) if found != whole && wanted(found) => moved.push((hash, found)),
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
