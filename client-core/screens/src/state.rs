//! What lives from one request to the next, and ends with the app.

use crate::once::Once;
use qiaomen_client::SyncProgress;
use qiaomen_proto::sentence::Sentence;

/// What a sync is doing, as its host sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SyncNow {
    /// Nothing.
    #[default]
    Idle,
    /// Under way.
    Running(SyncProgress),
    /// The last attempt came to nothing.
    Failed {
        /// Why, and what to do.
        sentence: Sentence,
        /// True if it is tried again without anybody doing something.
        again: bool,
    },
}

/// What lives from one request to the next.
#[derive(Debug)]
pub struct State {
    pub(crate) once: Once,
    /// What a sync is doing.
    pub sync: SyncNow,
}

impl State {
    /// A new one. `start` tells this start of the app from every other; the host draws it at random.
    pub fn new(start: &str) -> Self {
        Self { once: Once::new(start), sync: SyncNow::Idle }
    }
}
