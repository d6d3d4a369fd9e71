//! Commands and their changes: what was acknowledged is there, and nothing is there that was not.

use super::count;
use super::problem::{ProblemCode, Problems};
use crate::ingest::number_of;
use crate::store::Tx;
use crate::store::sqlite::ChangeRow;
use qiaomen_proto::change::ChangeHash;
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::ids::{CommandId, DocId};
use qiaomen_proto::wire::pull::Outcome;
use std::collections::{HashMap, HashSet};

/// Holds commands and changes against each other. The number of applied commands.
pub(super) fn check(
    tx: &Tx<'_>,
    changes: &[ChangeRow],
    documents: &[(DocId, u8, Vec<u8>)],
    problems: &mut Problems,
) -> u64 {
    let applied = problems.sift(tx.command_list(number_of(Outcome::Applied))).unwrap_or_default();
    let documents: HashSet<DocId> = documents.iter().map(|(doc, ..)| *doc).collect();
    // In the order in which they were taken, which is their order in the command.
    let mut by_command: HashMap<CommandId, Vec<(DocId, ChangeHash)>> = HashMap::new();
    for change in changes {
        by_command.entry(change.command).or_default().push((change.doc, change.hash));
        if !documents.contains(&change.doc) {
            problems.add(ProblemCode::ChangeWithoutDocument, change.doc);
        }
    }
    for (command, check) in &applied {
        if by_command.remove(command).is_none_or(|pairs| check_of(&pairs) != *check) {
            problems.add(ProblemCode::CommandChanges, command);
        }
    }
    let mut left: Vec<CommandId> = by_command.into_keys().collect();
    left.sort_unstable();
    for command in left {
        problems.add(ProblemCode::CommandMissing, command);
    }
    count(applied.len())
}
