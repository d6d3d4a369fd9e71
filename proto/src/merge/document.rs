//! The automerge document, made from the changes, and compared with the register.
//!
//! It is made where somebody outside wants it (export), and where we want to know that register and
//! document say the same (verify). The only place that loads automerge bytes, and only our own.

use super::register::Register;
use crate::change::typed::RebuildError;
use crate::change::{Scalar, TypedChange};
use crate::entity::{genesis, kind_spec};
use crate::ids::DocId;
use automerge::{Automerge, AutomergeError, ReadDoc, Value};

/// Why a document could not be made or does not agree.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A stored change has no automerge form.
    #[error("could not rebuild a change of {doc}")]
    Rebuild {
        /// Which document.
        doc: DocId,
        /// Why.
        #[source]
        source: RebuildError,
    },
    /// Automerge would not take the changes or give the value.
    #[error("automerge refused {doc}")]
    Automerge {
        /// Which document.
        doc: DocId,
        /// Why. In a box: it is far larger than everything else that can be said here.
        #[source]
        source: Box<AutomergeError>,
    },
    /// Register and document differ.
    #[error("register and document of {doc} differ: {what}")]
    Differs {
        /// Which document.
        doc: DocId,
        /// In what.
        what: String,
    },
}

fn refused(doc: DocId) -> impl Fn(AutomergeError) -> DocumentError {
    move |source| DocumentError::Automerge { doc, source: Box::new(source) }
}

/// Makes the document from its changes, in an order in which they can be applied.
pub fn materialise<'a>(
    doc: DocId,
    changes: impl IntoIterator<Item = &'a TypedChange>,
) -> Result<Automerge, DocumentError> {
    let mut automerge = Automerge::new();
    let mut list = vec![genesis::genesis_change(doc.kind)];
    for change in changes {
        list.push(change.to_automerge().map_err(|source| DocumentError::Rebuild { doc, source })?);
    }
    automerge.apply_changes(list).map_err(refused(doc))?;
    Ok(automerge)
}

/// Saves the document and proves that what was saved loads again with the same heads.
pub fn save(doc: DocId, automerge: &Automerge) -> Result<Vec<u8>, DocumentError> {
    let bytes = automerge.save();
    #[allow(clippy::disallowed_methods, reason = "the one place that loads, and only what it has just saved")]
    let again = Automerge::load(&bytes).map_err(refused(doc))?;
    if again.get_heads() != automerge.get_heads() {
        return Err(DocumentError::Differs { doc, what: "heads after saving".to_owned() });
    }
    Ok(bytes)
}

/// Compares every visible value of the register with what automerge has at the same place, both ways.
pub fn compare(register: &Register, automerge: &Automerge) -> Result<(), DocumentError> {
    let doc = register.doc();
    let differs = |what: String| DocumentError::Differs { doc, what };
    let mut heads: Vec<[u8; 32]> = automerge.get_heads().iter().map(|h| h.0).collect();
    heads.sort_unstable();
    if heads != register.heads().iter().map(|h| h.0).collect::<Vec<_>>() {
        return Err(differs("heads".to_owned()));
    }
    let mut places = 0usize;
    for (index, container) in kind_spec(doc.kind).containers.iter().enumerate() {
        let Some((_, object)) = automerge.get(automerge::ROOT, container.name).map_err(refused(doc))? else {
            return Err(differs(format!("container {}", container.name)));
        };
        for key in automerge.keys(&object) {
            places += 1;
            let theirs: Vec<Scalar> = automerge
                .get_all(&object, key.as_str())
                .map_err(refused(doc))?
                .into_iter()
                .filter_map(|(value, _)| match value {
                    Value::Scalar(s) => Scalar::from_automerge(&s),
                    Value::Object(_) => None,
                })
                .collect();
            let path = crate::change::Path::new(u8::try_from(index).unwrap_or(u8::MAX), key.as_str());
            let ours: Vec<Scalar> = register.visible(&path).into_iter().map(|op| op.value.clone()).collect();
            let (mut a, mut b) = (theirs, ours);
            a.sort();
            b.sort();
            if a != b {
                return Err(differs(format!("{}/{}", container.name, key)));
            }
        }
    }
    if places != register.paths().count() {
        return Err(differs("number of places".to_owned()));
    }
    Ok(())
}
