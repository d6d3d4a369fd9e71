//! Acknowledged bases while a reply is applied. What the office's batch holds is tried on copies first:
//! a batch that does not come out as it was meant leaves nothing behind.

use crate::store::document::Hashed;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::{ChangeHash, TypedChange};
use qiaomen_proto::ids::DocId;
use qiaomen_proto::merge::{Misfit, Register};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

struct Open {
    register: Register,
    gained: Vec<Hashed>,
}

/// The bases that a reply touches.
pub(crate) struct Bases<'t, 'c> {
    tx: &'t Tx<'c>,
    open: BTreeMap<DocId, Open>,
    tried: Option<BTreeMap<DocId, Open>>,
}

impl<'t, 'c> Bases<'t, 'c> {
    pub(crate) fn new(tx: &'t Tx<'c>) -> Self {
        Self { tx, open: BTreeMap::new(), tried: None }
    }

    /// From here on, nothing is certain before [`Bases::settle`].
    pub(crate) fn begin_trial(&mut self) {
        self.tried = Some(BTreeMap::new());
    }

    /// What was tried holds.
    pub(crate) fn settle(&mut self) {
        for (doc, tried) in self.tried.take().unwrap_or_default() {
            let gained = match self.open.remove(&doc) {
                Some(before) => before.gained.into_iter().chain(tried.gained).collect(),
                None => tried.gained,
            };
            self.open.insert(doc, Open { register: tried.register, gained });
        }
    }

    /// What was tried never was.
    pub(crate) fn abandon(&mut self) {
        self.tried = None;
    }

    fn entry(&mut self, doc: DocId) -> Result<&mut Open, StoreError> {
        let fresh = |register| Open { register, gained: Vec::new() };
        let Some(tried) = &mut self.tried else {
            return Ok(match self.open.entry(doc) {
                Entry::Occupied(open) => open.into_mut(),
                Entry::Vacant(place) => place.insert(fresh(self.tx.base(doc)?)),
            });
        };
        Ok(match tried.entry(doc) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(place) => place.insert(fresh(match self.open.get(&doc) {
                Some(certain) => certain.register.clone(),
                None => self.tx.base(doc)?,
            })),
        })
    }

    /// The base of a document.
    pub(crate) fn register(&mut self, doc: DocId) -> Result<&Register, StoreError> {
        Ok(&self.entry(doc)?.register)
    }

    /// Adds a change where it fits. True if it was new.
    pub(crate) fn add(&mut self, change: TypedChange, hash: ChangeHash) -> Result<Result<bool, Misfit>, StoreError> {
        let open = self.entry(change.doc)?;
        match open.register.fit(&change, &hash) {
            Ok(()) => {
                open.register.apply(&change, hash);
                open.gained.push((hash, change));
                Ok(Ok(true))
            }
            Err(Misfit::Duplicate) => Ok(Ok(false)),
            Err(misfit) => Ok(Err(misfit)),
        }
    }

    /// This document's base is not what the office means: it goes, and comes again.
    pub(crate) fn drop(&mut self, doc: DocId) -> Result<(), StoreError> {
        self.open.remove(&doc);
        self.tx.drop_base(doc)
    }

    /// Writes what was gained; the documents that gained something.
    pub(crate) fn write(self) -> Result<BTreeSet<DocId>, StoreError> {
        let mut gained = BTreeSet::new();
        for (doc, open) in self.open {
            if !open.gained.is_empty() {
                self.tx.put_base(&open.register, &open.gained)?;
                gained.insert(doc);
            }
        }
        Ok(gained)
    }
}
