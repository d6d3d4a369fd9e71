//! What stands as remarks beside a door or a person. The import asks the same: what a workbook of the office's own
//! says in one cell stands already, note by note.

use qiaomen_proto::entity::household;
use qiaomen_proto::entity::record::{TagPayload, from_bytes};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::Kind;
use std::collections::BTreeMap;

/// What stands between two notes in one cell; the reader joins rows of a door by the same.
pub(in crate::ledger) const NOTE_SEPARATOR: char = '；';
/// How a door that would give nothing is marked.
const REFUSED: &str = "整户拒访";

/// The notes of a container that can be read, oldest first; a door's begin with its refusal and its tags.
pub(in crate::ledger) fn notes(view: &View<'_>, container: u8) -> Vec<String> {
    let mut notes = Vec::new();
    if view.register().doc().kind == Kind::Household && container == household::NOTES {
        notes.extend(view.door_refusal().map(|_| REFUSED.to_owned()));
        notes.extend(tags(view).into_iter().map(|tag| format!("标签:{}", tag.code)));
    }
    notes.extend(view.notes(container).into_iter().filter_map(|(_, text)| text.text().map(str::to_owned)));
    notes
}

/// Tags of a door that were not taken away: of each code the last word counts.
pub(crate) fn tags(view: &View<'_>) -> Vec<TagPayload> {
    let mut last: BTreeMap<String, TagPayload> = BTreeMap::new();
    for (_, _, bytes) in view.records(household::TAGS) {
        if let Ok(tag) = from_bytes::<TagPayload>(bytes) {
            last.insert(tag.code.clone(), tag);
        }
    }
    last.into_values().filter(|tag| !tag.withdrawn).collect()
}

/// Notes as one cell holds them; nothing where there are none.
pub(in crate::ledger) fn joined(notes: &[String]) -> Option<String> {
    let texts: Vec<&str> = notes.iter().map(|n| n.trim()).filter(|n| !n.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join(&NOTE_SEPARATOR.to_string()))
}
