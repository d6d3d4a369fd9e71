//! Phones and office have the same: documents, registers, provisional values, conflicts, rows, digests;
//! and each phone has exactly its scope, keys with it.

use crate::simulation::phone::Condition;
use crate::simulation::world::{Stuck, World};
use qiaomen_client::Device;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind};
use qiaomen_server::ingest::admit::Grant;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::store::Tx;
use std::collections::BTreeSet;

pub(super) fn check(world: &mut World, findings: &mut Vec<String>) -> Result<(), Stuck> {
    let office = world.bureau.office()?;
    for phone in world.phones.iter().filter(|p| p.condition == Condition::Alive) {
        let Some(device) = phone.device() else { continue };
        let Some((id, worker)) = phone.identity() else { continue };
        if world.revoked.contains(&id) {
            findings.push(format!("phone {}: revoked, and not wiped", phone.number));
            continue;
        }
        let mut say = |what: String| findings.push(format!("phone {}: {what}", phone.number));
        let found = office.store().read(|tx| -> Result<Vec<String>, OfficeError> {
            let Some(row) = tx.device(id)? else { return Ok(vec!["the office does not know it".to_owned()]) };
            let grant = Grant::at(tx, worker, row.role, office.now_ms())?;
            let mut scope: BTreeSet<DocId> = BTreeSet::new();
            for stream in &grant.streams {
                scope.extend(tx.members(stream, 0, usize::MAX)?.into_iter().map(|m| m.doc));
            }
            compare(&office, tx, device, &scope)
        })?;
        found.into_iter().for_each(&mut say);
        match device.status() {
            Ok(status) if !status.complete => say(format!("does not say complete: {:?}", status.streams)),
            Ok(status) if status.streams.iter().any(|s| !s.equal) => say("digests differ".to_owned()),
            Ok(_) => {}
            Err(e) => say(format!("has no status: {e}")),
        }
    }
    Ok(())
}

fn compare(office: &Office, tx: &Tx<'_>, device: &Device, scope: &BTreeSet<DocId>) -> Result<Vec<String>, OfficeError> {
    let mut wrong = Vec::new();
    let here: BTreeSet<DocId> = device.documents().unwrap_or_default().into_iter().collect();
    for doc in scope.difference(&here) {
        wrong.push(format!("lacks {doc}, which is in its scope"));
    }
    for doc in here.difference(scope) {
        wrong.push(format!("has {doc}, which is not in its scope"));
    }
    let known: BTreeSet<_> = scope.iter().map(|d| d.uuid).chain(tx.workers()?.iter().map(|w| w.id.0)).collect();
    for subject in device.subjects().unwrap_or_default() {
        if !known.contains(&subject) {
            wrong.push(format!("has a key of {subject}, which is not in its scope"));
        }
    }
    let lines = device.doors(&Default::default()).unwrap_or_default();
    for doc in scope.intersection(&here) {
        let (Ok(mine), Some(theirs)) = (device.register(*doc), tx.register(*doc)?) else {
            wrong.push(format!("{doc} cannot be read"));
            continue;
        };
        if mine.canonical() != theirs.canonical() {
            wrong.push(format!("the registers of {doc} differ"));
            continue;
        }
        let (ring, own) = (office.ring(tx, [doc.uuid])?, device.ring(doc.uuid).unwrap_or_default());
        if !ring.keys_of(&doc.uuid).all(|(key, _)| own.contains(&doc.uuid, key)) {
            wrong.push(format!("lacks a key of {doc}"));
        }
        let (theirs, mine) = (View::new(&theirs, &ring), View::new(&mine, &own));
        for path in theirs.register().paths() {
            if theirs.at(path) != mine.at(path) {
                wrong.push(format!("{doc} shows another value at {path:?}"));
            }
        }
        if doc.kind == Kind::Ticket && theirs.ticket_state() != mine.ticket_state() {
            wrong.push(format!("{doc} stands otherwise"));
        }
        if doc.kind == Kind::Household {
            let line = lines.iter().find(|l| l.household == doc.uuid.to_string());
            let row = line.map(|l| (l.occupied_as.clone(), l.refusal, usize::try_from(l.conflicts).unwrap_or(0)));
            let truth = (
                theirs.field("use").map(|f| f.shown.text().map(str::to_owned)),
                theirs.door_refusal().is_some(),
                theirs.conflict_count(),
            );
            let same = row.as_ref().is_some_and(|(used, refusal, conflicts)| {
                (*refusal, *conflicts) == (truth.1, truth.2)
                    && truth.0.as_ref().is_none_or(|text| text.is_none() || *text == *used)
            });
            if !same {
                wrong.push(format!("the row of {doc} is {row:?} and ought to be {truth:?}"));
            }
        }
    }
    Ok(wrong)
}
