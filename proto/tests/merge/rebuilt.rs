//! The rebuilt change is automerge's own, byte for byte: a document in which automerge's own
//! transactions put the same values has the same hashes.

use crate::world::World;
use crate::world::acts::{act, places, value_at};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ROOT, ReadDoc, ScalarValue};
use proptest::prelude::*;
use qiaomen_proto::change::{Edit, Scalar, TypedChange};
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::Misfit;
use qiaomen_proto::merge::document::materialise;

fn automerge_scalar(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Bool(b) => ScalarValue::Boolean(*b),
        Scalar::Uint(n) => ScalarValue::Uint(*n),
        Scalar::Int(n) => ScalarValue::Int(*n),
        Scalar::Str(s) => ScalarValue::Str(s.as_str().into()),
        Scalar::Bytes(b) => ScalarValue::Bytes(b.clone()),
    }
}

/// The hash of the change that automerge's own transaction makes of the same puts.
fn transacted(document: &mut Automerge, change: &TypedChange) -> [u8; 32] {
    document.set_actor(ActorId::from(change.actor.0));
    let containers = kind_spec(change.doc.kind).containers;
    let mut tx = document.transaction();
    for op in &change.ops {
        let name = containers[usize::from(op.path.container)].name;
        let (_, container) = tx.get(ROOT, name).unwrap().unwrap();
        tx.put(&container, op.path.key.as_str(), automerge_scalar(&op.value)).unwrap();
    }
    let seconds = i64::try_from(change.stamp.at.wall_ms / 1000).unwrap();
    let (hash, _) = tx.commit_with(CommitOptions::default().with_message(change.stamp.to_text()).with_time(seconds));
    hash.unwrap().0
}

/// Somebody writes; automerge, with the same history, makes the same change.
///
/// One thing is known to differ: where the author's own last change is no head any more, because
/// somebody has built on it, automerge names it as a dependency all the same. We name heads only,
/// which cover it; `fit` refuses the longer list as a second hash of the same change.
fn writes_as_automerge_does(world: &mut World, who: usize, wanted: &[(usize, usize)]) {
    let before = world.stores[who].clone();
    let mut document = materialise(world.doc, &before.changes).unwrap();
    let edits = effective(world, who, wanted);
    if edits.is_empty() {
        return;
    }
    let change = world.write(who, edits);
    let theirs = transacted(&mut document, &change);
    let own_last = before.register.changes().iter().rfind(|c| c.actor == change.actor).map(|c| c.hash);
    match own_last.filter(|own| !change.deps.contains(own)) {
        None => assert_eq!(theirs, change.hash().unwrap().0),
        Some(own_last) => {
            let mut longer = change.clone();
            longer.deps.push(own_last);
            let same = |c: &TypedChange| c.hash().unwrap().0 == theirs;
            let unsorted = same(&longer);
            longer.deps.sort_unstable();
            assert!(unsorted || same(&longer), "nothing but the one dependency differs");
            let refused = before.register.fit(&longer, &longer.hash().unwrap());
            assert_eq!(refused, Err(Misfit::Malformed("a dependency that another implies")));
        }
    }
}

/// The edits that change something: automerge makes no operation of a value that stands there already.
fn effective(world: &World, who: usize, wanted: &[(usize, usize)]) -> Vec<Edit> {
    let places = places(world.doc.kind);
    let register = &world.stores[who].register;
    let mut edits: Vec<Edit> = Vec::new();
    for (place, v) in wanted {
        let path = places[place % places.len()].clone();
        let value = value_at(world.doc, &path, *v);
        edits.retain(|e| e.path != path);
        if register.visible(&path).iter().all(|op| op.value != value) {
            edits.push(Edit { path, value });
        }
    }
    edits
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_is_the_change_that_automerge_makes_of_it(
        kind in prop::sample::select(Kind::ALL.to_vec()),
        phones in 1usize..4,
        steps in prop::collection::vec(
            (act(), 0usize..4, prop::collection::vec((0usize..64, 0usize..12), 1..6)),
            1..16,
        ),
    ) {
        let mut world = World::new(kind, phones);
        for (act, who, wanted) in &steps {
            world.happen(act);
            writes_as_automerge_does(&mut world, who % (phones + 1), wanted);
        }
    }
}
