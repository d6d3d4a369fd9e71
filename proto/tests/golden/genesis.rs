//! The first change of each kind: its bytes and its hash are the same everywhere and for ever.

use crate::{hex, is_as_in};
use automerge::{Automerge, ObjType, ROOT, ReadDoc, Value};
use qiaomen_proto::change::OpId;
use qiaomen_proto::entity::genesis::{container_op, genesis_actor, genesis_change, genesis_hash, genesis_op_count};
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::ids::Kind;
use std::fmt::Write as _;

#[test]
fn the_genesis_of_each_kind_is_the_one_that_was_published() {
    let mut now = String::from("# kind, hash, bytes\n");
    for kind in Kind::ALL {
        let mut change = genesis_change(kind);
        assert_eq!(change.hash().0, genesis_hash(kind).0);
        writeln!(now, "{} {} {}", kind.name(), hex(&genesis_hash(kind).0), hex(change.bytes().as_ref())).unwrap();
    }
    is_as_in("proto/tests/golden/genesis.txt", &now);
}

#[test]
fn any_reader_finds_the_containers_in_the_root_and_nothing_else() {
    for kind in Kind::ALL {
        let mut document = Automerge::new();
        document.apply_changes([genesis_change(kind)]).unwrap();
        let mut names: Vec<&str> = kind_spec(kind).containers.iter().map(|c| c.name).collect();
        names.sort_unstable();
        assert_eq!(document.keys(ROOT).collect::<Vec<_>>(), names);
        for (index, container) in (0u8..).zip(kind_spec(kind).containers) {
            let (value, id) = document.get(ROOT, container.name).unwrap().unwrap();
            assert_eq!(value, Value::Object(ObjType::Map));
            assert_eq!(document.length(&id), 0);
            let op = container_op(kind, index).unwrap();
            assert_eq!(op, OpId { counter: u64::from(index) + 1, actor: genesis_actor(kind) });
            assert_eq!(id.to_string(), format!("{}@{}", op.counter, hex(&op.actor.0)), "where edits put their values");
        }
        let count = u8::try_from(genesis_op_count(kind)).unwrap();
        assert_eq!(container_op(kind, count), None);
    }
}

#[test]
fn no_two_kinds_share_a_genesis_or_its_author() {
    let hashes: std::collections::BTreeSet<_> = Kind::ALL.map(genesis_hash).into();
    let actors: std::collections::BTreeSet<_> = Kind::ALL.map(genesis_actor).into();
    assert_eq!((hashes.len(), actors.len()), (4, 4));
}
