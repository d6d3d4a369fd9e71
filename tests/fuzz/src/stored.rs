//! What a damaged database could hand back: refused, or something that can be worked with.

use qiaomen_proto::change::{Author, Edit, Hlc, Path, Scalar, Stamp, TypedChange};
use qiaomen_proto::ids::{Actor, CommandId, DeviceId, DocId, Kind, Role, Subject, WorkerId};
use qiaomen_proto::merge::Register;

/// The first byte says the kind of the document; the rest is a change, or a register.
pub(crate) fn stored(bytes: &[u8]) {
    let Some((kind, row)) = bytes.split_first() else { return };
    let kind = Kind::ALL[usize::from(*kind) % Kind::ALL.len()];
    let doc = DocId::new(kind, Subject::from_bytes([1; 16]));
    change(doc, row);
    register(doc, row);
}

fn change(doc: DocId, row: &[u8]) {
    let Ok(change) = TypedChange::from_stored(doc, row) else { return };
    let again = TypedChange::from_stored(doc, &change.to_stored()).expect("what was written can be read");
    assert_eq!(again, change);
    let Ok(hash) = change.hash() else { return };
    let mut register = Register::genesis(doc);
    if register.fit(&change, &hash).is_ok() {
        register.apply(&change, hash);
        super::admission::shows_itself(&register);
    }
}

fn register(doc: DocId, row: &[u8]) {
    let Ok(mut register) = Register::from_stored(doc, row) else { return };
    super::admission::shows_itself(&register);
    // Work goes on from it: each of its authors, and somebody new, writes once more.
    let actors: Vec<Actor> = register.changes().iter().map(|change| change.actor).take(4).collect();
    for (n, actor) in (0u8..).zip(actors.into_iter().skip(1).chain([Actor([0xfe; 16])])) {
        let by = Author {
            worker: WorkerId::from_bytes([1; 16]),
            role: Role::GridWorker,
            device: DeviceId::from_bytes([1; 16]),
        };
        let stamp = Stamp { at: Hlc::default(), by, command: CommandId::from_bytes([n; 16]) };
        let edit = Edit { path: Path::new(0, "phone"), value: Scalar::Uint(u64::from(n)) };
        let change = register.make_change(actor, stamp, vec![edit]);
        let Ok(hash) = change.hash() else { return };
        if register.fit(&change, &hash).is_ok() {
            register.apply(&change, hash);
        }
    }
    super::admission::shows_itself(&register);
}
