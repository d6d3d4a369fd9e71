//! Any order, any number, any part: one document, and automerge's is the same.

use crate::world::acts::{act, part, world};
use crate::world::picture::picture;
use crate::world::{Dice, OFFICE, Store, World};
use proptest::prelude::*;
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::document::{compare, materialise, save};
use std::collections::BTreeSet;

/// The document made from the changes of a store says what its register says, change by change.
fn agrees(store: &Store) {
    let doc = store.register.doc();
    let automerge = materialise(doc, &store.changes).unwrap();
    compare(&store.register, &automerge).unwrap();
    let theirs: BTreeSet<[u8; 32]> = automerge.get_changes(&[]).iter().map(|c| c.hash().0).collect();
    let ours: BTreeSet<[u8; 32]> = store.register.changes().iter().map(|c| c.hash.0).collect();
    assert_eq!(theirs, ours, "the hashes that automerge reports are ours");
}

fn hashes(store: &Store) -> BTreeSet<[u8; 32]> {
    store.register.changes().iter().map(|c| c.hash.0).collect()
}

/// Stores that hold the same changes show the same.
fn equals_show_the_same(world: &World) {
    for (i, a) in world.stores.iter().enumerate() {
        for b in &world.stores[..i] {
            if hashes(a) == hashes(b) {
                assert_eq!(picture(&a.register), picture(&b.register));
            }
        }
    }
}

fn empty(store: &Store) -> Store {
    Store { register: Register::genesis(store.register.doc()), changes: Vec::new(), ..store.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_every_step_register_and_document_agree_and_equal_stores_show_the_same(
        kind in prop::sample::select(Kind::ALL.to_vec()),
        phones in 1usize..4,
        acts in prop::collection::vec(act(), 1..40),
    ) {
        let mut world = World::new(kind, phones);
        for act in &acts {
            world.happen(act);
            world.stores.iter().for_each(agrees);
            equals_show_the_same(&world);
        }
        world.settle();
        let shown = picture(&world.stores[OFFICE].register);
        for store in &world.stores {
            agrees(store);
            prop_assert_eq!(&picture(&store.register), &shown);
        }
        save(world.doc, &materialise(world.doc, &world.stores[OFFICE].changes).unwrap()).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_arrival_gives_one_document(mut world in world(5..60), seeds: [u64; 3]) {
        world.settle();
        let office = &world.stores[OFFICE];
        let shown = picture(&office.register);
        for seed in seeds {
            let mut arrived = empty(office);
            let mut changes = [office.changes.clone(), part(&office.changes, seed)].concat();
            Dice(seed).shuffle(&mut changes);
            prop_assert!(arrived.take(changes).is_empty());
            prop_assert_eq!(&picture(&arrived.register), &shown);
            agrees(&arrived);
        }
    }

    #[test]
    fn what_comes_in_pieces_waits_for_what_it_builds_on(mut world in world(5..60), seed: u64) {
        world.settle();
        let office = &world.stores[OFFICE];
        let mut arrived = empty(office);
        let mut dice = Dice(seed);
        let mut waiting = Vec::new();
        let mut changes = office.changes.clone();
        dice.shuffle(&mut changes);
        for piece in changes.chunks(3) {
            waiting.extend_from_slice(piece);
            waiting = arrived.take(waiting);
            // Whatever has arrived hangs together.
            agrees(&arrived);
        }
        prop_assert!(waiting.is_empty());
        prop_assert_eq!(picture(&arrived.register), picture(&office.register));
    }
}
