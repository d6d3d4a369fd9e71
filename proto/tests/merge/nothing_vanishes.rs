//! Never does a value vanish. Three stores write, decide, undo and exchange at random; after every step
//! each value ever written at the place is a candidate now, or was corrected by somebody who had it
//! before the eyes and nothing different beside it, or is among what a decision in force had seen.

use crate::people::{LI, WANG, against, holds, phone, sees_with};
use crate::world::acts::{part, value_at};
use crate::world::{OFFICE, World, ring};
use proptest::prelude::*;
use qiaomen_proto::change::{OpId, Scalar};
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::Why;
use qiaomen_proto::merge::decision::{Decisions, decide, undo};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
enum Act {
    Put { who: usize, value: usize },
    Decide { take: usize, blind_to: usize },
    Undo { decision: usize },
    Exchange { from: usize, to: usize, seed: u64 },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (OFFICE..=LI, 0usize..12).prop_map(|(who, value)| Act::Put { who, value }),
        2 => (0usize..4, 0usize..8).prop_map(|(take, blind_to)| Act::Decide { take, blind_to }),
        1 => (0usize..4).prop_map(|decision| Act::Undo { decision }),
        5 => (OFFICE..=LI, OFFICE..=LI, any::<u64>()).prop_map(|(from, to, seed)| Act::Exchange { from, to, seed }),
    ]
}

/// What each author had before the eyes when writing: value by operation. All have so many keys.
#[derive(Default)]
struct Seen(BTreeMap<OpId, BTreeMap<OpId, Scalar>>, usize);

fn before_the_eyes(world: &World, seen: &Seen, who: usize) -> BTreeMap<OpId, Scalar> {
    if world.stores[who].register.history(&phone()).is_empty() {
        return BTreeMap::new();
    }
    sees_with(world, who, &phone(), seen.1).candidates.into_iter().map(|c| (c.op, c.value)).collect()
}

/// What a value says to somebody with these keys.
fn told(world: &World, keys: usize, value: &Scalar) -> Result<Vec<u8>, Scalar> {
    let sealed = value.as_bytes().ok_or_else(|| value.clone())?;
    ring(world.doc, keys).open(&world.doc.uuid, "phone", sealed).map_err(|_| value.clone())
}

fn happen(world: &mut World, seen: &mut Seen, act: &Act) {
    match act {
        Act::Put { who, value: v } => {
            let eyes = before_the_eyes(world, seen, *who);
            let change = world.put(*who, &phone(), value_at(world.doc, &phone(), *v));
            seen.0.insert(change.op_id(0), eyes);
        }
        Act::Decide { take, blind_to } => {
            let mut ops: Vec<OpId> = before_the_eyes(world, seen, OFFICE).into_keys().collect();
            if ops.is_empty() {
                return;
            }
            // Now and then something had arrived since the page was shown.
            if *blind_to < ops.len() && ops.len() > 1 {
                ops.remove(*blind_to);
            }
            let chosen: Vec<OpId> = ops.get(*take).copied().into_iter().collect();
            let edits =
                decide(&world.stores[OFFICE].register, &phone(), &ops, &chosen, value_at(world.doc, &phone(), *take));
            world.write(OFFICE, edits);
        }
        Act::Undo { decision } => {
            let register = &world.stores[OFFICE].register;
            let decisions = Decisions::read(register);
            let in_force: Vec<_> = decisions.all().iter().filter(|d| d.in_force).collect();
            if !in_force.is_empty() {
                let edits = undo(register, in_force[decision % in_force.len()]);
                world.write(OFFICE, edits);
            }
        }
        Act::Exchange { from, to, seed } => {
            let changes = part(&world.stores[*from].changes, *seed);
            world.stores[*to].take(changes);
        }
    }
}

fn check(world: &World, seen: &Seen, who: usize) {
    let register = &world.stores[who].register;
    let history = register.history(&phone());
    if history.is_empty() {
        return;
    }
    let decisions = Decisions::read(register);
    let reading = sees_with(world, who, &phone(), seen.1);
    let standing: BTreeSet<OpId> = reading.candidates.iter().map(|c| c.op).collect();
    for op in history {
        let decision = decisions.of_op(&op.id);
        if decision.is_some_and(|d| !d.in_force) {
            assert!(!standing.contains(&op.id), "what was decided and undone does not stand");
            continue;
        }
        let corrected = history.iter().any(|later| {
            let Some(eyes) = seen.0.get(&later.id) else { return false };
            let alone = later.preds.iter().all(|p| {
                history.iter().all(|o| o.id != *p || told(world, seen.1, &o.value) == told(world, seen.1, &op.value))
            });
            if !later.preds.contains(&op.id) || !alone {
                return false;
            }
            assert!(eyes.contains_key(&op.id), "nobody corrects what was not before the eyes");
            true
        });
        let settled = decisions.all().iter().any(|d| d.in_force && d.seen.contains(&op.id));
        assert_eq!(standing.contains(&op.id), !corrected && !settled, "{op:?} in\n{history:#?}\n{reading:#?}");
    }
    // While a decision stands, it holds.
    let decided = reading.candidates.iter().any(|c| c.decided);
    assert_eq!(decided, reading.why == Why::Decided);
    assert!(!reading.holds.is_empty() && !against(&reading).is_empty() && !holds(&reading).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_is_a_candidate_or_was_corrected_or_is_settled(
        keys in prop::sample::select(vec![0usize, 2]),
        acts in prop::collection::vec(act(), 1..40),
    ) {
        let (mut world, mut seen) = (World::new(Kind::Resident, 2), Seen(BTreeMap::new(), keys));
        for act in &acts {
            happen(&mut world, &mut seen, act);
            (OFFICE..=LI).for_each(|who| check(&world, &seen, who));
        }
        world.settle();
        check(&world, &seen, OFFICE);
        if !world.stores[OFFICE].changes.is_empty() {
            let office = sees_with(&world, OFFICE, &phone(), keys);
            prop_assert_eq!(&sees_with(&world, WANG, &phone(), keys), &office);
            prop_assert_eq!(&sees_with(&world, LI, &phone(), keys), &office);
        }
    }
}
