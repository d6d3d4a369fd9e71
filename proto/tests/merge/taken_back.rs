//! An entry of a diary that was a mistake: kept, and counted nowhere; every copy sees the same.

use crate::people::WANG;
use crate::world::{Dice, OFFICE, World, ring};
use proptest::prelude::*;
use qiaomen_proto::entity::diary;
use qiaomen_proto::entity::record::{self, EntryKind, EntryPayload, LinkPayload, Outcome};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{CommandId, Kind};
use qiaomen_proto::merge::taken_back::{TAKEN_BACK, payload};
use std::collections::BTreeSet;

/// Another phone of Wang's.
const SECOND: usize = WANG + 1;

/// A visit, and the command that wrote it.
fn visit(world: &mut World, who: usize) -> CommandId {
    let visit =
        EntryPayload { kind: EntryKind::Visit, outcome: Outcome::Met, household: None, note: None, building: None };
    world.add_record(who, diary::ENTRIES, record::to_bytes(&visit)).stamp.command
}

fn say(world: &mut World, who: usize, link: &LinkPayload) {
    world.add_record(who, diary::LINKS, record::to_bytes(link));
}

/// The commands whose entries stand in a store, and those whose entries were taken back.
fn seen(world: &World, who: usize) -> [Vec<CommandId>; 2] {
    let ring = ring(world.doc, 2);
    let view = View::new(&world.stores[who].register, &ring);
    [view.entries(), view.entries_taken_back()].map(|list| list.iter().map(|(_, stamp, _)| stamp.command).collect())
}

#[test]
fn what_was_taken_back_stands_nowhere_and_is_kept() {
    let mut world = World::new(Kind::Diary, 2);
    let (first, second) = (visit(&mut world, WANG), visit(&mut world, WANG));
    assert_eq!(seen(&world, WANG), [vec![first, second], vec![]]);
    say(&mut world, WANG, &payload(first));
    world.settle();
    for who in [OFFICE, WANG] {
        assert_eq!(seen(&world, who), [vec![second], vec![first]]);
    }
    // Once more is the same; and whoever was there all the same writes another.
    say(&mut world, WANG, &payload(first));
    let third = visit(&mut world, WANG);
    assert_eq!(seen(&world, WANG), [vec![second, third], vec![first]]);
}

#[test]
fn what_names_no_entry_of_this_diary_or_is_another_kind_of_link_takes_nothing_back() {
    let mut world = World::new(Kind::Diary, 2);
    let entry = visit(&mut world, WANG);
    let elsewhere = CommandId::at(1, [7; 10]);
    let links = [
        payload(elsewhere),
        LinkPayload { kind: TAKEN_BACK + 1, ..payload(entry) },
        LinkPayload { kind: TAKEN_BACK - 1, ..payload(entry) },
        LinkPayload { withdrawn: true, ..payload(entry) },
        LinkPayload { other: None, ..payload(entry) },
    ];
    for link in links {
        say(&mut world, WANG, &link);
        assert_eq!(seen(&world, WANG), [vec![entry], vec![]], "{link:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Two phones of one worker, who takes back on either what she wrote on either.
    #[test]
    fn in_whatever_order_it_comes_every_copy_sees_the_same(
        seed in any::<u64>(),
        written in prop::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 1..8),
    ) {
        let mut world = World::new(Kind::Diary, 2);
        let mut expected = [Vec::new(), Vec::new()];
        for (on_the_first, met, is_mistake) in written {
            let (here, there) = if on_the_first { (WANG, SECOND) } else { (SECOND, WANG) };
            let entry = visit(&mut world, here);
            if met {
                world.settle();
            }
            if is_mistake {
                let where_it_is_known = if met { there } else { here };
                say(&mut world, where_it_is_known, &payload(entry));
            }
            expected[usize::from(is_mistake)].push(entry);
        }
        let mut changes: Vec<_> = world.stores.iter().flat_map(|store| store.changes.clone()).collect();
        for who in [OFFICE, WANG, SECOND] {
            Dice(seed).shuffle(&mut changes);
            prop_assert!(world.stores[who].take(changes.clone()).is_empty());
            let seen = seen(&world, who).map(|list| list.into_iter().collect::<BTreeSet<_>>());
            prop_assert_eq!(seen, expected.clone().map(|list| list.into_iter().collect()));
        }
    }
}
