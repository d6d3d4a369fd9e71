//! Photos of matters: they come in pieces after their records, rest sealed beside the database under the hash of their
//! ciphertext, and are opened for whoever may see the matter.

/// Where they rest.
pub mod store;
/// `POST /v1/photo`, from signed bytes to signed bytes: may this device bring it, and how far is it?
mod take;
/// What somebody at the office sees of them.
mod see;
/// What was begun and never came to its end.
mod abandoned;
/// Rows against files, when an office starts.
mod reconcile;

pub use abandoned::{PHOTO_IDLE_MS_MAX, clear_abandoned};
pub(crate) use reconcile::note_what_is_there;
pub use reconcile::reconcile;
pub use see::{PhotoError, PhotoView, look_at, photo, photos};

pub use store::{PhotoStore, PhotoStoreError};
pub use take::REQUEST_BYTES_MAX;
pub(crate) use take::hold_photos;
