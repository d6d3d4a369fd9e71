//! Whether a change may join a document, by story: each way not to fit.

use crate::world::{OFFICE, World};
use qiaomen_proto::change::typed::COUNTER_MAX;
use qiaomen_proto::change::{ChangeHash, Edit, Path, Scalar, TypedChange, TypedOp};
use qiaomen_proto::entity::genesis::{genesis_actor, genesis_hash};
use qiaomen_proto::entity::{resident, ticket};
use qiaomen_proto::ids::{Actor, DocId, Kind};
use qiaomen_proto::limits::{
    CHANGES_PER_DOCUMENT_MAX, DEPS_PER_CHANGE_MAX, KEY_BYTES_MAX, OPS_PER_CHANGE_MAX, PREDS_PER_OP_MAX, VALUE_BYTES_MAX,
};
use qiaomen_proto::merge::{Misfit, Register};
use uuid::Uuid;

const WANG: usize = 1;
const LI: usize = 2;

fn phone() -> Path {
    Path::new(resident::FIELDS, "phone")
}

/// What a register says of a change.
fn said(register: &Register, change: &TypedChange) -> Result<(), Misfit> {
    register.fit(change, &change.hash().unwrap_or(ChangeHash([9; 32])))
}

/// What Wang's register says of her next change, after something was done to it.
fn spoilt(spoil: impl FnOnce(&mut TypedChange)) -> Result<(), Misfit> {
    let mut world = World::new(Kind::Resident, 2);
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.settle();
    let stamp = world.stamp(WANG);
    let wang = &world.stores[WANG];
    let edits = vec![Edit { path: phone(), value: Scalar::Str("138".to_owned()) }];
    let mut change = wang.register.make_change(wang.actor, stamp, edits);
    assert_eq!(said(&wang.register, &change), Ok(()));
    spoil(&mut change);
    said(&wang.register, &change)
}

fn another(key: &str) -> TypedOp {
    let path = Path::new(resident::FIELDS, key);
    TypedOp { path, value: Scalar::Null, preds: Vec::new(), preds_implied: true }
}

#[test]
fn the_same_change_twice_is_a_duplicate() {
    let mut world = World::new(Kind::Resident, 1);
    let change = world.put(WANG, &phone(), "136");
    assert_eq!(said(&world.stores[WANG].register, &change), Err(Misfit::Duplicate));
}

#[test]
fn a_change_whose_base_is_not_here_waits_and_names_it() {
    let mut world = World::new(Kind::Resident, 1);
    let first = world.put(WANG, &phone(), "136");
    let second = world.put(WANG, &phone(), "137");
    let office = &world.stores[OFFICE].register;
    assert_eq!(said(office, &second), Err(Misfit::Missing(vec![first.hash().unwrap()])));
    assert_eq!(said(office, &first), Ok(()));
}

#[test]
fn a_gap_in_an_authors_count_waits_even_where_every_dependency_is_here() {
    assert_eq!(spoilt(|c| c.seq += 1), Err(Misfit::Missing(Vec::new())));
}

#[test]
fn a_cloned_phone_is_a_fork_at_the_first_count_that_both_used() {
    let mut world = World::new(Kind::Resident, 1);
    world.put(WANG, &phone(), "136");
    let mut clone = world.clone();
    let hers = world.put(WANG, &phone(), "137");
    let the_clones = clone.put(WANG, &phone(), "138");
    world.give(WANG, OFFICE);
    assert_eq!(said(&world.stores[OFFICE].register, &the_clones), Err(Misfit::Fork));
    clone.give(WANG, OFFICE);
    assert_eq!(said(&clone.stores[OFFICE].register, &hers), Err(Misfit::Fork));
    // Even where its later changes come first.
    let later = clone.put(WANG, &phone(), "139");
    assert_eq!(said(&world.stores[OFFICE].register, &later), Err(Misfit::Missing(vec![the_clones.hash().unwrap()])));
}

#[test]
fn an_author_builds_on_the_authors_own_last_change() {
    // A restored store: it has forgotten its last change, and counts on all the same.
    let restored = spoilt(|c| {
        c.deps = vec![genesis_hash(Kind::Resident)];
        c.start_op = 5;
        c.ops[0].preds.clear();
    });
    assert_eq!(restored, Err(Misfit::Malformed("does not build on its author's last change")));
}

#[test]
fn a_change_of_another_document_is_not_this_documents() {
    let elsewhere = DocId::new(Kind::Resident, Uuid::from_u128(77));
    assert_eq!(spoilt(|c| c.doc = elsewhere), Err(Misfit::Malformed("another document")));
}

#[test]
fn nobody_writes_as_the_genesis_and_nobody_counts_from_zero() {
    let genesis = genesis_actor(Kind::Resident);
    assert_eq!(spoilt(|c| (c.actor, c.seq) = (genesis, 2)), Err(Misfit::Malformed("author")));
    assert_eq!(spoilt(|c| (c.actor, c.seq) = (Actor([7; 16]), 0)), Err(Misfit::Malformed("author")));
}

#[test]
fn dependencies_are_named_once_in_order_and_none_that_another_implies() {
    assert_eq!(spoilt(|c| c.deps.clear()), Err(Misfit::Malformed("number of dependencies")));
    assert_eq!(spoilt(|c| c.deps.reverse()), Err(Misfit::Malformed("order of dependencies")));
    assert_eq!(spoilt(|c| c.deps[1] = c.deps[0]), Err(Misfit::Malformed("order of dependencies")));
    let with_genesis = spoilt(|c| {
        c.deps.push(genesis_hash(Kind::Resident));
        c.deps.sort_unstable();
    });
    assert_eq!(with_genesis, Err(Misfit::Malformed("a dependency that another implies")));
}

#[test]
fn the_first_operation_follows_the_last_of_its_base() {
    for start_op in [0, 1, 5, 7, u64::from(u32::MAX), COUNTER_MAX, u64::MAX] {
        assert_eq!(spoilt(|c| c.start_op = start_op), Err(Misfit::Malformed("first operation")), "{start_op}");
    }
}

#[test]
fn operations_have_containers_keys_and_values_that_can_travel() {
    assert_eq!(spoilt(|c| c.ops.clear()), Err(Misfit::Malformed("no operations")));
    assert_eq!(spoilt(|c| c.ops[0].path.container = 4), Err(Misfit::Beyond("container")));
    assert_eq!(spoilt(|c| c.ops[0].path.container = 255), Err(Misfit::Beyond("container")));
    assert_eq!(spoilt(|c| c.ops.push(c.ops[0].clone())), Err(Misfit::Malformed("one place twice")));
    assert_eq!(spoilt(|c| c.ops.push(another(""))), Err(Misfit::Malformed("key")));
    assert_eq!(spoilt(|c| c.ops.push(another(&"k".repeat(KEY_BYTES_MAX)))), Ok(()));
    assert_eq!(spoilt(|c| c.ops.push(another(&"k".repeat(KEY_BYTES_MAX + 1)))), Err(Misfit::Beyond("length of a key")));
    assert_eq!(spoilt(|c| c.ops[0].value = Scalar::Bytes(vec![0; VALUE_BYTES_MAX])), Ok(()));
    let large = Scalar::Bytes(vec![0; VALUE_BYTES_MAX + 1]);
    assert_eq!(spoilt(|c| c.ops[0].value = large), Err(Misfit::Beyond("length of a value")));
}

#[test]
fn a_change_has_as_many_operations_as_it_may_and_not_one_more() {
    let fill = |n: usize| move |c: &mut TypedChange| c.ops.extend((1..n).map(|i| another(&format!("k{i}"))));
    assert_eq!(spoilt(fill(OPS_PER_CHANGE_MAX)), Ok(()));
    assert_eq!(spoilt(fill(OPS_PER_CHANGE_MAX + 1)), Err(Misfit::Beyond("number of operations")));
}

#[test]
fn predecessors_are_in_order_and_visible_to_the_author() {
    assert_eq!(spoilt(|c| c.ops[0].preds.reverse()), Err(Misfit::Malformed("predecessors")));
    assert_eq!(spoilt(|c| c.ops[0].preds[1] = c.ops[0].preds[0]), Err(Misfit::Malformed("predecessors")));
    let unseen = Err(Misfit::Malformed("a predecessor that is not visible"));
    assert_eq!(spoilt(|c| c.ops[0].preds[1].counter += 1), unseen);
    // The value of another place, and the operation that made the container.
    assert_eq!(spoilt(|c| c.ops[0].path.key = "name".to_owned()), unseen);
    let preds = vec![qiaomen_proto::change::OpId { counter: 1, actor: genesis_actor(Kind::Resident) }];
    assert_eq!(spoilt(|c| c.ops[0].preds = preds), unseen);
    // Whoever names fewer than she saw would make a disagreement vanish piece by piece.
    let fewer = Err(Misfit::Malformed("a visible value that is not among the predecessors"));
    assert_eq!(spoilt(|c| c.ops[0].preds.truncate(1)), fewer);
}

#[test]
fn what_is_here_but_was_not_seen_cannot_be_replaced() {
    let mut world = World::new(Kind::Resident, 2);
    let hers = world.put(WANG, &phone(), "136");
    world.give(WANG, OFFICE);
    // Li has not seen Wang's value and claims to replace it.
    let mut his = world.put(LI, &phone(), "137");
    his.ops[0].preds = vec![hers.op_id(0)];
    let said = said(&world.stores[OFFICE].register, &his);
    assert_eq!(said, Err(Misfit::Malformed("a predecessor that is not visible")));
}

#[test]
fn a_record_is_added_once_and_nothing_takes_its_place() {
    let mut world = World::new(Kind::Ticket, 1);
    let report = world.add_record(WANG, ticket::EVENTS, vec![0xa0]);
    let stamp = world.stamp(WANG);
    let wang = &world.stores[WANG];
    let path = report.ops[0].path.clone();
    let edits = vec![Edit { path, value: Scalar::Bytes(Vec::new()) }];
    let mut again = wang.register.make_change(wang.actor, stamp, edits);
    let there = Err(Misfit::Malformed("a record that is there already"));
    assert_eq!(said(&wang.register, &again), there);
    again.ops[0].preds.clear();
    assert_eq!(said(&wang.register, &again), there);
}

#[test]
fn a_document_ends_where_its_number_of_changes_does() {
    let mut world = World::new(Kind::Resident, 1);
    let (doc, stamp) = (world.doc, world.stamp(WANG));
    let mut register = Register::genesis(doc);
    let next = |register: &Register| {
        let number = u64::try_from(register.changes().len()).unwrap();
        let (seq, start_op) = (number, number + 4);
        let ops = vec![another(&format!("k{number}"))];
        TypedChange { doc, actor: Actor([5; 16]), seq, start_op, deps: register.heads(), stamp, ops }
    };
    while register.changes().len() < CHANGES_PER_DOCUMENT_MAX - 1 {
        // Hashes of their own making: nothing here looks at them, and the real ones take their time.
        let hash = blake3::hash(&register.changes().len().to_be_bytes());
        register.apply(&next(&register), ChangeHash(*hash.as_bytes()));
    }
    let last = next(&register);
    assert_eq!(register.fit(&last, &ChangeHash([1; 32])), Ok(()));
    register.apply(&last, ChangeHash([1; 32]));
    let beyond = register.fit(&next(&register), &ChangeHash([2; 32]));
    assert_eq!(beyond, Err(Misfit::Beyond("number of changes of the document")));
}

#[test]
fn a_change_names_as_many_dependencies_as_it_may_and_not_one_more() {
    let many = |n: u8| (0..n).map(|i| ChangeHash([i; 32])).collect::<Vec<_>>();
    let max = u8::try_from(DEPS_PER_CHANGE_MAX).unwrap();
    assert_eq!(spoilt(|c| c.deps = many(max)), Err(Misfit::Missing(many(max))));
    assert_eq!(spoilt(|c| c.deps = many(max + 1)), Err(Misfit::Malformed("number of dependencies")));
}

#[test]
fn many_heads_are_taken_up_as_many_as_a_change_may_name_and_the_rest_next() {
    let phones = 2 * DEPS_PER_CHANGE_MAX + 3;
    let mut world = World::new(Kind::Resident, phones);
    for who in 1..=phones {
        world.put(who, &phone(), format!("{who}").as_str());
    }
    for who in 1..=phones {
        world.give(who, OFFICE);
    }
    // The last of them sees everything and writes on: first it takes up some heads, its own among them.
    world.give(OFFICE, phones);
    for left in [DEPS_PER_CHANGE_MAX + 4, 5, 1] {
        world.put(phones, &phone(), format!("left {left}").as_str());
        assert_eq!(world.stores[phones].register.heads().len(), left);
    }
    world.give(phones, OFFICE);
    assert_eq!(world.stores[OFFICE].register.visible(&phone()).len(), 1);
}

#[test]
fn a_change_names_as_many_predecessors_as_it_may_and_leaves_the_others_standing() {
    let mut world = World::new(Kind::Resident, PREDS_PER_OP_MAX + 2);
    for who in 1..=PREDS_PER_OP_MAX + 2 {
        world.put(who, &phone(), format!("{who}").as_str());
    }
    // One head, so that the change could name everything that is visible.
    for who in 1..=PREDS_PER_OP_MAX + 2 {
        world.give(who, OFFICE);
        world.put(OFFICE, &Path::new(resident::FIELDS, "sex"), format!("{who}").as_str());
    }
    assert_eq!(world.stores[OFFICE].register.visible(&phone()).len(), PREDS_PER_OP_MAX + 2);
    let change = world.put(OFFICE, &phone(), "new");
    assert_eq!(change.ops[0].preds.len(), PREDS_PER_OP_MAX);
    assert!(!change.ops[0].preds_implied);
    assert_eq!(world.stores[OFFICE].register.visible(&phone()).len(), 3);
    let mut longer = change.clone();
    longer.seq += 1;
    longer.deps = vec![change.hash().unwrap()];
    longer.start_op += 1;
    longer.ops[0].preds = (0..=PREDS_PER_OP_MAX).map(|i| change.op_id(i)).collect();
    assert_eq!(said(&world.stores[OFFICE].register, &longer), Err(Misfit::Malformed("predecessors")));
}
