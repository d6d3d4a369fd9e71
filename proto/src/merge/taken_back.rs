//! Entries of a diary that were taken back 撤回: written at the wrong door, or by a touch too many. The entry stays in
//! the document, with who wrote it and when; beside it stands a fact that names the command that wrote it, and from
//! then on the entry counts nowhere. There is no way back: who was there all the same writes another entry.

use super::register::Register;
use crate::entity::diary;
use crate::entity::record::{self, LinkPayload};
use crate::ids::{CommandId, Kind};
use std::collections::BTreeSet;

/// Number of a link that says that the entry which a command wrote is taken back. Programs that do not know it pass
/// over it, and show the entry as it was written.
pub const TAKEN_BACK: u8 = 3;

/// The commands whose entries were taken back, as the bytes of their ids.
pub fn commands(register: &Register) -> BTreeSet<[u8; 16]> {
    if register.doc().kind != Kind::Diary {
        return BTreeSet::new();
    }
    register
        .paths_in(diary::LINKS)
        .flat_map(|path| register.visible(path))
        .filter_map(|op| record::from_bytes::<LinkPayload>(op.value.as_bytes()?).ok())
        .filter(|link| link.kind == TAKEN_BACK && !link.withdrawn)
        .filter_map(|link| link.other?.try_into().ok())
        .collect()
}

/// The payload of the fact that takes back what `entry` wrote.
pub fn payload(entry: CommandId) -> LinkPayload {
    LinkPayload { kind: TAKEN_BACK, other: Some(entry.as_bytes().to_vec()), withdrawn: false }
}
