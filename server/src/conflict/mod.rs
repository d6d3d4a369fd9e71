//! Conflict: what could no rule decide? One open record for each document and place, kept in step with
//! the document every time it changes. What has to be written is decided first (`plan`), then done.

use crate::store::sqlite::ConflictRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::{OpId, Path};
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::Actor;
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::conflict::Conflict;
use qiaomen_proto::merge::decision::Decisions;

/// Something that happens to a conflict. The words are permanent: old lives stay readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Life {
    /// It was found.
    Opened,
    /// After a decision something came whose author had not seen it.
    Reopened,
    /// One more says something.
    Joined,
    /// Somebody corrected a candidate; the others still stand against each other.
    Corrected,
    /// A decision at the same place was taken back: what it had settled stands here again.
    Merged,
    /// A person decided.
    Decided,
    /// The decision was taken back.
    Undone,
    /// The decision was taken back, and what it had settled goes on in another record.
    UndoneInto,
    /// The parties came to agree.
    Gone,
}

impl Life {
    /// Everything that can happen.
    pub const ALL: [Life; 9] = [
        Life::Opened,
        Life::Reopened,
        Life::Joined,
        Life::Corrected,
        Life::Merged,
        Life::Decided,
        Life::Undone,
        Life::UndoneInto,
        Life::Gone,
    ];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Life::Opened => "opened",
            Life::Reopened => "reopened",
            Life::Joined => "joined",
            Life::Corrected => "corrected",
            Life::Merged => "merged",
            Life::Decided => "decided",
            // The state that follows is the word.
            Life::Undone => "open",
            Life::UndoneInto => "undone",
            Life::Gone => "gone",
        }
    }
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Life::Opened => "发现冲突",
            Life::Reopened => "裁定之后又送到没看过裁定的修改",
            Life::Joined => "又送到一份说法",
            Life::Corrected => "有的说法被更正，仍有不同",
            Life::Merged => "同一项先前的裁定撤销了，原来的说法并进来",
            Life::Decided => "裁定",
            Life::Undone => "撤销裁定",
            Life::UndoneInto => "撤销裁定，并入同一项的新冲突",
            Life::Gone => "各方说法一致了，冲突消失",
        }
    }
}

/// One thing to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A new record.
    Open {
        /// Where.
        path: Path,
        /// What stands there.
        candidates: Vec<OpId>,
        /// How it came about.
        life: Life,
    },
    /// Other candidates than before.
    Change {
        /// Number of the record.
        id: i64,
        /// What stands there now.
        candidates: Vec<OpId>,
        /// What happened.
        life: Life,
    },
    /// Nothing to decide any more.
    Leave {
        /// Number of the record.
        id: i64,
    },
}

/// Brings the records of a document in step with what it shows to the office, which has every key:
/// values sealed under two keys of one subject are compared after unsealing, as on the devices.
pub fn refresh(tx: &Tx<'_>, view: &View<'_>, now_ms: u64) -> Result<(), StoreError> {
    let register = view.register();
    let found = view.conflicts();
    let open = tx.open_conflicts_of(register.doc())?;
    if found.is_empty() && open.is_empty() {
        return Ok(());
    }
    for step in plan(register, &found, &open) {
        match step {
            Step::Open { path, candidates, life } => {
                let seen = to_bytes(&candidates);
                tx.add_conflict(register.doc(), &path, &seen, POLICY_VERSION, life.word(), now_ms)?;
            }
            Step::Change { id, candidates, life } => {
                tx.update_conflict(id, &to_bytes(&candidates), life.word(), now_ms)?;
            }
            Step::Leave { id } => tx.leave_conflict(id, now_ms)?,
        }
    }
    Ok(())
}

/// What has to be written so that the open records say what was found.
pub fn plan(register: &Register, found: &[Conflict], open: &[ConflictRow]) -> Vec<Step> {
    let decisions = Decisions::read(register);
    let mut steps = Vec::new();
    for conflict in found {
        let candidates: Vec<OpId> = conflict.reading.candidates.iter().map(|c| c.op).collect();
        let Some(row) = open.iter().find(|row| row.path == conflict.path) else {
            let late = candidates.iter().any(|op| unaware(register, &decisions, &conflict.path, op));
            let life = if late { Life::Reopened } else { Life::Opened };
            steps.push(Step::Open { path: conflict.path.clone(), candidates, life });
            continue;
        };
        let before = from_bytes(&row.candidates);
        if before != candidates {
            let life = what_happened(&decisions, &before, &candidates);
            steps.push(Step::Change { id: row.id, candidates, life });
        }
    }
    let gone = open.iter().filter(|row| !found.iter().any(|c| c.path == row.path));
    steps.extend(gone.map(|row| Step::Leave { id: row.id }));
    steps
}

fn what_happened(decisions: &Decisions, before: &[OpId], now: &[OpId]) -> Life {
    let left: Vec<&OpId> = before.iter().filter(|op| !now.contains(op)).collect();
    if left.iter().any(|op| decisions.of_op(op).is_some_and(|d| !d.in_force)) {
        Life::Merged
    } else if left.is_empty() {
        Life::Joined
    } else {
        Life::Corrected
    }
}

/// True if there is a decision in force at this place that the author of this operation had not seen.
pub fn unaware(register: &Register, decisions: &Decisions, path: &Path, op: &OpId) -> bool {
    let Some(record) = register.history(path).iter().find(|o| o.id == *op) else { return false };
    decisions
        .at(path)
        .into_iter()
        .filter(|d| d.in_force && d.change != record.change)
        .any(|d| !register.builds_on(record.change, d.change) && !register.builds_on(d.change, record.change))
}

/// Operations as bytes: 24 each, counter then actor.
pub fn to_bytes(ops: &[OpId]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ops.len() * 24);
    for op in ops {
        bytes.extend_from_slice(&op.counter.to_be_bytes());
        bytes.extend_from_slice(&op.actor.0);
    }
    bytes
}

/// Back from [`to_bytes`].
pub fn from_bytes(bytes: &[u8]) -> Vec<OpId> {
    let (ops, _) = bytes.as_chunks::<24>();
    let op = |bytes: &[u8; 24]| {
        let (counter, actor) = bytes.split_first_chunk::<8>()?;
        Some(OpId { counter: u64::from_be_bytes(*counter), actor: Actor(actor.try_into().ok()?) })
    };
    ops.iter().filter_map(op).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_come_back_from_their_bytes() {
        let ops = [OpId { counter: 7, actor: Actor([1; 16]) }, OpId { counter: 1 << 40, actor: Actor([255; 16]) }];
        assert_eq!(from_bytes(&to_bytes(&ops)), ops);
    }

    #[test]
    fn whatever_happens_has_a_word_of_its_own() {
        let words: std::collections::BTreeSet<_> = Life::ALL.iter().map(|l| l.word()).collect();
        let labels: std::collections::BTreeSet<_> = Life::ALL.iter().map(|l| l.label()).collect();
        assert_eq!((words.len(), labels.len()), (Life::ALL.len(), Life::ALL.len()));
    }
}
