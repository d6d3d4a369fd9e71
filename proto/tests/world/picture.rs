//! Everything that a store shows of a document, as text: two stores that hold the same changes show
//! the same picture, in whatever order the changes came.

use super::{TABLE_OF_TOMORROW, ring};
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::entity::policy::PolicyTable;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::decision::Decisions;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::merge::reading::Reader;

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
    // To somebody without keys, with one, with all; by today's table and by another.
    for (keys, table) in
        [(0, PolicyTable::TODAY), (1, PolicyTable::TODAY), (2, PolicyTable::TODAY), (2, TABLE_OF_TOMORROW)]
    {
        let ring = ring(register.doc(), keys);
        let reader = Reader::under(register, &ring, table);
        for path in register.paths() {
            lines.push(format!("reading {keys} {} {path:?} {:?}", table.version, reader.at(path)));
        }
        for conflict in reader.conflicts() {
            lines.push(format!("conflict {keys} {} {conflict:?}", table.version));
        }
    }
    let none = ring(register.doc(), 0);
    let view = View::new(register, &none);
    for (container, spec) in (0u8..).zip(kind_spec(register.doc().kind).containers) {
        lines.push(format!("records {} {:?}", spec.name, view.records(container)));
    }
    lines.push(format!("refusal {:?}", view.door_refusal()));
    lines.push(format!("matter {:?}", view.ticket_state()));
    lines
}
