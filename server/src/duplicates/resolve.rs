//! From a document to the one that is kept, and back.

use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind, TicketId};
use qiaomen_proto::merge::link::{chain, keeps_a_ring, kept};
use std::collections::BTreeSet;
use uuid::Uuid;

fn next<'t>(tx: &'t Tx<'_>, kind: Kind) -> impl FnMut(Uuid) -> Result<Option<Uuid>, StoreError> + 't {
    move |id| Ok(tx.same_as(DocId::new(kind, id))?.map(|other| other.uuid))
}

/// The document that is kept of all that this one repeats; itself if it repeats none. Where links lead in a
/// ring, the smallest id of the ring.
pub fn resolve(tx: &Tx<'_>, doc: DocId) -> Result<DocId, StoreError> {
    Ok(DocId::new(doc.kind, kept(doc.uuid, next(tx, doc.kind))?))
}

/// Every document that leads to this one, without itself: what else it is known as.
pub fn aliases(tx: &Tx<'_>, doc: DocId) -> Result<Vec<DocId>, StoreError> {
    let mut found = BTreeSet::new();
    let mut todo = vec![doc];
    while let Some(at) = todo.pop() {
        for by in tx.repeated_by(at)? {
            if by != doc && found.insert(by) {
                todo.push(by);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Whether this matter is the one that somebody has to work, of several that are each marked as repeating
/// the next one around.
pub(crate) fn keeps_ring(tx: &Tx<'_>, doc: DocId) -> Result<bool, StoreError> {
    keeps_a_ring(doc.uuid, next(tx, doc.kind))
}

/// Notes which document this one repeats. In a ring of matters one stays open: where a ring begins or ends by
/// that, the rows of the others are made again.
pub(crate) fn project(office: &Office, tx: &Tx<'_>, view: &View<'_>) -> Result<(), OfficeError> {
    let doc = view.register().doc();
    let (before, now) = (tx.same_as(doc)?, view.same_as().map(|id| DocId::new(doc.kind, id)));
    if before == now {
        return Ok(());
    }
    let mut touched: BTreeSet<Uuid> = chain(doc.uuid, next(tx, doc.kind))?.into_iter().collect();
    tx.set_same_as(doc, now)?;
    touched.extend(chain(doc.uuid, next(tx, doc.kind))?);
    touched.remove(&doc.uuid);
    if doc.kind == Kind::Ticket {
        for id in touched {
            let other = DocId::from(TicketId(id));
            let Some(register) = tx.register(other)? else { continue };
            let ring = office.ring(tx, [id])?;
            tx.put_ticket(&crate::ingest::project::ticket_row(&View::new(&register, &ring), keeps_ring(tx, other)?))?;
        }
    }
    Ok(())
}
