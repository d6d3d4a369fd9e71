//! Doing a step.

use super::error::MatterError;
use super::hand::{Hand, sees};
use super::pen::Pen;
use super::plan::{Situation, plan};
use super::step::Step;
use crate::office::{Office, day};
use crate::people::audit::{self, Deed};
use crate::store::Tx;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, TicketId};
use qiaomen_proto::merge::fold::{EventKind, Stage};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acted {
    /// The step.
    pub step: EventKind,
    /// Where the matter stands now.
    pub stage: Stage,
    /// Whether whoever did it still sees the matter.
    pub still_seen: bool,
}

/// Takes a matter a step further. What stands by then is what counts, not what a page once showed.
pub fn act(office: &Office, id: TicketId, step: Step, by: &Hand) -> Result<Acted, MatterError> {
    let (inner, by) = (office.clone(), by.clone());
    office.store().write(move |tx| act_in(&inner, tx, id, &step, &by))
}

fn act_in(office: &Office, tx: &Tx<'_>, id: TicketId, step: &Step, by: &Hand) -> Result<Acted, MatterError> {
    let row = tx.ticket(id)?.ok_or(MatterError::NotFound)?;
    if !sees(tx, &by.sight, &row)? {
        return Err(MatterError::NotFound);
    }
    let doc = DocId::from(id);
    let register = tx.register(doc)?.ok_or(MatterError::NotFound)?;
    let ring = office.ring(tx, [id.0])?;
    let view = View::new(&register, &ring);
    let stamp = office.next_stamp_as(tx, by.worker, by.role)?;
    let (category, size) = (view.text("category"), view.text("size"));
    let situation = Situation {
        events: &view.events(),
        stamp,
        today: day(office.now_ms()),
        category: category.as_deref(),
        size: size.as_deref(),
        categories: &tx.categories()?,
        terms: &tx.terms()?,
    };
    let planned = plan(&situation, step)?;
    let mut pen = Pen::new(office, tx, doc, stamp)?;
    for (field, text) in &planned.puts {
        pen.put(field, text)?;
    }
    pen.event(planned.payload, planned.text.as_deref())?;
    pen.write(office, tx)?;
    audit::note(office, tx, by.worker, Deed::Matter(step.kind.name()), Some(&doc.key()))?;
    let now = tx.ticket(id)?.ok_or(MatterError::NotFound)?;
    Ok(Acted {
        step: step.kind,
        stage: Stage::from_number(now.stage).unwrap_or_default(),
        still_seen: sees(tx, &by.sight, &now)?,
    })
}
