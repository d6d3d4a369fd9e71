//! What no rule could decide: one conflict for each place of a document where different values
//! stand against each other and the field's policy leaves it to a person.

use super::reading::{Reader, Reading};
use super::register::Register;
use crate::change::Path;
use crate::entity::FieldSpec;
use crate::ids::DocId;
use crate::seal::KeyRing;

/// A place that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which document.
    pub doc: DocId,
    /// Where in it.
    pub path: Path,
    /// The field.
    pub field: &'static FieldSpec,
    /// What stands there.
    pub reading: Reading,
}

/// Every conflict of the document, in the order of places, to somebody with these keys.
pub fn conflicts(register: &Register, ring: &KeyRing) -> Vec<Conflict> {
    Reader::new(register, ring).conflicts()
}
