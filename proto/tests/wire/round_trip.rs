//! What was rebuilt is what was meant, whatever else the receiver knows.

use crate::town::{Arrived, Store, docs, sent};
use crate::world::Dice;
use proptest::prelude::*;
use qiaomen_proto::change::Command;
use qiaomen_proto::ids::{CommandId, DocId};
use qiaomen_proto::wire::batch::Form;
use std::collections::{BTreeMap, BTreeSet};

/// The commands as they were first written, for comparison.
type Originals = BTreeMap<CommandId, Command>;

/// One store sends another what it thinks that the other lacks, and now and then what it has. What
/// could not be rebuilt goes again in full, until nothing more is taken.
fn exchange(from: &Store, to: &mut Store, originals: &Originals, dice: &mut Dice, some_held_back: bool) {
    let has: BTreeSet<CommandId> = to.commands.iter().map(|c| c.stamp.command).collect();
    let mut wanted: Vec<Command> =
        from.commands.iter().filter(|c| !has.contains(&c.stamp.command) || dice.below(6) == 0).cloned().collect();
    if some_held_back {
        // What builds on them waits.
        wanted.retain(|_| dice.below(4) > 0);
    }
    let mut form = if dice.below(3) == 0 { Form::InFull } else { Form::Short };
    while !wanted.is_empty() {
        let bytes = sent(&wanted, form, to);
        let arrived = to.receive(&bytes);
        let mut again = Vec::new();
        let mut taken = 0;
        for (command, arrived) in wanted.iter().zip(arrived) {
            match arrived {
                Arrived::Taken(rebuilt) => {
                    taken += 1;
                    assert_eq!(Some(&*rebuilt), originals.get(&command.stamp.command));
                }
                Arrived::Known => {}
                Arrived::Missing | Arrived::Ambiguous => again.push(command.clone()),
            }
        }
        if taken == 0 && form == Form::InFull {
            return;
        }
        (wanted, form) = (again, Form::InFull);
    }
}

fn step() -> impl Strategy<Value = (usize, usize, u64)> {
    (0usize..3, 0usize..6, any::<u64>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_stores_that_write_and_send_at_random_end_with_the_same_registers(
        steps in prop::collection::vec(step(), 1..40),
        seed: u64,
    ) {
        let docs = docs();
        let mut stores: Vec<Store> = (0..3).map(|n| Store::new(seed.wrapping_add(n))).collect();
        let mut originals = Originals::new();
        for (who, what, seed) in steps {
            let mut dice = Dice(seed);
            match what {
                0..3 => {
                    let command = stores[who].write_anything(&docs[..1 + dice.below(docs.len())], seed);
                    originals.insert(command.stamp.command, command);
                }
                _ => {
                    let from = stores[(who + what) % 3].clone();
                    let some_held_back = dice.below(3) == 0;
                    exchange(&from, &mut stores[who], &originals, &mut dice, some_held_back);
                }
            }
        }
        // Settled, in full and in short: everybody has everything.
        for (from, to) in [(0, 1), (1, 2), (2, 0), (0, 1), (1, 2)] {
            let from = stores[from].clone();
            exchange(&from, &mut stores[to], &originals, &mut Dice(seed), false);
        }
        let has = |store: &Store| store.commands.iter().map(|c| c.stamp.command).collect::<BTreeSet<_>>();
        let shows = |store: &Store| -> BTreeMap<DocId, Vec<String>> {
            store.registers.iter().map(|(doc, register)| (*doc, register.canonical())).collect()
        };
        for store in &stores {
            prop_assert_eq!(has(store).len(), originals.len());
            prop_assert_eq!(shows(store), shows(&stores[0]));
        }
    }

    #[test]
    fn a_receiver_who_knows_more_rebuilds_the_same_from_both_forms(seeds in prop::collection::vec(any::<u64>(), 1..12), seed: u64) {
        let docs = docs();
        let (mut sender, mut receiver) = (Store::new(seed), Store::new(!seed));
        for (i, seed) in seeds.iter().enumerate() {
            // The receiver has everything that the sender has, and more with every step.
            let command = sender.write_anything(&docs[..4], *seed);
            let short = sent(std::slice::from_ref(&command), Form::Short, &receiver);
            let full = sent(std::slice::from_ref(&command), Form::InFull, &receiver);
            let mut other = receiver.clone();
            prop_assert_eq!(receiver.receive(&short), [Arrived::Taken(Box::new(command.clone()))]);
            prop_assert_eq!(other.receive(&full), [Arrived::Taken(Box::new(command.clone()))]);
            prop_assert!(short.len() <= full.len());
            receiver.write_anything(&docs[..4], seed ^ 1);
            if i % 3 == 2 {
                // Then the sender hears of it, and its next changes build on several heads.
                let news: Vec<Command> = receiver.commands.iter().filter(|c| !sender.commands.contains(c)).cloned().collect();
                let short = sent(&news, Form::Short, &sender);
                prop_assert!(sender.receive(&short).iter().all(|a| matches!(a, Arrived::Taken(_))));
            }
        }
    }
}
