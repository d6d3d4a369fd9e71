//! What a sync came to.

use serde::Serialize;

/// Figures of one sync. The names are for ever: other programs read them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Commands that were sent.
    pub pushed: u64,
    /// Of them: taken.
    pub applied: u64,
    /// Of them: taken before.
    pub duplicate: u64,
    /// Commands that wait for another one, at the end.
    pub waiting: u64,
    /// Commands that the office will not take.
    pub rejected: u64,
    /// Commands that the office keeps for a person to look at.
    pub quarantined: u64,
    /// Changes that came and were not here.
    pub pulled: u64,
    /// Bytes sent, with headers.
    pub bytes_up: u64,
    /// Bytes received, with headers.
    pub bytes_down: u64,
    /// Requests that were answered.
    pub round_trips: u64,
    /// Own digest over all streams.
    pub digest: String,
    /// The office's.
    pub office_digest: String,
    /// Photos that the office has whole since.
    pub photos_sent: u64,
    /// Photos that it does not have whole, at the end.
    pub photos_left: u64,
    /// True if nothing is left to send or to fetch, photos included, and the digests of every stream agree.
    pub complete: bool,
}

/// How far a sync is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SyncProgress {
    /// Requests that were answered.
    pub round_trips: u64,
    /// Commands that are still to be sent.
    pub unsent: u64,
    /// Changes that came.
    pub pulled: u64,
    /// During a first sync: documents that are here, of how many.
    pub documents: Option<(u32, u32)>,
    /// While photos go, after the text: bytes of them that the office has, of how many.
    pub photos: Option<(u64, u64)>,
}
