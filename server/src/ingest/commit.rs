//! Carrying it out: changes, registers, streams, digests, conflicts, rows. All or nothing: the caller's
//! transaction holds it.

use super::plan::Planned;
use super::streams::AsOf;
use super::{project, streams};
use crate::conflict;
use crate::office::{Office, OfficeError};
use crate::store::Tx;
use crate::store::sqlite::EntryKind;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, GridId, Kind, StreamId, Subject};
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::seal::SubjectKey;
use std::collections::{BTreeMap, BTreeSet};

/// What goes to the end of one stream.
#[derive(Debug, Default)]
struct Addition {
    entries: Vec<(EntryKind, DocId, Option<i64>)>,
    with: Vec<Digest>,
    without: Vec<Digest>,
    joins: Vec<DocId>,
    leaves: Vec<DocId>,
}

/// Carries out a planned command.
pub fn commit(
    office: &Office,
    tx: &Tx<'_>,
    planned: Planned,
    keys: &[(Subject, SubjectKey)],
    now_ms: u64,
) -> Result<(), OfficeError> {
    let stamp = planned.command.stamp;
    let mut fresh_keys = BTreeSet::new();
    for (subject, key) in keys {
        if office.keep_key(tx, subject, key)? {
            fresh_keys.insert(*subject);
        }
    }
    let mut rows: BTreeMap<DocId, Vec<i64>> = BTreeMap::new();
    for (change, hash) in planned.command.changes.iter().zip(&planned.hashes) {
        tx.bind_actor(&change.actor, stamp.by.device)?;
        rows.entry(change.doc).or_default().push(tx.add_change(change, hash)?);
    }
    let fallback = tx.grids_at(stamp.by.worker, stamp.at.wall_ms.min(now_ms))?;
    let mut additions: BTreeMap<StreamId, Addition> = BTreeMap::new();
    // Doors first: where a person lives decides who sees her.
    let mut docs: Vec<(&DocId, &Register)> = planned.after.iter().collect();
    docs.sort_by_key(|(doc, _)| doc.kind);
    for (doc, register) in docs {
        let old_digest = tx.document_digest(*doc)?;
        tx.put_register(register)?;
        let ring = office.ring(tx, [doc.uuid])?;
        let view = View::new(register, &ring);
        let new_door = doc.kind == Kind::Household && tx.door(qiaomen_proto::ids::HouseholdId(doc.uuid))?.is_none();
        project::project(office, tx, &view)?;
        conflict::refresh(tx, &view, now_ms)?;
        let change = Move {
            doc: *doc,
            old_digest,
            new_digest: Digest::of(*doc, &register.heads()),
            changes: rows.get(doc).cloned().unwrap_or_default(),
            fresh_key: fresh_keys.contains(&doc.uuid),
        };
        let before: BTreeSet<StreamId> = tx.streams_of(*doc)?.into_iter().collect();
        let now = streams::streams_of(tx, &view, &before, &fallback, AsOf::Now)?;
        place(&mut additions, &change, &before, &now);
        if new_door {
            // People and matters may have come before their door.
            for dependent in dependents(tx, *doc)?.into_iter().filter(|d| !planned.after.contains_key(d)) {
                replace(office, tx, &mut additions, dependent, &fallback)?;
            }
        }
    }
    write(tx, additions)
}

fn dependents(tx: &Tx<'_>, door: DocId) -> Result<Vec<DocId>, OfficeError> {
    let door = qiaomen_proto::ids::HouseholdId(door.uuid);
    let people = tx.residents_of(door)?.into_iter().map(DocId::from);
    let matters = tx.tickets_of(door)?.into_iter().map(DocId::from);
    Ok(people.chain(matters).collect())
}

/// One document's step in the streams.
struct Move {
    doc: DocId,
    old_digest: Option<Digest>,
    new_digest: Digest,
    changes: Vec<i64>,
    fresh_key: bool,
}

fn place(
    additions: &mut BTreeMap<StreamId, Addition>,
    m: &Move,
    before: &BTreeSet<StreamId>,
    now: &BTreeSet<StreamId>,
) {
    for stream in before.union(now) {
        let addition = additions.entry(stream.clone()).or_default();
        match (before.contains(stream), now.contains(stream)) {
            (true, true) => {
                addition.entries.extend(m.changes.iter().map(|row| (EntryKind::Change, m.doc, Some(*row))));
                if m.fresh_key && !planted(Planted::KeyUnannounced) {
                    addition.entries.push((EntryKind::Key, m.doc, None));
                }
                addition.without.extend(m.old_digest);
                addition.with.push(m.new_digest);
            }
            (false, true) => {
                addition.entries.push((EntryKind::Arrived, m.doc, None));
                addition.with.push(m.new_digest);
                addition.joins.push(m.doc);
            }
            (true, false) => {
                addition.entries.push((EntryKind::Departed, m.doc, None));
                addition.without.extend(m.old_digest);
                addition.leaves.push(m.doc);
            }
            (false, false) => {}
        }
    }
}

/// Looks again at the streams of a document that did not change itself.
fn replace(
    office: &Office,
    tx: &Tx<'_>,
    additions: &mut BTreeMap<StreamId, Addition>,
    doc: DocId,
    fallback: &[GridId],
) -> Result<bool, OfficeError> {
    let Some(register) = tx.register(doc)? else { return Ok(false) };
    let ring = office.ring(tx, [doc.uuid])?;
    let before: BTreeSet<StreamId> = tx.streams_of(doc)?.into_iter().collect();
    let now = streams::streams_of(tx, &View::new(&register, &ring), &before, fallback, AsOf::Now)?;
    if now == before {
        return Ok(false);
    }
    let digest = Digest::of(doc, &register.heads());
    let m = Move { doc, old_digest: Some(digest), new_digest: digest, changes: Vec::new(), fresh_key: false };
    place(additions, &m, &before, &now);
    Ok(true)
}

/// Looks again at the streams of these documents: after grids or buildings changed.
/// How many of them are seen by others than before.
pub fn restream(office: &Office, tx: &Tx<'_>, docs: impl IntoIterator<Item = DocId>) -> Result<u64, OfficeError> {
    let mut additions = BTreeMap::new();
    let mut moved = 0;
    for doc in docs {
        moved += u64::from(replace(office, tx, &mut additions, doc, &[])?);
    }
    write(tx, additions)?;
    Ok(moved)
}

fn write(tx: &Tx<'_>, additions: BTreeMap<StreamId, Addition>) -> Result<(), OfficeError> {
    for (stream, addition) in additions {
        let mut digest = tx.stream(&stream)?.digest;
        for d in addition.without {
            digest = digest.without(d);
        }
        for d in addition.with {
            digest = digest.with(d);
        }
        let first = tx.append(&stream, &addition.entries, digest)?;
        for doc in addition.leaves {
            tx.leave(&stream, doc)?;
        }
        for doc in addition.joins {
            let at =
                addition.entries.iter().position(|(kind, d, _)| *kind == EntryKind::Arrived && *d == doc).unwrap_or(0);
            tx.join(&stream, doc, first + u64::try_from(at).unwrap_or(0))?;
        }
    }
    Ok(())
}
