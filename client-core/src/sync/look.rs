//! Looks go with the text: which ones now, and what the office said of them.

use super::push::Sent;
use crate::look::{Kept, LOOK_AGAIN_MS, LOOK_KEPT_MS};
use crate::store::{StoreError, Tx};
use qiaomen_proto::limits::LOOKS_PER_REQUEST_MAX;
use qiaomen_proto::wire::look::Look;
use qiaomen_proto::wire::pull::SyncReply;

/// What one reply came to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Looked {
    /// Looks that the office has since.
    pub(crate) taken: u64,
    /// Looks that it has not said to have.
    pub(crate) left: u64,
    /// True if some were sent and the office took none of them: they are not sent again in this sync.
    pub(crate) refused: bool,
    /// True if it does not know of looks at all.
    pub(crate) unknown: bool,
}

/// The looks that go with the next request, oldest first.
pub(crate) fn next(tx: &Tx<'_>) -> Result<Vec<Look>, StoreError> {
    let looks = tx.looks_to_send(LOOKS_PER_REQUEST_MAX)?;
    Ok(looks.iter().map(on_the_wire).collect())
}

fn on_the_wire(look: &Kept) -> Look {
    Look {
        id: look.id.into(),
        doc: look.doc.into(),
        fields: look.names().map(str::to_owned).collect(),
        at_ms: look.at_ms,
    }
}

/// Writes down which looks the office has, and forgets those that it keeps safely. Only what was sent counts.
pub(crate) fn take(tx: &Tx<'_>, sent: &Sent, answer: &SyncReply, now_ms: u64) -> Result<Looked, StoreError> {
    let mut looked = Looked::default();
    for id in answer.looks.iter().flatten().filter(|id| sent.looks.contains(&***id)) {
        looked.taken += u64::from(tx.look_is_there(id, &answer.incarnation, answer.position)?);
    }
    let before = (now_ms.saturating_sub(LOOK_AGAIN_MS), now_ms.saturating_sub(LOOK_KEPT_MS));
    tx.prune_looks(&answer.incarnation, answer.backed_up, before)?;
    looked.left = tx.looks_unsent()?;
    looked.refused = !sent.looks.is_empty() && looked.taken == 0;
    looked.unknown = !sent.looks.is_empty() && answer.looks.is_none();
    Ok(looked)
}
