//! Everything that a store shows of a document, as text: two stores that hold the same changes show
//! the same picture, in whatever order the changes came.

use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::conflict::conflicts;
use qiaomen_proto::merge::decision::Decisions;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::merge::reading::read;

pub(crate) fn picture(register: &Register) -> Vec<String> {
    let mut lines = register.canonical();
    lines.push(format!("heads {:?}", register.heads()));
    lines.push(format!("digest {}", Digest::of(register.doc(), &register.heads())));
    let decisions = Decisions::read(register);
    for d in decisions.all() {
        // Not the index of its change: that is the order of arrival.
        let parts = (&d.key, d.number, &d.path, &d.seen, &d.chosen, d.in_force, d.put);
        lines.push(format!("decision {parts:?}"));
    }
    for path in register.paths() {
        if let Some(field) = kind_spec(register.doc().kind).field(path) {
            lines.push(format!("reading {path:?} {:?}", read(register, path, field, &decisions)));
        }
    }
    for conflict in conflicts(register) {
        lines.push(format!("conflict {conflict:?}"));
    }
    lines
}
