//! One document: its changes, the register and the automerge document that they give, its conflicts.

use super::problem::{ProblemCode, Problems};
use crate::conflict::to_bytes;
use crate::office::Office;
use crate::store::Tx;
use qiaomen_proto::change::{OpId, Path, TypedChange};
use qiaomen_proto::ids::DocId;
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::conflict::conflicts;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::merge::document::{DocumentError, compare, materialise, save};
use std::collections::BTreeMap;

/// Checks a document. Its register, made again from the changes, unless those are damaged.
pub(super) fn check(office: &Office, tx: &Tx<'_>, doc: DocId, problems: &mut Problems) -> Option<Register> {
    let changes = match tx.changes(doc) {
        Ok(changes) => changes.into_iter().map(|(_, change)| change).collect::<Vec<_>>(),
        Err(_) => {
            problems.add(ProblemCode::ChangeUnreadable, doc);
            return None;
        }
    };
    let register = rebuild(tx, doc, &changes, problems);
    if let Some(register) = &register {
        check_stored(tx, register, problems);
        check_automerge(register, &changes, problems);
    }
    if office.ring(tx, [doc.uuid]).is_err() {
        problems.add(ProblemCode::KeyUnreadable, doc);
        return None;
    }
    register
}

/// The register that the changes give, taken in the order in which they were.
fn rebuild(tx: &Tx<'_>, doc: DocId, changes: &[TypedChange], problems: &mut Problems) -> Option<Register> {
    let stored = problems.sift(tx.change_stamps(doc))?;
    let mut register = Register::genesis(doc);
    for (change, (hash, command)) in changes.iter().zip(stored) {
        if change.hash().ok() != Some(hash) {
            problems.add(ProblemCode::ChangeHash, doc);
            return None;
        }
        if change.stamp.command != command {
            problems.add(ProblemCode::ChangeCommand, doc);
        }
        if register.fit(change, &hash).is_err() {
            problems.add(ProblemCode::ChangeMisfit, doc);
            return None;
        }
        register.apply(change, hash);
    }
    Some(register)
}

fn check_stored(tx: &Tx<'_>, register: &Register, problems: &mut Problems) {
    let doc = register.doc();
    match tx.register(doc) {
        Ok(Some(stored)) if said_by(&stored) == said_by(register) => {}
        Ok(_) => problems.add(ProblemCode::RegisterDiffers, doc),
        Err(_) => problems.add(ProblemCode::RegisterUnreadable, doc),
    }
    if tx.document_digest(doc).ok().flatten() != Some(Digest::of(doc, &register.heads())) {
        problems.add(ProblemCode::DocumentDigest, doc);
    }
}

/// All that a register says, in a form that does not depend on the order of arrival.
fn said_by(register: &Register) -> (Vec<String>, Vec<String>) {
    let stamp = |change: &qiaomen_proto::merge::register::ChangeRecord| {
        format!("{:?} {:?} {} {} {:?}", change.hash.0, change.actor, change.start_op, change.op_count, change.stamp)
    };
    let mut stamps: Vec<String> = register.changes().iter().map(stamp).collect();
    stamps.sort_unstable();
    (register.canonical(), stamps)
}

fn check_automerge(register: &Register, changes: &[TypedChange], problems: &mut Problems) {
    let doc = register.doc();
    let checked = materialise(doc, changes).and_then(|automerge| {
        compare(register, &automerge)?;
        save(doc, &automerge)
    });
    match checked {
        Ok(_) => {}
        Err(DocumentError::Differs { .. }) => problems.add(ProblemCode::DocumentDiffers, doc),
        Err(_) => problems.add(ProblemCode::DocumentRefused, doc),
    }
}

/// The conflicts that are listed as open.
pub(super) struct OpenConflicts(BTreeMap<(DocId, Path), Vec<u8>>);

impl OpenConflicts {
    pub(super) fn read(tx: &Tx<'_>, problems: &mut Problems) -> Self {
        let rows = problems.sift(tx.conflicts(Some("open"))).unwrap_or_default();
        Self(rows.into_iter().map(|row| ((row.doc, row.path), row.candidates)).collect())
    }

    /// Holds those of one document against what its register says.
    pub(super) fn check(&mut self, office: &Office, tx: &Tx<'_>, register: &Register, problems: &mut Problems) {
        // That the keys open has been checked.
        let Ok(ring) = office.ring(tx, [register.doc().uuid]) else { return };
        for conflict in conflicts(register, &ring) {
            let ops: Vec<OpId> = conflict.reading.candidates.iter().map(|c| c.op).collect();
            match self.0.remove(&(conflict.doc, conflict.path)) {
                None => problems.add(ProblemCode::ConflictMissing, conflict.doc),
                Some(seen) if seen != to_bytes(&ops) => problems.add(ProblemCode::ConflictDiffers, conflict.doc),
                Some(_) => {}
            }
        }
    }

    /// Leaves out those of a document that cannot be looked at.
    pub(super) fn leave(&mut self, doc: DocId) {
        self.0.retain(|(of, _), _| *of != doc);
    }

    /// Those that no document has.
    pub(super) fn left_over(self, problems: &mut Problems) {
        for (doc, _) in self.0.into_keys() {
            problems.add(ProblemCode::ConflictExtra, doc);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_proto::change::{Author, Edit, Hlc, Scalar, Stamp};
    use qiaomen_proto::ids::{Actor, CommandId, DeviceId, Kind, Role, WorkerId};
    use uuid::Uuid;

    /// A door, and a change of it that says how it is lived in.
    fn a_door(said: &str) -> (Register, TypedChange) {
        let mut register = Register::genesis(DocId::new(Kind::Household, Uuid::nil()));
        let nobody = Author { worker: WorkerId(Uuid::nil()), role: Role::Office, device: DeviceId(Uuid::nil()) };
        let stamp = Stamp { at: Hlc::default(), by: nobody, command: CommandId(Uuid::nil()) };
        let edit = Edit { path: Path::new(0, "use"), value: Scalar::Str(said.to_owned()) };
        let change = register.make_change(Actor([1; 16]), stamp, vec![edit]);
        register.apply(&change, change.hash().unwrap());
        (register, change)
    }

    fn found(register: &Register, changes: &[TypedChange]) -> Vec<ProblemCode> {
        let mut problems = Problems::default();
        check_automerge(register, changes, &mut problems);
        problems.into_list().into_iter().map(|problem| problem.code).collect()
    }

    // No damage to the database alone leads here: register and document are made from the same changes.
    // What leads here is a fault in one of the two ways of making them.
    #[test]
    fn a_document_that_shows_something_else_than_the_register_is_found() {
        let ((register, change), (_, other)) = (a_door("自住"), a_door("空置"));
        assert_eq!(found(&register, &[change]), []);
        assert_eq!(found(&register, &[other]), [ProblemCode::DocumentDiffers]);
        assert_eq!(found(&register, &[]), [ProblemCode::DocumentDiffers]);
    }

    #[test]
    fn a_change_that_automerge_cannot_take_is_found() {
        let (register, mut change) = a_door("自住");
        change.ops.clear();
        assert_eq!(found(&register, &[change]), [ProblemCode::DocumentRefused]);
    }
}
