//! What no rule could decide: one conflict for each place of a document where different values
//! stand against each other and the field's policy leaves it to a person.

use super::decision::Decisions;
use super::reading::{Reading, read};
use super::register::Register;
use crate::change::Path;
use crate::entity::{FieldSpec, Policy, kind_spec};
use crate::ids::DocId;

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

/// Every conflict of the document, in the order of places.
pub fn conflicts(register: &Register) -> Vec<Conflict> {
    let spec = kind_spec(register.doc().kind);
    let decisions = Decisions::read(register);
    register
        .paths()
        .filter_map(|path| {
            let field = spec.field(path).filter(|f| f.policy == Policy::Review)?;
            let reading = read(register, path, field, &decisions).filter(|r| r.conflict)?;
            Some(Conflict { doc: register.doc(), path: path.clone(), field, reading })
        })
        .collect()
}
