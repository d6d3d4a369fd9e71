//! What the community looks like from above: the outlines of its grids and buildings, taken from a map file
//! (GeoJSON) that somebody drew elsewhere, and given out as one.
//!
//! A file is read whole or not at all; of what is in it each piece is matched with a grid or building by its id,
//! code or name, and what does not match is said, piece by piece. Nothing is guessed, and nothing is taken before
//! a clerk has looked through it.

/// A point or an area, checked.
mod geometry;
/// A map file, read within bounds.
mod read;
/// Which piece is which grid or building.
mod plan;
/// Looking through a file, and taking it.
mod draft;
/// The map as a file.
mod export;

pub use draft::{Put, clear, draft, drop_draft, keep_draft, put_draft};
pub use export::export;
pub use geometry::{Geometry, Position, ShapeFault};
pub use plan::{Bad, Hit, Miss, Place, Places, Plan, plan};
pub use read::{FILE_BYTES_MAX, FileFault, Piece, read};

use crate::office::OfficeError;
use crate::store::StoreError;

/// Why the map stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ShapesError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileFault),
    /// There is no file to look through: it was taken already, or put away.
    #[error("没有等着核对的地图文件（可能已经收下，或者放弃了）。请重新选文件。")]
    NoDraft,
    /// Nothing in the file is a grid or building of this community.
    #[error("文件里没有一处对得上本社区的网格或楼栋，地图没有改动。请核对名称后重新上传。")]
    NothingMatches,
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for ShapesError {
    fn from(error: StoreError) -> Self {
        Self::Office(error.into())
    }
}
