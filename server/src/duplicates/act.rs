//! Saying that two are one, or are not; taking that back. What is said of documents is a fact in the one that is
//! set aside, by an ordinary command of the office; what is said of a pair that is not the same is the office's own
//! note. Every act is audited, by ids only.

use super::error::DuplicateError;
use super::find::{Evidence, evidence};
use super::resolve::{keeps_ring, resolve};
use crate::office::Office;
use crate::people::audit::{self, Deed};
use crate::store::Tx;
use qiaomen_proto::change::{Edit, Path, Scalar, Stamp, keys};
use qiaomen_proto::entity::record::to_bytes;
use qiaomen_proto::entity::ticket;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind, WorkerId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, TicketEvent, fold};
use qiaomen_proto::merge::{Register, link as links};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Two are one.
pub const LINKED: &str = "linked";
/// They are two again.
pub const UNLINKED: &str = "unlinked";
/// They are not the same.
pub const DISMISSED: &str = "dismissed";
/// Perhaps they are, after all.
pub const RECONSIDERED: &str = "reconsidered";
/// A matter of a ring was opened again.
pub const REOPENED: &str = "reopened";

/// Bytes of one way in which a pair is alike, as it is remembered.
const EVIDENCE_BYTES: usize = 17;

/// What spoke for a pair, as it is remembered.
pub(super) fn encode(evidence: &Evidence) -> Vec<u8> {
    evidence.iter().flat_map(|(how, value)| std::iter::once(*how).chain(*value)).collect()
}

/// Back from [`encode`]. Of other bytes nothing is remembered: the pair comes back, and somebody looks.
pub(super) fn decode(bytes: &[u8]) -> Evidence {
    let one = |chunk: &[u8]| {
        let (how, value) = chunk.split_first()?;
        Some((*how, value.try_into().ok()?))
    };
    bytes.chunks(EVIDENCE_BYTES).filter_map(one).collect()
}

fn ordered(a: DocId, b: DocId) -> (DocId, DocId) {
    (a.min(b), a.max(b))
}

fn register(tx: &Tx<'_>, doc: DocId) -> Result<Register, DuplicateError> {
    tx.register(doc)?.ok_or(DuplicateError::NoPair)
}

/// What stands for a pair as it was shown: if something is written into either, it is another.
pub fn seen(a: &Register, b: &Register) -> String {
    let mut hasher = blake3::Hasher::new();
    for hash in a.heads().iter().chain(&b.heads()) {
        hasher.update(&hash.0);
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// Says that `aside` is the same as `keep`, which is kept. `told` stands for what was shown ([`seen`], of the
/// smaller and the larger): if something was written since, the clerk is asked again.
pub fn link(
    office: &Office,
    aside: DocId,
    keep: DocId,
    told: Option<&str>,
    clerk: WorkerId,
) -> Result<(), DuplicateError> {
    let (inner, told) = (office.clone(), told.map(str::to_owned));
    office.store().write(move |tx| link_in(&inner, tx, aside, keep, told.as_deref(), clerk))
}

fn link_in(
    office: &Office,
    tx: &Tx<'_>,
    aside: DocId,
    keep: DocId,
    told: Option<&str>,
    clerk: WorkerId,
) -> Result<(), DuplicateError> {
    if aside.kind != keep.kind || aside == keep || !super::KINDS.contains(&aside.kind) {
        return Err(DuplicateError::NoPair);
    }
    let (from, to) = (register(tx, aside)?, register(tx, keep)?);
    let (first, second) = if aside < keep { (&from, &to) } else { (&to, &from) };
    if told.is_some_and(|told| told != seen(first, second)) {
        return Err(DuplicateError::Changed);
    }
    // What is kept may itself lead on: the last one is meant, so that a taking back along the way stays clear.
    let root = resolve(tx, keep)?;
    if root == aside {
        return Err(DuplicateError::OtherWayRound);
    }
    if tx.same_as(aside)?.is_some() {
        return Err(DuplicateError::LinkedAlready);
    }
    let stamp = office.next_stamp(tx, clerk)?;
    let mut edits = vec![links::edit(&from, &stamp, 0, root.uuid, false)];
    if aside.kind == Kind::Ticket {
        edits.extend(mark(office, tx, &from, root, stamp)?);
    }
    let pair = ordered(aside, keep);
    let spoke = encode(&evidence(tx, pair)?);
    office.write_own(tx, stamp, vec![(aside, edits)], &[])?;
    tx.put_duplicate_act(pair, LINKED, Some(keep), &spoke, office.now_ms(), &clerk.to_string())?;
    audit::note(office, tx, clerk, Deed::Linked, Some(&aside.key()))?;
    Ok(())
}

/// The step that ends an open matter which repeats another; none where it is over anyway.
fn mark(
    office: &Office,
    tx: &Tx<'_>,
    aside: &Register,
    keep: DocId,
    stamp: Stamp,
) -> Result<Option<Edit>, DuplicateError> {
    let kept = register(tx, keep)?;
    let ring = office.ring(tx, [aside.doc().uuid, keep.uuid])?;
    let (view, kept) = (View::new(aside, &ring), View::new(&kept, &ring));
    let state = view.ticket_state();
    if !state.stage.is_open() {
        return Ok(None);
    }
    if state.escalation_stands {
        return Err(DuplicateError::Escalated);
    }
    if kept.ticket_state().stage.is_over() && !keeps_ring(tx, keep)? {
        return Err(DuplicateError::KeptIsOver);
    }
    let payload = EventPayload { other: Some(keep.uuid), ..EventPayload::new(EventKind::Duplicate) };
    step(&view, &stamp, payload).map(Some)
}

/// A step of a matter, which has to be taken as one.
fn step(view: &View<'_>, stamp: &Stamp, payload: EventPayload) -> Result<Edit, DuplicateError> {
    let key = keys::record_key(stamp.command, 0);
    let mut events = view.events();
    events.push(TicketEvent::new(key.clone(), stamp, payload.clone()).after(&events));
    if fold(&events).flags.iter().any(|flag| flag.event == key) {
        return Err(DuplicateError::Changed);
    }
    Ok(Edit { path: Path::new(ticket::EVENTS, key), value: Scalar::Bytes(to_bytes(&payload)) })
}

/// Takes back that `aside` is the same as another: it stands for itself again.
pub fn unlink(office: &Office, aside: DocId, clerk: WorkerId) -> Result<(), DuplicateError> {
    let inner = office.clone();
    office.store().write(move |tx| unlink_in(&inner, tx, aside, clerk))
}

fn unlink_in(office: &Office, tx: &Tx<'_>, aside: DocId, clerk: WorkerId) -> Result<(), DuplicateError> {
    let from = register(tx, aside)?;
    let keep = tx.same_as(aside)?.ok_or(DuplicateError::NotLinked)?;
    let stamp = office.next_stamp(tx, clerk)?;
    let others: BTreeSet<Uuid> = links::standing(&from).into_iter().map(|link| link.other).collect();
    let mut edits: Vec<Edit> =
        (0u8..).zip(others).map(|(n, other)| links::edit(&from, &stamp, n, other, true)).collect();
    if aside.kind == Kind::Ticket {
        let ring = office.ring(tx, [aside.uuid])?;
        let view = View::new(&from, &ring);
        if view.ticket_state().duplicate_of.is_some() {
            edits.push(step(&view, &stamp, EventPayload::new(EventKind::Reopen))?);
        }
    }
    office.write_own(tx, stamp, vec![(aside, edits)], &[])?;
    let pair = ordered(aside, keep);
    tx.put_duplicate_act(pair, UNLINKED, None, &[], office.now_ms(), &clerk.to_string())?;
    audit::note(office, tx, clerk, Deed::LinkTakenBack, Some(&aside.key()))?;
    Ok(())
}

/// Notes that two are not the same. They come back only if something new speaks for it.
pub fn dismiss(office: &Office, a: DocId, b: DocId, clerk: WorkerId) -> Result<(), DuplicateError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        if a.kind != b.kind || a == b {
            return Err(DuplicateError::NoPair);
        }
        register(tx, a)?;
        register(tx, b)?;
        let pair = ordered(a, b);
        let spoke = encode(&evidence(tx, pair)?);
        tx.put_duplicate_act(pair, DISMISSED, None, &spoke, inner.now_ms(), &clerk.to_string())?;
        Ok(audit::note(&inner, tx, clerk, Deed::NotTheSame, Some(&pair.0.key()))?)
    })
}

/// Takes back that two are not the same: they wait again.
pub fn reconsider(office: &Office, a: DocId, b: DocId, clerk: WorkerId) -> Result<(), DuplicateError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        let pair = ordered(a, b);
        if tx.last_duplicate_act(pair)?.is_none_or(|last| last.what != DISMISSED) {
            return Err(DuplicateError::NotDismissed);
        }
        tx.put_duplicate_act(pair, RECONSIDERED, None, &[], inner.now_ms(), &clerk.to_string())?;
        Ok(audit::note(&inner, tx, clerk, Deed::NotTheSameTakenBack, Some(&pair.0.key()))?)
    })
}

/// Opens the matter of a ring that is kept: one more step in it, so that phones work it too.
pub fn reopen(office: &Office, matter: DocId, clerk: WorkerId) -> Result<(), DuplicateError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        if matter.kind != Kind::Ticket || !keeps_ring(tx, matter)? {
            return Err(DuplicateError::NoRing);
        }
        let pair = ordered(matter, tx.same_as(matter)?.ok_or(DuplicateError::NoRing)?);
        unlink_in(&inner, tx, matter, clerk)?;
        tx.put_duplicate_act(pair, REOPENED, Some(matter), &[], inner.now_ms(), &clerk.to_string())?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spoke_for_a_pair_is_remembered_and_other_bytes_remember_nothing() {
        let evidence: Evidence = [(1, [7; 16]), (4, [0; 16])].into();
        assert_eq!(decode(&encode(&evidence)), evidence);
        assert_eq!(decode(&[1, 2, 3]), Evidence::new());
        assert_eq!(decode(&[]), Evidence::new());
    }
}
