//! Whether what somebody is about to write down of a door was written down a moment ago. A form of its own is no sign of
//! a visit of its own: whoever goes back, or has a second window open, sends another one.

use super::door::EntryLine;
use super::sight::Sight;
use crate::store::StoreError;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::HouseholdId;

/// Within this the same thing at the same door is asked about. Going back and touching twice takes seconds or minutes;
/// who tries again where nobody was home comes later.
const A_MOMENT_MS: u64 = 10 * 60 * 1000;

/// The last entry of this worker at a door that is of this kind (`visit`, `call`), ended so, and is of a moment ago.
pub(crate) fn a_moment_ago(
    sight: &Sight<'_>,
    door: HouseholdId,
    kind: &str,
    outcome: Outcome,
) -> Result<Option<EntryLine>, StoreError> {
    let Some(me) = sight.me.map(|me| me.worker.to_string()) else { return Ok(None) };
    // Also what seems to be of later than now: a clock may have been set back since. Where it was set on meanwhile, a
    // moment looks long ago, and nobody is asked.
    let since_ms = sight.now_ms.saturating_sub(A_MOMENT_MS);
    let newest_first = sight.tx.entries_at(&door.to_string())?;
    let same = newest_first.into_iter().take_while(|entry| entry.at_ms >= since_ms).find(|entry| {
        entry.kind == kind && entry.outcome == outcome.name() && entry.worker.as_deref() == Some(me.as_str())
    });
    same.map(|entry| EntryLine::of(sight, entry)).transpose()
}
