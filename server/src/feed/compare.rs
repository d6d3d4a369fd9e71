//! In what do a device and the office differ? The device says the heads of what it has; only what differs
//! travels, either way.

use crate::office::OfficeError;
use crate::store::Tx;
use qiaomen_proto::ids::DocId;
use qiaomen_proto::limits::WANTED_PER_REPLY_MAX;
use qiaomen_proto::merge::Register;
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::wire::heal::{HEAD_BYTES, HeadsOf, short_heads};
use std::collections::BTreeMap;

/// The heads that a device says it has.
#[derive(Debug, Default)]
pub struct Heads<'r> {
    of: BTreeMap<DocId, &'r [u8]>,
}

impl<'r> Heads<'r> {
    /// Out of a request; none where the device compares nothing.
    pub fn of(said: Option<&'r [HeadsOf]>) -> Self {
        let said = said.unwrap_or_default().iter();
        Self { of: said.filter_map(|h| Some((DocId::from_key(&*h.doc)?, h.heads.as_slice()))).collect() }
    }

    /// True if the device compares nothing.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// True if the device has this document just as the office.
    pub fn equal(&self, register: &Register) -> bool {
        self.of.get(&register.doc()).is_some_and(|heads| *heads == short_heads(&register.heads()))
    }

    /// True if the device has this document in any form.
    pub fn has(&self, doc: DocId) -> bool {
        self.of.contains_key(&doc)
    }

    /// Documents of which the device has something that the office lacks.
    pub fn wanted(&self, tx: &Tx<'_>) -> Result<Vec<DocId>, OfficeError> {
        let mut wanted = Vec::new();
        for (doc, heads) in &self.of {
            let register = tx.register(*doc)?;
            let known =
                |head: &[u8]| register.as_ref().is_some_and(|r| r.knows_short(head) || planted(Planted::ThereIsWhole));
            if !heads.is_empty() && !heads.chunks(HEAD_BYTES).all(known) {
                wanted.push(*doc);
            }
            if wanted.len() == WANTED_PER_REPLY_MAX {
                break;
            }
        }
        Ok(wanted)
    }
}
