//! Makes the rows of a database anew that is from before them, or that other rules made.

use super::{likeness, resolve};
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::Kind;

/// Under which rules the rows were made.
const MADE_BY: &str = "likeness_rules";
/// A number that grows whenever the rows of a document come out otherwise than before.
const RULES: &[u8] = &[1];

/// Notes that there is nothing to make: a new office has no documents.
pub(crate) fn nothing_yet(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.set_meta(MADE_BY, RULES)
}

/// Makes every row anew where other rules made them, or none.
pub(crate) fn catch_up(office: &Office) -> Result<(), OfficeError> {
    if office.store().read(|tx| tx.meta(MADE_BY))?.as_deref() == Some(RULES) {
        return Ok(());
    }
    let inner = office.clone();
    office.store().write(move |tx| {
        for doc in tx.documents()?.into_iter().filter(|doc| doc.kind != Kind::Diary) {
            let register = tx.register(doc)?.ok_or(StoreError::Damaged("document"))?;
            let ring = inner.ring(tx, [doc.uuid])?;
            let view = View::new(&register, &ring);
            resolve::project(&inner, tx, &view)?;
            likeness::project(&inner, tx, &view)?;
        }
        // Matters that an older program counted as over, each because of the next one.
        for doc in super::rings(tx)? {
            let Some(register) = tx.register(doc)? else { continue };
            let ring = inner.ring(tx, [doc.uuid])?;
            tx.put_ticket(&crate::ingest::project::ticket_row(&View::new(&register, &ring), true))?;
        }
        Ok(tx.set_meta(MADE_BY, RULES)?)
    })
}
