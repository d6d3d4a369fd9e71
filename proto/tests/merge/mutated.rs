//! Whatever passes the gate joins the document without harm: honest changes, changed at random.

use crate::world::acts::world;
use crate::world::picture::picture;
use crate::world::{Dice, Store, World};
use automerge::Automerge;
use proptest::prelude::*;
use qiaomen_proto::change::{ChangeHash, Edit, OpId, Path, Scalar, TypedChange, TypedOp};
use qiaomen_proto::entity::genesis::{genesis_actor, genesis_hash};
use qiaomen_proto::ids::Actor;
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::document::{compare, materialise, save};
use std::panic::{AssertUnwindSafe, catch_unwind};

const MUTATIONS_PER_WORLD: usize = 64;

fn number(dice: &mut Dice, near: u64) -> u64 {
    match dice.below(10) {
        0 => 0,
        1 => 1,
        2 => near.wrapping_sub(1),
        3 => near.saturating_add(1),
        4 => u64::MAX,
        5 => u64::from(u32::MAX) + dice.roll() % 3,
        6 => (1 << 40) - 1 + dice.roll() % 3,
        7 => i64::MAX.unsigned_abs(),
        8 => dice.roll(),
        _ => dice.roll() % 64,
    }
}

fn actor(dice: &mut Dice, store: &Store) -> Actor {
    match dice.below(4) {
        0 => genesis_actor(store.register.doc().kind),
        1 => Actor([u8::try_from(dice.below(256)).unwrap(); 16]),
        _ => store.register.changes()[dice.below(store.register.changes().len())].actor,
    }
}

fn hash(dice: &mut Dice, store: &Store) -> ChangeHash {
    match dice.below(5) {
        0 => genesis_hash(store.register.doc().kind),
        1 => ChangeHash([u8::try_from(dice.below(256)).unwrap(); 32]),
        _ => store.register.changes()[dice.below(store.register.changes().len())].hash,
    }
}

fn value(dice: &mut Dice) -> Scalar {
    match dice.below(8) {
        0 => Scalar::Null,
        1 => Scalar::Int(dice.roll().cast_signed()),
        2 => Scalar::Int(i64::MIN),
        3 => Scalar::Uint(u64::MAX),
        4 => Scalar::Str("\0\u{feff}𠮷".repeat(dice.below(4))),
        5 => Scalar::Bytes(vec![0xff; dice.below(300)]),
        6 => Scalar::Bool(dice.below(2) == 0),
        _ => Scalar::Str(String::new()),
    }
}

fn path(dice: &mut Dice, store: &Store) -> Path {
    let known: Vec<&Path> = store.register.paths().collect();
    let mut path = match dice.below(3) {
        0 => Path::new(u8::try_from(dice.below(9)).unwrap(), ["", "a", "fields", "\0", "ключ", "."][dice.below(6)]),
        _ if known.is_empty() => Path::new(0, "phone"),
        _ => known[dice.below(known.len())].clone(),
    };
    if dice.below(4) == 0 {
        path.container = u8::try_from(dice.below(256)).unwrap();
    }
    path
}

fn op_id(dice: &mut Dice, store: &Store) -> OpId {
    let paths: Vec<&Path> = store.register.paths().collect();
    if dice.below(2) == 0 && !paths.is_empty() {
        let history = store.register.history(paths[dice.below(paths.len())]);
        return history[dice.below(history.len())].id;
    }
    OpId { counter: number(dice, 8), actor: actor(dice, store) }
}

/// Changes one or a few things of a change.
fn mutate(change: &mut TypedChange, dice: &mut Dice, store: &Store) {
    for _ in 0..=dice.below(2) {
        let at = dice.below(change.ops.len());
        match dice.below(16) {
            0 => change.seq = number(dice, change.seq),
            1 => change.start_op = number(dice, change.start_op),
            2 => change.actor = actor(dice, store),
            3 => change.deps.push(hash(dice, store)),
            4 => drop(change.deps.pop()),
            5 => change.deps = vec![hash(dice, store)],
            6 => {
                change.deps.push(hash(dice, store));
                change.deps.sort_unstable();
            }
            7 => change.stamp.at.wall_ms = number(dice, change.stamp.at.wall_ms),
            8 => change.ops.push(TypedOp {
                path: path(dice, store),
                value: value(dice),
                preds: Vec::new(),
                preds_implied: false,
            }),
            9 if change.ops.len() > 1 => drop(change.ops.remove(at)),
            _ if change.ops.is_empty() => {}
            10 => change.ops[at].value = value(dice),
            11 => change.ops[at].path = path(dice, store),
            12 => change.ops[at].preds.push(op_id(dice, store)),
            13 => drop(change.ops[at].preds.pop()),
            14 => {
                change.ops[at].preds.push(op_id(dice, store));
                change.ops[at].preds.sort_unstable();
                change.ops[at].preds.dedup();
            }
            _ => dice.shuffle(&mut change.ops),
        }
    }
}

/// An honest next change of this store.
fn honest(world: &mut World, who: usize, dice: &mut Dice) -> TypedChange {
    let places = crate::world::acts::places(world.doc.kind);
    let edits = (0..=dice.below(3))
        .map(|_| Edit { path: places[dice.below(places.len())].clone(), value: value(dice) })
        .collect();
    let stamp = world.stamp(who);
    let store = &world.stores[who];
    store.register.make_change(store.actor, stamp, edits)
}

/// The store and its document after one more change, if it fits.
fn joins(store: &Store, change: &TypedChange) -> Option<(Store, Automerge)> {
    let hash = change.hash().ok()?;
    store.register.fit(change, &hash).ok()?;
    let mut after = store.clone();
    after.register.apply(change, hash);
    after.changes.push(change.clone());
    let automerge = materialise(store.register.doc(), &after.changes).expect("automerge takes what fits");
    compare(&after.register, &automerge).expect("register and document agree after what fits");
    Some((after, automerge))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_change_that_fits_does_no_harm_and_one_that_does_not_is_only_refused(mut world in world(4..30), seed: u64) {
        let mut dice = Dice(seed);
        for _ in 0..MUTATIONS_PER_WORLD {
            let who = dice.below(world.stores.len());
            let mut change = if dice.below(3) > 0 || world.stores[who].changes.is_empty() {
                honest(&mut world, who, &mut dice)
            } else {
                // One that is there already, to be told otherwise.
                let changes = &world.stores[who].changes;
                changes[dice.below(changes.len())].clone()
            };
            mutate(&mut change, &mut dice, &world.stores[who]);
            let to = dice.below(world.stores.len());
            let outcome = catch_unwind(AssertUnwindSafe(|| joins(&world.stores[to], &change)));
            let Ok(joined) = outcome else {
                return Err(TestCaseError::fail(format!("a panic over {change:#?}")));
            };
            if let Some((mut after, automerge)) = joined {
                // Not poisoned: it saves, loads again, is read, and honest people write on.
                save(world.doc, &automerge).unwrap();
                let kept = Register::from_stored(world.doc, &after.register.to_stored()).unwrap();
                prop_assert_eq!(picture(&kept), picture(&after.register));
                let stamp = world.stamp(to);
                let paths: Vec<Path> = after.register.paths().filter(|p| !p.key.is_empty()).cloned().collect();
                let path = &paths[dice.below(paths.len())];
                let edits = vec![Edit { path: path.clone(), value: Scalar::Null }];
                let next = after.register.make_change(Actor([0xee; 16]), stamp, edits);
                if let Some((next, automerge)) = joins(&after, &next) {
                    save(world.doc, &automerge).unwrap();
                    after = next;
                }
                // Now and then the world goes on with it.
                if dice.below(4) == 0 && change.actor != world.stores[to].actor {
                    after.changes.truncate(world.stores[to].changes.len() + 1);
                    let hash = change.hash().unwrap();
                    world.stores[to].add(change, hash);
                }
            }
        }
    }
}
