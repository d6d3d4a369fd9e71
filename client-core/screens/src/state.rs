//! What lives from one request to the next, and ends with the app.

use crate::draft::Drafts;
use crate::once::Once;
use crate::pages::gate::Given;
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
    pub(crate) drafts: Drafts,
    /// What a sync is doing.
    pub sync: SyncNow,
    /// Seconds for which the office has not answered what it was asked last, as the host's clock says.
    pub waited_s: u64,
    /// What of the office's code was given, while the device is nobody's.
    pub given: Given,
}

impl State {
    /// A new one. `start` tells this start of the app from every other; the host draws it at random.
    pub fn new(start: &str) -> Self {
        Self {
            once: Once::new(start),
            drafts: Drafts::default(),
            sync: SyncNow::Idle,
            waited_s: 0,
            given: Given::default(),
        }
    }
    /// The device is gone: nothing stays of what was typed for it.
    pub fn forget(&mut self) {
        self.drafts.forget();
        self.sync = SyncNow::Idle;
    }
}
